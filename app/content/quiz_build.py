"""Turn the shapes of a quiz file into the plain values that are asked and scored."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.content.quiz_ids import id_of
from app.content.quiz_parts import (
    ChoiceShape,
    CodeShape,
    ImageShape,
    ItemShape,
    PatternShape,
    RangeShape,
    WrongNumberShape,
    WrongTextShape,
)
from app.content.quiz_shapes import (
    MatchingShape,
    MultiSelectShape,
    NumericShape,
    OrderingShape,
    PredictOutputShape,
    QuestionShape,
    QuizShape,
    ReflectShape,
    ShortTextShape,
    SingleChoiceShape,
    TrueFalseShape,
)
from app.quiz.types import (
    Accepted,
    Choice,
    Code,
    Image,
    Item,
    KnownWrong,
    Number,
    Option,
    Pair,
    Question,
    Quiz,
    QuizSettings,
    Stimulus,
)
from app.quiz.words import fence


def quiz_of(shape: QuizShape, questions: list[QuestionShape], file: Path) -> Quiz:
    """Make the quiz of a file in which no mistake was found."""
    settings = shape.settings
    stimuli = {
        key: Stimulus(key, each.text or "", _code(each.code), _image(each.image))
        for key, each in shape.stimulus.items()
    }
    return Quiz(
        id=shape.quiz.id,
        title=shape.quiz.title,
        lesson=shape.quiz.lesson,
        order=shape.quiz.order,
        pass_mark=shape.quiz.pass_mark,
        objectives=dict(shape.objectives),
        settings=QuizSettings(
            settings.choose,
            settings.shuffle_questions,
            settings.shuffle_choices,
            settings.confidence == "optional",
        ),
        questions=tuple(_question(each, shape, stimuli) for each in questions),
        path=file,
        pools=dict(shape.pools),
    )


def _question(shape: QuestionShape, quiz: QuizShape, stimuli: Mapping[str, Stimulus]) -> Question:
    facts: dict[str, Any] = {
        "id": shape.known_id,
        "type": shape.type,
        "stem": shape.stem,
        "choices": (),
        "hints": shape.hints,
        "explanation": shape.explanation or "",
        "objectives": shape.objectives,
        "lesson": shape.lesson,
        "difficulty": shape.difficulty,
        "scoring": quiz.settings.scoring,
        "shuffle": quiz.settings.shuffle_choices,
        "code": _code(shape.code),
        "image": _image(shape.image),
        "stimulus": stimuli[shape.uses] if shape.uses else None,
        "pool": shape.pool,
        "tries": quiz.settings.tries if shape.tries is None else shape.tries,
        "rescore": shape.rescore,
    }
    return Question(**{**facts, **dict(_own(shape))})


def _own(shape: QuestionShape) -> Iterator[tuple[str, Any]]:
    """Give the facts that only this type of question has."""
    match shape:
        case SingleChoiceShape() | MultiSelectShape() | TrueFalseShape():
            yield from _of_choices(shape)
        case NumericShape():
            yield "number", number_of(shape)
            yield "unit", shape.unit or ""
            yield "wrong", tuple(KnownWrong(each.feedback, number=number_of(each)) for each in shape.wrong)
        case ShortTextShape():
            yield "accept", tuple(accepted(each) for each in shape.accept)
            yield "case_sensitive", shape.case_sensitive
            yield "wrong", tuple(KnownWrong(each.feedback, text=accepted(each)) for each in shape.wrong)
        case OrderingShape():
            yield "items", tuple(_item(each) for each in shape.items)
            yield from _scoring(shape.scoring)
        case MatchingShape():
            yield from _of_pairs(shape)
        case PredictOutputShape():
            yield "output", shape.output
            yield "case_sensitive", True
            yield (
                "wrong",
                tuple(KnownWrong(each.feedback, text=Accepted(each.output)) for each in shape.wrong),
            )
        case ReflectShape():
            yield "model_answer", shape.model_answer
            yield "points", shape.points


def _of_choices(
    shape: SingleChoiceShape | MultiSelectShape | TrueFalseShape,
) -> Iterator[tuple[str, Any]]:
    yield "choices", tuple(_choice(each) for each in shape.choices)
    if shape.shuffle is not None:
        yield "shuffle", shape.shuffle
    if isinstance(shape, SingleChoiceShape | MultiSelectShape):
        yield from _scoring(shape.scoring)
    if isinstance(shape, MultiSelectShape):
        yield "allow_none", shape.allow_none
        yield "show_count", shape.show_count


def _scoring(rule: str | None) -> Iterator[tuple[str, Any]]:
    if rule is not None:
        yield "scoring", rule


def _of_pairs(shape: MatchingShape) -> Iterator[tuple[str, Any]]:
    texts = dict.fromkeys((*(pair.match for pair in shape.pairs), *shape.distractors))
    yield "options", tuple(Option(id_of(text), text) for text in texts)
    yield (
        "pairs",
        tuple(Pair(each.known_id, each.text, id_of(each.match), each.feedback or "") for each in shape.pairs),
    )
    yield from _scoring(shape.scoring)


def _choice(shape: ChoiceShape) -> Choice:
    return Choice(
        id=shape.known_id,
        text=_with_code(shape.text, shape.code),
        correct=shape.correct,
        feedback=shape.feedback or "",
        fixed=shape.fixed,
        void=shape.void,
        credit=shape.credit or 0.0,
        image=_image(shape.image),
    )


def _item(shape: ItemShape) -> Item:
    return Item(shape.known_id, _with_code(shape.text, shape.code), shape.feedback or "")


def _with_code(text: str | None, code: CodeShape | None) -> str:
    return "\n\n".join(part for part in (text, fence(_code(code))) if part)


def _code(shape: CodeShape | None) -> Code | None:
    return Code(shape.language, shape.text) if shape else None


def _image(shape: ImageShape | None) -> Image | None:
    return Image(shape.file, (shape.alt or "").strip()) if shape else None


def number_of(shape: NumericShape | WrongNumberShape) -> Number | None:
    """Give the numbers that a question or a known mistake means; None while a field is missing."""
    if isinstance(shape.range, RangeShape):
        return Number(shape.range.from_, shape.range.to)
    if shape.value is None:
        return None
    off = tolerance_of(shape.tolerance, shape.value)
    return Number(shape.value - off, shape.value + off, shape.value)


def tolerance_of(written: str | None, value: Decimal) -> Decimal:
    """Give a tolerance as a number; one in percent is a share of the value's size."""
    if written is None:
        return Decimal(0)
    number = Decimal(re.sub(r"\s*%$", "", written))
    return abs(value) * number / 100 if written.endswith("%") else number


def accepted(shape: str | PatternShape | WrongTextShape) -> Accepted:
    """Give the text or the pattern that an entry means."""
    if isinstance(shape, str):
        return Accepted(shape)
    return Accepted(shape.pattern or getattr(shape, "text", None) or "", pattern=shape.pattern is not None)
