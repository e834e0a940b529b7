"""The learner's files: read, saved, in conflict, refused."""

import os
import threading
from pathlib import Path

import pytest

from app.errors import EditConflict, UsageError
from app.learning import files, workspace
from app.learning.classroom import Classroom
from tests.learning.test_workspace import MAIN
from tests.learning.tiny import write


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
