"""YAML that can't bite: what is kept as typed, and a plain message for whatever loses or breaks text."""

from pathlib import Path
from random import Random

import pytest

from app.content.quiz_file import MAX_LINE, read_quiz
from tests.content.all_types import ALL_TYPES, write_all_types
from tests.content.quiz_damage import damaged, mistake
from tests.content.samples import QUIZ, write_quiz

CHOICE = "text: Goodbye"


def read(root: Path, choice: str) -> tuple[str, list[str]]:
    """The text of the second choice written so, and the problems of the file."""
    assert CHOICE in QUIZ
    quiz, problems, _ = read_quiz(write_quiz(root, QUIZ.replace(CHOICE, choice, 1)), root)
    return (quiz.questions[0].choices[1].text if quiz else ""), [str(each) for each in problems]


@pytest.mark.parametrize(
    "typed",
    ["no", "on", "yes", "3.10", "010", "12:30", "2024-01-01", "1_000", "null", "~", "0x1F", "1e3", ".5"],
)
def test_kept_as_typed(tmp_path: Path, typed: str) -> None:
    """What YAML would make a flag, a number, a date or nothing stays the text, without a message."""
    assert read(tmp_path, f"text: {typed}") == (typed, [])


HAZARDS = [
    ("text: `x = 1`", "13:15 Q001", "can't begin with `"),
    ("text: @property", "13:15 Q001", "can't begin with @"),
    ("text: %d", "13:15 Q001", "can't begin with %"),
    ("text: x: int = 3", "13:16 Q001", "A colon and a space inside a text"),
    ("text: > 3", "13:17 Q001", "begins with > or |"),
    ('text: "\\d+"', "13:15 Q001", "A backslash inside double quotes"),
    ('text: "Bye" he said', "13:21 Q001", "behind its closing quote"),
    ("text: 'it's'", "13:19 Q001", "Write it twice"),
    ("text: [x] done", "13:19 Q001", "begins with a bracket"),
    ("text: [1, 2]", "13:15 Q020", "looks like code or a list, put it in quotes"),
    ("text: {}", "13:15 Q020", "looks like code or a list, put it in quotes"),
    ("text: *args", "13:15 Q001", "aliases (*name) are not used"),
    ("text: &x", "13:15 Q001", "Anchors (&name)"),
    ("text: !r", "13:15 Q001", "Tags (!name) are not used"),
    ("text: - x", "13:15 Q001", "begins with a hyphen"),
    ("text:Goodbye", "13:9 Q001", "a colon and a space belong"),
    ("text:", "13:14 Q020", "This is empty"),
    ("text: # a note", "13:14 Q020", "This is empty"),
    ("\ttext: Goodbye", "13:1 Q001", "A tab. Indent with spaces."),
    ("text: C # and C++", "13:15 W121", "is a comment and is not shown"),
    ("text: Good\n        text: bye", "14:9 Q001", "The key `text` stands twice"),
]


@pytest.mark.parametrize(("choice", "where", "told"), HAZARDS, ids=[row[0] for row in HAZARDS])
def test_hazards(tmp_path: Path, choice: str, where: str, told: str) -> None:
    """Each hazard has one plain message, at its line and column."""
    if choice.startswith("\t"):
        _, problems, _ = read_quiz(
            write_quiz(tmp_path, QUIZ.replace(f"        {CHOICE}", choice, 1)), tmp_path
        )
        found = [str(each) for each in problems]
    else:
        _, found = read(tmp_path, choice)
    found = [each for each in found if "W114" not in each]  # what a choice that is read as code is told, too
    assert len(found) == 1, found
    assert f":{where} " in found[0]
    assert told in found[0]


ENTRIES = [
    ("- x: int = 3", "Q020 This was read as a list or as fields."),
    ("- [1, 2]", "Q020 This was read as a list or as fields."),
    ("- {}", "Q020 This was read as a list or as fields."),
    ("- - x", "Q020 This was read as a list or as fields."),
    ("- {text: Save it, then reply}", "Q002 Unknown field `then reply`. A comma inside { } ended the text"),
    ("- `x = 1`", "Q001 A text can't begin with `."),
    ("-", "Q020 This is empty."),
    ("- # note", "Q020 This is empty."),
]


