"""Secrets in the form of their provider, and the names by which records refer to them."""

import base64
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from app.provider.secrets import FORMS, filled, is_fresh, name_of, named, practice_environment

DECLARED = {
    "WEBHOOK_SECRET": "fresh",
    "STANDARD": "fresh-standard",
    "STRIPE": "fresh-stripe",
    "LIST": "fresh-standard,fresh-standard",
    "LIMIT": "5",
}


def made() -> dict[str, str]:
    """Return an environment whose secrets are drawn one after another."""
    numbers = count(1)
    return filled(DECLARED, lambda: f"{next(numbers):048x}")


def test_each_provider_has_its_form() -> None:
    """Plain digits; base64 of 32 bytes behind whsec_; text behind whsec_; a list; and what is no secret."""
    environment = made()
    assert environment["WEBHOOK_SECRET"] == "0" * 47 + "1"
    assert len(base64.b64decode(environment["STANDARD"].removeprefix("whsec_"), validate=True)) == 32
    assert environment["STRIPE"] == "whsec_" + "0" * 47 + "3"
    assert len(set(environment["LIST"].split(","))) == 2
    assert environment["LIMIT"] == "5"


def test_every_secret_has_a_name_that_leads_back() -> None:
    """A record names a secret; another environment gives the same place another secret."""
    environment = made()
    secrets = [part for name, value in environment.items() if name != "LIMIT" for part in value.split(",")]
    names = [name_of(secret, environment) for secret in secrets]
    assert names == ["WEBHOOK_SECRET", "STANDARD", "STRIPE", "LIST[0]", "LIST[1]"]
    assert [named(name, environment) for name in names] == secrets
    assert [named(name, {}) for name in names] == [None] * 5
    assert named("LIST[1]", {"LIST": "only-one"}) is None


def test_what_the_environment_does_not_hold_has_no_name() -> None:
    """A secret that only the check knows can't be found again."""
    assert name_of("somebody else's", made()) == ""
    assert named("", made()) is None


def test_by_hand_the_first_secret_is_the_practice_secret() -> None:
    """Lessons sign with it by hand; the others follow from it and differ."""
    practice = "ab" * 24
    environment = practice_environment(DECLARED, practice)
    assert environment["WEBHOOK_SECRET"] == practice
    assert environment == practice_environment(DECLARED, practice)
    secrets = [value for name, value in environment.items() if is_fresh(DECLARED[name])]
    assert len(set(secrets)) == len(secrets)
    assert practice not in "".join(secrets[1:])


@given(st.text())
def test_only_the_words_are_secrets(value: str) -> None:
    """Whatever else a manifest says stays as it stands."""
    words = set(value.split(","))
    assert is_fresh(value) == (words <= set(FORMS))
    if not is_fresh(value):
        assert filled({"NAME": value}, lambda: "0" * 48) == {"NAME": value}
