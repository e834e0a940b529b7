"""The shape of scenario files as pydantic models."""

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.content.shapes import Id, Raw, Shape, Text, UrlPath, Whole

LONGEST = 10.0
"""Seconds that one request of a scenario, or one waiting, may take."""


def _seconds(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{1,2}(\.\d{1,3})?", value) and 0 < float(value) <= LONGEST:
        return float(value)
    raise PydanticCustomError("seconds", f"Write seconds, such as 0.5, at most {LONGEST:g}.")


Seconds = Annotated[
    float, BeforeValidator(_seconds), WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 10})
]
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")]


class TamperShape(Shape):
    """What changes on the way."""

    find: Raw
    put: Raw


class DeliveryShape(Shape):
    """What a step sends."""

    event: Id
    type: Text | None = None
    data: Text | None = None
    by: Literal["provider", "stranger"] = "provider"
    signature: Id | None = None
    body: Raw | None = None
    tamper: TamperShape | None = None
    attempts: Annotated[int, Whole(1, 8)] = 1
    attempt: Annotated[int, Whole(0, 99)] = 0
    skew: Annotated[int, Whole(-999_999_999, 999_999_999)] = 0
    way: Literal["whole", "slow", "truncated", "announced", "dropped", "answer-lost"] = "whole"
    path: UrlPath | None = None
    scheme: Id | None = None
    secret: Text | None = None
    headers: dict[HeaderName, Raw] = Field(default_factory=dict)
    hold: Id | None = None


class RequestShape(Shape):
    """A request that is no delivery."""

    path: UrlPath
    method: Literal["GET", "POST", "PUT", "DELETE"] = "POST"
    headers: dict[HeaderName, Raw] = Field(default_factory=dict)
    body: Raw = ""
    keep: dict[Id, Text] = Field(default_factory=dict)


class ApiShape(Shape):
    """What the provider's own API answers from now on."""

    path: UrlPath
    answer: Raw


class StepShape(Shape):
    """One sentence and one action."""

    say: Text
    send: DeliveryShape | None = None
    together: tuple[DeliveryShape, ...] | None = None
    hold: Id | None = None
    get: UrlPath | None = None
    request: RequestShape | None = None
    wait: Text | None = None
    program: Literal["start", "restart", "kill"] | None = None
    downstream: Literal["hold", "fail", "refuse", "works"] | None = None
    api: ApiShape | None = None
    timeout: Seconds | None = None

    @property
    def deliveries(self) -> tuple[tuple[tuple[str | int, ...], DeliveryShape], ...]:
        """What it sends, each with its place in the step."""
        if self.send is not None:
            return ((("send",), self.send),)
        return tuple((("together", at), each) for at, each in enumerate(self.together or ()))


class ScenarioShape(Shape):
    """A whole scenario."""

    title: Text
    intro: Text
    mistake: Id | None = None
    values: dict[Id, Id] = Field(default_factory=dict)
    steps: Annotated[tuple[StepShape, ...], Field(min_length=1)]
    question: Text
    answer: Text
