"""The whole course as frozen values: what the files say, and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from app.content.problems import Problem
from app.content.scenario import Scenario
from app.errors import NotFound
from app.quiz.types import Quiz

NOT_OPENED = "not opened"


@dataclass(frozen=True)
class Source:
    """A page that a lesson rests on."""

    title: str
    url: str
    read: str  # the ISO date of the stored copy that was read, or NOT_OPENED


@dataclass(frozen=True)
class Lesson:
    """One page of prose."""

    id: str
    number: int
    title: str
    summary: str
    minutes: int
    objectives: tuple[str, ...]
    sources: tuple[Source, ...]
    body: str  # Markdown
    path: Path
    body_line: int = 1  # the line of the file on which the body begins
    core: bool = False  # it belongs to the core path


@dataclass(frozen=True)
class ListedSource:
    """A page on the web, and the lessons that rest on it."""

    title: str
    url: str
    read: str
    lessons: tuple[Lesson, ...] = ()


@dataclass(frozen=True)
class Language:
    """How a learner's program is started in one language."""

    name: str
    main: str
    run: tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """One requirement, judged by one function of the hidden suite."""

    id: str
    title: str
    task: int  # from 1, into Exercise.tasks
    hint: int | None = None  # from 1, into Exercise.hints


@dataclass(frozen=True)
class Edit:
    """One replacement in a solution's file; `find` stands there exactly once."""

    find: str
    put: str
    file: str | None = None  # None: the main file


@dataclass(frozen=True)
class Sign:
    """What a run shows where a mistake is, beside the checks that fail: each text that is given occurs there.

    Either at a check (in the sentence that says what is wrong, in what came instead, in what the program
    printed meanwhile), or as a probe: a wrong way to sign that the program accepts.
    """

    check: str = ""
    says: str = ""
    actual: str = ""
    stdout: str = ""
    stderr: str = ""
    probe: str = ""

    def __str__(self) -> str:
        """Say it as the file does, such as `check: repeat, actual: HTTP 409`."""
        return ", ".join(f"{name}: {text}" for name, text in vars(self).items() if text)


@dataclass(frozen=True)
class Mutant:
    """A known wrong solution: edits of the right one, the checks that it fails, and what shows it besides."""

    id: str
    story: str
    edits: tuple[Edit, ...]
    fails: tuple[str, ...]
    may: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True)
class ProviderPlan:
    """How the provider of an exercise signs, and where it sends."""

    scheme: str = "none"
    secret: str = "WEBHOOK_SECRET"  # noqa: S105 - the name of an environment variable
    path: str = "/webhook"


@dataclass(frozen=True)
class Exercise:
    """One folder of exercises/."""

    id: str
    number: int
    title: str
    lesson: str
    kind: str
    minutes: int
    starts_from: str | None
    languages: tuple[Language, ...]
    env: Mapping[str, str]
    tasks: tuple[str, ...]
    checks: tuple[Check, ...]
    hints: tuple[str, ...]
    provider: ProviderPlan
    mutants: Mapping[str, tuple[Mutant, ...]]
    readme: str  # Markdown
    folder: Path
    optional: bool = False  # nobody has to do it to go on

    def language(self, name: str) -> Language:
        """Give one of its languages, or say which there are."""
        for language in self.languages:
            if language.name == name:
                return language
        known = ", ".join(language.name for language in self.languages)
        raise NotFound(f"The exercise {self.id} has no language {name!r}.", f"It has: {known}.")

    def starter(self, language: str) -> Path:
        """Give the folder of what a learner begins with."""
        return self.folder / "starter" / language

    def solutions(self, language: str) -> tuple[Path, ...]:
        """Give the folders of all right programs; the first is the one that mutants edit."""
        others = sorted((self.folder / "solution").glob(f"{language}-*"))
        return (self.folder / "solution" / language, *others)

    def support(self, language: str) -> Path | None:
        """Give the folder of the files that a learner gets and the course keeps."""
        folder = self.folder / "support" / language
        return folder if folder.is_dir() else None

    @property
    def checks_folder(self) -> Path:
        """Give the folder of the hidden suite."""
        return self.folder / "checks"


