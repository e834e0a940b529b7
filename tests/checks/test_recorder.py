"""What the recorder keeps of a check, and what it leaves out."""

import os
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.checks.recorder import EXCHANGES_KEPT, STEPS_KEPT, Recorder
from app.provider.exchange import Exchange, Request


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A recorder whose events go nowhere, with a clock of one second a look."""
    descriptor = os.open(os.devnull, os.O_WRONLY)
    ticks = iter(range(10_000))
    yield Recorder(descriptor, lambda: float(next(ticks)))
    os.close(descriptor)


def deliver(recorder: Recorder, count: int) -> list[int]:
    """Record deliveries, one after another; return their ids."""
    ids = [recorder.next_id() for _ in range(count)]
    for number in ids:
        record(recorder, number, "timeout")
    return ids


def record(recorder: Recorder, number: int, ended: str, sender: str = "provider") -> None:
    """Record a request without an answer."""
    request = Request("POST", "/webhook", ())
    receiver = "downstream" if sender == "program" else "program"
    recorder.exchange(Exchange(sender, receiver, number, number + 0.5, request, None, ended, None, number))


def test_few_exchanges_are_all_kept(recorder: Recorder) -> None:
    """Up to the cap nothing is left out, and nothing says so."""
    ids = deliver(recorder, EXCHANGES_KEPT)
    kept = recorder.evidence(ids[3]).exchanges
    assert [exchange["id"] for exchange in kept] == ids
    assert not any("skipped_before" in exchange for exchange in kept)


@pytest.mark.parametrize("failing", [0, 29, 30, 100, 169, 170, 199])
def test_the_failing_exchange_is_never_left_out(recorder: Recorder, failing: int) -> None:
    """Of 200 exchanges the first, the last and the failing one are kept; the gaps add up to the rest."""
    ids = deliver(recorder, 200)
    kept = recorder.evidence(ids[failing]).exchanges
    assert ids[failing] in [exchange["id"] for exchange in kept]
    assert kept[0]["id"] == ids[0]
    assert kept[-1]["id"] == ids[-1]
    assert len(kept) <= EXCHANGES_KEPT + 1
    assert sum(exchange.get("skipped_before", 0) for exchange in kept) == 200 - len(kept)


def test_a_gap_says_how_many_are_missing_just_there(recorder: Recorder) -> None:
    """With the failing one in the middle there are two gaps, before and after it."""
    ids = deliver(recorder, 200)
    kept = recorder.evidence(ids[100]).exchanges
    gaps = {exchange["id"]: exchange["skipped_before"] for exchange in kept if "skipped_before" in exchange}
    assert gaps == {ids[100]: 70, ids[170]: 69}


def test_steps_stand_in_the_order_of_time(recorder: Recorder) -> None:
    """A program's end, which is learned of later, stands where it happened."""
    recorder.begin_check()
    recorder.step("program", "started", start=1)
    recorder.step("program", "ended", at=500.0, start=1)
    steps = recorder.evidence().steps
    assert [(step["what"], step["program"]) for step in steps] == [
        ("ended", "program"),
        ("started", "program"),
    ]


def test_a_check_that_restarts_for_ever_keeps_its_evidence_small(recorder: Recorder) -> None:
    """Of very many steps the first and the last are kept."""
    for start in range(500):
        recorder.step("program", "started", start=start)
    steps = recorder.evidence().steps
    assert len(steps) == STEPS_KEPT
    assert (steps[0]["start"], steps[-1]["start"]) == (0, 499)


def test_a_check_has_only_its_own_evidence(recorder: Recorder) -> None:
    """What happened in the check before is forgotten; the begin of the check is on the same axis."""
    deliver(recorder, 2)
    recorder.step("program", "started")
    recorder.begin_check()
    recorder.output("second program", 2, "stdout", "hello\n")
    evidence = recorder.evidence()
    assert (evidence.exchanges, evidence.steps) == ([], [])
    assert evidence.output[0]["program"] == "second program"
    assert evidence.began < evidence.output[0]["at"]


def test_a_death_shows_in_the_first_delivery_that_was_lost(recorder: Recorder) -> None:
    """Those after it find nobody; those before the last start were lost because the check killed."""
    recorder.begin_check()
    record(recorder, 1, "closed")
    recorder.step("program", "killed", at=2.0)
    recorder.step("program", "started", at=3.0)
    assert recorder.lost_connection() is None
    record(recorder, 4, "closed", sender="program")
    assert recorder.lost_connection() is None
    for number, ended in ((5, "timeout"), (6, "closed"), (7, "refused")):
        record(recorder, number, ended)
    assert recorder.lost_connection() == 6


def begin(recorder: Recorder) -> Exchange:
    """Begin a delivery."""
    number, at = recorder.next_id(), recorder.now()
    exchange = Exchange(
        "provider", "program", at, at, Request("POST", "/webhook", ()), None, "open", None, number
    )
    recorder.under_way(exchange)
    return exchange


def test_an_exchange_belongs_to_the_check_in_which_it_began(recorder: Recorder) -> None:
    """One that is still open at the end of its check stands there as such, and in no later check."""
    recorder.begin_check()
    exchange = begin(recorder)
    (told,) = recorder.evidence().exchanges
    assert (told["id"], told["ended"], told["response"]) == (exchange.id, "open", None)
    assert told["end"] > told["start"]
    recorder.begin_check()
    recorder.exchange(replace(exchange, end=recorder.now(), ended="closed"))
    assert recorder.evidence().exchanges == []
    assert recorder.lost_connection() is None


def test_an_exchange_that_ends_in_its_check_stands_there_once(recorder: Recorder) -> None:
    """What was open is what came of it."""
    recorder.begin_check()
    exchange = begin(recorder)
    recorder.exchange(replace(exchange, end=recorder.now(), ended="timeout"))
    assert [each["ended"] for each in recorder.evidence().exchanges] == ["timeout"]


def test_only_what_is_under_way_now_is_waited_for(recorder: Recorder) -> None:
    """What began before has to end, in whichever thread; without it there is nothing to wait for."""
    assert recorder.wait_until_over(0)
    first = begin(recorder)
    assert not recorder.wait_until_over(0)
    over: list[bool] = []
    waiting = threading.Thread(target=lambda: over.append(recorder.wait_until_over(30.0)), daemon=True)
    waiting.start()
    recorder.exchange(replace(first, ended="answered"))
    waiting.join(30.0)
    assert over == [True]
    begin(recorder)
    assert not recorder.wait_until_over(0)
