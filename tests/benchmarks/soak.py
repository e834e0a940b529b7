"""Many runs in a row through the slots, as the site makes them: nothing may be left, nothing may grow.

    python -m tests.benchmarks.soak [RUNS] [LANGUAGE]

Prints what this process holds before and after, and ends with 1 where something is left.
"""

import os
import sys
import tempfile
from pathlib import Path

from app.checks.processes import descendants, resident_bytes
from app.checks.runner import Runner
from app.checks.slots import Slots
from app.checks.waiting import wait_for
from app.config import data_folder
from app.content.loader import load_exercise
from app.learning.running import run_order
from tests.benchmarks.site import SOLUTION

WARM_UP = 20
"""Runs before the first look: what is made once is no leak."""

GROWTH = 16
"""Megabytes by which the process may grow over all runs: the allocator's slack."""


def main(runs: int = 1000, language: str = "python") -> int:
    """Run, look, compare."""
    exercise = load_exercise(SOLUTION.parents[1])[0]
    assert exercise is not None
    with Runner(data_folder(os.environ)) as runner:
        runner.make_ready(language, lambda says, note: print(says or note))
        slots = Slots(runner, 1)
        order = run_order(exercise, language, SOLUTION.with_name(language), seed=1)

        def run(number: int) -> None:
            with slots.take(language) as slot:
                result = runner.run(order, lambda event: None, slot=slot)
            assert result.verdict == "passed", f"run {number}: {result.verdict} {result.reason}"

        for number in range(WARM_UP):
            run(number)
        slots.close()
        before = held()
        slots = Slots(runner, 1)
        for number in range(runs):
            run(number)
            if number % 100 == 99:
                print(f"{number + 1} runs passed", flush=True)
        slots.close()
        # A thread that was joined is on the system's list for a moment still.
        wait_for(lambda: held()["threads"] <= before["threads"], 2)
        after = held()
    return compare(before, after)


def held() -> dict[str, int]:
    """Count what this process holds; memory in megabytes."""
    me = os.getpid()
    return {
        "processes": len(descendants(me)) - 1,
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "mounts": len(Path("/proc/self/mountinfo").read_text().splitlines()),
        "threads": len(list(Path("/proc/self/task").iterdir())),
        "temporary folders": len(list(Path(tempfile.gettempdir()).glob(f"webhook-course-{me}-*"))),
        "megabytes": resident_bytes(me) // 1024 // 1024,
    }


def compare(before: dict[str, int], after: dict[str, int]) -> int:
    """Print both counts; 1 where something is left."""
    leaks = []
    for name, count in before.items():
        allowed = GROWTH if name == "megabytes" else 0
        print(f"{name:20}{count:8}{after[name]:8}")
        if after[name] > count + allowed:
            leaks.append(name)
    print(f"left behind: {', '.join(leaks)}" if leaks else "nothing is left behind")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2]), *sys.argv[2:3]))
