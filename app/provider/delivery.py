"""One attempt to deliver, as it goes over the wire: made from the endpoint, the event and the dials."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from app.errors import CourseFault
from app.provider.events import Event, fresh_id, make_event
from app.provider.exchange import Headers, Request, Signature
from app.provider.secrets import name_of
from app.provider.signing import scheme_named, signature_headers
from app.provider.tampering import Tamper, one_byte_changed, tampered
from app.provider.wire import ANNOUNCED, TRUNCATED, WAYS, WHOLE

USER_AGENT = "Course-Provider/1.0"


@dataclass(frozen=True)
class Endpoint:
    """What a provider has on file: the path to deliver to, the signing scheme, the secrets (newest first)."""

    path: str
    scheme: str
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Dials:
    """How one delivery is sent.

    - method, path, headers (more of them, as pairs), content_type (None sends none).
    - body: other bytes than the event's; they are signed.
    - signature: `correct`, one of the scheme's other ways, `other-body` (that of another event) or `tampered`
      (one digit of the body changed after signing).
    - secret: another secret than the endpoint's newest, or several of them at once.
    - id, timestamp: what is sent (and signed) instead of the event's id and the clock's seconds; any text.
    - skew: seconds by which the provider's clock is ahead.
    - tamper: what happens to the body after signing: the place of a byte, or (old, new) bytes.
    - way: `whole`, `slow` (in drops, over `seconds`), `truncated` (half a body, then the end), `announced`
      (the head alone; the body that it announces never comes), `dropped` (hung up once all is sent) or
      `answer-lost` (hung up when the answer comes).
    - chunked: sent in chunks, without Content-Length.
    - attempt: 1 and more for a further attempt: signed that many seconds later; `reason` says why it comes.
    - timeout: seconds for all of it.
    """

    method: str = "POST"
    path: str | None = None
    headers: Headers = ()
    body: bytes | None = None
    content_type: str | None = "application/json"
    signature: str = "correct"
    secret: str | Sequence[str] | None = None
    id: str | None = None
    timestamp: str | None = None
    skew: int = 0
    tamper: Tamper | None = None
    way: str = WHOLE
    seconds: float = 1.0
    chunked: bool = False
    attempt: int = 0
    reason: str = "http_error"
    timeout: float = 5.0

    def __post_init__(self) -> None:
        if self.way not in WAYS:
            raise CourseFault(f"A delivery has no way {self.way!r}.", f"Known: {', '.join(WAYS)}.")


def attempt(
    endpoint: Endpoint,
    content: Event | bytes,
    dials: Dials,
    random: Random,
    environment: Mapping[str, str],
    now: float | None = None,
) -> tuple[Request, Signature | None]:
    """Make the request of one attempt, and the note by which it can be signed again.

    `environment` gives the secrets their names; `now` is in seconds since 1970.
    """
    body = content.body if isinstance(content, Event) else content
    body = body if dials.body is None else dials.body
    sent, signed, dial = _bytes(body, dials, random)
    headers = _plain_headers(endpoint, content, dials)
    signature = None
    if endpoint.scheme != "none":
        secrets = _secrets(endpoint, dials)
        if not secrets:
            raise CourseFault("The provider has no secret to sign with.", "Does the manifest's env name it?")
        signature = Signature(
            endpoint.scheme,
            dial,
            None if signed == sent else signed,
            tuple(name_of(secret, environment) for secret in secrets),
            _id(content, dials, random),
            dials.skew + dials.attempt,
            dials.timestamp,
        )
        if dial not in scheme_named(endpoint.scheme).genuine:
            right = signature_headers(replace(signature, dial="correct"), secrets, sent, now)
            signature = replace(signature, correct=right)
        headers += signature_headers(signature, secrets, sent, now)
    if dials.way in (TRUNCATED, ANNOUNCED) and not sent:
        raise CourseFault(f"A delivery without a body can't be {dials.way}.")
    if dials.way == ANNOUNCED and dials.chunked:
        raise CourseFault("A delivery in chunks doesn't announce how long it is.")
    path = dials.path or endpoint.path
    return Request(dials.method, path, (*headers, *dials.headers), sent), signature


def _bytes(body: bytes, dials: Dials, random: Random) -> tuple[bytes, bytes, str]:
    """Return what is sent, what is signed, and the scheme's dial."""
    if dials.signature == "tampered":
        return one_byte_changed(body, random), body, "correct"
    if dials.signature == "other-body":
        return body, make_event(random, "other.event", {"number": random.randrange(10**6)}).body, "correct"
    sent = body if dials.tamper is None else tampered(body, dials.tamper)
    return sent, body, dials.signature


def _plain_headers(endpoint: Endpoint, content: Event | bytes, dials: Dials) -> Headers:
    scheme = scheme_named(endpoint.scheme)
    headers: Headers = (("User-Agent", USER_AGENT),)
    if dials.content_type is not None:
        headers += (("Content-Type", dials.content_type),)
    if dials.chunked:
        headers += (("Transfer-Encoding", "chunked"),)
    if isinstance(content, Event):
        headers += scheme.describe(content)
    if dials.attempt:
        headers += scheme.again(dials.attempt, dials.reason)
    return headers


def _secrets(endpoint: Endpoint, dials: Dials) -> tuple[str, ...]:
    if dials.secret is None:
        return endpoint.secrets[:1]
    return (dials.secret,) if isinstance(dials.secret, str) else tuple(dials.secret)


def _id(content: Event | bytes, dials: Dials, random: Random) -> str:
    if dials.id is not None:
        return dials.id
    return content.id if isinstance(content, Event) else fresh_id(random, "evt")
