"""From a failed run to the known mistakes that it looks like: pure functions over the run's events.

A run shows things: each check that failed, and each sign of a mistake (a text at a check, a probe that the
program accepts). A known mistake has things to show as well: the checks that it fails, and its signs. How
much the two are alike is the share of all these things that stand on both sides (the Jaccard index): 1 where
the run shows everything that the mistake shows, and nothing else. Left out is what can't tell: checks that
were not run or made no sense, signs at such checks, and checks that the mistake fails only sometimes (`may`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.content.course import Mutant, Sign

LEAST_ALIKE = 0.5
"""A mistake that shares less than half of all things with the run is not offered."""

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Guess:
    """A known mistake that a run looks like."""

    mutant: str
    story: str
    alike: float  # from LEAST_ALIKE to 1
    is_exact: bool  # every check was judged, and the run shows what this mistake shows, and nothing else
    rivals: int = 0  # so many other mistakes fit just as well


@dataclass(frozen=True)
class Shown:
    """What a finished run shows."""

    declared: frozenset[str]  # the checks that the exercise has
    finished: Mapping[str, Event]  # the event check_finished of each check that was reported
    probes: Mapping[str, bool]  # whether the program accepts a delivery that is signed this wrong way

    @cached_property
    def failed(self) -> frozenset[str]:
        """The checks that failed."""
        return self._with_outcome("failed")

    @cached_property
    def judged(self) -> frozenset[str]:
        """The checks that passed or failed; one that was not run, or made no sense, tells nothing."""
        return self.failed | self._with_outcome("passed")

    @property
    def is_whole(self) -> bool:
        """Whether every check was judged."""
        return self.judged == self.declared

    @property
    def died_at(self) -> frozenset[str]:
        """The check in which the program ended, if it did: the one before those that were not run."""
        checks = list(self.finished)
        skipped = self._with_outcome("skipped")
        first = next((place for place, check in enumerate(checks) if check in skipped), 0)
        return frozenset(checks[first - 1 : first]) if first else frozenset()

    def can_tell(self, sign: "Sign") -> bool:
        """Whether the run could show this sign."""
        return sign.probe in self.probes if sign.probe else sign.check in self.judged

    def shows(self, sign: "Sign") -> bool:
        """Whether the run shows this sign."""
        if sign.probe:
            return self.probes.get(sign.probe, False)
        event = self.finished.get(sign.check)
        return event is not None and all(
            text in _part(event, name) for name, text in vars(sign).items() if text and name != "check"
        )

    def _with_outcome(self, outcome: str) -> frozenset[str]:
        return frozenset(check for check, event in self.finished.items() if event["outcome"] == outcome)


def shown_by(events: Iterable[Event]) -> Shown:
    """Read what a run shows from its events."""
    declared: frozenset[str] = frozenset()
    finished: dict[str, Event] = {}
    probes: dict[str, bool] = {}
    for event in events:
        if event["event"] == "run_started":
            declared = frozenset(check["id"] for check in event["checks"])
        elif event["event"] == "check_finished":
            finished[event["check"]] = event
        elif event["event"] == "probe_finished":
            probes[event["dial"]] = bool(event["accepted"])
    return Shown(declared, finished, probes)


def guesses(shown: Shown, mutants: Sequence["Mutant"]) -> tuple[Guess, ...]:
    """Return the known mistakes that a failed run looks like, the likeliest first; none where nothing tells.

    Of two that are equally alike, the one with more signs in the run goes first, then the one whose result
    needs less excuse by `may`. A program that ended, and failed nothing else, needs a sign: everything can
    make a program end.
    """
    fits = [_fit(shown, mutant) for mutant in mutants]
    tells = bool(shown.failed - shown.died_at)
    fits = [fit for fit in fits if fit.alike >= LEAST_ALIKE and (tells or fit.signs)]
    fits.sort(key=lambda fit: fit.rank)
    return tuple(_guess(shown, fit, fits) for fit in fits)


@dataclass(frozen=True)
class _Fit:
    mutant: "Mutant"
    alike: float
    signs: int  # of the mistake's signs, so many stand in the run
    excused: int  # so many failures are only possible with this mistake, not certain

    @property
    def rank(self) -> tuple[float, int, int]:
        return (-self.alike, -self.signs, self.excused)


def _fit(shown: Shown, mutant: "Mutant") -> _Fit:
    may = frozenset(mutant.may)
    fails = frozenset(mutant.fails) & shown.judged
    failed = shown.failed - may
    signs = [sign for sign in mutant.signs if shown.can_tell(sign)]
    there = sum(map(shown.shows, signs))
    every = len(fails | failed) + len(signs)
    alike = (len(fails & failed) + there) / every if every else 0.0
    return _Fit(mutant, alike, there, len(shown.failed & may))


def _guess(shown: Shown, fit: _Fit, fits: list[_Fit]) -> Guess:
    rivals = sum(other.rank == fit.rank for other in fits) - 1
    return Guess(fit.mutant.id, fit.mutant.story, fit.alike, fit.alike == 1 and shown.is_whole, rivals)


def _part(event: Event, name: str) -> str:
    """Return the text of a finished check in which a sign of this name stands."""
    if name in ("stdout", "stderr"):
        return "".join(str(entry["text"]) for entry in event["output"] if entry["stream"] == name)
    field = "rationale" if name == "says" else name
    return str((event["cause"] or {}).get(field, ""))
