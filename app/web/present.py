"""Small words for templates: how values look to people."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from app.content.course import Step
from app.content.markdown import render
from app.learning.diagram_parts import axis
from app.learning.ways import in_hours
from app.quiz.words import shared_words

# Control characters that a terminal would obey, and marks that turn the direction of text around.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
TABS = re.compile(
    r'<div class="tabbed-set[^>]*>(?:<input[^>]*>)+<div class="tabbed-labels">.*?</div>', re.DOTALL
)
ROUTES = {
    "lesson": ("lessons.show", "lesson_id"),
    "exercise": ("exercises.show", "exercise_id"),
    "quiz": ("quizzes.show", "quiz_id"),
}


def step_url(step: Step) -> str:
    """Return the address of a step of the course, or of the end of the core path."""
    if step.kind == "finish":
        return url_for("map.finish")
    endpoint, argument = ROUTES[step.kind]
    values: dict[str, Any] = {argument: step.id}
    return url_for(endpoint, **values)


def printable(text: str) -> str:
    """Make control characters visible, so that what a program printed can't hide anything."""
    return UNSEEN.sub(lambda match: _picture(ord(match[0])), text.replace("\r\n", "\n"))


def _picture(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"‹U+{code:04X}›"


def spans(text: str) -> Markup:
    """Show what stands between backquotes as code; everything is escaped first."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704


def markdown(text: str, base: Path | None = None) -> Markup:
    """Render the course's own Markdown, diagrams of `base` included; `render` escapes raw HTML."""
    return reachable(render(text, base=base).html)


def reachable(html: str) -> Markup:
    """Let the keyboard scroll code that is wider than its place."""
    return Markup(html.replace("<pre>", '<pre tabindex="0">'))  # noqa: S704


def language_name(name: str) -> str:
    """Write a language as people do."""
    return {"javascript": "JavaScript"}.get(name, name.title())


def tabs_open_on(html: str, language: str) -> Markup:
    """Open each group of tabs on the one that is named like the language, where there is one."""
    return Markup(TABS.sub(lambda match: _opened(match[0], language), html))  # noqa: S704


def _opened(tabs: str, language: str) -> str:
    labels = [label.lower() for label in re.findall(r"<label[^>]*>([^<]*)</label>", tabs)]
    if language not in labels:
        return tabs
    inputs = tabs.replace("<input checked ", "<input ").split("<input ")
    inputs[labels.index(language) + 1] = "checked " + inputs[labels.index(language) + 1]
    return "<input ".join(inputs)


def one_paragraph(text: str) -> Markup | None:
    """Render Markdown that is a single paragraph, without its <p>; None for anything longer."""
    html = render(text).html.strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return Markup(inner) if len(html) - len(inner) == 7 and "<p>" not in inner else None  # noqa: S704


def inline(text: str) -> Markup:
    """Render Markdown for a place inside a line, as a label is; longer text stays as it is."""
    return one_paragraph(text) or markdown(text)


def words(text: str) -> str:
    """Give Markdown as its words alone, for places that show no marks: options, titles."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", render(text).html)).split())


def duration(ms: float | None) -> str:
    """Say a time as a person reads it: 12 ms, 1.4 s."""
    if ms is None:
        return ""
    return f"{ms:.0f} ms" if ms < 1000 else f"{ms / 1000:.1f} s"


def plural(count: int, word: str) -> str:
    """Say a number with its noun: 1 check, 2 checks."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def message(request: dict[str, Any]) -> str:
    """Write a request as it stood on the wire."""
    return _http_text(f"{request['method']} {request['target']} HTTP/1.1", request)


def reply(response: dict[str, Any]) -> str:
    """Write a response as it stood on the wire."""
    return _http_text(f"HTTP/1.1 {response['status']} {response.get('reason') or ''}".rstrip(), response)


def _http_text(first_line: str, part: dict[str, Any]) -> str:
    headers = [f"{name}: {value}" for name, value in part["headers"]]
    return "\n".join([first_line, *headers, "", body_text(part["body"])]).rstrip("\n")


def body_text(body: dict[str, Any] | None) -> str:
    """Write a body as the events give it: text, with escapes where it is none."""
    if not body or not body.get("size"):
        return ""
    text = str(body["text"])
    return f"{text}\n[shortened: {body['size']} bytes in all]" if body["truncated"] else text


FILTERS: dict[str, Callable[..., Any]] = {
    "step_url": step_url,
    "printable": printable,
    "spans": spans,
    "markdown": markdown,
    "reachable": reachable,
    "language_name": language_name,
    "tabs_open_on": tabs_open_on,
    "inline": inline,
    "one_paragraph": one_paragraph,
    "words": words,
    "shared_words": shared_words,
    "duration": duration,
    "in_hours": in_hours,
    "plural": plural,
    "message": message,
    "reply": reply,
    "axis": axis,
}
