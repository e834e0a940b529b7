"""Read a number as people type it: `1.5`, `1,5`, `-2`, `1e3`, `12 000`, `5 s`."""

import re
import unicodedata
from decimal import Decimal

MAX_NUMBER = 60  # signs

_MINUS = str.maketrans({"−": "-", "–": "-", "’": "'"})
_GROUPS = re.compile(r"(?<=\d)[ _'](?=\d{3}(?!\d))")  # 12 000, 12_000, 12'000
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?")
_BOTH = (
    (re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+"), ",", "."),  # 1,234.5
    (re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+"), ".", ","),  # 1.234,5
)
_UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


def read_number(typed: str, unit: str = "") -> Decimal | None:
    """Give the typed number, its unit left out; None for what is no number (`nan` and `inf` are none)."""
    if len(typed) > MAX_NUMBER:
        return None
    text = _bare(typed, unit)
    if is_unclear(typed, unit):
        return None
    for shape, groups, point in _BOTH:
        if shape.fullmatch(text):
            text = text.replace(groups, "").replace(point, ".")
    text = text.replace(",", ".") if text.count(",") == 1 else text
    return Decimal(text) if text.isascii() and _PLAIN.fullmatch(text) else None


def is_unclear(typed: str, unit: str = "") -> bool:
    """Say whether a comma could be a decimal point as well as a mark of thousands, as in `1,000`."""
    return bool(_UNCLEAR.fullmatch(_bare(typed, unit)))


def _bare(typed: str, unit: str) -> str:
    text = unicodedata.normalize("NFKC", typed).translate(_MINUS).strip()
    unit = unicodedata.normalize("NFKC", unit).strip()
    if unit and text.casefold().endswith(unit.casefold()):
        text = text[: -len(unit)].rstrip()
    return _GROUPS.sub("", text)
