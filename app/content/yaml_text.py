"""Read YAML in which every scalar stays text, and keep the place of every value.

YAML guesses types (`no` becomes False, `12:30` becomes 750) and can point back into itself (a bomb of
aliases). Nothing of that is wanted in a file about programming, so the tree is built from the parser's
events: mappings, lists and text, each with its line and column. Nothing is ever constructed from a tag.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from app.content.problems import Problem
from app.content.yaml_mend import mend
from app.content.yaml_words import ALIAS, MAX_DEPTH, TAG, TOO_DEEP, in_plain_words

MAX_VALUES = 1_000_000  # of one file; 10,000 questions have half as many
Tree = dict[str, "Tree"] | list["Tree"] | str
Path = tuple[str | int, ...]
Place = tuple[int, int]  # line and column, from 1

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML counts as the end of a line
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser where it is built: ten times faster


@dataclass
class Document:
    """What a YAML text says, and where it says it."""

    tree: Tree = ""
    places: dict[Path, Place] = field(default_factory=dict)  # of each value
    keys: dict[Path, Place] = field(default_factory=dict)  # of each mapping's keys
    cut: set[Path] = field(default_factory=set)  # unquoted texts that a comment follows on the same line
    loose: set[Path] = field(default_factory=set)  # unquoted texts of several words inside [ ] or { }
    joined: set[Path] = field(default_factory=set)  # unquoted texts into which a line `- ...` was drawn
    flow: set[Path] = field(default_factory=set)  # mappings in { }
    mended: frozenset[int] = frozenset()  # lines that were not YAML and were read as what they must mean

    def at(self, path: Path) -> Tree:
        """Give what stands at a path that exists."""
        tree: Any = self.tree
        for key in path:
            tree = tree[key]
        found: Tree = tree
        return found

    def place(self, path: Path) -> Place:
        """Give the place of a value, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return (1, 1)


class _Refused(Exception):
    """Stop reading: what stands here is not allowed."""

    def __init__(self, place: Place, code: str, message: str) -> None:
        super().__init__(message)
        self.place, self.code, self.message = place, code, message


def read_yaml(text: str, path: str, first_line: int = 1) -> tuple[Document | None, tuple[Problem, ...]]:
    """Read one document; `first_line` is the line of the file on which the text begins."""
    document, problems = _read(text, path, first_line)
    return (None if problems else document), problems


def read_yaml_on(text: str, path: str) -> tuple[Document | None, tuple[Problem, ...]]:
    """Read one document and go on behind mistakes: what is given is for finding more of them.

    A line that is no YAML is quoted as its author has to do it, and all is read again.
    """
    found: set[Problem] = set()
    mended: set[int] = set()
    for _ in range(MAX_MENDS if len(text) < MAX_MENDED else 1):
        document, problems = _read(text, path, 1)
        found.update(problem for problem in problems if problem.line not in mended)
        line = problems[-1].line if document is None and problems else 0
        better = mend(text, line) if line and line not in mended else None
        if better is None:
            break
        mended.add(line)
        text = better
    if document is not None:
        document.mended = frozenset(problem.line for problem in found)
    return document, tuple(sorted(found))


MAX_MENDS = 25
MAX_MENDED = 512 * 1024  # signs; a longer file is read once


def _read(text: str, path: str, first_line: int) -> tuple[Document | None, tuple[Problem, ...]]:
    builder = _Builder(text, first_line)
    whole = False
    try:
        builder.build()
        whole = True
    except _Refused as refused:
        builder.refuse(refused.place, refused.code, refused.message)
    except yaml.YAMLError as error:
        for place, code, message in in_plain_words(error, builder.lines):
            builder.refuse((place[0] + first_line - 1, place[1]), code, message)
    problems = tuple(Problem(path, *place, code, message) for place, code, message in builder.refused)
    return (builder.document if whole else None), problems


