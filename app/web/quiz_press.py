"""What the buttons of a form of questions do; which page follows is decided elsewhere."""

from collections.abc import Iterable

from app.errors import NotFound, UsageError
from app.learning import quizzes
from app.learning.quiz_views import AttemptView
from app.web.context import classroom
from app.web.quiz_form import Kept, Sent, is_filled

TWO_AT_ONE_PLACE = "Two steps were given one place. This is how your order reads now: mend it, then answer."
ENTER = "Nothing was sent yet. Press Answer below a question, or the last button of the page."
NOTHING = "Nothing is filled in yet."


def press(sent: Sent) -> Kept:
    """Do what the button says, and return what the next page keeps of the form."""
    refusals: dict[str, str] = {}
    notice, closed = "", frozenset[str]()
    match sent.button:
        case "answer":
            refusals, closed = _answer(sent, (sent.question,))
        case "all":
            filled = _filled(sent, quizzes.view_attempt(classroom(), sent.attempt))
            notice = "" if filled else NOTHING
            refusals, closed = _answer(sent, filled)
        case "hint":
            _open_hint(sent)
        case "show":
            quizzes.give_up(classroom(), sent.attempt, sent.question)
        case "":
            notice = ENTER
    return Kept(sent.given, sent.confidence, refusals, notice, closed)


def _filled(sent: Sent, attempt: AttemptView) -> tuple[str, ...]:
    still_open = {each.token: each for each in attempt.questions if each.answered is None}
    return tuple(
        token
        for token, given in sent.given.items()
        if token in still_open and is_filled(still_open[token], given)
    )


def _answer(sent: Sent, tokens: Iterable[str]) -> tuple[dict[str, str], frozenset[str]]:
    """Answer these questions; return why some were refused, and which take no more answer."""
    refusals, closed = {}, set()
    for token in tokens:
        if token in sent.unclear:
            refusals[token] = TWO_AT_ONE_PLACE
            continue
        try:
            result = quizzes.answer(
                classroom(),
                sent.attempt,
                token,
                sent.given.get(token, ()),
                sent.tries.get(token, 1),
                sent.confidence.get(token) or None,
                sent.versions.get(token),
                sent.shown,
            )
        except NotFound:
            raise
        except UsageError as error:
            refusals[token] = str(error)
        else:
            closed |= {token} if result.released else set()
    return refusals, frozenset(closed)


def _open_hint(sent: Sent) -> None:
    """Open the hint that the button named; pressed twice, or sent again, it opens no other one."""
    attempt = quizzes.view_attempt(classroom(), sent.attempt)
    question = next((each for each in attempt.questions if each.token == sent.question), None)
    if question is None or str(len(question.hints) + 1) == sent.value:
        quizzes.reveal_hint(classroom(), sent.attempt, sent.question)
