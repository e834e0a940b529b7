"""Standard Webhooks 1.0.0: `webhook-id`, `webhook-timestamp`, and `webhook-signature: v1,<base64> ...`.

HMAC-SHA256 over `{id}.{timestamp}.{body}`; the key is what the base64 behind `whsec_` decodes to. The header
is a list with spaces, one signature for each valid secret, and may hold versions that a receiver doesn't know
(standard-webhooks/standard-webhooks, spec/standard-webhooks.md).
"""

import base64
import binascii
from dataclasses import replace

from app.errors import CourseFault
from app.provider.exchange import Headers
from app.provider.schemes.mistaken import mistaken_ways
from app.provider.schemes.recipe import (
    Dial,
    Message,
    Recipe,
    Scheme,
    Secrets,
    base64_text,
    text_key,
    wrong_base64,
    wrong_prefix,
    wrong_time,
    wrong_ways,
)

PREFIX = "whsec_"
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


def decoded_key(secret: str) -> bytes:
    """Return the key of a secret, written with or without `whsec_`; CourseFault where it is no base64."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise CourseFault(
            f"{secret!r} is no secret of Standard Webhooks.",
            "It is base64, with whsec_ before it or not: let the manifest say fresh-standard.",
        ) from None


def _headers(message: Message, values: tuple[str, ...]) -> Headers:
    found = (("webhook-id", message.id), ("webhook-timestamp", message.timestamp))
    return (*found, ("webhook-signature", " ".join(values))) if values else found


def _content(message: Message) -> bytes:
    return f"{message.id}.{message.timestamp}.".encode() + message.body


_RECIPE = Recipe(_headers, _content, decoded_key, encode=base64_text, prefix="v1,")
_FOREIGN = replace(_RECIPE, key=_RECIPE.foreign_key)


def _without(header: str) -> Dial:
    def dial(secrets: Secrets, message: Message) -> Headers:
        return tuple(pair for pair in _RECIPE.sign(secrets, message) if pair[0] != header)

    return dial


def _behind_others(secrets: Secrets, message: Message) -> Headers:
    right = tuple(_RECIPE.value(secret, message) for secret in secrets)
    asymmetric = "v1a," + base64_text(bytes(64))
    return _headers(message, (asymmetric, _FOREIGN.value(secrets[0], message), *right))


STANDARD = Scheme(
    dials={
        "correct": _RECIPE.sign,
        "behind-others": _behind_others,
        **wrong_ways(_RECIPE),
        **wrong_prefix(_RECIPE, "v2,"),
        **wrong_base64(_RECIPE),
        **wrong_time(_RECIPE),
        "asymmetric-label": replace(_RECIPE, prefix="v1a,").sign,
        "equals-sign": replace(_RECIPE, prefix="v1=").sign,
        "text-key": replace(_RECIPE, key=text_key).sign,
        "without-id": replace(
            _RECIPE, content=lambda message: f"{message.timestamp}.".encode() + message.body
        ).sign,
        "other-id": _RECIPE.claiming(lambda message: replace(message, id=message.id + "x")),
        "missing-id": _without("webhook-id"),
        "missing-timestamp": _without("webhook-timestamp"),
    },
    mistaken=mistaken_ways(_RECIPE),
    genuine=frozenset({"correct", "behind-others"}),
    open_to_choice=frozenset({"unpadded"}),
    several=True,
)
