"""Play a scenario: scripted deliveries and restarts against the learner's program, judged by nobody."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.checks.bench import Bench
from app.checks.causes import Cause, CheckFailed
from app.checks.deaths import died
from app.checks.deliveries import Provider, Sending
from app.checks.program import Program, ProgramDied
from app.checks.tracebacks import find_traceback
from app.checks.waiting import Hold, wait_for
from app.provider.events import Event

LINE_SECONDS = 2.0
HOLD_SECONDS = 3.0
DYING_SECONDS = 0.5
_NAME = re.compile(r"\$([a-z][a-z0-9_]*)")

Step = Mapping[str, Any]


def play(bench: Bench, script: Mapping[str, Any]) -> int:
    """Play a script to its end or to the end of the program; returns 0 when the report is complete."""
    player = _Player(bench, script)
    cause = None
    try:
        player.play()
    except CheckFailed as failed:
        cause = failed.cause
    player.report(cause)
    return 0


class _Player:
    """The cast: a provider that knows the secret, a stranger who does not, the learner's program."""

    def __init__(self, bench: Bench, script: Mapping[str, Any]):
        self._bench = bench
        self._script = script
        self._program = Program(bench)
        self._senders = {
            "provider": Provider(bench, self._program),
            "stranger": Provider(bench, self._program, "stranger"),
        }
        self._events: dict[str, Event] = {}
        provider = self._senders["provider"]
        self._words = {name: provider.fresh_id(prefix) for name, prefix in script["values"].items()}
        self._told: list[dict[str, Any]] = []
        self._lost: int | None = None
        self._held: tuple[Hold, Sending, dict[str, Any]] | None = None

    def play(self) -> None:
        """Do each step; raises CheckFailed where the program is not there any more."""
        self._program.start()
        self._program.begin_check()
        self._bench.recorder.begin_check()  # what a framework says at its start is not part of the scene
        for number, step in enumerate(self._script["steps"], start=1):
            if step["send"] is not None:
                self._know(step["send"])
            told = {"say": self._filled(step["say"]), "exchanges": [], "note": ""}
            self._told.append(told)
            self._bench.recorder.emit("scenario_step", step=number, say=told["say"])
            if step["program"] != "kill":
                self._let_go()
            self._do(step, told)
            self._look_for_its_end()

    def _know(self, send: Step) -> None:
        """Make the event at its first delivery; the later ones are the same event."""
        if send["event"] not in self._events:
            data = json.loads(self._filled(send["data"]))
            event = self._senders["provider"].event(send["type"], **data)
            self._events[send["event"]] = event
            self._words[send["event"]] = event.id

    def _do(self, step: Step, told: dict[str, Any]) -> None:
        if step["send"] is not None:
            self._send(step["send"], told)
        elif step["get"]:
            answer = self._senders["provider"].get(self._filled(step["get"]))
            told["exchanges"].append(answer.exchange.id)
        elif step["wait"]:
            told["note"] = self._wait(self._filled(step["wait"]))
        else:
            self._move(step["program"])

    def _send(self, send: Step, told: dict[str, Any]) -> None:
        sender, event = self._senders[send["by"]], self._events[send["event"]]
        if not send["hold"]:
            told["exchanges"].append(sender.send(event, signature=send["signature"]).exchange.id)
            return
        hold = self._program.hold(send["hold"])
        sending = sender.start_sending(event, signature=send["signature"])
        wait_for(lambda: sending.is_over or hold.wait_until_reached(0), HOLD_SECONDS)
        if not hold.wait_until_reached(0):
            told["note"] = f"Your program did not come to the point {send['hold']}."
        self._held = (hold, sending, told)

    def _let_go(self) -> None:
        """End the holding: a program that still stands there goes on."""
        if self._held is not None:
            hold, sending, told = self._held
            self._held = None
            hold.release()
            told["exchanges"].append(sending.answer().exchange.id)

    def _move(self, what: str) -> None:
        if what == "kill":
            self._program.kill()
            self._let_go()
        elif what == "restart":
            self._program.restart()
        elif not self._program.running:
            self._program.start()

    def _wait(self, fragment: str) -> str:
        line = self._program.wait_for_line(fragment, timeout=LINE_SECONDS)
        return (
            f"Your program printed: {line}"
            if line
            else f"Your program printed nothing with {fragment} in it."
        )

    def _look_for_its_end(self) -> None:
        lost = self._bench.recorder.lost_connection()
        if lost is not None and lost != self._lost:
            self._lost = lost
            # A program that dies while it answers is gone a moment after its connection.
            self._program.wait_for_end(DYING_SECONDS)
        death = self._program.crashed()
        if death is not None:
            raise ProgramDied(replace(died(death, "scenario"), exchange=lost))

    def _filled(self, text: str) -> str:
        return _NAME.sub(lambda match: self._words.get(match[1], match[0]), text)

    def report(self, cause: Cause | None) -> None:
        """End the program and report all that happened, in one event."""
        self._let_go()
        printed = self._program.printed("stderr") + self._program.printed("stdout")
        evidence = self._bench.recorder.evidence(cause.exchange if cause else None)
        self._program.kill()  # the end of the play is no part of it
        self._bench.recorder.emit(
            "scenario_finished",
            scenario=self._script["name"],
            title=self._script["title"],
            told=self._told,
            began=evidence.began,
            exchanges=evidence.exchanges,
            output=evidence.output,
            steps=evidence.steps,
            cause=_as_data(cause),
            traceback=find_traceback(printed, self._program.folder),
        )


def _as_data(cause: Cause | None) -> dict[str, Any] | None:
    if cause is None:
        return None
    return {"rationale": cause.rationale, "expected": cause.expected, "actual": cause.actual,
            "help": cause.help, "exchange": cause.exchange}  # fmt: skip
