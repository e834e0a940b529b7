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
    screen.say((f"{many} {'delivery' if many == 1 else 'deliveries'} sent again", "strong"))
    for number, delivery in enumerate(replay.deliveries, start=1):
        screen.gap()
        screen.say(f"{number}. {_request(delivery.exchange)}")
        screen.pair("in check", ending(delivery.exchange))
        screen.pair("now", delivery.answer.described)
    if replay.warning:
        screen.gap()
        screen.say(replay.warning)


def _request(exchange: Mapping[str, Any]) -> str:
    request = exchange["request"]
    size = request["body"]["size"]
    return f"{request['method']} {one_line(request['target'])}, {size} {'byte' if size == 1 else 'bytes'}"
