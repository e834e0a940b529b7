"""How a check fails: always with a sentence, what was expected, what came, and what to look at."""

import json
from typing import Any, NoReturn

from app.checks.causes import Cause, CheckFailed
from app.provider.exchange import Answer

_LONGEST = 2000


class Expect:
    """The words in which a suite states a requirement. `rationale` says what is wrong when it is not met."""

    def accepted(self, answer: Answer, rationale: str, help: str = "") -> None:
        """Require any 2xx."""
        self.that(answer.accepted, rationale, "any 2xx", answer.described, help, answer)

    def refused(self, answer: Answer, rationale: str, help: str = "") -> None:
        """Require 400, 401 or 403: the delivery is not authentic."""
        self.that(answer.refused, rationale, "HTTP 400, 401 or 403", answer.described, help, answer)

    def not_accepted(self, answer: Answer, rationale: str, help: str = "") -> None:
        """Require a whole answer that is not 2xx."""
        fine = answer.status is not None and not answer.accepted
        self.that(fine, rationale, "an answer, but no 2xx", answer.described, help, answer)

    def answered_below_500(self, answer: Answer, rationale: str, help: str = "") -> None:
        """Require a whole answer that blames nothing on the server."""
        fine = answer.status is not None and answer.status < 500
        self.that(fine, rationale, "an answer below 500", answer.described, help, answer)

    def equal(
        self, actual: Any, expected: Any, rationale: str, help: str = "", answer: Answer | None = None
    ) -> None:
        """Require two values to be equal, of the same kind (1 is not true); `answer` is where it shows."""
        same = type(actual) is type(expected) and actual == expected
        self.that(same, rationale, shown(expected), shown(actual), help, answer)

    def that(
        self,
        condition: bool,
        rationale: str,
        expected: str,
        actual: str,
        help: str = "",
        answer: Answer | None = None,
    ) -> None:
        """Require a condition; `expected` and `actual` are said in words, `answer` is where it shows."""
        if not condition:
            self.fail(rationale, expected, actual, help, answer)

    def fail(
        self, rationale: str, expected: str, actual: str, help: str = "", answer: Answer | None = None
    ) -> NoReturn:
        """Fail the check."""
        where = None if answer is None else answer.exchange.id
        raise CheckFailed(
            Cause(rationale, _printable(expected)[:_LONGEST], _printable(actual)[:_LONGEST], help, where)
        )


def shown(value: Any) -> str:
    """Show a value as JSON where it has such a form, else as Python writes it; always as text that prints."""
    try:
        return _printable(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return "a value that is nested too deeply to be shown"
    except (TypeError, ValueError):
        return _printable(repr(value))


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
