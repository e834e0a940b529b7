"""Draw an attempt: which questions in which order, and the order of their choices.

The same seed gives the same order on every machine and every day: sorting by a keyed hash, unlike
`random`, promises that across Python versions, and a new choice does not disturb the others.
"""

import hashlib

from app.quiz.types import Choice, Question, Quiz


def question_order(quiz: Quiz, seed: str) -> tuple[str, ...]:
    """Give the ids of the questions of an attempt."""
    ids = [question.id for question in quiz.questions]
    drawn = sorted(ids, key=lambda each: _rank(seed, "draw", each))[: quiz.settings.choose or len(ids)]
    if quiz.settings.shuffle_questions:
        return tuple(drawn)
    return tuple(each for each in ids if each in drawn)


def choice_order(question: Question, seed: str) -> tuple[str, ...]:
    """Give the ids of the choices in the order to show; fixed ones keep their end."""
    ids = [choice.id for choice in question.choices]
    if not question.shuffle:
        return tuple(ids)
    first = _fixed(question, "first")
    last = _fixed(question, "last")
    free = [each for each in ids if each not in (*first, *last)]
    return (*first, *sorted(free, key=lambda each: _rank(seed, question.id, each)), *last)


def _fixed(question: Question, end: str) -> tuple[str, ...]:
    fixed: list[Choice] = [choice for choice in question.choices if choice.fixed == end]
    return tuple(choice.id for choice in fixed)


def _rank(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()
