"""The parts of a sequence diagram, as the page and the terminal draw them."""

from dataclasses import dataclass, field

from app.learning.differences import Piece

States = tuple[str, ...]
"""How each lane stands beside a row: `on`, `busy` (a request waits for its answer), `held` or `off`."""


@dataclass(frozen=True)
class Message:
    """A request or an answer, opened; `size` is the body's true size in bytes."""

    first: str
    headers: tuple[tuple[str, tuple[Piece, ...]], ...]
    body: tuple[Piece, ...]
    size: int
    truncated: bool


@dataclass(frozen=True)
class Arrow:
    """A request, its answer, or (`lost`) how a connection ended without one; `at` in ms since the begin.

    `source` and `target` number the lanes, `number` the exchange. `took` is how long an answer needed.
    `expected` stands at the failing arrow; `differences` say which bytes are not what they should be.
    """

    at: float
    number: int
    kind: str
    source: int
    target: int
    label: str
    message: Message | None
    took: float = 0.0
    parallel: bool = False
    is_failing: bool = False
    expected: str = ""
    differences: tuple[str, ...] = ()
    curl: str = ""
    states: States = ()

    @property
    def is_over(self) -> bool:
        """Whether this ends an exchange after a time that is known."""
        return self.kind != "request" and self.took > 0

    @property
    def wanted(self) -> str:
        """Say at the failing arrow what was expected, where that is short."""
        is_short = 0 < len(self.expected) < 80 and "\n" not in self.expected
        return f"expected {self.expected}" if is_short else "not as expected"


@dataclass(frozen=True)
class Printed:
    """What a program printed between two arrows; `is_trouble` when a traceback is in it."""

    at: float
    lane: int
    text: str
    is_trouble: bool = False
    states: States = ()


@dataclass(frozen=True)
class Life:
    """What happened to a program: `what` is started, stopped, killed, ended, held, released or armed."""

    at: float
    lane: int
    what: str
    words: str
    states: States = ()


@dataclass(frozen=True)
class Note:
    """A remark between rows; `left_out` counts exchanges that are not on record."""

    at: float
    words: str
    left_out: int = 0
    states: States = ()


@dataclass(frozen=True)
class Said:
    """What a scenario says before it does the next thing."""

    at: float
    words: str
    states: States = ()


Plain = Arrow | Printed | Life | Note | Said


@dataclass(frozen=True)
class Fold:
    """Rows that are much like those around them; `words` say what is inside."""

    at: float
    words: str
    rows: tuple[Plain, ...]
    states: States = ()


Row = Plain | Fold


@dataclass(frozen=True)
class Diagram:
    """What happened, in the order of time, between the named lanes."""

    lanes: tuple[str, ...] = ()
    rows: tuple[Row, ...] = field(default=())

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        """Return every arrow, also the folded ones."""
        found: list[Arrow] = []
        for row in self.rows:
            inside = row.rows if isinstance(row, Fold) else (row,)
            found += [each for each in inside if isinstance(each, Arrow)]
        return tuple(found)

    @property
    def failing(self) -> Arrow | None:
        """Return the arrow that shows the failure, if one does."""
        return next((arrow for arrow in self.arrows if arrow.is_failing), None)

    def request(self, number: int) -> Arrow | None:
        """Return the request of the exchange with this number."""
        return next(
            (arrow for arrow in self.arrows if arrow.number == number and arrow.kind == "request"), None
        )

    def said(self, arrow: Arrow) -> str:
        """Say from whom to whom an arrow goes."""
        return f"{self.lanes[arrow.source]} to {self.lanes[arrow.target]}"


def axis(ms: float) -> str:
    """Write a place on the time axis, in ms: one decimal below ten."""
    return f"{ms:.1f}" if ms < 10 else f"{ms:.0f}"
