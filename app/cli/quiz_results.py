"""What a learner reads once a question is answered: the verdict, each feedback, why, and where to read."""

from rich.markdown import Markdown

from app.cli.clean import clean
from app.cli.quiz_forms import labels
from app.cli.reading import Reader
from app.cli.screen import Screen
from app.learning.quizzes import (
    AnsweredChoice,
    AnsweredItem,
    AnsweredPair,
    AnswerView,
    ChoiceView,
    QuestionView,
)


class Results:
    """Writes answers with what they came to."""

    def __init__(self, screen: Screen, reader: Reader) -> None:
        self.screen = screen
        self.reader = reader

    def show(self, question: QuestionView, result: AnswerView) -> None:
        """Write all that may be known; `question` is as it was asked."""
        self.screen.gap()
        self.screen.say(_verdict(result))
        self._show_typed(question, result)
        for label, choice in zip(_labels(question, result), result.choices, strict=True):
            self._show_choice(label, choice)
        for item in result.items:
            self._show_item(item)
        for number, pair in enumerate(result.pairs, start=1):
            self._show_pair(number, pair, released=result.released)
        self._show_model(result)
        if result.explanation:
            self.reader.read(result.explanation)
        for words in (result.scoring if 0 < result.score < 1 else "", result.note):
            if words:
                self.screen.gap()
                self.screen.say((words, "quiet"))
        if result.lesson and (not result.correct or not result.scored):
            self.screen.gap()
            again = f"course show {result.lesson}"
            self.screen.pair("read again", again, style="command", width=12, indent=0)

    def _show_typed(self, question: QuestionView, result: AnswerView) -> None:
        if result.remark:
            self._markdown(result.remark, indent=2)
        if not result.expected or (result.correct and question.type == "predict_output"):
            return
        self.screen.say(("It prints:" if question.type == "predict_output" else "Right is:", "label"))
        self.screen.quoted(clean(result.expected).rstrip("\n").split("\n"))

    def _show_choice(self, label: str, choice: AnsweredChoice) -> None:
        told = f"{label}) {'right' if choice.correct else 'wrong'}"
        told += ", your answer" if choice.chosen else ""
        told += " (a flawed choice: it costs nobody anything)" if choice.void else ""
        self._mark(told, good=choice.correct, mine=choice.chosen)
        if choice.feedback:
            self._markdown(choice.feedback, indent=7)

    def _show_item(self, item: AnsweredItem) -> None:
        good = item.place == item.given
        yours = "" if good or not item.given else f" (yours: {item.given})"
        self._mark(f"{item.place}.{yours}", good=good, mine=bool(item.given))
        self._markdown(item.text, indent=7)
        if item.feedback:
            self._markdown(item.feedback, indent=9)

    def _show_pair(self, number: int, pair: AnsweredPair, *, released: bool) -> None:
        self._mark(f"{number}. {'right' if pair.correct else 'wrong'}", good=pair.correct, mine=True)
        self._markdown(pair.text, indent=7)
        if pair.chosen and not pair.correct:
            self._markdown(f"You chose: {pair.chosen}", indent=9)
        if released:
            self._markdown(f"Right is: {pair.right}", indent=9)
        if pair.feedback:
            self._markdown(pair.feedback, indent=9)

    def _show_model(self, result: AnswerView) -> None:
        if result.model_answer:
            self.screen.gap()
            self.screen.say(("One good answer:", "label"))
            self._markdown(result.model_answer, indent=2)
        if result.points:
            self.screen.gap()
            self.screen.say(("Does yours say this, too?", "label"))
        for point in result.points:
            self._markdown(f"- {point}", indent=2)

    def _mark(self, told: str, *, good: bool, mine: bool) -> None:
        wrong = (self.screen.marks.failed, "bad" if mine else "quiet")
        mark = (self.screen.marks.passed, "good") if good else wrong
        self.screen.say(mark, (f" {told}", "strong" if mine else "quiet"), indent=2)

    def _markdown(self, text: str, indent: int) -> None:
        self.screen.show(Markdown(clean(text), hyperlinks=False), indent=indent)


def _labels(question: QuestionView, result: AnswerView) -> list[str]:
    """Name the choices as they were asked; while a key is withheld only some of them are told."""
    names = labels(len(question.choices))
    asked = {_shown(each): name for each, name in zip(question.choices, names, strict=True)}
    return [asked.get(_shown(choice), "-") for choice in result.choices]


def _shown(choice: AnsweredChoice | ChoiceView) -> tuple[str, str]:
    return choice.text, choice.image.file if choice.image else ""


def _verdict(result: AnswerView) -> tuple[str, str]:
    if result.gave_up:
        return "Here is the answer.", "strong"
    if not result.scored:
        return "Thank you. Compare it with ours.", "strong"
    if result.correct and result.score < 1:
        return f"Right: {result.score:.0%} of the point after this many tries.", "good"
    if result.correct:
        return "Right.", "good"
    if result.score > 0:
        return f"Partly right: {result.score:.0%} of the point.", "strong"
    return "Not right.", "bad"
