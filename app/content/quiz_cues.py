"""What tells the answer to somebody who does not know it, or misleads one who does.

The rules are those of Haladyna, Downing & Rodriguez 2002 that a program can check; thresholds are ours.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

from app.content.quiz_parts import ChoiceShape
from app.content.quiz_rules import Around, Finding, without_code
from app.content.quiz_shapes import MultiSelectShape, QuestionShape, SingleChoiceShape, TrueFalseShape

Told = tuple[tuple[str | int, ...], str, str]  # where, code, message
MOST_WORDS = 120  # of a stem without a stimulus


def choices_of(question: QuestionShape) -> tuple[ChoiceShape, ...]:
    """Give the choices of a question; none where its type has none."""
    with_choices = SingleChoiceShape | MultiSelectShape | TrueFalseShape
    return question.choices if isinstance(question, with_choices) else ()


def cues(question: QuestionShape, around: Around) -> Iterator[Finding]:
    """Find the cues of one question."""
    yield from ((*told, "warning") for told in _stem(question))
    if not choices_of(question):
        return
    yield from _about_others(question, around)
    for rule in _RULES:
        yield from ((*told, "warning") for told in rule(question))
    if not _shuffled(question, around) and _numbers_in_disorder(question):
        message = "Numbers that are not shuffled stand from small to large. Sort them."
        yield ("choices",), "W112", message, "warning"


def _shuffled(question: QuestionShape, around: Around) -> bool:
    own: bool | None = getattr(question, "shuffle", None)
    return around.shuffled if own is None else own


def _stem(question: QuestionShape) -> Iterator[Told]:
    prose = without_code(question.stem).strip()
    negative = _NEGATIVE.search(prose)
    if negative and f"*{negative[0]}*" not in question.stem:
        message = f"`{negative[0]}` is easily overread. Write **{negative[0]}**, or ask without it."
        yield ("stem",), "W107", message
    article = _ARTICLE.search(prose)
    if article and choices_of(question):
        message = f"`{article[1]}` at the end fits only some choices. Move it into them, or write a question."
        yield ("stem",), "W110", message
    elif not _ENDS.search(question.stem):
        yield ("stem",), "W111", "The stem is no question or sentence. Write it out, to its last sign."
    if len(prose.split()) > MOST_WORDS and not question.uses:
        message = f"More than {MOST_WORDS} words to read. Shorten it, or make the story a `stimulus`."
        yield ("stem",), "W123", message


_NEGATIVE = re.compile(r"\b(?:NOT|EXCEPT|except)\b|(?<=\b(?:is|do) )not\b|(?<=\bdoes )not\b|(?<=\bare )not\b")
_ARTICLE = re.compile(r"\b(an?)[\s_.:…]*$")
_ENDS = re.compile(
    r"(?:[.?!:…]|_{2,})[\"'”’)*_`]*\s*$|(?:```|~~~)\s*$|^\s*(?:[-*|]|\d+\.) .*$\s*\Z", re.MULTILINE
)


def _about_others(question: QuestionShape, around: Around) -> Iterator[Finding]:
    for at, choice in enumerate(choices_of(question)):
        if _ABOUT_OTHERS.search(choice.text or ""):
            breaks = _shuffled(question, around) and not choice.fixed
            message = "A choice about the other choices. " + (
                "It breaks when they are shuffled: write `fixed: last`, or better, say it in full."
                if breaks
                else "It can be solved without knowing; say it in full."
            )
            yield ("choices", at, "text"), "W103", message, "error" if breaks else "warning"


_ABOUT_OTHERS = re.compile(
    r"\b(?:all|none|both|any|neither|either) of (?:the above|the below|these|them|the others)\b"
    r"|\b[A-F] (?:and|or) [A-F]\b",
    re.IGNORECASE,
)


def _lengths(question: QuestionShape) -> Iterator[Told]:
    longest = key_is_longest(question)
    if longest is not None and longest > 1.5:
        message = "The key is much longer than every other choice. Shorten it, or lengthen the others."
        yield ("choices",), "W104", message


def key_is_longest(question: QuestionShape) -> float | None:
    """Give by how much the key is longer than the next choice; None: it is not, or that says nothing."""
    if not isinstance(question, SingleChoiceShape) or any(each.code for each in question.choices):
        return None
    right = [len(each.text or "") for each in question.choices if each.correct]
    wrong = [len(each.text or "") for each in question.choices if not each.correct]
    if len(right) != 1 or not wrong or right[0] < LONG_ENOUGH:
        return None
    ratio = right[0] / max(max(wrong), 1)
    return ratio if ratio > 1 else None


LONG_ENOUGH = 30  # signs; that of two short choices one is longer tells nothing


def _absolutes(question: QuestionShape) -> Iterator[Told]:
    marked = [at for at, each in enumerate(choices_of(question)) if _ABSOLUTE.search(_prose(each))]
    if marked and not any(choices_of(question)[at].correct for at in marked):
        word = (_ABSOLUTE.search(_prose(choices_of(question)[marked[0]])) or "?")[0]
        message = f"`{word}` stands in wrong choices only, which gives them away. Weaken it, or balance it."
        yield ("choices", marked[0]), "W108", message


_ABSOLUTE = re.compile(r"\b(?:always|never|only)\b", re.IGNORECASE)


def _echoes(question: QuestionShape) -> Iterator[Told]:
    if not isinstance(question, SingleChoiceShape):
        return
    key = next((each for each in question.choices if each.correct), None)
    if key is None:
        return
    others = {word for each in question.choices if not each.correct for word in _words(_prose(each))}
    echoed = _words(without_code(question.stem)) & _words(_prose(key)) - others
    if echoed:
        message = f"`{min(echoed)}` of the stem stands in the key alone, a cue. Use it in others, or nowhere."
        yield ("choices",), "W109", message


def _words(prose: str) -> set[str]:
    """Give the long words of a text; short ones carry no sound that an ear would catch."""
    return {word.rstrip("s") for word in re.findall(r"[a-z]{6,}", prose.lower())}


def _counts(question: QuestionShape) -> Iterator[Told]:
    choices = choices_of(question)
    correct = sum(choice.correct for choice in choices)
    if isinstance(question, MultiSelectShape) and 1 in (correct, len(choices) - correct):
        few = "correct" if correct == 1 else "wrong"
        yield (
            ("choices",),
            "W117",
            f"Only one choice of a multi_select is {few}, which is a cue. Add another.",
        )
    if not isinstance(question, TrueFalseShape) and (len(choices) == 2 or len(choices) > 6):
        message = "Three to five choices are enough, and two are a coin. Add or remove some."
        yield ("choices",), "W113", message


def _forms(question: QuestionShape) -> Iterator[Told]:
    choices = choices_of(question)
    for at, choice in enumerate(choices):
        if choice.image and not choice.text and not choice.code:
            yield ("choices", at), "W111", "A choice that is a picture alone. Add `text` that names it."
    codes = [bool(each.code) or bool(_ALL_CODE.fullmatch((each.text or "").strip())) for each in choices]
    if len(choices) > 2 and 1 in (sum(codes), len(codes) - sum(codes)):
        odd = codes.index(sum(codes) == 1)
        message = "One choice is code and the others are not, or the other way round. Give all one form."
        yield ("choices", odd), "W114", message


_ALL_CODE = re.compile(r"`[^`]+`|```.*```", re.DOTALL)


def _prose(choice: ChoiceShape) -> str:
    return without_code(choice.text or "")


def _numbers_in_disorder(question: QuestionShape) -> bool:
    numbers = []
    for choice in choices_of(question):
        match = re.fullmatch(r"`?([+-]?[\d.,]+)`?(?:\s*[%\w]+)?", (choice.text or "").strip())
        try:
            numbers.append(Decimal(match[1].replace(",", "")) if match and not choice.fixed else None)
        except InvalidOperation:
            return False
    known = [number for number in numbers if number is not None]
    return len(known) == len(numbers) > 2 and known not in (sorted(known), sorted(known, reverse=True))


_RULES: tuple[Callable[[QuestionShape], Iterator[Told]], ...] = (
    _lengths,
    _absolutes,
    _echoes,
    _counts,
    _forms,
)
