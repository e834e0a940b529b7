"""What `python3 -m app test` runs once the environment stands: every step, whatever the one before said.

The tests come last, so that their closing line is the last one on the screen; it follows a list of how the
steps before them ended. The exit code is 0 if all of them passed.
"""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

from tests import machine

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
SCRIPTS = Path(PYTHON).parent
STEPS = {
    "ruff check": [PYTHON, "-m", "ruff", "check"],
    "ruff format": [PYTHON, "-m", "ruff", "format", "--check"],
    "mypy": [PYTHON, "-m", "mypy"],
    "import rules": [str(SCRIPTS / "lint-imports"), "--no-logo"],
    "course lint": [PYTHON, "-m", "app.cli", "lint"],
}
# Two workers for the two cores that the smallest of our machines has; more would disturb checks of timing.
TESTS = [PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadgroup"]


def main(arguments: list[str]) -> int:
    """Run every step, the tests with the given arguments last; return 0 if all passed."""
    os.chdir(ROOT)
    # What a developer has set for their own course must not change what the tests see.
    environment = {name: os.environ[name] for name in os.environ if not name.startswith("COURSE_")}
    results = [run(title, command, environment) for title, command in STEPS.items()]
    results.append(install_lesson_packages(environment))
    summary = "\n".join(line for _, line in results)
    print("== tests", flush=True)
    code = subprocess.call([*TESTS, *arguments], env={**environment, "STEPS_BEFORE_THE_TESTS": summary})
    return code or int(not all(passed for passed, _ in results))


def run(title: str, command: list[str], environment: dict[str, str]) -> tuple[bool, str]:
    """Run one step, print its name and its time; return whether it passed, and the line that says so."""
    print(f"== {title}", flush=True)
    started = time.monotonic()
    passed = subprocess.call(command, env=environment) == 0
    line = f"{'passed' if passed else 'FAILED'}  {title:<16} {time.monotonic() - started:5.1f} s"
    print(line, flush=True)
    return passed, line


def install_lesson_packages(environment: dict[str, str]) -> tuple[bool, str]:
    """Install what the lessons' JavaScript imports, as the lock says, unless that was done."""
    lock = hashlib.sha256((machine.NODE_FOLDER / "package-lock.json").read_bytes()).hexdigest()
    done = machine.NODE_FOLDER / "node_modules" / ".done"
    if done.is_file() and done.read_text(encoding="utf-8") == lock:
        return True, f"passed  {'npm ci':<16} was done"
    npm = machine.npm()
    if npm is None:
        return False, f"FAILED  {'npm ci':<16} {machine.REMEDIES['node']}"
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(machine.NODE_FOLDER)]
    passed, line = run("npm ci", [*npm, "ci", *options], environment)
    if passed:
        done.write_text(lock, encoding="utf-8")
    return passed, line


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
