"""The id that a question or choice has as long as none is written."""

import hashlib
import re

from app.content.files import slug


def id_of(text: str) -> str:
    """Make an id of a text: its slug, and where that leaves something out, a few signs of its hash.

    It depends on nothing but the text, so that no neighbour changes it, and `x == 1` differs from `x != 1`.
    """
    made = slug(text)
    if _PLAIN.fullmatch(text) and len(re.findall(r"[a-z0-9]+", text.lower())) == made.count("-") + 1:
        return made
    return f"{made}-{hashlib.sha256(text.strip().encode()).hexdigest()[:6]}"


# Words of letters and digits with hyphens or apostrophes inside, and the marks of sentences around them.
_WORD = r"[\"'(*_`“‘]*[A-Za-z0-9]+(?:[-'’][A-Za-z0-9]+)*[\"')*_`”’]*[.,;:?!]*[\"')*_`”’]*"
_PLAIN = re.compile(rf"\s*{_WORD}(?:\s+(?:[-–—]\s+)?{_WORD})*\s*")
