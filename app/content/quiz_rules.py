"""What makes a question of any type unusable: the Q rules. Each finds its mistakes in one question."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as File

from app.content.course import did_you_mean
from app.content.quiz_parts import (
    ChoiceShape,
    ImageShape,
    ItemShape,
    PairShape,
    StimulusShape,
    WrongNumberShape,
    WrongOutputShape,
    WrongTextShape,
)
from app.content.quiz_shapes import (
    MatchingShape,
    MultiSelectShape,
    NumericShape,
    OrderingShape,
    PredictOutputShape,
    QuestionShape,
    ReflectShape,
    ShortTextShape,
    SingleChoiceShape,
    TrueFalseShape,
)
from app.content.yaml_text import Path

Finding = tuple[Path, str, str, str]  # where below the question, code, message, level


@dataclass(frozen=True)
class Around:
    """What the rest of the file says, as far as a question's rules need it."""

    objectives: frozenset[str] = frozenset()
    stimuli: frozenset[str] = frozenset()
    pools: frozenset[str] = frozenset()
    shuffled: bool = True
    hazards: tuple[Finding, ...] = ()  # what YAML may have made of its texts
    folder: File = File()  # where pictures lie


def errors_of(question: QuestionShape, around: Around) -> Iterator[Finding]:
    """Find everything for which the question can't be asked, whatever its type is."""
    for rule in (_references, _texts, _tries):
        yield from rule(question, around)
    for where, image in images_of(question):
        yield from image_mistakes(where, image, around.folder)


def _references(question: QuestionShape, around: Around) -> Iterator[Finding]:
    for at, objective in enumerate(question.objectives):
        if objective not in around.objectives:
            advice = did_you_mean(objective, sorted(around.objectives))
            message = f"`{objective}` is not declared under `objectives` of the file. {advice}"
            yield ("objectives", at), "Q011", message, "error"
    if question.uses and question.uses not in around.stimuli:
        advice = did_you_mean(question.uses, sorted(around.stimuli))
        yield ("uses",), "Q011", f"`{question.uses}` is not declared under `stimulus`. {advice}", "error"
    if question.pool and question.pool not in around.pools:
        advice = did_you_mean(question.pool, sorted(around.pools))
        yield ("pool",), "Q011", f"`{question.pool}` is not declared under `pools`. {advice}", "error"


def _texts(question: QuestionShape, _: Around) -> Iterator[Finding]:
    for where, text in texts_of(question):
        for code, message in text_mistakes(text):
            yield where, code, message, "error"


def text_mistakes(text: str) -> Iterator[tuple[str, str]]:
    """Find what no Markdown text of a quiz may hold; code and message."""
    if "<" not in text and "![" not in text:
        return
    prose = without_code(text)
    if _HTML.search(prose):
        yield "Q018", "HTML is not used in texts. Write Markdown, or put the sign between backticks."
    if _IMAGE.search(prose):
        yield "Q013", "A picture inside a text. Write it as `image:` with `file:` and `alt:`."


_HTML = re.compile(r"<(?:[a-zA-Z][\w-]*(?=[\s>/])|/[a-zA-Z]|!--)")
_IMAGE = re.compile(r"!\[[^\]\n]*\]\(")
_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?^\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
_INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)


def without_code(text: str) -> str:
    """Leave out what stands between backticks."""
    if "`" not in text and "~~~" not in text:
        return text
    return _INLINE_CODE.sub("", _FENCE.sub("", text))


def _tries(question: QuestionShape, _: Around) -> Iterator[Finding]:
    if question.tries and list(question.tries) != sorted(question.tries, reverse=True):
        yield ("tries",), "Q028", "A later try can't earn more. Write the shares from high to low.", "error"


def image_mistakes(where: Path, image: ImageShape, folder: File) -> Iterator[Finding]:
    """Find what is wrong with a picture: no words, or no file."""
    if image.decorative == bool((image.alt or "").strip()):
        message = (
            "A decorative picture has no words. Remove `alt`, or `decorative`."
            if image.decorative
            else "A picture needs `alt`: say what it shows. If it shows nothing, write `decorative: true`."
        )
        yield (*where, "alt"), "Q013", message, "error"
    if not (folder / image.file).is_file():
        message = f"There is no picture {image.file} beside this file. Put it there, or correct the name."
        yield (*where, "file"), "Q013", message, "error"


def images_of(question: QuestionShape) -> Iterator[tuple[Path, ImageShape]]:
    """Give every picture of a question with its place below the question."""
    if question.image:
        yield ("image",), question.image
    if isinstance(question, SingleChoiceShape | MultiSelectShape | TrueFalseShape):
        for at, choice in enumerate(question.choices):
            if choice.image:
                yield ("choices", at, "image"), choice.image


def stimulus_mistakes(stimulus: StimulusShape, folder: File) -> Iterator[Finding]:
    """Find what is wrong with a stimulus; places are below it."""
    if not (stimulus.text or stimulus.code or stimulus.image):
        yield (), "Q003", "The stimulus is empty. Add `text`, `code` or `image`.", "error"
    for code, message in text_mistakes(stimulus.text or ""):
        yield ("text",), code, message, "error"
    if stimulus.image:
        yield from image_mistakes(("image",), stimulus.image, folder)


def texts_of(question: QuestionShape) -> Iterator[tuple[Path, str]]:
    """Give every Markdown text of a question with its place below the question."""
    yield ("stem",), question.stem
    for at, hint in enumerate(question.hints):
        yield ("hints", at), hint
    yield from own_texts_of(question)
    if question.explanation:
        yield ("explanation",), question.explanation


def own_texts_of(question: QuestionShape) -> Iterator[tuple[Path, str]]:
    """Give the texts that only this type of question has."""
    match question:
        case SingleChoiceShape() | MultiSelectShape() | TrueFalseShape():
            yield from _each("choices", question.choices)
        case OrderingShape():
            yield from _each("items", question.items)
        case MatchingShape():
            yield from _each("pairs", question.pairs)
            yield from ((("pairs", at, "match"), each.match) for at, each in enumerate(question.pairs))
            yield from ((("distractors", at), each) for at, each in enumerate(question.distractors))
        case NumericShape() | ShortTextShape() | PredictOutputShape():
            known: Sequence[WrongNumberShape | WrongTextShape | WrongOutputShape] = question.wrong
            yield from ((("wrong", at, "feedback"), each.feedback) for at, each in enumerate(known))
        case ReflectShape():
            yield ("model_answer",), question.model_answer
            yield from ((("points", at), each) for at, each in enumerate(question.points))


def _each(field: str, parts: Sequence[ChoiceShape | ItemShape | PairShape]) -> Iterator[tuple[Path, str]]:
    for at, part in enumerate(parts):
        for name, text in (("text", part.text), ("feedback", part.feedback)):
            if text:
                yield (field, at, name), text


def repeated_ids(questions: Mapping[int, QuestionShape]) -> Iterable[tuple[int, str]]:
    """Give the place and id of each question whose id stands earlier in the file."""
    seen: Counter[str] = Counter()
    for at, question in questions.items():
        seen[question.known_id] += 1
        if seen[question.known_id] > 1:
            yield at, question.known_id
