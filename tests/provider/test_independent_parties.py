"""Our signer before other judges: the libraries with which receivers verify, and which sign at run time."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.provider.exchange import Signature
from app.provider.schemes.recipe import Secrets
from app.provider.signing import SCHEMES, signature_headers
from tests.provider.octokit import ask_octokit

REMEDY = "not installed: run `python3 -m app test`, which installs what tests need"
slack = pytest.importorskip("slack_sdk.signature", reason=REMEDY)
standardwebhooks = pytest.importorskip("standardwebhooks", reason=REMEDY)
stripe = pytest.importorskip("stripe", reason=REMEDY)

SECRETS = {
    "standard": "whsec_" + "c2VjcmV0" * 4,
    "stripe": "whsec_" + "c2VjcmV0" * 4,
    "slack": "8f742231b10e8888abcd99yyyzzz85a5",
    "github": "It's a Secret to Everybody",
}
OTHER = "whsec_" + "b3RoZXIx" * 4
BODY = '{"id": "evt_1", "name": "Zoë 東京 🎉", "price": 1.0}\n'
LIBRARIES = ("standard", "stripe", "slack")


def judged(scheme: str) -> list[str]:
    """Return the dials about which real libraries do not differ."""
    return [dial for dial in SCHEMES[scheme].dials if dial not in SCHEMES[scheme].open_to_choice]


def headers(scheme: str, dial: str = "correct", *, secrets: Secrets = (), **more: object) -> dict[str, str]:
    """Sign now as our provider does."""
    signature = Signature(scheme, dial, id="msg_1", **more)  # type: ignore[arg-type]
    body = str(more.pop("body", BODY)).encode()
    return dict(signature_headers(signature, secrets or (SECRETS[scheme],), body))


def accepts(scheme: str, made: dict[str, str], body: str = BODY, secret: str = "") -> bool:
    """Whether the library of the scheme accepts a delivery now; whatever it raises, it does not accept."""
    secret = secret or SECRETS[scheme]
    try:
        if scheme == "standard":
            standardwebhooks.Webhook(secret).verify(body, made, json_parse=False)
        elif scheme == "stripe":
            header = made.get("Stripe-Signature")
            stripe.WebhookSignature.verify_header(body, header, secret, tolerance=300)
        else:
            return bool(slack.SignatureVerifier(secret).is_valid_request(body, made))
    except (ValueError, TypeError, AttributeError, KeyError, stripe.SignatureVerificationError):
        return False
    except standardwebhooks.WebhookVerificationError:
        return False
    return True


@pytest.mark.parametrize(
    ("scheme", "dial"), [(scheme, dial) for scheme in LIBRARIES for dial in judged(scheme)]
)
def test_the_library_accepts_the_genuine_dials_and_no_other(scheme: str, dial: str) -> None:
    """Right deliveries are right and wrong ones are wrong, in the eyes of the provider's own library."""
    assert accepts(scheme, headers(scheme, dial)) == (dial in SCHEMES[scheme].genuine)


@pytest.mark.parametrize("scheme", LIBRARIES)
@given(body=st.text())
@settings(max_examples=50)
def test_every_body_that_we_sign_is_accepted(scheme: str, body: str) -> None:
    """Whatever text the body holds, the library finds the signature right."""
    text = body.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    made = dict(
        signature_headers(Signature(scheme, "correct", id="msg_1"), (SECRETS[scheme],), text.encode())
    )
    assert accepts(scheme, made, text)


@pytest.mark.parametrize("scheme", LIBRARIES)
@pytest.mark.parametrize(("skew", "accepted"), [(-290, True), (-310, False), (290, True)])
def test_a_skewed_clock_meets_the_librarys_tolerance(scheme: str, skew: int, accepted: bool) -> None:
    """Within five minutes a delivery is recent, before that it is too old. (Stripe's takes any future.)"""
    assert accepts(scheme, headers(scheme, skew=skew)) == accepted


@pytest.mark.parametrize("scheme", ["standard", "stripe"])
def test_during_a_rotation_either_secret_verifies(scheme: str) -> None:
    """A delivery that both secrets sign is accepted by receivers that hold the one or the other."""
    both = headers(scheme, secrets=(OTHER, SECRETS[scheme]))
    assert accepts(scheme, both)
    assert accepts(scheme, both, secret=OTHER)
    assert not accepts(scheme, headers(scheme), secret=OTHER)


@given(body=st.text(alphabet=st.characters(exclude_categories=["Cs"])), age=st.integers(0, 10**9))
def test_the_librarys_signature_is_ours(body: str, age: int) -> None:
    """Signed by the library for the same id, time and body, a delivery carries exactly our value."""
    then = int(time.time()) - age
    ours = {
        scheme: dict(
            signature_headers(
                Signature(scheme, "correct", id="msg_1"), (SECRETS[scheme],), body.encode(), then
            )
        )
        for scheme in LIBRARIES
    }
    moment = datetime.fromtimestamp(then, UTC)
    signed = standardwebhooks.Webhook(SECRETS["standard"]).sign("msg_1", moment, body)
    assert ours["standard"]["webhook-signature"] == signed
    header = stripe.WebhookSignature.generate_signature_header(body, SECRETS["stripe"], timestamp=then)
    assert ours["stripe"]["Stripe-Signature"] == header
    made = slack.SignatureVerifier(SECRETS["slack"]).generate_signature(timestamp=str(then), body=body)
    assert ours["slack"]["X-Slack-Signature"] == made


@pytest.mark.needs_node
def test_octokit_accepts_the_genuine_dials_and_no_other(node: Path) -> None:
    """GitHub's own library agrees about every dial, and signs as we do."""
    dials = judged("github")
    sent = [headers("github", dial).get("X-Hub-Signature-256", "") for dial in dials]
    said = ask_octokit(node, [(SECRETS["github"], BODY, value) for value in sent])
    assert {dial for dial, one in zip(dials, said, strict=True) if one.verified} == {"correct"}
    assert {one.signed for one in said} == {headers("github")["X-Hub-Signature-256"]}


@pytest.mark.needs_node
def test_octokit_and_we_sign_nasty_bodies_alike(node: Path) -> None:
    """Spaces, escapes, letters beyond ASCII, control characters: the same bytes, the same signature."""
    bodies = [BODY, " ", "\r\n", r'{"a":"\u00eb\/"}', '{"a":1e3,"a":1.0}', "\x00\x7f", "\ufeff{}", "e\u0301é"]
    ours = [
        dict(signature_headers(Signature("github", "correct"), (SECRETS["github"],), body.encode()))
        for body in bodies
    ]
    values = [made["X-Hub-Signature-256"] for made in ours]
    said = ask_octokit(node, [(SECRETS["github"], *pair) for pair in zip(bodies, values, strict=True)])
    assert [one.signed for one in said] == values
    assert all(one.verified for one in said)
