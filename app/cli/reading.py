"""Lesson Markdown on the terminal: prose, code one after the other by language, diagrams in words."""

from collections.abc import Callable

from rich.markdown import Markdown
from rich.syntax import Syntax
from rich.text import Text

from app.cli.blocks import Block, Code, Heading, Nested, Prose, blocks
from app.cli.clean import clean
from app.cli.screen import Screen

CODE_COLOURS = "ansi_dark"
"""The terminal's own colours, which its owner chose to be readable."""

Steps = Callable[[str], tuple[str, ...]]


class Reader:
    """Writes Markdown to the screen; `steps` says in words what a Mermaid diagram shows."""

    def __init__(self, screen: Screen, steps: Steps | None = None) -> None:
        self.screen = screen
        self.steps = steps or (lambda source: ())

    def read(self, markdown: str, *, indent: int = 0) -> None:
        """Write all blocks, with a gap before each."""
        for block in blocks(clean(markdown)):
            self.screen.gap()
            self._show(block, indent)

    def _show(self, block: Block, indent: int) -> None:
        if isinstance(block, Heading):
            style = "bold underline" if block.level <= 2 else "bold"
            self.screen.show(Text(block.text.replace("`", ""), style), indent=indent)
        elif isinstance(block, Prose):
            self.screen.show(Markdown(block.text, hyperlinks=False), indent=indent)
        elif isinstance(block, Nested):
            self._show_nested(block, indent)
        elif block.language == "mermaid":
            self._show_diagram(block, indent)
        elif block.language == "scenario":
            words = Text.assemble(
                ("Watch it happen: ", "bold"), (f"course scenario {block.text.strip()}", "command")
            )
            self.screen.show(words, indent=indent)
        elif block.language == "question":
            place = "Check yourself: on the lesson's page, a question of its quiz stands here."
            self.screen.show(Text(place, "quiet"), indent=indent)
        else:
            self._show_code(block, indent)

    def _show_nested(self, block: Nested, indent: int) -> None:
        mark = {"tab": "", "warning": "! ", "question": "? "}.get(block.kind, "")
        self.screen.show(Text(f"{mark}{block.title}", "bold"), indent=indent)
        self.read(block.text, indent=indent + (0 if block.kind == "tab" else 2))

    def _show_code(self, block: Code, indent: int) -> None:
        label = "It prints:" if block.language == "output" else block.file
        if label:
            self.screen.show(Text(label, "quiet"), indent=indent)
        lexer = {"output": "text", "console": "console", "": "text"}.get(block.language, block.language)
        # The background is the terminal's own, and no line is broken: what is copied is what was written.
        code = Syntax(block.text, lexer, theme=CODE_COLOURS, background_color="default", tab_size=4)
        longest = max(map(len, block.text.splitlines()), default=0)
        room = self.screen.console.width - indent - longest
        self.screen.show(code, indent=indent + max(2, min(4, room)), width=longest)

    def _show_diagram(self, block: Code, indent: int) -> None:
        title, description = _described(block.text)
        self.screen.show(Text(f"Diagram: {title}" if title else "Diagram", "bold"), indent=indent)
        if description:
            self.screen.show(Text(description), indent=indent)
        for number, step in enumerate(self.steps(block.text), start=1):
            self.screen.show(Text(f"{number}. {clean(step)}"), indent=indent + 2)


def _described(source: str) -> tuple[str, str]:
    """Find the title and the description which Mermaid keeps for people who can't see the picture."""
    found = {"accTitle": "", "accDescr": ""}
    for line in source.splitlines():
        key, colon, value = line.strip().partition(":")
        if colon and key.strip() in found:
            found[key.strip()] = value.strip()
    return found["accTitle"], found["accDescr"]
