"""From the record of a check or a scenario to a sequence diagram of what really happened: pure functions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.learning.diagram_folding import fold
from app.learning.diagram_lives import before_ends, cut_off, read_lives, with_ends
from app.learning.diagram_output import join_output, read_output
from app.learning.diagram_parts import Arrow, Diagram, Life, Message, Note, Plain, Said, States
from app.learning.differences import Differences, Firsts, Piece, find_differences, pieces, text_pieces

Data = Mapping[str, Any]
Curl = Callable[[Data], str]

ENDINGS = {
    "timeout": "no answer in time",
    "refused": "nothing accepted the connection",
    "closed": "connection closed without an answer",
    "broken": "an answer that is not HTTP",
    "too-large": "an answer without an end",
    "dropped": "hung up on purpose before the answer",
    "lost": "the answer got lost on purpose",
    "open": "no answer yet when the check was over",
    "stopped": "no answer yet when stopped",
}
TITLES = {"program": "your program"}
OTHERS = {"program": "the program"}  # one that is not the learner's
_RANKS = {"program": 2, "second program": 3, "downstream": 4}


@dataclass(frozen=True)
class _Timed:
    """A row with its place in time: rows of one moment are in the order of `rank`."""

    row: Plain
    rank: float
    opens: int = -1  # the lane that has one more request to answer from here on
    closes: int = -1

    @property
    def key(self) -> tuple[float, float]:
        return (self.row.at, self.rank)


def draw_check(finished: Data, curl: Curl | None = None) -> Diagram:
    """Draw what happened in one check, from its `check_finished` event."""
    return draw(
        finished.get("exchanges") or (),
        finished.get("output") or (),
        finished.get("steps") or (),
        finished.get("cause"),
        began=finished.get("began"),
        curl=curl,
    )


def draw_scene(scene: Data, curl: Curl | None = None) -> Diagram:
    """Draw a scenario, from an event that tells what happened until then. What is right, it does not say."""
    return draw(
        [_unjudged(exchange) for exchange in scene.get("exchanges") or ()],
        scene.get("output") or (),
        scene.get("steps") or (),
        scene.get("cause"),
        began=scene.get("began"),
        curl=curl,
        told=scene.get("told") or (),
        titles=OTHERS if scene.get("mistake") else TITLES,
    )


def _unjudged(exchange: Data) -> Data:
    signature = exchange.get("signature")
    return {**exchange, "signature": {**signature, "correct": None}} if signature else exchange


def draw(
    exchanges: Sequence[Data],
    output: Sequence[Data],
    steps: Sequence[Data],
    cause: Data | None = None,
    *,
    began: float | None = None,
    curl: Curl | None = None,
    told: Sequence[Data] = (),
    titles: Mapping[str, str] = TITLES,
) -> Diagram:
    """Draw exchanges, output and steps of programs on one axis, and the sentences that are told beside them.

    Times are in ms since `began`, else since the first of them. `cause` marks the failing exchange; `curl`
    gives the command that repeats an exchange, `titles` the lanes other names.
    """
    names = _lane_names(exchanges, output, steps) or (("provider", "program") if told else ())
    if not names:
        return Diagram()
    lanes = {name: place for place, name in enumerate(names)}
    zero = _first_moment(exchanges, [*output, *steps, *told]) if began is None else began
    steps = with_ends(steps, exchanges)
    lives = read_lives(steps, lanes, "the scenario" if told else "the check")
    timed = [
        *_arrows(cut_off(exchanges, steps), lanes, cause or {}, curl),
        *(_Timed(life, -0.5 if life.what == "ended" else -2) for life in lives),
        *(_Timed(printed, -1) for printed in read_output(before_ends(output, steps), lanes)),
        *_sentences(told),
    ]
    timed.sort(key=lambda each: each.key)
    rows = join_output(_since(row, zero) for row in _with_states(timed, names, steps))
    return Diagram(tuple(titles.get(name, name) for name in names), fold(rows))


# -- lanes ------------------------------------------------------------------------------------------


def _lane_names(exchanges: Iterable[Data], output: Iterable[Data], steps: Iterable[Data]) -> tuple[str, ...]:
    """Name who takes part, from left to right; a program alone still faces the provider."""
    names = [str(exchange[side]) for exchange in exchanges for side in ("from", "to")]
    names += [str(step["program"]) for step in steps]
    names += [str(entry.get("program", "program")) for entry in output]
    found = sorted(dict.fromkeys(names), key=lambda name: _RANKS.get(name, 0))
    return tuple(found) if len(found) != 1 else ("provider", *found)


def _sentences(told: Iterable[Data]) -> Iterable[_Timed]:
    """A sentence stands before all that happens at its moment, the remark on it behind that."""
    for each in told:
        yield _Timed(Said(each["at"], each["say"]), -3)
        if each["note"]:
            yield _Timed(Note(each["noted"], each["note"]), float("inf"))


def _first_moment(exchanges: Iterable[Data], others: Iterable[Data]) -> float:
    moments = [float(exchange["start"]) for exchange in exchanges]
    return min(moments + [float(each["at"]) for each in others])


def _since(row: Plain, zero: float) -> Plain:
    return replace(row, at=max(round(row.at - zero, 2), 0.0))


def _with_states(timed: Iterable[_Timed], names: Sequence[str], steps: Sequence[Data]) -> Iterable[Plain]:
    """Give each row how the lanes stand beside it: a request's receiver is busy until it has answered."""
    first = {step["program"]: step["what"] for step in reversed(steps)}
    alive = ["off" if first.get(name) == "started" else "on" for name in names]
    waiting = [0] * len(names)
    for each in timed:
        row = each.row
        if each.opens >= 0:
            waiting[each.opens] += 1
        if isinstance(row, Life):
            alive[row.lane] = _AFTER.get(row.what, alive[row.lane])
        yield replace(row, states=_states(alive, waiting))
        if each.closes >= 0:
            waiting[each.closes] -= 1


