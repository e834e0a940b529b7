"""Whole check runs of right and wrong programs, at both levels."""

import os
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.checks.cancel import Cancel
from app.checks.runner import Runner
from app.checks.waiting import wait_for
from app.errors import UsageError
from tests.checks.programs import CHECKS, GOOD, SUITE, finished, order, run

CHILD = GOOD.replace("import json, os", "import json, os, subprocess, sys, time")


def test_a_right_program_passes_every_check(runner: Runner, tmp_path: Path) -> None:
    """A right program passes; each declared check is reported once, between a first and a last event."""
    result = run(runner, order(tmp_path, GOOD))
    assert result.verdict == "passed", result
    assert result.counts == {"passed": 3, "failed": 0, "skipped": 0, "error": 0}
    assert [event["number"] for event in result.events] == list(range(1, len(result.events) + 1))
    assert result.events[0]["event"] == "run_started"
    assert result.events[-1]["event"] == "run_finished"
    assert list(finished(result)) == [check for check, _, _ in CHECKS]


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


def test_a_fixed_port_is_named(isolated: Runner, tmp_path: Path) -> None:
    """A program that listens on a port of its own choice is told which, and where to read the right one."""
    program = GOOD.replace('int(os.environ["PORT"])', "5000")
    check = finished(run(isolated, order(tmp_path, program)))["answers"]
    assert check["cause"]["actual"] == "it listens on port 5000"  # type: ignore[index]
    assert "os.environ['PORT']" in check["cause"]["help"]  # type: ignore[index]


def test_a_port_that_is_never_opened_ends_the_run(runner: Runner, tmp_path: Path) -> None:
    """An endless loop before the server's start fails the first check with one plain sentence."""
    check = finished(run(runner, order(tmp_path, "while True: pass")))["answers"]
    assert "did not accept a connection on its port" in check["cause"]["rationale"]  # type: ignore[index]


def test_a_handler_that_never_answers_ends_the_run_in_time(runner: Runner, tmp_path: Path) -> None:
    """A loop in the handler: the checks say that no answer came, and the run ends by itself."""
    program = GOOD.replace("    event = request.get_json()", "    while True: pass")
    result = run(runner, order(tmp_path, program))
    assert result.verdict == "failed"
    assert "no answer within" in finished(result)["answers"]["cause"]["actual"]  # type: ignore[index]
    assert result.ms < 30_000


IGNORES_SIGTERM = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + GOOD
LEAVES_A_CHILD = (
    "import subprocess, sys\n"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', 'left-behind-{mark}'],"
    " start_new_session=True)\n" + GOOD
)
DAEMON = (
    "import os, sys, time\nARGUMENTS = ['-c', 'import time; time.sleep(600)']\n"
    "if os.fork() == 0:\n"
    "    os.setsid()\n"
    "    if os.fork() == 0:\n"
    "        os.execv(sys.executable, [sys.executable, *ARGUMENTS, 'left-behind-{mark}'])\n"
    "    os._exit(0)\n" + GOOD
)


@pytest.mark.parametrize(
    "program", [IGNORES_SIGTERM, LEAVES_A_CHILD, DAEMON], ids=["sigterm", "child", "daemon"]
)
def test_nothing_is_left_running(runner: Runner, tmp_path: Path, program: str) -> None:
    """Whatever a program ignores or leaves behind, no process of its run outlives the verdict."""
    mark = os.urandom(8).hex()
    suite = SUITE.replace(
        "def test_again(provider, expect):", "def test_again(provider, program, expect):"
    ).replace(
        '    """A second delivery is accepted."""',
        '    """A second delivery is accepted."""\n    program.restart()',
    )
    result = run(runner, order(tmp_path, program.replace("{mark}", mark), suite))
    assert result.verdict == "passed", result
    assert processes_with(f"left-behind-{mark}") == []


def processes_with(mark: str) -> list[str]:
    """Return the command lines that hold a mark."""
    lines = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(process.read_bytes().decode(errors="replace"))
        except OSError:
            continue
    return [line for line in lines if mark in line]


def test_all_starts_share_one_data_folder_and_nothing_else(runner: Runner, tmp_path: Path) -> None:
    """$DATA_DIR outlives a kill and is shared by two instances of the program."""
    suite = '''
def test_answers(provider, program, expect):
    """Three looks, over a kill and from a second instance, count up."""
    seen = [provider.get("/data").json()]
    program.kill()
    program.start()
    seen.append(provider.get("/data").json())
    with program.second() as other:
        seen.append(provider.get("/data", to=other).json())
    expect.equal(seen, [0, 1, 2], "The data folder is not shared.")
'''
    result = run(runner, order(tmp_path, GOOD, suite, (("answers", "Shared", 1),)))
    assert result.verdict == "passed", finished(result)


