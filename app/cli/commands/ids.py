"""course ids: write the ids that questions have into their files."""

import click

from app.cli.group import FAILED, PASSED, tell
from app.cli.place import short
from app.cli.quiz_files import quiz_files
from app.errors import ContentError


@click.command("ids")
@click.argument("quizzes", metavar="[QUIZ]...", nargs=-1)
@click.pass_context
def command(context: click.Context, quizzes: tuple[str, ...]) -> None:
    """Write into QUIZ (ids or files), or into all quizzes, the ids that are not written yet.

    A question or choice without an id is known by one made of its text. Written down it stays when the text
    changes, and so do the answers. Nothing else in a file is touched.
    """
    from app.content.quiz_write_ids import write_ids

    failed = False
    for file in quiz_files(quizzes):
        try:
            written = write_ids(file)
        except ContentError as error:
            failed = True
            tell(error)
            continue
        click.echo(f"{short(file)}: {_count(len(written.insertions))} written")
        for line in written.by_hand:
            failed = True
            click.echo(
                f"{short(file)}:{line}: a text of several lines. Put it under `text:` first.", err=True
            )
    context.exit(FAILED if failed else PASSED)


def _count(number: int) -> str:
    return "no id" if not number else "1 id" if number == 1 else f"{number} ids"
