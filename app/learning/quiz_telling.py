"""Questions and answers as views: pure functions, used for attempts and for an author's preview alike."""

import dataclasses
from collections.abc import Callable, Sequence

from app.learning.quiz_views import (
    AnsweredChoice,
    AnsweredItem,
    AnsweredPair,
    AnswerView,
    ChoiceView,
    PartView,
    QuestionView,
)
from app.quiz.answers import matched, right_answer
from app.quiz.revision import revision
from app.quiz.rules import rule_in_words, rule_of
from app.quiz.scoring import GAVE_UP, Score, is_right, known_wrong
from app.quiz.types import CHOICE_TYPES, Number, Question
from app.quiz.words import own_words, prompt

Name = Callable[[str], str]  # makes the token of a choice, item or option from its id; of "" the question's


def asked(question: Question, shown: Sequence[str], name: Name) -> QuestionView:
    """Give a question that nobody has answered, its parts in the order `shown` (ids)."""
    texts = {item.id: item.text for item in question.items}
    texts |= {option.id: option.text for option in question.options}
    choices = [choice for choice in map(question.choice, shown) if choice is not None]
    parts = tuple(PartView(name(each), texts[each]) for each in shown if each in texts)
    shared, seen = question.stimulus.image if question.stimulus else None, revision(question)
    return QuestionView(
        token=name(""),
        stem=prompt(question),
        type=question.type,
        choices=tuple(ChoiceView(name(choice.id), choice.text, choice.image) for choice in choices),
        hints=(),
        hints_left=len(question.hints),
        answered=None,
        images=tuple(image for image in (shared, question.image) if image is not None),
        items=parts if question.type == "ordering" else (),
        pairs=tuple(pair.text for pair in question.pairs),
        options=parts if question.type == "matching" else (),
        unit=question.unit,
        allow_none=question.allow_none,
        right_count=sum(map(is_right, question.choices)) if question.show_count else None,
        scoring=rule_in_words(rule_of(question), question),
        tries_left=max(1, len(question.tries)),
        stimulus=question.stimulus,
        ask=own_words(question),
        image=question.image,
        version=name(f"version {seen.key} {seen.text}"),
    )


def told(question: Question, shown: Sequence[str], answer: Sequence[str], result: Score) -> AnswerView:
    """Give everything that may be known once a question is answered for good."""
    gave_up = not answer and (result.rule == GAVE_UP or not question.scored)
    typed = question.type not in (*CHOICE_TYPES, "ordering", "matching")
    return AnswerView(
        correct=result.correct,
        score=result.value,
        rule=result.rule,
        choices=_choices(question, shown, answer),
        explanation=question.explanation,
        lesson=question.lesson,
        scoring=rule_in_words(result.rule),
        scored=question.scored,
        gave_up=gave_up,
        given="".join(answer) if typed else "",
        expected=_expected(question),
        remark=_remark(question, answer),
        items=_items(question, answer),
        pairs=_pairs(question, answer),
        model_answer=question.model_answer,
        points=question.points,
    )


def withheld(view: AnswerView, question: Question) -> AnswerView:
    """Take the key out of a wrong answer after which there are tries left."""
    one = question.type != "multi_select"
    return dataclasses.replace(
        view,
        choices=tuple(choice for choice in view.choices if choice.chosen) if one else (),
        explanation="",
        lesson=None,
        released=False,
        expected="",
        items=(),
        pairs=(),
        model_answer="",
        points=(),
    )


def _choices(question: Question, shown: Sequence[str], answer: Sequence[str]) -> tuple[AnsweredChoice, ...]:
    choices = [choice for choice in map(question.choice, shown) if choice is not None]
    return tuple(
        AnsweredChoice(
            choice.text,
            choice.id in answer,
            is_right(choice),
            choice.feedback,
            choice.image,
            choice.void is not None,
        )
        for choice in choices
    )


def _items(question: Question, answer: Sequence[str]) -> tuple[AnsweredItem, ...]:
    given = {item: place for place, item in enumerate(answer, 1)} if question.type == "ordering" else {}
    return tuple(
        AnsweredItem(item.text, place, given.get(item.id, 0), item.feedback)
        for place, item in enumerate(question.items, 1)
    )


def _pairs(question: Question, answer: Sequence[str]) -> tuple[AnsweredPair, ...]:
    chosen = matched(answer) if question.type == "matching" else {}
    texts = {option.id: option.text for option in question.options}
    return tuple(
        AnsweredPair(
            pair.text,
            texts.get(chosen.get(pair.id, ""), ""),
            texts.get(pair.option, ""),
            chosen.get(pair.id) == pair.option,
            pair.feedback,
        )
        for pair in question.pairs
    )


def _expected(question: Question) -> str:
    """Write a right answer to what is typed; a number with its range and unit."""
    if question.type == "numeric" and question.number is not None:
        return f"{_number(question.number)} {question.unit}".strip()
    if question.type in ("short_text", "predict_output"):
        return "".join(right_answer(question))
    return ""


def _number(number: Number) -> str:
    low, high = format(number.low, "f"), format(number.high, "f")
    if number.value is None:
        return f"from {low} to {high}"
    value = format(number.value, "f")
    return value if number.low == number.high else f"{value} (from {low} to {high})"


def _remark(question: Question, answer: Sequence[str]) -> str:
    if question.type not in ("numeric", "short_text", "predict_output") or not answer:
        return ""
    mistake = known_wrong(question, answer[0])
    return mistake.feedback if mistake else ""
