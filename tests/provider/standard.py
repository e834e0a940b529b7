"""The signer of Standard Webhooks for JavaScript, asked through Node."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.machine import NODE_FOLDER

Headers = tuple[tuple[str, str], ...]


def ask_standard(node: Path, secret: str, message: str, seconds: int, body: str) -> Headers:
    """Return the headers that the library makes for a body, signed at `seconds`."""
    if not (NODE_FOLDER / "node_modules" / "standardwebhooks").is_dir():
        pytest.skip("the npm package standardwebhooks is not there: run `python3 -m app test`")
    asked = json.dumps({"secret": secret, "id": message, "seconds": seconds, "body": body})
    done = subprocess.run(
        [node, NODE_FOLDER / "standard.mjs"],
        input=asked,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=30,
        check=True,
    )
    return tuple(json.loads(done.stdout).items())
