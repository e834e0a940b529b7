"""How each type of question is shown and answered on the terminal: letters, numbers, words, lines."""

import re
import string
from collections.abc import Sequence

from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from app.cli.clean import clean, one_line
from app.cli.reading import Reader
from app.cli.screen import Screen
from app.errors import UsageError
from app.learning.quizzes import QuestionView
from app.quiz.types import Image

LETTERS = string.ascii_lowercase[:16]  # none that is a command, such as q; longer lists are numbered
MANY_LINES = ("predict_output", "reflect")
END = "."


def labels(count: int) -> list[str]:
    """Name so many things to choose from."""
    return list(LETTERS[:count]) if count <= len(LETTERS) else [str(at) for at in range(1, count + 1)]


def picture(image: Image) -> str:
    """Say in words what a picture shows; nothing for one that only decorates."""
    return f"Picture: {image.alt}" if image.alt else ""


def show_question(screen: Screen, reader: Reader, question: QuestionView) -> None:
    """Write what is asked, and what there is to choose from."""
    reader.read(question.stem)
    for words in filter(None, map(picture, question.images)):
        screen.gap()
        screen.say((words, "label"))
    screen.gap()
    if question.choices:
        _show_choices(screen, question)
    for number, text in enumerate(question.pairs, start=1):
        screen.show(_row(f"{number}.", text, "strong"), indent=2)
    if question.pairs:
        screen.gap()
    parts = question.items or question.options
    for label, part in zip(labels(len(parts)), parts, strict=True):
        screen.show(_row(f"{label})", part.text), indent=2)
    if question.scoring and (question.type in _SHARED or question.tries_left > 1):
        screen.gap()
        screen.say((question.scoring, "quiet"))


_SHARED = ("multi_select", "ordering", "matching", "reflect")  # scored in a way that needs a word


def _show_choices(screen: Screen, question: QuestionView) -> None:
    for label, choice in zip(labels(len(question.choices)), question.choices, strict=True):
        shown = [part for part in (choice.text, picture(choice.image) if choice.image else "") if part]
        row = _row(f"{label})", "\n\n".join(shown), "quiet" if choice.tried else "command")
        screen.show(row, indent=2)
        if choice.tried:
            screen.say(("you tried this", "quiet"), indent=5)


def _row(label: str, text: str, style: str = "command") -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_row(Text(label, style), Markdown(clean(text), hyperlinks=False))
    return table


def how_to_answer(question: QuestionView) -> str:
    """Say what to type."""
    last = labels(max(len(question.choices), len(question.items), len(question.options)))[-1:]
    span = f"{'a' if last[0] in LETTERS else '1'}-{last[0]}" if last else ""
    match question.type:
        case "multi_select":
            many = f"{question.right_count} are" if question.right_count is not None else "several may be"
            none = "; - for none of them" if question.allow_none else ""
            return f"{span}, {many} right{none}"
        case "ordering":
            return f"all of {span} in the right order, such as {' '.join(labels(len(question.items))[::-1])}"
        case "matching":
            return f"{span}, one for each of 1-{len(question.pairs)} in order; one may stand twice"
        case "numeric":
            return f"a number, in {question.unit}" if question.unit else "a number"
        case "short_text":
            return "a word or two"
        case "predict_output" | "reflect":
            return f"as many lines as you like; a line with only a {END} ends your answer"
    return span


def given_by(question: QuestionView, typed: str) -> list[str]:
    """Turn what was typed into what the quiz takes; UsageError says what to type instead."""
    match question.type:
        case "ordering":
            return [question.items[at].token for at in _places(typed, len(question.items), several=True)]
        case "matching":
            options = question.options
            return [options[at].token for at in _places(typed, len(options), several=True)]
        case "numeric" | "short_text" | "predict_output" | "reflect":
            return [typed]
    return _chosen(question, typed)


def _chosen(question: QuestionView, typed: str) -> list[str]:
    several = question.type == "multi_select"
    if question.allow_none and typed.strip() == "-":
        return []
    places = sorted(set(_places(typed, len(question.choices), several)))
    if len(places) > 1 and not several:
        raise UsageError("Only one answer is right here: type one letter.")
    return [question.choices[at].token for at in places]


def _places(typed: str, count: int, several: bool) -> list[int]:
    """Read labels, with or without blanks and commas between letters."""
    known = labels(count)
    words = re.split(r"[\s,;]+", typed.strip().lower())
    if known[0] in LETTERS:
        words = [letter for word in words for letter in word]
    if not words or not set(words) <= set(known) or words == [""]:
        kind = "letter" if known[0] in LETTERS else "number"
        raise UsageError(f"Type a {kind} from {known[0]} to {known[-1]}{', or several' if several else ''}.")
    return [known.index(word) for word in words]


def title_of(texts: Sequence[str]) -> str:
    """Give the last line that says something: of a stem, the question itself."""
    lines = [line.strip() for text in texts for line in text.split("\n")]
    return one_line(next((line for line in reversed(lines) if re.search(r"\w", line)), ""))
