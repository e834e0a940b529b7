"""What the YAML parser complains about, in words that say what to do."""

import re

import yaml

MAX_DEPTH = 20
Place = tuple[int, int]  # line and column, from 1
Told = tuple[Place, str, str]  # where, code, message

ALIAS = "Anchors (&name) and aliases (*name) are not used. Write it out, or quote a text that begins so."
TOO_DEEP = f"More than {MAX_DEPTH} levels deep. Make it flatter."
TAG = "Tags (!name) are not used. Quote a text that begins with an exclamation mark."
_UNSEEN = "A character that may not stand in YAML. Remove it."
_TAB = "A tab. Indent with spaces."


def in_plain_words(error: yaml.YAMLError, lines: list[str]) -> list[Told]:
    """Tell a syntax error at its place; a tab is told wherever one indents."""
    said = f"{getattr(error, 'context', '') or ''} {getattr(error, 'problem', '') or ''}".strip()
    mark = _mark(error, said)
    if mark is None:  # a character that YAML does not allow anywhere
        return [(_place_of(getattr(error, "position", 0) or 0, lines), "Y001", _UNSEEN)]
    at_line = max(0, min(mark.line, len(lines) - 1))  # the end of the file is the end of its last line
    line = lines[at_line] if lines else ""
    column = mark.column if at_line == mark.line else len(line)
    if "\t" in said or "tab character" in said or line[column : column + 1] == "\t":
        return [((number, 1), "Y001", _TAB) for number in _tabbed(lines)] or [
            ((at_line + 1, column + 1), "Y001", _TAB)
        ]
    code = "Y005" if "nesting depth" in said else "Y001"
    return [((at_line + 1, column + 1), code, _advice(said, line, column))]


def _mark(error: yaml.YAMLError, said: str) -> "yaml.Mark | None":
    """Give where the mistake was made, which for an unclosed thing is where it begins."""
    opened = any(
        each in said for each in ("quoted scalar", "double-quoted", "simple key", "an alias", "an anchor")
    )
    names = ("context_mark", "problem_mark") if opened else ("problem_mark", "context_mark")
    return next((mark for mark in (getattr(error, name, None) for name in names) if mark), None)


def _place_of(position: int, lines: list[str]) -> Place:
    for number, line in enumerate(lines, 1):
        if position <= len(line):
            return number, position + 1
        position -= len(line) + 1
    return max(1, len(lines)), 1


def _tabbed(lines: list[str]) -> list[int]:
    return [number for number, line in enumerate(lines, 1) if re.match(r" *\t", line) and line.strip()][:20]


def _advice(said: str, line: str, column: int) -> str:
    character = line[column : column + 1] or "this sign"
    value = re.sub(r"^\s*(?:- +)*(?:[a-z_]+: +)?", "", line)
    if (
        any(each in said for each in _WENT_ON)
        and value[:1] in _ABOUT_ENDS
        and column > len(line) - len(value)
    ):
        return _ABOUT_ENDS[value[0]]
    for fragment, advice in _ADVICE.items():
        if fragment in said:
            return advice.replace("CHARACTER", character)
    return f"This is not YAML: {said}. Check the indentation, or put the text in quotes."


_INDENTATION = "Wrong indentation. Align it with the lines above, or quote a text that goes on here."
_WENT_ON = ("did not find expected key", "did not find expected '-'", "expected <block end>")
_BRACKET = "A text that begins with a bracket must be in quotes. Put the whole text in single quotes."
_SIGN = "A sign that only [ ] or { } may hold, or one not closed. Put the text in quotes."
_ABOUT_ENDS = {
    '"': "The text goes on behind its closing quote. Put the whole of it in single quotes.",
    "'": "A quote inside single quotes ends the text. Write it twice (''), or use double quotes.",
    "[": _BRACKET,
    "{": _BRACKET,
}
_ADVICE = {
    "nesting depth": TOO_DEEP,
    "cannot start any token": (
        "A text can't begin with CHARACTER. Put it in quotes, or write it on the next lines below `|`."
    ),
    "mapping values are not allowed": (
        "A colon and a space inside a text look like a new field. Put the whole text in quotes; "
        "if it is a field, align it with those above."
    ),
    "unknown escape": "A backslash inside double quotes. Use single quotes, or write two backslashes.",
    "expected escape": "A backslash inside double quotes. Use single quotes, or write two backslashes.",
    "block scalar": "A text that begins with > or | must be in quotes. Put the whole text in single quotes.",
    "sequence entries are not allowed": (
        "A text that begins with a hyphen must be in quotes. A list begins on the next line."
    ),
    "expected ':'": "Here a field's name, a colon and a space belong. Add them, or quote the text.",
    "end of stream": "The quotes that open here are never closed. Close them.",
    "document separator": "The quotes that open here are never closed. Close them.",
    "did not find expected key": _INDENTATION,
    "expected <block end>": _INDENTATION,
    "did not find expected '-'": _INDENTATION,
    "',' or ']'": "A list in [ ] is not closed, or a text in it holds a special sign. Write `- item` lines.",
    "',' or '}'": "A mapping in { } is not closed, or a text in it holds a comma. Write one field per line.",
    "expected node content": _SIGN,
    "expected the node content": _SIGN,
    "undefined alias": ALIAS,
    "alphabetic or numeric": ALIAS,
}
