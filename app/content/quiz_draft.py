"""A quiz file as its author has it now: each question that can be read, and what is wrong beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.content.files import MAX_QUIZ_BYTES, read_text
from app.content.problems import Problem
from app.content.quiz_build import quiz_of
from app.content.quiz_file import Shapes, read_shapes
from app.content.quiz_shapes import HeadShape, QuestionShape, QuizShape
from app.content.quiz_type_rules import type_errors_of
from app.quiz.types import Question, Quiz


@dataclass(frozen=True)
class DraftQuestion:
    """One question of the file, from its first line to its last."""

    first: int
    last: int
    problems: tuple[Problem, ...]
    question: Question | None  # None: an error keeps it from being asked
    source: str  # its lines


@dataclass(frozen=True)
class Draft:
    """A whole file; `quiz` holds the questions that can be read, whatever the others are."""

    quiz: Quiz
    problems: tuple[Problem, ...]  # what stands at no question
    questions: tuple[DraftQuestion, ...]
    lines: tuple[str, ...]


def read_draft(file: Path, name: str, others: Iterable[Problem] = ()) -> Draft:
    """Read a file as far as it can be read; `others` are problems that only the whole course shows."""
    text, unreadable = read_text(file, name, MAX_QUIZ_BYTES)
    read = read_shapes(text, file, name) if text is not None else Shapes(None, None, {}, unreadable)
    problems = tuple(sorted({*read.problems, *others}))
    lines = tuple((text or "").split("\n"))
    parts = tuple(_parts(read, problems, lines, file))
    told = {problem for part in parts for problem in part.problems}
    asked = [part.question for part in parts if part.question is not None]
    quiz = _quiz(read, [], file)
    return Draft(
        Quiz(**{**vars(quiz), "questions": tuple(asked)}),
        tuple(problem for problem in problems if problem not in told),
        parts,
        lines,
    )


def _parts(
    read: Shapes, problems: tuple[Problem, ...], lines: tuple[str, ...], file: Path
) -> Iterator[DraftQuestion]:
    tree = read.document.tree if read.document is not None else {}
    listed = tree.get("questions") if isinstance(tree, dict) else None
    if read.document is None or not isinstance(listed, list):
        return
    starts = [read.document.place(("questions", at))[0] for at in range(len(listed))]
    for at, first in enumerate(starts):
        last = starts[at + 1] - 1 if at + 1 < len(starts) else len(lines)
        mine = tuple(problem for problem in problems if first <= problem.line <= last)
        shape = read.questions.get(at)
        question = _question(read, shape, file) if shape is not None else None
        yield DraftQuestion(first, last, mine, question, "\n".join(lines[first - 1 : last]).rstrip())


def _question(read: Shapes, shape: QuestionShape, file: Path) -> Question | None:
    """Make one question; without a key, or without what it shares with others, it can't be asked."""
    without = shape.uses and (read.head is None or shape.uses not in read.head.stimulus)
    if without or any(type_errors_of(shape)):
        return None
    return _quiz(read, [shape], file).questions[0]


def _quiz(read: Shapes, questions: list[QuestionShape], file: Path) -> Quiz:
    """Make a quiz of these questions, with a head of its own where the file's can't be read."""
    named = HeadShape.model_construct(id=file.stem, title=file.stem)
    empty = QuizShape.model_construct(format=1, quiz=named, questions=())
    return quiz_of(read.head or empty, questions, file)
