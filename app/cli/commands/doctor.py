"""course doctor: what this machine can do."""

from itertools import islice

import click

from app.cli.place import classroom_of_environment
from app.cli.screen import Screen


@click.command("doctor")
@click.option("--isolation", "only_isolation", is_flag=True, help="Say only how programs are isolated.")
def command(only_isolation: bool) -> None:
    """Say what this machine can do for the course, and how to get the rest."""
    from app import __version__
    from app.cli.machine import findings

    screen = Screen()
    if not only_isolation:
        screen.title("Webhook course", __version__)
    with classroom_of_environment() as classroom:
        for finding in islice(findings(classroom), 1 if only_isolation else None):
            mark, style = (screen.marks.passed, "good") if finding.good else ("!", "bad")
            screen.pair(f"{mark} {finding.about}", finding.says, width=13, indent=0, label_style=style)
            if finding.advice:
                screen.pair("", finding.advice, width=13, indent=0, style="quiet")
