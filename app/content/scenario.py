"""A scenario: scripted actions of a provider against the learner's program, without a verdict."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Delivery:
    """What a step sends. The first one of an event says its type and data; later ones are the same event."""

    event: str
    type: str = ""
    data: str = "{}"  # JSON
    by: str = "provider"  # or a stranger, who can't sign
    signature: str = "correct"
    hold: str = ""  # a point at which the program stands still; killed there by the next step, or let go on


@dataclass(frozen=True)
class ScenarioStep:
    """One sentence for the learner and one action: send, get, wait or program."""

    say: str
    send: Delivery | None = None
    get: str = ""  # a path to ask for
    wait: str = ""  # a text that the program should print
    program: str = ""  # start, restart or kill


@dataclass(frozen=True)
class Scenario:
    """One file of exercises/<id>/scenarios/. In its texts `$name` stands for a value or an event's id."""

    name: str
    exercise: str
    title: str
    intro: str
    values: Mapping[str, str]  # a name, and the prefix of the identifier that is drawn for it in each run
    steps: tuple[ScenarioStep, ...]
    question: str
    answer: str

    def script(self) -> dict[str, Any]:
        """Give what the player needs, as plain values."""
        steps = [asdict(step) for step in self.steps]
        return {"name": self.name, "title": self.title, "values": dict(self.values), "steps": steps}
