"""Read one quiz file into plain questions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.content.course import did_you_mean
from app.content.files import name_of, read_text
from app.content.problems import Problem
from app.content.quiz_build import quiz_of
from app.content.quiz_rules import Around, errors_of, problem_at, repeated_ids, stimulus_mistakes
from app.content.quiz_shapes import SHAPES, QuestionShape, QuizShape
from app.content.quiz_type_rules import type_errors_of
from app.content.quiz_warnings import warnings_across, warnings_of
from app.content.shapes import fit
from app.content.yaml_text import Document, Place, read_yaml
from app.content.yaml_text import Path as Path_
from app.quiz.types import Quiz

Marks = dict[str, Place]  # where "<question>" and "<question>.lesson" stand
Questions = dict[int, QuestionShape]  # the readable ones, by their place in the file


def read_quiz(file: Path, root: Path) -> tuple[Quiz | None, tuple[Problem, ...], Marks]:
    """Read a quiz file, or say everything that is wrong with it."""
    name = name_of(file, root)
    text, problems = read_text(file, name)
    document = None
    if text is not None:
        document, problems = read_yaml(text, name)
    if document is None:
        return None, tuple(_as_quiz_problem(each) for each in problems), {}
    shape, problems = fit(QuizShape, document, name, "Q")
    questions, found = _questions(document, name)
    problems += found + _question_problems(questions, document, name, file.parent)
    problems += tuple(_quiz_problems(shape, questions, document, name, file.parent))
    problems = tuple(sorted(set(problems)))
    if shape is None or any(problem.level == "error" for problem in problems):
        return None, problems, {}
    return quiz_of(shape, list(questions.values()), file), problems, _marks(questions, document)


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
    for at, question in questions.items():
        around = _around(document, at, folder)
        findings = (*errors_of(question, around), *type_errors_of(question), *warnings_of(question, around))
        found += [problem_at(document, name, at, finding) for finding in findings]
    return tuple(found)


def _around(document: Document, at: int, folder: Path) -> Around:
    tree = document.tree if isinstance(document.tree, dict) else {}
    settings = tree.get("settings")
    return Around(
        objectives=_keys(tree.get("objectives")),
        stimuli=_keys(tree.get("stimulus")),
        pools=_keys(tree.get("pools")),
        shuffled=not (isinstance(settings, dict) and settings.get("shuffle_choices") == "false"),
        cut=frozenset(
            path[2:] for path in document.cut if path[:2] == ("questions", at) and _PROSE.intersection(path)
        ),
        folder=folder,
    )


def _keys(mapping: object) -> frozenset[str]:
    return frozenset(mapping) if isinstance(mapping, dict) else frozenset()


_PROSE = frozenset({"stem", "text", "feedback", "hints", "explanation"})


def _quiz_problems(
    shape: QuizShape | None, questions: Questions, document: Document, name: str, folder: Path
) -> Iterator[Problem]:
    for at, question_id in repeated_ids(questions):
        message = f"The question id `{question_id}` stands twice in this file. Rename one of them."
        yield Problem(name, *document.place(("questions", at, "id")), "Q004", message)
    place = document.place(("questions",))
    yield from (Problem(name, *place, *each, "warning") for each in warnings_across(questions.values()))
    if shape is None:
        return
    if shape.quiz.id != Path(name).stem:
        message = f"The file must be named after the quiz: rename it to {shape.quiz.id}.yaml."
        yield Problem(name, *document.place(("quiz", "id")), "Q021", message)
    for stimulus_id, stimulus in shape.stimulus.items():
        for where, code, message, level in stimulus_mistakes(stimulus, folder):
            place = document.place(("stimulus", stimulus_id, *where))
            yield Problem(name, *place, code, message, level)
    if len(questions) == len(shape.questions):  # what nobody uses is known once every question is read
        yield from _draw_problems(shape, questions, document, name)
        yield from _unused(shape, questions, document, name)


def _draw_problems(
    shape: QuizShape, questions: Questions, document: Document, name: str
) -> Iterator[Problem]:
    pools = [question.pool for question in questions.values()]
    wanted: list[tuple[Path_, str | None, int]]
    wanted = [(("pools", pool), pool, count) for pool, count in shape.pools.items()]
    wanted += [(("settings", "choose"), None, shape.settings.choose or 0)]
    for path, pool, count in wanted:
        there = pools.count(pool)
        if count > there:
            where = f"The pool has {there}" if pool else f"The file has {there}"
            outside = " outside pools" if shape.pools and not pool else ""
            message = f"{where} questions{outside}. Choose so many or fewer."
            yield Problem(name, *document.place(path), "Q012", message)


def _unused(shape: QuizShape, questions: Questions, document: Document, name: str) -> Iterator[Problem]:
    used = {each for question in questions.values() for each in question.objectives}
    for objective in shape.objectives:
        if objective not in used:
            message = f"No question serves the objective `{objective}`. Write one, or remove it."
            yield Problem(name, *document.keys[("objectives", objective)], "W118", message, "warning")
    shown = {question.uses for question in questions.values()}
    for stimulus in shape.stimulus:
        if stimulus not in shown:
            message = f"No question uses the stimulus `{stimulus}`. Use it, or remove it."
            yield Problem(name, *document.keys[("stimulus", stimulus)], "W125", message, "warning")


def _marks(questions: Questions, document: Document) -> Marks:
    marks = {"": document.place(("quiz", "lesson"))}
    for at, question in questions.items():
        question_id = question.known_id
        marks[question_id] = document.place(("questions", at, "id"))
        marks[f"{question_id}.lesson"] = document.place(("questions", at, "lesson"))
    return marks
