"""The command line as a whole: help, errors as sentences, exit codes, and a quick start."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli.group import exit_code_of
from app.cli.table import COMMANDS
from app.config import SETTINGS
from app.errors import ContentError, CourseFault, NotFound, UsageError

LIGHT = (
    "import sys, app.cli; print([m for m in ('rich', 'sqlalchemy', 'flask', 'pydantic') if m in sys.modules])"
)


@pytest.mark.parametrize("name", [entry.name for entry in COMMANDS])
def test_every_command_has_help(name: str) -> None:
    """Each command says in a sentence what it does, and every option is explained."""
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.help
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert all(option.help for option in options)


def test_the_list_of_commands_names_all_of_them() -> None:
    """course --help shows every command with its sentence."""
    text = " ".join(CliRunner().invoke(main, ["--help"], terminal_width=200).output.split())
    assert all(f"{entry.name} {entry.help}" in text for entry in COMMANDS)


def test_the_settings_are_listed() -> None:
    """course --help names every setting with its help."""
    text = " ".join(CliRunner().invoke(main, ["--help"], terminal_width=200).output.split())
    assert all(f"{setting.name} {setting.help}" in text for setting in SETTINGS)


def test_an_unknown_command_offers_the_nearest() -> None:
    """A slip of the finger gets the name that was meant, and exit code 2."""
    result = CliRunner().invoke(main, ["chekc"])
    assert result.exit_code == 2
    assert "Did you mean check?" in result.output


def test_an_unknown_option_is_wrong_usage() -> None:
    """A wrong option ends with exit code 2."""
    assert CliRunner().invoke(main, ["list", "--nothing"]).exit_code == 2


def test_the_version_is_told() -> None:
    """course --version names the course's version and Python's."""
    result = CliRunner().invoke(main, ["--version"])
    assert result.exit_code == 0
    assert result.output.startswith("course ")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("What.", "Do this."), 2),
        (NotFound("What.", "Do this."), 2),
        (CourseFault("What.", "Do this."), 3),
        (ContentError("What.", "Do this.", problems=("a.md:1:1 X bad",)), 3),
        (PermissionError(13, "Permission denied", "/x"), 3),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
    ],
)
def test_errors_are_sentences_with_their_exit_code(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: int
) -> None:
    """No error of the learner's, the content's or the system's shows a traceback."""

    def fail() -> None:
        raise error

    assert exit_code_of(fail) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.strip()
    assert "Traceback" not in told.err


def test_a_message_can_not_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """What a message quotes is made harmless."""

    def fail() -> None:
        raise UsageError("There is no \x1b[2J.")

    exit_code_of(fail)
    assert "\x1b" not in capsys.readouterr().err


def test_a_bug_of_the_course_is_told_as_ours(capsys: pytest.CaptureFixture[str]) -> None:
    """An error that nobody foresaw ends with exit code 3 and blames the course."""
    assert exit_code_of(lambda: {}["missing"]) == 3
    told = capsys.readouterr().err
    assert "KeyError" in told
    assert "not in your program" in told


def test_bad_settings_are_told_before_anything_starts() -> None:
    """A setting with a bad value is named, with exit code 2."""
    result = CliRunner().invoke(main, ["list"], env={"COURSE_PORT": "many"})
    assert result.exit_code == 2
    assert "COURSE_PORT" in result.output


def test_nothing_heavy_is_imported_before_the_grader() -> None:
    """Until its grader starts, course check imports neither rich nor the database, Flask or pydantic."""
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_runs_as_a_module() -> None:
    """python -m app.cli is the same command line."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("course ")
