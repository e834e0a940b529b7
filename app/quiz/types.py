"""What a quiz is, as plain values.

What a learner answers, by type: single_choice and true_false the id of one choice, multi_select ids of
choices; numeric, short_text, predict_output and reflect one text; ordering the ids of all items in the
chosen order; matching `pair=option`, the ids of each pair and of the option chosen for it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import overload

CHOICE_TYPES = ("single_choice", "multi_select", "true_false")
TEXT_TYPES = ("numeric", "short_text", "predict_output", "reflect")
QUESTION_TYPES = (*CHOICE_TYPES, "numeric", "short_text", "ordering", "matching", "predict_output", "reflect")
SCORING_RULES = ("balanced", "all_or_nothing")
RUNNABLE = ("python", "javascript")  # what `course verify` can run for predict_output
RESCORING = ("raise", "all", "leave")
CONFIDENCE = ("low", "mid", "high")


@dataclass(frozen=True)
class Code:
    """A program text, shown as code."""

    language: str
    text: str


@dataclass(frozen=True)
class Image:
    """A picture; `alt` says what it shows and is empty only where it decorates."""

    file: str  # below the folder of the quiz file, with forward slashes
    alt: str


@dataclass(frozen=True)
class Stimulus:
    """What several questions are about; shown above each of them, and they stay together when drawn."""

    id: str
    text: str  # Markdown
    code: Code | None = None
    image: Image | None = None


@dataclass(frozen=True)
class Choice:
    """One option of a question; its id stays when its words change."""

    id: str
    text: str  # Markdown
    correct: bool
    feedback: str  # Markdown, shown after the answer
    fixed: str | None = None  # "first" or "last": keeps its place while the others are shuffled
    void: str | None = None  # "drop": counts for nobody | "accept": right for everybody
    credit: float = 0.0  # single_choice: the share of the point that this wrong choice earns
    image: Image | None = None


@dataclass(frozen=True)
class Item:
    """One step of an ordering; the question lists them in the right order."""

    id: str
    text: str  # Markdown
    feedback: str = ""  # why it stands there


@dataclass(frozen=True)
class Option:
    """One thing that can be matched; one that no pair names is a distractor."""

    id: str
    text: str  # Markdown, without blocks: it stands in a native select


@dataclass(frozen=True)
class Pair:
    """One thing to match, and the option that belongs to it."""

    id: str
    text: str  # Markdown
    option: str  # the id of the right Option; two pairs may share one
    feedback: str = ""


@dataclass(frozen=True)
class Number:
    """A number or a range of numbers; both bounds belong to it."""

    low: Decimal
    high: Decimal
    value: Decimal | None = None  # what is shown as the answer; None: the range


@dataclass(frozen=True)
class Accepted:
    """A text that is right (or a known mistake); a pattern must match the whole answer."""

    text: str
    pattern: bool = False  # checked when loading: it can't take long, whatever it is matched with


@dataclass(frozen=True)
class KnownWrong:
    """A wrong answer that has its own feedback: a number (numeric) or a text (the others)."""

    feedback: str  # Markdown
    number: Number | None = None
    text: Accepted | None = None


@dataclass(frozen=True)
class Question:
    """One question; its id is unique in the course and never used again for another."""

    id: str
    type: str  # one of QUESTION_TYPES
    stem: str  # Markdown
    choices: tuple[Choice, ...]  # of CHOICE_TYPES, else empty
    hints: tuple[str, ...]  # Markdown, offered before the answer
    explanation: str  # Markdown, shown after the answer
    objectives: tuple[str, ...]  # keys of Quiz.objectives
    lesson: str | None  # "raw-bytes#section", to read again
    difficulty: str  # easy | medium | hard, the author's guess
    scoring: str  # one of SCORING_RULES; for multi_select, ordering and matching
    shuffle: bool
    code: Code | None = None  # shown below the stem; for predict_output what prints `output`
    image: Image | None = None  # shown below the stem
    stimulus: Stimulus | None = None
    pool: str | None = None  # one of Quiz.pools
    allow_none: bool = False  # multi_select: ticking nothing is an answer
    show_count: bool = False  # multi_select: the learner is told how many choices are right
    tries: tuple[float, ...] = ()  # what each try within an attempt can earn; empty: one try
    rescore: str = "raise"  # one of RESCORING: what happens to stored scores when the key changes
    items: tuple[Item, ...] = ()  # ordering, in the right order
    pairs: tuple[Pair, ...] = ()  # matching
    options: tuple[Option, ...] = ()  # matching: what can be chosen for each pair
    number: Number | None = None  # numeric
    unit: str = ""  # numeric: shown behind the field
    accept: tuple[Accepted, ...] = ()  # short_text; the first is shown as the answer
    case_sensitive: bool = False  # short_text and predict_output
    output: str = ""  # predict_output: what the code prints
    wrong: tuple[KnownWrong, ...] = ()  # numeric, short_text, predict_output
    model_answer: str = ""  # reflect, Markdown
    points: tuple[str, ...] = ()  # reflect, Markdown: what to compare oneself with

    def choice(self, choice_id: str) -> Choice | None:
        """Give the choice with this id."""
        return next((choice for choice in self.choices if choice.id == choice_id), None)

    @property
    def images(self) -> tuple[Image, ...]:
        """Give every picture that the question shows."""
        shared = self.stimulus.image if self.stimulus else None
        images = (shared, self.image, *(choice.image for choice in self.choices))
        return tuple(image for image in images if image is not None)

    @property
    def scored(self) -> bool:
        """Say whether an answer counts."""
        return self.type != "reflect"


class Unread(Sequence[Question]):
    """The questions of a quiz that are made when somebody first looks at one; their ids are known before."""

    def __init__(self, ids: tuple[str, ...], make: Callable[[], tuple[Question, ...]]) -> None:
        self.ids = ids
        self._make = make

    @cached_property
    def _made(self) -> tuple[Question, ...]:
        return self._make()

    @overload
    def __getitem__(self, at: int) -> Question: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Question, ...]: ...

    def __getitem__(self, at: int | slice) -> Question | tuple[Question, ...]:
        return self._made[at]

    def __len__(self) -> int:
        return len(self.ids)

    def __eq__(self, other: object) -> bool:
        return self._made == (other._made if isinstance(other, Unread) else other)

    def __hash__(self) -> int:
        return hash(self._made)


@dataclass(frozen=True)
class QuizSettings:
    """How an attempt is drawn."""

    choose: int | None = None  # this many of the questions outside pools per attempt; None: all
    shuffle_questions: bool = True
    shuffle_choices: bool = True
    confidence: bool = False  # ask how sure the learner is; never scored


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
    questions: Sequence[Question]
    path: Path
    pools: Mapping[str, int] = field(default_factory=dict)  # how many of each pool an attempt asks

    def question(self, question_id: str) -> Question | None:
        """Give the question with this id."""
        return next((question for question in self.questions if question.id == question_id), None)

    @property
    def ids(self) -> tuple[str, ...]:
        """Give the ids of all questions, without reading them."""
        asked = self.questions
        return asked.ids if isinstance(asked, Unread) else tuple(question.id for question in asked)

    @property
    def pictures(self) -> frozenset[str]:
        """Give the files of all pictures."""
        return frozenset(image.file for question in self.questions for image in question.images)

    @property
    def asked(self) -> int:
        """Give how many questions an attempt asks."""
        if not self.pools:
            return self.settings.choose or len(self.questions)
        outside = sum(question.pool not in self.pools for question in self.questions)
        return sum(self.pools.values()) + (self.settings.choose or outside)
