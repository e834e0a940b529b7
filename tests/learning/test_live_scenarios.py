"""Scenarios as runs that a page watches: beside checks, by the same rules, and counted nowhere."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.config import Settings
from app.content.scenario import Delivery, Scenario, ScenarioStep
from app.errors import NotFound
from app.learning import live as live_module
from app.learning.classroom import Classroom
from app.learning.live import LiveRuns
from tests.learning import tiny
from tests.learning.test_live import LONG, all_events, until
from tests.learning.tiny import FakeRunner


@pytest.fixture
def classroom(settings: Settings, runner: FakeRunner, tmp_path: Path) -> Iterator[Classroom]:
    """The tiny course, with two scenes for its first exercise."""
    step = ScenarioStep("One event comes.", send=Delivery("paid", "order.paid"))
    scenes = tuple(Scenario(name, "first", "", "", {}, (step,), "", "") for name in ("scene", "other"))
    course = replace(tiny.course(tmp_path / "exercises"), scenarios=scenes)
    room = Classroom(settings, course=course, runner=runner, clock=tiny.Clock())  # type: ignore[arg-type]
    yield room
    room.close()


@pytest.fixture
def live(classroom: Classroom) -> Iterator[LiveRuns]:
    """Live runs with three places."""
    runs = LiveRuns(classroom, size=3)
    yield runs
    runs.close()


def test_it_plays_the_script_in_a_slot_and_stores_nothing(
    live: LiveRuns, classroom: Classroom, runner: FakeRunner
) -> None:
    """The order holds the scenario instead of checks; no row, no folder, no progress is made."""
    live.warm("python")
    until(lambda: len(runner.prepared) == 1)
    run = live.press_scenario("scene")
    assert all_events(live, run)[0]["run"] == run
    (order,) = runner.orders
    assert order.checks == ()
    assert order.scenario is not None
    assert order.scenario["name"] == "scene"
    assert runner.used == [runner.prepared[0]]
    assert classroom.store.runs.find(run) is None
    assert not (classroom.settings.home / "exercises").exists()
    assert live.scenario_of(run) == "scene"


def test_of_one_scene_one_runs_and_one_waits(live: LiveRuns, runner: FakeRunner) -> None:
    """A newer press replaces the waiting one; checks and other scenes of the exercise go on beside it."""
    runner.go.clear()
    first, second, third = (live.press_scenario("scene") for _ in range(3))
    others = [live.press_scenario("other"), live.press("first", "python")]
    [replaced] = live.events_after(second, 0, LONG)
    assert (replaced["verdict"], replaced["by"]) == ("replaced", third)
    until(lambda: runner.running == 3)
    assert live.playing("scene") == third
    assert live.newest("first", "python") == others[1], "the result of an exercise is a check's"
    runner.go.set()
    for run in (first, third, *others):
        assert all_events(live, run)[-1]["verdict"] == "passed"
    assert live.playing("scene") == ""


def test_it_can_be_stopped(live: LiveRuns, runner: FakeRunner) -> None:
    """A scene that runs ends as cancelled, at once."""
    runner.go.clear()
    run = live.press_scenario("scene")
    until(lambda: runner.running == 1)
    assert live.can_cancel(run)
    live.cancel(run)
    assert all_events(live, run)[-1]["verdict"] == "cancelled"
    assert not live.can_cancel(run)


def test_only_the_last_outcomes_are_kept(live: LiveRuns, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory does not grow with the presses, and scenes don't push out the results of checks."""
    monkeypatch.setattr(live_module, "SCENES_KEPT", 2)
    check = live.press("first", "python")
    all_events(live, check)
    runs = []
    for _ in range(4):
        runs.append(live.press_scenario("scene"))
        all_events(live, runs[-1])
    assert [live.scenario_of(run) for run in runs] == ["", "", "scene", "scene"]
    assert check in live._runs
    with pytest.raises(NotFound):
        live.events_after(runs[0], 0, 0)


def test_an_unknown_scene_is_not_found(live: LiveRuns) -> None:
    """It is not made up."""
    with pytest.raises(NotFound):
        live.press_scenario("nothing")