class _Builder:
    """Turn the events of one document into a tree; not recursive, and as deep as MAX_DEPTH."""

    def __init__(self, text: str, first_line: int) -> None:
        self.text, self.first_line = text, first_line
        self.lines = _BREAK.split(text)
        self.document = Document()
        self.refused: list[tuple[Place, str, str]] = []
        self.open: list[tuple[Tree, Path]] = []  # the collections around the current event
        self.key: list[str | None] = []  # the key that waits for its value, one for each of `open`
        self.documents = 0
        self.values = 0
        self.in_flow = 0  # how many of the open collections are written in [ ] or { }

    def build(self) -> None:
        for event in self._events():
            match event:
                case yaml.ScalarEvent():
                    self._scalar(event)
                case yaml.MappingStartEvent():
                    self._begin(event, {})
                case yaml.SequenceStartEvent():
                    self._begin(event, [])
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self.open.pop()
                    self.key.pop()
                    self.in_flow = max(0, self.in_flow - 1)
                case yaml.DocumentStartEvent():
                    self._document(event)
        if not self.documents:
            raise _Refused((self.first_line, 1), "Y008", "The file is empty. Write the fields of the format.")

    def _events(self) -> Iterator[yaml.Event]:
        for event in yaml.parse(self.text, Loader=LOADER):
            if isinstance(event, yaml.AliasEvent):
                self.refuse(self._place(event), "Y002", ALIAS)
                yield yaml.ScalarEvent(None, None, (True, True), "", event.start_mark, event.end_mark)
                continue
            if getattr(event, "anchor", None):
                self.refuse(self._place(event), "Y002", ALIAS)
            if getattr(event, "tag", None) not in (None, "!"):
                self.refuse(self._place(event), "Y003", TAG)
            yield event

    def refuse(self, place: Place, code: str, message: str) -> None:
        self.refused.append((place, code, message))

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        assert mark is not None  # both parsers set it on every event
        return (mark.line + self.first_line, mark.column + 1)

    def _document(self, event: yaml.Event) -> None:
        self.documents += 1
        if self.documents > 1:
            raise _Refused(self._place(event), "Y008", "A second document begins here. Keep one per file.")

    def _begin(self, event: yaml.CollectionStartEvent, collection: Tree) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise _Refused(self._place(event), "Y005", TOO_DEEP)
        path = self._put(event, collection)
        self.open.append((collection, path))
        self.key.append(None)
        if self.in_flow or event.flow_style:  # whatever stands in [ ] or { } is written so, too
            self.in_flow += 1
            if isinstance(collection, dict):
                self.document.flow.add(path)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if self.open and isinstance(self.open[-1][0], dict) and self.key[-1] is None:
            self._key(event)
            return
        path = self._put(event, event.value)
        if not event.style:
            self._look_at_plain(event, path)

    def _look_at_plain(self, event: yaml.ScalarEvent, path: Path) -> None:
        """Remember where an unquoted text may say something else than its author typed."""
        start, end, value = event.start_mark, event.end_mark, event.value
        assert start is not None
        assert end is not None
        if self._comment_follows(event):
            self.document.cut.add(path)
        if self.in_flow and " " in value:
            self.document.loose.add(path)
        if start.line != end.line and " - " in value:
            drawn_in = self.lines[start.line + 1 : end.line + 1]
            if any(line.lstrip().startswith("- ") for line in drawn_in):
                self.document.joined.add(path)

    def _key(self, event: yaml.ScalarEvent) -> None:
        mapping, path = self.open[-1]
        assert isinstance(mapping, dict)
        if event.value in mapping:
            line = self.document.keys[(*path, event.value)][0]
            message = f"The key `{event.value}` stands twice; first on line {line}. Keep one of them."
            self.refuse(self._place(event), "Y004", message)
        self.key[-1] = event.value
        self.document.keys.setdefault((*path, event.value), self._place(event))

    def _put(self, event: yaml.Event, value: Tree) -> Path:
        """Put a value where it belongs, and remember its place."""
        self.values += 1
        if self.values > MAX_VALUES:
            raise _Refused(self._place(event), "Y006", "The file holds too many values. Split it.")
        if not self.open:
            self.document.tree = value
            self.document.places[()] = self._place(event)
            return ()
        parent, parent_path = self.open[-1]
        if isinstance(parent, list):
            path: Path = (*parent_path, len(parent))
            parent.append(value)
        else:
            assert isinstance(parent, dict)
            key, self.key[-1] = self.key[-1], None
            if key is None:
                raise _Refused(self._place(event), "Y009", "A key must be a word. If this is text, quote it.")
            path = (*parent_path, key)
            parent[key] = value
        self.document.places[path] = self._place(event)
        return path

    def _comment_follows(self, event: yaml.ScalarEvent) -> bool:
        end = event.end_mark
        assert end is not None
        line = self.lines[end.line] if end.line < len(self.lines) else ""
        if "#" not in line:
            return False
        before, after = line[: end.column], line[end.column :]
        apart = before.endswith((" ", "\t")) or after.startswith((" ", "\t"))  # the C parser's mark is later
        return bool(event.value) and apart and after.lstrip().startswith("#")
