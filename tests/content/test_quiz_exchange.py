"""Quizzes as JSON, CSV and YAML: what goes out comes back the same."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content.quiz_csv import export_csv
from app.content.quiz_file import read_quiz, read_shapes
from app.content.quiz_json import export_json, import_json
from app.content.quiz_yaml import quiz_text
from app.content.schema import quiz_schema
from app.content.yaml_text import read_yaml
from tests.content.all_types import write_all_types
from tests.content.samples import QUIZ, write_quiz
from tests.content.test_quiz_ids import SHORT

ROOT = Path(__file__).parents[2]

trees = st.recursive(
    st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), trees, min_size=1, max_size=4))
def test_every_tree_can_be_written(tree: dict[str, object]) -> None:
    """Whatever texts a tree holds, its YAML says the same; what no YAML can hold is refused when read."""
    document, problems = read_yaml(quiz_text(tree), "f.yaml")  # type: ignore[arg-type]
    if document is not None:
        assert document.tree == tree
    else:
        unsayable = [each for each in json.dumps(tree, ensure_ascii=False) if not each.isprintable()]
        assert unsayable or "\\u" in json.dumps(tree), problems


def exported(file: Path) -> str:
    """The JSON of a quiz file."""
    return export_json(read_shapes(file.read_text(encoding="utf-8"), file, file.name))


@pytest.mark.parametrize("name", [file.stem for file in sorted((ROOT / "quizzes").glob("*.yaml"))])
def test_the_courses_quizzes_round_trip(tmp_path: Path, name: str) -> None:
    """Exported, imported and exported again, each quiz is the same to the byte, and asks the same."""
    _round_trips(ROOT / "quizzes" / f"{name}.yaml", tmp_path / f"{name}.yaml")


def test_every_type_round_trips(tmp_path: Path) -> None:
    """So does everything that a quiz file can say."""
    file = write_all_types(tmp_path)
    (tmp_path / "log.svg").write_bytes((file.parent / "log.svg").read_bytes())
    _round_trips(file, tmp_path / "all-types.yaml")


def test_short_forms_round_trip(tmp_path: Path) -> None:
    """And what is left out: ids, types, choices that are their text alone."""
    _round_trips(write_quiz(tmp_path, SHORT), tmp_path / "hello-quiz.yaml")


def _round_trips(file: Path, copy: Path) -> None:
    before = exported(file)
    jsonschema.Draft7Validator(json.loads(quiz_schema())).validate(json.loads(before))
    problems = import_json(before, "export.json", copy)
    assert [each for each in problems if each.level == "error"] == []
    assert exported(copy) == before
    original, _, _ = read_quiz(file, file.parent)
    again, problems, _ = read_quiz(copy, copy.parent)
    assert original is not None
    assert again is not None
    assert again.questions == original.questions
    assert (again.settings, again.pools, again.objectives) == (
        original.settings,
        original.pools,
        original.objectives,
    )


def test_mistakes_have_their_line_in_the_json(tmp_path: Path) -> None:
    """A JSON file with a mistake is told at its line, and nothing is written."""
    text = exported(write_quiz(tmp_path, QUIZ)).replace('"correct": true', '"correct": "perhaps"')
    output = tmp_path / "hello-quiz.yaml"
    (problem,) = import_json(text, "export.json", output)
    line = text.split("\n")[problem.line - 1]
    assert (problem.path, line.strip()) == ("export.json", '"correct": "perhaps",')
    assert not output.exists()


def test_an_output_that_exists_is_kept(tmp_path: Path) -> None:
    """An import never writes over a file."""
    file = write_quiz(tmp_path, QUIZ)
    with pytest.raises(FileExistsError):
        import_json(exported(file), "export.json", file)
    assert file.read_text(encoding="utf-8") == QUIZ


def test_csv_of_every_type(tmp_path: Path) -> None:
    """Each part has its row, formulas are defused, and what CSV can't hold is counted."""
    quiz, _, _ = read_quiz(write_all_types(tmp_path), tmp_path)
    assert quiz is not None
    first = quiz.questions[0]
    evil = replace(first, choices=(replace(first.choices[0], text="=1+1"), *first.choices[1:]))
    table, lost = export_csv(replace(quiz, questions=(evil, *quiz.questions[1:])))
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["question"] for row in rows} == {question.id for question in quiz.questions}
    assert rows[0]["text"] == "'=1+1"
    assert [row["right"] for row in rows if row["question"] == "in-order"] == ["1", "2", "3"]
    assert [row["right"] for row in rows if row["question"] == "what-with-what"] == [
        "Hello",
        "Goodbye",
        "Goodbye",
    ]
    assert next(row["text"] for row in rows if row["question"] == "how-many") == "114 to 126"
    assert lost == (
        "pictures: 3 not kept",
        "distractors of matching questions: 1 not kept",
        "that a text is a pattern: 1 not kept",
        "voids of choices: 1 not kept",
        "pools: 1 not kept",
    )
