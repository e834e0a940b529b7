"""Scenarios on the site: the box in a lesson, the press, the stream, the page of what happened."""

import json
from typing import Any

import pytest
from flask import Flask

from app.content.loader import load_course
from app.learning.scenarios import Program
from app.web import scenarios
from tests.cli.test_scenario import SCENARIO
from tests.cli.tiny_course import LESSON
from tests.web.conftest import ScriptedRuns, Visitor

Event = dict[str, Any]
STARTED = {
    "event": "run_started", "scenario": "one-event", "run": "r1", "exercise": "greet", "language": "python",
    "level": "isolated", "seed": 7, "only": None, "checks": [],
}  # fmt: skip
TOLD = {"say": "It delivers <it>.", "at": 0.5, "note": "Your program printed: \x1b[2J", "noted": 3.0}
STEP = {"event": "scenario_step", "step": 1, "say": TOLD["say"], "told": [{**TOLD, "note": ""}], "began": 0.0}
FINISHED = {
    "event": "scenario_finished",
    "told": [TOLD],
    "began": 0.0,
    "exchanges": [
        {
            "id": 1, "from": "stranger", "to": "program", "start": 1.0, "end": 2.0, "ended": "closed",
            "request": {
                "method": "POST", "target": "/<webhook>", "headers": [],
                "body": {"text": "{}", "base64": "e30=", "size": 2, "truncated": False},
            },
            "response": None, "signature": None,
        }
    ],
    "output": [],
    "steps": [],
    "cause": {
        "rationale": "Your program ended with exit code 3.",
        "help": "Look at what it printed.",
        "exchange": 1,
    },
    "traceback": "",
}  # fmt: skip
DONE = {"event": "run_finished", "verdict": "played", "counts": {}, "ms": 5.0, "reason": ""}


@pytest.fixture
def played(app: Flask, runs: ScriptedRuns, monkeypatch: pytest.MonkeyPatch) -> ScriptedRuns:
    """A tiny course whose lesson names a scenario, with a playing that is scripted."""
    room = app.extensions["classroom"]
    folder = room.course.exercise("greet").folder
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "one-event.yaml").write_text(SCENARIO)
    lesson = room.course.lesson("basics").path
    lesson.write_text(LESSON + "\n```scenario\none-event\n```\n\n```scenario\ngone\n```\n")
    room._course = load_course([folder.parents[1]])
    monkeypatch.setattr(scenarios, "program_of", lambda *_: Program("greet", "python", "own"))
    runs.script(STARTED, STEP, FINISHED, DONE)
    runs.scenario = "one-event"
    return runs


def test_a_lesson_holds_the_box(visitor: Visitor, played: ScriptedRuns) -> None:
    """The fence becomes a form that works without a script; one that is not there is told calmly."""
    page = visitor.get("/lessons/basics").get_data(as_text=True)
    assert 'action="/scenarios/one-event/runs"' in page
    assert "One event comes." in page
    assert "course scenario one-event" in page
    assert "the scenario <code>gone</code> belongs" in page
    assert "What was printed?" not in page


def test_a_press_leads_to_what_happened(visitor: Visitor, played: ScriptedRuns) -> None:
    """The press is answered by a page; what a program or a stranger wrote can't harm it."""
    answer = visitor.post("/scenarios/one-event/runs")
    assert answer.status_code == 303
    page = visitor.get(answer.headers["Location"]).get_data(as_text=True)
    assert played.pressed == [("", "one-event")]
    for words in ("&lt;it&gt;", "/&lt;webhook&gt;", "stranger", "exit code 3", "What was printed?", "Seed 7"):
        assert words in page
    assert "\x1b" not in page
    assert 'http-equiv="refresh"' not in page


def test_a_sentence_stands_in_the_diagram(visitor: Visitor, played: ScriptedRuns) -> None:
    """In the order of time: what is said, the request, its end, and the remark on it."""
    page = visitor.get("/scenarios/one-event/runs/r1").get_data(as_text=True)
    words = ["It delivers &lt;it&gt;.", "POST /&lt;webhook&gt;", "connection closed", "Your program printed:"]
    places = [page.index(each, page.index('<ol class="rows">')) for each in words]
    assert places == sorted(places)


def test_a_script_gets_the_box_of_the_run(visitor: Visitor, played: ScriptedRuns) -> None:
    """The same words as on the page, as one part of it, and where the stream is."""
    played.script(STARTED, STEP)
    answer = visitor.post("/scenarios/one-event/runs", headers={"Accept": "application/json"})
    html = answer.get_json()["html"]
    for words in ("Playing: step 1 of 2.", 'data-events="/runs/r1/events"', 'data-cancel="/runs/r1/cancel"'):
        assert words in html
    assert "<html" not in html


