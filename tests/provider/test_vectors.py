"""The signed vectors, judged as they are marked: by a strict receiver, and by our signer."""

import pytest

from app.provider.exchange import Signature
from app.provider.schemes.recipe import hmac_sha256
from app.provider.signing import signature_headers
from tests.provider.strict_receiver import is_authentic
from tests.vectors import Vector, document, vectors

JUDGED = [vector for vector in vectors() if vector.valid is not None]
VALID = [vector for vector in JUDGED if vector.valid]


@pytest.mark.parametrize("vector", JUDGED, ids=lambda vector: vector.label)
def test_the_strict_receiver_says_what_the_vector_is_marked_with(vector: Vector) -> None:
    """Valid ones are authentic at the vector's own time, all others are not."""
    sent = (vector.scheme, vector.secret, vector.headers, vector.body, vector.now)
    assert is_authentic(*sent) == vector.valid, vector.why


@pytest.mark.parametrize("vector", VALID, ids=lambda vector: vector.label)
def test_our_signer_makes_the_signature_of_the_library(vector: Vector) -> None:
    """The signature of a valid vector is the one that we make of its secret, id, time and body."""
    signature = Signature(vector.scheme, "correct", id=vector.id, timestamp=vector.timestamp)
    name, value = signature_headers(signature, (vector.secret,), vector.body)[-1]
    theirs = {key.lower(): value for key, value in vector.headers}[name.lower()]
    # Lists are separated by commas at Stripe and by spaces in Standard Webhooks.
    separator = "," if vector.scheme == "stripe" else " "
    assert set(value.split(separator)) <= set(theirs.split(separator))


def test_svix_signs_as_standard_webhooks_under_other_names() -> None:
    """Svix's own library makes what we make, in headers of its own."""
    for vector in vectors("svix"):
        headers = tuple((name.replace("svix-", "webhook-"), value) for name, value in vector.headers)
        assert is_authentic("standard", vector.secret, headers, vector.body, vector.now) == vector.valid


@pytest.mark.parametrize(
    "case", document()["schemes"]["rfc4231-hmac-sha256"]["vectors"], ids=lambda case: case["name"]
)
def test_our_hmac_is_that_of_rfc_4231(case: dict[str, str]) -> None:
    """The published test cases, keys longer than a block among them."""
    made = hmac_sha256(bytes.fromhex(case["key_hex"]), bytes.fromhex(case["data_hex"]))
    assert made.hex() == case["hmac_sha256_hex"]
