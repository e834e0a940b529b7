"""course next: what comes next."""

import click

from app.cli.place import classroom_of_environment
from app.cli.screen import Screen


@click.command("next")
def command() -> None:
    """Say which step comes next and how to open it."""
    from app.cli.steps import KINDS, open_command
    from app.learning.progress import next_step
    from app.learning.ways import FINISH

    with classroom_of_environment() as classroom:
        screen, step = Screen(), next_step(classroom)
        if step is None:
            screen.say("You have done every step of the course.")
            return
        if step is FINISH:
            screen.say("You finished the core path. What you proved, and where it goes on:")
        else:
            screen.title(step.title, f"{KINDS[step.kind].lower()}, {step.minutes} min")
        screen.command(open_command(step))
