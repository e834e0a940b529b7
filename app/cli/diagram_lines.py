"""A sequence diagram as lines of text, in the width that a terminal has: pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.cli.clean import clipped, one_line
from app.learning.diagram_parts import Arrow, Diagram, Fold, Life, Printed, Row, Said, States, axis

GUTTER = 9
NARROWEST = 16
"""With fewer columns between two lanes there are no lanes, and each arrow is told in words."""
PRINTED_LINES, PRINTED_TAIL = 14, 9

Line = tuple[str, str]
"""The text, and the style of the theme in which it is written."""


@dataclass(frozen=True)
class Signs:
    """What a diagram is drawn with."""

    lanes: dict[str, str]
    request: str
    answer: str
    failing: str
    to_right: str
    to_left: str
    lost: str
    fold: str
    differs: str
    cut: str
    bar: str


UNICODE = Signs(
    {"on": "│", "busy": "┃", "held": "▒", "off": "┊"},
    request="─", answer="╌", failing="═", to_right="►", to_left="◄", lost="✗", fold="⋮", differs="≠",
    cut="…", bar="╎",
)  # fmt: skip
PLAIN = Signs(
    {"on": "|", "busy": "#", "held": "%", "off": ":"},
    request="-", answer=".", failing="=", to_right=">", to_left="<", lost="x", fold=":", differs="!=",
    cut="...", bar="'",
)  # fmt: skip


def draw_lines(view: Diagram, width: int, signs: Signs) -> Iterator[Line]:
    """Draw the diagram; no line is wider than `width`, if that is 20 or more."""
    yield from _Sheet(view, width, signs).lines()


class _Sheet:
    """Draws on so many columns."""

    def __init__(self, view: Diagram, width: int, signs: Signs):
        self._view = view
        self._width = width
        self._signs = signs
        room = width - GUTTER - 1
        gaps = max(len(view.lanes) - 1, 1)
        edge = (len(view.lanes[0]) + 1) // 2 if view.lanes else 0
        last = room - (len(view.lanes[-1]) + 1) // 2 if view.lanes else room
        self._places = [edge + (last - edge) * lane // gaps for lane in range(len(view.lanes))]
        self._has_lanes = (last - edge) // gaps >= NARROWEST

    def lines(self) -> Iterator[Line]:
        if not self._view.rows:
            return
        if self._has_lanes:
            yield self._heads(), "strong"
        for row in self._view.rows:
            yield from self._row(row)

    def _heads(self) -> str:
        text = ""
        for name, place in zip(self._view.lanes, self._places, strict=True):
            name = one_line(name)
            text = text.ljust(max(place - len(name) // 2, 0)) + name
        return f"{'ms':>{GUTTER - 3}}   {text}"

    def _row(self, row: Row) -> Iterator[Line]:
        if isinstance(row, Arrow):
            yield from self._arrow(row)
        elif isinstance(row, Printed):
            yield from self._printed(row)
        elif isinstance(row, Life):
            yield from self._life(row)
        elif isinstance(row, Said):
            yield from self._said(row)
        else:
            sign = f"{self._signs.fold} " if isinstance(row, Fold) else ""
            yield from self._told(row, sign + row.words, "quiet")

    def _arrow(self, row: Arrow) -> Iterator[Line]:
        style = "bad" if row.is_failing else ""
        took = f", {axis(row.took)} ms" if row.is_over else ""
        label = f"{row.number} {one_line(row.label)}{took}"
        if self._has_lanes:
            yield self._gutter(row) + self._drawn(row, label), style
        else:
            yield from self._told(
                row, f"{row.number} {self._view.said(row)}: {label.partition(' ')[2]}", style
            )
        for said in row.differences:
            yield from self._below(f"{self._signs.differs} {one_line(said)}", "strong")
        if row.is_failing:
            expected = one_line(row.expected)
            short = expected and len(expected) < 80
            yield from self._below(
                f"{self._signs.lost} " + (f"expected {expected}" if short else "not as expected"), "bad"
            )

    def _drawn(self, row: Arrow, label: str) -> str:
        signs, sheet = self._signs, self._lifelines(row.states)
        left, right = sorted((self._places[row.source], self._places[row.target]))
        fill = signs.failing if row.is_failing else signs.request if row.kind == "request" else signs.answer
        sheet[left + 1 : right] = fill * (right - left - 1)
        to_right = row.target > row.source
        head = signs.lost if row.kind == "lost" else signs.to_right if to_right else signs.to_left
        sheet[right - 1 if to_right else left + 1] = head
        label = f" {self._clipped(label, right - left - 7)} "
        start = left + (right - left - len(label)) // 2 + 1
        sheet[start : start + len(label)] = label
        return "".join(sheet).rstrip()

    def _life(self, row: Life) -> Iterator[Line]:
        sign = self._signs.lost if row.what in ("killed", "ended") else "o"
        style = "bad" if row.what == "ended" else "strong"
        words, place = one_line(row.words), self._places[row.lane]
        if not self._has_lanes or len(words) + 4 > place or row.lane == 0:
            yield from self._told(row, f"{one_line(self._view.lanes[row.lane])}: {words}", style)
            return
        sheet = self._lifelines(row.states)
        sheet[place] = sign
        sheet[place - len(words) - 3 : place] = f" {words}  "
        yield self._gutter(row) + "".join(sheet).rstrip(), style

    def _said(self, row: Said) -> Iterator[Line]:
        if self._has_lanes:
            yield " " * GUTTER + "".join(self._lifelines(row.states)).rstrip(), ""
        yield from self._told(row, row.words, "strong")

    def _printed(self, row: Printed) -> Iterator[Line]:
        style = "" if row.is_trouble else "quiet"
        name = one_line(self._view.lanes[row.lane])
        yield from self._told(row, f"{name} printed", "quiet")
        for line in clipped(row.text, lines=PRINTED_LINES, tail=PRINTED_TAIL):
            for number, piece in enumerate(self._broken(line, self._width - GUTTER - 5)):
                yield f"{' ' * GUTTER}{self._signs.bar} {'  ' if number else ''}{piece}", style

    def _lifelines(self, states: States) -> list[str]:
        sheet = [" "] * (self._width - GUTTER)
        for place, state in zip(self._places, states, strict=True):
            sheet[place] = self._signs.lanes[state]
        return sheet

    def _told(self, row: Row, words: str, style: str) -> Iterator[Line]:
        lead = self._gutter(row)
        for piece in self._wrapped(one_line(words)):
            yield lead + piece, style
            lead = " " * GUTTER

    def _below(self, words: str, style: str) -> Iterator[Line]:
        for number, piece in enumerate(self._wrapped(words)):
            yield " " * GUTTER + ("  " if number else "") + piece, style

    def _gutter(self, row: Row) -> str:
        mark = self._signs.lost if isinstance(row, Arrow) and row.is_failing else " "
        return f"{axis(row.at):>{GUTTER - 3}} {mark} "

    def _wrapped(self, words: str) -> list[str]:
        return self._broken(words, self._width - GUTTER - 2)

    def _broken(self, text: str, room: int) -> list[str]:
        room, found = max(room, 9), []
        while len(text) > room:
            at = text.rfind(" ", room // 2, room) + 1 or room
            found.append(text[:at].rstrip())
            text = text[at:]
        return [*found, text]

    def _clipped(self, label: str, room: int) -> str:
        return label if len(label) <= room else label[: room - len(self._signs.cut)] + self._signs.cut
