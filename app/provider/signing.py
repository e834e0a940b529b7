"""The table of signing schemes, and the headers that sign one attempt."""

import time
from collections.abc import Mapping

from app.errors import CourseFault
from app.provider.exchange import Headers, Signature
from app.provider.schemes.github import GITHUB
from app.provider.schemes.recipe import Dial, Message, Scheme, Secrets
from app.provider.schemes.shopify import SHOPIFY
from app.provider.schemes.slack import SLACK
from app.provider.schemes.standard import STANDARD
from app.provider.schemes.stripe import STRIPE

NONE = Scheme(dials={"correct": lambda secrets, message: ()})
"""Signs nothing."""

SCHEMES: Mapping[str, Scheme] = {
    "none": NONE,
    "github": GITHUB,
    "standard": STANDARD,
    "stripe": STRIPE,
    "slack": SLACK,
    "shopify": SHOPIFY,
}


def scheme_named(name: str) -> Scheme:
    """Return a scheme; raises CourseFault for one that does not exist."""
    try:
        return SCHEMES[name]
    except KeyError:
        known = ", ".join(SCHEMES)
        raise CourseFault(f"The suite asks for the scheme {name!r}.", f"Known: {known}.") from None


def signature_headers(
    signature: Signature, secrets: Secrets, body: bytes, now: float | None = None
) -> Headers:
    """Return the headers that sign `body` in the way that `signature` names, at `now` (seconds since 1970).

    Raises CourseFault for a scheme or a dial that does not exist, and for secrets that don't fit in.
    """
    scheme = scheme_named(signature.scheme)
    dial = _dial(scheme, signature)
    if len(secrets) > 1 and not scheme.several:
        raise CourseFault(
            f"A delivery of the scheme {signature.scheme!r} carries one signature, not several."
        )
    seconds = int(time.time() if now is None else now) + signature.skew
    timestamp = str(seconds) if signature.timestamp is None else signature.timestamp
    signed = body if signature.signed is None else signature.signed
    return dial(secrets, Message(signature.id, timestamp, signed))


def can_sign(scheme: str, secret: str) -> bool:
    """Whether a text is a secret of this scheme, such as one that somebody else gave out."""
    try:
        signature_headers(Signature(scheme, "correct"), (secret,), b"")
    except (CourseFault, ValueError):
        return False
    return True


def _dial(scheme: Scheme, signature: Signature) -> Dial:
    try:
        return {**scheme.dials, **scheme.mistaken}[signature.dial]
    except KeyError:
        raise CourseFault(
            f"The suite asks for the signature {signature.dial!r} of the scheme {signature.scheme!r}.",
            f"Known: {', '.join(scheme.dials)}.",
        ) from None