def test_a_second_instance_can_have_other_variables(runner: Runner, tmp_path: Path) -> None:
    """What is said to `second` counts for it and not for the first."""
    program = GOOD.replace("json.dumps(len(names))", "os.environ.get('NAME', 'none')")
    suite = '''
def test_answers(provider, program, expect):
    """Each has its own name."""
    with program.second(env={"NAME": "other"}) as other:
        names = [provider.get("/data", to=one).body for one in (program, other)]
    expect.equal(names, [b"none", b"other"], "The variables are mixed up.")

def test_again(provider, program, expect):
    """It is started anew for other variables, and only for those."""
    starts = [program.number]
    for name in ("one", "one", "two", None):
        expect.equal(program.run_with({"NAME": name}, may_exit=True), True, "It runs.")
        starts.append(program.number)
        expect.equal(provider.get("/data").body.decode(), name or "none", "It runs with its variables.")
    fresh = [later > sooner for sooner, later in zip(starts, starts[1:])]
    expect.equal(fresh, [True, False, True, True], "It was started anew where it had to be.")
'''
    result = run(runner, order(tmp_path, program, suite, (("answers", "Its own", 1), ("again", "Again", 1))))
    assert result.verdict == "passed", finished(result)


def test_an_exception_of_the_suite_is_an_error_not_a_pass(runner: Runner, tmp_path: Path) -> None:
    """A check that breaks is the outcome error: failed, and the learner reads no traceback of it."""
    suite = 'def test_answers(provider):\n    """It breaks."""\n    raise ValueError("secret expectation")\n'
    result = run(runner, order(tmp_path, GOOD, suite, (("answers", "Breaks", 1),)))
    check = finished(result)["answers"]
    assert (result.verdict, check["outcome"]) == ("failed", "error")
    assert check["cause"]["rationale"] == "This check could not make sense of your answer."  # type: ignore[index]


@pytest.mark.parametrize(
    "suite",
    [
        SUITE + "\ndef test_more():\n    pass\n",
        SUITE.replace("def test_again", "def no_test_again"),
        "import nothing_of_that_name\n",
        "def broken(:\n",
    ],
    ids=["undeclared", "missing", "import", "syntax"],
)
def test_a_suite_that_differs_from_the_manifest_is_our_fault(
    runner: Runner, tmp_path: Path, suite: str
) -> None:
    """A broken suite is a fault of the course: no verdict about the learner, and the next run works."""
    result = run(runner, order(tmp_path, GOOD, suite))
    assert result.verdict == "course_fault"
    assert result.reason
    assert run(runner, order(tmp_path, GOOD)).verdict == "passed"


def test_a_cancelled_run_counts_for_nothing(runner: Runner, tmp_path: Path) -> None:
    """Cancel ends a run at once as cancelled, with the reason that was given."""
    cancel = Cancel()
    program = "import time\ntime.sleep(60)"

    def report(event: dict[str, object]) -> None:
        if event["event"] == "program_started":
            cancel.end("Somebody had enough.")

    result = runner.run(order(tmp_path, program), report, cancel)
    assert (result.verdict, result.reason) == ("cancelled", "Somebody had enough.")


def test_one_check_alone(runner: Runner, tmp_path: Path) -> None:
    """`only` runs one check and reports no other."""
    result = run(runner, order(tmp_path, GOOD, only="prints"))
    assert result.verdict == "passed"
    alone = finished(result)
    assert list(alone) == ["prints"]
    whole = finished(run(runner, order(tmp_path, GOOD)))
    sent = [each["prints"]["exchanges"][0]["request"]["body"] for each in (alone, whole)]  # type: ignore[index]
    assert sent[0] == sent[1], "one check alone gets the inputs that it has in the whole run"
    with pytest.raises(UsageError, match="has no check 'nonsense'"):
        run(runner, order(tmp_path, GOOD, only="nonsense"))


def test_the_same_seed_sends_the_same_events(runner: Runner, tmp_path: Path) -> None:
    """Two runs with one seed send equal bodies, and runs with different seeds do not."""

    def bodies(seed: int) -> list[str]:
        checks = finished(run(runner, order(tmp_path, GOOD, seed=seed)))
        return [check["exchanges"][0]["request"]["body"]["text"] for check in checks.values()]  # type: ignore[index]

    assert bodies(1) == bodies(1)
    assert not set(bodies(1)) & set(bodies(2))


