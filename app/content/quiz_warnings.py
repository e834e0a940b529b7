"""What an author should look at again in one question: the W rules, less what is waived with a reason."""

import re
from collections.abc import Iterator, Sequence

from app.content.quiz_cues import choices_of, cues
from app.content.quiz_parts import LintShape
from app.content.quiz_rules import Around, Finding, without_code
from app.content.quiz_shapes import MatchingShape, OrderingShape, QuestionShape, ShortTextShape

COURSE_WIDE = frozenset({"W115"})  # judged where all questions are known


def warnings_of(question: QuestionShape, around: Around) -> Iterator[Finding]:
    """Find what is weak about a question, whatever its type is."""
    found = [each for rule in (_ids, _said_after, _hints, cues) for each in rule(question, around)]
    found += around.hazards
    yield from unwaived(found, question.lint, COURSE_WIDE)


def unwaived(
    found: Sequence[Finding], lint: LintShape | None, judged_elsewhere: frozenset[str] = frozenset()
) -> Iterator[Finding]:
    """Leave out the warnings that are waived, and report waivers of nothing. An error can't be waived."""
    waived = set(lint.ignore) if lint else set()
    yield from (each for each in found if each[3] == "error" or each[1] not in waived)
    there = {code for _, code, _, level in found if level == "warning"}
    for code in sorted(waived - there - judged_elsewhere):
        yield ("lint", "ignore"), "W190", unused_waiver(code), "warning"


def unused_waiver(code: str) -> str:
    """Say that a waiver waives nothing."""
    return f"The waiver of {code} is not needed. Remove it from `lint.ignore`."


def _ids(question: QuestionShape, _: Around) -> Iterator[Finding]:
    if question.id is None:
        yield (), "W100", _write_id(question.known_id, "when the stem changes"), "warning"
    for field in ("choices", "items", "pairs"):
        for at, part in enumerate(getattr(question, field, ())):
            if part.id is None:
                yield (field, at), "W100", _write_id(part.known_id, "when its text changes"), "warning"


def _write_id(known: str, when: str) -> str:
    return (
        f"Without a written id, answers are lost {when}. "
        f"Add `id: {known}`; `course ids` does it for the whole file."
    )


def _said_after(question: QuestionShape, around: Around) -> Iterator[Finding]:
    if not question.explanation:
        yield (), "W101", "No explanation. Add one: it is what a learner takes away.", "warning"
    for at, choice in enumerate(choices_of(question)):
        if not choice.correct and not choice.feedback:
            message = "A wrong choice without feedback. Say why it is tempting, and wrong."
            yield ("choices", at), "W102", message, "warning"
    if _NAMES_AN_OPTION.search(without_code(question.explanation or "")):
        message = "Options have no letters, since they are shuffled. Name what the option says."
        yield ("explanation",), "W120", message, "warning"
    if around.objectives and not question.objectives:
        yield (), "W118", "The question serves no objective. Add `objectives: [...]`.", "warning"


_NAMES_AN_OPTION = re.compile(r"\b(?:[Oo]ption|[Cc]hoice|[Aa]nswer)s? \(?[A-F1-6]\b")


def _hints(question: QuestionShape, _: Around) -> Iterator[Finding]:
    keys = [key for key in map(_folded, _keys(question)) if len(key) >= 4]
    for at, hint in enumerate(question.hints):
        if any(_holds(_folded(hint), key) for key in keys):
            yield ("hints", at), "W119", "The hint holds the key itself. Point to the way instead.", "warning"


def _holds(text: str, key: str) -> bool:
    """Say whether a text holds a key as words of its own; a pattern for each key would take far longer."""
    at = text.find(key)
    while at >= 0:
        around = text[at - 1 : at] + text[at + len(key) : at + len(key) + 1]
        if not any(sign.isalnum() or sign == "_" for sign in around):
            return True
        at = text.find(key, at + 1)
    return False


def _keys(question: QuestionShape) -> list[str]:
    """Give the texts that are the answer, or enough of it."""
    if isinstance(question, ShortTextShape):
        return [each for each in question.accept if isinstance(each, str)]
    if isinstance(question, MatchingShape | OrderingShape):
        return []
    return [choice.text for choice in choices_of(question) if choice.correct and choice.text]


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[*_`]", "", text).casefold().split()).rstrip(".")
