"""A quiz as a talk on the terminal: question, answer, feedback, next question."""

import string
import sys

from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from app.cli.clean import clean, one_line
from app.cli.reading import Reader
from app.cli.screen import Screen
from app.cli.steps import open_command
from app.errors import UsageError
from app.learning.classroom import Classroom
from app.learning.progress import next_step
from app.learning.quizzes import (
    AnswerView,
    AttemptView,
    QuestionView,
    answer,
    open_attempt,
    reveal_hint,
    view_attempt,
)

LETTERS = string.ascii_lowercase


class Stop(Exception):
    """The learner stops for now."""


class QuizTalk:
    """Asks the questions of one quiz that are not answered yet."""

    def __init__(self, screen: Screen, classroom: Classroom, quiz_id: str) -> None:
        self.screen = screen
        self.classroom = classroom
        self.quiz_id = quiz_id
        self.reader = Reader(screen)

    def hold(self, *, again: bool) -> None:
        """Ask until all is answered or the learner stops; every answer is kept at once."""
        attempt = open_attempt(self.classroom, self.quiz_id, fresh=again)
        self.screen.title(attempt.title, self._where(attempt))
        try:
            for number, question in enumerate(attempt.questions, start=1):
                if question.answered is None:
                    self._ask(attempt, number, question)
        except Stop:
            self.screen.gap()
            self.screen.say("Stopped here; your answers are kept.")
            self.screen.pair("go on", f"course quiz {self.quiz_id}", style="command", width=7, indent=0)
            return
        self._conclude(view_attempt(self.classroom, attempt.id))

    def _where(self, attempt: AttemptView) -> str:
        count = f"{len(attempt.questions)} questions"
        if attempt.finished:
            return f"{count}, all answered"
        return f"{count}, {attempt.answered} answered" if attempt.answered else count

    def _ask(self, attempt: AttemptView, number: int, question: QuestionView) -> None:
        self.screen.gap()
        self.screen.say((f"Question {number} of {len(attempt.questions)}", "quiet"))
        self.reader.read(question.stem)
        self.screen.gap()
        self._show_choices(question)
        for hint in question.hints:
            self._show_hint(hint)
        result = answer(self.classroom, attempt.id, question.token, self._tokens(attempt, question))
        self._show_result(question, result)
        if number < len(attempt.questions) and sys.stdin.isatty():
            self._read("Enter goes on, q stops: ")

    def _show_choices(self, question: QuestionView) -> None:
        table = Table.grid(padding=(0, 1))
        for letter, choice in zip(LETTERS, question.choices, strict=False):
            table.add_row(Text(f"  {letter})", "command"), Markdown(clean(choice.text), hyperlinks=False))
        self.screen.show(table)

    def _tokens(self, attempt: AttemptView, question: QuestionView) -> list[str]:
        """Read letters until they are an answer; ? opens a hint, q stops."""
        several, left = question.type == "multi_select", question.hints_left
        last = LETTERS[len(question.choices) - 1]
        form = f"letters a-{last}, several may be right" if several else f"a-{last}"
        while True:
            typed = self._read(f"Your answer ({form}{', ? for a hint' if left else ''}, q stops): ")
            if typed == "?":
                left = self._open_hint(attempt, question)
                continue
            letters = [character for character in typed if character not in " ,;"]
            places = [LETTERS.find(letter) for letter in letters]
            if places and all(0 <= place < len(question.choices) for place in places):
                if several or len(set(places)) == 1:
                    return [question.choices[place].token for place in sorted(set(places))]
                self.screen.say("Only one answer is right here: type one letter.")
                continue
            self.screen.say(f"Type a letter from a to {last}" + (", or several." if several else "."))

    def _open_hint(self, attempt: AttemptView, question: QuestionView) -> int:
        hint = reveal_hint(self.classroom, attempt.id, question.token)
        if hint is None:
            self.screen.say("There is no more hint for this question.")
            return 0
        self._show_hint(hint)
        return 1

    def _show_hint(self, hint: str) -> None:
        self.screen.say(("Hint: ", "label"), hint)

    def _read(self, prompt: str) -> str:
        """Ask for one line; at the end of the input the learner stops."""
        stream = self.screen.console.file
        stream.write(f"\n{prompt}")
        stream.flush()
        line = sys.stdin.readline()
        if not sys.stdin.isatty():
            stream.write(f"{one_line(line.strip())}\n")
        typed = line.strip().lower()
        if not line or typed in ("q", "quit"):
            raise Stop
        return typed

    def _show_result(self, question: QuestionView, result: AnswerView) -> None:
        self.screen.gap()
        self.screen.say(_verdict(result))
        order = {choice.text: letter for letter, choice in zip(LETTERS, question.choices, strict=False)}
        for choice in result.choices:
            wrong = (self.screen.marks.failed, "bad" if choice.chosen else "quiet")
            mark = (self.screen.marks.passed, "good") if choice.correct else wrong
            told = f"{order.get(choice.text, '')}) {'right' if choice.correct else 'wrong'}"
            yours = ", your answer" if choice.chosen else ""
            self.screen.say(mark, (f" {told}{yours}", "strong" if choice.chosen else "quiet"), indent=2)
            if choice.feedback:
                self._markdown(choice.feedback, indent=7)
        if result.explanation:
            self.reader.read(result.explanation)
        if result.lesson and not result.correct:
            self.screen.gap()
            self.screen.pair(
                "read again", f"course show {result.lesson}", style="command", width=12, indent=0
            )

    def _markdown(self, text: str, indent: int) -> None:
        self.screen.show(Markdown(clean(text), hyperlinks=False), indent=indent)

    def _conclude(self, attempt: AttemptView) -> None:
        if not attempt.finished:
            raise UsageError(
                "This attempt has no end.", f"Begin a new one: course quiz {self.quiz_id} --again"
            )
        self.screen.gap()
        told = "Passed" if attempt.passed else "Not passed yet"
        style = "good" if attempt.passed else "bad"
        self.screen.say(
            (f"{told}: {attempt.score:.0f} %", style), (f"   {attempt.pass_mark} % is a pass", "quiet")
        )
        if attempt.best is not None and attempt.best > attempt.score:
            self.screen.say((f"Your best so far: {attempt.best:.0f} %", "quiet"))
        self.screen.gap()
        again = f"course quiz {self.quiz_id} --again"
        self.screen.pair("again", again, style="command", width=7, indent=0)
        step = next_step(self.classroom)
        if step is not None and step.id != self.quiz_id:
            self.screen.pair("next", f"{open_command(step)}   {step.title}", width=7, indent=0)


def _verdict(result: AnswerView) -> tuple[str, str]:
    if result.correct:
        return "Right.", "good"
    if result.score > 0:
        return f"Partly right: {result.score:.0%} of the point.", "strong"
    return "Not right.", "bad"
