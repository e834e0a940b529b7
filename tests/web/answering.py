"""Answers sent to a running course as its pages send them, and what the database holds of them."""

import http.client
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from app.config import read_settings
from app.learning.attempts import drawn
from app.learning.classroom import Classroom
from app.learning.launch import signing_key
from app.learning.quizzes import QuestionView, view_attempt
from app.quiz.tokens import token
from app.store.rows import AnswerRow, AttemptRow

QUIZ = "survival"
QUESTIONS = 8
CHOICES = ("first", "second", "third")
HEAD = """\
# yaml-language-server: $schema=quiz.schema.json
format: 1
quiz: {id: survival, title: What survives}
questions:
"""
QUESTION = """\
  - id: survives-{0}
    stem: Which of the answers to question {0} is kept?
    choices:
      - {{id: first, text: The first, correct: true}}
      - {{id: second, text: The second}}
      - {{id: third, text: The third}}
"""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Press:
    """One press of Answer: what the form carries, and which attempt, question and choice that are."""

    attempt: str
    question: str
    view: QuestionView
    quiz: str = QUIZ
    choice: str = ""  # the end of its text; "" takes the first, or all items as they stand

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The fields of the form."""
        token = self.view.token
        choices = [each.token for each in self.view.choices if each.text.endswith(self.choice)]
        given = choices[:1] or [item.token for item in self.view.items] or ["5"]
        return [
            ("attempt", self.attempt),
            ("question", token),
            *((f"answer.{token}", each) for each in given),
            (f"try.{token}", "1"),
            (f"version.{token}", self.view.version),
            ("answer", token),
        ]


def write_quiz(root: Path) -> Path:
    """Write content with one quiz; return its folder."""
    (root / "quizzes").mkdir(parents=True)
    text = HEAD + "".join(QUESTION.format(number) for number in range(QUESTIONS))
    (root / "quizzes" / f"{QUIZ}.yaml").write_text(text)
    return root


def presses(home: Path, content: Path, attempts: int) -> Iterator[Press]:
    """Store so many attempts, and give a press for each of their questions, the choices in turn."""
    classroom = Classroom(read_settings({"COURSE_HOME": str(home), "COURSE_CONTENT": str(content)}))
    quiz, key = classroom.course.quiz(QUIZ), signing_key(classroom)
    rows = [drawn(quiz, f"attempt-{at}", f"seed-{at}", classroom.now) for at in range(attempts)]
    store_all(classroom, rows)
    views = [view_attempt(classroom, row.id) for row in rows]
    classroom.close()
    for row, view in zip(rows, views, strict=True):
        ids = {token(key, row.id, question, ""): question for question in row.questions}
        for at, question in enumerate(view.questions):
            yield Press(row.id, ids[question.token], question, choice=CHOICES[at % 3])


def store_all(classroom: Classroom, rows: Iterable[AttemptRow]) -> None:
    """Store attempts in one transaction."""
    listed = [{**vars(row), "questions": list(row.questions)} for row in rows]
    classroom.store.add({**classroom.store.export(), "tables": {"attempts": listed}})


@dataclass
class Browser:
    """A browser that came through the link of a course at this port."""

    port: int
    link: str
    quiz: str = QUIZ  # whose page is read for the token of its form
    cookie: str = ""
    csrf: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        connection = self.connect()
        connection.request("GET", self.link[self.link.index("/enter") :])
        entered = connection.getresponse()
        entered.read()
        self.cookie = str(entered.headers["Set-Cookie"]).split(";")[0]
        connection.request("GET", f"/quizzes/{self.quiz}", headers={"Cookie": self.cookie})
        page = connection.getresponse().read().decode()
        connection.close()
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        assert found is not None, page
        self.csrf = found[1]

    def connect(self) -> http.client.HTTPConnection:
        """Open a connection, which can send many presses."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def send(self, connection: http.client.HTTPConnection, press: Press) -> tuple[int, str]:
        """Send a press; give the status and where it leads."""
        headers = {"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{self.port}", **FORM}
        form = urlencode([("csrf", self.csrf), *press.fields])
        connection.request("POST", f"/quizzes/{press.quiz}/answers", form, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, str(answer.headers["Location"])


def stored(home: Path) -> dict[tuple[str, str], AnswerRow]:
    """Every stored answer, by attempt and question."""
    classroom = Classroom(read_settings({"COURSE_HOME": str(home)}))
    rows = classroom.store.attempts.all_answers()
    classroom.close()
    return {(row.attempt, row.question): row for row in rows}


def integrity(home: Path) -> str:
    """What SQLite says about the file."""
    connection = sqlite3.connect(home / "progress.db")
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()
