"""Whole check runs of right and wrong programs, at both levels."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.checks.cancel import Cancel
from app.checks.runner import Runner
from app.errors import UsageError
from tests.checks.programs import CHECKS, GOOD, SUITE, finished, order, run


def test_a_right_program_passes_every_check(runner: Runner, tmp_path: Path) -> None:
    """A right program passes; each declared check is reported once, between a first and a last event."""
    result = run(runner, order(tmp_path, GOOD))
    assert result.verdict == "passed", result
    assert result.counts == {"passed": 3, "failed": 0, "skipped": 0, "error": 0}
    assert [event["number"] for event in result.events] == list(range(1, len(result.events) + 1))
    assert result.events[0]["event"] == "run_started"
    assert result.events[-1]["event"] == "run_finished"
    assert list(finished(result)) == [check for check, _, _ in CHECKS]


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


def test_a_patient_runner_gives_more_time_and_nothing_else(runner: Runner) -> None:
    """A proof is no race: its starts and runs have longer; all other limits stay, and the runner itself."""
    with closing(runner.prepare()) as usual, closing(runner.with_patience().prepare()) as patient:
        before, after = usual.limits, patient.limits
    assert after.start_seconds > before.start_seconds
    assert after.run_seconds > before.run_seconds
    times = {"start_seconds": before.start_seconds, "run_seconds": before.run_seconds}
    assert replace(after, **times) == before
