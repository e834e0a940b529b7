"""The site on the tiny course, with runs that are scripted and a browser that behaves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.config import read_settings
from app.content.loader import load_course
from app.errors import NotFound
from app.learning.classroom import Classroom
from app.learning.launch import make_token
from app.web import create_app
from tests.cli.tiny_course import write_course

PORT = 4999
SITE = f"http://127.0.0.1:{PORT}"
Event = dict[str, Any]


class ScriptedRuns:
    """Stands for LiveRuns: every run has the events that a test wrote down."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.pressed: list[tuple[str, str]] = []
        self.cancelled: list[str] = []
        self.is_mine = True
        self.scenario = ""

    def warm(self, language: str) -> None:
        """Nothing has to be started here."""

    def press(self, exercise_id: str, language: str) -> str:
        self.pressed.append((exercise_id, language))
        return "r1"

    def press_scenario(self, name: str) -> str:
        self.pressed.append(("", name))
        return "r1"

    def scenario_of(self, run_id: str) -> str:
        return self.scenario if run_id == "r1" else ""

    def playing(self, name: str) -> str:
        return "r1" if self.scenario == name and self.can_cancel("r1") else ""

    def events_after(self, run_id: str, number: int, timeout: float) -> list[Event]:
        if run_id != "r1":
            raise NotFound(f"There is no run {run_id}.")
        return [event for event in self.events if event["number"] > number]

    def wait(self, run_id: str, timeout: float) -> bool:
        return True

    def cancel(self, run_id: str) -> None:
        self.cancelled.append(run_id)

    def can_cancel(self, run_id: str) -> bool:
        return self.is_mine and not any(event["event"] == "run_finished" for event in self.events)

    def newest(self, exercise_id: str, language: str) -> str:
        return "r1" if self.events else ""

    def script(self, *events: Event) -> None:
        """Write down what the run reports, numbered from 1."""
        self.events = [{**event, "number": number} for number, event in enumerate(events, 1)]


@dataclass(frozen=True)
class Visitor:
    """A browser that sends what real ones send: its own site, and the token of the page."""

    client: FlaskClient

    def get(self, path: str, **headers: str) -> TestResponse:
        sent = {"Sec-Fetch-Site": "same-origin", **headers}
        return self.client.get(path, base_url=SITE, headers=sent, buffered=True)

    def post(self, path: str, headers: dict[str, str] | None = None, **fields: Any) -> TestResponse:
        sent = {"Sec-Fetch-Site": "same-origin", "Origin": SITE, **(headers or {})}
        return self.client.post(path, base_url=SITE, headers=sent, data={"csrf": self.token, **fields})

    @property
    def token(self) -> str:
        """The token that the forms of this session carry."""
        page = self.client.get("/lessons/basics", base_url=SITE).get_data(as_text=True)
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        return found[1] if found else ""


@pytest.fixture
def classroom(tmp_path: Path) -> Iterator[Classroom]:
    """A learner with a new home and the tiny course."""
    settings = read_settings({"COURSE_HOME": str(tmp_path / "home"), "COURSE_PORT": str(PORT)})
    room = Classroom(settings, course=load_course((write_course(tmp_path / "content"),)))
    yield room
    room.close()


@pytest.fixture
def runs() -> ScriptedRuns:
    """The runs of the site."""
    return ScriptedRuns()


@pytest.fixture
def app(classroom: Classroom, runs: ScriptedRuns) -> Flask:
    """The site."""
    return create_app(classroom, live_runs=runs)  # type: ignore[arg-type]


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    """A browser that never came through the link."""
    return Visitor(app.test_client())


@pytest.fixture
def visitor(app: Flask, classroom: Classroom) -> Visitor:
    """A browser that came through the link."""
    client = app.test_client()
    client.get("/enter", query_string={"token": make_token(classroom)}, base_url=SITE)
    return Visitor(client)


@pytest.fixture
def program(classroom: Classroom) -> Path:
    """The learner's own file."""
    return classroom.settings.home / "exercises" / "greet" / "python" / "receiver.py"
