"""How long a check takes, beside a plain script, pytest and check50 doing the same requests in the same run.

    python -m tests.benchmarks.check_speed [ROUNDS]

The exercise has eight checks of one request each. Prints medians in milliseconds and ratios to the floor:
of `course check`, which starts cold, and of a press on the site, for which a slot waits. Then how many
verdicts the machine sustains, and what a waiting slot takes. Rounds are interleaved, so that a busy machine
slows all of them alike. check50 is fetched into a folder that goes again; without a network it is left out.
"""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.checks.processes import children, descendants
from app.checks.toolchains import is_ready
from app.config import data_folder
from tests.benchmarks.beside_check50 import measured
from tests.benchmarks.site import CONTENT, EXERCISE, SOLUTION, Site

HERE = Path(__file__).resolve().parent
CHECK = [sys.executable, "-m", "app.cli", "check", EXERCISE, "--dir", str(SOLUTION), "--json"]
REFILLED = 1.5
"""Seconds between two presses in which the next slot gets ready: nobody presses sooner."""

IN_A_ROW = 15
"""Presses without a pause, for the rate."""


def main(rounds: int = 9) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        environment = {**os.environ, "COURSE_HOME": f"{name}/home", "COURSE_CONTENT": str(CONTENT)}
        recorded = folder / "recorded.json"
        record(environment, recorded)
        plain = {**environment, "RECORDED": str(recorded), "PROGRAM": str(SOLUTION)}
        pytest = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", str(HERE / "plain_pytest.py")]
        floor = [sys.executable, str(HERE / "floor.py"), str(SOLUTION), str(recorded)]
        other = measured(folder / "check50", SOLUTION, recorded)
        sites = {
            line: stack.enter_context(contextlib.closing(Site(folder / language, language)))
            for line, language in presses().items()
        }
        measures: dict[str, Callable[[], dict[str, float]]] = {
            "floor": lambda: whole(floor, environment),
            "plain pytest + httpx": lambda: whole(pytest, plain),
            **{line: partial(timed, each.run) for line, each in other.items()},
            "course check": lambda: streamed(environment),
            **{line: partial(pressed, site) for line, site in sites.items()},
        }
        times: dict[str, list[float]] = {}
        for _ in range(rounds):
            for line, measure in measures.items():
                for part, seconds in measure().items():
                    times.setdefault(f"{line}{part}", []).append(seconds * 1000)
        show(times)
        time.sleep(REFILLED)
        for line, site in sites.items():
            print(f"a waiting slot ({line}): {memory_below(site.process.pid):.0f} MB")
            print(f"in a row ({line}): {rate(site):.1f} verdicts a second")


def presses() -> dict[str, str]:
    """Return the languages to press in, by the name of their line; JavaScript only where it is set up."""
    if is_ready("javascript", data_folder(os.environ)):
        return {"press": "python", "press, JavaScript": "javascript"}
    print("JavaScript is not measured: it is not set up here; course check in it does that.")
    return {"press": "python"}


def pressed(site: Site) -> dict[str, float]:
    """Return the seconds from a press to its first result and to its verdict."""
    time.sleep(REFILLED)
    press = site.press()
    assert press.ended == "passed", press.ended
    return {", first result": press.first, ", verdict": press.verdict}


def rate(site: Site) -> float:
    """Return the verdicts a second of presses without a pause, new slots included."""
    began = time.monotonic()
    for _ in range(IN_A_ROW):
        site.press()
    return IN_A_ROW / (time.monotonic() - began)


def memory_below(pid: int) -> float:
    """Return the memory of all processes that a process started, in megabytes; shared pages counted once."""
    total = 0
    for below in (each for child in children(pid) for each in descendants(child)):
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{below}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


def record(environment: dict[str, str], target: Path) -> None:
    """Check the solution once and keep the requests that it was sent, with the statuses it answered."""
    done = subprocess.run(CHECK, env=environment, capture_output=True, check=True, text=True)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    exchanges = [each for event in events for each in event.get("exchanges", ())]
    kept = [
        {
            "method": each["request"]["method"],
            "target": each["request"]["target"],
            "headers": each["request"]["headers"],
            "body": each["request"]["body"]["base64"],
            "status": each["response"]["status"],
        }
        for each in exchanges
    ]
    target.write_text(json.dumps(kept))


def whole(command: list[str], environment: dict[str, str]) -> dict[str, float]:
    """Return the seconds of a whole process."""
    return timed(lambda: subprocess.run(command, env=environment, capture_output=True, check=True))


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Return the seconds that something takes."""
    began = time.monotonic()
    work()
    return {"": time.monotonic() - began}


def streamed(environment: dict[str, str]) -> dict[str, float]:
    """Return the seconds of `course check` to its first result and to its verdict."""
    began = time.monotonic()
    seconds: dict[str, float] = {}
    with subprocess.Popen(CHECK, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            event = json.loads(line)["event"]
            if event == "check_finished":
                seconds.setdefault(", first result", time.monotonic() - began)
            elif event == "run_finished":
                seconds[", verdict"] = time.monotonic() - began
    return seconds


def show(times: dict[str, list[float]]) -> None:
    """Print a table of medians, and of the medians of the ratios to the floor of the same round."""
    print(f"{'':32}{'median ms':>12}{'x floor':>10}")
    for name, values in times.items():
        ratios = [value / floor for value, floor in zip(values, times["floor"], strict=True)]
        print(f"{name:32}{statistics.median(values):12.0f}{statistics.median(ratios):10.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
