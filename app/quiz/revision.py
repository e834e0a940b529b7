"""Tell apart what changed in a question: its key, or only its words."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.quiz.types import Number, Question
from app.quiz.words import prompt


@dataclass(frozen=True)
class Revision:
    """Two short hashes; answers are kept with both."""

    key: str  # changes when the right answer or the set of choices does
    text: str  # changes when a word does


@lru_cache(maxsize=2048)
def revision(question: Question) -> Revision:
    """Give the revision of a question; the order of its choices does not matter."""
    choices = sorted(question.choices, key=lambda choice: choice.id)
    key = [question.type, [[choice.id, choice.correct, choice.void] for choice in choices]]
    text = [prompt(question), [[choice.id, choice.text] for choice in choices]]
    return Revision(
        _short_hash([*key, *_more(_key(question))]), _short_hash([*text, *_more(_text(question))])
    )


def _key(question: Question) -> dict[str, Any]:
    """What else decides about right and wrong; feedback and known mistakes do not."""
    return {
        "credit": sorted([choice.id, choice.credit] for choice in question.choices if choice.credit),
        "allow_none": question.allow_none,
        "items": [item.id for item in question.items],
        "pairs": sorted([pair.id, pair.option] for pair in question.pairs),
        "number": _bounds(question.number),
        "accept": sorted([each.text, each.pattern] for each in question.accept),
        "case_sensitive": question.case_sensitive,
        "output": question.output,
    }


def _text(question: Question) -> dict[str, Any]:
    return {
        "images": [[image.file, image.alt] for image in question.images],
        "items": sorted([item.id, item.text] for item in question.items),
        "pairs": sorted([pair.id, pair.text] for pair in question.pairs),
        "options": sorted([option.id, option.text] for option in question.options),
        "unit": question.unit,
    }


def _bounds(number: Number | None) -> list[str]:
    return [format(bound.normalize(), "f") for bound in (number.low, number.high)] if number else []


def _more(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Only what is there counts, so that a new kind of fact changes no revision made before."""
    there = {name: value for name, value in facts.items() if value}
    return [there] if there else []


def _short_hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, separators=(",", ":")).encode()).hexdigest()[:16]
