"""Quizzes as read before: the same as reading them, and never in the way."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.content import compiled, quiz_file
from app.content.compiled import Compiled
from app.content.loader import load_course
from tests.content.all_types import ALL_TYPES, write_all_types
from tests.content.samples import QUIZ, write_course, write_quiz


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the quiz files that were really read."""
    found: list[str] = []
    real = quiz_file.read_quiz
    monkeypatch.setattr(
        quiz_file, "read_quiz", lambda file, root: (found.append(file.name), real(file, root))[1]
    )
    return found


def test_the_second_time_nothing_is_read(tmp_path: Path, reads: list[str]) -> None:
    """Unchanged files give the same quizzes, problems and places from their entries."""
    root = write_course(tmp_path / "course")
    write_all_types(root, ALL_TYPES.replace("    explanation: It helps.\n", ""))
    write_quiz(root, "format: 1\nquiz: {id: broken\n", "broken.yaml")
    first = load_course([root], tmp_path / "compiled")
    assert sorted(reads) == ["all-types.yaml", "broken.yaml", "hello-quiz.yaml"]
    second = load_course([root], tmp_path / "compiled")
    assert len(reads) == 3
    assert second == first == load_course([root])
    assert {problem.code for problem in second.problems} == {"Q001", "W101"}


def test_only_what_changed_is_read(tmp_path: Path, reads: list[str]) -> None:
    """An edit, however small, counts; the other files keep their entries."""
    root = write_course(tmp_path / "course")
    write_all_types(root)
    load_course([root], tmp_path / "compiled")
    write_quiz(root, QUIZ.replace("Goodbye", "Good-bye"))
    course = load_course([root], tmp_path / "compiled")
    assert reads[2:] == ["hello-quiz.yaml"]
    assert course.quiz("hello-quiz").questions[0].choices[1].text == "Good-bye"


def test_a_picture_that_is_gone_is_noticed(tmp_path: Path, reads: list[str]) -> None:
    """A quiz whose picture was removed has a mistake, though its file is the same."""
    file = write_all_types(tmp_path)
    reader = Compiled(tmp_path / "compiled")
    assert reader.read_quiz(file, tmp_path)[0] is not None
    (tmp_path / "quizzes/log.svg").unlink()
    quiz, problems, _ = reader.read_quiz(file, tmp_path)
    assert quiz is None
    assert {problem.code for problem in problems} == {"Q013"}
    assert len(reads) == 2


def test_another_engine_reads_anew(tmp_path: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What another version of the course wrote is not taken over."""
    file = write_quiz(tmp_path)
    reader = Compiled(tmp_path / "compiled")
    reader.read_quiz(file, tmp_path)
    monkeypatch.setattr(compiled, "engine", lambda: "another")
    reader.read_quiz(file, tmp_path)
    reader.read_quiz(file, tmp_path)
    assert len(reads) == 2


def test_a_forged_entry_has_no_effect(tmp_path: Path) -> None:
    """An entry for another file, or with another text, is as good as not there."""
    file = write_quiz(tmp_path)
    reader = Compiled(tmp_path / "compiled")
    expected = reader.read_quiz(file, tmp_path)
    (entry,) = reader.folder.iterdir()
    head, index, body = entry.read_bytes().split(b"\n")
    data = json.loads(body)
    data[0]["stem"] = "Forged?"
    entry.write_bytes(b"\n".join((head, index, json.dumps(data).encode())))
    assert reader.read_quiz(file, tmp_path) == expected


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_entry_has_no_effect(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever happens to an entry, the quiz is read as if there were none, and the entry is made anew."""
    root = tmp_path_factory.mktemp("damaged")
    file = write_quiz(root)
    reader = Compiled(root / "compiled")
    expected = reader.read_quiz(file, root)
    (entry,) = reader.folder.iterdir()
    whole = entry.read_bytes()
    at = data.draw(st.integers(min_value=0, max_value=len(whole) - 1))
    damaged = data.draw(
        st.sampled_from(
            [whole[:at], whole[:at] + b"\xff" + whole[at + 1 :], whole[at:], whole + b" ", b"\n", b""]
        )
    )
    entry.write_bytes(damaged)
    assert reader.read_quiz(file, root) == expected
    assert entry.read_bytes() == whole


def test_where_nothing_can_be_written(tmp_path: Path, reads: list[str]) -> None:
    """Without a home there is no folder made and no error; the files are read each time."""
    file = write_quiz(tmp_path)
    reader = Compiled(tmp_path / "no-home" / ".compiled")
    assert reader.read_quiz(file, tmp_path)[0] is not None
    assert reader.read_quiz(file, tmp_path)[0] is not None
    assert len(reads) == 2
    assert not (tmp_path / "no-home").exists()


def test_pictures_belong_to_quizzes(tmp_path: Path) -> None:
    """A picture that a quiz shows is no stray file; one that none shows is."""
    write_all_types(tmp_path)
    (tmp_path / "quizzes/other.png").write_bytes(b"x")
    problems = [problem for problem in load_course([tmp_path]).problems if problem.code == "Q023"]
    assert [problem.path for problem in problems] == ["quizzes/other.png"]
