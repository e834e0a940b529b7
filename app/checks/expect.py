"""How a check fails: always with a sentence, what was expected, what came, and what to look at."""

import json
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from app.checks.causes import Cause, CheckFailed
from app.checks.program import Program
from app.checks.recorder import Recorder
from app.checks.waiting import Deadline, look_again
from app.provider.exchange import Answer

_LONGEST = 2000
AGAIN_SECONDS = 0.2
"""Whoever left a line out once is waited for so long in later checks: that run has failed already."""


class Expect:
    """The words in which a suite states a requirement. `rationale` says what is wrong when it is not met.

    `help` says what to look at, and `answer` is the answer that shows it.
    """

    def __init__(self, recorder: Recorder, deadline: Deadline):
        self._recorder = recorder
        self._deadline = deadline

    # -- an answer ----------------------------------------------------------------------------------

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

    def status(self, answer: Answer, wanted: int | Sequence[int], rationale: str, help: str = "") -> None:
        """Require one of these statuses, for where the task names them."""
        allowed = (wanted,) if isinstance(wanted, int) else tuple(wanted)
        words = "HTTP " + " or ".join(map(str, allowed))
        self.that(answer.status in allowed, rationale, words, answer.described, help, answer)

    def json(self, answer: Answer, rationale: str, help: str = "") -> Any:
        """Require a 2xx with a JSON object as its body; returns the object."""
        value = answer.json()
        came = f"{answer.described} {answer.body[:200].decode(errors='replace')}".rstrip()
        fine = answer.accepted and isinstance(value, dict)
        self.that(fine, rationale, "a 2xx whose body is a JSON object", came, help, answer)
        return value

    # -- what it printed ----------------------------------------------------------------------------

    def printed(
        self,
        program: Program,
        *fragments: str,
        rationale: str,
        help: str = "",
        timeout: float = 0.8,
        answer: Answer | None = None,
    ) -> None:
        """Require a line on standard output, within `timeout` seconds, that holds all fragments.

        Later lines of a program that left one out have to come sooner.
        """
        seconds = min(timeout, AGAIN_SECONDS) if program.left_a_line_out else timeout
        line = program.wait_for_line(*fragments, timeout=seconds)
        program.left_a_line_out |= line is None
        wanted = "a line on standard output with " + " and ".join(map(repr, fragments))
        came = program.printed() or "nothing on standard output"
        self.that(line is not None, rationale, wanted, came, help, answer)

    # -- anything -----------------------------------------------------------------------------------

    def equal(
        self, actual: Any, expected: Any, rationale: str, help: str = "", answer: Answer | None = None
    ) -> None:
        """Require two values to be equal, of the same kind (1 is not true)."""
        self.that(_same(actual, expected), rationale, shown(expected), shown(actual), help, answer)

    def eventually(
        self,
        read: Callable[[], Any],
        expected: Any,
        rationale: str,
        help: str = "",
        timeout: float = 3.0,
    ) -> None:
        """Require that what `read` returns becomes equal to a value within `timeout` seconds.

        Of the requests that `read` sends only the last stays as evidence.
        """
        last: list[Any] = [None]

        def look() -> bool:
            last[0] = read()
            return _same(last[0], expected)

        with self._recorder.looking() as looks:
            seen = look_again(look, self._deadline.left(timeout))
        if not seen:
            where = looks[-1]["id"] if looks else None
            wanted = f"{shown(expected)} within {timeout:g} s"
            raise CheckFailed(_cause(rationale, wanted, shown(last[0]), help, where))

    def that(
        self,
        condition: bool,
        rationale: str,
        expected: str,
        actual: str,
        help: str = "",
        answer: Answer | None = None,
    ) -> None:
        """Require a condition; `expected` and `actual` are said in words."""
        if not condition:
            self.fail(rationale, expected, actual, help, answer)

    def fail(
        self, rationale: str, expected: str, actual: str, help: str = "", answer: Answer | None = None
    ) -> NoReturn:
        """Fail the check."""
        where = None if answer is None else answer.exchange.id
        raise CheckFailed(_cause(rationale, expected, actual, help, where))


def _same(actual: Any, expected: Any) -> bool:
    return type(actual) is type(expected) and bool(actual == expected)


def _cause(rationale: str, expected: str, actual: str, help: str, where: int | None) -> Cause:
    return Cause(rationale, _printable(expected)[:_LONGEST], _printable(actual)[:_LONGEST], help, where)


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
