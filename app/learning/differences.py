"""Which bytes of a delivery differ from those that were signed, or from those of an earlier delivery."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from app.provider.exchange import escaped

COMPARED_EXACTLY = 600
"""Longer bodies of different length are marked from the first to the last byte that differs."""
NAMED = 3
"""So many single bytes are told one by one."""

Data = Mapping[str, Any]
Span = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """A part of a text; a marked one differs, and an empty marked one says that something is missing."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Differences:
    """What differs in one request: spans of its body, spans of header values by name, and both in words."""

    body: tuple[Span, ...] = ()
    headers: Mapping[str, tuple[Span, ...]] | None = None
    words: tuple[str, ...] = ()


Firsts = dict[str, tuple[int, bytes]]
"""The first delivery of each event: its number and its bytes, by the event's id."""


def find_differences(number: int, exchange: Data, firsts: Firsts) -> Differences:
    """Compare a recorded request with what was signed, else with the first delivery of its event.

    `firsts` holds what came before; an event that is new to it is put in.
    """
    body = body_of(exchange)
    if body is None:
        return Differences()
    signature = exchange.get("signature") or {}
    if signature.get("signed_base64") is not None:
        return _signed_otherwise(body, base64.b64decode(signature["signed_base64"]))
    repeated = _repeated(number, body, firsts)
    if signature.get("correct"):
        return _header_differences(exchange["request"]["headers"], signature["correct"])
    return repeated


def body_of(exchange: Data) -> bytes | None:
    """Return the exact bytes of a request's body, or None where not all are on record."""
    body = exchange["request"]["body"]
    return None if body["truncated"] else base64.b64decode(body["base64"])


def differing(sent: bytes, right: bytes) -> tuple[Span, ...]:
    """Return the spans of `sent` that differ from `right`; an empty span is where bytes are missing."""
    if len(sent) == len(right):
        return _runs([place for place in range(len(sent)) if sent[place] != right[place]])
    if max(len(sent), len(right)) > COMPARED_EXACTLY:
        return (_span(sent, right),)
    matcher = SequenceMatcher(None, right, sent, autojunk=False)
    return tuple((start, end) for what, _, _, start, end in matcher.get_opcodes() if what != "equal")


def say(sent: bytes, right: bytes) -> tuple[str, ...]:
    """Say in words where `sent` differs from `right`; bytes are counted from 1."""
    changed = [place for place in range(min(len(sent), len(right))) if sent[place] != right[place]]
    if len(sent) == len(right) and len(changed) <= NAMED:
        return tuple(f"byte {at + 1}: {_named(right[at])} became {_named(sent[at])}" for at in changed)
    start, end = _span(sent, right)
    if start == end:
        return (f"after byte {start}: {_bytes(len(right) - len(sent))} missing",)
    places = len(differing(sent, right))
    if places > 1:
        return (f"{places} places differ, the first at byte {start + 1}, the last up to byte {end}",)
    return (f"from byte {start + 1} to byte {end}: other bytes",)


def pieces(body: bytes, spans: Sequence[Span]) -> tuple[Piece, ...]:
    """Cut a body into readable pieces of which those in `spans` are marked; no character is cut in two."""
    found, at = [], 0
    for start, end in spans:
        start, end = _whole_characters(body, start, end)
        start = max(start, at)
        if start > at:
            found.append(Piece(escaped(body[at:start])))
        found.append(Piece(escaped(body[start:end]), marked=True))
        at = end
    if at < len(body):
        found.append(Piece(escaped(body[at:])))
    return tuple(found)


def text_pieces(text: str, spans: Sequence[Span]) -> tuple[Piece, ...]:
    """Cut a header's value into pieces of which those in `spans` are marked."""
    found, at = [], 0
    for start, end in spans:
        found += [Piece(text[at:start]), Piece(text[start:end], marked=True)]
        at = end
    return tuple(piece for piece in (*found, Piece(text[at:])) if piece.text or piece.marked)


def _signed_otherwise(body: bytes, signed: bytes) -> Differences:
    """Compare with the bytes under the signature: this body before it was changed, or another one."""
    spans = differing(body, signed)
    if len(spans) <= NAMED:
        words = tuple(f"{said}, after it was signed" for said in say(body, signed))
        return Differences(spans, {}, words)
    start, end = _span(body, signed)
    words = (f"the signature belongs to another body; this one differs from byte {start + 1} to {end}",)
    return Differences(((start, end),), {}, words)


def _header_differences(sent: Sequence[Sequence[str]], correct: Sequence[Sequence[str]]) -> Differences:
    values = {name.lower(): (name, value) for name, value in sent}
    spans: dict[str, tuple[Span, ...]] = {}
    words = []
    for name, right in correct:
        if name.lower() not in values:
            words.append(f"no {name}; right would be {right}")
            continue
        shown, value = values[name.lower()]
        if value != right:
            spans[shown] = (_span(value, right),)
            words.append(f"{shown} {_say_value(value, right)}; right would be {right}")
    return Differences((), spans, tuple(words))


def _say_value(value: str, right: str) -> str:
    if not value:
        return "is empty"
    start, end = _span(value, right)
    if start == end:
        return f"lacks {len(right) - len(value)} characters after character {start}"
    return f"differs from character {start + 1} to {end}"


def _repeated(number: int, body: bytes, firsts: Firsts) -> Differences:
    """Compare with the first delivery of the same event, where that had other bytes."""
    event = event_id(body)
    if event is None:
        return Differences()
    first_number, first = firsts.setdefault(event, (number, body))
    if first == body:
        return Differences()
    words = tuple(f"the same event as {first_number} in other bytes: {said}" for said in say(body, first))
    return Differences(differing(body, first), {}, words)


def event_id(body: bytes) -> str | None:
    """Return the id that a JSON body carries at its top, if it does."""
    if not body.lstrip().startswith(b"{"):
        return None
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str) and found else None


def _span(sent: Sequence[Any], right: Sequence[Any]) -> Span:
    """Return the part of `sent` between what both begin with and what both end with."""
    shortest = min(len(sent), len(right))
    start = next((place for place in range(shortest) if sent[place] != right[place]), shortest)
    rest = shortest - start
    tail = next((place for place in range(rest) if sent[-1 - place] != right[-1 - place]), rest)
    return start, len(sent) - tail


def _runs(places: Sequence[int]) -> tuple[Span, ...]:
    runs: list[Span] = []
    for place in places:
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return tuple(runs)


def _whole_characters(body: bytes, start: int, end: int) -> Span:
    if start == end:
        return start, end
    while start > 0 and start < len(body) and body[start] & 0xC0 == 0x80:
        start -= 1
    while end < len(body) and body[end] & 0xC0 == 0x80:
        end += 1
    return start, end


def _named(byte: int) -> str:
    if byte in _SPECIAL:
        return _SPECIAL[byte]
    return chr(byte) if 0x20 < byte < 0x7F else f"0x{byte:02X}"


_SPECIAL = {0x20: "a space", 0x0A: "a line end", 0x09: "a tab"}


def _bytes(count: int) -> str:
    return "1 byte is" if count == 1 else f"{count} bytes are"
