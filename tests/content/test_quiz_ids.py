"""Ids that are not written: what they are, and how they get into a file without anything else changing."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.content.quiz_file import read_quiz
from app.content.quiz_ids import id_of
from app.content.quiz_write_ids import insert, with_ids, write_ids
from app.errors import ContentError
from tests.content.all_types import ALL_TYPES, write_all_types
from tests.content.samples import QUIZ, write_quiz

HEAD = "# By hand.\nformat: 1\nquiz: {id: hello-quiz, title: Hello}   # no lesson yet\nquestions:\n"
SHORT = (
    HEAD
    + """\

  # The first one.
  - stem: Which word comes first?   # really
    choices:
    - {text: Hello, correct: true}
    - Goodbye
    -   "Nothing: at all"   # said
    -
        text: |
          Two
          lines
    hints: [ 'a',b ]
  -   type: ordering
      stem: >-
        How does
        it go?
      items: [ greet, "talk" , leave]
"""
)


def test_ids_are_slugs() -> None:
    """Words make the id; what a slug leaves out adds a few signs of the text's hash."""
    assert id_of("Which word comes first?") == "which-word-comes-first"
    assert id_of("**Don't** “repeat” it!") == "don-t-repeat-it"
    assert id_of("x == 1").startswith("x-1-")
    assert id_of("é").startswith("text-") or id_of("é") != id_of("ü")


@given(
    st.lists(
        st.text(min_size=1, max_size=120), min_size=2, max_size=2, unique_by=lambda t: " ".join(t.split())
    )
)
def test_different_texts_have_different_ids(texts: list[str]) -> None:
    """Texts of the same id say the same: they differ at most in marks, blanks and capitals."""
    one, other = texts
    if id_of(one) == id_of(other):
        assert [sign for sign in one.lower() if sign.isalnum()] == [
            sign for sign in other.lower() if sign.isalnum()
        ]


def test_every_way_to_write_a_choice(tmp_path: Path) -> None:
    """Blocks, flows, quotes, comments and odd indentation: ids go in, all else stays, and lint is content."""
    file = write_quiz(tmp_path, SHORT)
    before = read_quiz(file, tmp_path)[0]
    made = write_ids(file)
    text = file.read_text(encoding="utf-8")
    assert made.by_hand == ()
    assert "  - id: which-word-comes-first\n    stem: Which word comes first?   # really\n" in text
    assert "    - {id: hello, text: Hello, correct: true}\n    - id: goodbye\n      text: Goodbye\n" in text
    assert '        text: "Nothing: at all"   # said\n' in text
    assert 'items: [ {id: greet, text: greet}, {id: talk, text: "talk"} , {id: leave, text: leave}]' in text
    after, problems, _ = read_quiz(file, tmp_path)
    assert after == before
    assert [each.code for each in problems if each.code == "W100"] == []
    assert write_ids(file).insertions == ()


def test_ids_that_yaml_takes_for_something_else(tmp_path: Path) -> None:
    """An id such as `true` or `404` is written in quotes, so that an editor takes it for text, too."""
    text = (
        HEAD
        + "  - stem: Is this true?\n    type: true_false\n"
        + "    choices:\n      - {text: 404, correct: true}\n      - true\n"
    )
    file = write_quiz(tmp_path, text)
    write_ids(file)
    assert '{id: "404", text: 404, correct: true}' in file.read_text()
    assert '- id: "true"\n        text: true' in file.read_text()


def test_a_choice_of_several_lines_is_left_to_its_author(tmp_path: Path) -> None:
    """Where an id can't be added without moving text, the line is told and stays as it is."""
    text = (
        HEAD
        + "  - stem: Which one?\n    choices:\n"
        + "      - text: Hello\n        correct: true\n      - |\n        Two\n        lines\n      - No\n"
    )
    made = write_ids(write_quiz(tmp_path, text))
    assert made.by_hand == (9,)
    assert "      - |\n        Two\n        lines\n" in made.text


def test_a_file_with_mistakes_is_not_written(tmp_path: Path) -> None:
    """Ids are only written where the file is right."""
    file = write_quiz(tmp_path, SHORT.replace("correct: true", "correct: maybe"))
    before = file.read_bytes()
    with pytest.raises(ContentError):
        write_ids(file)
    assert file.read_bytes() == before
    assert [each.name for each in file.parent.iterdir()] == [file.name]


@settings(max_examples=60, deadline=None)
@given(
    newline=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
    comments=st.lists(st.integers(min_value=0, max_value=60), max_size=5),
    blanks=st.lists(st.integers(min_value=0, max_value=60), max_size=5),
    indent=st.integers(min_value=0, max_value=3),
)
def test_nothing_else_changes(
    tmp_path_factory: pytest.TempPathFactory,
    newline: str,
    mark: bool,
    comments: list[int],
    blanks: list[int],
    indent: int,
) -> None:
    """Taking the insertions out again gives the file back, byte for byte; the quiz has the same ids."""
    root = tmp_path_factory.mktemp("ids")
    lines = SHORT.split("\n")
    for at in comments:
        lines.insert(4 + at % 3, "  " * indent + "# é comment")
    for at in blanks:
        lines.insert(min(at, 5), "")
    data = (b"\xef\xbb\xbf" if mark else b"") + newline.join(lines).encode()
    file = write_quiz(root)
    file.write_bytes(data)
    before = read_quiz(file, root)[0]
    assert before is not None
    made = write_ids(file)
    written = file.read_bytes()
    text = written.decode("utf-8-sig")
    for each in made.insertions:  # in order, so that what is taken out moves the next to its own place
        at = each.at
        assert text[at : at + len(each.text)] == each.text
        text = text[:at] + text[at + len(each.text) :]
    assert (b"\xef\xbb\xbf" if mark else b"") + text.encode() == data
    assert read_quiz(file, root)[0] == before
    assert written.count(b"\r\n") - data.count(b"\r\n") == (written.count(b"\n") - data.count(b"\n")) * (
        newline == "\r\n"
    )


def test_a_whole_file_has_its_ids_already(tmp_path: Path) -> None:
    """Where all ids are written there is nothing to insert."""
    file = write_all_types(tmp_path)
    assert write_ids(file).insertions == ()
    assert file.read_text(encoding="utf-8") == ALL_TYPES


@pytest.mark.parametrize("field", ["id: goodbye\n        ", "id: hello\n        ", "id: first-word\n    "])
def test_a_lost_id_comes_back(tmp_path: Path, field: str) -> None:
    """An id that was its text's slug and is removed is written again just so."""
    text = QUIZ.replace(field, "", 1)
    assert text != QUIZ
    made = with_ids(text, write_quiz(tmp_path, text))
    assert insert(text, list(made.insertions)) == made.text
    if "first-word" not in field:
        assert made.text == QUIZ
