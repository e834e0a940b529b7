"""When the key of a question has changed: score every stored answer to it anew."""

from typing import TYPE_CHECKING

from app.quiz.answers import part_ids
from app.quiz.revision import Revision, revision
from app.quiz.scoring import GAVE_UP, UNSCORED, Score, earned, score
from app.quiz.types import Question
from app.store.rows import AnswerRow, RescoringRow, RevisionRow

if TYPE_CHECKING:
    from app.content.course import Course
    from app.store.attempts import Attempts


def settle(attempts: "Attempts", course: "Course", at: str) -> int:
    """Score the stored answers to questions with another key than then; return how many scores changed.

    `rescore` of the question decides: raise keeps the higher score, all takes the new one, leave does
    nothing. Left as they are: answers to another type or another set of choices, and requests for the key.
    """
    keys: dict[str, set[str]] = {}
    for question_id, key_hash in attempts.judged_by():
        keys.setdefault(question_id, set()).add(key_hash)
    changed = 0
    for quiz in course.quizzes:
        for question in quiz.questions if keys.keys() & set(quiz.ids) else ():
            if question.rescore != "leave" and keys.get(question.id, set()) - {revision(question).key}:
                changed += _settle(attempts, question, at)
    return changed


def _settle(attempts: "Attempts", question: Question, at: str) -> int:
    from app.quiz.plain import to_plain

    seen = revision(question)
    types = {each.key_hash: each.body["type"] for each in attempts.revisions_of(question.id)}
    rows = [row for row in attempts.answers_to(question.id) if types[row.key_hash] == question.type]
    changes = [each for row in rows if (each := _changed(question, seen, row, at)) is not None]
    if changes:
        attempts.add_rescorings(RevisionRow(question.id, seen.key, seen.text, to_plain(question)), changes)
    return len(changes)


def _changed(question: Question, seen: Revision, row: AnswerRow, at: str) -> RescoringRow | None:
    """Return what an answer is worth now; None where that is no change."""
    if row.rule in (GAVE_UP, UNSCORED) or set(row.shown) != set(part_ids(question)):
        return None
    new = earned(score(question, row.chosen), question, row.try_number)
    if not _counts(new, row, question.rescore):
        return None
    return RescoringRow(
        attempt=row.attempt,
        question=row.question,
        try_number=row.try_number,
        number=0,  # given when it is stored
        key_hash=seen.key,
        text_hash=seen.text,
        score=new.value,
        correct=new.correct,
        rule=new.rule,
        at=at,
    )


def _counts(new: Score, row: AnswerRow, mode: str) -> bool:
    before, after = (row.score, row.correct), (new.value, new.correct)
    return after != before if mode == "all" else after > before
