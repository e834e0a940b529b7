"""The proof of exercises as it goes on: a passing line, findings as they come, a summary of each exercise."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.cli.messages import show_messages
from app.cli.screen import Screen

if TYPE_CHECKING:
    from app.content.problems import Problem
    from app.learning.verify import Finding, Tried

SHOWN = 3
"""Of more checks, and of more exchanges in a check, only so many are shown."""

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
        """Count one trial; only one that went wrong leaves a line."""
        trial = tried.trial
        counts = self.good.setdefault(f"{trial.exercise.id}, {trial.language}", Counter())
        if tried.finding:
            where = f"{trial.exercise.id} {trial.language} {trial.kind} {trial.name}"
            self._tell(where, tried.finding, trial.seed)
            self._show_runs(tried)
        else:
            counts[trial.kind] += 1
        self.screen.passing(f"{tried.done} of {tried.total}: {trial.exercise.id} {trial.kind} {trial.name}")

    def _show_runs(self, tried: "Tried") -> None:
        """Write what went over the wire in the checks that show the finding, of many the first ones."""
        from app.learning.verify import telling_checks

        checks = telling_checks(tried.trial, tried.result)
        finished = {e["check"]: e for e in tried.result.events if e["event"] == "check_finished"}
        for check in checks[:SHOWN]:
            outcome = "let it live" if finished[check]["outcome"] == "passed" else "failed"
            self.screen.say((f"{check} {outcome}: {finished[check]['title']}", "strong"), indent=2)
            if finished[check]["cause"]:
                self.screen.say(finished[check]["cause"]["rationale"], indent=4)
            for exchange in finished[check]["exchanges"][-SHOWN:]:
                show_messages(self.screen, exchange, indent=4)
        if len(checks) > SHOWN:
            self.screen.say(
                (f"The same in {len(checks) - SHOWN} more: {', '.join(checks[SHOWN:])}", "quiet"), indent=2
            )

    def question(self, question_id: str) -> None:
        """Count one question whose code is run."""
        self.questions += 1
        self.screen.passing(f"question {question_id}")

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
