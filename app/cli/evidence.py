"""What a failed check shows: why, what the program printed, what went over the wire, how to repeat it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.cli.clean import clipped, one_line
from app.cli.screen import Screen
from app.learning.diagram_output import without_foreign_frames

PRINTED_LINES = 24
BODY_LINES = 8
LISTED = 8

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
    _show_trace(screen, finished["traceback"], seen)
    _show_printed(screen, finished)
    _show_exchanges(screen, finished["exchanges"])
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


def _show_trace(screen: Screen, trace: str, seen: set[str]) -> None:
    """Write a traceback, its first line (the learner's own file and line) strongly."""
    if not trace:
        return
    screen.gap()
    if trace in seen:
        screen.say(("Your program failed as above.", "quiet"), indent=2)
        return
    seen.add(trace)
    screen.say(("Your program failed", "quiet"), indent=2)
    first, *rest = clipped(without_foreign_frames(trace), lines=2 * PRINTED_LINES)
    screen.quoted([first], style="strong")
    screen.quoted(rest)


def _show_printed(screen: Screen, finished: Event) -> None:
    """Write what the program printed; what stands in the traceback already is left out."""
    streams = ("stdout",) if finished["traceback"] else ("stdout", "stderr")
    text = "".join(str(entry["text"]) for entry in finished["output"] if entry["stream"] in streams)
    if not text.strip():
        return
    screen.gap()
    screen.say(("Your program printed during this check", "quiet"), indent=2)
    screen.quoted(clipped(text, lines=PRINTED_LINES, tail=PRINTED_LINES // 2))


def _show_exchanges(screen: Screen, exchanges: list[Event]) -> None:
    if not exchanges:
        return
    screen.gap()
    if len(exchanges) > 1:
        screen.say((f"{len(exchanges)} requests, the last one whole", "quiet"), indent=2)
        for line in clipped("\n".join(map(_in_short, exchanges[:-1])), lines=LISTED, tail=LISTED - 1):
            screen.say((line, "quiet"), indent=4)
    else:
        screen.say(("What was sent, and what came back", "quiet"), indent=2)
    screen.quoted(_request_lines(exchanges[-1]["request"]))
    screen.quoted(_response_lines(exchanges[-1]))


def _in_short(exchange: Event) -> str:
    request, took = exchange["request"], exchange["end"] - exchange["start"]
    return f"{request['method']} {one_line(request['target'])}: {ending(exchange)} after {took:.0f} ms"


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
    }.get(exchange["ended"], "something that is not HTTP")


def _request_lines(request: Event) -> list[str]:
    return [f"> {request['method']} {request['target']} HTTP/1.1", *_message_lines(">", request)]


def _response_lines(exchange: Event) -> list[str]:
    response, took = exchange["response"], exchange["end"] - exchange["start"]
    if response is None:
        return [f"< {ending(exchange)} ({took:.0f} ms)"]
    return [f"< {ending(exchange)} ({took:.0f} ms)", *_message_lines("<", response)]


def _message_lines(sign: str, message: Event) -> list[str]:
    lines = [f"{sign} {name}: {value}" for name, value in message["headers"]]
    body = message["body"]
    if body["size"]:
        lines += [sign, *(f"{sign} {line}" for line in clipped(body["text"], lines=BODY_LINES, columns=800))]
    return lines


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
    line = repeat.curl(_last_delivery(sent)) if sent else ""
    if line:
        screen.exactly(line)


def _last_delivery(exchanges: list[Event]) -> Event:
    """Choose what to repeat by hand: the last request with a body, else the last one."""
    with_body = [exchange for exchange in exchanges if exchange["request"]["body"]["size"]]
    return (with_body or exchanges)[-1]
