"""What makes a question of one type unusable: the Q rules about keys and their alternatives."""

from collections.abc import Iterator, Sequence

from app.content.quiz_build import accepted, number_of
from app.content.quiz_ids import id_of
from app.content.quiz_parts import ChoiceShape, ItemShape, PairShape, WrongNumberShape
from app.content.quiz_rules import Finding
from app.content.quiz_shapes import (
    MatchingShape,
    MultiSelectShape,
    NumericShape,
    OrderingShape,
    PredictOutputShape,
    QuestionShape,
    ShortTextShape,
    SingleChoiceShape,
    TrueFalseShape,
)
from app.quiz.patterns import pattern_mistake
from app.quiz.text_answers import printed, same_text
from app.quiz.types import RUNNABLE, Number


def type_errors_of(question: QuestionShape) -> Iterator[Finding]:
    """Find everything for which a question can't be asked as the type that it is."""
    match question:
        case SingleChoiceShape() | MultiSelectShape() | TrueFalseShape():
            yield from _choices(question)
            yield from _key(question)
        case NumericShape():
            yield from _numeric(question)
        case ShortTextShape():
            yield from _short_text(question)
        case OrderingShape():
            yield from _distinct("items", question.items, "item")
        case MatchingShape():
            yield from _distinct("pairs", question.pairs, "pair")
            yield from _options(question)
        case PredictOutputShape():
            yield from _outputs(question)


def _choices(question: SingleChoiceShape | MultiSelectShape | TrueFalseShape) -> Iterator[Finding]:
    yield from _distinct("choices", question.choices, "choice")
    if isinstance(question, TrueFalseShape) and len(question.choices) > 2:
        yield ("choices",), "Q025", "A true_false question has two choices. Remove one.", "error"
    for at, choice in enumerate(question.choices):
        if gives_away(choice.known_id) and choice.known_id != id_of(choice.text or ""):
            message = f"The id `{choice.known_id}` gives the key away. Name what the choice says."
            yield ("choices", at, "id"), "Q019", message, "error"
        if choice.credit is not None and (choice.correct or not isinstance(question, SingleChoiceShape)):
            message = "`credit` is for a wrong choice of a single_choice question. Remove it."
            yield ("choices", at, "credit"), "Q029", message, "error"


def _distinct(
    field: str, parts: Sequence[ChoiceShape | ItemShape | PairShape], word: str
) -> Iterator[Finding]:
    """Two or more parts, each with something to show, no two alike."""
    if len(parts) < 2:
        yield (field,), "Q009", f"A question needs two {word}s or more. Add one.", "error"
    ids: set[str] = set()
    texts: set[str] = set()
    for at, part in enumerate(parts):
        shown = _shown(part)
        if not shown:
            yield (field, at), "Q003", f"The {word} has no `text`. Add it (or `code`).", "error"
            continue
        if shown in texts:
            yield (field, at, "text"), "Q006", f"Two {word}s say the same. Change one of them.", "error"
        elif part.known_id in ids:
            message = f"Two {word}s have the id `{part.known_id}`. Write another `id` for one of them."
            yield (field, at, "id"), "Q005", message, "error"
        ids.add(part.known_id)
        texts.add(shown)


def _shown(part: ChoiceShape | ItemShape | PairShape) -> str:
    """Give what a reader sees: without emphasis, blanks made equal."""
    text = (part.text or "").replace("**", "").replace("__", "")
    code = getattr(part, "code", None)
    image = getattr(part, "image", None)
    shown = (" ".join(text.split()), code.text if code else "", image.file if image else "")
    return "\n".join(shown) if any(shown) else ""


def gives_away(choice_id: str) -> bool:
    """Say whether an id tells that its choice is right or wrong."""
    words = [word.rstrip("0123456789") for word in choice_id.split("-")]
    return any(words) and all(word in _TELLING or not word for word in words)


_TELLING = frozenset({"correct", "incorrect", "right", "wrong", "key", "answer", "distractor", "solution"})


def _key(question: SingleChoiceShape | MultiSelectShape | TrueFalseShape) -> Iterator[Finding]:
    correct = [at for at, choice in enumerate(question.choices) if choice.correct]
    if isinstance(question, MultiSelectShape):
        yield from _keys(question, len(correct))
        return
    if not correct and question.choices:
        yield ("choices",), "Q007", "No choice is correct. Add `correct: true` to the key.", "error"
    if len(correct) > 1:
        message = "A second choice is correct. Keep one, or write `type: multi_select`."
        yield ("choices", correct[1], "correct"), "Q008", message, "error"


