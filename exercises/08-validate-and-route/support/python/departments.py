"""The departments of the company: each one reacts to an event in its own way. They are given; you call them.

A department gets the whole event, as a dict. It prints one line when it is done. It may raise anything: then
it has done nothing, and it is not the fault of the others.
"""

import os
import sys
from pathlib import Path


def bookkeeping(event: dict) -> None:
    """Write the amount into the books."""
    _fail_if_asked("bookkeeping")
    amount = event["data"]["amount"]
    value = amount["value"] if isinstance(amount, dict) else amount
    _tell("bookkeeping", event["id"], value)


def mail(event: dict) -> None:
    """Write to the customer."""
    _fail_if_asked("mail")
    _tell("mail", event["id"], event["data"]["customer"])


def statistics(event: dict) -> None:
    """Count it for the monthly report."""
    _fail_if_asked("statistics")
    _tell("statistics", event["id"], event["type"])


def _tell(*words: object) -> None:
    """Print a line in one piece, so that departments in several threads don't write into each other's."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


# What follows lets the checks make a department fail. It does nothing otherwise.


def _fail_if_asked(department: str) -> None:
    folder = os.environ.get("HOLD_DIR")
    if not folder:
        return
    try:
        (Path(folder) / f"{department}-fail").unlink()
    except FileNotFoundError:
        return
    raise RuntimeError(f"{department} is not available")
