"""Programs that leave a process behind, and how one looks for it."""

from pathlib import Path

from tests.checks.programs import GOOD

LEAVES_A_CHILD = (
    "import subprocess, sys\n"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', 'left-behind-{mark}'],"
    " start_new_session=True)\n" + GOOD
)


def processes_with(mark: str) -> list[str]:
    """Return the command lines that hold a mark."""
    lines = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(process.read_bytes().decode(errors="replace"))
        except OSError:
            continue
    return [line for line in lines if mark in line]
