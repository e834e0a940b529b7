"""What happens to a body on its way on purpose."""

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import CourseFault
from app.provider.tampering import one_byte_changed, tampered


@given(st.integers(min_value=0), st.integers())
def test_tampered_number_stays_json(amount: int, seed: int) -> None:
    """A changed digit makes another number of the same length, so the body stays JSON and differs."""
    body = json.dumps({"id": "evt_90", "amount": amount}).encode()
    changed = one_byte_changed(body, Random(seed))  # noqa: S311
    assert len(changed) == len(body)
    assert json.loads(changed) != json.loads(body)


@given(st.binary(), st.integers())
def test_tampered_body_differs(body: bytes, seed: int) -> None:
    """Any body is changed, also one without digits and an empty one."""
    assert one_byte_changed(body, Random(seed)) != body  # noqa: S311


@given(st.binary(min_size=1), st.data())
def test_a_given_place_changes_and_nothing_else(body: bytes, data: st.DataObject) -> None:
    """The byte at the place differs, counted from either end; all others stay."""
    place = data.draw(st.integers(min_value=-len(body), max_value=len(body) - 1))
    changed = tampered(body, place)
    different = [index for index in range(len(body)) if changed[index] != body[index]]
    assert len(changed) == len(body)
    assert different == [place % len(body)]


def test_given_bytes_are_replaced_once() -> None:
    """What is looked for is changed at its first place only."""
    assert tampered(b'{"a":1,"b":1}', (b"1", b"900")) == b'{"a":900,"b":1}'


@pytest.mark.parametrize("tamper", [(b"absent", b"x"), (b"1", b"1"), 99, -99])
def test_a_change_that_changes_nothing_is_a_fault_of_the_suite(tamper: object) -> None:
    """A suite that means to tamper and does not is told so."""
    with pytest.raises(CourseFault, match="The suite"):
        tampered(b'{"a":1}', tamper)  # type: ignore[arg-type]
