"""The pytest plugin of the grader: fixtures for suites, and each check reported on the private pipe."""

import contextlib
import time
from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from app.checks.bench import Bench
from app.checks.causes import Cause, CheckFailed
from app.checks.deaths import died
from app.checks.deliveries import Provider, service_of
from app.checks.downstream import Downstream
from app.checks.expect import Expect
from app.checks.probing import refused_though_right, send_probes
from app.checks.program import Program, ProgramDied
from app.checks.recorder import Recorder
from app.checks.storage import Storage
from app.checks.tracebacks import find_traceback
from app.errors import CourseFault

DYING_SECONDS = 0.5
TRACEBACK_SECONDS = 0.25
LEFT_OVER_SECONDS = 2.0
"""So long a check waits for what the one before has left under way: only a wrong program takes it."""
NOT_RUN = "Not run: your program had ended before."
TIME_OVER = "Not run: the time of this check run was over."


class CoursePlugin:
    """Orders the checks as declared, runs them on one program, reports each exactly once."""

    def __init__(self, bench: Bench):
        self._bench = bench
        self._job = bench.job
        self._recorder: Recorder = bench.recorder
        self._program = Program(bench)
        self._provider = Provider(bench, self._program)
        self._refused: tuple[str, Mapping[str, Any]] | None = None
        self._stopped = ""
        self._began = 0.0
        self._raised: BaseException | None = None

    # -- fixtures -----------------------------------------------------------------------------------

    @pytest.fixture
    def program(self) -> Program:
        """The learner's program; it runs when a check begins."""
        return self._program

    @pytest.fixture
    def provider(self) -> Provider:
        """The provider that tells it about events."""
        return self._provider

    @pytest.fixture
    def downstream(self) -> Downstream:
        """The service that the program calls at the URL which the manifest's `env` names."""
        return service_of(self._bench, "downstream")

    @pytest.fixture
    def storage(self) -> Storage:
        """What the program keeps in $DATA_DIR, to be locked for a while."""
        return Storage(self._bench.work / "data")

    @pytest.fixture
    def expect(self) -> Expect:
        """The words in which a check states what it requires."""
        return Expect(self._recorder, self._bench.deadline)

    # -- the order of the checks --------------------------------------------------------------------

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the declared checks, in the declared order; anything else is a fault of the suite."""
        by_id = {check_id(item): item for item in items}
        declared = self._job.declared
        if sorted(by_id) != sorted(declared) or len(by_id) != len(items):
            odd = sorted(set(by_id) ^ set(declared)) or ["a check that exists twice"]
            raise pytest.UsageError("the suite and the manifest differ in: " + ", ".join(odd))
        wanted = declared if self._job.only is None else (self._job.only,)
        items[:] = [by_id[check] for check in wanted]

    # -- one check ----------------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Begin a check: what the one before left under way is over, fresh evidence, a running program."""
        # A delivery that a failed check held up was let go on, and would end, print and count in this one.
        self._recorder.wait_until_over(self._bench.deadline.left(LEFT_OVER_SECONDS))
        self._raised, self._began = None, time.monotonic()
        self._recorder.emit("check_started", check=check_id(item))
        self._program.begin_check()
        self._recorder.begin_check()
        for service in self._bench.services.values():
            service.begin_check()
        # Each check draws from its own seed, so that one check alone gets the inputs of the whole run.
        self._provider.random.seed(f"{self._job.seed} {check_id(item)}")
        if not self._stopped and self._bench.deadline.passed:
            self._stopped = TIME_OVER
        if self._stopped:
            pytest.skip(self._stopped)
        death = self._program.crashed()
        if death is not None:
            raise ProgramDied(died(death, "check", self._program.last_words))
        if not self._program.running and self._job.kind == "server":
            self._program.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Remember what a check raised first."""
        if call.excinfo is not None and self._raised is None:
            self._raised = call.excinfo.value
        return (yield)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """End a check: judge it and report it with its evidence."""
        outcome, cause = self._judge()
        self._program.end_check()
        for service in self._bench.services.values():
            service.end_check()
        so_far = self._traceback_so_far()  # asking for what was printed completes the evidence as well
        traceback = self._traceback(so_far) if outcome in ("failed", "error") else ""
        evidence = self._recorder.evidence(cause.exchange if cause else None)
        check = nodeid.rpartition("::test_")[2].replace("_", "-")
        if outcome == "failed" and cause and self._refused is None:
            refused = refused_though_right(evidence.exchanges, cause.exchange)
            self._refused = (check, refused) if refused else None
        self._recorder.emit(
            "check_finished",
            check=check,
            title=self._job.titles[check],
            outcome=outcome,
            ms=round((time.monotonic() - self._began) * 1000, 2),
            cause=self._cause_data(cause),
            began=evidence.began,
            exchanges=evidence.exchanges,
            output=evidence.output,
            steps=evidence.steps,
            traceback=traceback,
        )

    def _traceback(self, so_far: str) -> str:
        """Return the traceback that the program printed in this check, or nothing."""
        if so_far or not self._recorder.stumbled():
            return so_far
        # Express writes what went wrong a moment after it has answered.
        return self._program.wait_until_printed(self._traceback_in, TRACEBACK_SECONDS)

    def _traceback_so_far(self) -> str:
        return self._traceback_in(self._program.printed_each())

    def _traceback_in(self, printed: Mapping[str, str]) -> str:
        return find_traceback(printed["stderr"] + printed["stdout"], self._folder())

    def _judge(self) -> tuple[str, Cause | None]:
        lost = self._recorder.lost_connection()
        if lost is not None:
            # A program that dies while it answers is gone a moment after its connection.
            self._program.wait_for_end(DYING_SECONDS)
        death = self._program.crashed()
        raised = self._raised
        if isinstance(raised, pytest.skip.Exception):
            return "skipped", Cause(str(raised), "", "")
        if death is not None:
            self._stopped = NOT_RUN
            return "failed", replace(died(death, "check", self._program.last_words), exchange=lost)
        if isinstance(raised, ProgramDied):
            self._stopped = NOT_RUN
        if isinstance(raised, CheckFailed):
            return "failed", raised.cause
        if isinstance(raised, CourseFault):
            self._recorder.emit("fault", message=str(raised))
        if raised is not None:
            return "error", _confused(raised)
        return "passed", None

    def _cause_data(self, cause: Cause | None) -> dict[str, Any] | None:
        if cause is None:
            return None
        return {
            "rationale": cause.rationale, "expected": cause.expected, "actual": cause.actual,
            "help": cause.help, "lesson": self._job.lesson, "exchange": cause.exchange,
        }  # fmt: skip

    def _folder(self) -> str:
        return self._program.folder

    def pytest_sessionfinish(self) -> None:
        """Probe a program that refused what was right, then end it."""
        if self._refused is not None and not self._stopped:
            # Whatever goes wrong with a probe: every check is judged and reported by now.
            with contextlib.suppress(Exception):
                send_probes(self._bench, self._program, *self._refused)
        self._program.kill()


def _confused(raised: BaseException) -> Cause:
    return Cause(
        "This check could not make sense of your answer.",
        "an answer of the form that the task describes",
        f"{type(raised).__name__}: {raised}"[:500],
        "Compare your answer with the task. If it is right, the check is wrong: tell its authors.",
    )


def check_id(item: pytest.Item) -> str:
    """Return the check that a test function proves: `test_a_b` is the check `a-b`."""
    return item.name.removeprefix("test_").replace("_", "-")
