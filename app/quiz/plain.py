"""A question as JSON data, and back without a loss; a field that older data lacks has its default."""

import dataclasses
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

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
    Stimulus,
)

Data = dict[str, Any]


def to_plain(question: Question) -> Data:
    """Give a question as JSON data; a decimal number is a string, what is left at its default is left out."""
    data: Data = _shortened(question)
    return data


def _shortened(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {
            each.name: _shortened(getattr(value, each.name))
            for each in dataclasses.fields(value)
            if each.default is dataclasses.MISSING or getattr(value, each.name) != each.default
        }
    if isinstance(value, tuple):
        return [_shortened(each) for each in value]
    return str(value) if isinstance(value, Decimal) else value


def from_plain(data: Mapping[str, Any]) -> Question:
    """Rebuild a question; raises TypeError, KeyError or ValueError for data that is none."""
    facts = {name: _READERS[name](each) if name in _READERS else each for name, each in data.items()}
    return Question(**facts)


def _code(data: Data | None) -> Code | None:
    return Code(**data) if data is not None else None


def _image(data: Data | None) -> Image | None:
    return Image(**data) if data is not None else None


def _stimulus(data: Data | None) -> Stimulus | None:
    if data is None:
        return None
    return Stimulus(data["id"], data["text"], _code(data.get("code")), _image(data.get("image")))


def _choice(data: Data) -> Choice:
    return Choice(**{**data, "image": _image(data["image"])}) if data.get("image") else Choice(**data)


def _number(data: Data | None) -> Number | None:
    return Number(**{name: Decimal(each) for name, each in data.items()}) if data is not None else None


def _wrong(data: Data) -> KnownWrong:
    text = data.get("text")
    return KnownWrong(data["feedback"], _number(data.get("number")), Accepted(**text) if text else None)


def _each(read: Callable[[Data], Any]) -> Callable[[list[Data]], tuple[Any, ...]]:
    return lambda listed: tuple(read(each) for each in listed)


_READERS: dict[str, Callable[[Any], Any]] = {
    "choices": _each(_choice),
    "hints": tuple,
    "objectives": tuple,
    "code": _code,
    "image": _image,
    "stimulus": _stimulus,
    "tries": tuple,
    "items": _each(lambda data: Item(**data)),
    "pairs": _each(lambda data: Pair(**data)),
    "options": _each(lambda data: Option(**data)),
    "number": _number,
    "accept": _each(lambda data: Accepted(**data)),
    "wrong": _each(_wrong),
    "points": tuple,
}
