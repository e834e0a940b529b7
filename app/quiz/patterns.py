"""Patterns for short answers: a small part of regular expressions that can't take long.

Python tries alternatives one after the other, so that an unhappy pattern needs hours. Here nothing is
repeated but single signs, and the number of ways to try is bounded before a pattern is used.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.quiz.text_answers import MAX_ANSWER

MAX_LENGTH = 200
MAX_WAYS = 50_000  # with MAX_ANSWER signs some hundredths of a second

_SET = r"\[\^?(?:(?!--)(?:\\[dws\]\\^-]|[^\[\]\\&~|]))+\]"
_ATOM = rf"\\[dws.+*?()\[\]{{}}|^$\\/-]|{_SET}|[^\\\[\](){{}}|*+?^$]"
_PIECE = re.compile(rf"(?P<atom>{_ATOM})(?P<repeat>[*+?]|\{{\d{{1,3}}(?:,\d{{1,3}})?\}})?|(?P<group>[(|)])")


def pattern_mistake(pattern: str) -> str:
    """Say why a pattern can't be used; empty: it can."""
    if len(pattern) > MAX_LENGTH:
        return f"The pattern is longer than {MAX_LENGTH} signs. Write several short ones."
    place, ways = 0, [_Ways()]
    for piece in _pieces(pattern):
        if piece["group"] == ")" and len(ways) == 1:
            break
        place = piece.end()
        _count(piece, ways)
    if place != len(pattern) or len(ways) != 1:
        return f"Not understood from sign {place + 1}: {_ALLOWED}"
    if ways[0].all > MAX_WAYS:
        return "The pattern has too many repetitions to be quick. Use fewer of `*`, `+`, `?` and `|`."
    return _compile_mistake(pattern)


@dataclass
class _Ways:
    """In how many ways a group can be tried: the alternatives so far, and the one that is read."""

    before: int = 0
    here: int = 1

    @property
    def all(self) -> int:
        return self.before + self.here


def _count(piece: re.Match[str], ways: list[_Ways]) -> None:
    match piece["group"]:
        case "(":
            ways.append(_Ways())
        case ")":
            group = ways.pop()
            ways[-1].here *= group.all
        case "|":
            ways[-1] = _Ways(before=ways[-1].all)
        case _:
            ways[-1].here *= _ways(piece["repeat"] or "")


_ALLOWED = (
    "use letters, `.`, `[...]`, `\\d`, `\\w`, `\\s`, `(a|b)`, and `*`, `+`, `?`, `{1,3}` behind one sign."
)


def _pieces(pattern: str) -> Iterator[re.Match[str]]:
    place = 0
    while (piece := _PIECE.match(pattern, place)) is not None:
        yield piece
        place = piece.end()


def _ways(repeat: str) -> int:
    """Give between how many numbers of signs a repetition has the choice."""
    if repeat in ("*", "+"):
        return MAX_ANSWER
    if repeat == "?":
        return 2
    bounds = [int(bound) for bound in repeat.strip("{}").split(",") if bound]
    return max(1, bounds[1] - bounds[0] + 1) if len(bounds) == 2 else 1


def _compile_mistake(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"Not a pattern: {error.msg}. {_ALLOWED}"
    return ""


@lru_cache(maxsize=512)
def _compiled(pattern: str, case_sensitive: bool) -> re.Pattern[str]:
    return re.compile(pattern, 0 if case_sensitive else re.IGNORECASE)


def matches(pattern: str, answer: str, case_sensitive: bool = False) -> bool:
    """Say whether a checked pattern matches a whole answer; a longer answer than MAX_ANSWER never does."""
    return len(answer) <= MAX_ANSWER and bool(_compiled(pattern, case_sensitive).fullmatch(answer))
