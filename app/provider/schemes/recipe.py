"""What a signing scheme is made of: steps, each of which can be taken wrongly on purpose."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from app.provider.events import Event
from app.provider.exchange import Headers


@dataclass(frozen=True)
class Message:
    """What one attempt signs; `timestamp` is the text that is sent, seconds since 1970 where it is right."""

    id: str
    timestamp: str
    body: bytes


Secrets = tuple[str, ...]
Dial = Callable[[Secrets, Message], Headers]
"""A way to sign, right or wrong: from the secrets and a message to the headers that carry the signature."""


def hex_digits(digest: bytes) -> str:
    """Write a digest as lower-case hex digits."""
    return digest.hex()


def base64_text(digest: bytes) -> str:
    """Write a digest as base64, with its padding."""
    return base64.b64encode(digest).decode("ascii")


def hmac_sha256(key: bytes, content: bytes) -> bytes:
    """Return the HMAC-SHA256 of the content (RFC 2104)."""
    return hmac.new(key, content, hashlib.sha256).digest()


def hmac_sha1(key: bytes, content: bytes) -> bytes:
    """Return the HMAC-SHA1, which old programs still send and nobody should accept."""
    return hmac.new(key, content, hashlib.sha1).digest()


def text_key(secret: str) -> bytes:
    """Use the secret's text as the key, as most providers do."""
    return secret.encode("utf-8")


@dataclass(frozen=True)
class Recipe:
    """How a scheme signs: secret to key, message to content, both to a digest, the digest to a value.

    `headers` puts the values into headers; it gets none of them for a delivery that is not signed.
    """

    headers: Callable[[Message, tuple[str, ...]], Headers]
    content: Callable[[Message], bytes] = lambda message: message.body
    key: Callable[[str], bytes] = text_key
    digest: Callable[[bytes, bytes], bytes] = hmac_sha256
    encode: Callable[[bytes], str] = hex_digits
    prefix: str = ""

    def value(self, secret: str, message: Message) -> str:
        """Return the signature of a message, with its prefix."""
        return self.prefix + self.encode(self.digest(self.key(secret), self.content(message)))

    def sign(self, secrets: Secrets, message: Message) -> Headers:
        """Return the headers that carry one signature for each secret."""
        return self.headers(message, tuple(self.value(secret, message) for secret in secrets))

    def changed(self, change: Callable[[str], str]) -> Dial:
        """Return a dial that sends each value changed."""
        return lambda secrets, message: self.headers(
            message, tuple(change(self.value(secret, message)) for secret in secrets)
        )

    def fixed(self, *values: str) -> Dial:
        """Return a dial that sends these values, whatever the message."""
        return lambda secrets, message: self.headers(message, values)

    def claiming(self, change: Callable[[Message], Message]) -> Dial:
        """Return a dial that sends the signature of another message than the one that is sent."""
        return lambda secrets, message: self.headers(
            message, tuple(self.value(secret, change(message)) for secret in secrets)
        )

    def foreign_key(self, secret: str) -> bytes:
        """Return the key that somebody has who does not know the secret."""
        return self.key(secret) + b"-of-somebody-else"


def wrong_ways(recipe: Recipe) -> dict[str, Dial]:
    """Return the ways to sign wrongly that exist in every scheme."""
    return {
        "missing": recipe.fixed(),
        "empty": recipe.fixed(""),
        "wrong-secret": replace(recipe, key=recipe.foreign_key).sign,
        "empty-secret": replace(recipe, key=lambda secret: b"").sign,
        "plain-hash": replace(recipe, digest=lambda key, content: hashlib.sha256(content).digest()).sign,
        "secret-and-body": replace(recipe, digest=lambda key, content: _sha256(key + content)).sign,
        "sha1": replace(recipe, digest=hmac_sha1).sign,
        "truncated": recipe.changed(lambda value: value[: len(recipe.prefix) + _half(recipe, value)]),
        "longer": replace(recipe, encode=lambda digest: recipe.encode(digest + b"\0")).sign,
        "non-ascii": recipe.fixed(recipe.prefix + "é" * 64),
    }


def wrong_prefix(recipe: Recipe, other: str) -> dict[str, Dial]:
    """Return the wrong ways of a scheme whose values begin with a prefix; `other` is one it doesn't use."""
    return {
        "no-prefix": replace(recipe, prefix="").sign,
        "prefix-only": recipe.fixed(recipe.prefix),
        "other-version": replace(recipe, prefix=other).sign,
    }


def wrong_hex(recipe: Recipe) -> dict[str, Dial]:
    """Return the wrong ways of a scheme that writes hex digits."""
    return {
        "uppercase": replace(recipe, encode=lambda digest: digest.hex().upper()).sign,
        "base64": replace(recipe, encode=base64_text).sign,
    }


def wrong_base64(recipe: Recipe) -> dict[str, Dial]:
    """Return the wrong ways of a scheme that writes base64."""
    return {
        "hex": replace(recipe, encode=hex_digits).sign,
        "unpadded": recipe.changed(lambda value: value.rstrip("=")),
    }


def wrong_time(recipe: Recipe) -> dict[str, Dial]:
    """Return the wrong ways of a scheme that signs a timestamp.

    `other-timestamp` is how an old delivery is made to look fresh.
    """
    return {
        "body-only": replace(recipe, content=lambda message: message.body).sign,
        "other-timestamp": recipe.claiming(_an_hour_ago),
    }


def _an_hour_ago(message: Message) -> Message:
    earlier = int(message.timestamp) - 3600 if message.timestamp.isdigit() else 0
    return replace(message, timestamp=str(earlier))


def _half(recipe: Recipe, value: str) -> int:
    return (len(value) - len(recipe.prefix)) // 2


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def nothing_more(event: Event) -> Headers:
    """Describe an event by no header."""
    return ()


def nothing_again(attempt: int, reason: str) -> Headers:
    """Tell nothing about a further attempt."""
    return ()


@dataclass(frozen=True)
class Scheme:
    """How one kind of provider signs and describes its deliveries.

    `dials` are its ways to sign; those in `genuine` must be accepted by a right receiver, all others refused
    (`open_to_choice`: real libraries differ). `mistaken` are further ways, for probes: some wrong receivers
    expect them. `several` tells whether one delivery can carry the signatures of several secrets. `describe`
    gives unsigned headers, `again` those of a further attempt.
    """

    dials: Mapping[str, Dial]
    mistaken: Mapping[str, Dial] = field(default_factory=dict)
    genuine: frozenset[str] = frozenset({"correct"})
    open_to_choice: frozenset[str] = frozenset()
    several: bool = False
    describe: Callable[[Event], Headers] = nothing_more
    again: Callable[[int, str], Headers] = nothing_again
