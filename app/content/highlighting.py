"""The colours of code, light and dark: few, quiet, and readable on the site's backgrounds."""

from typing import Any

from pygments.formatters import HtmlFormatter
from pygments.style import Style
from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, String, Token

# One meaning, one colour; every pair of a colour and its backgrounds has a contrast of 4.5 or more.
LIGHT = {"ink": "#16211f", "quiet": "#4f5f5b", "word": "#0b5a5e", "text": "#7d4109", "value": "#7a2e5d"}
DARK = {"ink": "#e3ebe8", "quiet": "#a5b5b0", "word": "#86d3cc", "text": "#f0b866", "value": "#e6a8cf"}
LIGHT_BACKGROUNDS = ("#e9eeec", "#ffffff")
DARK_BACKGROUNDS = ("#0b1211", "#172120")


def highlight_styles() -> str:
    """Give the style sheet of highlighted code for both colour schemes."""
    dark = "\n".join(f"  {line}" for line in _rules(DARK).splitlines())
    return f"{_rules(LIGHT)}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def _rules(colours: dict[str, str]) -> str:
    formatter: Any = HtmlFormatter(style=_style(colours))  # typed only in part
    return "\n".join(formatter.get_token_style_defs(".highlight"))


def _style(colours: dict[str, str]) -> type[Style]:
    class Colours(Style):
        styles = {  # noqa: RUF012 - the library reads it so
            Token: colours["ink"],
            Comment: f"italic {colours['quiet']}",
            Keyword: f"bold {colours['word']}",
            Operator.Word: f"bold {colours['word']}",
            Name.Decorator: colours["word"],
            Name.Tag: colours["word"],
            Name.Attribute: colours["word"],
            Name.Function: colours["word"],
            Name.Class: colours["word"],
            String: colours["text"],
            String.Escape: colours["value"],
            String.Interpol: colours["value"],
            Number: colours["value"],
            Keyword.Constant: colours["value"],
            Generic.Prompt: f"bold {colours['word']}",
            Generic.Output: colours["quiet"],
            Generic.Heading: f"bold {colours['ink']}",
            Generic.Inserted: colours["word"],
            Generic.Deleted: colours["text"],
        }

    return Colours
