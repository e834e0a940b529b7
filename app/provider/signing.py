"""Signing schemes, and the ways in which a delivery can be signed wrongly on purpose.

GitHub: `X-Hub-Signature-256: sha256=<lower-case hex of HMAC-SHA256 over the raw body>`
(docs.github.com, "Validating webhook deliveries").
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping

from app.errors import CourseFault
from app.provider.exchange import Headers, Signature

GITHUB_HEADER = "X-Hub-Signature-256"
GITHUB_LEGACY_HEADER = "X-Hub-Signature"

Dial = Callable[[bytes, bytes], Headers]


def _mac(secret: bytes, body: bytes, algorithm: str = "sha256") -> "hmac.HMAC":
    return hmac.new(secret, body, algorithm)


def _github(value: Callable[[bytes, bytes], str]) -> Dial:
    return lambda secret, body: ((GITHUB_HEADER, value(secret, body)),)


def _hex(secret: bytes, body: bytes) -> str:
    return _mac(secret, body).hexdigest()


GITHUB_DIALS: Mapping[str, Dial] = {
    "correct": _github(lambda secret, body: "sha256=" + _hex(secret, body)),
    "missing": lambda secret, body: (),
    "empty": _github(lambda secret, body: ""),
    "prefix-only": _github(lambda secret, body: "sha256="),
    "wrong-secret": _github(lambda secret, body: "sha256=" + _hex(secret + b"-of-somebody-else", body)),
    "no-prefix": _github(_hex),
    "uppercase": _github(lambda secret, body: "sha256=" + _hex(secret, body).upper()),
    "base64": _github(lambda s, b: "sha256=" + base64.b64encode(_mac(s, b).digest()).decode("ascii")),
    "plain-hash": _github(lambda secret, body: "sha256=" + hashlib.sha256(body).hexdigest()),
    "secret-and-body": _github(lambda s, body: "sha256=" + hashlib.sha256(s + body).hexdigest()),
    "truncated": _github(lambda secret, body: "sha256=" + _hex(secret, body)[:32]),
    "longer": _github(lambda secret, body: "sha256=" + _hex(secret, body) + "00"),
    "non-ascii": _github(lambda secret, body: "sha256=" + "é" * 64),
    "sha1": lambda secret, body: ((GITHUB_LEGACY_HEADER, "sha1=" + _mac(secret, body, "sha1").hexdigest()),),
    "sha1-in-256": _github(lambda secret, body: "sha1=" + _mac(secret, body, "sha1").hexdigest()),
}

SCHEMES: Mapping[str, Mapping[str, Dial]] = {"github": GITHUB_DIALS}


def signature_headers(signature: Signature, secret: str, body: bytes) -> Headers:
    """Return the headers that sign `body` with `secret` in the way that `signature` names.

    Raises CourseFault for a scheme or a dial that does not exist.
    """
    if signature.scheme == "none":
        return ()
    try:
        dial = SCHEMES[signature.scheme][signature.dial]
    except KeyError:
        raise CourseFault(
            f"The suite asks for the signature {signature.dial!r} of the scheme {signature.scheme!r}.",
            f"Known: {known_dials(signature.scheme)}.",
        ) from None
    return dial(secret.encode("utf-8"), body if signature.signed is None else signature.signed)


def known_dials(scheme: str) -> str:
    """List a scheme's dials in words."""
    return ", ".join(SCHEMES.get(scheme, {"none at all": None}))
