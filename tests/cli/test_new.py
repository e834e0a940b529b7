"""course new: the files of an item that is right as made."""

from pathlib import Path

import pytest

from app.config import read_settings
from app.content.lint import lint
from app.content.loader import load_course
from app.learning.classroom import open_classroom
from app.learning.verify import Tried, verify
from tests.cli.conftest import Learner


def problems(folder: Path) -> list[str]:
    """Lint a content folder; the tiny course itself has one warning, which is left out."""
    return [str(each) for each in lint(load_course([folder])) if "01-basics.md" not in each.path]


def test_a_lesson_is_right_as_made(learner: Learner) -> None:
    """It gets the number after the last one, its picture is drawn, and lint finds nothing."""
    result = learner.types("new", "lesson", "say-it-back")
    assert result.exit_code == 0, result.output
    assert "lessons/02-say-it-back.md" in result.stdout
    assert "course draw say-it-back" in result.stdout
    assert problems(learner.content) == []
    assert load_course([learner.content]).lesson("say-it-back").title == "Say it back"


@pytest.mark.needs_node
def test_an_exercise_is_right_as_made(learner: Learner) -> None:
    """Lint finds nothing; the starter fails, the solution passes, the mutants are caught."""
    result = learner.types("new", "exercise", "say-it-back")
    assert result.exit_code == 0, result.output
    assert "course verify say-it-back" in result.stdout
    assert problems(learner.content) == []
    course = load_course([learner.content])
    assert [scenario.name for scenario in course.scenarios_of("say-it-back")] == ["say-it-back-again"]
    exercise = course.exercise("say-it-back")
    assert (exercise.number, exercise.lesson, len(exercise.hints)) == (2, "basics", 3)
    classroom = open_classroom(read_settings({"COURSE_HOME": str(learner.home)}))
    classroom._course = load_course([learner.content])
    tried: list[Tried] = []
    assert verify(classroom, ["say-it-back"], tried.append, runs_of_solution=1) == ()
    languages = {(each.trial.language, each.trial.kind) for each in tried}
    kinds = ("starter", "solution", "mutant", "scenario")
    assert languages == {(language, kind) for language in ("python", "javascript") for kind in kinds}


def test_an_exercise_may_name_its_lesson(learner: Learner) -> None:
    """--lesson chooses; a misspelt one is told the nearest."""
    learner.types("new", "lesson", "second")
    learner.types("new", "exercise", "of-the-first", "--lesson", "basics")
    learner.types("new", "exercise", "of-the-last")
    course = load_course([learner.content])
    assert [course.exercise(each).lesson for each in ("of-the-first", "of-the-last")] == ["basics", "second"]
    result = learner.types("new", "exercise", "another", "--lesson", "basic")
    assert result.exit_code == 2
    assert "Did you mean basics?" in result.stderr


@pytest.mark.parametrize("taken", ["basics", "greet", "basics-quiz"])
@pytest.mark.parametrize("kind", ["lesson", "exercise"])
def test_an_id_that_exists_is_refused(learner: Learner, kind: str, taken: str) -> None:
    """Ids are unique over lessons, exercises and quizzes; nothing is written."""
    before = sorted(learner.content.rglob("*"))
    result = learner.types("new", kind, taken)
    assert result.exit_code == 2
    assert f"The id {taken} is taken" in result.stderr
    assert sorted(learner.content.rglob("*")) == before


def test_the_id_of_a_broken_file_is_refused(learner: Learner) -> None:
    """A file that is disabled by a mistake is not written over."""
    (learner.content / "lessons" / "02-half-done.md").write_text("no front matter")
    result = learner.types("new", "lesson", "half-done")
    assert result.exit_code == 2
    assert "02-half-done.md" in result.stderr


@pytest.mark.parametrize("bad", ["Say", "say_it", "../say", "-", "a" * 81])
def test_a_bad_id_is_refused(learner: Learner, bad: str) -> None:
    """An id is the name of a file and a part of addresses."""
    assert learner.types("new", "lesson", "--", bad).exit_code == 2


def test_an_overlay_is_written_to_where_there_is_no_checkout(
    learner: Learner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy inside the package is never written to, but the first folder of COURSE_CONTENT."""
    packaged, own = learner.content.rename(tmp_path / "_content"), tmp_path / "own"
    monkeypatch.setattr("app.content.loader.find_content", lambda overlays: (packaged, *overlays))
    result = learner.types("new", "lesson", "mine")
    assert result.exit_code == 2
    assert "COURSE_CONTENT" in result.stderr
    monkeypatch.setenv("COURSE_CONTENT", str(own))
    assert learner.types("new", "lesson", "mine").exit_code == 0
    assert (own / "lessons" / "02-mine.md").is_file()
