"""course scenario: played against the learner's own program, told, and judged by nobody."""

import json

import pytest

from app.cli.scenario_view import ScenarioView
from app.cli.screen import Screen
from app.content.scenario import Scenario
from tests.cli.conftest import Learner
from tests.cli.tiny_course import SOLUTION
from tests.learning.records import sent

SCENARIO = """\
title: One event
intro: One event comes.
steps:
  - say: The provider delivers it.
    send: {event: hello, type: greeting.sent}
  - say: It is printed.
    wait: $hello
question: What was printed?
answer: The id of the event.
"""


def with_scenario(learner: Learner) -> None:
    """Give the tiny exercise a scenario."""
    folder = learner.content / "exercises/01-greet/scenarios"
    folder.mkdir()
    (folder / "one-event.yaml").write_text(SCENARIO)


def test_they_are_listed(learner: Learner) -> None:
    """Without a name each is shown with its command; with none there, that is said."""
    assert "There is no scenario yet." in learner.types("scenario").stdout
    with_scenario(learner)
    assert "course scenario one-event" in learner.types("scenario").stdout
    assert "course scenario one-event" in learner.types("show", "greet").stdout


def test_one_is_played_against_the_own_program(learner: Learner) -> None:
    """Each step is told with what came back; the question stands before the answer; nothing is stored."""
    with_scenario(learner)
    learner.writes(SOLUTION)
    result = learner.types("scenario", "one-event", "--seed", "7")
    assert result.exit_code == 0, result.output
    for words in ("your own program", "POST /webhook", "204", "Your program printed: evt_"):
        assert words in result.stdout
    assert result.stdout.index("What was printed?") < result.stdout.index("The id of the event.")
    assert "0 of 1 done" in learner.types("progress").stdout.splitlines()[1]


def test_a_program_that_ends_is_told_as_in_a_check(learner: Learner) -> None:
    """The reason and the learner's own line come first; the exit code is that of a playing."""
    with_scenario(learner)
    learner.writes("import nothing_of_that_name\n")
    result = learner.types("scenario", "one-event")
    assert result.exit_code == 0
    assert "Your program ended with exit code 1." in result.stdout
    assert "receiver.py, line 1" in result.stdout


def test_the_events_for_programs(learner: Learner) -> None:
    """--json prints the stream: a scenario instead of checks, no verdict."""
    with_scenario(learner)
    lines = learner.types("scenario", "one-event", "--json").stdout.splitlines()
    events = [json.loads(line) for line in lines]
    assert (events[0]["scenario"], events[0]["checks"]) == ("one-event", [])
    assert events[-1]["verdict"] == "played"
    assert [event["event"] for event in events].count("scenario_finished") == 1


def test_verify_plays_it_with_starter_and_solution(learner: Learner) -> None:
    """Both have to last to its end; a program that dies in it is a finding."""
    with_scenario(learner)
    result = learner.types("verify", "greet", "--only", "scenario")
    assert result.exit_code == 0, result.output
    assert "2 scenes play to their end" in result.output
    starter = learner.content / "exercises/01-greet/starter/python/receiver.py"
    starter.write_text(starter.read_text().replace("pass  # TODO", "import os; os._exit(3)"))
    result = learner.types("verify", "greet", "--only", "scenario")
    assert result.exit_code == 1
    assert "one-event with the starter" in result.output
    assert "It does not play to its end. Your program ended with exit code 3." in " ".join(
        result.output.split()
    )


def test_an_unknown_name_is_wrong_usage(learner: Learner) -> None:
    """The nearest one is offered."""
    with_scenario(learner)
    result = learner.types("scenario", "one-even")
    assert result.exit_code == 2
    assert "Did you mean one-event?" in result.stderr


def test_a_lesson_names_the_command(learner: Learner) -> None:
    """Where a page has the box, the terminal has what to type."""
    with_scenario(learner)
    lesson = learner.content / "lessons/01-basics.md"
    lesson.write_text(lesson.read_text() + "\n```scenario\none-event\n```\n")
    assert "Watch it happen: course scenario one-event" in learner.types("show", "basics").stdout


def test_a_stopped_one_is_drawn_as_far_as_it_went(capsys: pytest.CaptureFixture[str]) -> None:
    """Stopped in the middle of a request: the sentence, the request, and that no answer had come."""
    scenario = Scenario("one", "greet", "One event", "One comes.", {}, (), "What?", "That.")
    view = ScenarioView(Screen(), scenario, "It runs your own program.")
    sentence = {"say": "The provider delivers it.", "at": 1, "note": ""}
    begun = sent(1, 2, 2, status=None, ended="open")
    for event in (
        {"event": "scenario_step", "step": 1, "say": sentence["say"], "told": [sentence], "began": 0},
        {"event": "scenario_exchange", "exchange": begun},
        {"event": "run_finished", "verdict": "cancelled", "reason": "The run was cancelled."},
    ):
        view.report(event)
    shown = capsys.readouterr().out
    words = (
        "The provider delivers it.",
        "POST /webhook",
        "no answer yet when stopped",
        "The run was cancelled.",
    )
    places = [shown.index(each, shown.index("One comes.")) for each in words]
    assert places == sorted(places)
    assert "That." not in shown
