"""Deliveries sent again: what was answered in the check, and what is answered now."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.cli.clean import one_line
from app.cli.evidence import ending
from app.cli.screen import Screen

if TYPE_CHECKING:
    from app.learning.practice import Replay


def show_replay(screen: Screen, replay: "Replay") -> None:
    """Write each delivery with the answer of then and of now."""
    many = len(replay.deliveries)
    screen.say((f"{many} {'request' if many == 1 else 'requests'} sent again", "strong"))
    for number, delivery in enumerate(replay.deliveries, start=1):
        screen.gap()
        screen.say(f"{number}. {_request(delivery.exchange)}")
        screen.pair("in check", ending(delivery.exchange) + _body_then(delivery.exchange))
        screen.pair("now", delivery.answer.described + _body_now(delivery.answer.body))
    if replay.warning:
        screen.gap()
        screen.say(replay.warning)


def _body_then(exchange: Mapping[str, Any]) -> str:
    response = exchange.get("response")
    return _line(response["body"]["text"]) if response else ""


def _body_now(body: bytes) -> str:
    return _line(body.decode("utf-8", "backslashreplace"))


def _line(text: str) -> str:
    """The first line of an answer's body, where there is one: what a read returned is the point of it."""
    first = text.strip().partition("\n")[0]
    return f": {one_line(first)[:200]}" if first else ""


def _request(exchange: Mapping[str, Any]) -> str:
    request = exchange["request"]
    size = request["body"]["size"]
    return f"{request['method']} {one_line(request['target'])}, {size} {'byte' if size == 1 else 'bytes'}"
