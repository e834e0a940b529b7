"""Read one quiz file into plain questions."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.content.course import did_you_mean
from app.content.files import MAX_QUIZ_BYTES, name_of, read_text
from app.content.problems import Problem
from app.content.quiz_across import warnings_across
from app.content.quiz_build import quiz_of
from app.content.quiz_hazards import hazards_of
from app.content.quiz_rules import Around, Finding, errors_of, repeated_ids, stimulus_mistakes
from app.content.quiz_shapes import SHAPES, PredictOutputShape, QuestionShape, QuizShape
from app.content.quiz_type_rules import type_errors_of
from app.content.quiz_warnings import COURSE_WIDE, unwaived, warnings_of
from app.content.shapes import fit
from app.content.yaml_text import Document, Place, read_yaml_on
from app.content.yaml_text import Path as Path_
from app.quiz.types import Quiz

Marks = dict[str, Place]  # where "<question>" and its ".lesson", ".output" and waiver ".W115" stand
MAX_LINE = 50_000  # signs
Questions = dict[int, QuestionShape]  # the readable ones, by their place in the file


def read_quiz(file: Path, root: Path) -> tuple[Quiz | None, tuple[Problem, ...], Marks]:
    """Read a quiz file, or say everything that is wrong with it."""
    name = name_of(file, root)
    text, problems = read_text(file, name, MAX_QUIZ_BYTES)
    if text is None:
        return None, tuple(_as_quiz_problem(each) for each in problems), {}
    return read_quiz_text(text, file, name)


def read_quiz_text(text: str, file: Path, name: str) -> tuple[Quiz | None, tuple[Problem, ...], Marks]:
    """Read the text of a quiz file; pictures lie beside `file`, and problems are at `name`."""
    read = read_shapes(text, file, name)
    if read.shape is None or read.document is None:
        return None, read.problems, {}
    quiz = quiz_of(read.shape, list(read.questions.values()), file)
    return quiz, read.problems, _marks(read.questions, read.document)


@dataclass(frozen=True)
class Shapes:
    """A quiz file as its fields; `shape` is None where a mistake keeps it from being used."""

    document: Document | None
    shape: QuizShape | None
    questions: Questions
    problems: tuple[Problem, ...]
    head: QuizShape | None = None  # as `shape`, also where a mistake elsewhere keeps the file from being used


def read_shapes(text: str, file: Path, name: str) -> Shapes:
    """Read the fields of a quiz file, and everything that is wrong with them."""
    document, problems = None, _long_lines(text, name)
    if not problems:
        document, problems = read_yaml_on(text, name)
    told = tuple(_as_quiz_problem(each) for each in problems)
    if document is None:
        return Shapes(None, None, {}, told)
    shape, problems = fit(QuizShape, document, name, "Q")
    questions, found = _questions(document, name)
    problems += found + _question_problems(questions, document, name, file.parent)
    problems += tuple(_quiz_problems(shape, questions, document, name, file))
    # What else is wrong with a line that is no YAML is known once it is.
    problems = tuple(each for each in problems if each.line not in document.mended)
    problems = tuple(sorted({*told, *problems}))
    usable = not any(problem.level == "error" for problem in problems)
    return Shapes(document, shape if usable else None, questions, problems, shape)


def _long_lines(text: str, name: str) -> tuple[Problem, ...]:
    if len(text) <= MAX_LINE:
        return ()
    message = f"The line is longer than {MAX_LINE} signs. Break it: below `|` a text may have many lines."
    lines = enumerate(text.split("\n"), 1)
    return tuple(Problem(name, number, 1, "Y006", message) for number, line in lines if len(line) > MAX_LINE)


def _as_quiz_problem(problem: Problem) -> Problem:
    """Whatever YAML refuses in a quiz is one kind of mistake to its author."""
    return Problem(problem.path, problem.line, problem.column, "Q001", problem.message)


def _questions(document: Document, name: str) -> tuple[Questions, tuple[Problem, ...]]:
    """Read each question by the model of its type, so that no mistake hides those of the others."""
    tree = document.tree if isinstance(document.tree, dict) else {}
    listed = tree.get("questions")
    questions: Questions = {}
    problems: tuple[Problem, ...] = ()
    for at, raw in enumerate(listed if isinstance(listed, list) else ()):
        kind = raw.get("type", "single_choice") if isinstance(raw, dict) else "single_choice"
        model = SHAPES.get(kind) if isinstance(kind, str) else None
        if model is None:
            place = document.place(("questions", at, "type"))
            problems += (Problem(name, *place, "Q020", _type_advice(kind)),)
            continue
        shape, found = fit(model, document, name, "Q", ("questions", at), _elsewhere(model))
        problems += found
        if shape is not None:
            questions[at] = shape
    return questions, problems


def _type_advice(kind: object) -> str:
    if kind in ("multiple_choice", "multiple-choice", "choice"):
        return "Write `single_choice` where one choice is right, `multi_select` where several may be."
    known = did_you_mean(kind, SHAPES) if isinstance(kind, str) else f"There is: {', '.join(SHAPES)}."
    return f"This is no type of question. {known}"


def _elsewhere(model: type[QuestionShape]) -> Any:
    """Make the advice about a field that other types of question have."""

    def advise(field: str) -> str:
        owners = [kind for kind, shape in SHAPES.items() if field in shape.model_fields]
        if not owners:
            return ""
        here = next(kind for kind, shape in SHAPES.items() if shape is model)
        return f"It belongs to {' and '.join(owners)}, and this question is {here}. Set `type`, or remove it."

    return advise


def _question_problems(
    questions: Questions, document: Document, name: str, folder: Path
) -> tuple[Problem, ...]:
    found = []
    around = _around(document, folder)
    hazards = hazards_of(document)
    for at, question in questions.items():
        here = replace(around, hazards=hazards[("questions", at)])
        findings = (*errors_of(question, here), *type_errors_of(question), *warnings_of(question, here))
        found += [_problem(document, name, ("questions", at), finding) for finding in findings]
    return tuple(found)


def _problem(document: Document, name: str, at: Path_, finding: Finding) -> Problem:
    """Put a finding at its line and column of the file."""
    where, code, message, level = finding
    return Problem(name, *document.place((*at, *where)), code, message, level)


def _around(document: Document, folder: Path) -> Around:
    tree = document.tree if isinstance(document.tree, dict) else {}
    settings = tree.get("settings")
    return Around(
        objectives=_keys(tree.get("objectives")),
        stimuli=_keys(tree.get("stimulus")),
        pools=_keys(tree.get("pools")),
        shuffled=not (isinstance(settings, dict) and settings.get("shuffle_choices") == "false"),
        folder=folder,
    )


def _keys(mapping: object) -> frozenset[str]:
    return frozenset(mapping) if isinstance(mapping, dict) else frozenset()


def _quiz_problems(
    shape: QuizShape | None, questions: Questions, document: Document, name: str, file: Path
) -> Iterator[Problem]:
    for at, question_id in repeated_ids(questions):
        message = f"The question id `{question_id}` stands twice in this file. Rename one of them."
        yield Problem(name, *document.place(("questions", at, "id")), "Q004", message)
    shuffled = _around(document, file.parent).shuffled
    across = warnings_across(questions.values(), shuffled)
    found: list[Finding] = [(("questions",), code, message, "warning") for code, message in across]
    if shape is None:
        yield from (_problem(document, name, (), finding) for finding in found)
        return
    if shape.quiz.id != file.stem:
        message = f"The file must be named after the quiz: rename it to {shape.quiz.id}.yaml."
        yield Problem(name, *document.place(("quiz", "id")), "Q021", message)
    found += _shared_findings(shape, document, file.parent)
    if len(questions) == len(shape.questions):  # what nobody uses is known once every question is read
        found += (*_draw_mistakes(shape, questions), *_unused(shape, questions))
    yield from (_problem(document, name, (), finding) for finding in unwaived(found, shape.lint))


def _shared_findings(shape: QuizShape, document: Document, folder: Path) -> Iterator[Finding]:
    hazards = hazards_of(document)
    for stimulus_id, stimulus in shape.stimulus.items():
        at = ("stimulus", stimulus_id)
        for where, code, message, level in (*stimulus_mistakes(stimulus, folder), *hazards[at]):
            yield (*at, *where), code, message, level


def _draw_mistakes(shape: QuizShape, questions: Questions) -> Iterator[Finding]:
    pools = [question.pool for question in questions.values()]
    wanted: list[tuple[Path_, str | None, int]]
    wanted = [(("pools", pool), pool, count) for pool, count in shape.pools.items()]
    wanted += [(("settings", "choose"), None, shape.settings.choose or 0)]
    for path, pool, count in wanted:
        there = pools.count(pool)
        if count > there:
            outside = " outside pools" if shape.pools and not pool else ""
            where = "The pool has" if pool else "The file has"
            message = f"{where} {there} questions{outside}. Choose so many or fewer."
            yield path, "Q012", message, "error"


def _unused(shape: QuizShape, questions: Questions) -> Iterator[Finding]:
    used = {each for question in questions.values() for each in question.objectives}
    for objective in shape.objectives:
        if objective not in used:
            message = f"No question serves the objective `{objective}`. Write one, or remove it."
            yield ("objectives", objective), "W118", message, "warning"
    shown = {question.uses for question in questions.values()}
    for stimulus in shape.stimulus:
        if stimulus not in shown:
            message = f"No question uses the stimulus `{stimulus}`. Use it, or remove it."
            yield ("stimulus", stimulus), "W125", message, "warning"


def _marks(questions: Questions, document: Document) -> Marks:
    marks = {"": document.place(("quiz", "lesson"))}
    for at, question in questions.items():
        question_id = question.known_id
        marks[question_id] = document.place(("questions", at, "id"))
        marks[f"{question_id}.lesson"] = document.place(("questions", at, "lesson"))
        if isinstance(question, PredictOutputShape):
            marks[f"{question_id}.output"] = document.place(("questions", at, "output"))
        for code in COURSE_WIDE.intersection(question.lint.ignore if question.lint else ()):
            marks[f"{question_id}.{code}"] = document.place(("questions", at, "lint", "ignore"))
    return marks
