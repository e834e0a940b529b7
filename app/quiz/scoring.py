"""Score an answer: a share from 0 to 1, by a named rule.

The rules are compared in Betts et al. 2022 (Educ Psychol Meas 82:151). `balanced` pays nothing for a
blank answer and nothing for ticking everything, whatever the number of right and wrong choices.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.quiz.answers import matched
from app.quiz.numbers import read_number
from app.quiz.patterns import matches
from app.quiz.text_answers import printed, same_text
from app.quiz.types import Accepted, Choice, KnownWrong, Number, Question

UNSCORED = "unscored"  # the rule of answers that count for nothing
GAVE_UP = "gave_up"  # the rule of an answer that only asks for the key


@dataclass(frozen=True)
class Score:
    """What an answer is worth, and by which rule."""

    value: float  # 0 to 1
    correct: bool  # wholly
    rule: str  # all_or_nothing | balanced | next_in_order | each_pair | unscored | gave_up


def score(question: Question, answer: Collection[str]) -> Score:
    """Score an answer as it is stored; ids that can't be chosen (so) are a ValueError."""
    match question.type:
        case "multi_select":
            return _score_several(question, answer)
        case "ordering":
            return _score_order(question, tuple(answer))
        case "matching":
            return _score_pairs(question, tuple(answer))
        case "numeric" | "short_text" | "predict_output":
            return _whole(is_right_text(question, "".join(answer)))
        case "reflect":
            return Score(1.0, True, UNSCORED)
    return _score_single(question, answer)


def earned(result: Score, question: Question, try_number: int) -> Score:
    """Take from a score what a later try costs; tries count from 1."""
    if not question.tries or not question.scored:
        return result
    share = question.tries[min(try_number, len(question.tries)) - 1]
    return Score(result.value * share, result.correct, result.rule)


def _whole(correct: bool) -> Score:
    return Score(float(correct), correct, "all_or_nothing")


def _known(question: Question, chosen: Collection[str]) -> None:
    unknown = set(chosen) - {choice.id for choice in question.choices}
    if unknown:
        raise ValueError(f"no choice of {question.id}: {', '.join(sorted(unknown))}")


def _score_several(question: Question, chosen: Collection[str]) -> Score:
    _known(question, chosen)
    counted = [choice for choice in question.choices if choice.void is None]
    right, wrong = _shares(counted, chosen)
    if not any(choice.correct for choice in question.choices):
        return Score(float(not wrong), not wrong, question.scoring)  # none is right: ticking any is wrong
    whole = right == 1 and wrong == 0
    value = max(0.0, right - wrong) if question.scoring == "balanced" else float(whole)
    return Score(value, whole, question.scoring)


def _score_single(question: Question, chosen: Collection[str]) -> Score:
    """One choice counts; a void one that is accepted is right as well."""
    _known(question, chosen)
    if len(set(chosen)) > 1:
        raise ValueError(f"more than one choice of {question.id}")
    right = {choice.id for choice in question.choices if is_right(choice)}
    if not right:  # the key itself was dropped: nobody could be right
        return _whole(True)
    correct = bool(set(chosen) & right)
    credit = sum(choice.credit for choice in question.choices if choice.id in chosen)
    return Score(1.0 if correct else credit, correct, "all_or_nothing")


def is_right(choice: Choice) -> bool:
    """Say whether choosing this is right."""
    return choice.void == "accept" or (choice.correct and choice.void is None)


def _shares(counted: list[Choice], chosen: Collection[str]) -> tuple[float, float]:
    """Give the share of right choices that are chosen, and of wrong ones."""
    right = [choice for choice in counted if choice.correct]
    wrong = [choice for choice in counted if not choice.correct]
    return _share(right, chosen, of_none=1.0), _share(wrong, chosen, of_none=0.0)


def _share(choices: list[Choice], chosen: Collection[str], of_none: float) -> float:
    if not choices:  # all of them void
        return of_none
    return sum(choice.id in chosen for choice in choices) / len(choices)


def _score_order(question: Question, order: Sequence[str]) -> Score:
    """Count the neighbours that follow each other as they should."""
    right = tuple(item.id for item in question.items)
    if sorted(order) != sorted(right):
        raise ValueError(f"no order of the items of {question.id}")
    whole = order == right
    if question.scoring == "all_or_nothing":
        return _whole(whole)
    wanted = set(pairwise(right))
    value = sum(each in wanted for each in pairwise(order)) / len(wanted) if wanted else 1.0
    return Score(value, whole, "next_in_order")


def _score_pairs(question: Question, answer: Sequence[str]) -> Score:
    chosen = matched(answer)
    if set(chosen) != {pair.id for pair in question.pairs}:
        raise ValueError(f"no matching of the pairs of {question.id}")
    right = sum(chosen[pair.id] == pair.option for pair in question.pairs)
    whole = right == len(question.pairs)
    if question.scoring == "all_or_nothing":
        return _whole(whole)
    return Score(right / len(question.pairs) if question.pairs else 1.0, whole, "each_pair")


def is_right_text(question: Question, typed: str) -> bool:
    """Say whether a typed answer is right."""
    if question.type == "numeric":
        return question.number is not None and _is_number(question, question.number, typed)
    if question.type == "predict_output":
        return printed(typed) == printed(question.output)
    return any(_is_text(question, each, typed) for each in question.accept)


def known_wrong(question: Question, typed: str) -> KnownWrong | None:
    """Find the known mistake that a typed answer is; None where it is right or none."""
    if is_right_text(question, typed):
        return None
    for each in question.wrong:
        if each.number is not None and _is_number(question, each.number, typed):
            return each
        if each.text is not None and _is_text(question, each.text, typed):
            return each
    return None


def _is_number(question: Question, number: Number, typed: str) -> bool:
    value = read_number(typed, question.unit)
    return value is not None and number.low <= value <= number.high


def _is_text(question: Question, accepted: Accepted, typed: str) -> bool:
    if question.type == "predict_output":
        return printed(accepted.text) == printed(typed)
    if accepted.pattern:
        return matches(accepted.text, same_text(typed, True), question.case_sensitive)
    return same_text(accepted.text, question.case_sensitive) == same_text(typed, question.case_sensitive)
