"""The end of the core path on the terminal: what was proved, what is left, where it goes on."""

from app.cli.clean import one_line
from app.cli.screen import Screen
from app.cli.steps import far, open_command
from app.learning.finish import Finish, Proof
from app.learning.progress import StepState
from app.learning.ways import in_hours


def show_finish(screen: Screen, finish: Finish) -> None:
    """Write what was proved, then what is left."""
    if not finish.core.states:
        screen.say("No lesson of this course is marked as core. `course progress` shows how far you are.")
        return
    screen.title("The core path", far(finish.core))
    for proof in finish.proofs:
        _show_proof(screen, proof)
    _show_list(screen, "Quizzes passed", finish.quizzes)
    _show_list(screen, "Lessons read", finish.lessons)
    if finish.core.missing:
        screen.gap()
        screen.command("course next", "goes on; `course list` shows what is left")
    elif finish.further.missing:
        screen.gap()
        screen.say(("Further on", "strong"), (f"   {in_hours(finish.further.minutes_left)}", "quiet"))
        for state in finish.further.missing:
            if state.step.kind == "lesson":
                screen.command(open_command(state.step), one_line(state.step.title))


def _show_proof(screen: Screen, proof: Proof) -> None:
    passed = sum(is_passed for _, is_passed in proof.checks)
    screen.gap()
    note = f"{passed} of {len(proof.checks)} checks, {proof.language}, {proof.day}"
    screen.title(one_line(proof.state.step.title), note)
    for title, is_passed in proof.checks:
        mark = (screen.marks.passed, "good") if is_passed else (screen.marks.dot, "quiet")
        screen.say(mark, f" {one_line(title)}", indent=2)


def _show_list(screen: Screen, title: str, states: tuple[StepState, ...]) -> None:
    if not states:
        return
    screen.gap()
    screen.say((title, "strong"))
    for state in states:
        score = f"  {state.detail}" if state.detail else ""
        screen.say(
            (screen.marks.passed, "good"), f" {one_line(state.step.title)}", (score, "quiet"), indent=2
        )
