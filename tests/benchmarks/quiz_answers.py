"""How many answers a second the site takes and keeps: beside plain commits of the same size.

    python -m tests.benchmarks.quiz_answers [--seconds 20] [--connections 16] [--answers 8000]

A running course, its database in the ordinary way (rollback journal, FULL: a commit is on the disk before the
answer is acknowledged), quizzes of 20 questions of several types, and connections that press Answer one after
the other. Each acknowledged answer is looked up in the database at the end. `floor` is SQLite alone, the same
settings, one row of the same size a commit, right before and after. The aim: 200 answers a second.
"""

import argparse
import contextlib
import os
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from app.config import read_settings
from app.learning.attempts import drawn
from app.learning.classroom import Classroom
from app.learning.quizzes import view_attempt
from app.store.database import SQLITE_SETTINGS
from tests.benchmarks.quiz_speed import write_quizzes
from tests.web.answering import Browser, Press, store_all, stored
from tests.web.running import Course, free_port

QUIZZES = 25
QUESTIONS = 20
FLOOR_SECONDS = 3.0
AIM = 200


@dataclass
class Taken:
    """What was acknowledged, and when."""

    began: float = 0.0
    answers: list[tuple[float, float, Press]] = field(default_factory=list)  # its end, its seconds

    @property
    def seconds(self) -> float:
        """From the first press to the last acknowledgement."""
        return max(end for end, _, _ in self.answers) - self.began

    @property
    def per_second(self) -> list[int]:
        """How many came in each whole second."""
        counts = [0] * int(self.seconds)
        for end, _, _ in self.answers:
            if int(end - self.began) < len(counts):
                counts[int(end - self.began)] += 1
        return counts


def main() -> int:
    """Take the times, print them, and say whether the aim is met."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="quiz-answers-") as name:
        content, home = Path(name) / "content", Path(name) / "home"
        content.mkdir()
        write_quizzes(content, QUIZZES * QUESTIONS, QUIZZES)
        waiting = prepared(home, content, arguments.answers)
        print(f"{len(waiting)} answers to {QUIZZES} quizzes, {arguments.connections} connections", flush=True)
        os.environ["COURSE_CONTENT"] = str(content)
        floors = [floor(home)]
        taken, cpu = answered(home, waiting, arguments.connections, arguments.seconds)
        floors.append(floor(home))
        lost = len(taken.answers) - len(stored(home))
    return report(taken, cpu, statistics.mean(floors), lost)


def prepared(home: Path, content: Path, answers: int) -> list[Press]:
    """Store attempts at all quizzes in turn, and give a press for each question: all first ones, then on."""
    classroom = Classroom(read_settings({"COURSE_HOME": str(home), "COURSE_CONTENT": str(content)}))
    quizzes = [quiz for quiz in classroom.course.quizzes if quiz.id.startswith("bank-")]
    turns = [quizzes[at % len(quizzes)] for at in range(answers // QUESTIONS)]
    rows = [drawn(quiz, f"attempt-{at}", f"seed-{at}", classroom.now) for at, quiz in enumerate(turns)]
    store_all(classroom, rows)
    views = [view_attempt(classroom, row.id) for row in rows]
    classroom.close()
    return [
        Press(view.id, "", view.questions[place], view.quiz_id)
        for place in range(QUESTIONS)
        for view in views
    ]


def floor(home: Path) -> float:
    """Commits a second of SQLite alone: the settings of the course, a row of the size of an answer each."""
    with contextlib.closing(sqlite3.connect(home / "floor.db", isolation_level=None)) as connection:
        for setting in SQLITE_SETTINGS:
            connection.execute(setting)
        connection.execute("CREATE TABLE IF NOT EXISTS answers (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
        began, done = time.monotonic(), 0
        while time.monotonic() - began < FLOOR_SECONDS:
            connection.execute("INSERT INTO answers (body) VALUES (?)", ("x" * ROW_BYTES,))
            done += 1
        return done / (time.monotonic() - began)


ROW_BYTES = 420  # of an answer with its ids, hashes and lists


def answered(home: Path, waiting: Sequence[Press], connections: int, seconds: float) -> tuple[Taken, float]:
    """Press until the time is over; give what was acknowledged, and the processor seconds of the course."""
    course = Course(home, free_port())
    course.start()
    try:
        entered = Browser(course.port, course.link, waiting[0].quiz)
        before = processor_seconds(course.pid)
        taken = pressed(entered, waiting, connections, seconds)
        return taken, processor_seconds(course.pid) - before
    finally:
        course.stop()


def pressed(entered: Browser, waiting: Sequence[Press], connections: int, seconds: float) -> Taken:
    """Send presses from several connections at once, each the next one as soon as it is answered."""
    left, guard, taken = iter(waiting), threading.Lock(), Taken(time.monotonic())

    def send(_: int) -> None:
        with contextlib.closing(entered.connect()) as connection:
            while time.monotonic() - taken.began < seconds:
                with guard:
                    press = next(left, None)
                if press is None:
                    return
                began = time.monotonic()
                status, _ = entered.send(connection, press)
                assert status == 303, status
                taken.answers.append((time.monotonic(), time.monotonic() - began, press))

    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(send, range(connections)))
    return taken


def processor_seconds(pid: int) -> float:
    """What a process has taken of the processor; 0 where the system does not tell."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def report(taken: Taken, cpu: float, commits: float, lost: int) -> int:
    """Print the rate beside the floor; 1 where the aim is missed or an answer is."""
    count, rate = len(taken.answers), len(taken.answers) / taken.seconds
    took = sorted(seconds for _, seconds, _ in taken.answers)
    slowest, quickest = min(taken.per_second), max(taken.per_second)
    median, most = took[count // 2] * 1000, took[count * 95 // 100] * 1000
    print(f"site    {rate:7.0f} answers a second, over {taken.seconds:.0f} s; aim: {AIM} or more")
    print(f"        {slowest:7} in the slowest second, {quickest} in the quickest")
    print(f"        {median:7.0f} ms in the median, {most:.0f} for 95 %")
    print(f"        {cpu / count * 1000:7.1f} ms of the processor an answer")
    print(
        f"floor   {commits:7.0f} commits a second; the site keeps {rate / commits:.1f} answers a commit of it"
    )
    print(f"lost    {lost:7} of {count} acknowledged answers")
    return 0 if rate >= AIM and not lost else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=8000, help="how many wait at most")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--connections", type=int, default=16)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
