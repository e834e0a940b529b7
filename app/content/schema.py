"""Make quizzes/quiz.schema.json, by which editors complete and check quiz files."""

import json
import re
from pathlib import Path
from typing import Any

from app.content.quiz_shapes import SHAPES, QuizShape
from app.content.shapes import Shape

SCHEMA = "quiz.schema.json"
_REFERENCES = "#/definitions/{model}"


def quiz_schema() -> str:
    """Give the JSON schema of quiz files; draft 7, the newest that YAML editors read."""
    schema, definitions = _parts_of(QuizShape)
    schema["properties"]["questions"] = {"type": "array", "minItems": 1, "items": _by_type(definitions)}
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Quiz"}
    text = json.dumps(head | schema | {"definitions": dict(sorted(definitions.items()))}, indent=2)
    return re.sub(r'Shape"', '"', text) + "\n"


def put_schema(folder: Path) -> Path | None:
    """Write the schema beside the quizzes of a folder, where their first line names it; None: it is there."""
    file, text = folder / SCHEMA, quiz_schema()
    try:
        if file.read_text(encoding="utf-8") == text:
            return None
    except (OSError, UnicodeDecodeError):
        pass  # there is none, or it is damaged
    file.write_text(text, encoding="utf-8")
    return file


def _parts_of(model: type[Shape]) -> tuple[dict[str, Any], dict[str, Any]]:
    schema = model.model_json_schema(ref_template=_REFERENCES)
    definitions = schema.pop("$defs", {})
    del schema["title"]
    return _plain(schema), _plain(definitions)


def _by_type(definitions: dict[str, Any]) -> dict[str, Any]:
    """Give the schema of a question: what `type` says decides, so that an editor offers the right fields."""
    branches = []
    for kind, model in SHAPES.items():
        definitions[model.__name__], more = _parts_of(model)
        definitions.update(more)
        condition: dict[str, Any] = {"properties": {"type": {"const": kind}}}
        if kind != "single_choice":
            condition["required"] = ["type"]
        branches.append({"if": condition, "then": {"$ref": _REFERENCES.format(model=model.__name__)}})
    described = {"type": "string", "enum": list(SHAPES), "default": "single_choice"}
    return {"type": "object", "properties": {"type": described}, "allOf": branches}


def _plain(value: Any) -> Any:
    """Drop what says nothing: titles made from names, `null` that no YAML file here can hold."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if [each for each in value.get("anyOf", ()) if each == {"type": "null"}]:
        wanted = [each for each in value["anyOf"] if each != {"type": "null"}]
        rest = {key: each for key, each in value.items() if key != "anyOf"}
        value = wanted[0] | rest if len(wanted) == 1 else rest | {"anyOf": wanted}
    return {
        key: _plain(each)
        for key, each in value.items()
        if not (key == "title" and isinstance(each, str))
        and not (key == "default" and (each is None or isinstance(each, dict)))
    }
