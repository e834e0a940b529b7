"""Score an answer: a share from 0 to 1, by a named rule.

The rules are compared in Betts et al. 2022 (Educ Psychol Meas 82:151). `balanced` pays nothing for a
blank answer and nothing for ticking everything, whatever the number of right and wrong choices.
"""

from dataclasses import dataclass

from app.quiz.types import Choice, Question


@dataclass(frozen=True)
class Score:
    """What an answer is worth, and by which rule."""

    value: float  # 0 to 1
    correct: bool  # wholly
    rule: str


def score(question: Question, chosen: frozenset[str]) -> Score:
    """Score the ids of the chosen choices; ids that can't be chosen (so) are a ValueError."""
    unknown = chosen - {choice.id for choice in question.choices}
    if unknown:
        raise ValueError(f"no choice of {question.id}: {', '.join(sorted(unknown))}")
    if question.type != "multi_select":
        return _score_single(question, chosen)
    counted = [choice for choice in question.choices if choice.void is None]
    right, wrong = _shares(counted, chosen)
    whole = right == 1 and wrong == 0
    value = max(0.0, right - wrong) if question.scoring == "balanced" else float(whole)
    return Score(value, whole, question.scoring)


def _score_single(question: Question, chosen: frozenset[str]) -> Score:
    """One choice counts; a void one that is accepted is right as well."""
    if len(chosen) > 1:
        raise ValueError(f"more than one choice of {question.id}")
    right = {choice.id for choice in question.choices if _is_right(choice)}
    correct = bool(chosen & right)
    return Score(float(correct), correct, "all_or_nothing")


def _is_right(choice: Choice) -> bool:
    return choice.void == "accept" or (choice.correct and choice.void is None)


def _shares(counted: list[Choice], chosen: frozenset[str]) -> tuple[float, float]:
    """Give the share of right choices that are chosen, and of wrong ones."""
    right = [choice for choice in counted if choice.correct]
    wrong = [choice for choice in counted if not choice.correct]
    return _share(right, chosen, of_none=1.0), _share(wrong, chosen, of_none=0.0)


def _share(choices: list[Choice], chosen: frozenset[str], of_none: float) -> float:
    if not choices:  # all of them void
        return of_none
    return sum(choice.id in chosen for choice in choices) / len(choices)
