"""What went over the wire, in a few lines of text: who sent what, and what came back."""

from typing import Any

from app.cli.clean import clipped, one_line
from app.cli.evidence import ending
from app.cli.screen import Screen

BODY_LINES = 4
Event = dict[str, Any]


def show_messages(screen: Screen, exchange: Event, *, indent: int) -> None:
    """Write one exchange: the request with its headers where it has a body, and the answer."""
    request, response = exchange["request"], exchange["response"]
    dash = screen.marks.dash
    lines = [f"{exchange['from']} {dash} {request['method']} {one_line(request['target'])}"]
    if request["body"]["size"]:
        lines += [f"{name}: {value}" for name, value in request["headers"]]
        lines += clipped(request["body"]["text"], lines=BODY_LINES)
    lines.append(f"{exchange['to']} {dash} {ending(exchange)}")
    if response and response["body"]["size"]:
        lines += clipped(response["body"]["text"], lines=2)
    screen.quoted(lines, indent=indent)
