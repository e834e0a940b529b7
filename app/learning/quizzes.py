"""Taking a quiz: the browser gets opaque tokens; the key leaves only with the answer.

What a page or a terminal does: open an attempt (`open_attempt`, `retake`, `open_inline`), show its questions
(one by one: `next_question`; or all of them), send what was given to `answer` with the question's token and
its `try_number`, show the AnswerView at once. The shape of what is given stands in `quiz_views`.
Every answer is stored before it is told; sent again, it returns the first result.
"""

import secrets
from collections.abc import Sequence
from functools import lru_cache

from app.content.course import did_you_mean
from app.errors import NotFound, UsageError
from app.learning.attempts import another_attempt, first_inline, standings
from app.learning.classroom import Classroom
from app.learning.launch import signing_key
from app.learning.quiz_sheet import Sheet, find_sheet, newest_sheet, place_sheet, sheet_of
from app.learning.quiz_views import (
    AnsweredChoice,
    AnsweredItem,
    AnsweredPair,
    AnswerView,
    AttemptView,
    ChoiceView,
    LookAgain,
    PartView,
    QuestionPlace,
    QuestionView,
)
from app.quiz.answers import Answer, read_answer
from app.quiz.plain import to_plain
from app.quiz.revision import revision
from app.quiz.scoring import GAVE_UP, UNSCORED, Score, earned, score
from app.quiz.tokens import stamp
from app.quiz.types import CHOICE_TYPES, CONFIDENCE, Question, Quiz
from app.store.rows import AnswerRow, AttemptRow, RevisionRow

__all__ = [
    "AnswerView",
    "AnsweredChoice",
    "AnsweredItem",
    "AnsweredPair",
    "AttemptView",
    "ChoiceView",
    "LookAgain",
    "PartView",
    "QuestionPlace",
    "QuestionView",
    "answer",
    "ask_again",
    "give_up",
    "next_question",
    "open_attempt",
    "open_inline",
    "place_of",
    "retake",
    "reveal_hint",
    "shown_now",
    "view_attempt",
]


def open_attempt(classroom: Classroom, quiz_id: str, fresh: bool = False) -> AttemptView:
    """Return the latest attempt at the quiz, or a new one if there is none or `fresh` asks for it.

    Without `fresh` nothing is stored: the first attempt becomes a row with its first answer.
    """
    quiz = classroom.course.quiz(quiz_id)
    if fresh:
        return _add(classroom, quiz, another_attempt(classroom, quiz))
    return newest_sheet(classroom, quiz).view()


def retake(classroom: Classroom, quiz_id: str) -> AttemptView:
    """Begin an attempt with the questions that the latest one missed; its other answers still count.

    An attempt that is not finished is returned instead. UsageError if nothing was missed.
    """
    quiz = classroom.course.quiz(quiz_id)
    found = standings(classroom.attempts, quiz)
    if not found or not found[-1].finished:
        return open_attempt(classroom, quiz_id)
    missed = tuple(each for each in found[-1].missed if quiz.question(each) is not None)
    if not missed:
        raise UsageError("Nothing was missed: every answer is right.", "Take the whole quiz again instead.")
    made, before = another_attempt(classroom, quiz), found[-1].attempt.id
    return _add(
        classroom, quiz, AttemptRow(made.id, quiz.id, made.seed, missed, made.created_at, "retake", before)
    )


def open_inline(classroom: Classroom, question_id: str, fresh: bool = False) -> AttemptView:
    """Return the latest attempt at one question alone, as lessons ask it; `fresh` begins another.

    It has exactly one question and counts for no quiz. NotFound if the course has no such question.
    """
    quiz = _quiz_with(classroom, question_id)
    if fresh:
        at, seed = classroom.now, secrets.token_hex(8)
        row = AttemptRow(secrets.token_hex(16), quiz.id, seed, (question_id,), at, "inline")
        return _add(classroom, quiz, row)
    mine = ("inline", (question_id,))
    rows = classroom.attempts.of_quiz(quiz.id)
    stored = [row for row in rows if (row.kind, row.questions) == mine]
    attempt = stored[-1] if stored else first_inline(classroom, quiz, question_id)
    return sheet_of(classroom, quiz, attempt).view()


def ask_again(classroom: Classroom, attempt_id: str) -> AttemptView:
    """Begin another attempt at a question that stands alone; one that is still open is returned as it is."""
    sheet = find_sheet(classroom, attempt_id)
    if sheet.attempt.kind != "inline" or sheet.now.open:
        return sheet.view()
    return open_inline(classroom, sheet.attempt.questions[0], fresh=True)


def _add(classroom: Classroom, quiz: Quiz, attempt: AttemptRow) -> AttemptView:
    classroom.attempts.add(attempt)
    return sheet_of(classroom, quiz, attempt).view()


def _quiz_with(classroom: Classroom, question_id: str) -> Quiz:
    quizzes = classroom.course.quizzes
    for quiz in quizzes:
        if question_id in quiz.ids:
            return quiz
    known = [each for quiz in quizzes for each in quiz.ids]
    raise NotFound(f"There is no question called {question_id!r}.", did_you_mean(question_id, known))


def view_attempt(classroom: Classroom, attempt_id: str) -> AttemptView:
    """Return the attempt as it stands; NotFound if there is none."""
    return find_sheet(classroom, attempt_id).view()


