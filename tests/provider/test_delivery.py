"""One attempt: the request that the dials make, and the note by which it is signed again."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.provider.curl import signed_again
from app.provider.delivery import Dials, Endpoint, attempt
from app.provider.events import make_event
from app.provider.exchange import Exchange, Request, Signature, as_data
from app.provider.signing import SCHEMES
from tests.provider.strict_receiver import is_authentic

RANDOM = Random(1)  # noqa: S311
EVENT = make_event(RANDOM, "invoice.paid", {"amount": 1999})
RUN = {"WEBHOOK_SECRET": "whsec_" + "cnVu" * 8}
PRACTICE = {"WEBHOOK_SECRET": "whsec_" + "aGFuZA=="}
SIGNED = [scheme for scheme in SCHEMES if scheme != "none"]
NOW, LATER = 1_700_000_000, 1_700_500_000


def sent(scheme: str, **dials: object) -> tuple[Request, Signature | None]:
    """Make one attempt with the secret of the run."""
    endpoint = Endpoint("/webhook", scheme, tuple(RUN.values()))
    return attempt(endpoint, EVENT, Dials(**dials), RANDOM, RUN, NOW)  # type: ignore[arg-type]


def authentic(scheme: str, request: Request, secrets: dict[str, str], now: float) -> bool:
    """Whether a strict receiver with the secret would accept the request."""
    return is_authentic(scheme, secrets["WEBHOOK_SECRET"], request.headers, request.body, now)


@given(st.sampled_from(SIGNED), st.integers(0, len(EVENT.body) - 1))
def test_a_byte_changed_after_signing_is_noticed(scheme: str, place: int) -> None:
    """Whichever byte is changed on the way, the signature is of what it was before."""
    assert authentic(scheme, sent(scheme)[0], RUN, NOW)
    assert not authentic(scheme, sent(scheme, tamper=place)[0], RUN, NOW)


@given(st.sampled_from(SIGNED), st.sampled_from(["correct", "wrong-secret", "tampered", "truncated"]))
def test_by_hand_it_is_as_right_or_as_wrong_as_in_the_check(scheme: str, dial: str) -> None:
    """Signed again with another secret and days later, right deliveries are right and wrong ones wrong."""
    request, signature = sent(scheme, signature=dial)
    recorded = as_data(Exchange("provider", "program", 0, 1, request, None, "refused", signature))
    again = signed_again(recorded, PRACTICE, LATER)
    assert authentic(scheme, again, PRACTICE, LATER) == (dial == "correct")
    assert not authentic(scheme, again, RUN, LATER)
    assert again.body == request.body


def test_what_only_the_check_could_sign_is_repeated_as_it_was() -> None:
    """A secret that no environment holds can't sign again: the recorded bytes go out."""
    request, signature = sent("github", secret="of-another-tenant")
    recorded = as_data(Exchange("provider", "program", 0, 1, request, None, "refused", signature))
    assert signature is not None
    assert signature.secrets == ("",)
    assert signed_again(recorded, PRACTICE, LATER) == request


def test_the_skew_counts_from_the_moment_of_the_repeat() -> None:
    """A delivery that was too old in the check is too old by hand as well."""
    for skew, right in ((-290, True), (-310, False)):
        request, signature = sent("standard", skew=skew)
        recorded = as_data(Exchange("provider", "program", 0, 1, request, None, "refused", signature))
        assert authentic("standard", signed_again(recorded, PRACTICE, LATER), PRACTICE, LATER) == right


def test_a_further_attempt_differs_in_time_only() -> None:
    """The id and the body stay, the timestamp and the signature are new."""
    first, again = dict(sent("standard")[0].headers), dict(sent("standard", attempt=1)[0].headers)
    assert {name for name in first if first[name] != again[name]} == {
        "webhook-timestamp",
        "webhook-signature",
    }
