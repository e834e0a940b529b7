"""Records of checks in short: exchanges, output and steps as the event stream carries them."""

import base64
from typing import Any

from app.provider.exchange import body_data

Event = dict[str, Any]


def sent(
    number: int,
    start: float,
    end: float,
    *,
    body: bytes = b'{"id":"evt_1"}',
    status: int | None = 200,
    ended: str = "answered",
    way: tuple[str, str] = ("provider", "program"),
    **more: Any,
) -> Event:
    """One exchange; without a status there was no answer, and `ended` says why."""
    response = {"status": status, "reason": "OK", "headers": [], "body": body_data(b"")}
    return {
        "id": number, "from": way[0], "to": way[1], "start": start, "end": end,
        "request": {"method": "POST", "target": "/webhook", "headers": [], "body": body_data(body)},
        "response": response if status else None,
        "ended": "answered" if status else ended,
        "signature": None,
        **more,
    }  # fmt: skip


def signed(signed: bytes | None = None, correct: tuple[tuple[str, str], ...] = ()) -> Event:
    """A signature over other bytes than those sent, or one beside the right headers."""
    data = None if signed is None else base64.b64encode(signed).decode()
    return {"scheme": "github", "dial": "x", "signed_base64": data, "correct": [list(c) for c in correct]}


def said(text: str, at: float, *, program: str = "program", start: int = 1, stream: str = "stdout") -> Event:
    """A piece of output."""
    return {"program": program, "start": start, "stream": stream, "text": text, "at": at}


def step(what: str, at: float, *, program: str = "program", start: int = 1, **more: Any) -> Event:
    """A step in the life of a program."""
    return {"at": at, "program": program, "what": what, "start": start, **more}
