"""An answer as a tuple of texts, read from what a form or a terminal gives, and refused in plain words.

By type: the ids of the chosen choices (in the order of the file); one text as it was typed (numeric,
short_text, predict_output, reflect); the ids of all items in the chosen order (ordering); `pair=option` for
each pair (matching). This is what is stored, so it outlives rewording and reordering.
"""

from collections.abc import Callable, Sequence

from app.errors import UsageError
from app.quiz.numbers import MAX_NUMBER, is_unclear, read_number
from app.quiz.text_answers import MAX_ANSWER
from app.quiz.types import CHOICE_TYPES, Question

Answer = tuple[str, ...]
MAX_TEXT = 10_000  # signs of a predicted output or a free answer


def read_answer(question: Question, given: Sequence[str], name: Callable[[str], str]) -> Answer:
    """Read what was given for a question; UsageError says what is missing or wrong, and what to do.

    `given` holds, by type: the names of the chosen choices; one text; the names of all items in the chosen
    order; for each pair of the question, in its order, the name of the chosen option ("" for none). `name`
    makes the opaque name (token) of a choice, item or option from its id.
    """
    if question.type in CHOICE_TYPES:
        return _choices(question, _ids(given, [choice.id for choice in question.choices], name))
    if question.type == "ordering":
        return _ordering(question, _ids(given, [item.id for item in question.items], name))
    if question.type == "matching":
        return _matching(question, given, name)
    return _text(question, given)


def _ids(given: Sequence[str], known: Sequence[str], name: Callable[[str], str]) -> list[str]:
    """Give the ids behind names; those left empty are no answer."""
    ids = {name(each): each for each in known}
    filled = [each for each in given if each]
    if not set(filled) <= set(ids):
        raise UsageError("This question was edited since it was shown.", "Reload it and answer again.")
    return [ids[each] for each in filled]


def _choices(question: Question, chosen: Sequence[str]) -> Answer:
    if not chosen and not question.allow_none:
        several = question.type == "multi_select"
        raise UsageError(
            "No choice was made.", "Choose at least one, then answer." if several else "Choose, then answer."
        )
    if len(set(chosen)) > 1 and question.type != "multi_select":
        raise UsageError("This question takes one choice.", "Choose one, then answer.")
    return tuple(choice.id for choice in question.choices if choice.id in chosen)


def _ordering(question: Question, order: Sequence[str]) -> Answer:
    if len(order) < len(question.items):
        missing = len(question.items) - len(order)
        raise UsageError(
            f"The order is incomplete: {missing} of {len(question.items)} have no place.",
            "Give each a place, then answer.",
        )
    if len(set(order)) != len(question.items) or len(order) != len(question.items):
        raise UsageError("Something stands twice in the order.", "Give each one place, then answer.")
    return tuple(order)


def _matching(question: Question, given: Sequence[str], name: Callable[[str], str]) -> Answer:
    missing = len(question.pairs) - sum(bool(each) for each in given)
    if missing > 0:
        raise UsageError(
            f"The matching is incomplete: {missing} of {len(question.pairs)} are open.",
            "Choose for each, then answer.",
        )
    if len(given) != len(question.pairs):
        raise UsageError("This question was edited since it was shown.", "Reload it and answer again.")
    chosen = _ids(given, [option.id for option in question.options], name)
    return tuple(f"{pair.id}={option}" for pair, option in zip(question.pairs, chosen, strict=True))


def _text(question: Question, given: Sequence[str]) -> Answer:
    if len(given) > 1:
        raise UsageError("This question takes one answer.", "Write one, then answer.")
    typed = "".join(given).replace("\r\n", "\n").replace("\x00", "")
    if not typed.strip():
        raise UsageError("Nothing was written.", "Write your answer, then send it.")
    if question.type == "numeric":
        return (_number(question, typed.strip()),)
    limit = MAX_ANSWER if question.type == "short_text" else MAX_TEXT
    if len(typed) > limit:
        raise UsageError(f"The answer is longer than {limit} signs.", "Write a shorter one.")
    return (typed.strip() if question.type == "short_text" else typed,)


def _number(question: Question, typed: str) -> str:
    if is_unclear(typed, question.unit):
        digits = typed.replace(",", "")
        raise UsageError(
            f"{typed[:MAX_NUMBER]} can be read in two ways.",
            f"Write {digits}, or {typed.replace(',', '.')} if the comma is a decimal point.",
        )
    if read_number(typed, question.unit) is None:
        shown = typed if len(typed) <= MAX_NUMBER else f"{typed[:MAX_NUMBER]}…"
        raise UsageError(f"{shown} is no number.", "Write digits, such as 5, -2 or 0.25.")
    return typed


def part_ids(question: Question) -> Answer:
    """Give the ids of what is shown to choose from, in the order of the file; none for a typed answer."""
    if question.type == "ordering":
        return tuple(item.id for item in question.items)
    if question.type == "matching":
        return tuple(option.id for option in question.options)
    return tuple(choice.id for choice in question.choices)


def matched(answer: Sequence[str]) -> dict[str, str]:
    """Give the chosen option of each pair, by the ids in a stored answer to a matching."""
    return dict(each.split("=", 1) for each in answer)


def right_answer(question: Question) -> Answer:
    """Give an answer that is wholly right, as it would be stored."""
    match question.type:
        case "ordering":
            return tuple(item.id for item in question.items)
        case "matching":
            return tuple(f"{pair.id}={pair.option}" for pair in question.pairs)
        case "numeric":
            number = question.number
            return (format(number.low if number.value is None else number.value, "f"),) if number else ()
        case "short_text":
            return tuple(each.text for each in question.accept if not each.pattern)[:1]
        case "predict_output":
            return (question.output,)
        case "reflect":
            return (question.model_answer,)
    right = [each.id for each in question.choices if each.correct and each.void is None]
    right = right or [each.id for each in question.choices if each.void == "accept"]
    return tuple(right)
