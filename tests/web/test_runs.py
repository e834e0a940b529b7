"""The page of a run and its stream: the same evidence, escaped, resumable."""

import json
from typing import Any

from flask import Flask

from app.learning.classroom import Classroom
from app.store.rows import RunEnd, RunStart
from app.web.factory import STREAMS
from app.web.runs import Feed, follow
from tests.cli.events import finished, started
from tests.learning.records import sent, signed
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


def test_a_failed_run_offers_what_it_might_be(visitor: Visitor, runs: ScriptedRuns) -> None:
    """Behind the evidence, closed, in words sure of nothing; the stream brings it with the verdict."""
    runs.script(started("answers", "prints-id"), finished("answers", "passed"), finished("prints-id"), DONE)
    page = visitor.get("/runs/r1").text
    assert page.index("It has to be so.") < page.index('<details class="diagnosis">')
    assert "<summary>What might this be?</summary>" in page
    assert "answers and prints nothing" in page
    assert "likely, not certain" in page
    last = lines(visitor)[-1]
    assert "answers and prints nothing" in last["parts"]["run-diagnosis"]


def test_it_comes_open_from_the_second_failure_on(
    visitor: Visitor, runs: ScriptedRuns, classroom: Classroom
) -> None:
    """Who failed before is not asked to ask."""
    start = RunStart("r0", "greet", "python", "", None, 1, "nobody", "2026-01-01T00:00:00+00:00")
    classroom.store.runs.begin(start)
    end = RunEnd("failed", {"failed": 1}, "", 1.0, "", "", "2026-01-01T00:00:01+00:00", ())
    classroom.store.runs.finish("r0", end)
    runs.script(started("answers", "prints-id"), finished("answers", "passed"), finished("prints-id"), DONE)
    assert '<details class="diagnosis" open>' in visitor.get("/runs/r1").text


def test_a_pass_and_an_unknown_failure_offer_nothing(visitor: Visitor, runs: ScriptedRuns) -> None:
    """Where nothing is known, nothing is said."""
    passed = finished("prints-id", "passed")
    runs.script(started("answers", "prints-id"), finished("answers"), passed, DONE)
    assert "What might this be?" not in visitor.get("/runs/r1").text
    ends = finished("answers", "passed"), passed, {**DONE, "verdict": "passed"}
    runs.script(started("answers", "prints-id"), *ends)
    assert "What might this be?" not in visitor.get("/runs/r1").text


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


def test_the_end_changes_no_row_that_was_judged(visitor: Visitor, runs: ScriptedRuns) -> None:
    """Whatever the learner opened there stays open; only the rows that never ran change."""
    runs.script(started("answers", "prints-id"), finished("answers"), DONE)
    rows = [part for part in lines(visitor)[-1]["parts"] if part.startswith(("check-", "run-checks"))]
    assert rows == ["check-prints-id"]


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


def test_a_script_stops_a_run_without_leaving_its_page(visitor: Visitor, runs: ScriptedRuns) -> None:
    """The answer has no page; the end of the run comes by its stream."""
    assert visitor.post("/runs/r1/cancel", {"Accept": "application/json"}).status_code == 204
    assert runs.cancelled == ["r1"]


def test_only_a_run_of_this_site_can_be_stopped_here(visitor: Visitor, runs: ScriptedRuns) -> None:
    """Its page has the button while it goes on; a run of a terminal is stopped there."""
    button, hidden = 'data-stop action="/runs/r1/cancel"', "data-stop hidden"
    runs.script(started("answers"))
    assert button in visitor.get("/runs/r1").text
    runs.is_mine = False
    assert hidden in visitor.get("/runs/r1").text
    runs.is_mine = True
    runs.script(started("answers"), DONE)
    assert hidden in visitor.get("/runs/r1").text


