"""A quiz as a talk on the terminal: question, answer, feedback, next question."""

from collections.abc import Sequence
from functools import partial

from app.cli.quiz_forms import MANY_LINES, given_by, how_to_answer, show_question
from app.cli.quiz_input import STOPPED, Keyboard, Stop
from app.cli.quiz_report import write_report
from app.cli.quiz_results import Results
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
    give_up,
    open_attempt,
    retake,
    reveal_hint,
    shown_now,
    view_attempt,
)
from app.quiz.types import CONFIDENCE


class QuizTalk:
    """Asks the questions of one quiz that are not answered yet."""

    def __init__(self, screen: Screen, classroom: Classroom, quiz_id: str) -> None:
        self.screen = screen
        self.classroom = classroom
        self.quiz_id = quiz_id
        self.asking = Asking(screen, classroom)

    def hold(self, *, again: bool = False, missed: bool = False) -> None:
        """Ask until all is answered or the learner stops; every answer is kept at once."""
        if missed:
            attempt = retake(self.classroom, self.quiz_id)
        else:
            attempt = open_attempt(self.classroom, self.quiz_id, fresh=again)
        self.screen.title(attempt.title, self._where(attempt))
        try:
            for number, question in enumerate(attempt.questions, start=1):
                if question.answered is None:
                    head = f"Question {number} of {len(attempt.questions)}"
                    self.asking.ask(attempt.id, question, head)
        except STOPPED:
            self.asking.say_stopped(f"course quiz {self.quiz_id}")
            return
        self._conclude(view_attempt(self.classroom, attempt.id))

    def report(self, number: int) -> None:
        """Write a report about a question of the attempt, by the number under which it was asked."""
        attempt = open_attempt(self.classroom, self.quiz_id)
        if number > len(attempt.questions):
            raise UsageError(f"There is no question {number}.", f"There are {len(attempt.questions)}.")
        words = self.asking.keyboard.line("What is wrong with it? ")
        write_report(self.screen, self.classroom, attempt.id, attempt.questions[number - 1].token, words)

    def _where(self, attempt: AttemptView) -> str:
        asked = len(attempt.questions)
        count = "1 question" if asked == 1 else f"{asked} questions"
        if attempt.kind == "retake":
            count = f"{count} that you missed"
        if attempt.finished:
            return f"{count}, all answered"
        return f"{count}, {attempt.answered} answered" if attempt.answered else count

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
        for label, command in self._ways_on(attempt):
            self.screen.pair(label, command, style="command", width=7, indent=0)
        step = next_step(self.classroom)
        if step is not None and step.id != self.quiz_id:
            self.screen.pair("next", f"{open_command(step)}   {step.title}", width=7, indent=0)

    def _ways_on(self, attempt: AttemptView) -> list[tuple[str, str]]:
        again = [("again", f"course quiz {self.quiz_id} --again")]
        return [("missed", f"course quiz {self.quiz_id} --missed"), *again] if attempt.missed else again


class Asking:
    """Asks one question until it needs no more answer, and tells what each answer came to."""

    def __init__(self, screen: Screen, classroom: Classroom) -> None:
        from app.content.diagrams import steps_of

        self.screen = screen
        self.classroom = classroom
        self.keyboard = Keyboard(screen)
        self.reader = Reader(screen, steps_of)
        self.results = Results(screen, self.reader)

    def ask(self, attempt_id: str, question: QuestionView, head: str) -> None:
        """Ask, tell, and ask again while tries are left; Stop when the learner wants no more."""
        self.screen.gap()
        self.screen.say((head, "quiet"))
        while True:
            show_question(self.screen, self.reader, question)
            for hint in question.hints:
                self._show_hint(hint)
            if question.last is not None:
                self.screen.gap()
                self.screen.say((_tries(question.tries_left), "strong"))
            result = self._answer(attempt_id, question)
            self.results.show(question, result)
            if result.released:
                self._pause(attempt_id, question)
                return
            self.screen.gap()
            question = self._as_it_is_now(attempt_id, question)

    def say_stopped(self, command: str) -> None:
        """Say that nothing is lost, and how to go on."""
        self.screen.gap()
        self.screen.say("Stopped here; your answers are kept.")
        self.screen.pair("go on", command, style="command", width=7, indent=0)

    def _as_it_is_now(self, attempt_id: str, question: QuestionView) -> QuestionView:
        questions = view_attempt(self.classroom, attempt_id).questions
        return next(each for each in questions if each.token == question.token)

    def _answer(self, attempt_id: str, question: QuestionView) -> AnswerView:
        """Read until there is an answer, which is stored at once; what is none is asked for again."""
        hints, shown = question.hints_left, shown_now(self.classroom, attempt_id)
        while True:
            self._say_how(question, hints)
            typed = self.keyboard.answer(many_lines=question.type in MANY_LINES)
            match typed.strip():
                case "q" | "quit":
                    raise Stop
                case "?":
                    hints = self._open_hint(attempt_id, question)
                    continue
                case "!":
                    return give_up(self.classroom, attempt_id, question.token)
            try:
                return self._send(attempt_id, question, given_by(question, _text(typed)), shown)
            except UsageError as error:
                self.screen.say(error.message)
                if error.advice:
                    self.screen.say((error.advice, "quiet"))

    def _send(self, attempt_id: str, question: QuestionView, given: Sequence[str], shown: str) -> AnswerView:
        """Store the answer; who stops while asked how sure they are has answered all the same."""
        send = partial(answer, self.classroom, attempt_id, question.token, given, question.try_number)
        if not question.asks_confidence:
            return send(shown=shown)
        stop: BaseException | None = None
        confidence = None
        try:
            prompt = f"How sure are you ({', '.join(CONFIDENCE)}; Enter says nothing)? "
            confidence = self.keyboard.choice(prompt, CONFIDENCE) or None
        except STOPPED as error:
            stop = error
        result = send(confidence, shown=shown)
        if stop is not None:
            raise stop
        return result

    def _say_how(self, question: QuestionView, hints: int) -> None:
        commands = ["? for a hint"] if hints else []
        commands += ["! for the answer", "q stops"]
        self.screen.gap()
        self.screen.say(
            ("Your answer: ", "strong"), how_to_answer(question), (f" ({', '.join(commands)})", "quiet")
        )

    def _open_hint(self, attempt_id: str, question: QuestionView) -> int:
        hint = reveal_hint(self.classroom, attempt_id, question.token)
        if hint is None:
            self.screen.say("There is no more hint for this question.")
            return 0
        self._show_hint(hint)
        return 1

    def _show_hint(self, hint: str) -> None:
        self.screen.say(("Hint: ", "label"), hint)

    def _pause(self, attempt_id: str, question: QuestionView) -> None:
        """Let a person read, report, or stop; others go on at once."""
        while self.keyboard.has_a_person:
            self.screen.gap()
            prompt = "Enter goes on, w says that something is wrong with this question, q stops: "
            word = self.keyboard.choice(prompt, ("w", "q"))
            if word == "q":
                raise Stop
            if word != "w":
                return
            words = self.keyboard.line("What is wrong with it? ")
            write_report(self.screen, self.classroom, attempt_id, question.token, words)


def _text(typed: str) -> str:
    """Take an answer that begins with a backslash as what stands behind it, such as \\q for a q."""
    return typed[1:] if typed.strip()[:1] == "\\" and typed.strip()[1:] in ("?", "!", "q", "quit") else typed


def _tries(left: int) -> str:
    return "This is your last try." if left == 1 else f"You have {left} tries left."
