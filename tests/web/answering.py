"""Answers sent to a running course as its pages send them, and what the database holds of them."""

import http.client
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from app.config import read_settings
from app.learning.attempts import drawn
from app.learning.classroom import Classroom
from app.learning.launch import signing_key
from app.quiz.tokens import token
from app.store.rows import AnswerRow

QUIZ = "survival"
QUESTIONS = 8
CHOICES = ("one", "two", "three")
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
      - {{id: one, text: The first, correct: true}}
      - {{id: two, text: The second}}
      - {{id: three, text: The third}}
"""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Press:
    """One press of Answer: what the form carries, and which question and choice that are."""

    attempt: str
    question: str
    choice: str
    question_token: str
    tokens: Mapping[str, str]  # of the choices

    @property
    def fields(self) -> Mapping[str, str]:
        """The fields of the form."""
        question, choice = self.question_token, self.tokens[self.choice]
        return {
            "attempt": self.attempt,
            "question": question,
            f"answer.{question}": choice,
            f"try.{question}": "1",
            "answer": question,
            "choice": choice,
        }


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
    listed = [{**vars(row), "questions": list(row.questions)} for row in rows]
    classroom.store.add({**classroom.store.export(), "tables": {"attempts": listed}})  # in one transaction
    classroom.close()
    for row in rows:
        for at, question in enumerate(row.questions):
            tokens = {choice: token(key, row.id, question, choice) for choice in CHOICES}
            yield Press(row.id, question, CHOICES[at % 3], token(key, row.id, question, ""), tokens)


@dataclass
class Browser:
    """A browser that came through the link of a course at this port."""

    port: int
    link: str
    cookie: str = ""
    csrf: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        connection = self.connect()
        connection.request("GET", self.link[self.link.index("/enter") :])
        entered = connection.getresponse()
        entered.read()
        self.cookie = str(entered.headers["Set-Cookie"]).split(";")[0]
        connection.request("GET", f"/quizzes/{QUIZ}", headers={"Cookie": self.cookie})
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
        form = urlencode({"csrf": self.csrf, **press.fields})
        connection.request("POST", f"/quizzes/{QUIZ}/answers", form, headers)
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