def _keys(question: MultiSelectShape, correct: int) -> Iterator[Finding]:
    if not correct and question.choices and not question.allow_none:
        message = "No choice is correct. Add `correct: true` to a key, or write `allow_none: true`."
        yield ("choices",), "Q010", message, "error"
    if correct == len(question.choices) > 1:
        yield ("choices",), "Q010", "Every choice is correct. Add one that is not.", "error"


def _numeric(question: NumericShape) -> Iterator[Finding]:
    yield from _numbers((), question)
    right = number_of(question)
    for at, each in enumerate(question.wrong):
        yield from _numbers(("wrong", at), each)
        wrong = number_of(each)
        if right and wrong and _overlap(right, wrong):
            message = "This known mistake lies among the right numbers. Move it, or narrow `tolerance`."
            yield ("wrong", at), "Q014", message, "error"


def _numbers(where: tuple[str | int, ...], shape: NumericShape | WrongNumberShape) -> Iterator[Finding]:
    if (shape.value is None) == (shape.range is None):
        message = "Write `value` (and `tolerance`), or `range`: one of the two."
        yield (*where, "value"), "Q014", message, "error"
    if shape.tolerance is not None and shape.range is not None:
        yield (
            (*where, "tolerance"),
            "Q014",
            "`tolerance` belongs to `value`, not to a range. Remove it.",
            "error",
        )
    if shape.tolerance is not None and shape.tolerance.startswith("-"):
        yield (*where, "tolerance"), "Q014", "A tolerance is not negative. Remove the minus.", "error"
    if shape.range is not None and shape.range.from_ > shape.range.to:
        yield (*where, "range"), "Q014", "The range is reversed. Swap `from` and `to`.", "error"


def _overlap(one: Number, other: Number) -> bool:
    return one.low <= other.high and other.low <= one.high


def _short_text(question: ShortTextShape) -> Iterator[Finding]:
    if not question.accept:
        yield ("accept",), "Q015", "No answer is accepted. Add one.", "error"
    for at, each in enumerate(question.wrong):
        if (each.text is None) == (each.pattern is None):
            yield ("wrong", at), "Q003", "Write `text` or `pattern`: one of the two.", "error"
    entries = [(("accept", at), accepted(each)) for at, each in enumerate(question.accept)]
    entries += [(("wrong", at), accepted(each)) for at, each in enumerate(question.wrong)]
    seen: set[tuple[str, bool]] = set()
    for where, entry in entries:
        if entry.pattern and (mistake := pattern_mistake(entry.text)):
            yield (*where, "pattern"), "Q015", mistake, "error"
        known = (
            entry.text if entry.pattern else same_text(entry.text, question.case_sensitive),
            entry.pattern,
        )
        if known in seen and known[0]:
            message = "This answer stands here already; capitals and blanks make no difference. Remove one."
            yield where, "Q015", message, "error"
        seen.add(known)


def _options(question: MatchingShape) -> Iterator[Finding]:
    matches = {each.match for each in question.pairs}
    if len({*matches, *question.distractors}) < 2 and len(question.pairs) > 1:
        yield ("pairs",), "Q009", "Everything matches the same. Add another `match` or a distractor.", "error"
    seen: set[str] = set(matches)
    for at, each in enumerate(question.distractors):
        if each in seen:
            message = "This is offered already. A distractor belongs to no pair and stands once."
            yield ("distractors", at), "Q006", message, "error"
        seen.add(each)


def _outputs(question: PredictOutputShape) -> Iterator[Finding]:
    if question.code.language not in RUNNABLE:
        message = f"The output is proven by running the code. Write it in {' or '.join(RUNNABLE)}."
        yield ("code", "language"), "Q027", message, "error"
    if not printed(question.output).strip():
        message = "The code prints nothing, and nothing can't be typed in. Let it print, or ask with choices."
        yield ("output",), "Q003", message, "error"
    seen = {printed(question.output)}
    for at, each in enumerate(question.wrong):
        if printed(each.output) in seen:
            yield ("wrong", at), "Q014", "This output is the right one, or stands twice. Remove it.", "error"
        seen.add(printed(each.output))
