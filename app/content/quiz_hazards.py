"""Where YAML may have made something else of a text than its author typed."""

from collections import defaultdict
from collections.abc import Mapping

from app.content.quiz_rules import Finding
from app.content.yaml_text import Document, Path

_CUT = "What follows ` #` is a comment and is not shown. If it is text, put the whole in quotes."
_LOOSE = (
    "A comma or a colon inside [ ] or { } cuts a text. Write it on a line of its own, or put it in quotes."
)
_JOINED = "A line that begins with `- ` became part of this text. Align it with the entries of its list."


def hazards_of(document: Document) -> Mapping[Path, tuple[Finding, ...]]:
    """Give the warnings about texts, by the question or stimulus to which they belong."""
    found: dict[Path, tuple[Finding, ...]] = defaultdict(tuple)
    for paths, code, message in (
        (document.cut, "W121", _CUT),
        (document.loose, "W126", _LOOSE),
        (document.joined, "W127", _JOINED),
    ):
        for path in sorted(filter(_is_prose, paths), key=str):
            found[path[:2]] += ((path[2:], code, message, "warning"),)
    return found


_PROSE = frozenset(
    {
        "accept",
        "choices",
        "distractors",
        "explanation",
        "feedback",
        "hints",
        "items",
        "match",
        "model_answer",
        "output",
        "points",
        "stem",
        "text",
        "unit",
    }
)


def _is_prose(path: Path) -> bool:
    """Say whether a learner reads what stands there: a field with a text, or an entry of a list of texts."""
    if len(path) < 2 or path[0] not in ("questions", "stimulus"):
        return False
    if path[0] == "stimulus" and len(path) == 2:
        return True
    field = path[-2] if isinstance(path[-1], int) else path[-1]
    return field in _PROSE
