"""What all tests share: what the machine must offer, and that no test touches the learner's own home.

A test marked needs_browser, needs_sandbox or needs_node is skipped with a word on what to install where
that is missing. With CI=true a skipped test is a failure: what nobody ran proves nothing.
"""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests import machine

NEEDS = ("browser", "sandbox", "node")


def require(what: str) -> None:
    """Skip the running test where `what` (browser, sandbox or node) is missing, saying what to install."""
    remedy = machine.missing(what)
    if remedy:
        pytest.skip(remedy)


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give every program that a test starts a home of its own, whatever the developer has set."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("COURSE_")]:
            patch.delenv(name)
        patch.setenv("COURSE_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="session")
def node() -> Path:
    """Return a Node 22.13 or newer for which Express is installed (`node_modules`)."""
    require("node")
    found = machine.node()
    assert found is not None
    return found


@pytest.fixture(scope="session")
def node_modules(node: Path) -> Path:
    """Return the folder of installed packages; a link to it beside a program lets that import them."""
    return machine.NODE_FOLDER / "node_modules"


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """Return the Chromium to start, for Playwright's `executable_path`."""
    require("browser")
    found = machine.chromium()
    assert found is not None
    return found


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a marked test where the machine lacks what it needs."""
    for what in NEEDS:
        if item.get_closest_marker(f"needs_{what}"):
            require(what)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one under CI=true."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _fail_in_ci(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a skipped test file into a failed one under CI=true."""
    report = yield
    if report.skipped:
        _fail_in_ci(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show how the steps before the tests ended, so that the last screen tells everything."""
    steps = os.environ.get("STEPS_BEFORE_THE_TESTS")
    if steps:
        terminalreporter.section("before the tests")
        terminalreporter.write_line(steps)


def _fail_in_ci(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get("CI") != "true":
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"With CI=true every test must run. {reason}"
