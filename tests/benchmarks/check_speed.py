"""How long a check takes, beside a plain script and a plain pytest doing the same requests in the same run.

    python -m tests.benchmarks.check_speed [ROUNDS]

Prints medians in milliseconds and ratios to the floor. Rounds are interleaved, so that a busy machine slows
all of them alike.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
SOLUTION = ROOT / "exercises" / "01-first-endpoint" / "solution" / "python"
CHECK = [sys.executable, "-m", "app.cli", "check", "first-endpoint", "--dir", str(SOLUTION), "--json"]


def main(rounds: int = 9) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        environment = {**os.environ, "COURSE_HOME": f"{name}/home"}
        recorded = Path(name) / "recorded.json"
        record(environment, recorded)
        plain = {**environment, "RECORDED": str(recorded), "PROGRAM": str(SOLUTION)}
        pytest = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", str(HERE / "plain_pytest.py")]
        floor = [sys.executable, str(HERE / "floor.py"), str(SOLUTION), str(recorded)]
        measures: dict[str, Callable[[], dict[str, float]]] = {
            "floor": lambda: whole(floor, environment),
            "plain pytest + httpx": lambda: whole(pytest, plain),
            "course check": lambda: streamed(environment),
        }
        times: dict[str, list[float]] = {}
        for _ in range(rounds):
            for measured, measure in measures.items():
                for part, seconds in measure().items():
                    times.setdefault(f"{measured}{part}", []).append(seconds * 1000)
    show(times)


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
    began = time.monotonic()
    subprocess.run(command, env=environment, capture_output=True, check=True)
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
