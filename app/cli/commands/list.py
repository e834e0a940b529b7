"""course list: the whole course and how far the learner is."""

import click

from app.cli.clean import one_line
from app.cli.place import classroom_of_environment
from app.cli.screen import Screen
from app.cli.steps import show_ways
from app.learning.classroom import Classroom


@click.command("list")
@click.option("--sources", is_flag=True, help="Show instead what the lessons rest on.")
def command(sources: bool) -> None:
    """Show every lesson, exercise and quiz in order, and how far you are."""
    with classroom_of_environment() as classroom:
        if sources:
            show_sources(Screen(), classroom)
        else:
            show_list(Screen(), classroom)


def show_sources(screen: Screen, classroom: Classroom) -> None:
    """Write each page on the web that a lesson rests on, when it was read, and by which lessons."""
    for source in classroom.course.sources:
        read = source.read if source.read == "not opened" else f"read {source.read}"
        lessons = ", ".join(lesson.id for lesson in source.lessons)
        screen.say((one_line(source.title), "strong"))
        screen.say(source.url, indent=2)
        screen.say((f"{read}; {lessons}", "quiet"), indent=2)


def show_list(screen: Screen, classroom: Classroom) -> None:
    """Write every step and its state, what comes next, and what is left out."""
    from app.learning.progress import next_step, step_states

    states, upcoming = step_states(classroom), next_step(classroom)
    show_ways(screen, states, upcoming.id if upcoming else "")
    done = sum(state.state == "done" for state in states)
    screen.gap()
    screen.say((f"{done} of {len(states)} done.", "quiet"))
    if upcoming is not None:
        from app.cli.steps import open_command

        screen.pair("next", open_command(upcoming), style="command", width=6, indent=0)
    for problem in classroom.course.problems:
        if problem.level == "error":
            screen.say((f"Left out: {problem}", "bad"))
