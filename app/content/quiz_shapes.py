"""The fields of a quiz file. From these models quizzes/quiz.schema.json is made."""

from typing import Annotated, Literal

from pydantic import Field

from app.content.files import slug
from app.content.shapes import Flag, Id, PlaceInCourse, Raw, Shape, Text, Whole

Described = Field  # a field with a sentence that editors show
ScoringRule = Literal["balanced", "all_or_nothing"]
Place = Annotated[PlaceInCourse, Described(description="What to read again: a lesson, or lesson#section.")]


class CodeShape(Shape):
    """A program text, shown as code."""

    language: Id
    text: Raw


class LintShape(Shape):
    """Warnings that do not hold here."""

    ignore: Annotated[tuple[Text, ...], Field(min_length=1)]
    because: Annotated[Text, Described(description="The reason, for the next author.")]


class ChoiceShape(Shape):
    """One option."""

    id: Annotated[Id | None, Described(description="For ever; the words may change.")] = None
    text: Annotated[Text | None, Described(description="Markdown.")] = None
    code: CodeShape | None = None
    correct: Annotated[Flag, Described(description="The key. Left out: false.")] = False
    feedback: Annotated[Text | None, Described(description="Why this is right or wrong.")] = None
    fixed: Annotated[
        Literal["first", "last"] | None, Described(description="Stays there when the others are shuffled.")
    ] = None
    void: Annotated[
        Literal["drop", "accept"] | None,
        Described(description="A flawed option: drop counts for nobody, accept is right for everybody."),
    ] = None

    @property
    def known_id(self) -> str:
        """Give the written id, else the slug of the text."""
        return self.id or slug(self.text or (self.code.text if self.code else ""))


class QuestionShape(Shape):
    """One question."""

    id: Annotated[Id | None, Described(description="For ever, and never used again for another.")] = None
    type: Literal["single_choice", "multi_select", "true_false"] = "single_choice"
    stem: Annotated[Text, Described(description="The question, in Markdown.")]
    code: CodeShape | None = None
    uses: Annotated[Id | None, Described(description="A stimulus that is shown above the stem.")] = None
    choices: tuple[ChoiceShape, ...]
    hints: Annotated[tuple[Text, ...], Described(description="Offered before the answer.")] = ()
    explanation: Annotated[Text | None, Described(description="Shown after the answer.")] = None
    objectives: tuple[Id, ...] = ()
    lesson: Place | None = None
    difficulty: Literal["easy", "medium", "hard"] = "medium"
    scoring: ScoringRule | None = None
    shuffle: Flag | None = None
    lint: LintShape | None = None

    @property
    def known_id(self) -> str:
        """Give the written id, else the slug of the stem."""
        return self.id or slug(self.stem)


class SettingsShape(Shape):
    """How an attempt is drawn and judged."""

    choose: Annotated[
        Annotated[int, Whole(1, 500)] | None,
        Described(description="So many questions per attempt. Left out: all."),
    ] = None
    shuffle_questions: Flag = True
    shuffle_choices: Flag = True
    scoring: ScoringRule = "balanced"
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
    stimulus: dict[Id, Text] = Field(default_factory=dict)
    questions: Annotated[tuple[QuestionShape, ...], Field(min_length=1)]
