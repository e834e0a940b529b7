"""Questions to score and to draw."""

from pathlib import Path

from app.quiz.types import Choice, Question, Quiz, QuizSettings


def question(
    *choices: Choice,
    kind: str = "single_choice",
    scoring: str = "balanced",
    shuffle: bool = True,
    id: str = "q",
) -> Question:
    """A question with these choices."""
    return Question(
        id=id,
        type=kind,
        stem="What?",
        choices=choices,
        hints=(),
        explanation="",
        objectives=(),
        lesson=None,
        difficulty="medium",
        scoring=scoring,
        shuffle=shuffle,
    )


def several(right: int, wrong: int, scoring: str = "balanced") -> Question:
    """A multi_select with so many right and wrong choices: r0, r1, ..., w0, w1, ..."""
    return question(
        *(Choice(f"r{at}", f"right {at}", True, "") for at in range(right)),
        *(Choice(f"w{at}", f"wrong {at}", False, "") for at in range(wrong)),
        kind="multi_select",
        scoring=scoring,
    )


def quiz(*questions: Question, settings: QuizSettings | None = None) -> Quiz:
    """A quiz of these questions."""
    return Quiz("z", "Z", None, 1, 70, {}, settings or QuizSettings(), questions, Path("z.yaml"))
