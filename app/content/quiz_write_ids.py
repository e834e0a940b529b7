"""Write the ids that questions and choices already have into their file, and nothing else.

The text is only ever added to: without what was inserted the file is, byte for byte, what it was.
"""

import codecs
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from app.content.quiz_file import read_quiz, read_quiz_text
from app.content.quiz_ids import id_of
from app.content.yaml_text import LOADER
from app.errors import ContentError

_PARTS = ("choices", "items", "pairs")
_NOT_TEXT = re.compile(r"true|false|null|yes|no|on|off|y|n|[0-9][0-9a-z-]*", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Insertion:
    """What is put in, and before which sign of the text."""

    at: int
    text: str


@dataclass(frozen=True)
class Written:
    """What became of a file: what was inserted, and the lines on which an id can't be inserted."""

    text: str
    insertions: tuple[Insertion, ...]
    by_hand: tuple[int, ...]


def with_ids(text: str, file: Path) -> Written:
    """Give the text of a quiz file without mistakes with every id written.

    Raises ValueError if the quiz would not be the same afterwards, which would be a mistake of ours.
    """
    insertions: list[Insertion] = []
    by_hand: list[int] = []
    newline = "\r\n" if "\r\n" in text else "\n"
    for node, in_flow in _without_id(yaml.compose(text, Loader=LOADER)):
        made = list(_insertions(node, in_flow, newline))
        insertions += made
        if not made:
            by_hand.append(node.start_mark.line + 1)
    written = insert(text, insertions)
    if _quiz(text, file) != _quiz(written, file):
        raise ValueError("writing the ids would change the quiz")
    return Written(written, tuple(sorted(insertions)), tuple(by_hand))


def insert(text: str, insertions: list[Insertion]) -> str:
    """Put the insertions into a text."""
    parts, before = [], 0
    for each in sorted(insertions):
        parts += [text[before : each.at], each.text]
        before = each.at
    return "".join((*parts, text[before:]))


def _quiz(text: str, file: Path) -> object:
    return read_quiz_text(text.replace("\r\n", "\n").replace("\r", "\n"), file, file.name)[0]


def _without_id(root: yaml.Node | None) -> Iterator[tuple[yaml.Node, bool]]:
    """Give each question, choice, item and pair that has no written id, and whether it stands in [ ]."""
    for question, in_flow in _entries(root, "questions"):
        if _value(question, "id") is None:
            yield question, in_flow
        for field in _PARTS:
            yield from (each for each in _entries(question, field) if _value(each[0], "id") is None)


def _entries(node: yaml.Node | None, field: str) -> list[tuple[yaml.Node, bool]]:
    listed = _value(node, field)
    if not isinstance(listed, yaml.SequenceNode):
        return []
    return [(entry, bool(listed.flow_style)) for entry in listed.value]


def _value(node: yaml.Node | None, field: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == field), None)


def _insertions(node: yaml.Node, in_flow: bool, newline: str) -> Iterator[Insertion]:
    """Say what has to be put in for one node; nothing where it can't be done by adding alone."""
    start, end = node.start_mark, node.end_mark
    new_line = newline + " " * start.column
    if isinstance(node, yaml.MappingNode):
        known = written(id_of(_text_of(node)))
        if node.flow_style:
            yield Insertion(start.index + 1, f"id: {known}, ")
        else:
            yield Insertion(start.index, f"id: {known}{new_line}")
    elif isinstance(node, yaml.ScalarNode) and start.line == end.line:
        known = written(id_of(node.value.rstrip()))
        if in_flow:
            yield Insertion(start.index, f"{{id: {known}, text: ")
            yield Insertion(end.index, "}")
        else:
            yield Insertion(start.index, f"id: {known}{new_line}text: ")


def _text_of(node: yaml.Node) -> str:
    """Give the text of which the loader makes the id."""
    for field in ("stem", "text"):
        value = _value(node, field)
        if isinstance(value, yaml.ScalarNode):
            return str(value.value).rstrip()
    code = _value(_value(node, "code"), "text")
    return str(code.value) if code is not None else ""


def written(known: str) -> str:
    """Write an id so that every reader of YAML takes it for text."""
    return f'"{known}"' if _NOT_TEXT.fullmatch(known) else known


def write_ids(file: Path) -> Written:
    """Write the ids into a file; ContentError for one that has mistakes, in which case nothing is written."""
    data = file.read_bytes()
    name = file.name
    quiz, problems, _ = read_quiz(file, file.parent)
    if quiz is None:
        errors = [problem for problem in problems if problem.level == "error"]
        raise ContentError(
            f"{name} has mistakes, so nothing was written:", "Correct them first.", problems=errors
        )
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    made = with_ids(data[len(mark) :].decode("utf-8"), file)
    if made.insertions:
        _replace(file.resolve(), mark + made.text.encode("utf-8"))
    return made


def _replace(file: Path, data: bytes) -> None:
    """Replace a file in one step, so that no reader ever sees half of it."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".writing")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        shutil.copymode(file, draft)
        draft.replace(file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
