"""Prove that exercises judge rightly: starters fail, solutions pass, each mutant fails what it declares."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.checks.runner import RunResult, new_seed
from app.content.mutants import mutant_named
from app.learning.classroom import Classroom
from app.learning.diagnosis import shown_by
from app.learning.mistaken import mistaken_program
from app.learning.running import run_order

if TYPE_CHECKING:
    from app.checks.slot import Slot
    from app.content.course import Course, Exercise, Mutant
    from app.content.scenario import Scenario

AT_ONCE = 2

RUNS_OF_FIRST = 3
"""So often the first solution of a language runs, with other inputs each time; others run once."""

_NOT_RUN = (126, 127)
"""Exit codes of a shell whose command can't be run, or isn't there (POSIX, Shell Command Language 2.8.2)."""


@dataclass(frozen=True)
class Trial:
    """One program to run: a starter, a solution, a mutant, or one that a scenario plays with."""

    exercise: "Exercise"
    language: str
    kind: str  # "starter" | "solution" | "mutant" | "scenario"
    name: str
    seed: int
    folder: Path
    mutant: "Mutant | None" = None
    scenario: "Scenario | None" = None


@dataclass(frozen=True)
class Tried:
    """How a trial ended; `finding` is empty when it ended as it has to. `done` of `total` trials are over."""

    trial: Trial
    result: RunResult
    finding: str
    done: int
    total: int


@dataclass(frozen=True)
class Finding:
    """What is wrong with an exercise: which program, what it did, and the run that shows it."""

    exercise: str
    language: str
    kind: str
    name: str
    message: str
    seed: int
    result: RunResult | None = None


def verify(
    classroom: Classroom,
    exercise_ids: Sequence[str],
    report: Callable[[Tried], None],
    runs_of_solution: int | None = None,
    only: str = "",
    both_ways: bool = False,
) -> tuple[Finding, ...]:
    """Run every starter, solution, mutant and scenario, two at a time.

    Every solution runs `runs_of_solution` times; without it the first of a language three times, others once.
    `only` keeps the trials of one kind (starter, solution, mutant, scenario). With `both_ways` each runs in a
    slot that waits and then, on the same inputs, by ordinary starts alone; they have to end alike.
    Raises NotFound for an unknown id.
    """
    exercises = [classroom.course.exercise(exercise_id) for exercise_id in exercise_ids]
    findings = [finding for exercise in exercises for finding in _content_findings(classroom, exercise)]
    trials = [trial for exercise in exercises for trial in trials_of(exercise, runs_of_solution)]
    trials += [trial for exercise in exercises for trial in _scenario_trials(classroom.course, exercise)]
    trials = [trial for trial in trials if only in ("", trial.kind)]
    for tried in _tried(classroom, trials, both_ways):
        report(tried)
        if tried.finding:
            findings.append(_finding(tried.trial, tried.finding, tried.result))
    return tuple(findings)


def _tried(classroom: Classroom, trials: Sequence[Trial], both_ways: bool) -> Iterator[Tried]:
    """Run trials, two at a time; each is yielded when it is over."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = {pool.submit(judge, classroom, trial, both_ways): trial for trial in trials}
        try:
            for done, future in enumerate(as_completed(list(running)), start=1):
                trial = running.pop(future)  # what a run left in memory goes with it
                yield Tried(trial, *future.result(), done, len(trials))
        finally:
            for future in running:
                future.cancel()


def _content_findings(classroom: Classroom, exercise: "Exercise") -> Iterator[Finding]:
    """What the loader already found in the exercise's own folder."""
    folder = f"exercises/{exercise.folder.name}/"
    for problem in classroom.course.problems:
        if problem.path.startswith(folder) and problem.level == "error":
            yield Finding(exercise.id, "", "content", problem.path, str(problem), 0)


def trials_of(exercise: "Exercise", runs_of_solution: int | None = None) -> Iterator[Trial]:
    """List all programs of an exercise that have to be judged."""
    for language in (each.name for each in exercise.languages):
        yield Trial(exercise, language, "starter", "starter", new_seed(), exercise.starter(language))
        for folder in exercise.solutions(language):
            first = folder == exercise.solutions(language)[0]
            for _ in range(runs_of_solution or (RUNS_OF_FIRST if first else 1)):
                yield Trial(exercise, language, "solution", folder.name, new_seed(), folder)
        solution = exercise.solutions(language)[0]
        for mutant in exercise.mutants.get(language, ()):
            yield Trial(exercise, language, "mutant", mutant.id, new_seed(), solution, mutant)


def _scenario_trials(course: "Course", exercise: "Exercise") -> Iterator[Trial]:
    """Each scenario has to play to its end with the starter and with the solution, else with its mistake."""
    for scenario in course.scenarios_of(exercise.id):
        for language in (each.name for each in exercise.languages):
            if scenario.mistake:
                mutant = mutant_named(exercise, language, scenario.mistake)
                name = f"{scenario.name} with {mutant.id}"
                folder = exercise.solutions(language)[0]
                yield Trial(exercise, language, "scenario", name, new_seed(), folder, mutant, scenario)
                continue
            for folder in (exercise.starter(language), exercise.solutions(language)[0]):
                name = f"{scenario.name} with the {folder.parent.name}"
                yield Trial(exercise, language, "scenario", name, new_seed(), folder, scenario=scenario)


