"""Load the content folders into one course, laid over each other.

The readers of lessons and quizzes are imported where they are used: `course check` needs one exercise only.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.content.course import Course, Exercise, Lesson, Mark
from app.content.exercise_file import MANIFEST, load_exercise
from app.content.files import DRAWN, IMAGE_SUFFIXES, NUMBERED, entries, name_of
from app.content.problems import Problem
from app.content.scenario import Scenario
from app.quiz.types import Quiz

__all__ = ["exercise_folder", "find_content", "folder_to_write", "load_course", "load_exercise"]

KINDS = ("lessons", "exercises", "quizzes")
_DUPLICATE = {"lesson": "L005", "exercise": "E005", "quiz": "Q022"}
QuizReader = Callable[[Path, Path], tuple[Quiz | None, tuple[Problem, ...], dict[str, tuple[int, int]]]]


@dataclass(frozen=True)
class _Entry:
    """One item as read, and where its parts stand."""

    kind: str
    item: Lesson | Exercise | Quiz
    name: str  # of its file
    marks: dict[str, Mark] = field(default_factory=dict)
    scenarios: tuple[tuple[Scenario, str], ...] = ()  # of an exercise, each with the name of its file


def find_content(settings_content: Sequence[Path] = ()) -> tuple[Path, ...]:
    """Give the content folders: the checkout, else the copy in the package, then the overlays."""
    package = Path(__file__).resolve().parents[1]
    shipped = (package.parent, package / "_content")
    found = [folder for folder in shipped if all((folder / kind).is_dir() for kind in KINDS)]
    return (*found[:1], *(Path(folder) for folder in settings_content))


def folder_to_write(folders: Sequence[Path]) -> Path | None:
    """Choose where new content goes: the checkout, else the first overlay; None where there is neither."""
    return next((folder for folder in folders if folder.name != "_content"), None)


def exercise_folder(folders: Sequence[Path], exercise_id: str) -> Path | None:
    """Find one exercise by its folder's name, without loading the course; the last folder wins."""
    for root in reversed(folders):
        for folder in entries(root / "exercises"):
            match = NUMBERED.fullmatch(folder.name)
            if match and match[2] == exercise_id and (folder / MANIFEST).is_file():
                return folder
    return None


def load_course(folders: Sequence[Path], compiled: Path | None = None) -> Course:
    """Read every file of every folder; mistakes end up in `problems`, never in an exception.

    `compiled` is a folder for quizzes as read before, so that only changed files are read.
    """
    if compiled is None:
        from app.content.quiz_file import read_quiz

        return _load_folders(folders, read_quiz)
    from app.content.compiled import Compiled, no_collection

    with no_collection():
        return _load_folders(folders, Compiled(compiled).read_quiz)


def _load_folders(folders: Sequence[Path], read_quiz: QuizReader) -> Course:
    merged: dict[str, _Entry] = {}
    problems: list[Problem] = []
    for root in folders:
        layer, found = _load_folder(root.absolute(), read_quiz)
        problems += found
        for entry in layer:
            problems += _lay_over(merged, entry)
    problems += _without_repeated_questions(merged)
    scenarios, repeated = _scenarios_of(merged)
    return _course(merged.values(), [*problems, *repeated], scenarios)


def _lay_over(merged: dict[str, _Entry], entry: _Entry) -> tuple[Problem, ...]:
    below = merged.get(entry.item.id)
    if below and below.kind != entry.kind:
        return (_taken(entry, below),)
    merged[entry.item.id] = entry
    return ()


def _load_folder(root: Path, read_quiz: QuizReader) -> tuple[list[_Entry], list[Problem]]:
    if not root.is_dir():
        message = "There is no such folder. Create it, or correct COURSE_CONTENT."
        return [], [Problem(root.as_posix(), 1, 1, "Y010", message)]
    problems: list[Problem] = []
    kept: dict[str, _Entry] = {}
    for entry, found in (*_lessons(root), *_exercises(root), *_quizzes(root, read_quiz)):
        problems += found
        if entry and entry.item.id in kept:
            problems.append(_taken(entry, kept[entry.item.id]))
        elif entry:
            kept[entry.item.id] = entry
    return list(kept.values()), problems


def _taken(entry: _Entry, other: _Entry) -> Problem:
    message = f"The id `{entry.item.id}` is taken by the {other.kind} {other.name}. Choose another one."
    return Problem(entry.name, 1, 1, _DUPLICATE[entry.kind], message)


Read = tuple[_Entry | None, tuple[Problem, ...]]


def _lessons(root: Path) -> Iterator[Read]:
    from app.content.lesson_file import read_lesson

    for file in entries(root / "lessons"):
        if file.suffix == ".svg":
            continue  # pictures: lint knows which belong to a diagram
        if file.suffix != ".md" or not NUMBERED.fullmatch(file.stem):
            yield None, _stray(file, root, "L010", "Lessons are named NN-<id>.md, pictures NN-<id>.<k>.svg.")
            continue
        lesson, problems = read_lesson(file, root)
        yield _entry("lesson", lesson, file, root), problems


