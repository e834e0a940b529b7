"""Tables in texts: a column whose head is empty has no name, neither for eyes nor for a screen reader."""

import itertools
import re
from collections.abc import Iterator

from app.content.links import Mistake, prose_lines

_RULE = re.compile(r"[\s>]*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_BETWEEN = re.compile(r"(?<!\\)\|")


def table_mistakes(text: str) -> Iterator[Mistake]:
    """Find the columns without a name, each at the place where its name belongs."""
    lines = [
        _CODE.sub(lambda code: "x" * len(code[0]), line) if prose else ""
        for line, prose in zip(text.split("\n"), prose_lines(text), strict=True)
    ]
    for number, (head, rule) in enumerate(itertools.pairwise(lines), 1):
        if _BETWEEN.search(head) and "|" in rule and _RULE.fullmatch(rule):
            for column in _empty_cells(head):
                yield number, column, "L025", "This column has no name. Write one in the table's first row."


def _empty_cells(head: str) -> Iterator[int]:
    """Give the columns at which cells without a text begin; the edges of a table part no cells."""
    edges = [match.start() for match in _BETWEEN.finditer(head)]
    cells = list(zip([0, *(edge + 1 for edge in edges)], [*edges, len(head)], strict=True))
    if not head[: edges[0]].strip(" >"):
        cells = cells[1:]
    if not head[edges[-1] + 1 :].strip():
        cells = cells[:-1]
    yield from (start + 1 for start, end in cells if not head[start:end].strip())
