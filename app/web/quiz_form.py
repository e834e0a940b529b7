"""What came with a form of questions, one or a whole page of them, as plain values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from app.learning.quiz_views import AttemptView, QuestionView

BUTTONS = ("answer", "all", "hint", "up", "down", "show", "again", "report")
"""The names of the buttons; the value of each begins with the question that it belongs to."""

Given = tuple[str, ...]
_TOKEN = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True)
class Sent:
    """A form of questions, and the button that sent it."""

    attempt: str
    place: str  # where the form stands: "" on a page of the quiz, "lesson ID", or "review"
    button: str = ""  # one of BUTTONS; empty: Enter in a field among several questions
    question: str = ""  # the token of the question to which the button belongs
    value: str = ""  # what else the button says
    given: Mapping[str, Given] = field(default_factory=dict)  # by question: what is filled in
    unclear: frozenset[str] = frozenset()  # questions in which two steps were given one place
    tries: Mapping[str, int] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)  # of the questions, as they were shown
    confidence: Mapping[str, str] = field(default_factory=dict)
    shown: str = ""  # when the form was shown, as a stamp of the server
    words: str = ""  # what is wrong with the question, in the learner's words


@dataclass(frozen=True)
class Kept:
    """What a page keeps of a form: what is filled in and not accepted, and why it was not."""

    given: Mapping[str, Given] = field(default_factory=dict)
    confidence: Mapping[str, str] = field(default_factory=dict)
    refusals: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""
    closed: frozenset[str] = frozenset()  # the questions that take no more answer


def sent_questions(form: MultiDict[str, str]) -> Sent:
    """Read a form of questions; whatever it says is taken as text, and judged later."""
    button = next((name for name in BUTTONS if name in form), "")
    question, _, value = form.get(button, "").partition(" ")
    tokens = tuple(dict.fromkeys(form.getlist("question")))
    given = {token: _given(form, token) for token in tokens}
    if button in ("up", "down") and question in given:
        given[question] = moved(given[question], value, -1 if button == "up" else 1)
    return Sent(
        attempt=form.get("attempt", ""),
        place=form.get("place", ""),
        button=button,
        question=question,
        value=value,
        given=given,
        unclear=frozenset(token for token in tokens if _shared_place(form.getlist(f"place.{token}"))),
        tries={token: form.get(f"try.{token}", 1, type=int) for token in tokens},
        versions={token: form.get(f"version.{token}", "") for token in tokens},
        confidence={token: form.get(f"confidence.{token}", "") for token in tokens},
        shown=form.get("shown", ""),
        words=form.get(f"words.{question}", ""),
    )


def _given(form: MultiDict[str, str], token: str) -> Given:
    """Give what is filled in for one question; steps are sorted by the places chosen for them."""
    answers, places = form.getlist(f"answer.{token}"), form.getlist(f"place.{token}")
    if not places or len(answers) != len(places) or not all(each.isdecimal() for each in places):
        return tuple(answers)
    ranks = [int(place[:6]) for place in places]
    return tuple(answers[at] for at in sorted(range(len(ranks)), key=ranks.__getitem__))


def _shared_place(places: list[str]) -> bool:
    return len(set(places)) < len(places)


def moved(items: Given, item: str, by: int) -> Given:
    """Move one item up or down; at the end of the list it stays."""
    if item not in items:
        return items
    place = items.index(item)
    rest = [*items[:place], *items[place + 1 :]]
    rest.insert(max(0, place + by), item)
    return tuple(rest)


def is_filled(question: QuestionView, given: Given) -> bool:
    """Say whether the learner filled in a question; steps that nobody moved are no answer."""
    if question.type == "ordering":
        return bool(given) and given != tuple(item.token for item in question.items)
    return any(text.strip() for text in given)


def arranged(attempt: AttemptView, kept: Kept) -> AttemptView:
    """Show the steps of each open ordering as they were left."""
    questions = tuple(_arranged(each, kept.given.get(each.token, ())) for each in attempt.questions)
    return replace(attempt, questions=questions)


def _arranged(question: QuestionView, given: Given) -> QuestionView:
    items = {item.token: item for item in question.items}
    if not items or len(given) != len(items) or set(given) != set(items):
        return question
    return replace(question, items=tuple(items[token] for token in given))


def typed_texts(form: MultiDict[str, str]) -> tuple[str, ...]:
    """Give what a person wrote into a form of questions, without the tokens of what they chose."""
    names = [name for name in form if name.startswith(("answer.", "words."))]
    texts = [text.strip() for name in names for text in form.getlist(name)]
    return tuple(text for text in texts if text and not _TOKEN.fullmatch(text))
