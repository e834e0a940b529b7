"""Octokit's own signer and verifier, asked through Node."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.machine import NODE_FOLDER


@dataclass(frozen=True)
class Said:
    """What octokit says about one delivery: whether it verifies, and how octokit signs it."""

    verified: bool
    signed: str


def ask_octokit(node: Path, deliveries: Sequence[tuple[str, str, str]]) -> list[Said]:
    """Ask about deliveries, each a secret, a body and a signature; the body must not be empty."""
    lines = [
        json.dumps({"secret": secret, "body": body, "signature": signature})
        for secret, body, signature in deliveries
    ]
    done = subprocess.run(
        [node, NODE_FOLDER / "octokit.mjs"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=30,
        check=True,
    )
    return [Said(**json.loads(line)) for line in done.stdout.splitlines()]
