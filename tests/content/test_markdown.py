"""Markdown as pages: what lessons need, and nothing dangerous whatever the text says."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content.markdown import Section, render
from app.content.safe_html import is_safe_address


class Tags(HTMLParser):
    """Collect the tags and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def test_code_is_highlighted() -> None:
    """Code comes in Pygments' classes, without a style attribute, and can be reached by keyboard."""
    page = render("```python run\nprint('<hi>')\n```\n").html
    assert '<span class="nb">print</span>' in page
    assert "&lt;hi&gt;" in page
    assert '<pre tabindex="0">' in page
    assert "style=" not in page


def test_a_file_and_its_output() -> None:
    """A fence that names its file shows the name; output is marked as output."""
    assert (
        '<span class="filename">receiver.py</span>' in render("```python file=receiver.py\nx = 1\n```").html
    )
    assert '<div class="output highlight">' in render("```output\n1\n```").html


def test_tabs() -> None:
    """Tabs are radio buttons with labels, so that they work without a script."""
    tab = '=== "{}"\n\n    ```python\n    x\n    ```\n\n'
    page = render(tab.format("Python") + tab.format("JavaScript"))
    tags = Tags(page.html).found
    labels = [attributes["for"] for tag, attributes in tags if tag == "label"]
    radios = [attributes for tag, attributes in tags if tag == "input"]
    assert [radio["id"] for radio in radios] == labels
    assert len({radio["name"] for radio in radios}) == 1
    assert [radio["type"] for radio in radios] == ["radio", "radio"]


@pytest.mark.parametrize("kind", ["note", "warning", "tip", "question", "try"])
def test_notes(kind: str) -> None:
    """Each kind of note keeps its kind and its title."""
    page = render(f'!!! {kind} "A title"\n    With a `word`.\n').html
    assert f'<div class="admonition {kind}">' in page
    assert '<p class="admonition-title">A title</p>' in page


def test_sections() -> None:
    """Headings are told with the id that links use, written or made, and without their markup."""
    rendered = render("## Raw `bytes` & more {#raw-bytes}\n\n### Why not?\n")
    assert rendered.sections == (
        Section("raw-bytes", "Raw bytes & more", 2),
        Section("why-not", "Why not?", 3),
    )
    assert '<h2 id="raw-bytes">' in rendered.html


def test_tables_scroll() -> None:
    """A table stands in a group that scrolls by keyboard; its alignment is a class."""
    page = render("| a | b |\n|---|--:|\n| 1 | 2 |\n").html
    assert '<div aria-label="Table" class="table" role="group" tabindex="0"><table>' in page
    assert '<td class="align-right">2</td>' in page


def test_code_in_a_list_in_a_note() -> None:
    """A fence may stand in a list within a note."""
    page = render(
        "!!! try\n    1. One:\n\n        ```console\n        $ ls\n        ```\n\n    2. Two\n"
    ).html
    assert "<pre" in page
    assert page.count("<li>") == 2


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "text <b onclick=alert(1)>b</b>",
    "<div>\n\n[x](javascript:alert(1))\n\n</div>",
    "[x](javascript:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6a;avascript&colon;alert(1))",
    "[x]( JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](\\javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](data:text/html,<script>)",
    "[x](vbscript:x)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\\\evil.example)",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x](/ok){: onclick=alert(1) style=color:red }",
    "## H {#h onmouseover=alert(1)}",
    "para\n{: onclick=alert(1) }",
    '``` {.python onclick="alert(1)"}\nx\n```',
    '```python title="<script>"\nx\n```',
    '```"><script>\nx\n```',
    "```python file=<script>\nx\n```",
    '=== "<script>"\n\n    x\n',
    '!!! note "<script>"\n    x\n',
    '!!! "><script> x\n    x\n',
    "| <script> |\n|---|\n| <img onerror=x> |\n",
    "```mermaid\n<script>alert(1)</script>\n```",
]
TAGS = re.compile(
    r"a|blockquote|br|code|dd|details|div|dl|dt|em|fig(caption|ure)|h[1-6r]|img|input|label|li|ol|p|pre|span|strong|"
    r"summary|table|tbody|t[dhr]|thead|ul"
)
ATTRIBUTES = re.compile(
    r"alt|aria-label|checked|class|data-tabs|for|height|href|id|name|open|role|src|start|tabindex|title|type|width"
)


def assert_safe(page: str) -> None:
    """Say that a page holds only harmless tags, attributes and addresses."""
    for tag, attributes in Tags(page).found:
        assert TAGS.fullmatch(tag)
        assert all(ATTRIBUTES.fullmatch(name) for name in attributes)
        for name in ("href", "src"):
            assert is_safe_address(attributes.get(name, ""))
            assert (
                not attributes.get(name, "")
                .strip()
                .lower()
                .startswith(("javascript", "data", "vbscript", "//"))
            )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts(text: str) -> None:
    """HTML is shown as text, and an address that could run a script is dropped."""
    assert_safe(render(text).html)


pieces = st.sampled_from(
    [
        *"<>\"'`[](){}:#!&;/\\|\n ",
        "script",
        "javascript:",
        "onclick=x",
        "&#106;",
        "    ",
        "```",
        "!!! note",
        "{: ",
        "=== ",
    ]
)


@given(st.lists(pieces, max_size=30).map("".join))
def test_no_mixture_is_dangerous(text: str) -> None:
    """Nor does any mixture of what Markdown and HTML are made of become dangerous."""
    assert_safe(render(text).html)


@pytest.mark.parametrize(
    "address", ["https://a.example", "http://a", "mailto:a@b.c", "/lessons/x", "#x", "x?y", ""]
)
def test_addresses_that_stay(address: str) -> None:
    """The web, mail, this site and this page may be linked."""
    assert is_safe_address(address)


def test_pictures_of_diagrams(tmp_path: Path) -> None:
    """A diagram is a picture with its words folded beside it; without a picture the words stand alone."""
    text = "```mermaid\nsequenceDiagram\n  accTitle: A <b>\n  accDescr: Hello.\n  A->>B: Hi\n```\n"
    lesson = tmp_path / "05-raw-bytes.md"
    alone = render(text, base=lesson).html
    assert "<img" not in alone
    assert "<details" not in alone
    assert "<li>A → B: Hi</li>" in alone
    (tmp_path / "05-raw-bytes.1.svg").write_text('<svg data-stamp="x" width="10" height="20"></svg>')
    page = render(text, base=lesson).html
    assert '<img src="/diagrams/raw-bytes/1.svg" alt="A &lt;b&gt;" width="10" height="20">' in page
    assert "<summary>The diagram in words</summary><p>Hello.</p><ol><li>A → B: Hi</li></ol>" in page
