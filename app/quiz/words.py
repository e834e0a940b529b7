"""The words of a question as one Markdown text."""

import re

from app.quiz.types import Code, Question, Stimulus


def prompt(question: Question) -> str:
    """Give all that is asked, without pictures: the stimulus, the stem and the code."""
    shared = shared_words(question.stimulus) if question.stimulus else ""
    return "\n\n".join(part for part in (shared, own_words(question)) if part)


def shared_words(stimulus: Stimulus) -> str:
    """Give what several questions are about, without its picture."""
    return "\n\n".join(part for part in (stimulus.text, fence(stimulus.code)) if part)


def own_words(question: Question) -> str:
    """Give what only this question asks: the stem and the code."""
    return "\n\n".join(part for part in (question.stem, fence(question.code)) if part)


def fence(code: Code | None) -> str:
    """Write code as a fence that is longer than any in it; nothing for no code."""
    if code is None:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", code.text)), default=0)
    mark = "`" * max(3, longest + 1)
    return f"{mark}{code.language}\n{code.text.rstrip()}\n{mark}"
