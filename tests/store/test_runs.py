"""Check runs in the store."""

import dataclasses
import json

from app.store.runs import shortened
from app.store.store import Store
from tests.store.samples import end, start


def test_a_run_is_there_from_its_beginning_and_whole_at_its_end(store: Store) -> None:
    """What was given to begin and finish is what find returns."""
    store.runs.begin(start())
    running = store.runs.find("run-1")
    assert running is not None
    assert (running.state, running.verdict, running.events) == ("running", None, ())

    assert store.runs.finish("run-1", end())
    run = store.runs.find("run-1")
    assert run is not None
    assert (run.state, run.verdict, run.ms, run.seed) == ("finished", "passed", 12.5, 7)
    assert run.events == end().events
    assert store.runs.results("run-1") == end().results


def test_a_late_result_changes_nothing(store: Store) -> None:
    """The first end of a run stays, whoever comes later with another one."""
    store.runs.begin(start())
    assert store.runs.finish("run-1", end("failed", reason="first"))
    assert not store.runs.finish("run-1", end("passed", reason="late"))
    run = store.runs.find("run-1")
    assert run is not None
    assert (run.verdict, run.reason) == ("failed", "first")
    assert store.runs.passed_files("first-endpoint", "python") is None


def test_a_result_for_an_unknown_run_changes_nothing(store: Store) -> None:
    """A result without a beginning is dropped."""
    assert not store.runs.finish("nobody", end())
    assert store.runs.results("nobody") == ()


def test_runs_of_dead_owners_are_closed_and_others_are_left_alone(store: Store) -> None:
    """Only a running run whose owner is dead is ended."""
    store.runs.begin(start("dead", owner="dead"))
    store.runs.begin(start("alive", owner="alive"))
    store.runs.begin(start("finished", owner="dead"))
    store.runs.finish("finished", end())
    closed = store.runs.close_abandoned(lambda owner: owner == "alive", lambda run: end("course_fault"))
    assert closed == 1
    verdicts = {name: store.runs.find(name) for name in ("dead", "alive", "finished")}
    assert {name: run and run.verdict for name, run in verdicts.items()} == {
        "dead": "course_fault",
        "alive": None,
        "finished": "passed",
    }


def test_the_last_run_is_the_newest_that_judged_all_checks(store: Store) -> None:
    """Single checks, faults of the course and other exercises are left aside."""
    runs = [
        ("old", "2026-01-01", {}, "failed"),
        ("new", "2026-01-02", {}, "passed"),
        ("single", "2026-01-03", {"only": "a"}, "passed"),
        ("fault", "2026-01-04", {}, "course_fault"),
        ("other", "2026-01-05", {"exercise": "other"}, "passed"),
        ("shell", "2026-01-06", {"language": "shell"}, "failed"),
    ]
    for run, day, changes, verdict in runs:
        store.runs.begin(start(run, started_at=day, **changes))
        store.runs.finish(run, end(verdict))
    last, last_python = store.runs.last("first-endpoint"), store.runs.last("first-endpoint", "python")
    assert last is not None
    assert last_python is not None
    assert (last.id, last_python.id) == ("shell", "new")


def test_files_are_those_of_the_newest_pass_in_the_language(store: Store) -> None:
    """A later failure does not hide a pass; another language has its own."""
    for run, day, verdict, files in (
        ("first", "2026-01-01", "passed", {"a": "MQ=="}),
        ("second", "2026-01-02", "passed", {"a": "Mg=="}),
        ("third", "2026-01-03", "failed", None),
    ):
        store.runs.begin(start(run, started_at=day))
        store.runs.finish(run, end(verdict, files=files))
    assert store.runs.passed_files("first-endpoint", "python") == {"a": "Mg=="}
    assert store.runs.passed_files("first-endpoint", "javascript") is None


def test_a_check_is_found_in_the_last_run_that_judged_it(store: Store) -> None:
    """A run in which the check was skipped tells nothing about it."""
    judged, skipped = end(), end(results=(dataclasses.replace(end().results[0], outcome="skipped"),))
    for run, day, result in (("judged", "2026-01-01", judged), ("skipped", "2026-01-02", skipped)):
        store.runs.begin(start(run, started_at=day))
        store.runs.finish(run, result)
    found = store.runs.last_with_check("first-endpoint", "a")
    assert found is not None
    assert found.id == "judged"
    assert store.runs.last_with_check("first-endpoint", "nothing") is None


def test_events_are_shortened_only_when_they_are_too_long() -> None:
    """Output of the stream goes first, then output of checks, bodies, exchanges; verdicts never go."""
    exchange = {"from": "provider", "response": {"status": 200, "body": {"text": "x" * 400, "size": 400}}}
    events = (
        {"event": "program_output", "number": 1, "text": "x" * 400},
        {"event": "check_finished", "number": 2, "outcome": "failed", "output": [{"text": "y" * 400}],
         "exchanges": [exchange]},
        {"event": "run_finished", "number": 3, "verdict": "failed"},
    )  # fmt: skip
    assert shortened(events, 10_000) == list(events)
    for limit in (1200, 800, 400, 250):
        kept = shortened(events, limit)
        assert len(json.dumps(kept)) <= limit
        assert [event["number"] for event in kept] == [2, 3]
    assert shortened(events, 1200)[0]["output"]
    assert shortened(events, 800)[0]["exchanges"] == [exchange]
    assert shortened(events, 400)[0]["exchanges"][0]["response"]["body"]["truncated"] is True
    assert shortened(events, 250)[0]["exchanges"] == []
