"""Which exercise a command means."""

from pathlib import Path

import pytest

from app.cli.place import classroom_of_environment, find_place, one_of, short
from app.errors import UsageError
from tests.cli.conftest import Learner


def meant(named: str | None, language: str | None = None) -> tuple[str, str]:
    """Return exercise and language that a command with this argument means."""
    with classroom_of_environment() as classroom:
        place = find_place(classroom, named, language)
        return place.exercise.id, place.language


def test_without_an_argument_the_current_folder_counts(
    learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the learner's folder, or below it, its exercise and language are meant."""
    below = learner.program.parent / "notes"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert meant(None) == ("greet", "python")


def test_elsewhere_the_current_exercise_is_meant(learner: Learner) -> None:
    """Outside, it is the exercise last worked on, else the first one."""
    assert meant(None) == ("greet", "python")


@pytest.mark.parametrize(
    "path", ["home/exercises/greet/python", "home/exercises/greet", "content/exercises/01-greet"]
)
def test_a_folder_names_an_exercise(learner: Learner, tmp_path: Path, path: str) -> None:
    """The learner's folder and the course's own folder do as well as the id."""
    (tmp_path / path).mkdir(parents=True, exist_ok=True)
    assert meant(str(tmp_path / path)) == ("greet", "python")


def test_a_file_names_an_exercise(learner: Learner) -> None:
    """A path to the learner's program does, too."""
    learner.writes("")
    assert meant(str(learner.program)) == ("greet", "python")


def test_the_home_itself_names_nothing(learner: Learner) -> None:
    """A folder above all exercises is told to be none."""
    (learner.home / "exercises").mkdir(parents=True)
    with pytest.raises(UsageError, match="no folder of an exercise"):
        meant(str(learner.home / "exercises"))


def test_an_unknown_language_is_told_with_the_known_ones(learner: Learner) -> None:
    """A language that the exercise lacks is wrong usage."""
    with pytest.raises(UsageError, match="python"):
        meant("greet", "cobol")


def test_a_slip_of_the_finger_gets_the_nearest_name() -> None:
    """One near name is offered, else all of them."""
    with pytest.raises(UsageError, match="Did you mean answers"):
        one_of("check", "answer", ["answers", "prints"])
    with pytest.raises(UsageError, match="answers, prints"):
        one_of("check", "xyz", ["answers", "prints"])


def test_a_path_in_the_own_folder_is_short(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The user's folder is written as ~."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert short(tmp_path / "a" / "b") == str(Path("~") / "a" / "b")
    assert short(Path("/etc/x")) == "/etc/x"
