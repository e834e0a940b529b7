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
    """Solutions pass with other inputs each time; each known mistake fails what it declares."""
    home = tmp_path_factory.mktemp("home")
    classroom = open_classroom(read_settings({"COURSE_HOME": str(home)}))
    tried: list[Tried] = []
    findings = verify(classroom, [exercise_id], tried.append)
    assert [f"{found.kind} {found.name}: {found.message} (seed {found.seed})" for found in findings] == []
    # A scenario plays a provider, and so needs a server to play with.
    scenes = {"scenario"} if COURSE.exercise(exercise_id).kind == "server" else set()
    assert {each.trial.kind for each in tried} == {"starter", "solution", "mutant"} | scenes


def test_every_exercise_has_hints_and_enough_known_mistakes() -> None:
    """Three hints or more and ten mutants or more in each language."""
    for exercise in COURSE.exercises:
        assert len(exercise.hints) >= 3, exercise.id
        for language in exercise.languages:
            assert len(exercise.mutants[language.name]) >= 10, (exercise.id, language.name)


def test_a_slot_that_waited_judges_as_an_ordinary_start(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Solutions of each kind and language end alike; `course verify --both-ways` tries all programs."""
    home = tmp_path_factory.mktemp("home")
    classroom = open_classroom(read_settings({"COURSE_HOME": str(home)}))
    ids = ["first-endpoint", "send-by-hand", "verify-github"]
    assert {COURSE.exercise(name).kind for name in ids} == {each.kind for each in COURSE.exercises}
    tried: list[Tried] = []
    try:
        found = verify(classroom, ids, tried.append, runs_of_solution=1, only="solution", both_ways=True)
    finally:
        classroom.close()
    assert [f"{each.name}: {each.message} (seed {each.seed})" for each in found] == []
    assert len(tried) >= len(ids)
