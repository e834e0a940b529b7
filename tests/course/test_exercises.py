"""The course's own exercises judge rightly."""

import pytest

from app.config import read_settings
from app.learning.classroom import open_classroom
from app.learning.verify import Tried, verify

COURSE = open_classroom(read_settings({})).course


@pytest.mark.parametrize("exercise_id", [exercise.id for exercise in COURSE.exercises])
def test_starter_fails_solutions_pass_mutants_are_caught(
    exercise_id: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each solution passes three times with other inputs; each known mistake fails what it declares."""
    home = tmp_path_factory.mktemp("home")
    classroom = open_classroom(read_settings({"COURSE_HOME": str(home)}))
    tried: list[Tried] = []
    findings = verify(classroom, [exercise_id], tried.append)
    assert [f"{found.kind} {found.name}: {found.message} (seed {found.seed})" for found in findings] == []
    assert {each.trial.kind for each in tried} == {"starter", "solution", "mutant", "scenario"}


def test_every_exercise_has_hints_and_enough_known_mistakes() -> None:
    """Three hints or more and ten mutants or more in each language."""
    for exercise in COURSE.exercises:
        assert len(exercise.hints) >= 3, exercise.id
        for language in exercise.languages:
            assert len(exercise.mutants[language.name]) >= 10, (exercise.id, language.name)
