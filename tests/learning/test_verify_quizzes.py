"""predict_output questions are proven by running their code."""

from pathlib import Path

import pytest

from app.config import read_settings
from app.content.loader import load_course
from app.learning.classroom import Classroom
from app.learning.verify_quizzes import languages_of, verify_quizzes
from tests.content.all_types import ALL_TYPES, write_all_types

CODE = 'print("Hello")'


def mistakes(root: Path, text: str) -> list[str]:
    """Verify the sample of all types."""
    write_all_types(root, text)
    course = load_course([root])
    classroom = Classroom(read_settings({"COURSE_HOME": str(root / "home")}), course=course)
    asked: list[str] = []
    found = verify_quizzes(classroom, course.quizzes, asked.append)
    assert asked == ["what-prints"]
    assert languages_of(course.quizzes) == ("python",)
    return [str(each) for each in found]


@pytest.mark.parametrize("code", [CODE, "print('Hello')\nraise SystemExit(3)", "print('Hello  ')\nprint()"])
def test_what_the_code_prints(tmp_path: Path, code: str) -> None:
    """Blanks at the end and the exit code do not matter; what stands there does."""
    assert mistakes(tmp_path, ALL_TYPES.replace(CODE, code.replace("\n", "\n        "))) == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("print('Hullo')", "The code prints 'Hullo'. Write this as `output`."),
        ("pass", "The code prints nothing."),
        ("print(1 / 0)", "It complained: ZeroDivisionError: division by zero"),
        ("while True: print('Hello' * 999)", "did not come to its end"),
        ("print(list({'a', 'b', 'c', 'd', 'e', 'f'}))", "Another run prints something else."),
    ],
)
def test_what_it_does_not_print(tmp_path: Path, code: str, told: str) -> None:
    """The difference is told at the output's line, as Q016."""
    text = ALL_TYPES.replace(CODE, code)
    (found,) = mistakes(tmp_path, text)
    line = int(found.split(":")[1])
    assert text.split("\n")[line - 1] == "    output: |"
    assert "Q016" in found
    assert told in found
