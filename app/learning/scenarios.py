"""Play a scenario against the learner's own program; nothing is judged and nothing is stored."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.content.mutants import mutant_named
from app.learning.classroom import Classroom
from app.learning.mistaken import mistaken_program
from app.learning.progress import language_of
from app.learning.running import run_order
from app.learning.workspace import started_folder, write_beginning

if TYPE_CHECKING:
    from app.checks.cancel import Cancel
    from app.checks.runner import RunResult
    from app.checks.slot import Slot

Report = Callable[[dict[str, Any]], None]
OWN, CARRIED, STARTER, MISTAKEN = "own", "carried", "starter", "mistaken"


@dataclass(frozen=True)
class Program:
    """The program that a scenario runs: the learner's own, what they would begin with, or a mistaken one."""

    exercise: str
    language: str
    whose: str  # own, carried (their last pass of the exercise before), starter, or mistaken (the course's)


def program_of(classroom: Classroom, name: str, language: str | None = None) -> Program:
    """Say which program a scenario would run; NotFound for an unknown name or language."""
    with _files(classroom, name, language) as (program, _):
        return program


def play(
    classroom: Classroom,
    name: str,
    language: str | None = None,
    *,
    seed: int | None = None,
    report: Report | None = None,
    cancel: "Cancel | None" = None,
    run_id: str | None = None,
    slot: "Slot | None" = None,
) -> "RunResult":
    """Play a scenario and return its result; the exercise's folder is not made where it is not there yet.

    A given slot stays its owner's to close.
    """
    from app.checks.runner import new_seed

    scenario = classroom.course.scenario(name)
    with _files(classroom, name, language) as (program, folder):
        exercise = classroom.course.exercise(scenario.exercise)
        seed = new_seed() if seed is None else seed
        order = run_order(exercise, program.language, folder, seed=seed, run_id=run_id)
        order = replace(order, checks=(), scenario=scenario.script())
        return classroom.runner.run(order, report or (lambda event: None), cancel, slot)


@contextmanager
def _files(classroom: Classroom, name: str, language: str | None) -> Iterator[tuple[Program, Path]]:
    scenario = classroom.course.scenario(name)
    exercise, exercise_id = classroom.course.exercise(scenario.exercise), scenario.exercise
    language = exercise.language(language or language_of(classroom, exercise_id)).name
    if scenario.mistake:
        with mistaken_program(exercise, language, mutant_named(exercise, language, scenario.mistake)) as made:
            yield Program(exercise_id, language, MISTAKEN), made
        return
    folder = started_folder(classroom, exercise_id, language)
    if folder is not None:
        yield Program(exercise_id, language, OWN), folder
        return
    # A look must not fix what the learner begins with: they may pass the exercise before only later.
    with tempfile.TemporaryDirectory(prefix=f"webhook-course-{os.getpid()}-") as place:
        carried = write_beginning(classroom, exercise_id, language, Path(place))
        yield Program(exercise_id, language, CARRIED if carried else STARTER), Path(place)
