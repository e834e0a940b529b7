"""What the provider does to a delivery on purpose."""

import json
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.checks.deliveries import _one_byte_changed


@given(st.integers(min_value=0), st.integers())
def test_tampered_number_stays_json(amount: int, seed: int) -> None:
    """A changed digit makes another number of the same length, so the body stays JSON and differs."""
    body = json.dumps({"id": "evt_90", "amount": amount}).encode()
    changed = _one_byte_changed(body, Random(seed))  # noqa: S311
    assert len(changed) == len(body)
    assert json.loads(changed) != json.loads(body)


@given(st.binary(), st.integers())
def test_tampered_body_differs(body: bytes, seed: int) -> None:
    """Any body is changed, also one without digits and an empty one."""
    assert _one_byte_changed(body, Random(seed)) != body  # noqa: S311
