"""Probes: a delivery that was refused although its signature is right, signed in the known wrong ways.

The one that the program accepts tells what it computes instead.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.provider.curl import signed_again
from app.provider.exchange import Request
from app.provider.signing import scheme_named

MOST = 12
"""So many deliveries are sent at most."""


@dataclass(frozen=True)
class Probe:
    """A wrong way to sign, in words, and what a program that accepts it probably does.

    `form` tells whether the signature has the form of a right one, so that nobody answers 400 to its form.
    """

    dial: str
    words: str
    means: str
    form: bool = False


CONTROL = Probe("wrong-secret", "with somebody else's secret", "does not use the signature at all")
"""Sent first: where this is accepted, the other probes would tell nothing."""

PROBES = (
    Probe("json-spaced", "over its JSON, written anew with spaces", "hashes JSON that it wrote anew"),
    Probe("json-compact", "over its JSON, written anew without spaces", "hashes JSON that it wrote anew"),
    Probe("json-letters", "over its JSON, written anew without escapes", "hashes JSON that it wrote anew"),
    Probe(
        "form-field", "over the form's first field", "hashes one field instead of the whole body", form=True
    ),
    Probe(
        "no-bytes",
        "over nothing",
        "hashes an empty body, because something else has read it before",
        form=True,
    ),
    Probe("body-only", "over the body alone", "leaves out what is signed besides the body"),
    Probe("base64", "in base64 instead of hex digits", "compares with a base64 text"),
    Probe("hex", "in hex digits instead of base64", "compares with hex digits"),
    Probe("plain-hash", "with a plain hash, without the secret", "hashes without the secret"),
    Probe("uppercase", "in capital hex digits", "compares with capital hex digits"),
    Probe("no-prefix", "without the prefix", "compares with a value without its prefix"),
    Probe("text-key", "with the secret's text as the key", "does not decode the secret"),
    Probe("decoded-key", "with the decoded secret as the key", "decodes a secret that is a plain text"),
    Probe("secret-newline", "with a line break behind the secret", "reads the secret with a line break"),
    Probe("secret-base64", "with the secret decoded from base64", "decodes a secret that is a plain text"),
    Probe("secret-hex", "with the secret decoded from hex digits", "decodes a secret that is a plain text"),
    Probe("sha1-in-256", "with SHA-1 instead of SHA-256", "uses SHA-1"),
    Probe("sha1", "with SHA-1 instead of SHA-256", "uses SHA-1"),
    Probe("secret-and-body", "with a plain hash of secret and body", "hashes without HMAC"),
)


def probes_of(exchange: Mapping[str, Any], secrets: Mapping[str, str]) -> Iterator[tuple[Probe, Request]]:
    """Yield the probes for a recorded delivery, the control first; at most `MOST`.

    Left out is what its scheme does not know, and what comes to the right signature for this delivery.
    """
    scheme = scheme_named(exchange["signature"]["scheme"])
    known, sent = {**scheme.dials, **scheme.mistaken}, 0
    right = signed_again(dict(exchange), secrets).headers
    for probe in (CONTROL, *PROBES):
        if sent == MOST or probe.dial not in known:
            continue
        request = signed_again(_signed_as(exchange, probe.dial), secrets)
        if request.headers != right:
            sent += 1
            yield probe, request


def _signed_as(exchange: Mapping[str, Any], dial: str) -> dict[str, Any]:
    return {**exchange, "signature": {**exchange["signature"], "dial": dial}}
