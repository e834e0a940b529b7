"""Ways to sign that only a mistaken receiver expects: over other bytes than those sent, with another key.

For some bodies and secrets such a way comes to the right signature; so none of them is a dial of a suite.
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from app.provider.schemes.recipe import Dial, Message, Recipe

Rewrite = Callable[[bytes], bytes]


def mistaken_ways(recipe: Recipe) -> dict[str, Dial]:
    """Return the ways in which receivers of any scheme are known to get the bytes or the key wrong."""
    return {
        "json-spaced": _over(recipe, _json()),
        "json-compact": _over(recipe, _json(separators=(",", ":"))),
        "json-letters": _over(recipe, _json(separators=(",", ":"), ensure_ascii=False)),
        "no-bytes": _over(recipe, lambda body: b""),
        "form-field": _over(recipe, _form_field),
        "secret-newline": replace(recipe, key=lambda secret: recipe.key(secret) + b"\n").sign,
        "secret-base64": replace(recipe, key=lambda secret: _decoded(secret) or recipe.key(secret)).sign,
        "secret-hex": replace(recipe, key=lambda secret: _from_hex(secret) or recipe.key(secret)).sign,
    }


def _over(recipe: Recipe, rewrite: Rewrite) -> Dial:
    def claim(message: Message) -> Message:
        return replace(message, body=rewrite(message.body))

    return recipe.claiming(claim)


def _json(**how: Any) -> Rewrite:
    def rewrite(body: bytes) -> bytes:
        try:
            return json.dumps(json.loads(body), **how).encode()
        except (ValueError, RecursionError):
            return body

    return rewrite


def _form_field(body: bytes) -> bytes:
    """Return the value of the first field of a form, as GitHub's forms have one."""
    fields = parse_qs(body.decode("utf-8", errors="replace"))
    return next(iter(fields.values()))[0].encode() if fields and b"{" not in body else body


def _decoded(secret: str) -> bytes:
    try:
        return base64.b64decode(secret, validate=True)
    except binascii.Error:
        return b""


def _from_hex(secret: str) -> bytes:
    try:
        return bytes.fromhex(secret)
    except ValueError:
        return b""
