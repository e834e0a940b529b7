"""Why a program is not running, in one plain sentence."""

import signal
from dataclasses import dataclass

from app.checks.causes import Cause
from app.checks.limits import LIMITS, MEGABYTE, Limits


@dataclass(frozen=True)
class Death:
    """How a program ended: its exit code or signal, and the limit that it passed, if any."""

    code: int | None
    signal: int | None
    reason: str = ""


def death_of(code: int, reason: str) -> Death:
    """Read an exit code as the shell does: above 128 (bubblewrap) or below 0 (subprocess) it is a signal."""
    if code < 0:
        return Death(None, -code, reason)
    if code > 128 and code - 128 in signal.valid_signals():
        return Death(None, code - 128, reason)
    return Death(code, None, reason)


_LIMIT_SENTENCES = {
    "memory": f"Your program used more than {LIMITS.memory // MEGABYTE} MB of memory and was stopped.",
    "output": f"Your program printed more than {LIMITS.output // MEGABYTE} MB and was stopped.",
    "processes": f"Your program started more than {LIMITS.processes} processes and was stopped.",
}


def sentence(death: Death, kind: str = "server") -> str:
    """Say why a program of an exercise of this kind ended."""
    if death.reason in _LIMIT_SENTENCES:
        return _LIMIT_SENTENCES[death.reason]
    if death.signal == signal.SIGXCPU:
        return f"Your program computed for more than {LIMITS.cpu_seconds} seconds and was stopped."
    if death.signal is not None:
        return f"Your program was ended by the signal {signal.Signals(death.signal).name}."
    if death.code == 0 and kind == "server":
        return "Your program ended by itself with exit code 0; a server has to keep running."
    return f"Your program ended with exit code {death.code}."


def died(death: Death, when: str, last_words: str = "") -> Cause:
    """Return the cause of a check in which the program ended; `when` is `start`, `check` or `scenario`."""
    words = f"; the last it printed: {last_words}" if last_words else ""
    moment = "before it listened on its port" if when == "start" else f"while this {when} ran"
    advice = "Look at what it printed: a traceback names the file and the line."
    if death.code == 0 and when == "start":
        advice = "Its last step must start the server and stay there, such as app.run(…) or app.listen(…)."
    return Cause(sentence(death), "a program that keeps running", f"it ended {moment}{words}", advice)


def not_over(seconds: float) -> Cause:
    """Return the cause of a command that goes on and on."""
    return Cause(
        f"Your program did not end within {seconds:g} seconds.",
        "a program that does its work and ends",
        "it was still running, and was stopped",
        "What does it wait for? An answer that never comes needs a timeout.",
    )


def disk_full(limits: Limits) -> Cause:
    """Return the cause of a program that left no room for its next start."""
    room = f"{limits.disk // MEGABYTE} MB"
    return Cause(
        f"Your program filled the {room} that it may write to.",
        "files that stay small",
        "no room for another start",
        "Look at what it writes to $DATA_DIR.",
    )


def not_listening(port: int, others: frozenset[int], seconds: float) -> Cause:
    """Return the cause of a program that runs but never opened its port."""
    rationale = f"Your program did not accept a connection on its port within {seconds:.0f} seconds."
    expected = f"it listens on 127.0.0.1, port {port}: the number in the environment variable PORT"
    if others:
        listed = ", ".join(str(other) for other in sorted(others))
        help = (
            "Read the port from the environment: int(os.environ['PORT']) in Python, "
            "Number(process.env.PORT) in JavaScript."
        )
        return Cause(rationale, expected, f"it listens on port {listed}", help)
    help = "Something before the server's start takes too long, or the server is never started."
    return Cause(rationale, expected, "it listens on no port", help)


@dataclass(frozen=True)
class Ended:
    """How a program of the kind `command` ended: `code`, or the `signal`, and its `stdout` and `stderr`."""

    code: int | None
    signal: int | None
    stdout: str
    stderr: str
