"""GitHub: `X-Hub-Signature-256: sha256=<lower-case hex of HMAC-SHA256 over the raw body>`.

Neither the delivery's id nor a time is signed (docs.github.com, "Validating webhook deliveries").
"""

from dataclasses import replace

from app.provider.events import Event
from app.provider.exchange import Headers
from app.provider.schemes.mistaken import mistaken_ways
from app.provider.schemes.recipe import (
    Message,
    Recipe,
    Scheme,
    hmac_sha1,
    wrong_hex,
    wrong_prefix,
    wrong_ways,
)

HEADER = "X-Hub-Signature-256"
LEGACY_HEADER = "X-Hub-Signature"


def _headers(message: Message, values: tuple[str, ...]) -> Headers:
    return tuple((HEADER, value) for value in values)


def _legacy_headers(message: Message, values: tuple[str, ...]) -> Headers:
    return tuple((LEGACY_HEADER, value) for value in values)


def _describe(event: Event) -> Headers:
    return (("X-GitHub-Event", event.type.partition(".")[0]),)


_RECIPE = Recipe(_headers, prefix="sha256=")
_SHA1 = replace(_RECIPE, digest=hmac_sha1, prefix="sha1=")

GITHUB = Scheme(
    dials={
        "correct": _RECIPE.sign,
        **wrong_ways(_RECIPE),
        **wrong_prefix(_RECIPE, "sha512="),
        **wrong_hex(_RECIPE),
        "sha1": replace(_SHA1, headers=_legacy_headers).sign,
        "sha1-in-256": _SHA1.sign,
    },
    mistaken=mistaken_ways(_RECIPE),
    open_to_choice=frozenset({"uppercase"}),
    describe=_describe,
)
