"""An author's preview: every state of every question, read anew when a file has changed."""

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from app.config import read_settings
from app.learning.classroom import Classroom
from app.learning.preview import Desk, states_of
from app.quiz.types import QUESTION_TYPES, Question
from tests.content.all_types import ALL_TYPES, write_all_types
from tests.content.quiz_damage import damaged
from tests.quiz.all_types import ALL


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """An author who writes the quiz of all types in a folder of their own."""
    content = tmp_path / "mine"
    file = write_all_types(content)
    monkeypatch.setattr("app.content.loader.find_content", lambda overlays: tuple(overlays))
    monkeypatch.setattr("app.learning.preview.find_content", lambda overlays: tuple(overlays))
    settings = read_settings({"COURSE_HOME": str(tmp_path / "home"), "COURSE_CONTENT": str(content)})
    classroom = Classroom(settings)
    yield Desk(classroom, file)
    classroom.close()


def saved(file: Path, text: str) -> None:
    """Save a file so that its time tells it, also twice within one tick of the clock."""
    before = file.stat().st_mtime_ns
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(before + 1_000_000, before + 1_000_000))


@pytest.mark.parametrize("question", ALL, ids=lambda each: each.type)
def test_every_feedback_is_in_a_state(question: Question) -> None:
    """Each type has a right state, a wrong one where it is scored, and no feedback is left out."""
    states = list(states_of(question))
    views = [state.view for state in states]
    assert any(view.correct and view.score == 1 for view in views)
    assert not question.scored or any(not view.correct for view in views)
    shown = "\n".join(str(view) for view in views)
    feedback = [
        part.feedback for part in (*question.choices, *question.items, *question.pairs, *question.wrong)
    ]
    for words in (*feedback, question.explanation, question.model_answer, *question.points):
        assert words in shown


def test_all_types_have_states(desk: Desk) -> None:
    """The quiz of all types is shown whole: each question as asked, with hints, and in two states or more."""
    preview = desk.preview()
    asked = [each.view for each in preview.questions]
    assert [view.type for view in asked if view] == list(QUESTION_TYPES)
    assert asked[0] is not None
    assert asked[0].hints == ("Read the line from its end.",)
    assert all(
        len(each.states) >= 2 for each in preview.questions if each.view and each.view.type != "reflect"
    )
    withheld = [state.view for each in preview.questions for state in each.states if not state.view.released]
    assert withheld
    assert not any(view.explanation or view.expected for view in withheld)


def test_saving_shows_it_anew(desk: Desk) -> None:
    """Nothing is read again while nothing changes; a save of the file, a lesson or a picture changes it."""
    first = desk.preview()
    assert desk.preview() is first
    saved(desk.file, ALL_TYPES.replace("One of each", "All of them"))
    assert desk.stamp != first.stamp
    assert desk.preview().quiz.title == "All of them"
    assert desk.classroom.course.quiz("all-types").title == "All of them"
    for name in ("quizzes/log.svg", "lessons/01-greeting.md"):
        before = desk.stamp
        file = desk.file.parent.parent / name
        saved(file, file.read_text(encoding="utf-8") + "\n")
        assert desk.stamp != before
    desk.file.unlink()
    assert [problem.code for problem in desk.preview().draft.problems] == ["Y010"]


def test_problems_of_the_whole_course_stand_beside_the_question(desk: Desk) -> None:
    """What only the course shows, such as a section that is not there, is told at its question."""
    saved(desk.file, ALL_TYPES.replace("greeting#how", "greeting#why"))
    first = desk.preview().questions[0]
    assert [problem.code for problem in first.draft.problems] == ["Q011"]
    assert first.view is not None


def test_damage_never_ends_the_preview(desk: Desk) -> None:
    """Whatever is saved in between, there is something to show."""
    for at in range(120):
        desk.file.write_bytes(damaged(ALL_TYPES.encode(), Random(at)))  # noqa: S311
        os.utime(desk.file, ns=(at * 1_000_000, at * 1_000_000))
        preview = desk.preview()
        assert preview.questions or preview.draft.problems, at
