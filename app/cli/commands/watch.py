"""course watch: check again on each save."""

import contextlib

import click

from app.cli.inbox import Inbox
from app.cli.interrupt import stopping_on_interrupt
from app.cli.keyboard import reading_keys
from app.cli.place import classroom_of_environment, find_place, short
from app.cli.screen import Screen
from app.cli.watch_session import Session
from app.cli.watching import WOKEN, Watching


@click.command("watch")
@click.argument("exercise", required=False)
@click.option("--language", help="The language to check; it is remembered.")
@click.pass_context
def command(context: click.Context, exercise: str | None, language: str | None) -> None:
    """Check your program of EXERCISE now, and again each time you save.

    In a terminal single keys do more: n goes on to the next exercise, h opens a hint, f shows the failing
    exchange whole, l lists the course, a checks every exercise you have begun, q quits.
    Exit code: that of the last check, 0 passed, 1 failed, 2 wrong usage, 3 a fault of the course.
    """
    from app.learning.progress import remember_language

    with (
        Inbox() as inbox,
        classroom_of_environment() as classroom,
        stopping_on_interrupt(lambda: inbox.put(WOKEN)) as stop,
    ):
        place = find_place(classroom, exercise, language)
        if language is not None:
            remember_language(classroom, place.exercise.id, place.language)
        screen = Screen()
        session = Session(classroom, place, screen, inbox, stop)
        with contextlib.closing(session), screen.clearing():
            session.begin()
            screen.say((f"Watching {short(session.folder)}. A save checks again, Ctrl-C ends it.", "quiet"))
            watch(session, inbox)
        context.exit(session.code)


def watch(session: Session, inbox: Inbox) -> None:
    """Check and watch until it is stopped."""
    keys = {
        "h": session.hint,
        "f": session.failing_exchange,
        "l": session.list,
        "a": session.check_all,
    }
    watching = Watching(inbox, session.stop, session.fingerprint, session.check, keys, session.show_menu)
    watching.keys = {**keys, "n": lambda: watching.check_now() if session.next() else None}
    with reading_keys(watching.press) as has_keys:
        if not has_keys:
            watching.rest = lambda: None
        watching.go_on()
