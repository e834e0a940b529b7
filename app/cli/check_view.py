"""A check run as it happens: one line for each check, then the evidence, then where to go on."""

from dataclasses import dataclass, field
from typing import Any

from app.cli.evidence import Repeat, show_failure, show_failure_in_short
from app.cli.screen import Screen

Event = dict[str, Any]

WHOLE = 2
"""Up to so many failures are shown with all their evidence; of more, the first, and the others in short."""


@dataclass
class CheckView:
    """Receives the events of one run; `tasks` are the task titles of the exercise, in order."""

    screen: Screen
    title: str
    tasks: tuple[str, ...]
    titles: dict[str, str] = field(default_factory=dict)
    task_of: dict[str, int] = field(default_factory=dict)
    shown_task: int = 0
    started: Event = field(default_factory=dict)
    failures: list[Event] = field(default_factory=list)
    not_run: str = ""
    finished: Event = field(default_factory=dict)

    @property
    def seed(self) -> int:
        """Return the seed of the run."""
        return int(self.started["seed"])

    def report(self, event: Event) -> None:
        """Show one event."""
        show = {
            "run_started": self._run_started,
            "tools_progress": self._tools_progress,
            "program_started": self._program_started,
            "check_started": self._check_started,
            "check_finished": self._check_finished,
            "run_finished": self._run_finished,
        }.get(event["event"])
        if show is not None:
            show(event)

    def _run_started(self, event: Event) -> None:
        self.started = event
        self.titles = {check["id"]: check["title"] for check in event["checks"]}
        self.task_of = {check["id"]: check["task"] for check in event["checks"]}
        self.screen.title(self.title, event["language"])

    def _tools_progress(self, event: Event) -> None:
        self.screen.progress(event["says"], event["note"])

    def _program_started(self, event: Event) -> None:
        self.screen.passing("    starting your program ...")

    def _check_started(self, event: Event) -> None:
        self._show_task(event["check"])
        title = self.titles.get(event["check"], event["check"])
        self.screen.passing(f"    {self.screen.marks.running} {title} ...")

    def _check_finished(self, event: Event) -> None:
        self._show_task(event["check"])
        if event["outcome"] in ("failed", "error"):
            self.failures.append(event)
        if event["outcome"] == "skipped" and event["cause"]:
            self.not_run = event["cause"]["rationale"]
        mark, style = self._mark(event["outcome"])
        note = "" if event["outcome"] == "skipped" else f"   {duration(event['ms'])}"
        self.screen.say((mark, style), f" {event['title']}", (note, "quiet"), indent=4)

    def _show_task(self, check: str) -> None:
        task = self.task_of.get(check, 0)
        if task == self.shown_task or not 1 <= task <= len(self.tasks):
            return
        self.shown_task = task
        self.screen.say((f"{task}  {self.tasks[task - 1]}", "quiet"), indent=2)

    def _mark(self, outcome: str) -> tuple[str, str]:
        marks = self.screen.marks
        return {"passed": (marks.passed, "good"), "skipped": (marks.skipped, "quiet")}.get(
            outcome, (marks.failed, "bad")
        )

    def _run_finished(self, event: Event) -> None:
        self.finished = event
        self.screen.take_back()

    def show_evidence(self, repeat: Repeat) -> None:
        """Write why each failed check failed."""
        seen: set[str] = set()
        whole = len(self.failures) if len(self.failures) <= WHOLE else 1
        for failure in self.failures[:whole]:
            show_failure(self.screen, failure, repeat, seen=seen)
        for failure in self.failures[whole:]:
            show_failure_in_short(self.screen, failure)
        if len(self.failures) > whole:
            again = f"course check {repeat.exercise} --only CHECK --seed {repeat.seed}{repeat.options}"
            self.screen.gap()
            self.screen.say("Everything about one of these:")
            self.screen.command(again)
        if self.not_run:
            self.screen.gap()
            self.screen.say(self.not_run)

    def show_summary(self) -> None:
        """Write the result in one line, and calmly how it was run."""
        self.screen.gap()
        counts, verdict = self.finished["counts"], self.finished["verdict"]
        style = "good" if verdict == "passed" else "bad"
        self.screen.say((sentence(verdict, counts), style))
        reason = self.finished.get("reason")
        if reason and verdict != "cancelled":
            self.screen.say(reason)
        dot = f" {self.screen.marks.dot} "
        facts = (duration(self.finished["ms"]), f"seed {self.started['seed']}", _level(self.started["level"]))
        self.screen.say((dot.join(facts), "quiet"))


def sentence(verdict: str, counts: dict[str, int]) -> str:
    """Say a verdict with its counts."""
    total = sum(counts.values())
    if verdict == "passed":
        return f"Passed: all {total} checks." if total > 1 else "Passed: the one check."
    if verdict == "cancelled":
        return "Stopped. This run counts for nothing."
    if verdict == "course_fault":
        return "The course failed, not your program. Nothing was counted."
    failed = counts.get("failed", 0) + counts.get("error", 0)
    skipped = counts.get("skipped", 0)
    rest = f", {skipped} not run" if skipped else ""
    return f"Not yet: {counts.get('passed', 0)} of {total} checks passed, {failed} failed{rest}."


def _level(level: str) -> str:
    if level == "isolated":
        return "isolated"
    return "not isolated (course doctor says why)"


def duration(milliseconds: float) -> str:
    """Say a duration as a person would."""
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds / 1000:.1f} s"
