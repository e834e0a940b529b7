"""The core path and the rest: what comes next on either, how long it takes, what was proved."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from app.config import Settings
from app.content.course import Course, Step
from app.learning import progress
from app.learning.classroom import Classroom
from app.learning.finish import finish
from app.learning.progress import State, StepState
from app.learning.running import check
from app.learning.ways import FINISH, core_path, following, further_way, in_hours, next_of
from tests.learning import tiny

STEPS = (
    Step("lesson", "core-1", "", 10, core=True),
    Step("exercise", "extra", "", 30, core=True, optional=True),
    Step("quiz", "core-1-quiz", "", 5, core=True),
    Step("lesson", "further-1", "", 20),
    Step("exercise", "further-task", "", 25),
    Step("lesson", "core-2", "", 15, core=True),
    Step("lesson", "further-2", "", 20),
)
CORE = ("core-1", "core-1-quiz", "core-2")
FURTHER = ("further-1", "further-task", "further-2")


def states(*done: str, begun: str = "") -> tuple[StepState, ...]:
    """The steps, some of them done and one begun."""

    def state_of(step: Step) -> State:
        return "done" if step.id in done else "started" if step.id == begun else "new"

    return tuple(StepState(step, state_of(step)) for step in STEPS)


def next_id(*done: str, last: str = "", begun: str = "") -> str | None:
    """The id of what comes next."""
    step = next_of(states(*done, begun=begun), last)
    return step.id if step else None


@pytest.mark.parametrize(
    ("done", "last", "comes"),
    [
        ((), "", "core-1"),
        (("core-1",), "core-1", "core-1-quiz"),
        (("core-1", "core-1-quiz"), "core-1-quiz", "core-2"),
        (("core-2",), "core-2", "core-1"),
        (CORE, "core-2", "finish"),
        ((*CORE, "further-1"), "further-1", "further-task"),
        ((*CORE, *FURTHER), "further-2", None),
        ((*FURTHER,), "further-2", "core-1"),
    ],
)
def test_the_core_path_comes_first_and_optional_steps_never(
    done: tuple[str, ...], last: str, comes: str | None
) -> None:
    """Along the core path, back to what was left out, to its finish, then through the rest."""
    assert next_id(*done, last=last) == comes


def test_what_is_half_done_comes_before_all() -> None:
    """One does not move on from it, on whichever way it is; an optional step never holds anybody."""
    assert next_id("core-1", last="further-task", begun="further-task") == "further-task"
    assert next_id("core-1", last="extra", begun="extra") == "core-1-quiz"


def test_the_finish_is_offered_until_the_rest_is_begun() -> None:
    """Then the way leads on."""
    assert next_id(*CORE, last="core-2", begun="further-1") == "further-1"


@pytest.mark.parametrize(
    ("step", "comes"),
    [
        ("core-1", "core-1-quiz"),
        ("extra", "core-1-quiz"),
        ("core-1-quiz", "core-2"),
        ("core-2", "finish"),
        ("further-1", "further-task"),
        ("further-task", "further-2"),
        ("further-2", None),
        ("nothing", None),
    ],
)
def test_a_step_is_followed_by_the_next_on_its_way(step: str, comes: str | None) -> None:
    """The core path leads past all else to its finish; optional steps lead back to the way."""
    after = following(states(), step)
    assert (after.id if after else None) == comes


def test_minutes_are_those_of_what_has_to_be_done() -> None:
    """An optional exercise costs nobody time."""
    core = core_path(states("core-1"))
    assert (core.done, len(core.needed), core.minutes, core.minutes_left) == (1, 3, 30, 20)
    assert not core.is_done
    assert core_path(states(*CORE)).is_done
    assert further_way(states()).minutes == 65


def test_a_course_without_core_lessons_has_one_way() -> None:
    """Nothing is on the core path, and nothing ever finishes it."""
    plain = tuple(StepState(replace(step, core=False), "new") for step in STEPS)
    assert core_path(plain).states == ()
    assert not core_path(plain).is_done
    assert next_of(plain, "") == plain[0].step
    assert following(plain, "further-2") is None


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 minutes"), (1, "1 minute"), (45, "45 minutes"), (60, "1 hour"), (190, "3 hours 10 minutes")],
)
def test_time_is_said_as_people_say_it(minutes: int, said: str) -> None:
    """Hours from sixty minutes on."""
    assert in_hours(minutes) == said


def core_course(root: Path, optional: bool = False) -> Course:
    """The tiny course with its first lesson on the core path."""
    course = tiny.course(root)
    first, second = course.exercises
    exercises = (first, replace(second, optional=optional, starts_from=None))
    lessons = (replace(course.lessons[0], core=True), course.lessons[1])
    return replace(course, lessons=lessons, exercises=exercises)


@pytest.fixture
def room(settings: Settings, runner: tiny.FakeRunner, tmp_path: Path) -> Classroom:
    """A classroom with that course."""
    course = core_course(tmp_path / "content", optional=True)
    return Classroom(settings, course=course, runner=runner, clock=tiny.Clock())


def proved(room: Classroom) -> Mapping[str, list[bool]]:
    """Which checks of which exercises passed."""
    return {proof.state.step.id: [passed for _, passed in proof.checks] for proof in finish(room).proofs}


def test_what_was_proved_is_told_check_by_check(room: Classroom, runner: tiny.FakeRunner) -> None:
    """Of the last pass, else of the last failure; what was never run proves nothing."""
    assert proved(room) == {}
    runner.verdict = "failed"
    check(room, "first", "python")
    assert proved(room) == {"first": [True, False]}
    runner.verdict = "passed"
    check(room, "first", "python")
    runner.verdict = "failed"
    check(room, "first", "python")
    assert proved(room) == {"first": [True, True]}
    (proof,) = finish(room).proofs
    assert (proof.language, proof.checks[0][0]) == ("python", "A and B")
    room.close()


def test_an_optional_exercise_blocks_nobody(room: Classroom, runner: tiny.FakeRunner) -> None:
    """It is neither next nor missing; who passed it has proved it as well."""
    progress.mark_read(room, "one")
    check(room, "first", "python")
    assert [state.step.id for state in finish(room).core.missing] == ["quiz"]
    assert next_step_id(room) == "quiz"
    check(room, "second", "python")
    assert set(proved(room)) == {"first", "second"}
    room.close()


def next_step_id(room: Classroom) -> str:
    """The id of the next step."""
    step = progress.next_step(room)
    return step.id if step else ""


def test_the_finish_is_no_step_of_the_content() -> None:
    """Its id can't be one of a lesson that a learner works on."""
    assert FINISH.kind == "finish"
    assert FINISH.minutes == 0