def test_a_missing_main_file_is_a_usage_error(runner: Runner, tmp_path: Path) -> None:
    """An empty folder is told as what it is, before anything runs."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"There is no receiver\.py"):
        run(runner, replace(order(tmp_path, GOOD), folder=tmp_path / "empty"))


def test_a_killed_grader_is_our_fault(runner: Runner, tmp_path: Path) -> None:
    """A grader that dies is told as a fault of the course, nothing stays behind, and the next run works."""
    slot = runner.prepare()
    mark = os.urandom(8).hex()
    program = LEAVES_A_CHILD.replace("{mark}", mark)

    def report(event: dict[str, object]) -> None:
        if event["event"] == "program_ready":
            slot.kill_grader()

    with closing(slot):
        result = runner.run(order(tmp_path, program), report, slot=slot)
    assert result.verdict == "course_fault"
    assert "grader" in result.reason
    assert wait_for(lambda: processes_with(f"left-behind-{mark}") == [], 2.0)
    assert run(runner, order(tmp_path, GOOD)).verdict == "passed"


def test_folders_of_a_dead_runner_are_swept(
    data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a killed course left in the temporary folder is removed by the next one; what lives is kept."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ended = subprocess.Popen(["true"])
    ended.wait()
    dead, alive = tmp_path / f"webhook-course-{ended.pid}-x", tmp_path / f"webhook-course-{os.getpid()}-x"
    for folder in (dead, alive, tmp_path / "webhook-course-of-mine"):
        folder.mkdir()
    with Runner(data_folder, "off"):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {alive.name, "webhook-course-of-mine"}


def test_the_first_result_is_there_before_the_last_check_starts(runner: Runner, tmp_path: Path) -> None:
    """Results stream: the last check waits for a sign that is given only when the first result has come."""
    sign = tmp_path / "sign"
    suite = f'''
import pathlib, time

def test_first(provider, expect):
    """It passes."""
    expect.accepted(provider.send(provider.event()), "The delivery was not accepted.")

def test_last(expect):
    """It waits for the sign."""
    until = time.monotonic() + 5
    while not pathlib.Path({str(sign)!r}).exists() and time.monotonic() < until:
        time.sleep(0.01)
    expect.that(pathlib.Path({str(sign)!r}).exists(), "The first result was held back.", "a sign", "none")
'''

    def report(event: dict[str, object]) -> None:
        if event["event"] == "check_finished" and event["check"] == "first":
            sign.touch()

    result = runner.run(order(tmp_path, GOOD, suite, (("first", "First", 1), ("last", "Last", 1))), report)
    assert result.verdict == "passed", finished(result)["last"]["cause"]


def test_a_failure_names_the_exchange_that_shows_it(runner: Runner, tmp_path: Path) -> None:
    """Exchange ids are unique within a run, and the cause of a failure carries the right one."""
    suite = '''
def test_answers(provider, expect):
    """It is fine."""
    provider.send_together([provider.event() for _ in range(4)])

def test_prints(provider, expect):
    """The second of three fails."""
    provider.send(provider.event())
    wrong = provider.send(provider.event(), path="/elsewhere")
    provider.send(provider.event())
    expect.accepted(wrong, "Nobody answers there.")

def test_again(expect):
    """A failure that no exchange shows."""
    expect.equal(1, 2, "One is not two.")
'''
    checks = finished(run(runner, order(tmp_path, GOOD, suite)))
    exchanges = [exchange for check in checks.values() for exchange in check["exchanges"]]  # type: ignore[attr-defined]
    assert sorted(exchange["id"] for exchange in exchanges) == [1, 2, 3, 4, 5, 6, 7]
    failing = {exchange["id"] for exchange in exchanges if exchange["request"]["target"] == "/elsewhere"}
    assert {checks["prints"]["cause"]["exchange"]} == failing  # type: ignore[index]
    assert checks["again"]["cause"]["exchange"] is None  # type: ignore[index]


def test_a_death_names_the_exchange_in_which_it_happened(runner: Runner, tmp_path: Path) -> None:
    """A program that dies while it answers: the cause points at the delivery that got no answer."""
    program = GOOD.replace("    event = request.get_json()", "    os._exit(3)")
    check = finished(run(runner, order(tmp_path, program)))["answers"]
    assert check["cause"]["exchange"] == check["exchanges"][-1]["id"]  # type: ignore[index]
