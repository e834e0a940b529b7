"""The server itself: one loopback socket, a link that works once, a taken port told in words."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.content.loader import load_course
from app.errors import UsageError
from app.learning import quizzes
from app.learning.classroom import Classroom
from app.web.server import say_problems, serve
from tests.web.running import Course, free_port


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """A running course with a new home."""
    course = Course(tmp_path_factory.mktemp("home"), free_port())
    course.start()
    yield course
    course.stop()


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads Linux's own list of sockets")
def test_it_listens_on_loopback_only(course: Course) -> None:
    """One socket, on 127.0.0.1: nothing on an address that another machine reaches."""
    found = []
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for line in table.read_text().splitlines()[1:] if table.exists() else ():
            _, address, _, state = line.split()[:4]
            if state == "0A" and address.endswith(f":{course.port:04X}"):
                found.append(address)
    assert found == [f"0100007F:{course.port:04X}"]


def test_the_link_opens_the_map_once(course: Course) -> None:
    """Over real HTTP: the link sets the cookie and leads to the map; the second use is refused."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(course.link) as page:
        assert "Webhook course" in page.read().decode()
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(course.link)
    assert refused.value.code == 403
    refused.value.close()


def test_a_taken_port_is_told_in_words(classroom: Classroom) -> None:
    """The learner reads which port, and what to type; nothing was started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"Port {port} is taken.*--port"):
            serve(classroom, port, False)


def test_a_changed_id_is_told_at_start(classroom: Classroom, capsys: pytest.CaptureFixture[str]) -> None:
    """Q017: who starts the course reads which question its stored answers belong to, at its line."""
    attempt = quizzes.open_attempt(classroom, "basics-quiz")
    for question in attempt.questions:
        chosen = [question.choices[0].token]
        quizzes.answer(classroom, attempt.id, question.token, chosen)
    say_problems(classroom)
    assert capsys.readouterr().err == ""
    file = classroom.course.quiz("basics-quiz").path
    file.write_text(file.read_text().replace("id: what-is-it", "id: what-else"))
    classroom._course = load_course((file.parent.parent,))
    say_problems(classroom)
    told = capsys.readouterr().err
    assert "Q017 This was answered as `what-is-it`." in told
    assert told.startswith("quizzes/basics-quiz.yaml:")
