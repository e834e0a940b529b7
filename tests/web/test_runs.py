"""The page of a run and its stream: the same evidence, escaped, resumable."""

import json
from typing import Any

from flask import Flask

from app.web.factory import STREAMS
from tests.cli.events import finished, started
from tests.web.conftest import ScriptedRuns, Visitor

Event = dict[str, Any]
DONE = {"event": "run_finished", "verdict": "failed", "counts": {}, "ms": 1200.0, "reason": ""}
ATTACK = "<script>alert(1)</script>\x1b[2J\u202e"


def lines(visitor: Visitor, after: int = 0) -> list[Event]:
    """Read the stream to its end."""
    text = visitor.get(f"/runs/r1/events?after={after}").text
    return [json.loads(line) for line in text.splitlines() if line]


def test_a_finished_run_is_a_page(visitor: Visitor, runs: ScriptedRuns) -> None:
    """Without a script everything stands on the page: the verdict, each state in words, the evidence."""
    runs.script(started("answers", "prints-id"), finished("answers", "passed"), finished("prints-id"), DONE)
    page = visitor.get("/runs/r1").text
    for part in (
        "Not there yet",
        "1 of 2 checks passed",
        "Passed",
        "Not yet",
        "It has to be so.",
        "any 2xx",
        "HTTP 500",
        "Look at the route.",
        'href="/lessons/basics"',
        "course replay greet/prints-id",
        "isolated from the rest of this machine",
    ):
        assert part in page
    assert 'http-equiv="refresh"' not in page


def test_an_unfinished_run_renews_its_page(visitor: Visitor, runs: ScriptedRuns) -> None:
    """Without a script the page looks again by itself, and only then."""
    runs.script(started("answers"))
    assert '<noscript><meta http-equiv="refresh"' in visitor.get("/runs/r1").text


def test_a_waiting_run_has_a_page(visitor: Visitor, runs: ScriptedRuns) -> None:
    """Before its first event a run says that it waits."""
    assert "Waiting to start" in visitor.get("/runs/r1").text


def test_an_unknown_run_is_not_found(visitor: Visitor) -> None:
    """A mistyped run is a 404, also as a stream."""
    assert visitor.get("/runs/nothing").status_code == 404
    assert visitor.get("/runs/nothing/events").status_code == 404


def test_what_the_learners_program_says_is_only_text(visitor: Visitor, runs: ScriptedRuns) -> None:
    """Output, bodies and causes are escaped on the page and in the stream; control characters are seen."""
    hostile = finished("answers", output=[{"start": 1, "stream": "stdout", "text": ATTACK, "at": 1.0}])
    hostile["cause"] = {**hostile["cause"], "actual": ATTACK, "rationale": ATTACK}
    hostile["traceback"] = ATTACK
    hostile["exchanges"][0]["response"]["reason"] = ATTACK
    hostile["exchanges"][0]["response"]["headers"] = [["X-Bad", ATTACK]]
    runs.script(started("answers"), hostile, DONE)
    html = "".join("".join(line["parts"].values()) for line in lines(visitor))
    for page in (visitor.get("/runs/r1").text, html):
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "\x1b" not in page
        assert "\u202e" not in page
        assert "␛[2J‹U+202E›" in page


def test_the_stream_changes_the_parts_of_the_page(visitor: Visitor, runs: ScriptedRuns) -> None:
    """Each event names the elements that it changes; every one of them exists on the page."""
    runs.script(started("answers", "prints-id"), finished("answers", "passed"), finished("prints-id"), DONE)
    found = lines(visitor)
    assert [line["number"] for line in found] == [1, 2, 3, 4]
    page = visitor.get("/exercises/greet").text + visitor.get("/runs/r1").text
    for line in found:
        for part in line["parts"]:
            assert f'id="{part}"' in page


def test_the_stream_goes_on_where_it_broke(visitor: Visitor, runs: ScriptedRuns) -> None:
    """`after` leaves out what was seen, and the first failure is opened only once."""
    runs.script(started("answers", "prints-id"), finished("answers"), finished("prints-id"), DONE)
    found = lines(visitor, after=2)
    assert [line["number"] for line in found] == [3, 4]
    assert " open" not in found[0]["parts"]["check-prints-id"].split(">")[0]


def test_a_viewer_too_many_polls(app: Flask, visitor: Visitor, runs: ScriptedRuns) -> None:
    """When all streams are taken the answer holds what there is, and ends."""
    runs.script(started("answers"))
    for _ in range(STREAMS):
        app.extensions["streams"].acquire()
    assert [line["event"] for line in lines(visitor)] == ["run_started"]


def test_a_stream_gives_its_place_back(app: Flask, visitor: Visitor, runs: ScriptedRuns) -> None:
    """More viewers than places, one after the other: none is turned away."""
    runs.script(started("answers"), DONE)
    for _ in range(STREAMS + 2):
        lines(visitor)
    assert app.extensions["streams"].acquire(blocking=False)


def test_a_fault_of_the_course_is_told_as_ours(visitor: Visitor, runs: ScriptedRuns) -> None:
    """The learner reads that the run counts for nothing."""
    runs.script(started("answers"), {**DONE, "verdict": "course_fault", "reason": "The sandbox broke."})
    page = visitor.get("/runs/r1").text
    assert "counts for nothing" in page
    assert "The sandbox broke." in page
    assert "Not run" in page


def test_a_replaced_run_leads_to_the_newer(visitor: Visitor, runs: ScriptedRuns) -> None:
    """Who watches the older press finds the way."""
    runs.script({**DONE, "verdict": "replaced", "by": "r2"})
    assert 'href="/runs/r2"' in visitor.get("/runs/r1").text


def test_plain_limits_are_said_calmly(visitor: Visitor, runs: ScriptedRuns) -> None:
    """Where there is no isolation the result says so and where to read more."""
    runs.script(started("answers", level="not isolated"), DONE)
    assert "course doctor" in visitor.get("/runs/r1").text


def test_stopping_a_run(visitor: Visitor, runs: ScriptedRuns) -> None:
    """The button ends the run and leads back to its page."""
    assert visitor.post("/runs/r1/cancel").headers["Location"] == "/runs/r1"
    assert runs.cancelled == ["r1"]
