"""Fold what repeats in a long diagram: the first exchanges, the last and the failing one stay."""

import itertools
from collections import Counter
from collections.abc import Sequence

from app.learning.diagram_parts import Arrow, Fold, Life, Note, Plain, Printed, Row, Said

SHOWN = 8
"""So many exchanges are shown without folding."""
FIRST, LAST = 3, 2
SMALLEST = 3
"""Fewer arrows are not worth a fold."""


def fold(rows: Sequence[Plain]) -> tuple[Row, ...]:
    """Fold the arrows of exchanges that are neither first, last nor failing, and what lies between them."""
    numbers = sorted({row.number for row in rows if isinstance(row, Arrow)})
    if len(numbers) <= SHOWN:
        return tuple(rows)
    shown = {*numbers[:FIRST], *numbers[-LAST:]}
    shown |= {row.number for row in rows if isinstance(row, Arrow) and row.is_failing}
    found: list[Row] = []
    for hidden, group in itertools.groupby(_marked(rows, shown), key=lambda pair: pair[1]):
        inside = tuple(row for row, _ in group)
        arrows = sum(isinstance(row, Arrow) for row in inside)
        found += [_folded(inside)] if hidden and arrows >= SMALLEST else inside
    return tuple(found)


def _marked(rows: Sequence[Plain], shown: set[int]) -> list[tuple[Plain, bool]]:
    """Pair each row with whether it is folded; what stands between two folded arrows is folded with them."""
    hidden = [isinstance(row, Arrow) and row.number not in shown for row in rows]
    before = list(itertools.accumulate(zip(rows, hidden, strict=True), _last_firm, initial=False))[1:]
    after = list(
        itertools.accumulate(zip(reversed(rows), reversed(hidden), strict=True), _last_firm, initial=False)
    )[:0:-1]
    return [
        (row, own or (not _is_firm(row) and before[at] and after[at]))
        for at, (row, own) in enumerate(zip(rows, hidden, strict=True))
    ]


def _last_firm(last: bool, pair: tuple[Plain, bool]) -> bool:
    return pair[1] if _is_firm(pair[0]) else last


def _is_firm(row: Plain) -> bool:
    """Whether a row stays or goes by itself; other output and gaps in the record go with their neighbours."""
    if isinstance(row, Printed):
        return row.is_trouble
    if isinstance(row, Note):
        return not row.left_out
    return isinstance(row, Arrow | Life | Said)


def _folded(rows: tuple[Plain, ...]) -> Fold:
    arrows = [row for row in rows if isinstance(row, Arrow)]
    asked = {arrow.number for arrow in arrows if arrow.kind == "request"}
    ended = {arrow.number for arrow in arrows if arrow.kind != "request"}
    labels = Counter(arrow.label for arrow in arrows if arrow.kind != "request")
    endings = ", ".join(f"{count} × {label}" for label, count in labels.most_common())
    endings = endings if len(labels) > 1 else "".join(labels)
    left_out = sum(row.left_out for row in rows if isinstance(row, Note))
    words = []
    if asked == ended:
        words.append(f"{len(asked)} more exchanges: {endings}")
    else:
        words += [f"{_count(asked, 'request')}"] if asked else []
        words += [f"{_count(ended, 'answer')}: {endings}"] if ended else []
    if left_out:
        words.append(f"{left_out} more are not on record")
    return Fold(rows[0].at, "; ".join(words), rows, rows[-1].states)


def _count(numbers: set[int], word: str) -> str:
    return f"1 more {word}" if len(numbers) == 1 else f"{len(numbers)} more {word}s"
