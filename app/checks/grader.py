"""The grader: a process that runs one suite with pytest and reports on a private pipe.

Started as `python -I -m app.checks.grader DESCRIPTOR`; the job comes as one line on standard input. It never
imports, unpickles or executes anything of the learner's.
"""

import os
import sys
import threading
import time
import traceback

import pytest

from app.checks.job import Job, from_line
from app.checks.launching import adopt_orphans, leave_keyring, sweep_orphans
from app.checks.player import play
from app.checks.plugin import CoursePlugin
from app.checks.program import Bench, make_bench
from app.checks.recorder import Recorder
from app.checks.waiting import Deadline
from app.errors import CourseError

_ARGUMENTS = (
    "--import-mode=importlib",
    "--assert=plain",
    "--capture=no",
    "--tb=no",
    "--quiet",
    "--no-header",
    "--no-summary",
    "--strict-markers",
    *(f"-pno:{name}" for name in ("cacheprovider", "doctest", "junitxml", "pastebin", "logging", "unittest")),
    *(f"-pno:{name}" for name in ("faulthandler", "unraisableexception", "threadexception", "stepwise")),
)


def main(arguments: list[str]) -> int:
    """Read the job, run its suite, report; returns 0 when the report is complete."""
    descriptor = int(arguments[0])
    sys.dont_write_bytecode = True
    line = sys.stdin.buffer.readline()
    if not line:
        return 0
    job = from_line(line)
    _end_with_parent()
    recorder = Recorder(descriptor)
    try:
        adopt_orphans()
        leave_keyring()
        deadline = Deadline(time.monotonic() + job.limits.run_seconds)
        bench = make_bench(job, recorder, deadline)
        code = run_suite(job, bench) if job.scenario is None else play(bench, job.scenario)
    except CourseError as error:
        code = _fault(recorder, str(error))
    except Exception:
        code = _fault(recorder, traceback.format_exc(limit=-3))
    finally:
        sweep_orphans()
    recorder.emit("grader_finished", code=code)
    return code


def _fault(recorder: Recorder, message: str) -> int:
    recorder.emit("fault", message=message)
    return 3


def _end_with_parent() -> None:
    """End this process when the runner is gone: its end of standard input closes then."""

    # A descriptor of its own: pytest puts another file in the place of standard input while it captures.
    parent = os.dup(sys.stdin.fileno())

    def watch() -> None:
        # Not sys.stdin.read(): it would hold the stream's lock, for which Python's end waits a whole second.
        while os.read(parent, 4096):
            pass
        sweep_orphans()
        os._exit(4)

    threading.Thread(target=watch, daemon=True).start()


def run_suite(job: Job, bench: Bench) -> int:
    """Run the suite of a job; returns 0 when pytest ran it, whatever the checks said."""
    configuration = os.path.join(job.walls.folder, "pytest.ini")  # noqa: PTH118 - one join, no import of pathlib
    where = ["-c", configuration, "--rootdir", job.checks_folder, "--confcutdir", job.checks_folder]
    code = pytest.main([*_ARGUMENTS, *where, job.checks_folder], plugins=[CoursePlugin(bench)])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        bench.recorder.emit("fault", message=f"The suite could not be run (pytest ended with {int(code)}).")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
