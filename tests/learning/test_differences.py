"""Which bytes differ, exactly, and in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.learning.differences import (
    Firsts,
    differing,
    event_id,
    find_differences,
    pieces,
    say,
    text_pieces,
)
from app.provider.exchange import escaped
from tests.learning.records import sent, signed

HEADER = "X-Hub-Signature-256"


def test_a_changed_digit_is_marked_and_said() -> None:
    """One digit changed after signing: that byte, counted from 1, what it was and what it became."""
    found = find_differences(
        1, sent(1, 0, 1, body=b'{"amount":150}', signature=signed(b'{"amount":140}')), {}
    )
    assert found.words == ("byte 12: 4 became 5, after it was signed",)
    assert found.body == ((11, 12),)


def test_missing_and_added_bytes_are_said() -> None:
    """A body that lost bytes says where; one that gained some is marked there."""
    assert say(b"abef", b"abcdef") == ("after byte 2: 2 bytes are missing",)
    assert differing(b"abef", b"abcdef") == ((2, 2),)
    assert say(b"ab  cd", b"abcd") == ("from byte 3 to byte 4: other bytes",)
    assert differing(b"ab  cd", b"abcd") == ((2, 4),)


def test_white_space_and_odd_bytes_have_names() -> None:
    """A byte that can't be seen is named."""
    assert say(b"a \n\xff", b"a\t0\x00") == (
        "byte 2: a tab became a space",
        "byte 3: 0 became a line end",
        "byte 4: 0x00 became 0xFF",
    )


def test_the_signature_of_another_body_is_told_as_such() -> None:
    """Where the signed body is another event's, that is said, and not a list of bytes."""
    own, others = b'{"id":"evt_abc","n":12,"a":1}', b'{"id":"evt_xyz","m":97,"b":2}'
    (words,) = find_differences(1, sent(1, 0, 1, body=own, signature=signed(others)), {}).words
    assert words == "the signature belongs to another body; this one differs from byte 12 to 28"


def test_a_wrong_signature_is_compared_with_the_right_one() -> None:
    """In the header's value the part that differs is marked, and the right value is said."""
    wrong = sent(1, 0, 1, signature=signed(correct=((HEADER, "sha256=ab12"),)))
    wrong["request"]["headers"] = [["Content-Type", "x"], [HEADER.lower(), "sha256=ab92"]]
    found = find_differences(1, wrong, {})
    assert found.headers == {HEADER.lower(): ((9, 10),)}
    assert found.words == (f"{HEADER.lower()} differs from character 10 to 10; right would be sha256=ab12",)
    assert [piece.marked for piece in text_pieces("sha256=ab92", ((9, 10),))] == [False, True, False]


@pytest.mark.parametrize(
    ("value", "words"),
    [("sha256=ab", "lacks 2 characters after character 9"), ("", "is empty")],
)
def test_a_short_signature_says_what_it_lacks(value: str, words: str) -> None:
    """A signature that is cut, or empty."""
    short = sent(1, 0, 1, signature=signed(correct=((HEADER, "sha256=ab12"),)))
    short["request"]["headers"] = [[HEADER, value]]
    assert find_differences(1, short, {}).words == (f"{HEADER} {words}; right would be sha256=ab12",)


def test_a_missing_signature_is_missing() -> None:
    """Without the header there is nothing to mark, and that is said."""
    none = sent(1, 0, 1, signature=signed(correct=((HEADER, "sha256=ab12"),)))
    assert find_differences(1, none, {}).words == (f"no {HEADER}; right would be sha256=ab12",)


def test_the_same_event_in_other_bytes_is_compared_with_its_first_delivery() -> None:
    """A repeat with the same bytes is no difference; one with others is, against the first of them all."""
    firsts: Firsts = {}
    first = sent(1, 0, 1, body=b'{"id":"evt_1","n":1}')
    assert find_differences(1, first, firsts).words == ()
    assert find_differences(2, first, firsts).words == ()
    other = find_differences(3, sent(3, 4, 5, body=b'{"id":"evt_1","n":2}'), firsts)
    assert other.words == ("the same event as 1 in other bytes: byte 19: 1 became 2",)
    assert find_differences(4, sent(4, 6, 7, body=b'{"id":"evt_2","n":2}'), firsts).words == ()


def test_a_body_that_is_not_whole_on_record_is_not_compared() -> None:
    """Of a shortened body nobody knows the rest."""
    long = sent(1, 0, 1, body=b"x" * 70_000, signature=signed(b"y" * 70_000))
    assert find_differences(1, long, {}).words == ()


@pytest.mark.parametrize("body", [b"", b"[]", b'{"id":7}', b"{", b'{"id":""}', b'{"a":' * 90_000, b"\xff"])
def test_bodies_without_an_id_are_no_events(body: bytes) -> None:
    """Whatever was sent, it is never an error."""
    assert event_id(body) is None


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_what_is_not_marked_is_the_same(one: bytes, other: bytes) -> None:
    """Without the marked spans, all that is left of a body stands in the other one, in that order."""
    at, last = 0, 0
    for start, end in [*differing(one, other), (len(one), len(one))]:
        kept = one[at:start]
        found = other.find(kept, last)
        assert found >= last
        last, at = found + len(kept), end
    assert bool(differing(one, other)) == (one != other)
    assert bool(say(one, other)) == (one != other)


@given(st.text(max_size=30), st.data())
def test_pieces_put_together_are_the_body(text: str, data: st.DataObject) -> None:
    """No byte is lost, and no character is cut, wherever the marks stand."""
    body = text.encode("utf-8", "replace")
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), min_size=2, max_size=6).map(set)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    assert "".join(piece.text for piece in pieces(body, spans)) == escaped(body)
