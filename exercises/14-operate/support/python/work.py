"""What has to be done for an event. It is given; you call it. Now and then it takes long, or fails."""

import os
import time
from pathlib import Path


def do(event: dict) -> None:
    """Do the work for an event. It may raise anything; then nothing was done, and a later try can work."""
    _wait_if_held(event["id"])
    _fail_if_asked()


# What follows lets the checks hold the work up, or make it fail. It does nothing otherwise.


def _wait_if_held(event_id: str) -> None:
    folder = os.environ.get("HOLD_DIR")
    name = f"work-{event_id}"
    if not folder or name not in {file.name for file in Path(folder).iterdir()}:
        return
    held = Path(folder) / name
    held.with_name(f"{name}.reached").touch()
    while held.exists():
        time.sleep(0.005)


def _fail_if_asked() -> None:
    folder = os.environ.get("HOLD_DIR")
    if not folder:
        return
    try:
        (Path(folder) / "work-fail").unlink()
    except FileNotFoundError:
        return
    raise ConnectionError("no answer from db.internal:5432, user payments, password correct-horse")
