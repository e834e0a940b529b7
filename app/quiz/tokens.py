"""Names for the browser that say nothing: ids of choices may give the key away."""

import hashlib
import hmac


def token(secret: bytes, attempt: str, question: str, choice: str) -> str:
    """Give the name of a choice in one attempt; an empty choice names the question itself."""
    message = "\0".join((attempt, question, choice)).encode()
    return hmac.digest(secret, message, hashlib.sha256).hex()[:24]


def stamp(secret: bytes, attempt: str, at: str) -> str:
    """Give a moment as a form carries it: it can be read by everybody and made by the server alone."""
    return f"{at} {token(secret, attempt, 'shown at', at)}"


def read_stamp(secret: bytes, attempt: str, given: str) -> str | None:
    """Give the moment of a stamp; None if this server did not make it for this attempt."""
    at = given.partition(" ")[0]
    return at if at and hmac.compare_digest(stamp(secret, attempt, at).encode(), given.encode()) else None
