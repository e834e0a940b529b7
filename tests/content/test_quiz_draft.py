"""A quiz file while it is written: what can be read is there, whatever is wrong beside it."""

from pathlib import Path
from random import Random

import pytest

from app.content.quiz_draft import Draft, read_draft
from tests.content.all_types import ALL_TYPES, write_all_types
from tests.content.quiz_damage import damaged
from tests.content.samples import write


def draft_of(root: Path, text: str) -> Draft:
    """Read a text as the draft of the quiz of all types."""
    file = write_all_types(root, text)
    return read_draft(file, "quizzes/all-types.yaml")


def test_a_right_file(tmp_path: Path) -> None:
    """Every question is there with its own lines, and nothing is wrong."""
    draft = draft_of(tmp_path, ALL_TYPES)
    assert [part.question.type for part in draft.questions if part.question] == [
        "single_choice",
        "multi_select",
        "true_false",
        "numeric",
        "short_text",
        "ordering",
        "matching",
        "predict_output",
        "reflect",
    ]
    assert (draft.quiz.title, len(draft.quiz.questions), draft.problems) == ("One of each", 9, ())
    for part in draft.questions:
        assert part.question is not None
        assert part.source.startswith(f"  - id: {part.question.id}")
        assert "\n".join(draft.lines[part.first - 1 : part.last]).rstrip() == part.source


@pytest.mark.parametrize(
    ("old", "new", "at", "code"),
    [
        (
            "        correct: true\n        feedback: Yes.\n      - id: half-past",
            "      - id: half-past",
            0,
            "Q007",
        ),
        ("    value: 120\n    tolerance", "    vaule: 120\n    tolerance", 3, "Q002"),
        ("    uses: short\n", "    uses: shrot\n", 4, "Q011"),
        ("    type: ordering\n", "    type: ordring\n", 5, "Q020"),
        ("        text: 200\n", "        text: `200\n", 0, "Q001"),
    ],
)
def test_one_broken_question(tmp_path: Path, old: str, new: str, at: int, code: str) -> None:
    """A mistake stands beside its question, which can't be asked; the eight others can."""
    assert old in ALL_TYPES
    draft = draft_of(tmp_path, ALL_TYPES.replace(old, new, 1))
    assert [part.question is None for part in draft.questions].count(True) <= 1
    assert len(draft.questions) == 9
    errors = {problem.code for problem in draft.questions[at].problems if problem.level == "error"}
    assert code in errors
    others = [each for place, each in enumerate(draft.questions) if place != at]
    assert not [each.problems for each in others if each.problems]


def test_a_broken_head(tmp_path: Path) -> None:
    """Without a readable head the questions are shown all the same, and the mistake stands above them."""
    draft = draft_of(
        tmp_path, ALL_TYPES.replace("quiz: {id: all-types, title", "quiz: {id: all-types, titel")
    )
    assert [problem.code for problem in draft.problems] == ["Q003", "Q002"]
    assert sum(part.question is not None for part in draft.questions) >= 6


@pytest.mark.parametrize(
    "text", ["", "\t", "format: 1\nquestions: *all\n", "- just a list\n", "questions: {a: b}\n"]
)
def test_no_quiz_at_all(tmp_path: Path, text: str) -> None:
    """What is no quiz has problems and no questions."""
    draft = draft_of(tmp_path, text)
    assert draft.questions == ()
    assert draft.problems


def test_a_missing_file(tmp_path: Path) -> None:
    """A file that is gone for a moment, as editors do it, is a problem and no error."""
    draft = read_draft(tmp_path / "gone.yaml", "gone.yaml")
    assert [problem.code for problem in draft.problems] == ["Y010"]


def test_damaged_files(tmp_path: Path) -> None:
    """Whatever happens to a file, what is read of it is a draft."""
    file = write(tmp_path / "quizzes/all-types.yaml", "")
    for at in range(300):
        file.write_bytes(damaged(ALL_TYPES.encode(), Random(at)))  # noqa: S311
        draft = read_draft(file, "quizzes/all-types.yaml")
        assert draft.questions or draft.problems, at
