"""How often the diagnosis names the mistake that was planted, over all mutants."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.learning.diagnosis import Guess, guesses, shown_by

if TYPE_CHECKING:
    from app.content.course import Exercise


@dataclass(frozen=True)
class Diagnosed:
    """One mutant's run, diagnosed by the table of one language; `offered` is what stands first."""

    exercise: str
    language: str
    table: str
    planted: str
    offered: tuple[str, ...]

    @property
    def hit(self) -> float:
        """1 where the planted mistake stands first, 1/n where n that look the same do, else 0."""
        return 1 / len(self.offered) if self.planted in self.offered else 0.0


def diagnosed(
    exercise: "Exercise", language: str, planted: str, events: Sequence[Mapping[str, Any]]
) -> tuple[Diagnosed, ...]:
    """Diagnose a mutant's run by its own table and by that of every other language alone."""
    shown = shown_by(events)
    return tuple(
        Diagnosed(exercise.id, language, table, planted, first_of(guesses(shown, mutants)))
        for table, mutants in exercise.mutants.items()
    )


def first_of(found: Sequence[Guess]) -> tuple[str, ...]:
    """Return the mistake that is offered first, with those that fit just as well."""
    return tuple(guess.mutant for guess in found[: found[0].rivals + 1]) if found else ()


def share(results: Iterable[Diagnosed]) -> float:
    """Return the share of hits, from 0 to 1; 1 where there was nothing to diagnose."""
    hits = [result.hit for result in results]
    return sum(hits) / len(hits) if hits else 1.0