def test_a_cancelled_run_is_told_as_stopped(visitor: Visitor, runs: ScriptedRuns) -> None:
    """It is no failure and no fault of the course."""
    runs.script(started("answers"), {**DONE, "verdict": "cancelled", "reason": "Nobody watched."})
    page = visitor.get("/runs/r1").text
    assert "<p>Nobody watched. It counts for nothing.</p>" in page
    assert "Not there yet" not in page


def test_an_exercise_page_shows_the_run_that_goes_on(visitor: Visitor, runs: ScriptedRuns) -> None:
    """Opened or reloaded in mid-run it shows what is there; a script goes on from that number."""
    runs.script(started("answers", "prints-id"), finished("answers", "passed"))
    page = visitor.get("/exercises/greet").text
    assert 'data-run="r1" data-number="2"' in page
    assert 'data-events="/runs/r1/events"' in page
    assert 'action="/runs/r1/cancel"' in page
    assert 'href="/runs/r1">Watch this run' in page


def test_a_run_that_judged_nothing_does_not_hide_the_one_before(visitor: Visitor, runs: ScriptedRuns) -> None:
    """After a cancelled run a reload shows the last result, of which there is none yet."""
    runs.script(started("answers"), {**DONE, "verdict": "cancelled"})
    page = visitor.get("/exercises/greet").text
    assert "Press Check:" in page
    assert 'data-newest="r1"' in page


def test_a_page_hears_of_a_newer_run_once(visitor: Visitor, runs: ScriptedRuns) -> None:
    """The script learns of a run that was begun elsewhere, and nothing where it shows that one."""
    assert visitor.get("/exercises/greet/runs/newest?shown=").status_code == 204
    runs.script(started("answers"))
    answer = visitor.get("/exercises/greet/runs/newest?shown=r0").get_json()
    assert answer["run"] == "r1"
    assert 'data-number="0" data-events="/runs/r1/events"' in answer["html"]
    assert "data-cancel" in answer["html"]
    assert visitor.get("/exercises/greet/runs/newest?shown=r1").status_code == 204


def test_the_end_reaches_a_page_that_saw_more_than_was_kept(visitor: Visitor, runs: ScriptedRuns) -> None:
    """A run whose process was killed is closed with few events; its viewer's number is higher."""
    runs.script(started("answers"), {**DONE, "verdict": "course_fault"})
    assert [line["event"] for line in lines(visitor, after=14)] == ["run_finished"]


def test_a_viewer_who_leaves_gives_the_place_back(app: Flask, runs: ScriptedRuns) -> None:
    """In the middle of a run that goes on, not only at its end."""
    runs.script(started("answers"))
    places = app.extensions["streams"]
    with app.test_request_context():
        for _ in range(STREAMS + 1):
            assert places.acquire(blocking=False)
            viewer = follow(Feed("r1", 0))
            assert "run_started" in next(viewer)
            viewer.close()  # type: ignore[attr-defined]


def test_the_byte_that_differs_is_marked_and_said(visitor: Visitor, runs: ScriptedRuns) -> None:
    """A body that was changed after signing has the byte marked, and in words for those who don't see it."""
    failure = finished("answers")
    failure["exchanges"] = [sent(1, 0, 1, body=b'{"amount":150}', signature=signed(b'{"amount":140}'))]
    failure["cause"]["exchange"] = 1
    runs.script(started("answers"), failure, DONE)
    page = visitor.get("/runs/r1").text
    assert "{&#34;amount&#34;:1<mark>5</mark>0}" in page
    assert "byte 12: 4 became 5, after it was signed" in page
    assert page.count("is-failing") == 1


def test_the_rest_after_a_crash_is_one_sentence(visitor: Visitor, runs: ScriptedRuns) -> None:
    """However many checks were not run, why is said once."""
    why = {"rationale": "Not run: your program had ended before.", "expected": "", "actual": "", "help": ""}
    rest = [finished(check, "skipped", cause=why) for check in "bcd"]
    runs.script(started(*"abcd"), finished("a"), *rest, DONE)
    assert visitor.get("/runs/r1").text.count("Not run: your program had ended before.") == 1
