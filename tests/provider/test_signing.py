"""Signatures: right ones agree with published values, wrong ones are wrong, and a later one is fresh."""

import hashlib
import hmac
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content.exercise_file import ProviderShape
from app.errors import CourseFault
from app.provider.exchange import Exchange, Request, Signature, as_data, signature_from_data
from app.provider.signing import SCHEMES, can_sign, signature_headers
from tests.provider.strict_receiver import is_authentic

NOW = 1_700_000_000.9
SECRET, BODY = "It's a Secret to Everybody", b"Hello, World!"
SECRETS = {"standard": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
TIMED = ("standard", "stripe", "slack")
DIALS = [(scheme, dial) for scheme in SCHEMES if scheme != "none" for dial in SCHEMES[scheme].dials]

PUBLISHED = {
    "github": (SECRET, "", "", BODY,
               "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
    "standard": (SECRETS["standard"], "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
                 b'{"test": 2432232314}', "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
}  # fmt: skip


def headers(scheme: str, dial: str = "correct", now: float = NOW, **more: object) -> dict[str, str]:
    """Return the headers of one signature, by name."""
    signature = Signature(scheme, dial, id="evt_1", **more)  # type: ignore[arg-type]
    return dict(signature_headers(signature, (SECRETS.get(scheme, SECRET),), BODY, now))


@pytest.mark.parametrize("scheme", PUBLISHED)
def test_what_providers_publish(scheme: str) -> None:
    """The documentation of the provider gives this signature for this secret, id, time and body."""
    secret, event_id, timestamp, body, value = PUBLISHED[scheme]
    signature = Signature(scheme, "correct", id=event_id, timestamp=timestamp)
    assert value in dict(signature_headers(signature, (secret,), body)).values()


@pytest.mark.parametrize(("scheme", "dial"), DIALS)
def test_a_dial_says_whether_it_is_right(scheme: str, dial: str) -> None:
    """A strict receiver accepts the genuine dials of a scheme and no other."""
    made = tuple(headers(scheme, dial).items())
    accepted = is_authentic(scheme, SECRETS.get(scheme, SECRET), made, BODY, NOW)
    assert accepted == (dial in SCHEMES[scheme].genuine)


@pytest.mark.parametrize(
    ("scheme", "secret", "expected"),
    [
        ("standard", SECRETS["standard"], True),
        ("standard", "whsec_%%%%", False),
        ("standard", "whsec_é", False),
        ("github", SECRET, True),
    ],
)
def test_a_foreign_text_is_a_secret_or_none(scheme: str, secret: str, expected: bool) -> None:
    """Whether a scheme can sign with a text is a question, not an error."""
    assert can_sign(scheme, secret) is expected


@pytest.mark.parametrize("scheme", TIMED)
def test_each_attempt_is_signed_afresh(scheme: str) -> None:
    """A later attempt carries another timestamp and another signature, and the same id."""
    first, later = headers(scheme), headers(scheme, now=NOW + 5)
    ids = {name for name in first if name == "webhook-id"}
    assert {name for name in first if first[name] == later[name]} == ids


@pytest.mark.parametrize("scheme", TIMED)
def test_skew_moves_the_clock_that_is_signed(scheme: str) -> None:
    """A provider whose clock is ahead signs what a right one signs later."""
    assert headers(scheme, skew=290) == headers(scheme, now=NOW + 290)
    assert headers(scheme, skew=-310) == headers(scheme, now=NOW - 310)


@pytest.mark.parametrize("text", ["abc", "", "NaN", "-5", "1700000000000"])
@pytest.mark.parametrize("scheme", TIMED)
def test_any_text_can_be_signed_as_a_timestamp(scheme: str, text: str) -> None:
    """What a hostile sender signs instead of a time goes out as it is, under a right signature."""
    made = headers(scheme, timestamp=text)
    assert any(value in (text, f"t={text}") for line in made.values() for value in line.split(","))
    assert made != headers(scheme, timestamp=text + "1")


@pytest.mark.parametrize("scheme", [name for name in SCHEMES if SCHEMES[name].several])
def test_during_a_rotation_every_secret_signs(scheme: str) -> None:
    """One delivery carries the signature of the old and of the new secret, each as it is alone."""
    old, new = "whsec_" + "b2xk" * 8, "whsec_" + "bmV3" * 8
    name = {"standard": "webhook-signature", "stripe": "Stripe-Signature"}[scheme]

    def parts(*secrets: str) -> set[str]:
        made = dict(signature_headers(Signature(scheme, "correct", id="evt_1"), secrets, BODY, NOW))
        return set(made[name].replace(" ", ",").split(","))

    assert parts(new, old) == parts(new) | parts(old)


def test_where_one_signature_fits_several_are_a_fault_of_the_suite() -> None:
    """GitHub, Slack and Shopify have one secret for a delivery."""
    with pytest.raises(CourseFault, match="one signature"):
        signature_headers(Signature("github", "correct"), ("a", "b"), BODY)


def test_signed_bytes_may_differ_from_sent_ones() -> None:
    """A tampered delivery carries the signature of what it was before."""
    digest = hmac.new(SECRET.encode(), b"before", hashlib.sha256).hexdigest()
    assert headers("github", signed=b"before") == {"X-Hub-Signature-256": f"sha256={digest}"}


def test_no_scheme_signs_nothing() -> None:
    """The scheme `none` adds no header."""
    assert headers("none") == {}


@pytest.mark.parametrize(("scheme", "dial"), [("github", "nonsense"), ("carrier pigeon", "correct")])
def test_an_unknown_way_is_a_fault_of_the_suite(scheme: str, dial: str) -> None:
    """A suite that asks for what does not exist is told so, with what exists."""
    with pytest.raises(CourseFault, match="The suite asks for") as caught:
        headers(scheme, dial)
    assert "correct" in str(caught.value) or "github" in str(caught.value)


def test_a_manifest_may_name_every_scheme() -> None:
    """What the manifest allows is what the provider can do."""
    assert set(get_args(ProviderShape.model_fields["scheme"].annotation)) == set(SCHEMES)


@given(
    st.builds(
        Signature,
        st.sampled_from(sorted(SCHEMES)),
        st.just("correct"),
        st.none() | st.binary(),
        st.tuples(st.text()),
        st.text(),
        st.integers(),
        st.none() | st.text(),
    )
)
def test_a_record_keeps_how_it_was_signed(signature: Signature) -> None:
    """The note in the event stream is enough to sign again in the same way."""
    data = as_data(Exchange("provider", "program", 0, 1, Request("GET", "/", ()), None, "refused", signature))
    assert signature_from_data(data["signature"]) == signature
