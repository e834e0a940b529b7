"""What a learner sees of a quiz: before the answer no id, no key, no feedback."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ChoiceView:
    """One choice before the answer."""

    token: str
    text: str


@dataclass(frozen=True)
class AnsweredChoice:
    """One choice after the answer, with its feedback."""

    text: str
    chosen: bool
    correct: bool
    feedback: str


@dataclass(frozen=True)
class AnswerView:
    """What the learner may know once the answer is stored."""

    correct: bool
    score: float  # 0.0 to 1.0
    rule: str
    choices: tuple[AnsweredChoice, ...]
    explanation: str
    lesson: str | None  # "raw-bytes#section": a link is /lessons/ + this


@dataclass(frozen=True)
class QuestionView:
    """One question as it is shown: no id, no key, no feedback before the answer."""

    token: str
    stem: str
    type: str
    choices: tuple[ChoiceView, ...]
    hints: tuple[str, ...]  # those opened in this attempt
    hints_left: int
    answered: AnswerView | None


@dataclass(frozen=True)
class AttemptView:
    """One attempt at a quiz; score and best are percentages of all its questions."""

    id: str
    quiz_id: str
    title: str
    number: int  # 1 for the first attempt at this quiz
    questions: tuple[QuestionView, ...]
    answered: int
    score: float
    finished: bool
    passed: bool
    pass_mark: int
    best: float | None  # the best finished attempt, this one included
