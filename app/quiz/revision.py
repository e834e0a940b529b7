"""Tell apart what changed in a question: its key, or only its words."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from app.quiz.types import Question


@dataclass(frozen=True)
class Revision:
    """Two short hashes; answers are kept with both."""

    key: str  # changes when the right answer or the set of choices does
    text: str  # changes when a word does


def revision(question: Question) -> Revision:
    """Give the revision of a question; the order of its choices does not matter."""
    choices = sorted(question.choices, key=lambda choice: choice.id)
    key = [question.type, [[choice.id, choice.correct, choice.void] for choice in choices]]
    text = [question.stem, [[choice.id, choice.text] for choice in choices]]
    return Revision(_short_hash(key), _short_hash(text))


def _short_hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, separators=(",", ":")).encode()).hexdigest()[:16]
