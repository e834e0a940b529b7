"""Draw a Mermaid diagram and make the picture ours: clean, stamped, light and dark in one file.

Mermaid writes its colours into each element and a page of style rules beside them. Both go; what stays is
the geometry and the class names, coloured by the style sheet below, in the words and colours of the site.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from app.content.diagrams import Diagram
from app.errors import CourseFault, UsageError

_NAMESPACE = "http://www.w3.org/2000/svg"
_SVG = f"{{{_NAMESPACE}}}"
_GEOMETRY = re.compile(
    r"[xy][12]?|c[xy]|r[xy]?|d[xy]?|width|height|points|transform|class|id|viewBox|orient|href|"
    r"marker(Width|Height|Units|-start|-end)|ref[XY]|dominant-baseline"
)
_SETTINGS = {
    "fontFamily": "Arial, sans-serif",
    "sequence": {
        "mirrorActors": False,  # a picture is short enough to see its top
        "actorFontWeight": 600,
        "actorMargin": 60,
        "width": 160,
        "height": 44,
        "noteMargin": 12,
        "messageMargin": 34,
        "boxMargin": 12,
        "diagramMarginX": 12,
        "diagramMarginY": 8,
    },
}
_STYLE = """
svg { --ink: #16211f; --soft: #4f5f5b; --line: #aebbb7; --call: #0b5a5e; --wash: #deeceb; --answer: #96500f;
  --note: #fbf1e1; --note-edge: #e2c393; --sheet: #ffffff; color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  svg { --ink: #e3ebe8; --soft: #a5b5b0; --line: #4a5a56; --call: #86d3cc; --wash: #1b3331; --answer: #f0b866;
    --note: #2f2719; --note-edge: #6b5530; --sheet: #172120; }
}
text { font: 15px system-ui, "Segoe UI", Roboto, Cantarell, "Noto Sans", "Liberation Sans", sans-serif;
  fill: var(--ink); text-anchor: middle; }
text.actor { font-weight: 600; }
rect.actor { fill: var(--wash); stroke: var(--call); stroke-width: 1.5; }
.actor-man line, .actor-man circle { fill: var(--wash); stroke: var(--call); stroke-width: 1.5; }
.actor-line { stroke: var(--line); stroke-width: 1.5; }
.messageLine0, .messageLine1 { fill: none; stroke-width: 2; }
.messageLine0 { stroke: var(--call); }
.messageLine1 { stroke: var(--answer); stroke-dasharray: 5 4; }
.call path { fill: var(--call); stroke: none; }
.answer path { fill: var(--answer); stroke: none; }
.call .cross { fill: none; stroke: var(--call); stroke-width: 2; }
.answer .cross { fill: none; stroke: var(--answer); stroke-width: 2; }
rect.note, rect.actor { rx: 4px; }
.note { fill: var(--note); stroke: var(--note-edge); }
.loopLine { stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 2 3; }
.labelBox { fill: var(--sheet); stroke: var(--soft); stroke-width: 1.5; }
.labelText { font-weight: 600; fill: var(--soft); }
.loopText, .sectionTitle { fill: var(--soft); font-style: italic; }
.activation0, .activation1, .activation2 { fill: var(--wash); stroke: var(--call); }
.rect { fill: var(--wash); }
.number circle { fill: var(--call); }
.sequenceNumber { fill: var(--sheet); font-size: 10px; font-weight: 700; }
"""


def picture_of(diagram: Diagram, stamp: str) -> str:
    """Draw a diagram as one SVG; a mistake in its Mermaid text is a UsageError."""
    root = ElementTree.fromstring(_rendered(diagram))  # noqa: S314 - our own renderer's output
    box = [float(part) for part in root.attrib["viewBox"].split()]
    prefix = f"d{stamp[:8]}-"
    ElementTree.register_namespace("", _NAMESPACE)
    lines = [
        ElementTree.tostring(each, encoding="unicode").replace(f' xmlns="{_NAMESPACE}"', "")
        for each in _body(root, prefix)
    ]
    return "\n".join(
        (
            f'<svg xmlns="{_NAMESPACE}" data-stamp="{stamp}" '
            f'width="{round(box[2])}" height="{round(box[3])}" viewBox="{root.attrib["viewBox"]}" '
            f'role="img" aria-labelledby="{prefix}title {prefix}desc">',
            f'<title id="{prefix}title">{_escaped(diagram.title)}</title>',
            f'<desc id="{prefix}desc">{_escaped(diagram.description)}</desc>',
            f"<style>{_STYLE}</style>",
            *lines,
            "</svg>\n",
        )
    )


def _rendered(diagram: Diagram) -> str:
    try:
        import mermaidx
    except ImportError:
        advice = "Install the test extra: pip install -e .[test]"
        raise CourseFault("Diagrams can't be drawn here.", advice) from None
    try:
        return str(mermaidx.render(diagram.source, config=_SETTINGS).svg())
    except Exception as error:
        where = f"diagram {diagram.name} of {diagram.path.with_suffix('').stem}"
        said = " ".join(str(error).split())[:300]
        raise UsageError(f"Mermaid can't read {where}: {said}", "Correct the fence.") from error


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _body(root: Element, prefix: str) -> Iterator[Element]:
    """Give what is drawn, from back to front, with the markers that it uses in front."""
    markers = {each.attrib["id"]: each for each in root.iter(f"{_SVG}marker")}
    drawn = [each for each in root if each.tag not in _NOT_DRAWN and (len(each) or each.attrib)]
    used: dict[str, Element] = {}
    for element in (inner for each in drawn for inner in each.iter()):
        _point(element, markers, used, prefix)
    for each in (*used.values(), *drawn):
        for inner in each.iter():
            _strip(inner, prefix)
    yield from used.values()
    yield from drawn


_NOT_DRAWN = (f"{_SVG}style", f"{_SVG}title", f"{_SVG}desc", f"{_SVG}defs")


def _point(element: Element, markers: dict[str, Element], used: dict[str, Element], prefix: str) -> None:
    """Give the line an arrowhead in its own colour."""
    kind = "answer" if "messageLine1" in element.get("class", "") else "call"
    for end in ("marker-start", "marker-end"):
        match = re.fullmatch(r"url\(#(.+)\)", element.get(end, ""))
        if not match:
            continue
        name = f"{match[1].removeprefix('my-svg-')}-{kind}"
        if name not in used:
            used[name] = _copy(markers[match[1]], name, kind)
        element.set(end, f"url(#{prefix}{name})")


def _copy(marker: Element, name: str, kind: str) -> Element:
    copy = ElementTree.fromstring(ElementTree.tostring(marker))  # noqa: S314 - our own renderer's output
    copy.set("id", name)
    copy.set("class", "number" if name.startswith("sequencenumber") else kind)
    for path in copy.iter(f"{_SVG}path"):
        if path.get("fill") == "none":
            path.set("class", "cross")
    return copy


def _strip(element: Element, prefix: str) -> None:
    """Drop colours and data; keep geometry and classes."""
    for name in list(element.attrib):
        if not _GEOMETRY.fullmatch(name):
            del element.attrib[name]
    if element.tag == f"{_SVG}marker":
        element.set("id", prefix + element.attrib["id"])
    else:
        element.attrib.pop("id", None)
    if element.text and not element.text.strip():
        element.text = None
    element.tail = None
