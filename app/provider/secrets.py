"""Secrets: the forms in which providers give them out, and the names by which a record refers to them.

In a manifest's `env` a value `fresh` stands for a new secret in each run, `fresh-standard` and `fresh-stripe`
for one in that provider's form; several with commas between them are a list of secrets.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping

FRESH = "fresh"


def _standard(digits: str) -> str:
    return "whsec_" + base64.b64encode(hashlib.sha256(digits.encode("ascii")).digest()).decode("ascii")


FORMS: Mapping[str, Callable[[str], str]] = {
    FRESH: lambda digits: digits,
    "fresh-standard": _standard,
    "fresh-stripe": lambda digits: "whsec_" + digits,
}
"""From the word in a manifest to the form of a secret, made of 48 hex digits."""


def is_fresh(value: str) -> bool:
    """Whether a manifest's `env` value stands for a secret or a list of them."""
    return all(word in FORMS for word in value.split(","))


def filled(declared: Mapping[str, str], draw: Callable[[], str]) -> dict[str, str]:
    """Fill in the secrets of a manifest's `env`; `draw` gives 48 hex digits, other ones each time."""
    return {
        name: ",".join(FORMS[word](draw()) for word in value.split(",")) if is_fresh(value) else value
        for name, value in declared.items()
    }


def practice_environment(declared: Mapping[str, str], practice: str) -> dict[str, str]:
    """Fill in a manifest's `env` for a program run by hand; its first secret is the practice secret."""
    drawn: list[str] = []

    def draw() -> str:
        made = practice if not drawn else hashlib.sha256(f"{practice} {len(drawn)}".encode()).hexdigest()[:48]
        drawn.append(made)
        return made

    return filled(declared, draw)


def name_of(secret: str, environment: Mapping[str, str]) -> str:
    """Return the name of a secret, `NAME` or `NAME[1]` in a list; nothing where the environment lacks it."""
    for name, value in environment.items():
        if value == secret:
            return name
        parts = value.split(",")
        if secret and secret in parts:
            return f"{name}[{parts.index(secret)}]"
    return ""


def named(name: str, environment: Mapping[str, str]) -> str | None:
    """Return the secret of a name that `name_of` gave, or None where the environment has none."""
    variable, _, place = name.rstrip("]").partition("[")
    value = environment.get(variable)
    if value is None or not place:
        return value
    parts = value.split(",")
    return parts[int(place)] if int(place) < len(parts) else None
