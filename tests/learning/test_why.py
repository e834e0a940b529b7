"""What is offered after a failed run, and when it comes unasked."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.content.course import Course, Mutant, Sign
from app.learning.classroom import Classroom
from app.learning.running import check, last_run
from app.learning.why import failures_before, why
from tests.learning import tiny
from tests.learning.test_diagnosis import finished, mutant


def classroom_with(settings: Any, runner: tiny.FakeRunner, tmp_path: Path, *mutants: Mutant) -> Classroom:
    """A classroom whose first exercise knows these mistakes."""
    course = tiny.course(tmp_path / "exercises")
    first = replace(course.exercises[0], mutants=MappingProxyType({"python": mutants}))
    known = Course(course.lessons, (first, *course.exercises[1:]), course.quizzes)
    return Classroom(settings, course=known, runner=runner, clock=tiny.Clock())


def failed_run(*failed: str, run_id: str = "r9", language: str = "python") -> list[dict[str, Any]]:
    """The events of a run of the first exercise in which these checks failed."""
    checks = ("a-b", "c-d")
    started = {"event": "run_started", "run": run_id, "exercise": "first", "language": language}
    ends = [dict(finished(check, "failed" if check in failed else "passed")) for check in checks]
    verdict = {"event": "run_finished", "verdict": "failed" if failed else "passed"}
    return [{**started, "checks": [{"id": check} for check in checks]}, *ends, verdict]


def test_it_says_how_sure_it_is(settings: Any, runner: tiny.FakeRunner, tmp_path: Path) -> None:
    """Likely when all agrees, one of several when they share it, alike when some agrees; never certain."""
    known = (mutant("one", "a-b"), mutant("both", "a-b", "c-d"), mutant("too", "a-b", "c-d"))
    with closing(classroom_with(settings, runner, tmp_path, *known)) as room:
        likely, shared = why(room, failed_run("a-b")), why(room, failed_run("a-b", "c-d"))
        part = why(room, failed_run("c-d"))
    assert likely
    assert (likely.stories, likely.lead) == (
        ("The story of one.",),
        "Every result of this run is as with one known mistake. That makes it likely, not certain.",
    )
    assert shared
    assert shared.stories == ("The story of both.", "The story of too.")
    assert shared.lead == "Every result of this run is as with 2 known mistakes: it may be one of them."
    assert part
    assert part.lead.startswith("This looks like known mistakes")


def test_a_run_that_was_not_whole_is_said_to_be_so(
    settings: Any, runner: tiny.FakeRunner, tmp_path: Path
) -> None:
    """Where checks were not judged, the sentence says so."""
    events = failed_run("a-b")
    events[2]["outcome"] = "skipped"
    events.insert(1, dict(finished("before", "failed")))
    with closing(classroom_with(settings, runner, tmp_path, mutant("one", "a-b"))) as room:
        found = why(room, events)
    assert found
    assert found.lead.startswith("Not every check was judged.")


def test_nothing_is_offered_where_nothing_is_known(
    settings: Any, runner: tiny.FakeRunner, tmp_path: Path
) -> None:
    """A pass, a run that still goes on, and a failure that nothing looks like offer nothing."""
    with closing(classroom_with(settings, runner, tmp_path, mutant("one", "a-b"))) as room:
        assert why(room, failed_run()) is None
        assert why(room, failed_run("a-b")[:-1]) is None
        assert why(room, []) is None
        assert why(room, failed_run("c-d")) is None


def test_a_probe_tells_even_where_no_mistake_is_known(
    settings: Any, runner: tiny.FakeRunner, tmp_path: Path
) -> None:
    """Which wrong way to sign the program accepts is said as probable; a refused one says nothing."""
    probe = {"event": "probe_finished", "dial": "base64", "words": "in base64", "means": "compares base64"}
    events = failed_run("c-d")
    events[-1:-1] = [{**probe, "accepted": False}]
    with closing(classroom_with(settings, runner, tmp_path)) as room:
        assert why(room, events) is None
        events[-1:-1] = [{**probe, "accepted": True}]
        found = why(room, events)
    assert found
    assert (found.lead, found.stories) == ("", ())
    assert "taken as genuine when it was signed in base64." in found.probe
    assert found.probe.endswith("So your program probably compares base64.")


def test_a_probe_is_surer_than_a_story_that_only_looks_alike(
    settings: Any, runner: tiny.FakeRunner, tmp_path: Path
) -> None:
    """Beside what a probe found stands an exact match, and no likeness."""
    probe = {
        "event": "probe_finished",
        "dial": "base64",
        "words": "in base64",
        "means": "x",
        "accepted": True,
    }
    events = failed_run("a-b")
    events[-1:-1] = [probe]
    with closing(classroom_with(settings, runner, tmp_path, mutant("both", "a-b", "c-d"))) as room:
        found = why(room, events)
    assert found
    assert found.stories == ()
    exact = mutant("exact", "a-b", signs=(Sign(probe="base64"),))
    with closing(classroom_with(settings, runner, tmp_path, exact)) as room:
        found = why(room, events)
    assert found
    assert found.stories == ("The story of exact.",)


def test_another_language_s_table_serves_where_there_is_none(
    settings: Any, runner: tiny.FakeRunner, tmp_path: Path
) -> None:
    """A mistake is the same mistake in any language."""
    with closing(classroom_with(settings, runner, tmp_path, mutant("one", "a-b"))) as room:
        assert why(room, failed_run("a-b", language="shell")) is not None


def test_it_comes_unasked_from_the_second_failure_in_a_row(
    settings: Any, runner: tiny.FakeRunner, tmp_path: Path
) -> None:
    """A pass in between begins anew; runs of one check and of other exercises don't count."""
    with closing(classroom_with(settings, runner, tmp_path, mutant("late", "c-d"))) as room:
        counts = []
        for verdict in ("failed", "failed", "failed", "passed", "failed"):
            runner.verdict = verdict
            check(room, "first", "python")
            run = last_run(room, "first")
            assert run is not None
            counts.append(failures_before(room, "first", run.id))
        assert counts == [0, 1, 2, 3, 0]
        check(room, "first", "python", only="c-d")
        check(room, "second", "python")
        assert failures_before(room, "first", "the next run") == 1
        assert failures_before(room, "second", "the next run") == 1
        offered = why(room, failed_run("c-d"))
        assert offered
        assert offered.unasked
