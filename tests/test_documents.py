"""README and CONTRIBUTING name what there is, and only what there is."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from app.cli import main
from app.config import SETTINGS
from app.provider.delivery import Dials
from app.provider.signing import SCHEMES
from tests import kit_reference, lint_codes

ROOT = Path(__file__).resolve().parent.parent
CODE = re.compile(r"```[^\n]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def code_of(name: str) -> str:
    """Return all code of a document, spans and blocks, a line each."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return "\n".join(block or span for block, span in CODE.findall(text))


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command that is shown, with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if not command.hidden:
            yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("words", [words for words, _ in commands(main)], ids=" ".join)
def test_readme_names_every_command(words: tuple[str, ...]) -> None:
    """Each command of `course` stands in README as one types it."""
    typed = r"\s+".join(map(re.escape, ("course", *words)))
    assert re.search(rf"(?m)(^|\s){typed}(\s|$)", code_of("README.md")), (
        f"README lacks `course {' '.join(words)}`"
    )


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_readme_names_every_setting_and_its_default(setting: object) -> None:
    """Each setting stands in README, on one line with its default."""
    name, default = setting.name, setting.default
    lines = [
        line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if f"`{name}`" in line
    ]
    assert lines, f"README lacks `{name}`"
    assert any(default in line for line in lines), (
        f"README does not give {default!r} as the default of {name}"
    )


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_documents_name_no_command_that_does_not_exist(name: str) -> None:
    """Whatever follows `course` in a document's code is a command."""
    known = {words[0] for words, _ in commands(main)}
    named = set(re.findall(r"(?m)(?:^|[`\s/])course ([a-z]+)", code_of(name)))
    assert named - known == set()


def test_readme_shows_the_two_commands() -> None:
    """A newcomer finds the one command that starts the course, and the one that tests it."""
    lines = [line.strip().removeprefix("$ ") for line in code_of("README.md").splitlines()]
    assert {"python3 -m app", "python3 -m app test"} <= set(lines)


def test_the_kits_reference_is_current() -> None:
    """CONTRIBUTING holds what the kit's docstrings say; `python -m tests.kit_reference` writes it."""
    document = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert document.count(kit_reference.BEGIN) == document.count(kit_reference.END) == 1
    assert document == kit_reference.with_reference(document)


def test_the_reference_names_every_word_and_dial() -> None:
    """A word or dial of the kit that the reference does not name would be found by nobody."""
    text = kit_reference.reference()
    for name in (field.name for field in fields(Dials)):
        assert re.search(rf"\b{name}\b", text), name
    for scheme in SCHEMES.values():
        assert all(dial in text for dial in scheme.dials)
    assert all(word in text for word in ("wait_for_line", "with_duplicates", "eventually", "wait_for_calls"))


def test_the_codes_of_lint_are_current() -> None:
    """CONTRIBUTING lists every code with what the code says; `python -m tests.lint_codes` writes it."""
    document = lint_codes.DOCUMENT.read_text(encoding="utf-8")
    assert document.count(lint_codes.BEGIN) == document.count(lint_codes.END) == 1
    assert document == lint_codes.with_codes(document)


def test_every_code_of_lint_says_something() -> None:
    """No code is without its sentence."""
    said = lint_codes.codes()
    assert {"L007", "E012", "S006", "M004", "Q008", "Q016", "W104", "Y001"} <= set(said)
    assert [code for code, messages in said.items() if not messages] == []


def test_the_way_to_a_type_of_question_leads_through_files_that_are_there() -> None:
    """Every file that CONTRIBUTING names on this way exists."""
    text = lint_codes.DOCUMENT.read_text(encoding="utf-8")
    section = text.partition("### Add a type of question")[2].partition("###")[0]
    named = re.findall(r"`((?:app|tests)/[\w/.]+)`", section)
    assert len(named) > 12
    assert [each for each in named if not (ROOT / each).is_file()] == []
