"""The group of commands: lazy imports, errors as sentences, exit codes."""

import importlib
import sys
from collections.abc import Callable
from typing import Any

import click

from app.cli.clean import clean
from app.cli.table import Entry
from app.errors import ContentError, CourseError, CourseFault

PASSED = 0
FAILED = 1
WRONG_USAGE = 2
COURSE_FAULT = 3
INTERRUPTED = 130


class CourseGroup(click.Group):
    """Commands that are imported on use; without a name, the default one runs."""

    def __init__(self, name: str, *, table: tuple[Entry, ...], default: str, **attributes: Any) -> None:
        super().__init__(name, invoke_without_command=True, callback=_print_version, **attributes)
        self.params.append(click.Option(["--version"], is_flag=True, help="Show the version and exit."))
        self.context_settings["help_option_names"] = ["-h", "--help"]
        self.table = table
        self.default = default

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which a learner meets them."""
        return [entry.name for entry in self.table]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module, now that it is asked for."""
        entry = next((entry for entry in self.table if entry.name == cmd_name), None)
        if entry is None:
            return None
        command: click.Command = importlib.import_module(entry.module).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one gets the nearest name."""
        name = args[0]
        if name not in self.list_commands(ctx) and not name.startswith("-"):
            import difflib  # only now: course check waits for every hundredth of a second

            near = difflib.get_close_matches(name, self.list_commands(ctx), n=1)
            meant = f" Did you mean {near[0]}?" if near else " `course --help` lists them all."
            raise click.UsageError(f"There is no command {name!r}.{meant}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, by what they are for."""
        for part in dict.fromkeys(entry.part for entry in self.table):
            with formatter.section(part):
                formatter.write_dl([(entry.name, entry.help) for entry in self.table if entry.part == part])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the settings."""
        from app.config import SETTINGS

        with formatter.section("Settings, as environment variables"):
            formatter.write_dl([(setting.name, setting.help) for setting in SETTINGS])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; every error ends as a sentence and an exit code."""
        return ctx.exit(exit_code_of(lambda: self._invoke_or_default(ctx)))

    def _invoke_or_default(self, ctx: click.Context) -> None:
        super().invoke(ctx)
        if ctx.invoked_subcommand is None:
            command = self.get_command(ctx, self.default)
            assert command is not None, "the default is one of the commands"
            ctx.invoke(command)


def exit_code_of(action: Callable[[], object]) -> int:
    """Do it, and tell by the exit code how it ended; what went wrong is said on standard error."""
    try:
        action()
    except CourseError as error:
        tell(error)
        return COURSE_FAULT if isinstance(error, CourseFault | ContentError) else WRONG_USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped.", err=True)
        return INTERRUPTED
    except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
        raise
    except OSError as error:
        click.echo(
            clean(f"The system refused: {error.strerror or error} {error.filename or ''}".rstrip()), err=True
        )
        return COURSE_FAULT
    except Exception:
        _tell_of_a_bug()
        return COURSE_FAULT
    return PASSED


def tell(error: CourseError) -> None:
    """Say on standard error what went wrong, where, and what to do."""
    click.echo(clean(error.message), err=True)
    for problem in getattr(error, "problems", ()):
        click.echo(f"  {clean(str(problem))}", err=True)
    if error.advice:
        click.echo(clean(error.advice), err=True)


def _tell_of_a_bug() -> None:
    import traceback

    click.echo(traceback.format_exc(), err=True)
    click.echo("This is a mistake in the course, not in your program; nothing was counted.", err=True)
    click.echo("Please report it with the lines above.", err=True)


def _print_version(version: bool) -> None:
    if version:
        from app import __version__

        click.echo(f"course {__version__}, Python {sys.version.split()[0]}")
        click.get_current_context().exit()
