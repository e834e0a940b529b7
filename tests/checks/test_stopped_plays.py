"""A scenario that is stopped: what was told by then is all that anybody will know of it."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.checks.cancel import Cancel
from app.checks.runner import Runner
from app.content.scenario import Scenario, ScenarioStep
from tests.checks.leftovers import processes_with
from tests.checks.programs import order
from tests.checks.test_playing import ENV, FLAKY, paid


def test_a_play_that_is_stopped_has_told_the_open_request(isolated: Runner, tmp_path: Path) -> None:
    """Each exchange is told when it begins, and with its answer: after a stop nobody could report it."""
    steps = (ScenarioStep("One.", send=paid()), ScenarioStep("Never.", send=paid(path="/never")))
    script = Scenario("scene", "tiny", "", "", {"order": "order"}, steps, "", "").script()
    made, cancel = replace(order(tmp_path, FLAKY, env=ENV), checks=(), scenario=script), Cancel()

    def stop(event: dict[str, Any]) -> None:
        if event["event"] == "scenario_exchange" and event["exchange"]["request"]["target"] == "/never":
            cancel.set()

    result = isolated.run(made, stop, cancel)
    assert result.verdict == "cancelled"
    told = [event["exchange"] for event in result.events if event["event"] == "scenario_exchange"]
    assert [(each["request"]["target"], each["ended"]) for each in told] == [
        ("/webhook", "open"),
        ("/webhook", "answered"),
        ("/never", "open"),
    ]


CHILD = (
    "import subprocess, sys\n"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', 'left-behind-{mark}'],"
    " start_new_session=True)\n"
)


def test_a_scene_that_is_stopped_leaves_nothing_running(runner: Runner, tmp_path: Path) -> None:
    """Stopped in the middle of a step it is over as cancelled, with the program and all that it started."""
    cancel, mark = Cancel(), os.urandom(8).hex()
    never = ScenarioStep("It never comes back.", send=paid(path="/never"))
    script = Scenario("scene", "tiny", "", "", {"order": "order"}, (never,), "", "").script()
    made = replace(
        order(tmp_path, CHILD.replace("{mark}", mark) + FLAKY, env=ENV), checks=(), scenario=script
    )

    def report(event: dict[str, object]) -> None:
        if event["event"] == "scenario_step":
            assert processes_with(f"left-behind-{mark}")
            cancel.end("Somebody had enough.")

    result = runner.run(made, report, cancel)
    assert (result.verdict, result.reason) == ("cancelled", "Somebody had enough.")
    assert processes_with(f"left-behind-{mark}") == []
    assert not [event for event in result.events if event["event"] == "scenario_finished"]
