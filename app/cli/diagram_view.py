"""A sequence diagram on the terminal, and the exchange that matters with the bytes that differ."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from app.cli.clean import clean, one_line
from app.cli.diagram_lines import PLAIN, UNICODE, draw_lines
from app.cli.screen import UNICODE as UNICODE_MARKS
from app.cli.screen import Screen
from app.learning.diagram_parts import Arrow, Diagram, Message
from app.learning.differences import Piece

BODY_LINES = 8
COLUMNS = 800
MISSING = "[missing]"

Marked = list[tuple[str, bool]]
"""A line, character by character, and whether each differs."""


def show_diagram(screen: Screen, view: Diagram, *, indent: int = 2) -> None:
    """Write what happened, in the order of time."""
    signs = UNICODE if screen.marks is UNICODE_MARKS else PLAIN
    for text, style in draw_lines(view, screen.console.width - indent, signs):
        screen.show(Text(text, style), indent=indent)


def show_exchange(screen: Screen, view: Diagram, number: int) -> None:
    """Write the request and the answer of one exchange whole; what differs has a mark below it."""
    for arrow in view.arrows:
        if arrow.number == number:
            sign = ">" if arrow.kind == "request" else "<"
            for line in _lines(sign, arrow):
                _show(screen, line)


def _show(screen: Screen, line: Marked) -> None:
    """Write one line beside a bar; a long one goes on below."""
    bar = Text.assemble((f"  {screen.marks.bar} ", "quiet"))
    room = max(screen.console.width - 8, 20)
    for start in range(0, max(len(line), 1), room):
        piece = line[start : start + room]
        lead = "  " if start else ""
        text = Text(lead)
        for character, marked in piece:
            text.append(character, "bad" if marked else "")
        screen.show(Text.assemble(bar, text))
        if any(marked for _, marked in piece):
            under = "".join("^" if marked else " " for _, marked in piece).rstrip()
            screen.show(Text.assemble(bar, lead, (under, "bad")))


def _lines(sign: str, arrow: Arrow) -> Iterator[Marked]:
    message, took = arrow.message, f" ({arrow.took:.0f} ms)" if arrow.is_over else ""
    if message is None:
        yield _plain(f"{sign} {one_line(arrow.label)}{took}")
        return
    first = message.first if arrow.kind == "request" else arrow.label
    yield _plain(f"{sign} {one_line(first)}{took}")
    for name, value in message.headers:
        yield [*_plain(f"{sign} {one_line(name)}: "), *_characters(value, on_one_line=True)]
    if message.size:
        yield _plain(sign)
        for line in _body(message):
            yield [*_plain(f"{sign} "), *line]


def _body(message: Message) -> list[Marked]:
    """Return the first lines of a body, and every line in which something differs."""
    lines: list[Marked] = [[]]
    for pair in _characters(message.body):
        if pair[0] == "\n" and not pair[1]:
            lines.append([])
        else:
            lines[-1].append(("\\n" if pair[0] == "\n" else pair[0], pair[1]))
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    shown, left = [], 0
    for number, line in enumerate(lines):
        if number < BODY_LINES or any(marked for _, marked in line):
            shown.append(_shortened(line))
        else:
            left += 1
    if left:
        shown.append(_plain(f"... {left} more {'line' if left == 1 else 'lines'}"))
    if message.truncated:
        shown.append(_plain(f"... shortened: {message.size} bytes in all"))
    return shown


def _shortened(line: Marked) -> Marked:
    """Cut a very long line, but not before the first mark in it."""
    first = next((place for place, (_, marked) in enumerate(line) if marked), 0)
    begin = max(first - COLUMNS // 2, 0)
    if len(line) <= COLUMNS:
        return line
    kept = line[begin : begin + COLUMNS]
    before = _plain(f"{begin} more characters ...") if begin else []
    rest = len(line) - begin - len(kept)
    return [*before, *kept, *(_plain(f"... {rest} more characters") if rest else [])]


def _characters(pieces: Sequence[Piece], on_one_line: bool = False) -> Marked:
    made_harmless = one_line if on_one_line else clean
    found: Marked = []
    for piece in pieces:
        text = made_harmless(piece.text) if piece.text or not piece.marked else MISSING
        found += [(character, piece.marked) for character in text]
    return found


def _plain(text: str) -> Marked:
    return [(character, False) for character in text]
