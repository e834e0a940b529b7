"""What a learner sees of a quiz: before the answer no id, no key, no feedback.

Texts are Markdown unless they say "as typed". One question is answered with a list of texts:
tokens of the chosen choices | one typed text | tokens of all items in the chosen order | for each of
`pairs`, in its order, the token of the chosen option ("" where none was chosen).
"""

from dataclasses import dataclass

from app.quiz.types import Image, Stimulus


@dataclass(frozen=True)
class ChoiceView:
    """One choice before the answer."""

    token: str
    text: str
    image: Image | None = None
    tried: bool = False  # chosen in an earlier try of this attempt and wrong: not to be chosen again


@dataclass(frozen=True)
class PartView:
    """One item to put in order, or one option that can be matched."""

    token: str
    text: str


@dataclass(frozen=True)
class AnsweredChoice:
    """One choice after the answer, with its feedback."""

    text: str
    chosen: bool
    correct: bool
    feedback: str
    image: Image | None = None
    void: bool = False  # flawed: it counts for nobody, or is right for everybody


@dataclass(frozen=True)
class AnsweredItem:
    """One item of an ordering after the answer; places count from 1."""

    text: str
    place: int  # where it belongs
    given: int  # where the learner put it
    feedback: str


@dataclass(frozen=True)
class AnsweredPair:
    """One pair of a matching after the answer."""

    text: str
    chosen: str  # the option that the learner chose
    right: str  # the option that belongs here; "" while the key is not released
    correct: bool
    feedback: str


@dataclass(frozen=True)
class AnswerView:
    """What the learner may know once an answer is stored.

    While `released` is false there are tries left: it holds no key, no explanation, no model answer, and of
    the choices only those that were chosen in a question that takes one.
    """

    correct: bool
    score: float  # 0.0 to 1.0, what this try earned
    rule: str  # its name, such as balanced
    choices: tuple[AnsweredChoice, ...]  # in the order shown
    explanation: str
    lesson: str | None  # "raw-bytes#section": a link is /lessons/ + this
    scoring: str = ""  # the rule in words
    scored: bool = True  # False: reflect
    released: bool = True
    try_number: int = 1  # from 1
    gave_up: bool = False  # the learner asked for the key instead of answering (again)
    given: str = ""  # as typed
    expected: str = ""  # a right text or number, plain; for predict_output what the code prints
    remark: str = ""  # the feedback on a known mistake
    items: tuple[AnsweredItem, ...] = ()  # in the right order
    pairs: tuple[AnsweredPair, ...] = ()
    model_answer: str = ""  # reflect
    points: tuple[str, ...] = ()  # reflect: what to compare oneself with
    note: str = ""  # plain; what happened to this score since, such as a corrected key


@dataclass(frozen=True)
class QuestionView:
    """One question as it is shown: no id, no key, no feedback before the answer."""

    token: str
    stem: str  # with stimulus and code
    type: str
    choices: tuple[ChoiceView, ...]
    hints: tuple[str, ...]  # those opened in this attempt
    hints_left: int
    answered: AnswerView | None  # once no try is left; its score is the best of all tries
    images: tuple[Image, ...] = ()  # of the stimulus and the stem; files lie beside the quiz file
    items: tuple[PartView, ...] = ()  # ordering, in the order shown
    pairs: tuple[str, ...] = ()  # matching: what gets an option each
    options: tuple[PartView, ...] = ()  # matching, in the order shown
    unit: str = ""  # numeric, plain: shown behind the field
    allow_none: bool = False  # choosing nothing is an answer
    right_count: int | None = None  # how many choices are right, where the learner is told
    scoring: str = ""  # the rule in words
    try_number: int = 1  # goes back with the answer, so that a double click is one try
    tries_left: int = 1  # this one included; 0 once answered
    last: AnswerView | None = None  # what the try before said, while tries are left
    asks_confidence: bool = False  # offer low, mid, high (optional)
    stimulus: Stimulus | None = None  # what it shares with other questions
    ask: str = ""  # the stem with its code, without the stimulus
    image: Image | None = None  # of the stem alone
    version: str = ""  # goes back with the answer, so that an edited question is not answered unseen


@dataclass(frozen=True)
class AttemptView:
    """One attempt at a quiz; score and best are percentages of all its questions."""

    id: str
    quiz_id: str
    title: str
    number: int  # 1 for the first attempt at this quiz
    questions: tuple[QuestionView, ...]  # of a retake: what was missed
    answered: int
    score: float
    finished: bool
    passed: bool
    pass_mark: int
    best: float | None  # the best finished attempt, this one included
    kind: str = "whole"  # whole | retake | inline
    right: int = 0  # wholly right answers, those that a retake took over included
    total: int = 0  # questions that count, those that a retake took over included
    missed: int = 0  # answered, and in no try wholly right: what a retake asks
    is_newest: bool = True  # no attempt at this quiz was begun later


@dataclass(frozen=True)
class QuestionPlace:
    """Where a question stands, for a link to it."""

    attempt: str
    quiz_id: str
    number: int  # from 1, among the questions of the attempt
    token: str
    is_newest: bool  # no attempt at this quiz was begun later


@dataclass(frozen=True)
class LookAgain:
    """One question whose newest answer was not wholly right."""

    quiz_id: str
    quiz_title: str
    stem: str  # Markdown, with stimulus and code
    lesson: str | None  # "raw-bytes#section": what to read again
    at: str  # when it was answered, ISO 8601 in UTC
    question_id: str  # asks it alone: open_inline
