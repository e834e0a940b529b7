"""Lesson Markdown on the terminal."""

import pytest

from app.cli.blocks import Code, Heading, Nested, Prose, blocks, section_of
from app.cli.reading import Reader
from app.cli.screen import Screen

LESSON = """\
An opening with a [link](/lessons/raw-bytes#why), a [page](https://example.org/x) and `code`.

## First part {#first}

=== "Python"

    ```python run
    print("hello")
    ```

=== "JavaScript"

    ```javascript file=receiver.mjs
    console.log("hello")
    ```

!!! warning "Mind this"
    It burns.

```mermaid
sequenceDiagram
  accTitle: A delivery
  accDescr: The provider calls.
  Provider->>Receiver: POST
```

### Deeper

```output
# not a heading
```

## Second part

End.
"""


def read(capsys: pytest.CaptureFixture[str], text: str) -> str:
    """Show Markdown and return the text."""
    Reader(Screen(), lambda source: ("Provider → Receiver: POST",)).read(text)
    return capsys.readouterr().out


def test_blocks_are_found_in_order() -> None:
    """Prose, headings, tabs, notes and fences are told apart."""
    kinds = [type(block) for block in blocks(LESSON)]
    assert kinds == [Prose, Heading, Nested, Nested, Nested, Code, Heading, Code, Heading, Prose]


def test_tabs_stand_one_after_the_other_by_language(capsys: pytest.CaptureFixture[str]) -> None:
    """Each tab is named, and its code follows it, with the name of its file."""
    text = read(capsys, LESSON)
    order = ["Python\n", 'print("hello")', "JavaScript\n", "receiver.mjs\n", 'console.log("hello")']
    places = [text.find(part) for part in order]
    assert -1 not in places
    assert places == sorted(places)


def test_a_diagram_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Title, description and steps stand for the picture; the source does not show."""
    text = read(capsys, LESSON)
    assert "Diagram: A delivery\nThe provider calls.\n  1. Provider → Receiver: POST\n" in text
    assert "sequenceDiagram" not in text


def test_links_into_the_course_become_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """A link that only a page can follow is told as the command that shows the same."""
    text = read(capsys, LESSON)
    assert "link (course show raw-bytes)" in text
    assert "https://example.org/x" in text
    assert "/lessons/" not in text


def test_ids_of_headings_do_not_show(capsys: pytest.CaptureFixture[str]) -> None:
    """What only a page needs is left out."""
    assert "{#" not in read(capsys, LESSON)


def test_content_can_not_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """An instructor's overlay can't send escape sequences either, nor rich markup."""
    text = read(capsys, "\x1b[2J [bold]x[/bold]\n\n```python\n\x1b]0;x\x07\n```\n")
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[bold]x[/bold]" in text


def test_no_line_ends_in_blanks(capsys: pytest.CaptureFixture[str]) -> None:
    """What is copied or saved to a file holds no padding."""
    assert all(line == line.rstrip() for line in read(capsys, LESSON).splitlines())


@pytest.mark.parametrize("section", ["first", "second-part", "deeper"])
def test_a_section_is_cut_out_by_its_id(section: str) -> None:
    """An explicit id or the slug of the title names a section, which ends at the next of its level."""
    text = section_of(LESSON, section)
    assert text is not None
    assert text.startswith("#")
    assert ("End." in text) is (section == "second-part")


def test_a_line_in_a_fence_is_no_heading() -> None:
    """A comment in code begins no section."""
    assert section_of(LESSON, "not-a-heading") is None
