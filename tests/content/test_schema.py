"""The schema for editors: current, and of one mind with the loader."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from app.content.quiz_file import read_quiz
from app.content.schema import quiz_schema
from tests.content.samples import QUIZ, write_quiz

QUIZZES = Path(__file__).parents[2] / "quizzes"


def complaints(text: str) -> list[Any]:
    """What an editor would mark in a quiz file."""
    return list(jsonschema.Draft7Validator(json.loads(quiz_schema())).iter_errors(yaml.safe_load(text)))


def test_the_schema_is_current() -> None:
    """The committed schema is the one that the models make."""
    assert (QUIZZES / "quiz.schema.json").read_text(encoding="utf-8") == quiz_schema()


def test_the_schema_is_a_schema() -> None:
    """It is valid draft 7, the newest that YAML editors read."""
    jsonschema.Draft7Validator.check_schema(json.loads(quiz_schema()))


def test_good_files_have_no_mark() -> None:
    """The sample and the course's own quizzes are fine in an editor, too."""
    assert complaints(QUIZ) == []
    for file in sorted(QUIZZES.glob("*.yaml")):
        assert complaints(file.read_text(encoding="utf-8")) == [], file.name


def test_numbers_as_texts() -> None:
    """`text: 404` is a text here, so an editor does not complain about it."""
    assert complaints(QUIZ.replace("text: Goodbye", "text: 404")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("explanation:", "explanaton:"),
        ("    stem: Which word comes first?\n", ""),
        ("correct: true", "correct: perhaps"),
        ("stem:", "type: multiple_choice\n    stem:"),
        ("id: goodbye", "id: Good Bye"),
        ("title: Hello,", "title: Hello, pass_mark: 101,"),
        ("lesson: greeting#how", "lesson: 'greeting # how'"),
        ("format: 1", "format: 2"),
        ("questions:", "settings: {choose: 0}\nquestions:"),
    ],
)
def test_editor_and_loader_agree(tmp_path: Path, old: str, new: str) -> None:
    """What the loader refuses for its shape, the editor marks."""
    assert old in QUIZ
    text = QUIZ.replace(old, new, 1)
    assert complaints(text)
    assert read_quiz(write_quiz(tmp_path, text), tmp_path)[0] is None
