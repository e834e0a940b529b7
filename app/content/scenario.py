"""A scenario: scripted actions of a provider against the learner's program, without a verdict."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Delivery:
    """What a step sends. The first one of an event says its type and data; later ones are the same event."""

    event: str
    type: str = ""
    data: str = "{}"  # JSON
    by: str = "provider"  # or a stranger, who can't sign
    signature: str = "correct"
    body: str | None = None  # exactly this text; of a first one the later ones send it, too
    tamper: tuple[str, str] | None = None  # after signing: a text, and what stands there instead
    attempts: int = 1  # at most so many: again only after a status that is not 2xx, or no answer
    attempt: int = 0  # 1 and more: this is a further attempt
    skew: int = 0  # seconds by which the clock of the sender is ahead
    way: str = "whole"  # over the wire; one of app.provider.wire.WAYS
    path: str = ""
    scheme: str = ""
    secret: str = ""  # a variable of the manifest's env, or with [0], [1] one of its list; or names of `keep`
    headers: Mapping[str, str] = field(default_factory=dict)  # more of them
    hold: str = ""  # a point at which the program stands still; killed there by the next step, or let go on


@dataclass(frozen=True)
class PlainRequest:
    """A request that is no delivery, by whoever operates the program."""

    path: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)  # $NAME is a variable of the manifest's env
    body: str = ""  # with one it is JSON, unless the headers say otherwise
    keep: Mapping[str, str] = field(default_factory=dict)  # a name for a member of the JSON answer


@dataclass(frozen=True)
class Api:
    """What the provider's own API answers when the program asks for a path, with any query."""

    path: str
    answer: str  # JSON


@dataclass(frozen=True)
class ScenarioStep:
    """One sentence for the learner and one action, such as send, get or wait."""

    say: str
    send: Delivery | None = None
    together: tuple[Delivery, ...] = ()  # at the same moment
    hold: str = ""  # a point at which the first of those stands still until the others are answered
    get: str = ""  # a path to ask for
    request: PlainRequest | None = None
    wait: str = ""  # a text that the program should print
    program: str = ""  # start, restart or kill
    downstream: str = ""  # what the service that the program calls does from now on
    api: Api | None = None  # what the provider's own API answers from now on
    timeout: float = 0.0  # seconds that each request, or the waiting, may take; 0: the usual

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """What it sends."""
        return (self.send,) if self.send else self.together


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
    mistake: str = ""  # a mutant that plays instead of the learner's program

    def script(self) -> dict[str, Any]:
        """Give what the player needs, as plain values."""
        steps = [asdict(step) for step in self.steps]
        return {
            "name": self.name,
            "title": self.title,
            "values": dict(self.values),
            "steps": steps,
            "mistake": self.mistake,
        }
