"""What a failed check shows: why, what the program printed, what went over the wire, how to repeat it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.cli.clean import clipped, one_line
from app.cli.diagram_view import show_diagram, show_exchange
from app.cli.screen import Screen
from app.learning.diagram import draw_check

Event = dict[str, Any]


@dataclass(frozen=True)
class Repeat:
    """How the learner repeats a check; `curl` gives the command for an exchange, or nothing."""

    exercise: str
    seed: int
    options: str
    curl: Callable[[Event], str]


def show_failure(screen: Screen, finished: Event, repeat: Repeat, *, seen: set[str]) -> None:
    """Write one failed check with all its evidence; `seen` is what need not be said again."""
    _show_title(screen, finished)
    _show_cause(screen, finished)
    _show_trouble(screen, finished["traceback"])
    _show_what_happened(screen, finished)
    _show_where_to_look(screen, finished, repeat, seen)


def show_failure_in_short(screen: Screen, finished: Event) -> None:
    """Write why one check failed and what to look at, and no more."""
    _show_title(screen, finished)
    _show_cause(screen, finished)
    _show_help(screen, finished)


def _show_help(screen: Screen, finished: Event) -> None:
    help_text = (finished.get("cause") or {}).get("help")
    if help_text:
        screen.pair("help", help_text)


def _show_title(screen: Screen, finished: Event) -> None:
    screen.gap()
    screen.say((f"{screen.marks.failed} {finished['title']}", "bad"), (f"   {finished['check']}", "quiet"))


def _show_cause(screen: Screen, finished: Event) -> None:
    cause = finished["cause"] or {"rationale": "This check could not make sense of your answer."}
    screen.say(cause["rationale"], indent=2)
    for label, key in (("expected", "expected"), ("got", "actual")):
        if cause.get(key):
            screen.pair(label, "\n".join(clipped(str(cause[key]), lines=12)))


def _show_trouble(screen: Screen, trace: str) -> None:
    """Write the learner's own file and line; the traceback stands in the diagram."""
    first, _, block = trace.partition("\n\n")
    if trace:
        screen.pair("stumbled", first if block else first.rstrip().rpartition("\n")[2], style="strong")


def _show_what_happened(screen: Screen, finished: Event) -> None:
    """Draw the check, then write the exchange that shows the failure, else the last one."""
    view = draw_check(finished)
    if not view.rows:
        return
    screen.gap()
    screen.say(("What happened", "quiet"), indent=2)
    show_diagram(screen, view)
    shown = view.failing or (view.arrows[-1] if view.arrows else None)
    if shown is not None:
        screen.gap()
        screen.say((f"Exchange {shown.number}, whole", "quiet"), indent=2)
        show_exchange(screen, view, shown.number)


def ending(exchange: Mapping[str, Any]) -> str:
    """Say in a few words how an exchange ended."""
    response = exchange["response"]
    if response is not None:
        return f"{response['status']} {one_line(response['reason'])}".rstrip()
    return {
        "timeout": "no answer",
        "refused": "nothing accepted the connection",
        "closed": "the connection was closed without an answer",
        "too-large": "an answer without an end",
        "dropped": "hung up on purpose before the answer",
        "lost": "the answer got lost on purpose",
        "open": "no answer yet when the check was over",
    }.get(exchange["ended"], "something that is not HTTP")


def _show_where_to_look(screen: Screen, finished: Event, repeat: Repeat, seen: set[str]) -> None:
    cause, check = finished["cause"] or {}, finished["check"]
    screen.gap()
    _show_help(screen, finished)
    lesson = cause.get("lesson") or ""
    if lesson and lesson not in seen:
        seen.add(lesson)
        screen.pair("lesson", f"course show {lesson}", style="command")
    again = f"course check {repeat.exercise} --only {check} --seed {repeat.seed}{repeat.options}"
    screen.pair("again", again, style="command")
    if not finished["exchanges"]:
        return
    screen.pair("by hand", f"with `course run {repeat.exercise}` in another terminal:")
    screen.pair("", f"course replay {repeat.exercise}/{check}", style="command")
    sent = [exchange for exchange in finished["exchanges"] if exchange["from"] != "program"]
    line = repeat.curl(_worth_repeating(sent, cause.get("exchange"))) if sent else ""
    if line:
        screen.exactly(line)


def _worth_repeating(exchanges: list[Event], failing: int | None) -> Event:
    """Choose what to repeat by hand: the failing delivery, else the last one, else the last request."""
    with_body = [exchange for exchange in exchanges if exchange["request"]["body"]["size"]]
    shown = [exchange for exchange in with_body if failing is not None and exchange.get("id") == failing]
    return (shown or with_body or exchanges)[-1]