def place_of(classroom: Classroom, attempt_id: str, question_token: str) -> QuestionPlace:
    """Return where a question stands in its attempt, which takes far less than to view the attempt."""
    sheet = place_sheet(classroom, attempt_id)
    question_id = sheet.question_id(question_token)
    number = sheet.visible.index(question_id) + 1 if question_id in sheet.visible else 1
    return QuestionPlace(sheet.attempt.id, sheet.quiz.id, number, question_token, sheet.is_newest)


def shown_now(classroom: Classroom, attempt_id: str) -> str:
    """Return a stamp of this moment, which a form carries from the showing of a question to its answer."""
    return stamp(signing_key(classroom), attempt_id, classroom.now)


def next_question(attempt: AttemptView) -> QuestionView | None:
    """Return the first question that is still open; None when all are answered."""
    return next((question for question in attempt.questions if question.answered is None), None)


def answer(
    classroom: Classroom,
    attempt_id: str,
    question_token: str,
    given: Sequence[str],
    try_number: int = 1,
    confidence: str | None = None,
    version: str | None = None,
    shown: str = "",
) -> AnswerView:
    """Score and store what was given; sent again for the same try, it returns the first result.

    UsageError says in words what is missing or wrong with what was given; then nothing is stored.
    `confidence` is low, mid or high; it is kept and never scored. With the `version` of the question that
    was shown, one that was edited meanwhile is not answered but refused, too. `shown` is what `shown_now`
    gave when it was shown; the time taken is counted from there.
    """
    sheet = find_sheet(classroom, attempt_id)
    question_id = sheet.question_id(question_token)
    stored = _stored(sheet, question_id, try_number)
    if stored is not None:
        return sheet.answer_view(stored)
    question = sheet.question(question_id)
    if version not in (None, sheet.question_view(question_id).version):
        raise UsageError("This question was edited since it was shown.", "Read it again, then answer.")
    chosen = read_answer(question, given, sheet.names(question_id))
    _refuse_tried(sheet, question, chosen)
    result = earned(score(question, chosen), question, try_number)
    return _store(sheet, question, chosen, result, try_number, confidence, shown)


def give_up(classroom: Classroom, attempt_id: str, question_token: str) -> AnswerView:
    """Ask for the key instead of trying (again): the question is closed, what earlier tries earned stays."""
    sheet = find_sheet(classroom, attempt_id)
    question_id = sheet.question_id(question_token)
    tries = sheet.tries(question_id)
    if question_id in sheet.now.best:
        return sheet.answer_view(tries[-1])
    question = sheet.question(question_id)
    result = Score(0.0, False, GAVE_UP) if question.scored else Score(1.0, True, UNSCORED)
    return _store(sheet, question, (), result, len(tries) + 1)


def reveal_hint(classroom: Classroom, attempt_id: str, question_token: str) -> str | None:
    """Open and return the next hint of the question; None when all are open or it is answered."""
    sheet = find_sheet(classroom, attempt_id)
    question_id = sheet.question_id(question_token)
    if question_id in sheet.now.best:
        return None
    question = sheet.question(question_id)
    store = classroom.attempts
    number = store.open_hint(sheet.attempt, question.id, len(question.hints), classroom.now)
    return question.hints[number - 1] if number is not None else None


def _stored(sheet: Sheet, question_id: str, try_number: int) -> AnswerRow | None:
    """Return the answer that this one repeats: that of its try, or the last one of a closed question."""
    tries = sheet.tries(question_id)
    if 1 <= try_number <= len(tries):
        return tries[try_number - 1]
    if question_id in sheet.now.best:
        return tries[-1]
    if try_number != len(tries) + 1:
        raise UsageError("This try does not come next.", "Reload the page and answer again.")
    return None


def _refuse_tried(sheet: Sheet, question: Question, chosen: Answer) -> None:
    tried = {each for row in sheet.tries(question.id) for each in row.chosen}
    if question.type in CHOICE_TYPES and question.type != "multi_select" and tried.intersection(chosen):
        raise UsageError("You tried this choice already.", "Choose another one, then answer.")


def _store(
    sheet: Sheet,
    question: Question,
    chosen: Answer,
    result: Score,
    try_number: int,
    confidence: str | None = None,
    since: str = "",
) -> AnswerView:
    if confidence is not None and confidence not in CONFIDENCE:
        raise UsageError("This is no degree of confidence.", f"Choose one of: {', '.join(CONFIDENCE)}.")
    seen = revision(question)
    shown = sheet.shown(question)
    in_order = sorted(chosen, key=shown.index) if question.type in CHOICE_TYPES else chosen
    row = AnswerRow(
        attempt=sheet.attempt.id,
        question=question.id,
        try_number=try_number,
        chosen=tuple(in_order),
        shown=shown,
        key_hash=seen.key,
        text_hash=seen.text,
        hints_seen=sheet.hints.get(question.id, 0),
        seconds=sheet.seconds(since),
        score=result.value,
        correct=result.correct,
        rule=result.rule,
        answered_at=sheet.classroom.now,
        confidence=confidence if sheet.quiz.settings.confidence else None,
    )
    store = sheet.classroom.attempts
    kept = store.add_answer(sheet.attempt, _as_it_stands(question), row)
    return sheet.with_answer(kept).answer_view(kept)


@lru_cache(maxsize=1024)
def _as_it_stands(question: Question) -> RevisionRow:
    seen = revision(question)
    return RevisionRow(question.id, seen.key, seen.text, to_plain(question))
