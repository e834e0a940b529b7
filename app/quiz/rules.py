"""Scoring rules in words for the learner."""

from app.quiz.types import CHOICE_TYPES, Question

_RULES = {
    "all_or_nothing": "All or nothing: a wholly right answer earns the point, any other none.",
    "balanced": "Balanced: each right tick earns a share of the point, each wrong one costs one, down to 0.",
    "next_in_order": "Neighbours: each step with the right one behind it earns a share of the point.",
    "each_pair": "Pair by pair: each right match earns a share of the point.",
    "unscored": "Not scored: compare your answer with the one of the course.",
    "gave_up": "You asked for the answer instead of answering.",
}


def rule_of(question: Question) -> str:
    """Give the name of the rule by which answers to a question are scored."""
    if not question.scored:
        return "unscored"
    partly = {"multi_select": "balanced", "ordering": "next_in_order", "matching": "each_pair"}
    return partly.get(question.type, "all_or_nothing") if question.scoring == "balanced" else "all_or_nothing"


def rule_in_words(rule: str, question: Question | None = None) -> str:
    """Say in one or two sentences what a rule pays; with its question, also what its tries and credits do."""
    words = [_RULES.get(rule, "")]
    if question is None or rule in ("unscored", "gave_up"):
        return words[0]
    if question.type in CHOICE_TYPES and any(choice.credit for choice in question.choices):
        words.append("Some wrong choices earn a part of it.")
    if len(question.tries) > 1:
        shares = ", ".join(f"{share:.0%}" for share in question.tries)
        words.append(f"You have {len(question.tries)} tries; they can earn {shares}.")
    return " ".join(words)
