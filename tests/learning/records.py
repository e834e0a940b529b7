"""Records of checks in short: exchanges, output and steps as the event stream carries them."""

import base64
from typing import Any

from app.learning.diagram_parts import Arrow, Diagram, Printed
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


TRACE = """Traceback (most recent call last):
  File "/library/flask/app.py", line 9, in run
    self.go()
  File "receiver.py", line 3, in webhook
    1 / 0
ZeroDivisionError: division by zero
"""


def told(view: Diagram) -> list[str]:
    """Say each row in a few words."""
    words = []
    for row in view.rows:
        if isinstance(row, Arrow):
            words.append(f"{row.number} {row.kind} {view.said(row)}")
        elif isinstance(row, Printed):
            words.append(f"printed {row.text}")
        else:
            words.append(row.words)
    return words
