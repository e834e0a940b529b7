"""course progress: see it, save it, read it back."""

import json
from pathlib import Path
from typing import Any

import click

from app.cli.place import classroom_of_environment, short
from app.cli.screen import Screen
from app.errors import UsageError


@click.group("progress", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Show how far you are; `proved` shows what you proved on the core path.

    `export FILE` saves all of it, `import FILE` reads it back.
    """
    if context.invoked_subcommand is not None:
        return
    from app.cli.steps import far
    from app.learning.progress import step_states
    from app.learning.quiz_review import look_again
    from app.learning.ways import core_path

    with classroom_of_environment() as classroom:
        screen, states = Screen(), step_states(classroom)
        if (core := core_path(states)).states:
            screen.pair("core path", far(core), width=11, indent=0)
        for kind, plural in (("lesson", "lessons"), ("exercise", "exercises"), ("quiz", "quizzes")):
            of_kind = [state for state in states if state.step.kind == kind]
            done = sum(state.state == "done" for state in of_kind)
            screen.pair(plural, f"{done} of {len(of_kind)} done", width=11, indent=0)
        again = len(look_again(classroom))
        if again:
            questions = "1 question" if again == 1 else f"{again} questions"
            screen.pair("look again", f"{questions}: course quiz --review", width=11, indent=0)
        screen.pair("kept in", short(classroom.settings.home), style="path", width=11, indent=0)


@command.command("proved")
def proved() -> None:
    """Show what you proved on the core path: every check, every quiz; and where the course goes on."""
    from app.cli.finish_view import show_finish
    from app.learning.finish import finish

    with classroom_of_environment() as classroom:
        show_finish(Screen(), finish(classroom))


@command.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path, allow_dash=True))
def export_file(file: Path) -> None:
    """Write all progress to FILE as JSON (- for standard output)."""
    from app.learning.progress import export_progress

    with classroom_of_environment() as classroom:
        text = json.dumps(export_progress(classroom), ensure_ascii=False, indent=1, sort_keys=True)
    try:
        with click.open_file(str(file), "w", encoding="utf-8", atomic=str(file) != "-") as stream:
            stream.write(text + "\n")
    except OSError as error:
        raise UsageError(f"{file} can't be written: {error.strerror}.", "Choose another file.") from None
    if str(file) != "-":
        Screen().say(f"Your progress is in {file}.")


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True))
def import_file(file: Path) -> None:
    """Add the progress that an export holds; what you have is kept."""
    from app.learning.progress import import_progress

    with classroom_of_environment() as classroom:
        added = import_progress(classroom, _read(file))
    rows = "1 row" if added == 1 else f"{added} rows"
    Screen().say(f"Added {rows}." if added else "Nothing to add: all of it is here already.")


def _read(file: Path) -> dict[str, Any]:
    try:
        with click.open_file(str(file), encoding="utf-8") as stream:
            data = json.load(stream)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{file} is not JSON: {error}.", "Give a file made by `course progress export`."
        ) from None
    if not isinstance(data, dict):
        raise UsageError(f"{file} holds no progress.", "Give a file made by `course progress export`.")
    return data
