"""The learner's folder: how it begins, and how one starts over."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.config import Settings
from app.errors import CourseError, NotFound, UsageError
from app.learning import workspace
from app.learning.classroom import Classroom
from app.learning.running import check
from tests.learning import tiny
from tests.learning.tiny import FakeRunner, write

MAIN = "receiver.py"


def contents(folder: Path) -> dict[str, str]:
    """Every file of a folder."""
    return {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}


def pass_first(classroom: Classroom, text: str) -> None:
    """Pass the first exercise with this main file."""
    folder = workspace.exercise_folder(classroom, "first", "python")
    (folder / MAIN).write_text(text)
    check(classroom, "first", "python")


def test_a_new_folder_is_the_starter_and_the_given_files(classroom: Classroom) -> None:
    """The folder stands in the home and is complete; it is made once."""
    folder = workspace.exercise_folder(classroom, "first", "python")
    assert folder == classroom.settings.home / "exercises/first/python"
    assert set(contents(folder)) == {MAIN, "notes.txt", "ledger.py"}
    (folder / MAIN).write_text("mine")
    assert workspace.exercise_folder(classroom, "first", "python") == folder
    assert (folder / MAIN).read_text() == "mine"
    assert sorted(p.name for p in folder.parent.iterdir()) == ["python"]


def test_a_chain_goes_on_from_the_last_pass(classroom: Classroom) -> None:
    """A new folder holds the learner's passed files, the starter's others, and its own given files."""
    pass_first(classroom, "# passed\n")
    (classroom.settings.home / "exercises/first/python/notes.txt").unlink()
    pass_first(classroom, "# passed again\n")
    folder = workspace.exercise_folder(classroom, "second", "python")
    assert contents(folder) == {
        MAIN: "# passed again\n",
        "notes.txt": "a second file\n",
        "ledger.py": "# ledger of second\n",
    }


def test_a_chain_of_commands_carries_over_as_well(settings: Settings, tmp_path: Path) -> None:
    """What kind of program it is makes no difference."""
    course = tiny.course(tmp_path / "commands")
    exercises = tuple(replace(each, kind="command") for each in course.exercises)
    room = Classroom(settings, course=replace(course, exercises=exercises), runner=FakeRunner())
    pass_first(room, "# passed\n")
    folder = workspace.exercise_folder(room, "second", "python")
    assert (folder / MAIN).read_text() == "# passed\n"
    room.close()


def test_it_is_known_before_that_a_folder_will_begin_from_a_pass(classroom: Classroom) -> None:
    """Until the folder is there, and only where there is a pass."""
    assert workspace.about_to_carry(classroom, "second", "python") is None
    pass_first(classroom, "# passed\n")
    before = workspace.about_to_carry(classroom, "second", "python")
    assert before is not None
    assert before.id == "first"
    assert workspace.about_to_carry(classroom, "second", "shell") is None
    workspace.exercise_folder(classroom, "second", "python")
    assert workspace.about_to_carry(classroom, "second", "python") is None


def test_without_a_pass_in_this_language_a_chain_begins_at_the_starter(
    classroom: Classroom, runner: FakeRunner
) -> None:
    """A failed run and a pass in another language carry nothing."""
    runner.verdict = "failed"
    pass_first(classroom, "# failed\n")
    folder = workspace.exercise_folder(classroom, "second", "python")
    assert (folder / MAIN).read_text() == "# starter of second\n"
    runner.verdict = "passed"
    pass_first(classroom, "# passed\n")
    shell = workspace.exercise_folder(classroom, "second", "shell")
    assert (shell / "receiver.sh").read_text() == "# shell\n"


def test_names_from_a_stored_run_stay_in_the_folder(classroom: Classroom) -> None:
    """An imported run can't write outside: names that leave the folder are left out."""
    pass_first(classroom, "# passed\n")
    data = classroom.store.export()
    data["tables"]["runs"][0] |= {
        "id": "evil",
        "started_at": "2027",
        "files": {"../../out.py": "eA==", MAIN: "eQ=="},
    }
    classroom.store.add(data)
    folder = workspace.exercise_folder(classroom, "second", "python")
    assert (folder / MAIN).read_text() == "y"
    assert not list(classroom.settings.home.rglob("out.py"))


def test_reset_keeps_the_old_files(classroom: Classroom) -> None:
    """Beginning anew loses nothing, also twice within one second."""
    folder = workspace.exercise_folder(classroom, "first", "python")
    moment = classroom.clock()
    classroom.clock = lambda: moment
    kept = []
    for text in ("one", "two"):
        (folder / MAIN).write_text(text)
        kept.append(workspace.reset(classroom, "first", "python"))
        assert (folder / MAIN).read_text() == "# starter of first\n"
    assert [(place / MAIN).read_text() for place in kept] == ["one", "two"]


def test_reset_offers_what_the_chain_carries(classroom: Classroom) -> None:
    """Carrying needs a pass; without one the words say where to begin."""
    assert not workspace.can_carry(classroom, "second", "python")
    with pytest.raises(UsageError, match="no passed solution"):
        workspace.reset(classroom, "second", "python", "carried")
    pass_first(classroom, "# passed\n")
    assert workspace.can_carry(classroom, "second", "python")
    workspace.reset(classroom, "second", "python", "carried")
    folder = workspace.exercise_folder(classroom, "second", "python")
    assert (folder / MAIN).read_text() == "# passed\n"


def test_the_solution_is_shown_after_a_pass_only(classroom: Classroom, runner: FakeRunner) -> None:
    """Before it, not a line of the solution leaves."""
    runner.verdict = "failed"
    pass_first(classroom, "# wrong\n")
    with pytest.raises(UsageError, match="after you passed") as raised:
        workspace.solution_diff(classroom, "first", "python")
    assert "solution of first\n" not in str(raised.value)
    runner.verdict = "passed"
    pass_first(classroom, "# mine\n")
    diff = workspace.solution_diff(classroom, "first", "python")
    assert "-# mine\n+# solution of first\n" in diff
    assert f"--- yours/{MAIN}\n+++ solution/{MAIN}\n" in diff


def test_a_folder_that_is_none_is_told_in_words(classroom: Classroom) -> None:
    """A file where the folder should be is not touched."""
    write(classroom.settings.home / "exercises/first/python", "a file")
    with pytest.raises(CourseError, match="no plain folder"):
        workspace.exercise_folder(classroom, "first", "python")


def test_unknown_exercises_and_languages_are_not_found(classroom: Classroom) -> None:
    """The words say which there are."""
    with pytest.raises(NotFound, match="Did you mean first"):
        workspace.exercise_folder(classroom, "frist", "python")
    with pytest.raises(NotFound, match="no language"):
        workspace.exercise_folder(classroom, "first", "../../etc")
