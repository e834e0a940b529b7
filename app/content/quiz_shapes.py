"""The fields of a quiz file. From these models quizzes/quiz.schema.json is made."""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from app.content.quiz_ids import id_of
from app.content.quiz_parts import (
    Choices,
    CodeShape,
    Decimals,
    Described,
    ImageShape,
    Items,
    LintShape,
    OrText,
    PairShape,
    PatternShape,
    RangeShape,
    ScoringRule,
    StimulusShape,
    Tolerance,
    Tries,
    WrongNumberShape,
    WrongOutputShape,
    WrongTextShape,
)
from app.content.shapes import Flag, Id, PlaceInCourse, Raw, Shape, Text, Whole

Place = Annotated[PlaceInCourse, Described(description="What to read again: a lesson, or lesson#section.")]
Scoring = Annotated[
    ScoringRule | None,
    Described(description="balanced: right ticks earn, wrong ticks cost. all_or_nothing: as it says."),
]


class QuestionShape(Shape):
    """What every question can have."""

    id: Annotated[Id | None, Described(description="For ever, and never used again for another.")] = None
    type: str = "single_choice"
    stem: Annotated[Text, Described(description="The question, in Markdown.")]
    code: Annotated[CodeShape | None, Described(description="Shown below the stem.")] = None
    image: Annotated[ImageShape | None, Described(description="Shown below the stem.")] = None
    uses: Annotated[Id | None, Described(description="A stimulus that is shown above the stem.")] = None
    pool: Annotated[Id | None, Described(description="Drawn from this pool of the file.")] = None
    hints: Annotated[tuple[Text, ...], Described(description="Offered before the answer.")] = ()
    explanation: Annotated[Text | None, Described(description="Shown after the answer.")] = None
    objectives: tuple[Id, ...] = ()
    lesson: Place | None = None
    difficulty: Literal["easy", "medium", "hard"] = "medium"
    tries: Tries | None = None
    rescore: Annotated[
        Literal["raise", "all", "leave"],
        Described(description="Stored scores after a change of the key: raise keeps the higher one."),
    ] = "raise"
    lint: LintShape | None = None

    @cached_property
    def known_id(self) -> str:
        """Give the written id, else the one of the stem."""
        return self.id or id_of(self.stem)


class SingleChoiceShape(QuestionShape):
    """One choice is right."""

    type: Literal["single_choice"] = "single_choice"
    choices: Choices
    shuffle: Flag | None = None
    scoring: Scoring = None


class MultiSelectShape(QuestionShape):
    """Several choices may be right."""

    type: Literal["multi_select"]
    choices: Choices
    shuffle: Flag | None = None
    scoring: Scoring = None
    allow_none: Annotated[Flag, Described(description="Ticking nothing is an answer, too.")] = False
    show_count: Annotated[Flag, Described(description="Say how many choices are right.")] = False


class TrueFalseShape(QuestionShape):
    """A statement that holds or does not."""

    type: Literal["true_false"]
    choices: Choices
    shuffle: Flag | None = None


class NumericShape(QuestionShape):
    """A number is typed in."""

    type: Literal["numeric"]
    value: Annotated[Decimals | None, Described(description="The right number.")] = None
    tolerance: Annotated[
        Tolerance | None, Described(description="How far off is still right: 0.5, or 10%.")
    ] = None
    range: Annotated[RangeShape | None, Described(description="Instead of value and tolerance.")] = None
    unit: Annotated[Text | None, Described(description="Shown behind the field.")] = None
    wrong: tuple[WrongNumberShape, ...] = ()


class ShortTextShape(QuestionShape):
    """A word or two are typed in."""

    type: Literal["short_text"]
    accept: Annotated[
        tuple[Annotated[Text | PatternShape, Field(union_mode="smart")], ...],
        Described(description="Every answer that is right; the first is shown."),
    ]
    case_sensitive: Flag = False
    wrong: tuple[WrongTextShape, ...] = ()


class OrderingShape(QuestionShape):
    """Steps are put in order."""

    type: Literal["ordering"]
    items: Annotated[Items, Described(description="In the right order; the learner sees them shuffled.")]
    scoring: Scoring = None


class MatchingShape(QuestionShape):
    """Each thing gets what belongs to it."""

    type: Literal["matching"]
    pairs: tuple[PairShape, ...]
    distractors: Annotated[tuple[Text, ...], Described(description="Offered, but belonging to nothing.")] = ()
    scoring: Scoring = None


class PredictOutputShape(QuestionShape):
    """The learner says what a program prints; `course verify` runs it."""

    type: Literal["predict_output"]
    code: CodeShape
    output: Annotated[Raw, Described(description="What the code prints.")]
    wrong: tuple[WrongOutputShape, ...] = ()


class ReflectShape(QuestionShape):
    """A free answer, then a model answer to compare it with; not scored."""

    type: Literal["reflect"]
    model_answer: Text
    points: Annotated[tuple[Text, ...], Described(description="What a good answer holds.")] = ()


SHAPES: dict[str, type[QuestionShape]] = {
    "single_choice": SingleChoiceShape,
    "multi_select": MultiSelectShape,
    "true_false": TrueFalseShape,
    "numeric": NumericShape,
    "short_text": ShortTextShape,
    "ordering": OrderingShape,
    "matching": MatchingShape,
    "predict_output": PredictOutputShape,
    "reflect": ReflectShape,
}
WithChoices = SingleChoiceShape | MultiSelectShape | TrueFalseShape


class SettingsShape(Shape):
    """How an attempt is drawn and judged."""

    choose: Annotated[
        Annotated[int, Whole(1, 500)] | None,
        Described(description="So many of the questions outside pools per attempt. Left out: all."),
    ] = None
    shuffle_questions: Flag = True
    shuffle_choices: Flag = True
    scoring: ScoringRule = "balanced"
    tries: Tries = ()
    attempts: Literal["unlimited"] = "unlimited"
    release: Literal["after_each"] = "after_each"
    confidence: Literal["off", "optional"] = "off"


class HeadShape(Shape):
    """What the quiz is and where it stands."""

    id: Id
    title: Text
    lesson: Annotated[Id | None, Described(description="The lesson after which it stands.")] = None
    order: Annotated[int, Whole(1, 999)] = 1
    pass_mark: Annotated[Annotated[int, Whole(0, 100)], Described(description="Percent.")] = 70


class QuizShape(Shape):
    """A file of questions."""

    format: Annotated[int, Whole(1, 1)]
    quiz: HeadShape
    objectives: dict[Id, Text] = Field(default_factory=dict)
    settings: SettingsShape = SettingsShape()
    stimulus: dict[Id, Annotated[StimulusShape, OrText()]] = Field(default_factory=dict)
    pools: Annotated[
        dict[Id, Annotated[int, Whole(1, 500)]],
        Described(description="How many questions of each pool an attempt asks."),
    ] = Field(default_factory=dict)
    questions: Annotated[tuple[Any, ...], Field(min_length=1)]  # each by the model of its type, in SHAPES
    lint: LintShape | None = None
