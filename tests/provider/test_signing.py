"""Signatures: right ones agree with published values, wrong ones are wrong."""

import hashlib
import hmac

import pytest

from app.errors import CourseFault
from app.provider.exchange import Signature
from app.provider.signing import GITHUB_DIALS, signature_headers

SECRET, BODY = "It's a Secret to Everybody", b"Hello, World!"
PUBLISHED = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def test_githubs_published_vector() -> None:
    """GitHub's documentation gives this signature for this secret and body."""
    headers = signature_headers(Signature("github", "correct"), SECRET, BODY)
    assert headers == (("X-Hub-Signature-256", PUBLISHED),)


@pytest.mark.parametrize("dial", sorted(set(GITHUB_DIALS) - {"correct"}))
def test_a_wrong_dial_never_makes_the_right_header(dial: str) -> None:
    """No other dial yields the signature that GitHub would send."""
    headers = dict(signature_headers(Signature("github", dial), SECRET, BODY))
    assert headers.get("X-Hub-Signature-256") != PUBLISHED


def test_signed_bytes_may_differ_from_sent_ones() -> None:
    """A tampered delivery carries the signature of what it was before."""
    headers = dict(signature_headers(Signature("github", "correct", signed=b"before"), SECRET, b"after"))
    digest = hmac.new(SECRET.encode(), b"before", hashlib.sha256).hexdigest()
    assert headers == {"X-Hub-Signature-256": f"sha256={digest}"}


def test_no_scheme_signs_nothing() -> None:
    """The scheme `none` adds no header."""
    assert signature_headers(Signature("none", "correct"), SECRET, BODY) == ()


@pytest.mark.parametrize(("scheme", "dial"), [("github", "nonsense"), ("carrier pigeon", "correct")])
def test_an_unknown_way_is_a_fault_of_the_suite(scheme: str, dial: str) -> None:
    """A suite that asks for what does not exist is told so, with what exists."""
    with pytest.raises(CourseFault, match="The suite asks for"):
        signature_headers(Signature(scheme, dial), SECRET, BODY)