def _exercises(root: Path) -> Iterator[Read]:
    from app.content.scenario_file import read_scenarios

    for folder in entries(root / "exercises"):
        if not folder.is_dir() or not NUMBERED.fullmatch(folder.name):
            yield None, _stray(folder, root, "E010", "Exercises are folders named NN-<id>.")
            continue
        if not (folder / MANIFEST).exists():
            message = "The exercise has no manifest. Write exercise.yaml, or remove the folder."
            yield None, (Problem(name_of(folder / MANIFEST, root), 1, 1, "E001", message),)
            continue
        exercise, problems = load_exercise(folder)
        entry = _entry("exercise", exercise, folder / MANIFEST, root)
        if entry and exercise:
            scenarios, found = read_scenarios(exercise, root)
            entry, problems = replace(entry, scenarios=scenarios), problems + found
        yield entry, problems


def _quizzes(root: Path, read_quiz: QuizReader) -> Iterator[Read]:
    quizzes: list[Quiz | None] = []
    others: list[Path] = []
    for file in entries(root / "quizzes"):
        if file.name == "quiz.schema.json":
            continue
        if file.suffix != ".yaml":
            others += file.rglob("*.*") if file.is_dir() else [file]
            continue
        quiz, problems, marks = read_quiz(file, root)
        quizzes.append(quiz)
        name = name_of(file, root)
        entry = _entry("quiz", quiz, file, root)
        if entry and quiz:
            entry.marks.update({f"{quiz.id}/{key}": Mark(name, *place) for key, place in marks.items()})
        yield entry, problems
    for other in others:
        if not _is_picture(other, root, quizzes):
            allowed = "Quizzes are named <id>.yaml; pictures lie beside them and are used by one."
            yield None, _stray(other, root, "Q023", allowed)


def _is_picture(file: Path, root: Path, quizzes: Iterable[Quiz | None]) -> bool:
    """Say whether a quiz shows the file; one that has a mistake may be the one that does."""
    name = name_of(file, root / "quizzes")
    drawn = DRAWN.fullmatch(name)
    if drawn and (file.parent / f"{drawn[1]}.yaml").is_file():
        return True  # lint knows which belong to a diagram
    if not name.lower().endswith(IMAGE_SUFFIXES):
        return False
    return any(quiz is None or name in quiz.pictures for quiz in quizzes)


def _stray(path: Path, root: Path, code: str, allowed: str) -> tuple[Problem, ...]:
    return (
        Problem(name_of(path, root), 1, 1, code, f"This belongs to nothing. {allowed} Rename or remove it."),
    )


def _entry(kind: str, item: Lesson | Exercise | Quiz | None, file: Path, root: Path) -> _Entry | None:
    if item is None:
        return None
    name = name_of(file, root)
    return _Entry(kind, item, name, {item.id: Mark(name, 1, 1)})


def _without_repeated_questions(merged: dict[str, _Entry]) -> Iterator[Problem]:
    """A question's id is unique in the course, since answers are kept by it; the later quiz goes."""
    first: dict[str, str] = {}
    for entry in list(merged.values()):
        if not isinstance(entry.item, Quiz):
            continue
        repeated = [each for each in entry.item.ids if each in first]
        for question_id in repeated:
            mark = entry.marks[f"{entry.item.id}/{question_id}"]
            message = f"The question id `{question_id}` stands in {first[question_id]}, too. Rename this one."
            yield Problem(mark.path, mark.line, mark.column, "Q004", message)
        if repeated:
            del merged[entry.item.id]
        else:
            first.update(dict.fromkeys(entry.item.ids, entry.name))


def _scenarios_of(merged: Mapping[str, _Entry]) -> tuple[tuple[Scenario, ...], list[Problem]]:
    """A scenario is asked for by its name alone, so a name that stands twice keeps its first scenario."""
    kept: dict[str, tuple[Scenario, str]] = {}
    problems = []
    for scenario, name in (each for entry in merged.values() for each in entry.scenarios):
        if scenario.name in kept:
            message = f"The name `{scenario.name}` is taken by {kept[scenario.name][1]}. Rename this file."
            problems.append(Problem(name, 1, 1, "S005", message))
        else:
            kept[scenario.name] = (scenario, name)
    return tuple(scenario for scenario, _ in kept.values()), problems


def _course(
    entries_: Iterable[_Entry], problems: Iterable[Problem], scenarios: tuple[Scenario, ...]
) -> Course:
    listed = list(entries_)
    lessons = [entry.item for entry in listed if isinstance(entry.item, Lesson)]
    exercises = [entry.item for entry in listed if isinstance(entry.item, Exercise)]
    quizzes = [entry.item for entry in listed if isinstance(entry.item, Quiz)]
    place = {lesson.id: lesson.number for lesson in lessons}
    return Course(
        lessons=tuple(sorted(lessons, key=lambda each: (each.number, each.id))),
        exercises=tuple(sorted(exercises, key=lambda each: (each.number, each.id))),
        quizzes=tuple(
            sorted(quizzes, key=lambda each: (place.get(each.lesson or "", 10_000), each.order, each.id))
        ),
        problems=tuple(sorted(set(problems))),
        scenarios=scenarios,
        marks={key: mark for entry in listed for key, mark in entry.marks.items()},
    )
