"""When two typed answers are the same."""

import unicodedata

MAX_ANSWER = 200  # signs of a short answer; patterns are never matched with more


def same_text(text: str, case_sensitive: bool = False) -> str:
    """Give the form in which short answers are compared: NFKC, blanks made one, capitals made small."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if case_sensitive:
        return plain
    return " ".join(unicodedata.normalize("NFKC", plain.casefold()).split())


def printed(output: str) -> str:
    """Give the form in which outputs are compared: without blanks at the ends of lines and of the text."""
    lines = output.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")
