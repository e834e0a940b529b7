"""Text that others wrote, made harmless for a terminal."""

TAB = 4


def clean(text: str) -> str:
    """Show every character that could move the cursor, change colours or hide text as its escape.

    Line feeds stay and tabs become spaces; all else that Unicode calls not printable (control
    characters, direction marks, lone surrogates, odd spaces) becomes visible: ESC is `\\x1b`.
    """
    if text.isascii() and text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join("".join(map(_visible, line.expandtabs(TAB))) for line in lines)


def one_line(text: str) -> str:
    """Make the text harmless and keep it on one line."""
    return clean(text).replace("\n", "\\n")


def clipped(text: str, *, lines: int, columns: int = 400, tail: int = 0) -> list[str]:
    """Give at most so many lines, harmless, the last `tail` ones included, and say how many are left out."""
    every = clean(text).split("\n")
    while every and not every[-1].strip():
        every.pop()
    kept = [_shortened(line, columns) for line in every]
    left = len(kept) - lines
    if left <= 0:
        return kept
    told = f"... {left} more {'line' if left == 1 else 'lines'}"
    return [*kept[: lines - tail], told, *kept[len(kept) - tail :]]


def _shortened(line: str, columns: int) -> str:
    if len(line) <= columns:
        return line
    return f"{line[:columns]}... {len(line) - columns} more characters"


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")
