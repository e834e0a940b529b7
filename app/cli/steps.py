"""The steps of the course on the terminal: what each is, how far it is, how to open it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.cli.clean import one_line
from app.cli.screen import Screen
from app.learning.ways import Way, core_path, further_way, in_hours

if TYPE_CHECKING:
    from app.content.course import Step
    from app.learning.progress import StepState

KINDS = {"lesson": "Lesson", "exercise": "Exercise", "quiz": "Quiz", "finish": "The core path"}
WORDS = {"new": "", "started": "started", "done": "done"}


def open_command(step: "Step") -> str:
    """Name the command with which the learner goes on."""
    if step.kind == "finish":
        return "course progress proved"
    return f"course {'quiz' if step.kind == 'quiz' else 'show'} {step.id}"


def show_ways(screen: Screen, states: Sequence["StepState"], next_id: str) -> None:
    """Write the core path and then the rest, each with how far it is."""
    core, further = core_path(states), further_way(states)
    widest = max((len(state.step.id) for state in states), default=0)
    if core.states:
        screen.title("The core path", far(core))
        screen.gap()
    show_steps(screen, core.states, next_id, widest)
    if core.states and further.states:
        screen.gap()
        screen.title("Further on", far(further))
        screen.gap()
    show_steps(screen, further.states, next_id, widest)


def far(way: Way) -> str:
    """Say how far a way is, and how long it takes."""
    if way.is_done:
        return f"all {way.done} done"
    left = in_hours(way.minutes_left)
    return f"{way.done} of {len(way.needed)} done, {left} left" if way.done else left


def show_steps(screen: Screen, states: Sequence["StepState"], next_id: str, widest: int) -> None:
    """Write one line for each step; a lesson begins a new paragraph, the next step has an arrow."""
    for number, state in enumerate(states):
        if state.step.kind == "lesson" and number:
            screen.gap()
        _show_step(screen, state, widest, here=state.step.id == next_id)


def _show_step(screen: Screen, state: "StepState", widest: int, *, here: bool) -> None:
    step, marks = state.step, screen.marks
    mark = {"done": marks.passed, "started": marks.dot}.get(state.state, " ")
    style = {"done": "good"}.get(state.state, "quiet")
    note = state.detail or WORDS[state.state] or f"{step.minutes} min"
    note += ", optional" if step.optional and state.state != "done" else ""
    title_style = "strong" if step.kind == "lesson" else ""
    screen.say(
        (">" if here else " ", "command"),
        (f"{mark} ", style),
        (f"{step.id:<{widest}}  ", "command"),
        (f"{KINDS[step.kind]:<8}  ", "quiet"),
        (one_line(step.title), title_style),
        (f"  {note}", "quiet"),
    )
