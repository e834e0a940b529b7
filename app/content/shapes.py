"""The shape of content files as pydantic models, and their errors in plain words.

Every scalar arrives as text, so numbers and flags are read here, by the field that wants them.
"""

import re
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema

from app.content.course import NOT_OPENED, did_you_mean
from app.content.files import ID
from app.content.problems import Problem
from app.content.yaml_text import Document, Path


class Shape(BaseModel):
    """A mapping with exactly these fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def _raw(value: str) -> str:
    if _UNSEEN.search(value):
        raise PydanticCustomError("unseen", "A character that nobody can see stands in this text. Remove it.")
    return value


def _text(value: str) -> str:
    value = _raw(value).rstrip()
    if not value.strip():
        raise PydanticCustomError("empty", "This is empty. Write a text, or remove the line.")
    return value


def _id(value: str) -> str:
    if ID.fullmatch(value) and len(value) <= 80:
        return value
    raise PydanticCustomError("id", "An id is made of small letters, digits and hyphens, such as raw-bytes.")


def _date_or_not_opened(value: str) -> str:
    if value == NOT_OPENED:
        return value
    from datetime import date

    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise PydanticCustomError("date", "Write the date as 2026-01-31, or `not opened`.") from None


def _web_address(value: str) -> str:
    if value.startswith("https://") and len(value) > 12 and not any(sign.isspace() for sign in value):
        return value
    raise PydanticCustomError("url", "Write a web address that begins with https://")


def _place(value: str) -> str:
    if re.fullmatch(_PLACE, value):
        return value
    raise PydanticCustomError("place", "Write a lesson's id, or lesson-id#section-id.")


def _file_name(value: str) -> str:
    if re.fullmatch(_FILE_NAME, value) and ".." not in value.split("/"):
        return value
    raise PydanticCustomError("file", "Write a file's name below the folder, such as receiver.py.")


def _env_name(value: str) -> str:
    if re.fullmatch(_ENV_NAME, value):
        return value
    raise PydanticCustomError("variable", "Write a variable's name in capitals, such as WEBHOOK_SECRET.")


def _url_path(value: str) -> str:
    if re.fullmatch(_URL_PATH, value):
        return value
    raise PydanticCustomError("path", "Write a path that begins with a slash, such as /webhook.")


_PLACE = rf"{ID.pattern}(#[\w-]+)?"
_URL_PATH = r"/[^\s?#]*"
_FILE_NAME = r"[\w-][\w.-]*(/[\w-][\w.-]*)*"
_ENV_NAME = r"[A-Z_][A-Z0-9_]*"


def _flag(value: object) -> object:
    if value in ("true", "false"):
        return value == "true"
    raise PydanticCustomError("flag", "Write true or false.")


@dataclass(frozen=True)
class Whole:
    """Annotate an int as a whole number in a range, written as text."""

    least: int
    most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def read(self, value: object) -> int:
        """Read the text of a number."""
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value):
            number = int(value)
            if self.least <= number <= self.most:
                return number
        raise PydanticCustomError("number", f"Write a whole number from {self.least} to {self.most}.")


# An editor reads `text: 404` as a number; here it is text like any other.
_ANY_SCALAR = WithJsonSchema({"type": ["string", "number", "boolean"]})
Text = Annotated[str, AfterValidator(_text), _ANY_SCALAR]
Raw = Annotated[str, AfterValidator(_raw), _ANY_SCALAR]  # text as it stands, empty or not
Id = Annotated[str, AfterValidator(_id), WithJsonSchema({"type": "string", "pattern": f"^{ID.pattern}$"})]
PlaceInCourse = Annotated[
    str, AfterValidator(_place), WithJsonSchema({"type": "string", "pattern": f"^{_PLACE}$"})
]
FileName = Annotated[str, AfterValidator(_file_name)]
EnvName = Annotated[str, AfterValidator(_env_name)]
UrlPath = Annotated[str, AfterValidator(_url_path)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
ReadOn = Annotated[str, AfterValidator(_date_or_not_opened)]
Flag = Annotated[bool, BeforeValidator(_flag)]


def fit(
    model: type[BaseModel],
    document: Document,
    name: str,
    family: str,
    at: Path = (),
    advise: Callable[[str], str] | None = None,
) -> tuple[Any, tuple[Problem, ...]]:
    """Read what stands at a path of a document by its model; every mistake becomes a problem of the family.

    `advise` may know what to say about an unknown field of the model itself; empty: nothing special.
    """
    try:
        return model.model_validate(document.at(at)), ()
    except ValidationError as error:
        told = [each for each in error.errors(include_url=False) if not _is_echo(each)]
    context = _Context(model, document, name, family, at, advise or (lambda _: ""))
    return None, tuple(sorted({_problem(each, context) for each in told}))


@dataclass(frozen=True)
class _Context:
    """What is needed to tell a mistake of one model."""

    model: type[BaseModel]
    document: Document
    name: str
    family: str
    at: Path
    advise: Callable[[str], str]

    def unknown(self, path: Path) -> str:
        """Say what to do about a field that is not known."""
        field = str(path[-1])
        inside = (*self.at, *path[:-1])
        if inside in self.document.flow and self.document.at((*inside, field)) == "":
            return "A comma inside { } ended the text before it. Put that text in quotes, or on its own line."
        advice = self.advise(field) if len(path) == 1 else ""
        return advice or did_you_mean(field, _fields(self.model, path[:-1]))


def _is_echo(error: ErrorDetails) -> bool:
    """A list whose entries are wrong counts as too short, too; the entries' own mistakes are enough."""
    return error["type"] == "too_short" and bool(error["input"])


def _problem(error: ErrorDetails, context: _Context) -> Problem:
    inside: Path = tuple(error["loc"])
    path = (*context.at, *inside)
    place = context.document.place(path)
    match error["type"]:
        case "extra_forbidden":
            place, code = context.document.keys.get(path, place), "002"
            message = f"Unknown field `{path[-1]}`. {context.unknown(inside)}"
        case "missing":
            code, message = "003", f"The field `{path[-1]}` is missing. Add it."
        case "string_type":
            code, message = "020", "Here a text belongs. If it looks like code or a list, put it in quotes."
        case "list_type" | "tuple_type":
            code, message = "020", "Here a list belongs: lines that begin with `- `."
        case "dict_type" | "mapping_type" | "model_type" | "model_attributes_type":
            code, message = "020", "Here fields belong: lines such as `title: ...`."
        case "literal_error":
            code, message = "020", f"Write one of: {error['ctx']['expected']}."
        case "too_short":
            code, message = "020", "Here at least one entry belongs."
        case _:
            code, message = "020", error["msg"]
    return Problem(context.name, *place, context.family + code, message)


def _fields(model: Any, path: Path) -> list[str]:
    """Give the names of the fields that are allowed at a path."""
    here = model
    for _ in path:
        here = _inside(here, _)
    here = _bare(here)
    return list(here.model_fields) if isinstance(here, type) and issubclass(here, BaseModel) else []


def _inside(annotation: Any, key: str | int) -> Any:
    annotation = _bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        field = annotation.model_fields.get("root") or annotation.model_fields.get(str(key))
        inner = field.annotation if field else None
        return _inside(inner, key) if "root" in annotation.model_fields else inner
    arguments = get_args(annotation)
    return arguments[-1 if get_origin(annotation) is dict else 0] if arguments else None


def _bare(annotation: Any) -> Any:
    """Take `X | None` and `Annotated[X, ...]` as X."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _bare(next(each for each in get_args(annotation) if each is not types.NoneType))
    return annotation