@dataclass(frozen=True)
class Step:
    """One thing to do on the way through the course."""

    kind: str  # "lesson" | "exercise" | "quiz"
    id: str
    title: str
    minutes: int
    core: bool = False  # it stands on the core path
    optional: bool = False  # it stands beside the path: nobody has to do it to go on


@dataclass(frozen=True)
class Mark:
    """A place in a content file."""

    path: str
    line: int
    column: int


@dataclass(frozen=True)
class Course:
    """Everything that the content folders hold, in the order of the course."""

    lessons: tuple[Lesson, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    quizzes: tuple[Quiz, ...] = ()
    problems: tuple[Problem, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    marks: Mapping[str, Mark] = field(default_factory=dict, repr=False)  # where references stand, for lint

    def lesson(self, lesson_id: str) -> Lesson:
        """Give the lesson with this id, or say which one may be meant."""
        return _the_one("lesson", lesson_id, self.lessons)

    def exercise(self, exercise_id: str) -> Exercise:
        """Give the exercise with this id, or say which one may be meant."""
        return _the_one("exercise", exercise_id, self.exercises)

    def quiz(self, quiz_id: str) -> Quiz:
        """Give the quiz with this id, or say which one may be meant."""
        return _the_one("quiz", quiz_id, self.quizzes)

    def scenario(self, name: str) -> Scenario:
        """Give the scenario with this name, or say which one may be meant."""
        by_name = {scenario.name: scenario for scenario in self.scenarios}
        if name in by_name:
            return by_name[name]
        raise NotFound(f"There is no scenario called {name!r}.", did_you_mean(name, by_name))

    def scenarios_of(self, exercise_id: str) -> tuple[Scenario, ...]:
        """Give the scenarios of an exercise, by name."""
        return tuple(each for each in self.scenarios if each.exercise == exercise_id)

    def find(self, step_id: str) -> Step:
        """Give the step with this id, of whatever kind."""
        return _the_one("lesson, exercise or quiz", step_id, self.steps)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Give the way through the course: each lesson, then its exercises, then its quizzes."""
        known = {lesson.id for lesson in self.lessons}
        steps: list[Step] = []
        for lesson in self.lessons:
            core = lesson.core
            steps.append(Step("lesson", lesson.id, lesson.title, lesson.minutes, core))
            steps += [_exercise_step(each, core) for each in self.exercises if each.lesson == lesson.id]
            steps += [_quiz_step(each, core) for each in self.quizzes if each.lesson == lesson.id]
        steps += [_exercise_step(each) for each in self.exercises if each.lesson not in known]
        steps += [_quiz_step(each) for each in self.quizzes if each.lesson not in known]
        return tuple(steps)

    @cached_property
    def sources(self) -> tuple[ListedSource, ...]:
        """Give every page on the web that a lesson rests on, once, with the lessons; by title."""
        found: dict[str, ListedSource] = {}
        for lesson in self.lessons:
            for source in lesson.sources:
                known = found.get(source.url, ListedSource(source.title, source.url, source.read))
                dates = [read for read in (known.read, source.read) if read != NOT_OPENED]
                read = max(dates, default=NOT_OPENED)
                found[source.url] = replace(known, read=read, lessons=(*known.lessons, lesson))
        return tuple(sorted(found.values(), key=lambda each: (each.title.casefold(), each.url)))


Item = TypeVar("Item", Lesson, Exercise, Quiz, Step)


def _exercise_step(exercise: Exercise, core: bool = False) -> Step:
    return Step("exercise", exercise.id, exercise.title, exercise.minutes, core, exercise.optional)


def _quiz_step(quiz: Quiz, core: bool = False) -> Step:
    """A question takes about a minute, reading its explanation included."""
    return Step("quiz", quiz.id, quiz.title, quiz.asked, core)


def _the_one(kind: str, item_id: str, items: Iterable[Item]) -> Item:
    by_id = {item.id: item for item in items}
    if item_id in by_id:
        return by_id[item_id]
    raise NotFound(f"There is no {kind} called {item_id!r}.", did_you_mean(item_id, by_id))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Say which known word is closest, else list them all."""
    known = list(known)
    close = get_close_matches(word, known, n=1)
    if close:
        return f"Did you mean {close[0]}?"
    return f"There is: {', '.join(known)}." if known else "There is none yet."