@pytest.mark.parametrize(("entry", "told"), ENTRIES, ids=[row[0] for row in ENTRIES])
def test_choices_that_are_their_text_alone(tmp_path: Path, entry: str, told: str) -> None:
    """A choice may be its text alone; what YAML makes something else of is told at it, once."""
    text = QUIZ.replace("    explanation", f"      {entry}\n    explanation", 1)
    _, problems, _ = read_quiz(write_quiz(tmp_path, text), tmp_path)
    errors = [str(each) for each in problems if each.level == "error"]
    assert len(errors) == 1, errors
    assert ":18:" in errors[0]
    assert told in errors[0]


def test_all_problems_at_once(tmp_path: Path) -> None:
    """Lines that are no YAML do not hide each other, nor what is wrong elsewhere in the file."""
    text = (
        QUIZ.replace("text: Hello", "text: `Hello`", 1)
        .replace("text: Goodbye", "text: a: b", 1)
        .replace("feedback: That is rude.", 'feedback: "Rude" it is', 1)
        .replace("lesson: greeting#how", "lesson: greeting # how", 1)
        .replace("explanation: A", "explain: A", 1)
    )
    _, problems, _ = read_quiz(write_quiz(tmp_path, text), tmp_path)
    assert [(each.line, each.code) for each in problems if each.level == "error"] == [
        (9, "Q001"),
        (13, "Q001"),
        (17, "Q001"),
        (18, "Q002"),
    ]


@pytest.mark.parametrize(
    ("data", "where", "told"),
    [
        (QUIZ.encode("utf-16"), "1:1", "not UTF-8"),
        (QUIZ.replace("Hello", "Héllo").encode("latin-1"), "2:32", "not UTF-8"),
        (QUIZ.encode("utf-16-le"), "1:2", "may not stand in YAML"),
        (b"a" * (17 * 1024 * 1024), "1:1", "larger than 16384 KiB"),
        (QUIZ.replace("Goodbye", "x" * 10_000_000).encode(), "13:1", f"longer than {MAX_LINE} signs"),
        (b"questions: " + b"[" * 40_000, "1:1011", "levels deep"),
        (b"a: &a [x]\n" + b"b: [*a, *a]\n", "1:4", "aliases"),
        (b"", "1:1", "The file is empty"),
        (b"\x00", "1:1", "may not stand in YAML"),
    ],
)
def test_hostile_files(tmp_path: Path, data: bytes, where: str, told: str) -> None:
    """Wrong encodings, huge lines, depth and bombs are refused at a place, in bounded time."""
    file = write_quiz(tmp_path)
    file.write_bytes(data)
    quiz, problems, _ = read_quiz(file, tmp_path)
    assert quiz is None
    assert f":{where} Q001 " in str(problems[0]), problems[:2]
    assert told in str(problems[0])


def test_a_byte_order_mark_and_other_line_ends(tmp_path: Path) -> None:
    """What some editors write in front and at line ends changes nothing."""
    file = write_quiz(tmp_path)
    file.write_bytes(b"\xef\xbb\xbf" + QUIZ.replace("\n", "\r\n").encode())
    quiz, problems, _ = read_quiz(file, tmp_path)
    assert problems == ()
    assert quiz is not None


@pytest.mark.parametrize("seed", range(5))
def test_random_damage(tmp_path: Path, seed: int) -> None:
    """A damaged quiz stays a quiz or is refused at a line of its own; `quiz_damage` tries 10,000."""
    file = write_all_types(tmp_path)
    for at in range(60):
        data = damaged(ALL_TYPES.encode(), Random(seed * 1_000 + at))  # noqa: S311 - repeatable, not secret
        assert mistake(file, data) == "", data
