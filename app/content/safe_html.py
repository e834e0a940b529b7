"""Let no Markdown become dangerous HTML: an extension for Python-Markdown."""

import html
import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

_EVERYWHERE = frozenset({"id", "class", "title"})
_ALLOWED = {
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "div": {"data-tabs", "tabindex", "role", "aria-label"},
    "input": {"checked", "name", "type"},  # the tabs
    "label": {"for"},
    "details": {"open"},
}
_ADDRESSES = ("href", "src")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SAFE_SCHEMES = ("http:", "https:", "mailto:")


class OnlySafe(Extension):
    """Show raw HTML as text, and drop attributes and addresses that are not allowed."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Hook into the converter."""
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.treeprocessors.register(_Cleaner(md), "only_safe", -10)  # after every other one


class _Cleaner(Treeprocessor):
    def run(self, root: Element) -> None:
        for element in root.iter():
            _clean(element)
        for parent in list(root.iter()):
            for at, child in enumerate(list(parent)):
                if child.tag == "table":
                    parent[at] = _scrolling(child)


def _clean(element: Element) -> None:
    allowed = _EVERYWHERE | _ALLOWED.get(str(element.tag), set())
    for name in list(element.attrib):
        value = str(element.attrib[name])
        if name == "align" and element.tag in ("td", "th") and value in ("left", "right", "center"):
            element.set("class", f"align-{value}")  # a style attribute would break the content policy
        if name not in allowed or (name in _ADDRESSES and not is_safe_address(value)):
            del element.attrib[name]


def is_safe_address(address: str) -> bool:
    """Say whether a link may point there: http, https, mailto, this site, this page."""
    seen = html.unescape(address.replace(AMP_SUBSTITUTE, "&"))
    seen = "".join(sign for sign in seen if sign > " " and sign not in "\x7f\xa0")
    scheme = _SCHEME.match(seen)
    if scheme:
        return scheme[0].lower() in _SAFE_SCHEMES
    return not seen.startswith(("//", "/\\", "\\"))


def _scrolling(table: Element) -> Element:
    """Put a table where it can scroll on a narrow screen, by keyboard as well."""
    around = Element("div", {"class": "table", "tabindex": "0", "role": "group", "aria-label": "Table"})
    around.tail, table.tail = table.tail, None
    around.append(table)
    return around
