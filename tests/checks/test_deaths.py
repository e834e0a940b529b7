"""Programs that end, hang or never listen: the run ends in time and says why, at both levels."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.checks.plugin import TIME_OVER
from app.checks.runner import Runner
from tests.checks.conftest import PATIENT
from tests.checks.programs import GOOD, finished, order, run

DEATHS = {
    "exit at import": ("import os; os._exit(0)", "Your program ended by itself with exit code 0"),
    "exit code": ("import sys; sys.exit(3)", "Your program ended with exit code 3."),
    "crash at import": ("import nothing_of_that_name", "Your program ended with exit code 1."),
    "syntax error": ("def broken(:\n    pass\n", "Your program ended with exit code 1."),
    "signal": ("import os; os.kill(os.getpid(), 11)", "ended by the signal SIGSEGV"),
    "flood at import": ("while True: print('x' * 65536)", "printed more than 1 MB"),
    "memory at import": (
        "held = []\nwhile True: held.append(b'x' * 1_000_000)",
        "used more than 512 MB of memory",
    ),
}


@pytest.mark.parametrize("name", DEATHS)
def test_a_program_that_ends_at_its_start_is_told_why(runner: Runner, tmp_path: Path, name: str) -> None:
    """The first check fails with one sentence that names the cause; the others are skipped, not failed."""
    program, sentence = DEATHS[name]
    result = run(runner, order(tmp_path, program))
    checks = finished(result)
    assert result.verdict == "failed"
    assert [check["outcome"] for check in checks.values()] == ["failed", "skipped", "skipped"]
    assert sentence in checks["answers"]["cause"]["rationale"]  # type: ignore[index]
    if name == "crash at import":
        last = "the last it printed: ModuleNotFoundError: No module named 'nothing_of_that_name'"
        assert last in checks["answers"]["cause"]["actual"]  # type: ignore[index]


def test_the_learners_own_line_comes_first(runner: Runner, tmp_path: Path) -> None:
    """A traceback is led by the learner's file and line, without a path of the machine."""
    program = GOOD.replace('print(event["id"]', 'print(event["no_such_key"]')
    check = finished(run(runner, order(tmp_path, program)))["answers"]
    assert check["outcome"] == "failed"
    assert str(check["traceback"]).startswith("receiver.py, line 8, in webhook: KeyError: 'no_such_key'")
    assert str(tmp_path) not in str(check["traceback"])
    assert any("KeyError" in piece["text"] for piece in check["output"])  # type: ignore[attr-defined]


def test_a_crash_in_a_check_keeps_the_evidence_before_it(runner: Runner, tmp_path: Path) -> None:
    """A program that dies in check 2: check 1 keeps its verdict, check 2 fails, check 3 is skipped."""
    program = GOOD.replace(
        '    return "", 204', "    hits.append(1)\n    if len(hits) > 1: os._exit(9)\n    return '', 204"
    )
    program = program.replace("app = Flask", "hits = []\napp = Flask")
    checks = finished(run(runner, order(tmp_path, program)))
    assert [check["outcome"] for check in checks.values()] == ["passed", "failed", "skipped"]
    assert checks["prints"]["cause"]["rationale"] == "Your program ended with exit code 9."  # type: ignore[index]
    assert len(checks["answers"]["exchanges"]) == 1  # type: ignore[arg-type]


def limited(runner: Runner, **seconds: float) -> Runner:
    """Make a runner like this one, for a program that will need all of its time."""
    level = "auto" if runner.level == "isolated" else "off"
    return Runner(runner._data_folder, level, replace(PATIENT, **seconds))  # type: ignore[arg-type]


def test_a_fixed_port_is_named(isolated: Runner, tmp_path: Path) -> None:
    """A program that listens on a port of its own choice is told which, and where to read the right one."""
    program = "import socket, time\nlistener = socket.create_server(('127.0.0.1', 5000))\ntime.sleep(60)\n"
    with limited(isolated, start_seconds=3.0) as runner:
        check = finished(run(runner, order(tmp_path, program)))["answers"]
    assert check["cause"]["actual"] == "it listens on port 5000"  # type: ignore[index]
    assert "os.environ['PORT']" in check["cause"]["help"]  # type: ignore[index]


def test_a_port_that_is_never_opened_ends_the_run(runner: Runner, tmp_path: Path) -> None:
    """An endless loop before the server's start fails the first check with one plain sentence."""
    with limited(runner, start_seconds=1.0) as hasty:
        check = finished(run(hasty, order(tmp_path, "while True: pass")))["answers"]
    assert "did not accept a connection on its port" in check["cause"]["rationale"]  # type: ignore[index]


def test_a_handler_that_never_answers_ends_the_run_in_time(runner: Runner, tmp_path: Path) -> None:
    """A loop in the handler: the checks say that no answer came, and the run ends by itself."""
    program = GOOD.replace("    event = request.get_json()", "    while True: pass")
    with limited(runner, run_seconds=6.0) as hasty:
        checks = finished(run(hasty, order(tmp_path, program)))
    assert "no answer within" in checks["answers"]["cause"]["actual"]  # type: ignore[index]
    assert checks["again"]["cause"]["rationale"] == TIME_OVER  # type: ignore[index]


def test_a_death_names_the_exchange_in_which_it_happened(runner: Runner, tmp_path: Path) -> None:
    """A program that dies while it answers: the cause points at the delivery that got no answer."""
    program = GOOD.replace("    event = request.get_json()", "    os._exit(3)")
    check = finished(run(runner, order(tmp_path, program)))["answers"]
    assert check["cause"]["exchange"] == check["exchanges"][-1]["id"]  # type: ignore[index]
