"""Text of others can't do anything to a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.clean import clean, clipped, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\rb", "a\\rb"),
        ("a\r\nb", "a\nb"),
        ("a\tb", "a   b"),
        ("\u202eevil\u2066", "\\u202eevil\\u2066"),
        ("\x9b31m", "\\x9b31m"),
        ("\udc80", "\\udc80"),
        ("\x00\x08", "\\x00\\x08"),
        ("äöü €", "äöü €"),
    ],
)
def test_characters_that_act_on_a_terminal_become_visible(text: str, shown: str) -> None:
    """Every control character, direction mark and lone surrogate is shown as its escape."""
    assert clean(text) == shown


@given(st.text())
def test_what_is_cleaned_is_printable(text: str) -> None:
    """Whatever comes in, only printable characters and line feeds come out."""
    assert all(character == "\n" or character.isprintable() for character in clean(text))


def test_one_line_stays_one_line() -> None:
    """A line feed in a name can't begin a line of its own."""
    assert one_line("a\nb") == "a\\nb"


def test_long_output_says_how_much_is_left_out() -> None:
    """The first and the last lines are kept, and the number of the others is told."""
    text = "\n".join(str(number) for number in range(100))
    assert clipped(text, lines=4, tail=2) == ["0", "1", "... 96 more lines", "98", "99"]


def test_a_long_line_says_how_much_is_left_out() -> None:
    """A line longer than the limit is cut, and the rest is counted."""
    assert clipped("x" * 50, lines=2, columns=10) == ["xxxxxxxxxx... 40 more characters"]
