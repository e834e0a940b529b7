"""check50 in an environment of its own, made for one measurement and thrown away with its folder."""

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

CHECKS = Path(__file__).with_name("check50_checks.py")
MINUTES = 5


class NotHere(Exception):
    """Why check50 can't be measured on this machine."""


class Check50:
    """Runs check50 on the recorded requests; `folder` holds all that it needs and leaves."""

    def __init__(self, folder: Path, program: Path, recorded: Path):
        self._checks, self._work = folder / "checks", folder / "work"
        self._command = [
            str(_installed(folder / "environment")),
            "--dev",
            "-o",
            "json",
            "--",
            str(self._checks),
        ]
        self._environment = {
            **os.environ, "RECORDED": str(recorded), "PROGRAM": str(program), "PYTHON": sys.executable,
        }  # fmt: skip
        self._checks.mkdir()
        shutil.copy(CHECKS, self._checks / "__init__.py")
        (self._checks / ".cs50.yaml").write_text("check50: true\n")
        shutil.copytree(program, self._work)

    def run(self) -> None:
        """Run all checks; NotHere where one does not pass."""
        done = subprocess.run(
            self._command, env=self._environment, cwd=self._work, capture_output=True, text=True, check=False
        )
        try:
            results = json.loads(done.stdout)["results"]
        except (ValueError, KeyError):
            raise NotHere(_last_line(done.stderr + done.stdout)) from None
        if not results or not all(result["passed"] for result in results):
            raise NotHere("its checks do not pass")


def measured(folder: Path, program: Path, recorded: Path) -> "Mapping[str, Check50]":
    """Return check50 by the name of its line, ready and tried once; where that can't be, print why."""
    try:
        check50 = Check50(folder, program, recorded)
        check50.run()
    except NotHere as reason:
        print(f"check50 is not measured: {reason}")
        return {}
    return {"check50": check50}


def _installed(folder: Path) -> Path:
    try:
        venv.create(folder, with_pip=True)
        subprocess.run(
            [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "check50"],
            capture_output=True, check=True, text=True, timeout=MINUTES * 60,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        raise NotHere(f"it could not be installed ({_last_line(str(error.stderr))})") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotHere(f"it could not be installed ({error})") from error
    return folder / "bin" / "check50"


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "it said nothing")
