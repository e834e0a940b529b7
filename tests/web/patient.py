"""`python -m tests.web.patient ARGS`: the command line of a course that waits long for programs.

A test in which a program stands still until the test says otherwise must not depend on how fast the machine
is: here neither a program's start, nor a run, nor a request of a scenario is over before the test is.
"""

import functools
from dataclasses import replace
from typing import Any

from app.checks import runner
from app.checks.limits import LIMITS
from app.cli import main
from app.content.scenario import Scenario

SECONDS = 300.0
PATIENT = replace(LIMITS, start_seconds=SECONDS, run_seconds=SECONDS)
_script = Scenario.script


def script(scenario: Scenario) -> dict[str, Any]:
    """Give the script with time enough for each request; what waits for a line waits as ever."""
    plain = _script(scenario)
    for step in plain["steps"]:
        if not step["wait"]:
            step["timeout"] = SECONDS
    return plain


if __name__ == "__main__":
    runner.Runner = functools.partial(runner.Runner, limits=PATIENT)  # type: ignore[assignment, misc]
    Scenario.script = script  # type: ignore[method-assign]
    main(prog_name="course")
