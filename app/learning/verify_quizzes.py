"""Prove that predict_output questions say what their code prints: it is run."""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from app.config import data_folder
from app.content.problems import Problem
from app.learning.classroom import Classroom
from app.quiz.text_answers import printed

if TYPE_CHECKING:
    from app.quiz.types import Question, Quiz

SEEDS = (1, 2)  # two orders of sets: what is printed must not hang on chance


def languages_of(quizzes: Iterable["Quiz"]) -> tuple[str, ...]:
    """Give the languages in which something has to be run, each once."""
    return tuple(dict.fromkeys(question.code.language for _, question in _asked(quizzes) if question.code))


def verify_quizzes(
    classroom: Classroom, quizzes: Iterable["Quiz"], report: Callable[[str], None]
) -> tuple[Problem, ...]:
    """Run the code of predict_output questions, report(id) before each. Q016: it prints something else."""
    found = []
    for quiz, question in _asked(quizzes):
        report(question.id)
        message = _mistake(classroom, question)
        if message:
            mark = classroom.course.marks[f"{quiz.id}/{question.id}.output"]
            found.append(Problem(mark.path, mark.line, mark.column, "Q016", message))
    return tuple(found)


def _asked(quizzes: Iterable["Quiz"]) -> Iterator[tuple["Quiz", "Question"]]:
    for quiz in quizzes:
        for question in quiz.questions:
            if question.type == "predict_output":
                yield quiz, question


def _mistake(classroom: Classroom, question: "Question") -> str:
    """Say how what the code prints differs from `output`; empty: it does not."""
    from app.checks.once import run_once

    assert question.code is not None  # predict_output has code
    where, isolation = data_folder(os.environ), classroom.settings.isolation
    runs = [run_once(question.code.text, question.code.language, where, isolation, seed) for seed in SEEDS]
    for ran in runs:
        if ran.stopped:
            return f"The code did not come to its end. {ran.stopped}"
        if printed(ran.printed) != printed(question.output):
            complaint = ran.complained.strip().splitlines()[-1:]
            said = f" It complained: {complaint[0]}" if complaint else ""
            others = " Another run prints something else." if len({each.printed for each in runs}) > 1 else ""
            return f"The code prints {_short(ran.printed)}. Write this as `output`.{others}{said}"
    return ""


def _short(text: str) -> str:
    shown = printed(text)
    return repr(shown if len(shown) <= 200 else f"{shown[:200]}…") if shown else "nothing"
