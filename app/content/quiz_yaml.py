"""Write a quiz as its YAML file: block style, quotes only where they are needed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from app.content.quiz_file import read_quiz_text
from app.content.schema import quiz_schema
from app.content.yaml_text import Tree
from app.errors import CourseFault
from app.quiz.types import Quiz

MODELINE = "# yaml-language-server: $schema=quiz.schema.json"
SCHEMA = "quiz.schema.json"


def quiz_text(tree: Tree) -> str:
    """Give the text of a file that says what the tree says."""
    return "\n".join((MODELINE, *_block(tree, 0))) + "\n"


def _block(value: Tree, indent: int) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _field(key, each, indent)
    elif isinstance(value, list):
        for each in value:
            lines = list(_block(each, indent + 2)) if each and not isinstance(each, str) else []
            first = lines[0].lstrip(" ") if lines else _scalar(each, indent)
            yield f"{' ' * indent}- {first}"
            yield from lines[1:]


def _field(key: str, value: Tree, indent: int) -> Iterator[str]:
    # A key stands on one line, also where its text has several.
    name = f"{' ' * indent}{_one_line(key) if chr(10) in key else _scalar(key, indent)}:"
    if isinstance(value, str):
        yield f"{name} {_scalar(value, indent)}"
    elif not value:
        yield f"{name} {'{}' if isinstance(value, dict) else '[]'}"
    else:
        yield name
        yield from _block(value, indent + 2)


def _scalar(value: Tree, indent: int) -> str:
    if not isinstance(value, str):
        return "[]" if isinstance(value, list) else "{}"
    if _PLAIN.fullmatch(value) and ": " not in value and " #" not in value and value[-1] != ":":
        return value
    if "\n" in value and _fits_a_block(value):
        return _literal(value, indent)
    return _one_line(value)


def _one_line(value: str) -> str:
    if "\n" not in value and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\x7f").replace("\x85", "\\x85")


# A word first, and nothing that YAML would take for something else: this is about looks, not about types.
_PLAIN = re.compile(r"(?!---|\.\.\.)[A-Za-z0-9(][^\n\t\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]*(?<! )")
_STRANGE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\xa0\u2028\u2029\ufeff]")


def _fits_a_block(value: str) -> bool:
    """Say whether a text of several lines can stand below `|` as it is."""
    lines = value.split("\n")
    ends = value.endswith("\n\n") or any(line != line.rstrip() for line in lines)
    return not (_STRANGE.search(value) or ends or lines[0][:1] in ("", " "))


def _literal(value: str, indent: int) -> str:
    mark = "|" if value.endswith("\n") else "|-"
    inner = " " * (indent + 2)
    lines = value.removesuffix("\n").split("\n")
    return f"{mark}\n" + "\n".join(f"{inner}{line}" if line else "" for line in lines)


def write_quiz(file: Path, tree: Tree, quiz: Quiz) -> None:
    """Write a new quiz file whole, and beside it the schema for editors; what it says is `quiz`.

    Raises FileExistsError for a file that is there, CourseFault if the file would say something else.
    """
    text = quiz_text(tree)
    if read_quiz_text(text, file, file.name)[0] != quiz:
        raise CourseFault("The quiz would not be the same once it is written.", "Nothing was written.")
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    put_schema(file.parent)


def put_schema(folder: Path) -> None:
    """Put the schema that the first line of a quiz names beside it, where there is none."""
    if not (folder / SCHEMA).exists():
        (folder / SCHEMA).write_text(quiz_schema(), encoding="utf-8")
