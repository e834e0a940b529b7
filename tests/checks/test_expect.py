"""The words in which suites judge: each failure carries what was expected, what came, and where it shows."""

import os
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.checks.causes import Cause, CheckFailed
from app.checks.expect import AGAIN_SECONDS, Expect
from app.checks.program import Program
from app.checks.recorder import Recorder
from app.checks.waiting import Deadline
from app.provider.exchange import Answer, Exchange, Request, Response

WHY, HELP = "It is wrong.", "Look there."


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A recorder whose stream nobody reads."""
    descriptor = os.open(os.devnull, os.O_WRONLY)
    yield Recorder(descriptor)
    os.close(descriptor)


@pytest.fixture
def expect(recorder: Recorder) -> Expect:
    """The words, with time enough."""
    return Expect(recorder, Deadline(time.monotonic() + 60))


def exchange(status: int | None, body: bytes = b"", number: int = 7) -> Exchange:
    """An exchange that ended with this status, or with none."""
    response = None if status is None else Response(status, "Reason", (), body)
    ended = "closed" if status is None else "answered"
    return Exchange("provider", "program", 0, 1, Request("GET", "/", ()), response, ended, id=number)


def cause_of(failed: pytest.ExceptionInfo[CheckFailed]) -> Cause:
    """Return the cause of a failure."""
    return failed.value.cause


VERDICTS = {
    "accepted": {200, 204, 299},
    "refused": {400, 401, 403},
    "not_accepted": {301, 400, 401, 403, 404, 500, 503},
    "answered_below_500": {200, 204, 299, 301, 400, 401, 403, 404},
}
STATUSES = (200, 204, 299, 301, 400, 401, 403, 404, 500, 503, None)


@pytest.mark.parametrize("word", VERDICTS)
@pytest.mark.parametrize("status", STATUSES)
def test_each_word_takes_its_statuses(expect: Expect, word: str, status: int | None) -> None:
    """A word passes for its statuses; for all others, and for none, it says which exchange shows it."""
    answer = Answer(exchange(status))
    if status in VERDICTS[word]:
        getattr(expect, word)(answer, WHY, help=HELP)
        return
    with pytest.raises(CheckFailed) as failed:
        getattr(expect, word)(answer, WHY, help=HELP)
    cause = cause_of(failed)
    assert (cause.rationale, cause.help, cause.exchange) == (WHY, HELP, 7)
    assert cause.actual == answer.described


def test_a_named_status(expect: Expect) -> None:
    """Where the task names statuses, one of them must come."""
    expect.status(Answer(exchange(413)), 413, WHY)
    expect.status(Answer(exchange(405)), (404, 405), WHY)
    with pytest.raises(CheckFailed) as failed:
        expect.status(Answer(exchange(200)), (404, 405), WHY)
    assert (cause_of(failed).expected, cause_of(failed).actual) == ("HTTP 404 or 405", "HTTP 200 Reason")


@pytest.mark.parametrize("body", [b"", b"[1]", b"null", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_fails_and_never_breaks(expect: Expect, body: bytes) -> None:
    """Whatever stands in an answer, asking for its JSON object fails the check with what came."""
    assert expect.json(Answer(exchange(200, b'{"a": 1}')), WHY) == {"a": 1}
    with pytest.raises(CheckFailed) as failed:
        expect.json(Answer(exchange(200, body)), WHY)
    assert cause_of(failed).exchange == 7
    assert len(cause_of(failed).actual) <= 2000


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_equal_to_itself_and_to_no_other_kind(value: object) -> None:
    """A value equals itself; 1 is not true, and no text of it will do."""
    expect = Expect(Recorder(-1), Deadline(time.monotonic() + 60))
    expect.equal(value, value, WHY)
    for other in (str(value) + "x", [value], not value if not isinstance(value, bool) else int(value)):
        with pytest.raises(CheckFailed):
            expect.equal(other, value, WHY)


def test_eventually_waits_for_the_value_and_keeps_the_last_look(expect: Expect, recorder: Recorder) -> None:
    """It looks until the value is there; of all the looks only the last one stays as evidence."""
    looks = iter(range(1, 100))

    def read() -> int:
        number = next(looks)
        recorder.exchange(exchange(200, number=number))
        return number

    recorder.exchange(exchange(200, number=50))
    expect.eventually(read, 4, WHY)
    recorder.exchange(exchange(200, number=60))
    assert {one["id"] for one in recorder.evidence().exchanges} == {50, 4, 60}


def test_eventually_gives_up_and_shows_the_last_look(expect: Expect, recorder: Recorder) -> None:
    """What never comes fails with what was there last, and with the exchange that shows it."""
    seen: list[int] = []

    def read() -> str:
        seen.append(len(seen) + 1)
        recorder.exchange(exchange(200, number=seen[-1]))
        return "pending"

    with pytest.raises(CheckFailed) as failed:
        expect.eventually(read, "done", WHY, HELP, timeout=0.05)
    cause = cause_of(failed)
    assert (cause.rationale, cause.help, cause.actual) == (WHY, HELP, '"pending"')
    assert cause.expected == '"done" within 0.05 s'
    assert len(seen) > 1
    assert [one["id"] for one in recorder.evidence().exchanges] == [cause.exchange] == [seen[-1]]


class Quiet(Program):
    """A program that prints no line that is waited for; it keeps how long it would have been waited for."""

    def __init__(self) -> None:
        self.left_a_line_out = False
        self.waits: list[float] = []

    def wait_for_line(self, *fragments: str, stream: str = "stdout", timeout: float = 2.0) -> str | None:
        """Never find it."""
        self.waits.append(timeout)
        return None

    def printed(self, stream: str = "stdout") -> str:
        """Nothing."""
        return ""


def test_who_left_a_line_out_is_waited_for_less(expect: Expect) -> None:
    """One line that never comes costs the whole wait, the ones after it a short one; each fails its check."""
    program = Quiet()
    for timeout in (5.0, 5.0, 0.05):
        with pytest.raises(CheckFailed) as failed:
            expect.printed(program, "evt_1", rationale=WHY, timeout=timeout)
        assert cause_of(failed).actual == "nothing on standard output"
    assert program.waits == [5.0, AGAIN_SECONDS, 0.05]
