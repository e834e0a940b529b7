"""Play a scenario: scripted deliveries and restarts against the learner's program, judged by nobody."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.checks.bench import Bench
from app.checks.causes import Cause, CheckFailed
from app.checks.deaths import died
from app.checks.deliveries import Sending
from app.checks.program import Program, ProgramDied
from app.checks.script import Cast
from app.checks.tracebacks import find_traceback
from app.checks.waiting import Hold, wait_for

LINE_SECONDS = 2.0
HOLD_SECONDS = 3.0
DYING_SECONDS = 0.5
LONGEST_SENDING = 12.0

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
        self._cast = Cast(bench, self._program, script["values"])
        self._told: list[dict[str, Any]] = []
        self._lost: int | None = None
        self._held: tuple[Hold, Sending] | None = None

    def play(self) -> None:
        """Do each step; raises CheckFailed where the program is not there any more."""
        self._program.start()
        self._program.begin_check()
        self._bench.recorder.begin_check()  # what a framework says at its start is not part of the scene
        for number, step in enumerate(self._script["steps"], start=1):
            self._cast.learn(step)
            told = {"say": self._cast.filled(step["say"]), "at": self._bench.recorder.now(), "note": ""}
            self._told.append(told)
            self._bench.recorder.emit("scenario_step", step=number, say=told["say"])
            if step["program"] != "kill":
                self._let_go()
            self._do(step, told)
            self._look_for_its_end()

    def _do(self, step: Step, told: dict[str, Any]) -> None:
        if step["send"] is not None and step["send"]["hold"]:
            self._hold(step, told)
        elif step["send"] is not None:
            self._cast.deliver(step)
        elif step["together"]:
            self._cast.deliver_together(step)
        elif step["get"]:
            self._cast.get(step)
        elif step["wait"]:
            told["note"] = self._wait(self._cast.filled(step["wait"]), step["timeout"] or LINE_SECONDS)
        else:
            self._move(step["program"])

    def _hold(self, step: Step, told: dict[str, Any]) -> None:
        hold = self._program.hold(step["send"]["hold"])
        sending = self._cast.start_sending(step)
        wait_for(lambda: sending.is_over or hold.wait_until_reached(0), HOLD_SECONDS)
        if not hold.wait_until_reached(0):
            told["note"] = f"Your program did not come to the point {step['send']['hold']}."
        self._held = (hold, sending)

    def _let_go(self) -> None:
        """End the holding: a program that still stands there goes on."""
        if self._held is not None:
            hold, sending = self._held
            self._held = None
            hold.release()
            sending.answer(LONGEST_SENDING)

    def _move(self, what: str) -> None:
        if what == "kill":
            self._program.kill()
            self._let_go()
        elif what == "restart":
            self._program.restart()
        elif not self._program.running:
            self._program.start()

    def _wait(self, fragment: str, seconds: float) -> str:
        line = self._program.wait_for_line(fragment, timeout=seconds)
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
            told=self._with_exchanges(evidence.exchanges),
            began=evidence.began,
            exchanges=evidence.exchanges,
            output=evidence.output,
            steps=evidence.steps,
            cause=_as_data(cause),
            traceback=find_traceback(printed, self._program.folder),
        )

    def _with_exchanges(self, exchanges: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Give each step the ids of the requests that began in it and came to the program."""
        ends = [told["at"] for told in self._told[1:]] + [float("inf")]
        sent = [one for one in exchanges if one["from"] != "program"]
        return [
            {**told, "exchanges": [one["id"] for one in sent if told["at"] <= one["start"] < end]}
            for told, end in zip(self._told, ends, strict=False)
        ]


def _as_data(cause: Cause | None) -> dict[str, Any] | None:
    if cause is None:
        return None
    return {"rationale": cause.rationale, "expected": cause.expected, "actual": cause.actual,
            "help": cause.help, "exchange": cause.exchange}  # fmt: skip
