"""course scenario: watch what a provider, or a stranger, does to the learner's program."""

import json

import click

from app.cli.group import COURSE_FAULT, INTERRUPTED, PASSED
from app.cli.interrupt import stopping_on_interrupt
from app.cli.place import classroom_of_environment
from app.cli.screen import Screen


@click.command("scenario")
@click.argument("name", required=False)
@click.option("--language", help="The language of the program, where you have several.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Repeat the inputs of an earlier playing.")
@click.option("--json", "as_json", is_flag=True, help="Print the event stream, one JSON object a line.")
@click.pass_context
def command(
    context: click.Context, name: str | None, language: str | None, seed: int | None, as_json: bool
) -> None:
    """Play the scenario NAME against your own program; without NAME, list them.

    Nothing is judged and nothing is stored. Exit code: 0 played, 2 wrong usage, 3 a fault of the course.
    """
    from app.cli.scenario_view import ScenarioView, list_scenarios, whose_program
    from app.learning.scenarios import play, program_of

    with classroom_of_environment() as classroom:
        screen = Screen()
        if name is None:
            list_scenarios(screen, classroom.course)
            return
        scenario = classroom.course.scenario(name)
        program = program_of(classroom, name, language)
        if as_json:
            report = lambda event: click.echo(json.dumps(event))  # noqa: E731
        else:
            whose = whose_program(program, classroom.course.exercise(scenario.exercise))
            report = ScenarioView(screen, scenario, whose).report
        with screen.clearing(), stopping_on_interrupt() as stop:
            result = play(classroom, name, program.language, seed=seed, report=report, cancel=stop)
        if result.verdict == "played" and not as_json:
            screen.say((f"Seed {result.seed}. Nothing was judged.", "quiet"))
        context.exit({"played": PASSED, "cancelled": INTERRUPTED}.get(result.verdict, COURSE_FAULT))
