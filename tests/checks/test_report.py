"""The grader's report: what is no event never becomes a verdict."""

import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.checks.processes import descendants
from app.checks.report import read_event
from app.checks.runner import Runner
from app.checks.slot import Slot
from app.checks.verdict import Tally
from app.checks.waiting import wait_for
from app.errors import CourseFault
from tests.checks.leftovers import LEAVES_A_CHILD, processes_with
from tests.checks.programs import GOOD, order, run

FINISHED = (
    '{"event": "check_finished", "check": "a", "outcome": "passed", "ms": 1.5, "exchanges": [], '
    '"output": [], "traceback": ""}'
)


@pytest.mark.parametrize(
    "line", [FINISHED, '{"event": "grader_finished", "code": 0}', '{"event": "new", "x": 1}']
)
def test_an_event_is_read_as_it_is(line: str) -> None:
    """Also of a kind that is not known yet."""
    assert read_event(line.encode())["event"] in line


BROKEN = {
    "garbage": "\xff\x00garbage",
    "nothing": "",
    "truncated": FINISHED[:60],
    "two in one": FINISHED + FINISHED,
    "a number": "42",
    "a list": '["event"]',
    "no name": '{"check": "a"}',
    "deep": "[" * 100_000,
    "a number of its own": '{"event": "check_started", "check": "a", "number": 7}',
    "no outcome": FINISHED.replace('"outcome": "passed", ', ""),
    "unknown outcome": FINISHED.replace("passed", "won"),
    "an outcome that is no word": FINISHED.replace('"passed"', "[]"),
    "negative time": FINISHED.replace("1.5", "-1"),
    "no time": FINISHED.replace("1.5", "NaN"),
    "endless time": FINISHED.replace("1.5", "1e999"),
    "time in words": FINISHED.replace("1.5", '"1.5"'),
    "start below zero": '{"event": "program_started", "start": -1}',
    "a truth for a number": '{"event": "program_started", "start": true}',
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_event_is_a_fault_of_ours(name: str) -> None:
    """Garbage, a cut line, a wrong number: each is told as a broken report."""
    with pytest.raises(CourseFault, match="report was broken"):
        read_event(BROKEN[name].encode("latin-1"))


def test_a_cancelled_run_has_no_verdict_about_the_program() -> None:
    """Ended before its report was complete it is cancelled; afterwards the verdict stands."""
    tally = Tally(("a",))
    tally.take(read_event(FINISHED.encode()))
    early, late = tally, Tally(("a",))
    early.cancel("Enough.")
    assert (early.verdict(), early.reason) == ("cancelled", "Enough.")
    for line in (FINISHED, '{"event": "grader_finished", "code": 0}'):
        late.take(read_event(line.encode()))
    late.cancel("Enough.")
    assert (late.verdict(), late.reason) == ("passed", "")


def write_to_report(slot: Slot, data: bytes) -> None:
    """Write into a running grader's private pipe, as a bug in the grader would."""
    for pid in descendants(slot._process.pid):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
        if words[1:4] == [b"-I", b"-m", b"app.checks.grader"]:
            with Path(f"/proc/{pid}/fd/{words[4].decode()}").open("wb", buffering=0) as pipe:
                pipe.write(data)
            return
    raise AssertionError("no grader")


@pytest.mark.parametrize(
    ("data", "kills"),
    [
        (b"garbage\n", False),
        (b'{"event": "check_finished", "check": "answ', True),
        (b'{"number": 3}\n', False),
    ],
    ids=["garbage", "truncated", "no event"],
)
def test_a_broken_report_is_our_fault(runner: Runner, tmp_path: Path, data: bytes, kills: bool) -> None:
    """Whatever stands on the pipe, the run counts for nothing, nothing stays behind, the next run works."""
    slot, mark = runner.prepare(), os.urandom(8).hex()

    def report(event: dict[str, Any]) -> None:
        if event["event"] == "program_ready":
            write_to_report(slot, data)
            if kills:
                slot.kill_grader()

    with closing(slot):
        result = runner.run(order(tmp_path, LEAVES_A_CHILD.replace("{mark}", mark)), report, slot=slot)
    assert result.verdict == "course_fault"
    assert "report" in result.reason
    assert wait_for(lambda: processes_with(f"left-behind-{mark}") == [], 30.0)
    assert run(runner, order(tmp_path, GOOD)).verdict == "passed"
