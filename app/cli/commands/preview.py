"""course preview: a quiz as its author sees it, in every state, while it is being written."""

import click

from app.cli.place import classroom_of_environment
from app.cli.quiz_files import readable_quiz


@click.command("preview")
@click.argument("quiz", metavar="QUIZ")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Use this port, else any free one.")
@click.option("--no-browser", is_flag=True, help="Only print the link.")
def command(quiz: str, port: int, no_browser: bool) -> None:
    """Show QUIZ (an id or a file) in the browser with every answer and every mistake; saving shows it anew.

    It shows the key. A learner's site has no such page.
    """
    from app.web import serve

    file = readable_quiz(quiz)
    with classroom_of_environment() as classroom:
        serve(classroom, port, not no_browser, preview=file)
