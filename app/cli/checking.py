"""One check run in a terminal, as `course check` and `course watch` show it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.group import COURSE_FAULT, FAILED, INTERRUPTED, PASSED
from app.cli.place import Place
from app.learning.classroom import Classroom

if TYPE_CHECKING:
    from app.checks.cancel import Cancel
    from app.checks.slot import Slot
    from app.cli.check_view import CheckView
    from app.learning.running import Report

EXIT_CODES = {"passed": PASSED, "failed": FAILED, "course_fault": COURSE_FAULT, "cancelled": INTERRUPTED}


@dataclass(frozen=True)
class CheckOrder:
    """What to check, and with which grader."""

    classroom: Classroom
    place: Place
    folder: Path | None
    only: str | None
    seed: int | None
    slot: "Slot | None"

    def run(self, report: "Report", stop: "Cancel") -> int:
        """Run the check and return the exit code; `stop` ends it early."""
        from app.learning import running

        result = running.check(
            self.classroom,
            self.place.exercise.id,
            self.place.language,
            folder=self.folder,
            only=self.only,
            seed=self.seed,
            report=report,
            cancel=stop,
            slot=self.slot,
        )
        return EXIT_CODES[result.verdict]


def show_check(order: CheckOrder, view: "CheckView", stop: "Cancel") -> int:
    """Run the check and show it as it goes on, then the evidence and the way on; return the exit code."""
    from app.cli.after_check import repeat_of, show_way_on

    classroom, place = order.classroom, order.place

    events: list[dict[str, Any]] = []

    def report(event: dict[str, Any]) -> None:
        events.append(event)
        # The verdict is shown before the run is stored, which may have to wait for the database.
        view.report(event)
        if event["event"] == "run_finished":
            if event["verdict"] != "cancelled":
                view.show_evidence(repeat_of(classroom, place, view.seed, order.folder))
            view.show_summary()

    with view.screen.clearing():
        code = order.run(report, stop)
    show_way_on(view.screen, classroom, place, code, events, folder=order.folder, only=order.only)
    return code
