"""Draw an attempt: which questions in which order, and the order of their choices.

The same seed gives the same order on every machine and every day: sorting by a keyed hash, unlike
`random`, promises that across Python versions, and a new choice does not disturb the others.
"""

import hashlib
from collections.abc import Sequence

from app.quiz.types import Choice, Question, Quiz


def question_order(quiz: Quiz, seed: str) -> tuple[str, ...]:
    """Give the ids of the questions of an attempt; those about one stimulus stand together."""
    drawn = _drawn(quiz, seed)
    if not quiz.settings.shuffle_questions:
        return tuple(each.id for each in quiz.questions if each.id in drawn)
    first: dict[str, int] = {}  # where the first question about each stimulus stands
    for place, question in enumerate(drawn.values()):
        first.setdefault(question.stimulus.id if question.stimulus else question.id, place)
    together = sorted(drawn.values(), key=lambda each: first[each.stimulus.id if each.stimulus else each.id])
    return tuple(each.id for each in together)


def _drawn(quiz: Quiz, seed: str) -> dict[str, Question]:
    """Draw from each pool, and from the questions outside; the order is that of the draw."""
    left = dict[str | None, int](quiz.pools.items())
    rest = quiz.settings.choose or len(quiz.questions)
    drawn: dict[str, Question] = {}
    for question in sorted(quiz.questions, key=lambda each: _rank(seed, "draw", each.id)):
        if question.pool in left:
            left[question.pool] -= 1
            wanted = left[question.pool] >= 0
        else:
            rest -= 1
            wanted = rest >= 0
        if wanted:
            drawn[question.id] = question
    return drawn


def shown_order(question: Question, seed: str) -> tuple[str, ...]:
    """Give the ids of the choices, items or options in the order to show; of a typed answer there are none.

    Items and options are always shuffled: their order in the file is the key.
    """
    if question.type == "matching":
        return _shuffled(question.id, [option.id for option in question.options], seed)
    if question.type == "ordering":
        right = tuple(item.id for item in question.items)
        order = _shuffled(question.id, right, seed)
        # Nothing to do is no question; with two items the other order would always be shown.
        return (*order[1:], order[0]) if order == right and len(order) > 2 else order
    return choice_order(question, seed)


def choice_order(question: Question, seed: str) -> tuple[str, ...]:
    """Give the ids of the choices in the order to show; fixed ones keep their end."""
    ids = [choice.id for choice in question.choices]
    if not question.shuffle:
        return tuple(ids)
    first = _fixed(question, "first")
    last = _fixed(question, "last")
    free = [each for each in ids if each not in (*first, *last)]
    return (*first, *_shuffled(question.id, free, seed), *last)


def _shuffled(question_id: str, ids: Sequence[str], seed: str) -> tuple[str, ...]:
    return tuple(sorted(ids, key=lambda each: _rank(seed, question_id, each)))


def _fixed(question: Question, end: str) -> tuple[str, ...]:
    fixed: list[Choice] = [choice for choice in question.choices if choice.fixed == end]
    return tuple(choice.id for choice in fixed)


def _rank(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()
