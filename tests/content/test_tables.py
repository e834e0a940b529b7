"""Lint: each column of a table has a name."""

from pathlib import Path

import pytest

from app.content.lint import lint
from app.content.loader import load_course
from app.content.tables import table_mistakes
from tests.content.samples import LESSON, QUIZ, write_course, write_lesson, write_quiz


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("| | a |\n|---|---|\n| b | c |", [(1, 2)]),
        ("| a | `|` | |\n|:--|---|---|\n| b | c | d |", [(1, 12)]),
        ("| | |\n|-|-|", [(1, 2), (1, 4)]),
        ("- x\n\n    | a |  |\n    |---|--:|\n    | b | c |", [(3, 10)]),
        ("> | a | |\n> |---|---|", [(1, 8)]),
        ("a || b\n--|--|--", [(1, 4)]),
    ],
)
def test_a_column_without_a_name_is_found(text: str, places: list[tuple[int, int]]) -> None:
    """Line and column are those at which the name belongs; a bar in code parts no columns."""
    assert [mistake[:2] for mistake in table_mistakes(text)] == places


@pytest.mark.parametrize(
    "text",
    [
        "a | `x|y` | \\|\n--|---|---",
        "| a | b |\n|---|---|\n| | c |",
        "| | a\n\nno table",
        "```text\n| |\n|-|\n```",
        "\\|\n|-|",
        "a\n---",
    ],
)
def test_what_has_names_or_is_no_table_is_fine(text: str) -> None:
    """Cells may be empty, code is no table, and a line below a text makes a heading."""
    assert list(table_mistakes(text)) == []


def test_lint_tells_it_wherever_a_table_stands(tmp_path: Path) -> None:
    """In a lesson and a task at its line, in a question at the question's."""
    write_course(tmp_path)
    table = "| | a |\n|---|---|\n| b | c |"
    lesson = write_lesson(tmp_path, f"{LESSON}\n{table}\n")
    line = lesson.read_text().split("\n").index("| | a |") + 1
    readme = next(tmp_path.glob("exercises/*/README.md"))
    readme.write_text(f"Say hello.\n\n{table}\n", encoding="utf-8")
    stem = "Which?\n\n      " + table.replace("\n", "\n      ")
    write_quiz(tmp_path, QUIZ.replace("stem: Which word comes first?", f"stem: |\n      {stem}"))
    found = [problem for problem in lint(load_course([tmp_path])) if problem.code == "L025"]
    assert [(Path(each.path).name, each.line, each.column) for each in found] == [
        ("README.md", 3, 2),
        (lesson.name, line, 2),
        ("hello-quiz.yaml", 5, 9),
    ]
