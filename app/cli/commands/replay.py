"""course replay: the deliveries of a check, once more."""

import click

from app.cli.place import classroom_of_environment, find_place, one_of
from app.cli.screen import Screen


@click.command("replay")
@click.argument("check")
def command(check: str) -> None:
    """Send the deliveries of CHECK's last run again, signed afresh, to your program in `course run`.

    A check of another exercise is written EXERCISE/CHECK.
    """
    from app.cli.replay_view import show_replay
    from app.learning.practice import replay

    exercise, _, name = check.rpartition("/")
    with classroom_of_environment() as classroom:
        screen, place = Screen(), find_place(classroom, exercise or None)
        one_of(
            f"check of {place.exercise.id}",
            name,
            [declared.id for declared in place.exercise.checks],
            "For a check of another exercise write EXERCISE/CHECK.",
        )
        show_replay(screen, replay(classroom, place.exercise.id, name))
