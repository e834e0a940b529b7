"""course why: what a failed run looks like."""

import click

from app.cli.place import classroom_of_environment, find_place
from app.cli.screen import Screen


@click.command("why")
@click.argument("exercise", required=False)
def command(exercise: str | None) -> None:
    """Say which known mistake the last failed check run of EXERCISE looks like, and how sure that is."""
    from app.cli.why_view import show_why
    from app.learning.running import last_run
    from app.learning.why import why

    with classroom_of_environment() as classroom:
        screen, place = Screen(), find_place(classroom, exercise)
        run = last_run(classroom, place.exercise.id, place.language)
        screen.title(place.exercise.title, place.language)
        if run is None:
            screen.say("It was not checked yet.")
            screen.pair("check", f"course check {place.exercise.id}", style="command", width=12, indent=0)
        elif run.verdict == "passed":
            screen.say("The last check passed.")
        elif (found := why(classroom, run.events)) is None:
            screen.say("No known mistake looks like this.")
            screen.pair("hints", f"course hint {place.exercise.id}", style="command", width=12, indent=0)
        else:
            show_why(screen, found)
