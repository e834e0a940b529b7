"""Nothing that tells the key leaves the site before the answer: every byte of every response is searched."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.config import read_settings
from app.content.loader import load_course
from app.learning.classroom import Classroom
from app.learning.launch import make_token
from app.web import create_app
from tests.web.conftest import PORT, SITE, Visitor
from tests.web.forms import forms_of, question_form
from tests.web.test_all_types import QUIZ, classroom, content  # noqa: F401 - fixtures
from tests.web.twenty import HINT, SECRET, twenty, write_twenty

# The marks of the file, and the numbers that can carry none: whole ones, for a moment's microseconds and a
# token may hold any five digits.
SECRETS = re.compile(
    rb"zqx|\b(?:734[56]1|7343[89]|7346[34]|734[67]4)\b|basics#in-code|balanced_key", re.IGNORECASE
)


@dataclass(frozen=True)
class Listener(Visitor):
    """A browser that keeps every response whole: status, headers, body."""

    heard: list[tuple[str, bytes]] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._hear(f"GET {path}", super().get(path, **headers))

    def post(self, path: str, headers: dict[str, str] | None = None, **fields: Any) -> TestResponse:
        return self._hear(f"POST {path}", super().post(path, headers, **fields))

    def _hear(self, what: str, response: TestResponse) -> TestResponse:
        self.heard.append((what, f"{response.status}\n{response.headers}\n".encode() + response.get_data()))
        return response

    def leaks(self, secrets: "re.Pattern[bytes]" = SECRETS) -> list[str]:
        """The responses in which a secret stands."""
        found = [(what, secrets.search(bytes_)) for what, bytes_ in self.heard]
        return [f"{what}: {match[0]!r}" for what, match in found if match]


@pytest.fixture
def listener(app: Flask, classroom: Classroom) -> Listener:  # noqa: F811
    """A listening browser that came through the link."""
    return let_in(app, classroom)


def let_in(app: Flask, classroom: Classroom) -> Listener:  # noqa: F811
    """Open the site in a listening browser."""
    client = app.test_client()
    client.get("/enter", query_string={"token": make_token(classroom)}, base_url=SITE)
    return Listener(client)


def pages(listener: Listener) -> list[str]:
    """Visit every page that shows a question, and return their texts."""
    found = [listener.get(f"{QUIZ}?question={number}").text for number in range(1, 21)]
    listener.post(f"{QUIZ}/view", view="whole")
    found.append(listener.get(QUIZ).text)
    listener.post(f"{QUIZ}/view", view="one")
    return [*found, listener.get("/lessons/basics").text]


def test_no_page_tells_the_key(listener: Listener) -> None:
    """Pages, everything that they link to, pictures and their names included."""
    found = pages(listener)
    for path in ("/", "/review", "/sources", QUIZ):
        found.append(listener.get(path).text)
    addresses = {each for page in found for each in re.findall(r'(?:href|src)="(/[^"#]*)', page)}
    assert any("/pictures/" in each for each in addresses)
    for address in sorted(addresses):
        listener.get(address)
    assert len(listener.heard) > 40
    assert listener.leaks() == []
    assert listener.leaks(re.compile(HINT.encode(), re.IGNORECASE)) == []


def test_no_button_tells_the_key(listener: Listener) -> None:
    """Hints, arrows, refused and half-finished answers, an early report, a new attempt, a forged form."""
    for number in range(1, 21):
        form = question_form(listener.get(f"{QUIZ}?question={number}").text)
        token = next(each.value for each in form.controls if each.name == "question")
        for name in ("hint", "up", "down"):
            for place in range(len(form.buttons(name))):
                form.press(listener, name, place)
        typed = any(each.kind in ("text", "textarea") for each in form.controls)
        for given in ([], [""], *(() if typed else (["zz"], ["f" * 24], [token]))):
            sent = {**form.fields(form.buttons("answer")[0]), f"answer.{token}": given}
            listener.post(form.action, **{name: values for name, values in sent.items() if name != "csrf"})
        for button in ("report", "again", "nothing"):
            listener.post(form.action, attempt=sent["attempt"], **{button: token})
        listener.post(form.action, attempt="nobody", question=token, answer=token)
    for path in (f"{QUIZ}/attempts", "/review", f"{QUIZ}/answers"):
        listener.post(path)
        listener.post(path, only="missed", question="x")
    pages(listener)
    assert not any(b"data-result" in text for _, text in listener.heard)
    assert listener.leaks() == []


def test_no_route_tells_the_key(listener: Listener, app: Flask) -> None:
    """Every route of the site, by every method, with ids that are there."""
    page = listener.get(QUIZ).text
    attempt = next(each.value for each in question_form(page).controls if each.name == "attempt")
    picture = re.findall(r"/pictures/([0-9a-f]+)", page)[0]
    values = {
        "lesson_id": "basics", "exercise_id": "greet", "quiz_id": "twenty", "run_id": "r1", "number": "1",
        "filename": "base.css", "name": picture, "played": "0", "item_id": "twenty", "attempt_id": attempt,
    }  # fmt: skip
    adapter = app.url_map.bind(f"127.0.0.1:{PORT}")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "entrance.enter":
            continue
        path = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for method in sorted(rule.methods or ()):
            listener.get(path) if method == "GET" else listener.post(path, attempt=attempt)
    assert listener.leaks() == []


def test_a_wrong_try_tells_only_about_itself(listener: Listener) -> None:
    """With a try left, what is heard is the feedback on the tried choice, and no more of the question."""
    form = question_form(listener.get(f"{QUIZ}?question=2").text)
    page = form.choose("Goodbye 2").press(listener, "answer").text
    told = re.findall(r"ZQX[^<]*", page)
    assert told == ["ZQX the last one."]
    listener.heard[:] = [(what, text.replace(b"ZQX the last one.", b"")) for what, text in listener.heard]
    assert listener.leaks() == []


def test_an_answer_tells_only_about_its_question(listener: Listener) -> None:
    """The key of one question brings no other key along, on the whole page either."""
    listener.post(f"{QUIZ}/view", view="whole")
    page = question_form(listener.get(QUIZ).text).choose("Hello 1").press(listener, "answer", 0).text
    (answered, *others) = page.split('class="question"')[1:]
    assert SECRET in answered
    assert SECRET.lower() not in "".join(others).lower()


@pytest.fixture
def two_sites(tmp_path: Path) -> Iterator[tuple[Listener, Listener]]:
    """The same learner with two versions of the quiz, in which other answers are right."""
    other = (
        twenty()
        .replace(", correct: true", "")
        .replace("text: Goodbye", "correct: true, text: Goodbye")
        .replace("text: Noise", "correct: true, text: Noise")
        .replace('text: "False"', 'correct: true, text: "False"')
        .replace("accept: [zqxhello, zqxhi]", "accept: [zqxsomething]")
        .replace("  value: 734", "  value: 911")
        .replace("ZQX", "ZQX other")
        .replace("    zqx ", "    another ")
    )
    rooms = []
    for name, text in (("one", twenty()), ("two", other)):
        course = load_course((write_twenty(tmp_path / name, text),))
        assert len(course.quiz("twenty").questions) == 20
        home = tmp_path / f"home-{name}"
        home.mkdir()
        if rooms:
            shutil.copy(rooms[0].settings.home / ".signing-key", home)
        settings = read_settings({"COURSE_HOME": str(home), "COURSE_PORT": str(PORT)})
        rooms.append(Classroom(settings, course=course))
        make_token(rooms[-1])
        create_app(rooms[-1])
    first, second = (let_in(create_app(room), room) for room in rooms)
    yield first, second
    for room in rooms:
        room.close()


def test_the_same_bytes_whatever_is_right(two_sites: tuple[Listener, Listener]) -> None:
    """Two quizzes that differ only in what is right make the same pages, but for opaque versions."""
    first, second = (pages(site) for site in two_sites)
    assert len(first) == len(second) == 22
    for one, two in zip(first, second, strict=True):
        assert _without_versions(one) == _without_versions(two)


def without_time(page: str) -> str:
    """Leave out the signed moment at which each form was shown."""
    return re.sub(r'(name="shown" value=")[0-9T:.+-]{32} [0-9a-f]{24}"', r'\1"', page)


def _without_versions(page: str) -> str:
    versions = re.findall(r'name="version\.[0-9a-f]{24}" value="([0-9a-f]{24})"', page)
    assert len(versions) == sum(each.name == "question" for form in forms_of(page) for each in form.controls)
    page = re.sub(r'(name="version\.[0-9a-f]{24}" value=")[0-9a-f]{24}"', r'\1"', page)
    page = without_time(page)
    return re.sub(r'name="csrf" value="[^"]*"', "", page)
