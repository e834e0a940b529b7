"""The parts of which questions are made: choices, code, images, numbers, texts that are accepted."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.content.files import IMAGE_SUFFIXES
from app.content.quiz_ids import id_of
from app.content.shapes import Flag, Id, Raw, Shape, Text

Described = Field  # a field with a sentence that editors show

_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?")


def _number(value: object) -> Decimal:
    if isinstance(value, str) and value.isascii() and _NUMBER.fullmatch(value):
        return Decimal(value)
    raise PydanticCustomError("number", "Write a number, such as 5, -2 or 0.25.")


def _share(value: object) -> float:
    number = _number(value)
    if not 0 <= number <= 1:
        raise PydanticCustomError("share", "Write a number from 0 to 1, such as 0.5.")
    return float(number)


def _tolerance(value: str) -> str:
    _number(value.strip().removesuffix("%").rstrip())
    return value.strip()


def _image_file(value: str) -> str:
    inside = ".." not in value.split("/") and not value.startswith("/") and "\\" not in value
    if inside and re.fullmatch(r"[\w./-]+", value) and value.lower().endswith(IMAGE_SUFFIXES):
        return value
    raise PydanticCustomError("image", "Write the name of a picture beside this file, such as crash.svg.")


def _digits(*kinds: str) -> WithJsonSchema:
    return WithJsonSchema({"type": list(kinds)})


Decimals = Annotated[Decimal, BeforeValidator(_number), _digits("number", "string")]
Share = Annotated[
    float, BeforeValidator(_share), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1})
]
Tolerance = Annotated[str, AfterValidator(_tolerance), _digits("number", "string")]
ImageFile = Annotated[str, AfterValidator(_image_file)]
ScoringRule = Literal["balanced", "all_or_nothing"]
Tries = Annotated[
    tuple[Share, ...],
    Field(max_length=10),
    Described(description="What each try can earn, such as [1, 0.7, 0.4]. Left out: one try."),
]


@dataclass(frozen=True)
class OrText:
    """Annotate a shape that may also be written as its text alone."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [handler(schema), {"type": ["string", "number", "boolean"]}]}

    def read(self, value: object) -> object:
        """Take a text as the field `text`; refuse what YAML took for a list or for fields by mistake."""
        if isinstance(value, str):
            return {"text": value}
        if isinstance(value, dict) and value and "text" not in value and not _FIELDS.intersection(value):
            raise PydanticCustomError("code", _LOOKS_LIKE_CODE)
        if value == {} or isinstance(value, list):
            raise PydanticCustomError("code", _LOOKS_LIKE_CODE)
        return value


_LOOKS_LIKE_CODE = "This was read as a list or as fields. If it is a text, put it in quotes."
_FIELDS = frozenset(
    {"id", "text", "code", "correct", "feedback", "fixed", "void", "credit", "image", "match"}
)


class CodeShape(Shape):
    """A program text, shown as code."""

    language: Id
    text: Raw


class ImageShape(Shape):
    """A picture that lies beside the quiz file."""

    file: ImageFile
    alt: Annotated[Raw | None, Described(description="What it shows, for who can't see it.")] = None
    decorative: Annotated[Flag, Described(description="It says nothing that the text does not.")] = False


class LintShape(Shape):
    """Warnings that do not hold here."""

    ignore: Annotated[tuple[Text, ...], Field(min_length=1)]
    because: Annotated[Text, Described(description="The reason, for the next author.")]


class ChoiceShape(Shape):
    """One option."""

    id: Annotated[Id | None, Described(description="For ever; the words may change.")] = None
    text: Annotated[Text | None, Described(description="Markdown.")] = None
    code: CodeShape | None = None
    image: ImageShape | None = None
    correct: Annotated[Flag, Described(description="The key. Left out: false.")] = False
    feedback: Annotated[Text | None, Described(description="Why this is right or wrong.")] = None
    fixed: Annotated[
        Literal["first", "last"] | None, Described(description="Stays there when the others are shuffled.")
    ] = None
    void: Annotated[
        Literal["drop", "accept"] | None,
        Described(description="A flawed option: drop counts for nobody, accept is right for everybody."),
    ] = None
    credit: Annotated[
        Share | None, Described(description="The share of the point that this wrong choice earns.")
    ] = None

    @cached_property
    def known_id(self) -> str:
        """Give the written id, else the one of the text."""
        return self.id or id_of(self.text or (self.code.text if self.code else ""))


class ItemShape(Shape):
    """One step of an ordering."""

    id: Annotated[Id | None, Described(description="For ever; the words may change.")] = None
    text: Annotated[Text | None, Described(description="Markdown.")] = None
    code: CodeShape | None = None
    feedback: Annotated[Text | None, Described(description="Why it stands there.")] = None

    @cached_property
    def known_id(self) -> str:
        """Give the written id, else the one of the text."""
        return self.id or id_of(self.text or (self.code.text if self.code else ""))


class PairShape(Shape):
    """One thing to match with what belongs to it."""

    id: Annotated[Id | None, Described(description="For ever; the words may change.")] = None
    text: Annotated[Text, Described(description="What is shown.")]
    match: Annotated[Text, Described(description="What belongs to it. Two pairs may share it.")]
    feedback: Annotated[Text | None, Described(description="Why they belong together.")] = None

    @cached_property
    def known_id(self) -> str:
        """Give the written id, else the one of the text."""
        return self.id or id_of(self.text)


class RangeShape(Shape):
    """All numbers from one to another, both included."""

    from_: Annotated[Decimals, Field(alias="from")]
    to: Decimals


class WrongNumberShape(Shape):
    """A wrong number that people arrive at, and why it is wrong."""

    value: Decimals | None = None
    tolerance: Tolerance | None = None
    range: RangeShape | None = None
    feedback: Text


class PatternShape(Shape):
    """A pattern that the whole answer must match."""

    pattern: Annotated[Text, Described(description="A simple regular expression.")]


class WrongTextShape(Shape):
    """A wrong text that people write, and why it is wrong."""

    text: Text | None = None
    pattern: Text | None = None
    feedback: Text


class WrongOutputShape(Shape):
    """A wrong output that people expect, and why it is wrong."""

    output: Raw
    feedback: Text


class StimulusShape(Shape):
    """What several questions are about."""

    text: Annotated[Text | None, Described(description="Markdown.")] = None
    code: CodeShape | None = None
    image: ImageShape | None = None


Choices = tuple[Annotated[ChoiceShape, OrText()], ...]
Items = tuple[Annotated[ItemShape, OrText()], ...]