def test_it_streams_and_resumes_like_a_check(visitor: Visitor, played: ScriptedRuns) -> None:
    """Each event brings the parts of the box, which the page has; `after` leaves out what was seen."""
    page = visitor.get("/scenarios/one-event/runs/r1").get_data(as_text=True)
    text = visitor.get("/runs/r1/events?after=1").text
    lines: list[Event] = [json.loads(line) for line in text.splitlines() if line]
    assert [line["event"] for line in lines] == ["scenario_step", "scenario_finished", "run_finished"]
    for line in lines:
        assert all(f'id="{part}"' in page for part in line["parts"])
    assert "What was printed?" not in lines[0]["parts"]["scene-r1"]
    assert "What was printed?" in lines[-1]["parts"]["scene-r1"]


def test_a_run_that_goes_on_is_shown_where_its_box_stands(visitor: Visitor, played: ScriptedRuns) -> None:
    """A reload loses nothing: the lesson's box holds the run, its stream and the way to stop it."""
    played.script(STARTED, STEP)
    page = visitor.get("/lessons/basics").get_data(as_text=True)
    assert 'data-events="/runs/r1/events"' in page
    assert 'action="/runs/r1/cancel"' in page
    alone = visitor.get("/scenarios/one-event/runs/r1").get_data(as_text=True)
    assert '<noscript><meta http-equiv="refresh"' in alone


def test_it_can_be_stopped(visitor: Visitor, played: ScriptedRuns) -> None:
    """Without a script the press leads back to the box, which says how it ended."""
    played.script(STARTED, STEP)
    answer = visitor.post("/runs/r1/cancel")
    assert played.cancelled == ["r1"]
    ended = {**DONE, "verdict": "cancelled", "reason": "The run was cancelled."}
    played.script(STARTED, STEP, ended)
    there = visitor.get(answer.headers["Location"]).headers["Location"]
    page = visitor.get(there).get_data(as_text=True)
    assert "Stopped. The run was cancelled." in page
    assert "It delivers &lt;it&gt;." in page


def test_what_was_open_when_it_was_stopped_is_drawn(visitor: Visitor, played: ScriptedRuns) -> None:
    """The request has its arrow and says that no answer had come, without a time that nobody measured."""
    begun = {**FINISHED["exchanges"][0], "end": 1.0, "ended": "open"}
    open_ = {"event": "scenario_exchange", "exchange": begun}
    played.script(STARTED, STEP, open_, {**DONE, "verdict": "cancelled", "reason": "Stopped."})
    page = visitor.get("/scenarios/one-event/runs/r1").get_data(as_text=True)
    assert "POST /&lt;webhook&gt;" in page
    assert "no answer yet when stopped" in page
    assert 'class="took"' not in page
    lines = [json.loads(line)["event"] for line in visitor.get("/runs/r1/events").text.splitlines() if line]
    assert lines == ["run_started", "scenario_step", "run_finished"]


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ({"verdict": "replaced", "by": "r2"}, "See the newer run."),
        ({"verdict": "course_fault", "reason": "The disk is full."}, "to its end. The disk is full."),
    ],
)
def test_other_ends_are_told(visitor: Visitor, played: ScriptedRuns, end: Event, words: str) -> None:
    """A run that never began, too: its box is there, and the stream brings the words."""
    played.script({**DONE, **end})
    assert words in visitor.get("/scenarios/one-event/runs/r1").get_data(as_text=True)
    assert words in visitor.get("/runs/r1/events").get_data(as_text=True)


def test_a_press_needs_the_token(visitor: Visitor, played: ScriptedRuns) -> None:
    """No other site can make the course run a program."""
    assert visitor.post("/scenarios/one-event/runs", csrf="wrong").status_code in (400, 403)
    assert played.pressed == []


def test_what_is_not_there(visitor: Visitor, played: ScriptedRuns) -> None:
    """An unknown scenario and an outcome that is kept no more are 404, with a sentence."""
    assert visitor.get("/scenarios/nothing").status_code == 404
    assert visitor.post("/scenarios/nothing/runs").status_code == 404
    gone = visitor.get("/scenarios/one-event/runs/0123")
    assert gone.status_code == 404
    assert "Play it again." in gone.get_data(as_text=True)
