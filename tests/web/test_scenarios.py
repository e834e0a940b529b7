"""Scenarios on the site: the box where a lesson names one, the press, the page of what happened."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from app.content.loader import load_course
from app.learning.scenarios import Program
from app.web import scenarios
from tests.cli.test_scenario import SCENARIO
from tests.cli.tiny_course import LESSON
from tests.web.conftest import Visitor

FINISHED = {
    "event": "scenario_finished",
    "told": [{"say": "It delivers <it>.", "exchanges": [1], "note": "Your program printed: \x1b[2J"}],
    "exchanges": [
        {
            "id": 1, "from": "stranger", "to": "program", "start": 1.0, "end": 2.0, "ended": "closed",
            "request": {"method": "POST", "target": "/<webhook>", "headers": [], "body": None},
            "response": None,
        }
    ],
    "output": [],
    "cause": {"rationale": "Your program ended with exit code 3.", "help": "Look at what it printed."},
    "traceback": "",
}  # fmt: skip


@pytest.fixture
def played(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A tiny course whose lesson names a scenario, with a playing that is scripted."""
    room = app.extensions["classroom"]
    folder = room.course.exercise("greet").folder
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "one-event.yaml").write_text(SCENARIO)
    lesson = room.course.lesson("basics").path
    lesson.write_text(LESSON + "\n```scenario\none-event\n```\n\n```scenario\ngone\n```\n")
    room._course = load_course([folder.parents[1]])
    names: list[str] = []

    def play(classroom: Any, name: str) -> SimpleNamespace:
        names.append(name)
        classroom.course.scenario(name)
        return SimpleNamespace(events=[FINISHED], reason="", seed=7, level="isolated")

    monkeypatch.setattr(scenarios, "play", play)
    monkeypatch.setattr(scenarios, "program_of", lambda *_: Program("greet", "python", "own"))
    return names


def test_a_lesson_holds_the_box(visitor: Visitor, played: list[str]) -> None:
    """The fence becomes a form that works without a script; one that is not there is told calmly."""
    page = visitor.get("/lessons/basics").get_data(as_text=True)
    assert 'action="/scenarios/one-event/played"' in page
    assert "One event comes." in page
    assert "course scenario one-event" in page
    assert "the scenario <code>gone</code> belongs" in page


def test_a_press_leads_to_what_happened(visitor: Visitor, played: list[str]) -> None:
    """The press is answered by a page; what a program or a stranger wrote can't harm it."""
    answer = visitor.post("/scenarios/one-event/played")
    assert answer.status_code == 303
    page = visitor.get(answer.headers["Location"]).get_data(as_text=True)
    assert played == ["one-event"]
    for words in ("&lt;it&gt;", "/&lt;webhook&gt;", "stranger", "exit code 3", "What was printed?", "Seed 7"):
        assert words in page
    assert "\x1b" not in page


def test_a_script_gets_the_outcome_alone(visitor: Visitor, played: list[str]) -> None:
    """The same words as on the page, as one part of it."""
    answer = visitor.post("/scenarios/one-event/played", headers={"Accept": "application/json"})
    assert "What was printed?" in answer.get_json()["html"]
    assert "<html" not in answer.get_json()["html"]


def test_a_press_needs_the_token(visitor: Visitor, played: list[str]) -> None:
    """No other site can make the course run a program."""
    assert visitor.post("/scenarios/one-event/played", csrf="wrong").status_code in (400, 403)
    assert played == []


def test_what_is_not_there(visitor: Visitor, played: list[str]) -> None:
    """An unknown scenario and an outcome that is kept no more are 404, with a sentence."""
    assert visitor.get("/scenarios/nothing").status_code == 404
    gone = visitor.get("/scenarios/one-event/played/0123")
    assert gone.status_code == 404
    assert "Play it again." in gone.get_data(as_text=True)


def test_only_the_last_outcomes_are_kept() -> None:
    """Memory does not grow with the presses."""
    stage = scenarios.Stage()
    ids = [stage.keep({"seed": number}) for number in range(scenarios.KEPT + 5)]
    assert list(stage.outcomes) == ids[5:]
