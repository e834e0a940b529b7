"""Send a recorded delivery again."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from app.provider import wire
from app.provider.curl import signed_again
from app.provider.exchange import Answer, Exchange


def again(
    exchange: dict[str, Any], base_url: str, secrets: Mapping[str, str], timeout: float = 5.0
) -> Answer:
    """Send a recorded exchange's request to `base_url` on this machine, signed now with `secrets`."""
    port = urlsplit(base_url).port or 80
    request = signed_again(exchange, secrets)
    began = time.monotonic()
    outcome = wire.send(request, port, timeout)
    taken = (time.monotonic() - began) * 1000
    sent = Exchange("provider", "program", 0.0, taken, request, outcome.response, outcome.ended)
    return Answer(sent)
