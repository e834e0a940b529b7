"""Read YAML in which every scalar stays text, and keep the place of every value.

YAML guesses types (`no` becomes False, `12:30` becomes 750) and can point back into itself (a bomb of
aliases). Nothing of that is wanted in a file about programming, so the tree is built from the parser's
events: mappings, lists and text, each with its line and column. Nothing is ever constructed from a tag.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from app.content.problems import Problem

MAX_DEPTH = 20
Tree = dict[str, "Tree"] | list["Tree"] | str
Path = tuple[str | int, ...]
Place = tuple[int, int]  # line and column, from 1

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser where it is built: ten times faster


@dataclass
class Document:
    """What a YAML text says, and where it says it."""

    tree: Tree = ""
    places: dict[Path, Place] = field(default_factory=dict)  # of each value
    keys: dict[Path, Place] = field(default_factory=dict)  # of each mapping's keys
    cut: set[Path] = field(default_factory=set)  # unquoted texts that a comment follows on the same line

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
    builder = _Builder(text, first_line)
    try:
        builder.build()
    except _Refused as refused:
        builder.refuse(refused.place, refused.code, refused.message)
    except yaml.YAMLError as error:
        builder.refuse(*_in_plain_words(error, text, first_line))
    problems = tuple(Problem(path, *place, code, message) for place, code, message in builder.refused)
    return (None if problems else builder.document), problems


class _Builder:
    """Turn the events of one document into a tree; not recursive, and as deep as MAX_DEPTH."""

    def __init__(self, text: str, first_line: int) -> None:
        self.text, self.first_line = text, first_line
        self.lines = text.splitlines()
        self.document = Document()
        self.refused: list[tuple[Place, str, str]] = []
        self.open: list[tuple[Tree, Path]] = []  # the collections around the current event
        self.key: list[str | None] = []  # the key that waits for its value, one for each of `open`
        self.documents = 0

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
                case yaml.DocumentStartEvent():
                    self._document(event)
        if not self.documents:
            raise _Refused((self.first_line, 1), "Y008", "The file is empty. Write the fields of the format.")

    def _events(self) -> Iterator[yaml.Event]:
        for event in yaml.parse(self.text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent):
                self.refuse(self._place(event), "Y002", _ALIAS)
                yield yaml.ScalarEvent(None, None, (True, True), "", event.start_mark, event.end_mark)
                continue
            if getattr(event, "anchor", None):
                self.refuse(self._place(event), "Y002", _ALIAS)
            if getattr(event, "tag", None) not in (None, "!"):
                self.refuse(self._place(event), "Y003", _TAG)
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

    def _begin(self, event: yaml.Event, collection: Tree) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise _Refused(self._place(event), "Y005", _TOO_DEEP)
        path = self._put(event, collection)
        self.open.append((collection, path))
        self.key.append(None)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if self.open and isinstance(self.open[-1][0], dict) and self.key[-1] is None:
            self._key(event)
            return
        path = self._put(event, event.value)
        if not event.style and self._comment_follows(event):
            self.document.cut.add(path)

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
        before, after = line[: end.column], line[end.column :]
        apart = before.endswith((" ", "\t")) or after.startswith((" ", "\t"))  # the C parser's mark is later
        return bool(event.value) and apart and after.lstrip().startswith("#")


_ALIAS = "Anchors (&name) and aliases (*name) are not used. Write it out, or quote a text that begins so."
_TOO_DEEP = f"More than {MAX_DEPTH} levels deep. Make it flatter."
_INDENTATION = "Wrong indentation, or a text with a quote inside. Align it with the lines above."
_TAG = "Tags (!name) are not used. Quote a text that begins with an exclamation mark."


def _in_plain_words(error: yaml.YAMLError, text: str, first_line: int) -> tuple[Place, str, str]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:  # a character that YAML does not allow anywhere
        position = getattr(error, "position", 0) or 0
        line = text.count("\n", 0, position)
        column = position - (text.rfind("\n", 0, position) + 1)
        return (line + first_line, column + 1), "Y001", "A character that may not stand in YAML. Remove it."
    lines = text.splitlines() or [""]
    at_line = min(mark.line, len(lines) - 1)  # the end of the file counts as the end of its last line
    column = mark.column if at_line == mark.line else len(lines[at_line])
    place = (at_line + first_line, column + 1)
    said = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    if "nesting depth" in said:
        return place, "Y005", _TOO_DEEP
    return place, "Y001", _advice(said, lines[at_line][column : column + 1])


def _advice(said: str, character: str) -> str:
    if character == "\t":
        return "A tab. Indent with spaces."
    for fragment, advice in _ADVICE.items():
        if fragment in said:
            return advice.replace("CHARACTER", character or "this character")
    return f"This is not YAML: {said.strip()}. Check the indentation, or put the text in quotes."


_ADVICE = {
    "cannot start any token": (
        "A text can't begin with CHARACTER. Put it in quotes, or write it on the next lines below `|`."
    ),
    "mapping values are not allowed": (
        "A colon and a space inside a text look like a new field. Put the whole text in quotes."
    ),
    "unknown escape": "A backslash inside double quotes. Use single quotes, or write two backslashes.",
    "expected escape": "A backslash inside double quotes. Use single quotes, or write two backslashes.",
    "expected ':'": "Here a `:` should follow a field's name. Check the indentation, or quote the text.",
    "end of stream": "The file ends inside a quoted text. Close the quotes.",
    "did not find expected key": _INDENTATION,
    "expected <block end>": _INDENTATION,
    "',' or ']'": "A list in [ ] is not closed, or a text in it holds a special sign. Write `- item` lines.",
    "',' or '}'": "A mapping in { } is not closed, or a text in it holds a comma. Write one field per line.",
    "expected node content": "A list in [ ] or a mapping in { } is not closed. Write one item per line.",
    "undefined alias": _ALIAS,
    "alphabetic or numeric": _ALIAS,
}