def judge(classroom: Classroom, trial: Trial, both_ways: bool = False) -> tuple[RunResult, str]:
    """Run one trial; returns the result and what is wrong with it, or nothing."""
    with _program_of(trial) as folder:
        if not both_ways:
            result = _run(classroom, trial, folder)
            return result, what_is_wrong(trial, result)
        with classroom.slots.take(trial.language) as slot:
            warm = _run(classroom, trial, folder, slot)
        patient = classroom.runner.with_patience()
        with contextlib.closing(patient.prepare(trial.language, keeper=False)) as cold:
            ordinary = _run(classroom, trial, folder, cold)
    return warm, what_is_wrong(trial, warm) or difference(trial, warm, ordinary)


def _program_of(trial: Trial) -> AbstractContextManager[Path]:
    if trial.mutant is None:
        return nullcontext(trial.folder)
    return mistaken_program(trial.exercise, trial.language, trial.mutant)


def _run(classroom: Classroom, trial: Trial, folder: Path, slot: "Slot | None" = None) -> RunResult:
    order = run_order(trial.exercise, trial.language, folder, seed=trial.seed)
    if trial.scenario is not None:
        order = replace(order, checks=(), scenario=trial.scenario.script())
    # What a program does is to be proven, not how fast this machine is just now.
    return classroom.runner.with_patience().run(order, lambda event: None, slot=slot)


def difference(trial: Trial, warm: RunResult, ordinary: RunResult) -> str:
    """Say in which checks two runs on the same inputs differ, those left aside that may fail or not."""
    one, other = outcomes_of(warm), outcomes_of(ordinary)
    free = trial.mutant.may if trial.mutant is not None else ()
    differ = [check for check in one | other if one.get(check) != other.get(check) and check not in free]
    if differ:
        return f"A slot that waited and an ordinary start disagree about {', '.join(differ)}."
    if not free and warm.verdict != ordinary.verdict:
        return f"A slot that waited says {warm.verdict}, an ordinary start {ordinary.verdict}."
    return ""


def what_is_wrong(trial: Trial, result: RunResult) -> str:
    """Say in one sentence what a result has that it must not have; nothing when all is well."""
    outcomes = outcomes_of(result)
    errors = [check for check, outcome in outcomes.items() if outcome == "error"]
    if result.verdict == "course_fault":
        return f"The run was a fault of the course: {result.reason}"
    if trial.scenario is not None:
        return _end_of_play(result)
    if errors:
        return f"The suite broke instead of judging: {', '.join(errors)}."
    if trial.kind == "solution":
        return "" if result.verdict == "passed" else f"A right solution fails {_failed(outcomes)}."
    if result.verdict == "passed":
        return f"The {trial.kind} passes: no check catches it."
    if trial.kind == "starter":
        return "" if _ran(trial, result) else "The starter does not run: it must start, and then fail."
    return "" if trial.mutant is None else _mutant_mistake(trial.mutant, result)


def _ran(trial: Trial, result: RunResult) -> bool:
    """Whether a program came to do its work: a server that listened, a command that ended by itself."""
    if trial.exercise.kind == "server":
        return any(event["event"] == "program_ready" for event in result.events)
    ends = [event for event in result.events if event["event"] == "program_exited"]
    return any(end["signal"] is None and end["code"] not in _NOT_RUN for end in ends)


def _end_of_play(result: RunResult) -> str:
    causes = [event["cause"] for event in result.events if event["event"] == "scenario_finished"]
    ended = [cause["rationale"] for cause in causes if cause]
    return f"It does not play to its end. {ended[0]}" if ended else ""


def _mutant_mistake(mutant: "Mutant", result: RunResult) -> str:
    outcomes = outcomes_of(result)
    failed = {check for check, outcome in outcomes.items() if outcome == "failed"}
    judged = {check for check, outcome in outcomes.items() if outcome != "skipped"}
    alive = (set(mutant.fails) & judged) - failed
    extra = failed - set(mutant.fails) - set(mutant.may)
    if alive:
        return f"It is declared to fail {', '.join(sorted(alive))}, which it passes."
    if extra:
        return f"It fails {', '.join(sorted(extra))}, which is not declared."
    shown = shown_by(result.events)
    missing = [f"`{sign}`" for sign in mutant.signs if not shown.shows(sign)]
    return f"Its run does not show the declared sign {' and '.join(missing)}." if missing else ""


def telling_checks(trial: Trial, result: RunResult) -> tuple[str, ...]:
    """Name the checks whose runs show what is wrong: those that let a mutant live, else those that failed."""
    outcomes = outcomes_of(result)
    failed = [check for check, outcome in outcomes.items() if outcome in ("failed", "error")]
    if trial.mutant is None:
        return tuple(failed)
    alive = [check for check in trial.mutant.fails if outcomes.get(check) == "passed"]
    return tuple(
        alive or [check for check in failed if check not in (*trial.mutant.fails, *trial.mutant.may)]
    )


def _failed(outcomes: dict[str, str]) -> str:
    return ", ".join(check for check, outcome in outcomes.items() if outcome != "passed") or "no check"


def outcomes_of(result: RunResult) -> dict[str, str]:
    """Return the outcome of each check that was reported."""
    finished = [event for event in result.events if event["event"] == "check_finished"]
    return {event["check"]: event["outcome"] for event in finished}


def _finding(trial: Trial, message: str, result: RunResult) -> Finding:
    return Finding(trial.exercise.id, trial.language, trial.kind, trial.name, message, trial.seed, result)
