"""What is worth another look, over all quizzes: the list, and the same questions asked again."""

from itertools import groupby

from app.cli.quiz_forms import title_of
from app.cli.quiz_input import STOPPED
from app.cli.quiz_talk import Asking
from app.cli.screen import Screen
from app.learning.classroom import Classroom
from app.learning.quiz_review import look_again
from app.learning.quiz_views import AttemptView, LookAgain
from app.learning.quizzes import open_inline


def review(screen: Screen, classroom: Classroom) -> None:
    """List the questions whose newest answer was not right, then ask each; a right answer takes it off."""
    found = look_again(classroom)
    if not found:
        screen.say("Nothing to look at again: your newest answer to each question is right.")
        return
    screen.title("To look at again", _count(len(found)))
    for _, of_quiz in groupby(found, key=lambda each: each.quiz_id):
        _show_quiz(screen, list(of_quiz))
    asking = Asking(screen, classroom)
    try:
        screen.gap()
        if asking.keyboard.has_a_person and asking.keyboard.choice("Enter asks them now, q stops: ", ("q",)):
            return
        for number, each in enumerate(found, start=1):
            _ask(
                asking,
                classroom,
                each,
                f"Question {number} of {len(found)} {screen.marks.dot} {each.quiz_title}",
            )
    except STOPPED:
        asking.say_stopped("course quiz --review")
        return
    left = len(look_again(classroom))
    screen.gap()
    screen.say(f"{_count(left)} left to look at again." if left else "Nothing is left to look at again.")


def _show_quiz(screen: Screen, found: list[LookAgain]) -> None:
    screen.gap()
    screen.say((found[0].quiz_title, "strong"))
    for each in found:
        screen.pair(screen.marks.failed, title_of([each.stem]), width=2, label_style="bad")
        if each.lesson:
            screen.pair("", f"course show {each.lesson}", style="command", width=2)


def _ask(asking: Asking, classroom: Classroom, item: LookAgain, head: str) -> None:
    attempt: AttemptView = open_inline(classroom, item.question_id)
    if attempt.finished:
        attempt = open_inline(classroom, item.question_id, fresh=True)
    asking.ask(attempt.id, attempt.questions[0], head)


def _count(number: int) -> str:
    return "1 question" if number == 1 else f"{number} questions"
