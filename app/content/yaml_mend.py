"""Mend a line that is not YAML as its author has to, so that the mistakes behind it are found, too."""

import re

_LINE = re.compile(r"(?P<before>\s*(?:- +)*(?:[a-z_]+: +)?)(?P<value>\S.*?)\s*")
_GLUED = re.compile(r"(\s*(?:- +)*[a-z_]+):(?=[^\s/])")


def mend(text: str, number: int) -> str | None:
    """Give the text with line `number` (from 1) mended; None where nobody knows how."""
    lines = text.split("\n")
    if not 1 <= number <= len(lines):
        return None
    mended = _mended(lines[number - 1])
    if mended is None:
        return None
    lines[number - 1] = mended
    return "\n".join(lines)


def _mended(line: str) -> str | None:
    match = _LINE.fullmatch(line)
    if match is None or "\t" in match["before"]:
        return None
    glued = _GLUED.match(match["value"]) if match["before"].strip(" -") == "" else None
    if glued:
        place = len(match["before"]) + glued.end()
        return f"{line[:place]} {line[place:]}"
    quoted = match["value"].replace("'", "''")
    return f"{match['before']}'{quoted}'"
