"""A quiz as JSON: the fields of its file with their values as true, numbers and texts.

The schema of quiz files describes this JSON as well. JSON is YAML, so it is read by the same reader,
and every mistake has its line.
"""

import json
from pathlib import Path
from typing import Any

from app.content.problems import Problem
from app.content.quiz_build import quiz_of
from app.content.quiz_file import Shapes, read_shapes
from app.content.quiz_yaml import write_quiz


def export_json(read: Shapes) -> str:
    """Give the JSON of a quiz without mistakes."""
    assert read.shape is not None  # the caller has looked
    data: dict[str, Any] = read.shape.model_dump(mode="json", by_alias=True, exclude_unset=True)
    asked = read.questions.values()
    data["questions"] = [each.model_dump(mode="json", by_alias=True, exclude_unset=True) for each in asked]
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def import_json(text: str, name: str, output: Path) -> tuple[Problem, ...]:
    """Write the quiz of a JSON text as the file `output`; with an error among the problems, nothing."""
    read = read_shapes(text, output, name)
    if read.shape is not None and read.document is not None:
        write_quiz(output, read.document.tree, quiz_of(read.shape, list(read.questions.values()), output))
    return read.problems
