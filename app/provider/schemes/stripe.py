"""Stripe: `Stripe-Signature: t=<seconds>,v1=<lower-case hex>`, with one `v1` for each valid secret.

HMAC-SHA256 over `{t}.{body}`; the key is the whole text of the secret, `whsec_` included. `v0` and unknown
names are ignored (stripe-python, stripe/_webhook.py).
"""

import base64
from dataclasses import replace

from app.provider.exchange import Headers
from app.provider.schemes.mistaken import mistaken_ways
from app.provider.schemes.recipe import (
    Message,
    Recipe,
    Scheme,
    Secrets,
    wrong_hex,
    wrong_prefix,
    wrong_time,
    wrong_ways,
)

HEADER = "Stripe-Signature"


def _headers(message: Message, values: tuple[str, ...]) -> Headers:
    return ((HEADER, ",".join((f"t={message.timestamp}", *values))),) if values else ()


def _content(message: Message) -> bytes:
    return f"{message.timestamp}.".encode() + message.body


def _decoded_key(secret: str) -> bytes:
    # How a secret of Standard Webhooks is read, which looks the same and is not.
    text = "".join(filter(str.isalnum, secret.removeprefix("whsec_")))
    return base64.b64decode(text[: len(text) // 4 * 4])


_RECIPE = Recipe(_headers, _content, prefix="v1=")
_FOREIGN = replace(_RECIPE, key=_RECIPE.foreign_key)


def _behind_others(secrets: Secrets, message: Message) -> Headers:
    right = tuple(_RECIPE.value(secret, message) for secret in secrets)
    test_mode = replace(_FOREIGN, prefix="v0=").value(secrets[0], message)
    return _headers(message, (test_mode, _FOREIGN.value(secrets[0], message), *right))


def _without_time(secrets: Secrets, message: Message) -> Headers:
    return ((HEADER, ",".join(_RECIPE.value(secret, message) for secret in secrets)),)


STRIPE = Scheme(
    dials={
        "correct": _RECIPE.sign,
        "behind-others": _behind_others,
        **wrong_ways(_RECIPE),
        **wrong_prefix(_RECIPE, "v0="),
        **wrong_hex(_RECIPE),
        **wrong_time(_RECIPE),
        "decoded-key": replace(_RECIPE, key=_decoded_key).sign,
        "missing-timestamp": _without_time,
    },
    mistaken=mistaken_ways(_RECIPE),
    genuine=frozenset({"correct", "behind-others"}),
    open_to_choice=frozenset({"uppercase"}),
    several=True,
)
