"""The learner's files: made, read, saved, reset."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from app.config import Settings
from app.errors import CourseError, EditConflict, NotFound, UsageError
from app.learning import files, workspace
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


def test_files_are_read_with_the_main_one_first_and_the_given_last(classroom: Classroom) -> None:
    """Hidden files, links and what is no text are not offered for editing."""
    folder = workspace.exercise_folder(classroom, "first", "python")
    (folder / "another.py").write_text("x")
    (folder / ".hidden").write_text("x")
    (folder / "link.py").symlink_to("/etc/hostname")
    (folder / "data.bin").write_bytes(b"\xff\xfe")
    write(folder / "__pycache__" / "x.pyc", "x")
    os.mkfifo(folder / "pipe")
    read = workspace.read_files(classroom, "first", "python")
    assert [file.name for file in read] == [MAIN, "another.py", "data.bin", "notes.txt", "ledger.py"]
    assert [file.given for file in read] == [False] * 4 + [True]
    assert [file.editable for file in read] == [True, True, False, True, True]


def test_what_was_saved_is_what_is_read(classroom: Classroom) -> None:
    """A save returns the new version; the next save builds on it."""
    before = workspace.read_files(classroom, "first", "python")[0]
    saved = workspace.save_file(classroom, "first", "python", MAIN, "one\né 😀\n", before.version)
    assert saved == workspace.read_files(classroom, "first", "python")[0]
    assert saved.text == "one\né 😀\n"
    again = workspace.save_file(classroom, "first", "python", MAIN, "two\n", saved.version)
    assert again.version != saved.version


def test_a_form_s_line_ends_do_not_change_the_file(classroom: Classroom) -> None:
    """A browser sends CR LF; the file keeps the ends it has."""
    folder = workspace.exercise_folder(classroom, "first", "python")
    for name, ends in (("unix.py", "\n"), ("windows.py", "\r\n")):
        (folder / name).write_bytes(f"a{ends}b{ends}".encode())
        version = files.version_of((folder / name).read_bytes())
        workspace.save_file(classroom, "first", "python", name, "a\r\nc\r\n", version)
        assert (folder / name).read_bytes() == f"a{ends}c{ends}".encode()


def test_an_edit_conflict_loses_nothing(classroom: Classroom) -> None:
    """Saving over a version one has not seen writes nothing and hands over what stands there."""
    before = workspace.read_files(classroom, "first", "python")[0]
    path = workspace.exercise_folder(classroom, "first", "python") / MAIN
    path.write_text("from my editor\n")
    with pytest.raises(EditConflict) as raised:
        workspace.save_file(classroom, "first", "python", MAIN, "from the page\n", before.version)
    assert path.read_text() == "from my editor\n"
    assert raised.value.current_text == "from my editor\n"
    workspace.save_file(classroom, "first", "python", MAIN, "joined\n", raised.value.current_version)
    assert path.read_text() == "joined\n"


def test_a_file_that_was_removed_or_made_meanwhile_is_a_conflict(classroom: Classroom) -> None:
    """No file has the empty version: nothing is replaced, and nothing brought back, unseen."""
    folder = workspace.exercise_folder(classroom, "first", "python")
    before = workspace.read_files(classroom, "first", "python")[0]
    (folder / MAIN).unlink()
    with pytest.raises(EditConflict) as raised:
        workspace.save_file(classroom, "first", "python", MAIN, "x", before.version)
    assert (raised.value.current_text, raised.value.current_version) == ("", "")
    (folder / "new.py").write_text("there")
    with pytest.raises(EditConflict):
        workspace.save_file(classroom, "first", "python", "new.py", "x", "")
    assert (folder / "new.py").read_text() == "there"
    assert workspace.save_file(classroom, "first", "python", "newer.py", "x", "").text == "x"


def test_of_two_saves_at_once_one_wins_and_one_is_told(classroom: Classroom) -> None:
    """Nobody overwrites what somebody else saved at the same moment."""
    before = workspace.read_files(classroom, "first", "python")[0]
    together = threading.Barrier(6)
    outcomes: list[str] = []

    def save(number: int) -> None:
        together.wait()
        try:
            outcomes.append(
                workspace.save_file(classroom, "first", "python", MAIN, f"{number}\n", before.version).text
            )
        except EditConflict as conflict:
            outcomes.append("conflict with " + conflict.current_text)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner = next(outcome for outcome in outcomes if not outcome.startswith("conflict"))
    assert sorted(outcomes) == sorted([winner, *["conflict with " + winner] * 5])


def test_saving_the_same_text_again_is_no_conflict(classroom: Classroom) -> None:
    """A form sent twice is accepted twice."""
    before = workspace.read_files(classroom, "first", "python")[0]
    first = workspace.save_file(classroom, "first", "python", MAIN, "same\n", before.version)
    assert workspace.save_file(classroom, "first", "python", MAIN, "same\n", before.version) == first


def test_a_save_that_fails_leaves_the_old_file(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full, the file is as it was, and nothing else is left behind."""
    before = workspace.read_files(classroom, "first", "python")[0]
    folder = workspace.exercise_folder(classroom, "first", "python")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left"):
        workspace.save_file(classroom, "first", "python", MAIN, "new\n", before.version)
    assert (folder / MAIN).read_text() == before.text
    assert [path.name for path in folder.parent.iterdir()] == ["python"]


@pytest.mark.parametrize(
    "name",
    ["../x.py", "/etc/passwd", "a/../../x", ".bashrc", "a/.git/config", "a\\b", "", "a\0b", "x" * 300,
     "a/b/c/d/e", "-rf", "a\nb", "~", " a"],
)  # fmt: skip
def test_names_that_leave_the_folder_or_hide_are_refused(classroom: Classroom, name: str) -> None:
    """A name is letters, digits, dots and dashes, and stays below the folder."""
    with pytest.raises(UsageError, match="no name for a file"):
        workspace.save_file(classroom, "first", "python", name, "x", "")


def test_links_and_given_files_are_not_written(classroom: Classroom, tmp_path: Path) -> None:
    """A link is never followed, neither as a file nor as a folder on the way."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.py").write_text("safe")
    folder = workspace.exercise_folder(classroom, "first", "python")
    (folder / "link.py").symlink_to(outside / "x.py")
    (folder / "linked").symlink_to(outside)
    for name, version in (
        ("link.py", "unreadable"),
        ("linked/x.py", files.version_of(b"safe")),
        ("ledger.py", ""),
    ):
        with pytest.raises(UsageError):
            workspace.save_file(classroom, "first", "python", name, "evil", version)
    assert (outside / "x.py").read_text() == "safe"
    assert (folder / "ledger.py").read_text() == "# ledger of first\n"


def test_what_is_too_large_or_too_many_is_refused(classroom: Classroom) -> None:
    """256 KiB a file and 64 files are the most; half characters are no text."""
    folder = workspace.exercise_folder(classroom, "first", "python")
    for text in ("x" * (files.MAX_BYTES + 1), "\ud800"):
        with pytest.raises(UsageError):
            workspace.save_file(classroom, "first", "python", "big.py", text, "")
    for number in range(files.MAX_FILES):
        (folder / f"many{number}.py").write_text("")
    with pytest.raises(UsageError, match="64 files"):
        workspace.save_file(classroom, "first", "python", "more.py", "x", "")


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
