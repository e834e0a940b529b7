"""A quiz as CSV, for spreadsheets: a row for each choice, or for what else is right or known to be wrong."""

import csv
import io
from collections.abc import Iterator

from app.quiz.types import KnownWrong, Number, Question, Quiz
from app.quiz.words import prompt

COLUMNS = (
    "quiz",
    "question",
    "type",
    "prompt",
    "part",
    "text",
    "right",
    "feedback",
    "explanation",
    "hints",
    "objectives",
    "lesson",
    "difficulty",
    "scoring",
)
Row = tuple[str, str, str, str]  # id, text, right, feedback


def export_csv(quiz: Quiz) -> tuple[str, tuple[str, ...]]:
    """Give the CSV of a quiz, and what it can't hold."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for question in quiz.questions:
        for part in _parts(question):
            writer.writerow([_safe(cell) for cell in _row(quiz, question, part)])
    return stream.getvalue(), tuple(_lost(quiz))


def _row(quiz: Quiz, question: Question, part: Row) -> tuple[str, ...]:
    return (
        quiz.id,
        question.id,
        question.type,
        prompt(question),
        *part,
        question.explanation,
        "\n".join(question.hints),
        " ".join(question.objectives),
        question.lesson or "",
        question.difficulty,
        question.scoring,
    )


def _safe(cell: str) -> str:
    """Keep a spreadsheet from taking a text for a formula: an apostrophe in front says that it is text."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _parts(question: Question) -> Iterator[Row]:
    options = {option.id: option.text for option in question.options}
    for choice in question.choices:
        yield choice.id, choice.text, _word(choice.correct), choice.feedback
    for place, item in enumerate(question.items, 1):
        yield item.id, item.text, str(place), item.feedback
    for pair in question.pairs:
        yield pair.id, pair.text, options[pair.option], pair.feedback
    yield from _typed(question)
    for wrong in question.wrong:
        yield "", _wrong(wrong), "false", wrong.feedback
    if question.type == "reflect":
        yield "", question.model_answer, "", "\n".join(question.points)


def _typed(question: Question) -> Iterator[Row]:
    if question.number:
        yield "", _number(question.number), "true", ""
    for accepted in question.accept:
        yield "", accepted.text, "true", ""
    if question.type == "predict_output":
        yield "", question.output, "true", ""


def _word(correct: bool) -> str:
    return "true" if correct else "false"


def _number(number: Number) -> str:
    return str(number.low) if number.low == number.high else f"{number.low} to {number.high}"


def _wrong(wrong: KnownWrong) -> str:
    if wrong.number:
        return _number(wrong.number)
    return wrong.text.text if wrong.text else ""


def _lost(quiz: Quiz) -> Iterator[str]:
    pictures = sum(len(question.images) for question in quiz.questions)
    distractors = sum(
        len({option.id for option in question.options} - {pair.option for pair in question.pairs})
        for question in quiz.questions
    )
    patterns = sum(accepted.pattern for question in quiz.questions for accepted in question.accept)
    voids = sum(choice.void is not None for question in quiz.questions for choice in question.choices)
    for count, what in (
        (pictures, "pictures"),
        (distractors, "distractors of matching questions"),
        (patterns, "that a text is a pattern"),
        (voids, "voids of choices"),
        (len(quiz.pools), "pools"),
    ):
        if count:
            yield f"{what}: {count} not kept"
