"""The YAML reader: text stays text, places are kept, nothing clever gets in."""

from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.content import yaml_text
from app.content.yaml_text import MAX_DEPTH, read_yaml

PARSERS = [getattr(yaml, "CSafeLoader", yaml.SafeLoader), yaml.SafeLoader]


@pytest.fixture(params=PARSERS, autouse=True, ids=["fast", "plain"])
def _each_parser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run each test with the C parser, where it is built, and with the plain one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_text, "LOADER", request.param)
        yield


@pytest.mark.parametrize(
    "text", ["no", "on", "3.10", "010", "12:30", "2024-01-01", "1_000", "null", "~", "404"]
)
def test_scalars_stay_text(text: str) -> None:
    """What YAML would turn into a flag, a number, a date or nothing is the text that stands there."""
    document, problems = read_yaml(f"- {text}\n", "f.yaml")
    assert problems == ()
    assert document is not None
    assert document.tree == [text]


def test_places() -> None:
    """Each value and each key knows its line and column, counted from the file's first line."""
    document, _ = read_yaml("a: 1\nb:\n  - x\n  - c: y\n", "f.yaml", first_line=11)
    assert document is not None
    assert document.place(("b", 1, "c")) == (14, 8)
    assert document.keys[("b", 1, "c")] == (14, 5)
    assert document.place(("b", 1, "missing")) == document.place(("b", 1)) == (14, 5)


@pytest.mark.parametrize(
    ("text", "where", "code", "word"),
    [
        ("- `x = 1`", "1:3", "Y001", "quotes"),
        ("- @property", "1:3", "Y001", "quotes"),
        ("a: b: c", "1:5", "Y001", "colon"),
        ("a:\n\tb: 1", "2:1", "Y001", "tab"),
        ("a: 'it's'", "1:8", "Y001", "quote"),
        ("a: 'x", "1:4", "Y001", "never closed"),
        ("- a\n b: 1", "2:3", "Y001", "quotes"),
        ("a: \x07", "1:4", "Y001", "character"),
        ("%YAML 3.0\n---\na", "1:1", "Y001", "not YAML"),
        ("- > 3 is greater", "1:5", "Y001", "begins with > or |"),
        ('- "Yes" and more', "1:9", "Y001", "behind its closing quote"),
        ("- [x] done", "1:7", "Y001", "bracket"),
        ("a: - b", "1:4", "Y001", "hyphen"),
        ("a: 1\nstem:Which\nb: 2", "2:1", "Y001", "a colon and a space"),
        ('a: "open\nb: 1\n', "1:4", "Y001", "never closed"),
        ('- "\\d+"', "1:3", "Y001", "single quotes"),
        ("- ]", "1:3", "Y001", "quotes"),
        ("- *.py", "1:3", "Y001", "aliases"),
        ("- *args", "1:3", "Y002", "aliases"),
        ("- &x", "1:3", "Y002", "Anchors"),
        ("- !r", "1:3", "Y003", "Tags"),
        ("a: !!python/object/apply:os.system [x]", "1:4", "Y003", "Tags"),
        ("a: 1\na: 2", "2:1", "Y004", "twice"),
        ("", "1:1", "Y008", "empty"),
        ("# only a comment", "1:1", "Y008", "empty"),
        ("---\na: 1\n---\nb: 2", "3:1", "Y008", "second document"),
        ("? [a]\n: b", "1:3", "Y009", "key"),
    ],
)
def test_mistakes_in_plain_words(text: str, where: str, code: str, word: str) -> None:
    """Each mistake is told at its place, with a code, in words that say what to do."""
    document, problems = read_yaml(text, "f.yaml")
    assert document is None
    assert str(problems[0]).startswith(f"f.yaml:{where} {code} ")
    assert word in problems[0].message


def test_all_refused_things_at_once() -> None:
    """Several refused things of one file are all reported."""
    _, problems = read_yaml("a: *x\nb: !t 1\na: 2\n", "f.yaml")
    assert [problem.code for problem in problems] == ["Y002", "Y003", "Y004"]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_depth_is_bounded(opening: str) -> None:
    """Deep nesting is refused without reading on, however deep it is."""
    _, problems = read_yaml(opening * 20_000, "f.yaml")
    assert [problem.code for problem in problems] == ["Y005"]
    document, _ = read_yaml("- " * (MAX_DEPTH - 1) + "x", "f.yaml")
    assert document is not None


def test_aliases_can_not_grow() -> None:
    """A bomb of aliases is refused where each stands; nothing is ever multiplied."""
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + at)}: [*{chr(97 + at)}, *{chr(97 + at)}]\n" for at in range(9)
    )
    document, problems = read_yaml(bomb, "f.yaml")
    assert document is None
    assert {problem.code for problem in problems} == {"Y002"}


def test_text_behind_a_hash_is_noticed() -> None:
    """A plain text that ` #` cuts short is remembered; quoted texts and blocks are not."""
    document, _ = read_yaml("- C # and C++\n- 'C # x' # y\n- |\n  C # z\n- d\n# e\n", "f.yaml")
    assert document is not None
    assert document.cut == {(0,)}


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever a file holds, the reader answers with a document or with problems at real lines."""
    document, problems = read_yaml(text, "f.yaml")
    assert (document is None) == bool(problems)
    ends = sum(text.count(end) for end in "\n\r\x85\u2028\u2029")
    assert all(1 <= problem.line <= ends + 1 for problem in problems)


lines = st.sampled_from(
    [
        "a: 1",
        "- x",
        "  b: [1, 2]",
        "c: |",
        "  text",
        "'",
        '"',
        "{",
        "}",
        "&a",
        "*a",
        "!t",
        ": ",
        "? ",
        "#",
        "\t",
        "---",
    ]
)


@given(st.lists(lines, max_size=12).map("\n".join))
def test_no_yaml_breaks_the_reader(text: str) -> None:
    """Nor does any mixture of what YAML is made of."""
    document, problems = read_yaml(text, "f.yaml")
    assert (document is None) == bool(problems)
