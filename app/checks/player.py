"""Play a scenario: scripted deliveries and restarts against the learner's program, judged by nobody."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from app.checks.bench import Bench
from app.checks.causes import Cause, CheckFailed
from app.checks.deaths import died
from app.checks.deliveries import service_of
from app.checks.holding import Hold
from app.checks.program import Program, ProgramDied
from app.checks.recorder import Evidence
from app.checks.script import Cast
from app.checks.sending import Sending
from app.checks.tracebacks import find_traceback
from app.checks.waiting import wait_for
from app.provider.exchange import Answer

LINE_SECONDS = 2.0
HOLD_SECONDS = 3.0
RACE_SECONDS = 1.0
DYING_SECONDS = 0.5
LONGEST_SENDING = 12.0
SHORT_ANSWER = 120  # characters
MOODS = {"fail": 503, "refuse": 422}
"""What the service that the program calls answers in these moods; otherwise it works."""
HELD_AT_MOST = 100

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
        self._who = "The program" if script["mistake"] else "Your program"
        self._told: list[dict[str, Any]] = []
        self._lost: int | None = None
        self._held: tuple[Hold, Sending] | None = None

    def play(self) -> None:
        """Do each step; raises CheckFailed where the program is not there any more."""
        self._program.start()
        self._program.begin_check()
        self._bench.recorder.begin_check()  # what a framework says at its start is not part of the scene
        self._bench.recorder.tell_exchanges()
        for number, step in enumerate(self._script["steps"], start=1):
            self._cast.learn(step)
            told = self._tell(number, self._cast.filled(step["say"]))
            if step["program"] != "kill":
                self._let_go()
            self._do(step, told)
            self._look_for_its_end()

    def _tell(self, number: int, sentence: str) -> dict[str, Any]:
        """Say what comes now, and report all that happened until now; what was printed belongs to that."""
        recorder = self._bench.recorder
        self._program.printed()
        told = {"say": sentence, "at": round(recorder.now(), 2), "note": "", "noted": 0.0}
        self._told.append(told)
        recorder.emit("scenario_step", step=number, say=sentence, **self._so_far(recorder.evidence()))
        return told

    def _note(self, told: dict[str, Any], words: str) -> None:
        told.update(note=words, noted=round(self._bench.recorder.now(), 2))

    def _so_far(self, evidence: Evidence) -> dict[str, Any]:
        return {"told": self._told, "mistake": self._script["mistake"], **asdict(evidence)}

    def _do(self, step: Step, told: dict[str, Any]) -> None:
        if step["send"] is not None and step["send"]["hold"]:
            self._hold(step, told)
        elif step["send"] is not None:
            self._cast.deliver(step)
        elif step["hold"]:
            self._race(step, told)
        elif step["together"]:
            self._cast.deliver_together(step)
        elif step["get"] or step["request"] is not None:
            self._note(told, self._said(self._cast.ask(step)))
        elif step["wait"]:
            words = self._wait(self._cast.filled(step["wait"]), step["timeout"] or LINE_SECONDS)
            self._note(told, words)
        elif step["program"]:
            self._move(step["program"])
        else:
            self._change(step)

    def _hold(self, step: Step, told: dict[str, Any]) -> None:
        hold = self._program.hold(step["send"]["hold"])
        sending = self._cast.start_sending(step)
        if not hold.wait_until_reached(HOLD_SECONDS, before=sending):
            self._note(told, f"{self._who} did not come to the point {step['send']['hold']}.")
        self._held = (hold, sending)

    def _race(self, step: Step, told: dict[str, Any]) -> None:
        """Send all at once; the first that comes to the point stands there until the others are answered."""
        hold = self._program.hold(step["hold"])
        sendings = self._cast.start_together(step)
        wait_for(lambda: all(each.is_over for each in sendings) or hold.wait_until_reached(0), HOLD_SECONDS)
        if not hold.wait_until_reached(0):
            self._note(told, f"{self._who} did not come to the point {step['hold']}.")
        wait_for(lambda: sum(each.is_over for each in sendings) >= len(sendings) - 1, RACE_SECONDS)
        hold.release()
        for each in sendings:
            each.answer(LONGEST_SENDING)

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

    def _change(self, step: Step) -> None:
        """Let a service that the program calls do something else from now on."""
        if step["api"] is not None:
            self._cast.teach(step["api"])
            return
        mood = step["downstream"]
        downstream = service_of(self._bench, "downstream")
        downstream.end_check()  # whatever was held is answered
        status = MOODS.get(mood)
        downstream.script(lambda call: None if status is None else (status, {"error": "not today"}))
        for _ in range(HELD_AT_MOST if mood == "hold" else 0):
            downstream.hold()

    def _wait(self, fragment: str, seconds: float) -> str:
        line = self._program.wait_for_line(fragment, timeout=seconds)
        return (
            f"{self._who} printed: {line}" if line else f"{self._who} printed nothing with {fragment} in it."
        )

    def _said(self, answer: Answer) -> str:
        """Give a short answer in words; of a long one, or none, the arrow tells."""
        text = answer.body.decode("utf-8", errors="replace").strip()
        is_short = 0 < len(text) <= SHORT_ANSWER and "\n" not in text
        return f"{self._who} answered {answer.status}: {text}" if is_short else ""

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
            **self._so_far(evidence),
            cause=_as_data(cause),
            traceback=find_traceback(printed, self._program.folder),
        )


def _as_data(cause: Cause | None) -> dict[str, Any] | None:
    if cause is None:
        return None
    return {"rationale": cause.rationale, "expected": cause.expected, "actual": cause.actual,
            "help": cause.help, "exchange": cause.exchange}  # fmt: skip
