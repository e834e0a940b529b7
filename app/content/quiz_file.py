"""Read one quiz file into plain questions."""

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from app.content.files import name_of, read_text
from app.content.problems import Problem
from app.content.quiz_rules import Around, errors_of, problem_at, repeated_ids
from app.content.quiz_shapes import ChoiceShape, CodeShape, QuestionShape, QuizShape
from app.content.quiz_warnings import warnings_across, warnings_of
from app.content.shapes import fit
from app.content.yaml_text import Document, Place, read_yaml
from app.quiz.types import Choice, Question, Quiz, QuizSettings

Marks = dict[str, Place]  # where "<question>" and "<question>.lesson" stand


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
    questions = _readable_questions(document)
    problems += _question_problems(questions, document, name)
    problems += tuple(_quiz_problems(shape, questions, document, name))
    problems = tuple(sorted(set(problems)))
    if shape is None or any(problem.level == "error" for problem in problems):
        return None, problems, {}
    return _quiz(shape, file), problems, _marks(questions, document)


def _as_quiz_problem(problem: Problem) -> Problem:
    """Whatever YAML refuses in a quiz is one kind of mistake to its author."""
    return Problem(problem.path, problem.line, problem.column, "Q001", problem.message)


def _readable_questions(document: Document) -> dict[int, QuestionShape]:
    """Read each question for itself, so that one wrong field does not hide the mistakes of the others."""
    tree = document.tree if isinstance(document.tree, dict) else {}
    listed = tree.get("questions")
    questions = {}
    for at, raw in enumerate(listed if isinstance(listed, list) else ()):
        try:
            questions[at] = QuestionShape.model_validate(raw)
        except ValidationError:
            continue  # reported by the whole file's model
    return questions


def _question_problems(
    questions: dict[int, QuestionShape], document: Document, name: str
) -> tuple[Problem, ...]:
    found = []
    for at, question in questions.items():
        around = _around(document, at)
        for finding in (*errors_of(question, around), *warnings_of(question, around)):
            found.append(problem_at(document, name, at, finding))
    return tuple(found)


def _around(document: Document, at: int) -> Around:
    tree = document.tree if isinstance(document.tree, dict) else {}
    objectives, stimuli, settings = (tree.get(key) for key in ("objectives", "stimulus", "settings"))
    return Around(
        objectives=frozenset(objectives) if isinstance(objectives, dict) else frozenset(),
        stimuli=frozenset(stimuli) if isinstance(stimuli, dict) else frozenset(),
        shuffled=not (isinstance(settings, dict) and settings.get("shuffle_choices") == "false"),
        cut=frozenset(
            path[2:] for path in document.cut if path[:2] == ("questions", at) and _PROSE.intersection(path)
        ),
    )


_PROSE = frozenset({"stem", "text", "feedback", "hints", "explanation"})


def _quiz_problems(
    shape: QuizShape | None, questions: dict[int, QuestionShape], document: Document, name: str
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
    if shape.settings.choose and shape.settings.choose > len(shape.questions):
        message = f"The file has {len(shape.questions)} questions. Choose so many or fewer."
        yield Problem(name, *document.place(("settings", "choose")), "Q012", message)
    used = {each for question in shape.questions for each in question.objectives}
    for objective in shape.objectives:
        if objective not in used:
            message = f"No question serves the objective `{objective}`. Write one, or remove it."
            yield Problem(name, *document.keys[("objectives", objective)], "W118", message, "warning")


def _marks(questions: dict[int, QuestionShape], document: Document) -> Marks:
    marks = {"": document.place(("quiz", "lesson"))}
    for at, question in questions.items():
        question_id = question.known_id
        marks[question_id] = document.place(("questions", at, "id"))
        marks[f"{question_id}.lesson"] = document.place(("questions", at, "lesson"))
    return marks


def _quiz(shape: QuizShape, file: Path) -> Quiz:
    settings = shape.settings
    return Quiz(
        id=shape.quiz.id,
        title=shape.quiz.title,
        lesson=shape.quiz.lesson,
        order=shape.quiz.order,
        pass_mark=shape.quiz.pass_mark,
        objectives=dict(shape.objectives),
        settings=QuizSettings(settings.choose, settings.shuffle_questions, settings.shuffle_choices),
        questions=tuple(_question(each, shape) for each in shape.questions),
        path=file,
    )


def _question(shape: QuestionShape, quiz: QuizShape) -> Question:
    shared = quiz.stimulus[shape.uses] if shape.uses else ""
    return Question(
        id=shape.known_id,
        type=shape.type,
        stem="\n\n".join(part for part in (shared, shape.stem, _fence(shape.code)) if part),
        choices=tuple(_choice(each) for each in shape.choices),
        hints=tuple(shape.hints),
        explanation=shape.explanation or "",
        objectives=tuple(shape.objectives),
        lesson=shape.lesson,
        difficulty=shape.difficulty,
        scoring=shape.scoring or quiz.settings.scoring,
        shuffle=quiz.settings.shuffle_choices if shape.shuffle is None else shape.shuffle,
    )


def _choice(shape: ChoiceShape) -> Choice:
    text = "\n\n".join(part for part in (shape.text, _fence(shape.code)) if part)
    return Choice(shape.known_id, text, shape.correct, shape.feedback or "", shape.fixed, shape.void)


def _fence(code: CodeShape | None) -> str:
    if code is None:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", code.text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{code.language}\n{code.text.rstrip()}\n{fence}"
