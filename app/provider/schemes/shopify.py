"""Shopify: `X-Shopify-Hmac-Sha256: <base64 of HMAC-SHA256 over the raw body>`, without a prefix.

The key is the text of the app's client secret; neither the webhook's id nor a time is signed (shopify.dev,
"Verify webhook deliveries").
"""

from dataclasses import replace

from app.provider.events import Event
from app.provider.exchange import Headers
from app.provider.schemes.mistaken import mistaken_ways
from app.provider.schemes.recipe import (
    Message,
    Recipe,
    Scheme,
    base64_text,
    wrong_base64,
    wrong_ways,
)

HEADER = "X-Shopify-Hmac-Sha256"


def _headers(message: Message, values: tuple[str, ...]) -> Headers:
    return tuple((HEADER, value) for value in values)


def _describe(event: Event) -> Headers:
    return (("X-Shopify-Topic", event.type.replace(".", "/")), ("X-Shopify-Webhook-Id", event.id))


_RECIPE = Recipe(_headers, encode=base64_text)

SHOPIFY = Scheme(
    dials={
        "correct": _RECIPE.sign,
        **wrong_ways(_RECIPE),
        **wrong_base64(_RECIPE),
        "foreign-prefix": replace(_RECIPE, prefix="sha256=").sign,
    },
    mistaken=mistaken_ways(_RECIPE),
    open_to_choice=frozenset({"unpadded"}),
    describe=_describe,
)
