"""What is worth another look, over the whole course; and a report that a question is wrong."""

from typing import Any

import app
from app.errors import UsageError
from app.learning.classroom import Classroom
from app.learning.quiz_sheet import find_sheet
from app.learning.quiz_views import LookAgain
from app.quiz.words import prompt
from app.store.rows import AnswerRow

FORMAT = "webhook-course-question-report"


def look_again(classroom: Classroom) -> tuple[LookAgain, ...]:
    """Return each question whose newest attempt was not wholly right, in the order of the course.

    It leaves the list with a right answer, in its quiz, in a retake or within a lesson. A question that is
    open, or that left the course, is not on it.
    """
    newest: dict[str, list[AnswerRow]] = {}
    for row in classroom.attempts.all_answers():
        before = newest.get(row.question, ())
        newest[row.question] = [*(each for each in before if each.attempt == row.attempt), row]
    missed = {question for question, rows in newest.items() if not any(row.correct for row in rows)}
    found = []
    for quiz in classroom.course.quizzes:
        for question in quiz.questions if missed.intersection(quiz.ids) else ():
            if question.id in missed:
                at, stem = newest[question.id][-1].answered_at, prompt(question)
                found.append(LookAgain(quiz.id, quiz.title, stem, question.lesson, at, question.id))
    return tuple(found)


def report_question(
    classroom: Classroom, attempt_id: str, question_token: str, words: str = ""
) -> dict[str, Any]:
    """Return a report that an answered question is wrong, as a JSON value to be sent to the course's authors.

    It holds the learner's `words`, the question and its revision, the order shown, every try, the version of
    the course, and nothing about the learner or the machine. UsageError before the question is answered.
    """
    sheet = find_sheet(classroom, attempt_id)
    question_id = sheet.question_id(question_token)
    if question_id not in sheet.now.best:
        raise UsageError("This question is not answered yet.", "Answer it first, then report it.")
    rows = sheet.tries(question_id)
    last = rows[-1]
    return {
        "format": FORMAT,
        "version": app.__version__,
        "words": words.strip()[:10_000],
        "quiz": sheet.quiz.id,
        "question": question_id,
        "revision": {"key": last.key_hash, "text": last.text_hash},
        "stem": sheet.question_view(question_id).stem,
        "shown": list(last.shown),
        "tries": [_try(row) for row in rows],
    }


def _try(row: AnswerRow) -> dict[str, Any]:
    return {
        "answer": list(row.chosen),
        "score": row.score,
        "correct": row.correct,
        "rule": row.rule,
        "hints_seen": row.hints_seen,
        "answered_at": row.answered_at,
    }
