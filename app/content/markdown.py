"""Markdown to HTML for pages: highlighted code, tabs, notes, diagrams; safe whatever the text says.

Raw HTML is shown as text, attributes and link schemes are allow-listed, and code is escaped by Pygments.
"""

import html
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions.toc import TocExtension

from app.content.diagrams import diagrams_of, figure
from app.content.fences import Fence, fences
from app.content.files import ID, NUMBERED
from app.content.safe_html import OnlySafe


@dataclass(frozen=True)
class Section:
    """A heading that links can point to."""

    id: str
    title: str
    level: int


@dataclass(frozen=True)
class Rendered:
    """A text as HTML, and its headings."""

    html: str
    sections: tuple[Section, ...]


def render(text: str, *, base: Path | None = None) -> Rendered:
    """Render a text; `base` is the lesson's or quiz's file, beside which the pictures of diagrams stand."""
    if base is None:
        return _rendered(text, ())
    item_id = base.stem if base.suffix == ".yaml" else NUMBERED.sub(r"\2", base.stem)
    return _rendered(text, tuple((each.source, figure(each, item_id)) for each in diagrams_of(text, base)))


@lru_cache(maxsize=256)  # the same words give the same page, and colouring code takes a tenth of a second
def _rendered(text: str, figures: tuple[tuple[str, str], ...]) -> Rendered:
    converter = _converter(dict(figures))
    made = converter.convert(_with_plain_fences(text, list(fences(text))))
    # A block of code that scrolls must be reachable by keyboard; `<pre>` in code itself is escaped.
    made = made.replace("<pre>", '<pre tabindex="0">')
    return Rendered(made, tuple(_sections(getattr(converter, "toc_tokens", []))))


def _converter(figures: dict[str, str]) -> Markdown:
    def draw(source: str, *_: Any, **__: Any) -> str:
        return figures.get(source.strip()) or f"<pre><code>{html.escape(source)}</code></pre>"

    return Markdown(
        output_format="html",
        extensions=[
            "admonition",
            "attr_list",
            "sane_lists",
            "tables",
            TocExtension(marker=""),
            "pymdownx.details",
            "pymdownx.highlight",
            "pymdownx.superfences",
            "pymdownx.tabbed",
            OnlySafe(),
        ],
        extension_configs={
            "tables": {"use_align_attribute": True},
            "pymdownx.highlight": {"guess_lang": False, "auto_title": False},
            "pymdownx.superfences": {
                "custom_fences": [
                    {"name": "mermaid", "class": "mermaid", "format": draw},
                    {"name": "scenario", "class": "scenario", "format": _place_of("scenario")},
                    {"name": "question", "class": "question", "format": _place_of("question")},
                ]
            },
            "pymdownx.tabbed": {"alternate_style": True},
        },
    )


def _place_of(what: str) -> Callable[..., str]:
    """Leave a place in which the page puts what a fence names: a scenario, or a question to answer here."""

    def leave_place(source: str, *_: Any, **__: Any) -> str:
        name = source.strip()
        if ID.fullmatch(name):
            return f'<div class="{what}-place" data-name="{name}"></div>'
        return f"<pre><code>{html.escape(source)}</code></pre>"

    return leave_place


def _with_plain_fences(text: str, found: list[Fence]) -> str:
    """Write each fence's first line as the extension knows it: a language, perhaps a title and a class."""
    lines = text.split("\n")
    for fence in found:
        opening = lines[fence.line - 1]
        mark = opening.strip().split(fence.language)[0].strip() if fence.language else opening.strip()
        lines[fence.line - 1] = " " * fence.indent + mark + _info(fence)
    return "\n".join(lines)


def _info(fence: Fence) -> str:
    language = "".join(sign for sign in fence.language if sign.isalnum() or sign in "+#-_") or "text"
    if language == "output":
        return " {.text .output}"
    title = "".join(sign for sign in fence.file if sign.isalnum() or sign in "./-_")
    return f'{language} title="{title}"' if title else language


def _sections(tokens: list[dict[str, Any]]) -> list[Section]:
    found = []
    for token in tokens:
        found.append(Section(token["id"], html.unescape(token["name"]), token["level"]))
        found += _sections(token["children"])
    return found
