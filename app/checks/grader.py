"""The grader: a process that runs one suite with pytest and reports on a private pipe.

Started as `python -I -m app.checks.grader DESCRIPTOR`. On standard input come two lines: the stage, with
which it prepares the first start and pytest, and the job, for which it then waits. It never imports,
unpickles or executes anything of the learner's.
"""

import os
import sys
import threading
import time
import traceback

from app.checks.job import from_line, stage_from_line
from app.checks.launching import adopt_orphans, leave_keyring, sweep_orphans
from app.checks.recorder import Recorder
from app.checks.refusals import refused
from app.checks.spare import Spare, make_work
from app.errors import CourseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from app.checks.bench import Bench


def main(arguments: list[str]) -> int:
    """Prepare, wait for the job, run its suite, report; returns 0 when the report is complete."""
    line = sys.stdin.buffer.readline()
    if not line:
        return 0
    stage = stage_from_line(line)
    recorder = Recorder(int(arguments[0]))
    adopt_orphans()
    leave_keyring()
    make_work(stage.walls)
    spare = Spare(stage)
    try:
        # Imported only now: the interpreter behind the wall gets ready at the same time.
        from app.checks.suite import run_suite

        sys.dont_write_bytecode = True  # the course's modules are kept compiled, a suite's are not
        code = run_suite(stage.walls.folder, lambda: _wait_for_job(recorder, spare))
    except CourseError as error:
        code = _fault(recorder, str(error))
    except OSError as error:
        code = _fault(recorder, str(refused(error)))
    except Exception:
        code = _fault(recorder, traceback.format_exc(limit=-3))
    finally:
        spare.end()
        sweep_orphans()
    recorder.emit("grader_finished", code=code)
    return code


def _wait_for_job(recorder: Recorder, spare: Spare) -> "Bench":
    """Return the bench of the job; where none comes, nobody needs this process any more."""
    from app.checks.bench import make_bench
    from app.checks.waiting import Deadline

    line = sys.stdin.buffer.readline()
    if not line:
        spare.end()
        os._exit(0)
    job = from_line(line)
    _end_with_parent()
    recorder.begin_run()
    return make_bench(job, recorder, Deadline(time.monotonic() + job.limits.run_seconds), spare)


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
