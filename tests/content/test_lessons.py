"""Lesson files: front matter, names, and every mistake at its place."""

from datetime import date
from pathlib import Path

import pytest

from app.content.lesson_file import read_lesson
from tests.content.samples import LESSON, write_lesson


def problems_of(root: Path, text: str, name: str = "01-greeting.md") -> list[str]:
    """Write a lesson, read it, and give its problems as text."""
    lesson, problems = read_lesson(write_lesson(root, text, name), root)
    assert (lesson is None) == bool(problems)
    return [str(problem) for problem in problems]


def test_a_lesson(tmp_path: Path) -> None:
    """The fields come from the front matter, the number from the file's name, the body as it stands."""
    lesson, problems = read_lesson(write_lesson(tmp_path), tmp_path)
    assert problems == ()
    assert lesson is not None
    assert (lesson.id, lesson.number, lesson.minutes) == ("greeting", 1, 5)
    assert lesson.objectives == ("Say hello",)
    assert date.fromisoformat(lesson.sources[0].read) == date(2026, 1, 31)
    assert lesson.body.startswith("Hello.\n")
    assert lesson.path.read_text().split("\n")[lesson.body_line - 1] == "Hello."


def test_a_core_lesson(tmp_path: Path) -> None:
    """A lesson belongs to the core path where its fields say so, and else not."""
    for text, is_core in ((LESSON, False), (LESSON.replace("minutes: 5", "minutes: 5\ncore: true"), True)):
        lesson, _ = read_lesson(write_lesson(tmp_path, text), tmp_path)
        assert lesson is not None
        assert lesson.core is is_core


def test_windows_line_ends(tmp_path: Path) -> None:
    """A file saved with a byte order mark and Windows line ends reads the same."""
    file = write_lesson(tmp_path)
    plain, _ = read_lesson(file, tmp_path)
    file.write_bytes(b"\xef\xbb\xbf" + LESSON.replace("\n", "\r\n").encode())
    assert read_lesson(file, tmp_path) == (plain, ())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("---\nid", "id", "lessons/01-greeting.md:1:1 L001 "),
        (
            "summary:",
            "sumary:",
            "greeting.md:4:1 L002 Unknown field `sumary`. Did you mean summary?",
        ),
        ("minutes: 5\n", "", "lessons/01-greeting.md:2:1 L003 The field `minutes` is missing."),
        (
            "minutes: 5",
            "minutes: five",
            "greeting.md:5:10 L020 Write a whole number from 1 to 600.",
        ),
        ("  - Say hello", "  []", "lessons/01-greeting.md:7:3 L020 Here at least one entry belongs."),
        (
            "objectives:\n  - Say hello",
            "objectives: x",
            "greeting.md:6:13 L020 Here a list belongs",
        ),
        ("read: 2026-01-31", "read: soon", "L020 Write the date as 2026-01-31, or `not opened`."),
        ("https://", "http://", "L020 Write a web address that begins with https://"),
        ("title: A greeting", "title:", "lessons/01-greeting.md:3:7 L020 This is empty."),
        ("id: greeting", "id: Greeting!", "lessons/01-greeting.md:2:5 L020 An id is made of small letters"),
        ("id: greeting", "id: farewell", "lessons/01-greeting.md:2:5 L004 The file's name must end in"),
        ("title: A greeting", "title: `x`", "lessons/01-greeting.md:3:8 Y001 A text can't begin with `."),
        ("title: A greeting", "title: a: b", "lessons/01-greeting.md:3:9 Y001 A colon and a space"),
    ],
)
def test_mistakes(tmp_path: Path, old: str, new: str, told: str) -> None:
    """Each mistake is told with the file's own line and column, and with what to do."""
    assert old in LESSON
    found = problems_of(tmp_path, LESSON.replace(old, new, 1))
    assert any(told in problem for problem in found), found


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    """A file with several mistakes tells all of them, from top to bottom."""
    text = LESSON.replace("title:", "titel:", 1).replace("minutes: 5", "minutes: 0").replace("https:", "ftp:")
    found = [problem.split(" ")[1] for problem in problems_of(tmp_path, text)]
    assert found == ["L003", "L002", "L020", "L020"]


def test_a_lesson_without_text(tmp_path: Path) -> None:
    """A lesson that ends with its fields has no text to read."""
    assert "L006" in problems_of(tmp_path, LESSON.split("Hello.")[0])[0]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"---\nid: \xff\n---\n", "Y007"), (b"x" * 300_000, "Y006"), (b"", "L001")],
    ids=["latin", "huge", "empty"],
)
def test_files_that_can_not_be_read(tmp_path: Path, data: bytes, code: str) -> None:
    """Bytes that are no UTF-8 and files of unreasonable size are problems, not tracebacks."""
    file = write_lesson(tmp_path)
    file.write_bytes(data)
    lesson, problems = read_lesson(file, tmp_path)
    assert lesson is None
    assert [problem.code for problem in problems] == [code]


def test_the_place_of_a_wrong_byte(tmp_path: Path) -> None:
    """A byte that is no UTF-8 is shown by line and column."""
    file = write_lesson(tmp_path)
    file.write_bytes(b"---\nid: caf\xe9\n---\n")
    assert str(read_lesson(file, tmp_path)[1][0]).startswith("lessons/01-greeting.md:2:8 Y007 ")


def test_a_folder_and_a_missing_file(tmp_path: Path) -> None:
    """What is no file, and what is not there, is a problem."""
    folder = tmp_path / "lessons" / "02-folder.md"
    folder.mkdir(parents=True)
    for file in (folder, tmp_path / "lessons" / "03-missing.md"):
        assert [problem.code for problem in read_lesson(file, tmp_path)[1]] == ["Y010"]
