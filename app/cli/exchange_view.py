"""One exchange of a failed check, whole."""

from typing import Any

from app.cli.evidence import ending
from app.cli.screen import Screen

Event = dict[str, Any]


def failing_exchange(finished: Event) -> Event | None:
    """Return the exchange that shows the failure, else the last one; None where nothing was sent."""
    exchanges: list[Event] = finished["exchanges"]
    named = (finished["cause"] or {}).get("exchange")
    shown = [exchange for exchange in exchanges if named is not None and exchange.get("id") == named]
    chosen = shown or exchanges
    return chosen[-1] if chosen else None


def show_exchange(screen: Screen, finished: Event) -> None:
    """Write the failing exchange of a check with every header and the bodies as they were kept."""
    screen.gap()
    screen.say((finished["title"], "strong"))
    exchange = failing_exchange(finished)
    if exchange is None:
        screen.say(("Nothing was sent in this check.", "quiet"))
        return
    request, response = exchange["request"], exchange["response"]
    screen.quoted([f"> {request['method']} {request['target']} HTTP/1.1", *_lines(">", request)])
    screen.quoted([f"< {ending(exchange)}", *(_lines("<", response) if response else [])])


def _lines(sign: str, message: Event) -> list[str]:
    headers = [f"{sign} {name}: {value}" for name, value in message["headers"]]
    body = message["body"]
    if not body["size"]:
        return headers
    cut = [f"{sign} [shortened: {body['size']} bytes in all]"] if body["truncated"] else []
    return [*headers, sign, *(f"{sign} {line}" for line in body["text"].split("\n")), *cut]
