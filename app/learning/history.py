"""What the stored answers say against the questions of today (Q017)."""

from app.content.problems import Problem
from app.content.quiz_history import Answered, history_problems
from app.learning.classroom import Classroom
from app.quiz.revision import Revision


def question_problems(classroom: Classroom) -> tuple[Problem, ...]:
    """Find questions whose id was changed, or used again for another question, after answers exist."""
    rows = classroom.store.attempts.revisions()
    answered = [
        Answered(row.question, row.body["type"], Revision(row.key_hash, row.text_hash)) for row in rows
    ]
    return tuple(history_problems(classroom.course, answered)) if answered else ()
