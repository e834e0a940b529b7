"""A tiny course in a folder, and a runner that only pretends."""

import base64
import hashlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.checks.cancel import Cancel
from app.checks.runner import RunOrder, RunResult
from app.content.course import Check, Course, Exercise, Language, Lesson, ProviderPlan
from app.quiz.types import Choice, Question, Quiz, QuizSettings

MAIN = "receiver.py"


def lesson(lesson_id: str, number: int) -> Lesson:
    """A lesson without words."""
    return Lesson(lesson_id, number, lesson_id.title(), "", 5, (), (), "", Path("none"))


def exercise(root: Path, exercise_id: str, number: int, starts_from: str | None = None) -> Exercise:
    """An exercise whose files stand below the root."""
    folder = root / f"{number:02}-{exercise_id}"
    write(folder / "starter/python" / MAIN, f"# starter of {exercise_id}\n")
    write(folder / "starter/python/notes.txt", "a second file\n")
    write(folder / "solution/python" / MAIN, f"# solution of {exercise_id}\n")
    write(folder / "support/python/ledger.py", f"# ledger of {exercise_id}\n")
    languages = (Language("python", MAIN, ("python", MAIN)),)
    for name in ("shell",) if starts_from else ():
        write(folder / f"starter/{name}/receiver.sh", "# shell\n")
        languages += (Language(name, "receiver.sh", ("bash", "receiver.sh")),)
    return Exercise(
        id=exercise_id,
        number=number,
        title=exercise_id.title(),
        lesson="one",
        kind="server",
        minutes=10,
        starts_from=starts_from,
        languages=languages,
        env={"WEBHOOK_SECRET": "fresh", "MODE": "calm"},
        tasks=("Do it",),
        checks=(Check("a-b", "A and B", 1), Check("c-d", "C and D", 1)),
        hints=("gentle", "plain"),
        provider=ProviderPlan("github"),
        mutants={},
        readme="",
        folder=folder,
    )


def question(question_id: str, kind: str = "single_choice", right: str = "a") -> Question:
    """A question with the choices a, b and c."""
    choices = tuple(
        Choice(each, f"{question_id} says {each}", each in right, f"feedback on {each}") for each in "abc"
    )
    return Question(
        id=question_id,
        type=kind,
        stem=f"What about {question_id}?",
        choices=choices,
        hints=("first hint", "second hint"),
        explanation=f"why {question_id}",
        objectives=(),
        lesson="one#part",
        difficulty="easy",
        scoring="balanced",
        shuffle=True,
    )


def quiz(quiz_id: str = "quiz", questions: tuple[Question, ...] = ()) -> Quiz:
    """A quiz of two questions, the second with two right choices."""
    listed = questions or (question("q1"), question("q2", "multi_select", "ab"))
    return Quiz(quiz_id, "A quiz", "one", 1, 70, {}, QuizSettings(), listed, Path("none"))


def course(root: Path) -> Course:
    """Two lessons, two exercises on one chain, one quiz."""
    first = exercise(root, "first", 1)
    second = exercise(root, "second", 2, starts_from="first")
    return Course((lesson("one", 1), lesson("two", 2)), (first, second), (quiz(),), ())


def write(path: Path, text: str) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


class Clock:
    """A clock that goes on by one second each time somebody looks at it."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, tzinfo=UTC)
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        with self._lock:
            self.time += timedelta(seconds=1)
            return self.time


class FakeRunner:
    """Answers every order with the verdict it was told; waits where a test holds it back."""

    def __init__(self, verdict: str = "passed") -> None:
        self.verdict = verdict
        self.level = "not isolated"
        self.orders: list[RunOrder] = []
        self.prepared: list[SimpleNamespace] = []
        self.used: list[Any] = []
        self.go = threading.Event()
        self.go.set()
        self.running = 0
        self.most = 0
        self.error: BaseException | None = None
        self.before_result: Callable[[], None] = lambda: None
        self._lock = threading.Lock()

    def is_ready(self, language: str) -> bool:
        """Nothing is ever fetched."""
        return True

    def prepare(self, language: str = "python") -> Any:
        """Hand out a slot that remembers whether it was closed."""
        slot = SimpleNamespace(language=language, closed=False, is_alive=True)
        slot.close = lambda: setattr(slot, "closed", True)
        self.prepared.append(slot)
        return slot

    def run(
        self,
        order: RunOrder,
        report: Callable[[dict[str, Any]], None],
        cancel: Cancel | None = None,
        slot: Any = None,
    ) -> RunResult:
        """Pretend to run."""
        with self._lock:
            self.orders.append(order)
            self.used.append(slot)
            self.running += 1
            self.most = max(self.most, self.running)
        try:
            return self._run(order, report, cancel or Cancel())
        finally:
            with self._lock:
                self.running -= 1

    def _run(self, order: RunOrder, report: Callable[[dict[str, Any]], None], cancel: Cancel) -> RunResult:
        events: list[dict[str, Any]] = []
        for event in self._events(order):
            if event["event"] == "run_finished":
                while not self.go.wait(0.01) and not cancel.is_set():
                    continue
                if self.error is not None:
                    raise self.error
                if cancel.is_set():
                    event |= {"verdict": "cancelled", "reason": cancel.reason}
                self.before_result()
            events.append({"number": len(events) + 1, **event})
            report(events[-1])
        last = events[-1]
        files = {
            path.relative_to(order.folder).as_posix(): base64.b64encode(path.read_bytes()).decode()
            for path in sorted(order.folder.rglob("*"))
            if path.is_file()
        }
        return RunResult(
            verdict=last["verdict"],
            counts=last["counts"],
            ms=5.0,
            code_hash=hashlib.sha256(str(files).encode()).hexdigest(),
            files=files,
            events=tuple(events),
            level=self.level,
            seed=order.seed,
            reason=last["reason"],
        )

    def _events(self, order: RunOrder) -> Iterator[dict[str, Any]]:
        checks = [c for c in order.checks if order.only in (None, c[0])]
        yield {"event": "run_started", "run": order.run, "exercise": order.exercise, "seed": order.seed}
        for check, title, _ in checks:
            outcome = "passed" if self.verdict == "passed" or check == "a-b" else "failed"
            yield {"event": "check_started", "check": check}
            yield {
                "event": "check_finished", "check": check, "title": title, "outcome": outcome, "ms": 1.0,
                "cause": None, "exchanges": [], "output": [], "traceback": "",
            }  # fmt: skip
        passed = len(checks) if self.verdict == "passed" else 1
        counts = {"passed": passed, "failed": len(checks) - passed, "skipped": 0, "error": 0}
        yield {"event": "run_finished", "verdict": self.verdict, "counts": counts, "ms": 5.0, "reason": ""}

    def close(self) -> None:
        """Nothing to free."""
