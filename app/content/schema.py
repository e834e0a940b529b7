"""Make quizzes/quiz.schema.json, by which editors complete and check quiz files."""

import json
import re
from typing import Any

from app.content.quiz_shapes import QuizShape


def quiz_schema() -> str:
    """Give the JSON schema of quiz files; draft 7, the newest that YAML editors read."""
    schema = QuizShape.model_json_schema(ref_template="#/definitions/{model}")
    definitions = schema.pop("$defs")
    del schema["title"]
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Quiz"}
    text = json.dumps(head | _plain(schema) | {"definitions": _plain(definitions)}, indent=2)
    return re.sub(r'Shape"', '"', text) + "\n"


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
