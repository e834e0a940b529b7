"""What makes a question weak: the W rules, as the literature on item writing lists them."""

import re
from collections.abc import Iterable, Iterator, Sequence

from app.content.quiz_parts import ChoiceShape
from app.content.quiz_rules import Around, Finding, without_code
from app.content.quiz_shapes import MultiSelectShape, QuestionShape, SingleChoiceShape, TrueFalseShape


def warnings_of(question: QuestionShape, around: Around) -> Iterator[Finding]:
    """Find what an author should look at again, less what the question waives with a reason."""
    found = [each for rule in (_ids, _said_after, _choice_set, _cues) for each in rule(question, around)]
    found += [_cut(where) for where in sorted(around.cut, key=str)]
    waived = set(question.lint.ignore) if question.lint else set()
    yield from (each for each in found if each[1] not in waived)
    for code in sorted(waived - {each[1] for each in found}):
        message = f"The waiver of {code} is not needed. Remove it from `lint.ignore`."
        yield ("lint", "ignore"), "W190", message, "warning"


def choices_of(question: QuestionShape) -> tuple[ChoiceShape, ...]:
    """Give the choices of a question; none where its type has none."""
    with_choices = SingleChoiceShape | MultiSelectShape | TrueFalseShape
    return question.choices if isinstance(question, with_choices) else ()


def _ids(question: QuestionShape, _: Around) -> Iterator[Finding]:
    if question.id is None:
        message = (
            f"Without a written id, answers are lost when the stem changes. Add `id: {question.known_id}`."
        )
        yield (), "W100", message, "warning"
    for at, choice in enumerate(choices_of(question)):
        if choice.id is None:
            message = f"Without a written id, answers are lost when it changes. Add `id: {choice.known_id}`."
            yield ("choices", at), "W100", message, "warning"


def _said_after(question: QuestionShape, _: Around) -> Iterator[Finding]:
    if not question.explanation:
        yield (), "W101", "No explanation. Add one: it is what a learner takes away.", "warning"
    for at, choice in enumerate(choices_of(question)):
        if not choice.correct and not choice.feedback:
            message = "A wrong choice without feedback. Say why it is tempting, and wrong."
            yield ("choices", at), "W102", message, "warning"
    if _NAMES_AN_OPTION.search(without_code(question.explanation or "")):
        message = "Options have no letters, since they are shuffled. Name what the option says."
        yield ("explanation",), "W120", message, "warning"
    key = " ".join(choice.text or "" for choice in choices_of(question) if choice.correct).strip().casefold()
    for at, hint in enumerate(question.hints):
        if len(key) >= 12 and key in hint.casefold():
            yield ("hints", at), "W119", "The hint holds the key itself. Point to the way instead.", "warning"


_NAMES_AN_OPTION = re.compile(r"\b(?:[Oo]ption|[Cc]hoice|[Aa]nswer) [A-F]\b")


def _choice_set(question: QuestionShape, around: Around) -> Iterator[Finding]:
    own = getattr(question, "shuffle", None)
    shuffled = around.shuffled if own is None else own
    for at, choice in enumerate(choices_of(question)):
        if _ABOUT_OTHERS.search(choice.text or ""):
            breaks = shuffled and not choice.fixed
            message = "A choice about the other choices. " + (
                "It breaks when they are shuffled: write `fixed: last`, or better, say it in full."
                if breaks
                else "It can be solved without knowing; say it in full."
            )
            yield ("choices", at, "text"), "W103", message, "error" if breaks else "warning"
    correct = sum(choice.correct for choice in choices_of(question))
    if question.type == "multi_select" and (correct == 1 or len(choices_of(question)) - correct == 1):
        few = "correct" if correct == 1 else "wrong"
        message = f"Only one choice of a multi_select is {few}, which is a cue. Add another."
        yield ("choices",), "W117", message, "warning"
    if question.type in ("single_choice", "multi_select") and (
        len(choices_of(question)) == 2 or len(choices_of(question)) > 6
    ):
        message = "Three to five choices are enough, and two are a coin. Add or remove some."
        yield ("choices",), "W113", message, "warning"


_ABOUT_OTHERS = re.compile(
    r"\b(?:all|none|both|any|neither) of (?:the above|these|them|the others)\b|\b[A-F] (?:and|or) [A-F]\b",
    re.IGNORECASE,
)


def _cues(question: QuestionShape, around: Around) -> Iterator[Finding]:
    longest = key_is_longest(question)
    if longest is not None and longest > 1.5:
        message = "The key is much longer than every other choice. Shorten it, or lengthen the others."
        yield ("choices",), "W104", message, "warning"
    negative = _NEGATIVE.search(without_code(question.stem))
    if negative and f"*{negative[0]}*" not in question.stem:
        message = f"`{negative[0]}` is easily overread. Write **{negative[0]}**, or ask without it."
        yield ("stem",), "W107", message, "warning"
    if around.objectives and not question.objectives:
        yield (), "W118", "The question serves no objective. Add `objectives: [...]`.", "warning"


_NEGATIVE = re.compile(r"\b(?:NOT|EXCEPT|except)\b|(?<=\b(?:is|do) )not\b|(?<=\bdoes )not\b|(?<=\bare )not\b")


def key_is_longest(question: QuestionShape) -> float | None:
    """Give by how much the key is longer than the next choice; None: it is not, or that says nothing."""
    right = [len(each.text or "") for each in choices_of(question) if each.correct and not each.code]
    wrong = [len(each.text or "") for each in choices_of(question) if not each.correct and not each.code]
    if question.type != "single_choice" or len(right) != 1 or not wrong or right[0] < 30:
        return None
    ratio = right[0] / max(max(wrong), 1)
    return ratio if ratio > 1 else None


def _cut(where: Sequence[str | int]) -> Finding:
    message = "What follows ` #` is a comment and is not shown. If it is text, put the whole in quotes."
    return tuple(where), "W121", message, "warning"


def warnings_across(questions: Iterable[QuestionShape]) -> Iterator[tuple[str, str]]:
    """Find what only the whole quiz shows; code and message."""
    listed = list(questions)
    keys = [
        next((each.known_id for each in choices_of(question) if each.correct), "")
        for question in listed
        if question.type == "true_false"
    ]
    if len(keys) >= 3 and len(set(keys)) == 1:
        yield "W116", f"Every true_false question has the key `{keys[0]}`. Turn some of them round."
    single = [question for question in listed if question.type == "single_choice"]
    long_keys = sum(key_is_longest(question) is not None for question in single)
    if len(single) >= 6 and long_keys > len(single) / 2:
        message = f"In {long_keys} of {len(single)} questions the key is the longest choice. Even them out."
        yield "W105", message
