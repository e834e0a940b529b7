"""What makes a question unusable: the Q rules. Each finds its mistakes in one question."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.content.course import did_you_mean
from app.content.problems import Problem
from app.content.quiz_shapes import QuestionShape
from app.content.yaml_text import Document, Path

Finding = tuple[Path, str, str, str]  # where below the question, code, message, level


@dataclass(frozen=True)
class Around:
    """What the rest of the file says, as far as a question's rules need it."""

    objectives: frozenset[str] = frozenset()
    stimuli: frozenset[str] = frozenset()
    shuffled: bool = True
    cut: frozenset[Path] = frozenset()  # texts of the question that a comment follows


def errors_of(question: QuestionShape, around: Around) -> Iterator[Finding]:
    """Find everything for which the question can't be asked."""
    for rule in (_choices, _key, _references, _texts):
        yield from rule(question, around)


def _choices(question: QuestionShape, _: Around) -> Iterator[Finding]:
    number = len(question.choices)
    if number < 2:
        yield ("choices",), "Q009", "A question needs two choices or more. Add one.", "error"
    elif question.type == "true_false" and number != 2:
        yield ("choices",), "Q025", "A true_false question has two choices. Remove one.", "error"
    ids: dict[str, int] = {}
    texts: dict[str, int] = {}
    for at, choice in enumerate(question.choices):
        if choice.text is None and choice.code is None:
            yield ("choices", at), "Q003", "The choice has no `text`. Add it (or `code`).", "error"
            continue
        if ids.setdefault(choice.known_id, at) != at:
            yield (
                ("choices", at, "id"),
                "Q005",
                f"Two choices have the id `{choice.known_id}`. {_RENAME}",
                "error",
            )
        shown = f"{_shown(choice.text or '')}\n{choice.code.text if choice.code else ''}"
        if texts.setdefault(shown, at) != at:
            yield ("choices", at, "text"), "Q006", "Two choices say the same. Change one of them.", "error"
        if _gives_away(choice.known_id):
            message = f"The id `{choice.known_id}` gives the key away. Name what the choice says."
            yield ("choices", at, "id"), "Q019", message, "error"


_RENAME = "Rename one of them."


def _shown(text: str) -> str:
    """Give a text about as a reader sees it: without emphasis, blanks made equal."""
    return " ".join(text.replace("**", "").replace("__", "").split())


def _gives_away(choice_id: str) -> bool:
    words = [word.rstrip("0123456789") for word in choice_id.split("-")]
    return all(word in _TELLING or not word for word in words)


_TELLING = frozenset({"correct", "incorrect", "right", "wrong", "key", "answer", "distractor", "solution"})


def _key(question: QuestionShape, _: Around) -> Iterator[Finding]:
    correct = [at for at, choice in enumerate(question.choices) if choice.correct]
    several = question.type == "multi_select"
    if not correct and question.choices:
        code = "Q010" if several else "Q007"
        yield ("choices",), code, "No choice is correct. Add `correct: true` to the key.", "error"
    if len(correct) > 1 and not several:
        message = "A second choice is correct. Keep one, or write `type: multi_select`."
        yield ("choices", correct[1], "correct"), "Q008", message, "error"
    if several and len(correct) == len(question.choices) > 1:
        yield ("choices",), "Q010", "Every choice is correct. Add one that is not.", "error"


def _references(question: QuestionShape, around: Around) -> Iterator[Finding]:
    for at, objective in enumerate(question.objectives):
        if objective not in around.objectives:
            advice = did_you_mean(objective, sorted(around.objectives))
            message = f"`{objective}` is not declared under `objectives` of the file. {advice}"
            yield ("objectives", at), "Q011", message, "error"
    if question.uses and question.uses not in around.stimuli:
        advice = did_you_mean(question.uses, sorted(around.stimuli))
        yield ("uses",), "Q011", f"`{question.uses}` is not declared under `stimulus`. {advice}", "error"


def _texts(question: QuestionShape, _: Around) -> Iterator[Finding]:
    for where, text in texts_of(question):
        prose = without_code(text)
        if _HTML.search(prose):
            message = "HTML is not used in texts. Write Markdown, or put the sign between backticks."
            yield where, "Q018", message, "error"
        if _IMAGE_WITHOUT_WORDS.search(prose):
            yield where, "Q013", "An image without words. Write ![what it shows](file).", "error"


_HTML = re.compile(r"<(?:[a-zA-Z][\w-]*(?=[\s>/])|/[a-zA-Z]|!--)")
_IMAGE_WITHOUT_WORDS = re.compile(r"!\[\s*\]\(")
_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?^\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
_INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)


def without_code(text: str) -> str:
    """Leave out what stands between backticks."""
    return _INLINE_CODE.sub("", _FENCE.sub("", text))


def texts_of(question: QuestionShape) -> Iterator[tuple[Path, str]]:
    """Give every text of a question with its place below the question."""
    yield ("stem",), question.stem
    for at, choice in enumerate(question.choices):
        yield ("choices", at, "text"), choice.text or ""
        yield ("choices", at, "feedback"), choice.feedback or ""
    for at, hint in enumerate(question.hints):
        yield ("hints", at), hint
    yield ("explanation",), question.explanation or ""


def repeated_ids(questions: Mapping[int, QuestionShape]) -> Iterable[tuple[int, str]]:
    """Give the place and id of each question whose id stands earlier in the file."""
    seen: Counter[str] = Counter()
    for at, question in questions.items():
        seen[question.known_id] += 1
        if seen[question.known_id] > 1:
            yield at, question.known_id


def problem_at(document: Document, name: str, at: int, finding: Finding) -> Problem:
    """Put a finding in a question at its line and column of the file."""
    where, code, message, level = finding
    return Problem(name, *document.place(("questions", at, *where)), code, message, level)
