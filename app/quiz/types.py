"""What a quiz is, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

QUESTION_TYPES = ("single_choice", "multi_select", "true_false")
SCORING_RULES = ("balanced", "all_or_nothing")


@dataclass(frozen=True)
class Choice:
    """One option of a question; its id stays when its words change."""

    id: str
    text: str  # Markdown
    correct: bool
    feedback: str  # Markdown, shown after the answer
    fixed: str | None = None  # "first" or "last": keeps its place while the others are shuffled
    void: str | None = None  # "drop": counts for nobody | "accept": right for everybody


@dataclass(frozen=True)
class Question:
    """One question; its id is unique in the course and never used again for another."""

    id: str
    type: str  # one of QUESTION_TYPES
    stem: str  # Markdown
    choices: tuple[Choice, ...]
    hints: tuple[str, ...]  # Markdown, offered before the answer
    explanation: str  # Markdown, shown after the answer
    objectives: tuple[str, ...]  # keys of Quiz.objectives
    lesson: str | None  # "raw-bytes#section", to read again
    difficulty: str  # easy | medium | hard, the author's guess
    scoring: str  # one of SCORING_RULES
    shuffle: bool

    def choice(self, choice_id: str) -> Choice | None:
        """Give the choice with this id."""
        return next((choice for choice in self.choices if choice.id == choice_id), None)


@dataclass(frozen=True)
class QuizSettings:
    """How an attempt is drawn."""

    choose: int | None = None  # this many questions per attempt; None: all
    shuffle_questions: bool = True
    shuffle_choices: bool = True


@dataclass(frozen=True)
class Quiz:
    """One file of questions."""

    id: str
    title: str
    lesson: str | None  # the lesson after which it stands
    order: int  # its place among the quizzes of that lesson
    pass_mark: int  # percent
    objectives: Mapping[str, str]
    settings: QuizSettings
    questions: tuple[Question, ...]
    path: Path

    def question(self, question_id: str) -> Question | None:
        """Give the question with this id."""
        return next((question for question in self.questions if question.id == question_id), None)
