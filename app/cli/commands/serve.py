"""course serve: the pages."""

import click

from app.cli.place import classroom_of_environment


@click.command("serve")
@click.option("--port", type=click.IntRange(1, 65535), help="Use this port instead of COURSE_PORT.")
@click.option("--no-browser", is_flag=True, help="Only print the link.")
def command(port: int | None, no_browser: bool) -> None:
    """Open the course in the browser. Ctrl-C ends it."""
    from app.web import serve

    with classroom_of_environment() as classroom:
        serve(classroom, port or classroom.settings.port, not no_browser)
