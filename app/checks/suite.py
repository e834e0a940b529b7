"""Run a suite with pytest, paused where everything is ready but the suite."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.checks.bench import Bench
from app.checks.player import play
from app.checks.plugin import CoursePlugin
from app.errors import CourseFault

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


class _Pause:
    """Waits for the job at the moment when pytest is set up and has not looked for a suite yet."""

    def __init__(self, wait: Callable[[], Bench]):
        self._wait = wait
        self.bench: Bench | None = None
        self.raised: Exception | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> object:
        """Take the job; let pytest collect its suite, or play its scenario."""
        try:
            self.bench = self._wait()
            if self.bench.job.scenario is None:
                session.config.args = [self.bench.job.checks_folder]
                session.config.pluginmanager.register(CoursePlugin(self.bench))
                return None
            play(self.bench, self.bench.job.scenario)
        except Exception as error:
            self.raised = error
        return "nothing to collect"


def run_suite(folder: str, wait: Callable[[], Bench]) -> int:
    """Run the suite, or the scenario, of the job that `wait` returns; 0 when that went to its end.

    `folder` is the slot's; its `suite` will hold the suite. What `wait` and a scenario raise is raised here.
    """
    home = Path(folder)
    where = ["-c", str(home / "pytest.ini"), "--rootdir", folder, "--confcutdir", str(home / "suite")]
    pause = _Pause(wait)
    code = pytest.main([*_ARGUMENTS, *where, str(home / "empty")], plugins=[pause])
    if pause.raised is not None:
        raise pause.raised
    if code in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return 0
    if pause.bench is None:
        raise CourseFault(f"pytest could not be set up (it ended with {int(code)}).")
    if pause.bench.job.scenario is not None and code == pytest.ExitCode.NO_TESTS_COLLECTED:
        return 0
    pause.bench.recorder.emit("fault", message=f"The suite could not be run (pytest ended with {int(code)}).")
    return 3