_AFTER = {
    "started": "on",
    "stopped": "off",
    "killed": "off",
    "ended": "off",
    "held": "held",
    "released": "on",
}


def _states(alive: Sequence[str], waiting: Sequence[int]) -> States:
    return tuple(
        "busy" if life == "on" and open_ else life for life, open_ in zip(alive, waiting, strict=True)
    )


# -- arrows -----------------------------------------------------------------------------------------


def _arrows(
    exchanges: Sequence[Data], lanes: Mapping[str, int], cause: Data, curl: Curl | None
) -> Iterable[_Timed]:
    numbered = _numbered(exchanges)
    batches = _batches(numbered)
    firsts = Firsts()
    for place, (number, exchange) in enumerate(numbered):
        left_out = int(exchange.get("skipped_before") or 0)
        if left_out:
            words = f"{left_out} more exchanges are not on record"
            yield _Timed(Note(exchange["start"], words, left_out), 2 * number - 0.6)
        batch = batches[place]
        if len(batch) > 1 and batch[0] == number:
            yield _Timed(Note(exchange["start"], _at_once(batch)), 2 * number - 0.5)
        differences = find_differences(number, exchange, firsts)
        source, target = lanes[exchange["from"]], lanes[exchange["to"]]
        request = Arrow(
            exchange["start"], number, "request", source, target, _request_line(exchange["request"]),
            _request(exchange["request"], differences), parallel=len(batch) > 1,
            differences=differences.words, curl=curl(exchange) if curl else "",
        )  # fmt: skip
        yield _Timed(request, 2 * number, opens=target)
        yield _Timed(
            _answer(exchange, replace(request, differences=(), curl=""), cause), 2 * number + 1, closes=target
        )


def _numbered(exchanges: Iterable[Data]) -> list[tuple[int, Data]]:
    found, number = [], 0
    for exchange in sorted(exchanges, key=lambda each: float(each["start"])):
        number += 1 + int(exchange.get("skipped_before") or 0)
        found.append((number, exchange))
    return found


def _batches(numbered: Sequence[tuple[int, Data]]) -> list[list[int]]:
    """Return for each exchange the numbers of those that its sender had on their way at the same moment."""
    found: list[list[int]] = []
    open_: dict[Any, tuple[list[int], float]] = {}
    for number, exchange in numbered:
        batch, until = open_.get(exchange["from"], ([], 0.0))
        if not batch or exchange["start"] >= until:
            batch, until = [], float(exchange["end"])
        batch.append(number)
        open_[exchange["from"]] = batch, min(until, float(exchange["end"]))
        found.append(batch)
    return found


def _at_once(batch: Sequence[int]) -> str:
    if len(batch) == 2:
        return f"{batch[0]} and {batch[1]} are on their way at the same time"
    which = f", {batch[0]} to {batch[-1]}," if batch[-1] - batch[0] == len(batch) - 1 else ""
    return f"{len(batch)} requests{which} are on their way at the same time"


def _answer(exchange: Data, request: Arrow, cause: Data) -> Arrow:
    response = exchange["response"]
    is_failing = cause.get("exchange") is not None and cause["exchange"] == exchange.get("id")
    return replace(
        request,
        at=max(exchange["end"], exchange.get("not_before", 0.0)),
        kind="lost" if response is None else "answer",
        source=request.target,
        target=request.source,
        label=ending(exchange),
        message=None if response is None else _message(ending_line(response), response, Differences()),
        took=round(exchange["end"] - exchange["start"], 2),
        is_failing=is_failing,
        expected=str(cause.get("expected") or "") if is_failing else "",
    )


def ending(exchange: Data) -> str:
    """Say in a few words how an exchange ended, such as `204 NO CONTENT`."""
    response = exchange["response"]
    if response is not None:
        return f"{response['status']} {response['reason'] or ''}".rstrip()
    return ENDINGS.get(exchange["ended"], str(exchange["ended"]))


def ending_line(response: Data) -> str:
    """Write the first line of an answer."""
    return f"HTTP/1.1 {response['status']} {response['reason'] or ''}".rstrip()


def _request_line(request: Data) -> str:
    return f"{request['method']} {request['target']}"


def _request(request: Data, differences: Differences) -> Message:
    return _message(f"{_request_line(request)} HTTP/1.1", request, differences)


def _message(first: str, part: Data, differences: Differences) -> Message:
    body, marked = part["body"], differences.headers or {}
    headers = tuple((name, text_pieces(value, marked.get(name, ()))) for name, value in part["headers"])
    return Message(first, headers, _body(body, differences), body["size"], body["truncated"])


def _body(body: Data, differences: Differences) -> tuple[Piece, ...]:
    if not differences.body:
        return (Piece(body["text"]),) if body["size"] else ()
    import base64

    return pieces(base64.b64decode(body["base64"]), differences.body)
