"""What travels: a request, its response, and the record of both."""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any

EVIDENCE_BYTES = 64 * 1024
"""A recorded body keeps at most this many bytes; its true size stands beside it."""

ANSWER_BYTES = 4 * 1024
"""Of an answer less is kept: nobody sends it again, and a hostile one is as large as it can be."""

_PERHAPS_UNSEEN = re.compile(r"[^ -~\n\t]")
"""All that may not be printable; asking each character would take most of the time of a long body."""

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """One request as it goes over the wire."""

    method: str
    target: str
    headers: Headers
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """One response as it came back; `body` is capped by the wire."""

    status: int
    reason: str
    headers: Headers
    body: bytes


@dataclass(frozen=True)
class Signature:
    """How a delivery was signed, so that it can be signed afresh, with other secrets and at another time.

    `signed` holds the bytes under the signature where they differ from the bytes that were sent, `secrets`
    the names of the secrets ("" for one that only the check knew), `id` the delivery's id, `skew` the seconds
    by which its clock is ahead, and `timestamp` the text that was sent instead of a time.
    `correct` holds the headers of a right signature where others were sent over the right bytes.
    """

    scheme: str
    dial: str
    signed: bytes | None = None
    secrets: tuple[str, ...] = ("WEBHOOK_SECRET",)
    id: str = ""
    skew: int = 0
    timestamp: str | None = None
    correct: Headers = ()


@dataclass(frozen=True)
class Exchange:
    """A request and how it ended; times in milliseconds since the run began.

    `ended` is answered, timeout, refused, closed, broken or too-large, or dropped or lost where the sender
    hung up on purpose, before an answer or when it came, or open where the check was over first. `id` is
    unique within a run.
    """

    sender: str
    receiver: str
    start: float
    end: float
    request: Request
    response: Response | None
    ended: str
    signature: Signature | None = None
    id: int = 0


def as_data(exchange: Exchange) -> dict[str, Any]:
    """Turn an exchange into the plain data of the event stream (bodies escaped, and as base64)."""
    response = exchange.response
    return {
        "id": exchange.id,
        "from": exchange.sender,
        "to": exchange.receiver,
        "start": round(exchange.start, 2),
        "end": round(exchange.end, 2),
        "request": {
            "method": exchange.request.method,
            "target": exchange.request.target,
            "headers": [list(pair) for pair in exchange.request.headers],
            "body": body_data(exchange.request.body),
        },
        "response": None
        if response is None
        else {
            "status": response.status,
            "reason": response.reason,
            "headers": [[name[:200], value[:1000]] for name, value in response.headers[:40]],
            "body": body_data(response.body, ANSWER_BYTES),
        },
        "ended": exchange.ended,
        "signature": _signature_data(exchange.signature),
    }


def body_data(body: bytes, limit: int = EVIDENCE_BYTES) -> dict[str, Any]:
    """Describe a body: readable text, the exact bytes in base64, the true size, whether it was cut."""
    kept = body[:limit]
    return {
        "text": escaped(kept),
        "base64": base64.b64encode(kept).decode("ascii"),
        "size": len(body),
        "truncated": len(kept) < len(body),
    }


def escaped(body: bytes) -> str:
    r"""Show bytes as text: UTF-8 where it is, `\xff` where it is not, control characters escaped."""
    text = body.decode("utf-8", errors="backslashreplace")
    return _PERHAPS_UNSEEN.sub(_visible, text)


def _visible(match: re.Match[str]) -> str:
    character = match.group()
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")


def _signature_data(signature: Signature | None) -> dict[str, Any] | None:
    if signature is None:
        return None
    signed = signature.signed
    return {
        "scheme": signature.scheme,
        "dial": signature.dial,
        "signed_base64": None if signed is None else base64.b64encode(signed).decode("ascii"),
        "correct": [list(pair) for pair in signature.correct],
        "secrets": list(signature.secrets),
        "id": signature.id,
        "skew": signature.skew,
        "timestamp": signature.timestamp,
    }


def request_from_data(data: dict[str, Any]) -> Request:
    """Rebuild the request of a recorded exchange (`data` is `exchange["request"]`)."""
    headers = tuple((str(name), str(value)) for name, value in data["headers"])
    return Request(data["method"], data["target"], headers, base64.b64decode(data["body"]["base64"]))


def signature_from_data(data: dict[str, Any] | None) -> Signature | None:
    """Rebuild the signature of a recorded exchange."""
    if data is None:
        return None
    signed = data["signed_base64"]
    return Signature(
        data["scheme"],
        data["dial"],
        None if signed is None else base64.b64decode(signed),
        tuple(data.get("secrets", ("WEBHOOK_SECRET",))),
        data.get("id", ""),
        data.get("skew", 0),
        data.get("timestamp"),
    )


@dataclass(frozen=True)
class Answer:
    """What the program answered to one request, as a check reads it."""

    exchange: Exchange

    @property
    def status(self) -> int | None:
        """The status code, or None where there was no whole answer."""
        return None if self.exchange.response is None else self.exchange.response.status

    @property
    def ended(self) -> str:
        """How the exchange ended: answered, timeout, refused, closed, broken, too-large, dropped or lost."""
        return self.exchange.ended

    @property
    def headers(self) -> Headers:
        """The response's headers, or none."""
        return () if self.exchange.response is None else self.exchange.response.headers

    @property
    def body(self) -> bytes:
        """The response's body, or nothing."""
        return b"" if self.exchange.response is None else self.exchange.response.body

    def header(self, name: str) -> str | None:
        """Return the value of a header of the answer, or None; the case of its name does not matter."""
        found = (value for key, value in self.headers if key.lower() == name.lower())
        return next(found, None)

    @property
    def accepted(self) -> bool:
        """Whether the program took the delivery: any 2xx."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Whether the program refused the delivery as not authentic: 400, 401 or 403."""
        return self.status in (400, 401, 403)

    def json(self) -> Any:
        """Return the body's JSON value, or None where it is none that Python can read."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def described(self) -> str:
        """Say in a few words how the exchange ended, such as `HTTP 404 NOT FOUND`."""
        response = self.exchange.response
        if response is not None:
            return f"HTTP {response.status} {response.reason}".rstrip()
        seconds = (self.exchange.end - self.exchange.start) / 1000
        return {
            "timeout": f"no answer within {seconds:.1f} s",
            "refused": "nothing accepted the connection",
            "closed": "the connection was closed without an answer",
            "too-large": "an answer that did not end within 1 MiB",
            "dropped": "the provider hung up before an answer could come",
            "lost": "the answer got lost on its way to the provider",
        }.get(self.exchange.ended, "something that is not HTTP")
