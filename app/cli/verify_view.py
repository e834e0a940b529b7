"""The proof of exercises as it goes on: a passing line, findings as they come, a summary of each exercise."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.cli.check_view import duration
from app.cli.clean import clipped
from app.cli.diagram_view import show_diagram, show_exchange
from app.cli.screen import Screen
from app.learning.diagram import draw_check, draw_scene

if TYPE_CHECKING:
    from app.content.problems import Problem
    from app.learning.diagram_parts import Diagram
    from app.learning.verify import Finding, Tried

SHOWN = 3
"""Of more checks only so many are shown."""

TOLD = {
    "starter": ("starter fails as it has to", "starters fail as they have to"),
    "solution": ("run of a solution passes", "runs of solutions pass"),
    "mutant": ("mutant is caught", "mutants are caught"),
    "scenario": ("scene plays to its end", "scenes play to their end"),
}


@dataclass
class VerifyView:
    """Receives the trials of a verification."""

    screen: Screen
    good: dict[str, Counter[str]] = field(default_factory=dict)
    questions: int = 0

    def report(self, tried: "Tried") -> None:
        """Count one trial; on a terminal a good one is told in passing, else in a line of its own."""
        trial, screen = tried.trial, self.screen
        counts = self.good.setdefault(f"{trial.exercise.id}, {trial.language}", Counter())
        what = f"{trial.exercise.id} {trial.language} {trial.kind} {trial.name}"
        if tried.finding:
            self._tell(what, tried.finding, trial.seed)
            self._show_runs(tried)
        else:
            counts[trial.kind] += 1
        line = f"{tried.done} of {tried.total}: {what}"
        if screen.live:
            screen.passing(line)
        elif not tried.finding:
            screen.say((screen.marks.passed, "good"), f" {line}", (f"  {duration(tried.result.ms)}", "quiet"))

    def _show_runs(self, tried: "Tried") -> None:
        """Draw the checks that show the finding, of many the first ones; of a scenario all that happened."""
        from app.learning.verify import telling_checks

        checks = telling_checks(tried.trial, tried.result)
        finished = {e["check"]: e for e in tried.result.events if e["event"] == "check_finished"}
        for check in checks[:SHOWN]:
            outcome = "let it live" if finished[check]["outcome"] == "passed" else "failed"
            self.screen.say((f"{check} {outcome}: {finished[check]['title']}", "strong"), indent=2)
            self._show_cause(finished[check]["cause"] or {})
            self._draw(draw_check(finished[check]))
        if len(checks) > SHOWN:
            self.screen.say(
                (f"The same in {len(checks) - SHOWN} more: {', '.join(checks[SHOWN:])}", "quiet"), indent=2
            )
        for event in tried.result.events:
            if event["event"] == "scenario_finished":
                self._draw(draw_scene(event))

    def _show_cause(self, cause: Mapping[str, Any]) -> None:
        if cause:
            self.screen.say(cause["rationale"], indent=4)
        for label, key in (("expected", "expected"), ("got", "actual")):
            if cause.get(key):
                self.screen.pair(label, "\n".join(clipped(str(cause[key]), lines=6)), indent=4)

    def _draw(self, view: "Diagram") -> None:
        """Draw what happened, and write the exchange that shows a failure whole."""
        show_diagram(self.screen, view, indent=4)
        if view.failing is not None:
            self.screen.say((f"Exchange {view.failing.number}, whole", "quiet"), indent=4)
            show_exchange(self.screen, view, view.failing.number)

    def question(self, question_id: str) -> None:
        """Count one question whose code is run."""
        self.questions += 1
        if self.screen.live:
            self.screen.passing(f"question {question_id}")
        else:
            self.screen.say(f"question {question_id}")

    def conclude(self, findings: Sequence["Finding"], wrong: Sequence["Problem"] = ()) -> None:
        """Write what is proven, what questions say wrongly, and what was found before anything ran."""
        for problem in wrong:
            self.screen.say((f"{self.screen.marks.failed} {problem}", "bad"))
        for finding in findings:
            if finding.result is None:
                self._tell(f"{finding.exercise} {finding.name}", finding.message, finding.seed)
        for exercise, counts in self.good.items():
            self.screen.say((exercise, "strong"))
            for kind, number in counts.items():
                mark = (self.screen.marks.passed, "good")
                self.screen.say(mark, f" {number} {TOLD[kind][number != 1]}", indent=2)
        if self.questions:
            told = "question says" if self.questions - len(wrong) == 1 else "questions say"
            mark = (self.screen.marks.passed, "good")
            self.screen.say(mark, f" {self.questions - len(wrong)} {told} what the code prints")
        number = len(findings) + len(wrong)
        if not number:
            self.screen.say(("All is as it has to be.", "good"))
        else:
            self.screen.say((f"{number} {'finding' if number == 1 else 'findings'}.", "bad"))

    def _tell(self, where: str, message: str, seed: int) -> None:
        mark = (f"{self.screen.marks.failed} {where}", "bad")
        self.screen.say(mark, f"  {message}", (f"  seed {seed}" if seed else "", "quiet"))
