"""What programs printed, in whole lines, where it belongs; tracebacks without what the learner can't mend."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.learning.diagram_parts import Plain, Printed

AGAIN = "... the same traceback as above"

_BLOCK = re.compile(r"^Traceback \(most recent call last\):\n(?:[ \n].*\n|\n)*(?:\S.*)", re.MULTILINE)
_TROUBLE = re.compile(r"^Traceback \(most recent call last\):|^\s+at .+:\d+:\d+\)?$", re.MULTILINE)
_OWN_FRAME = re.compile(r'^  File "(?![/<])', re.MULTILINE)


def read_output(output: Iterable[Mapping[str, Any]], lanes: Mapping[str, int]) -> Iterable[Printed]:
    """Put pieces of output together to whole lines, each where it began."""
    lines: list[Printed] = []
    unfinished: dict[tuple[Any, Any], int] = {}
    for entry in output:
        key, text = (entry.get("start"), entry["stream"]), str(entry["text"])
        if key in unfinished:
            place = unfinished.pop(key)
            rest, end, text = text.partition("\n")
            lines[place] = replace(lines[place], text=lines[place].text + rest + end)
            if not end:
                unfinished[key] = place
        if text:
            lines.append(Printed(entry["at"], lanes[entry.get("program", "program")], text))
            if not text.endswith("\n"):
                unfinished[key] = len(lines) - 1
    return lines


def join_output(rows: Iterable[Plain]) -> list[Plain]:
    """Join what one program printed without anything in between, and shorten its tracebacks."""
    found: list[Plain] = []
    for row in rows:
        last = found[-1] if found else None
        if isinstance(last, Printed) and isinstance(row, Printed) and last.lane == row.lane:
            gap = "" if last.text.endswith("\n") else "\n"
            found[-1] = replace(last, text=last.text + gap + row.text)
        else:
            found.append(row)
    seen: set[str] = set()
    return [_told(row, seen) if isinstance(row, Printed) else row for row in found]


def _told(row: Printed, seen: set[str]) -> Printed:
    """Mark trouble; a traceback that was `seen` before is not told again."""

    def once(found: re.Match[str]) -> str:
        if found[0] in seen:
            return AGAIN
        seen.add(found[0])
        return without_foreign_frames(found[0])

    trouble = _TROUBLE.search(row.text) is not None
    text = _BLOCK.sub(once, row.text) if trouble else row.text
    return replace(row, text=text.rstrip("\n"), is_trouble=trouble)


def without_foreign_frames(trace: str) -> str:
    """Fold the frames of libraries, which are named by a whole path; the learner's own files stay."""
    if not _OWN_FRAME.search(trace):
        return trace
    kept, folded, inside = [], 0, False
    for line in trace.split("\n"):
        if line.startswith("  File "):
            inside = not _OWN_FRAME.match(line)
            folded += inside
        elif not line.startswith("    "):
            inside = False
        if inside:
            continue
        if folded:
            kept.append(f"  ... {folded} {'call' if folded == 1 else 'calls'} inside libraries")
            folded = 0
        kept.append(line)
    return "\n".join(kept)
