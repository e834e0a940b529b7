"""The departments of the company: each one reacts to an event in its own way. They are given; you call them.

A department gets the whole event, as a dict. It prints one line when it is done. It may raise anything: then
it has done nothing, and it is not the fault of the others.
"""

import os
from pathlib import Path


def bookkeeping(event: dict) -> None:
    """Write the amount into the books."""
    _fail_if_asked("bookkeeping")
    amount = event["data"]["amount"]
    value = amount["value"] if isinstance(amount, dict) else amount
    print("bookkeeping", event["id"], value, flush=True)


def mail(event: dict) -> None:
    """Write to the customer."""
    _fail_if_asked("mail")
    print("mail", event["id"], event["data"]["customer"], flush=True)


def statistics(event: dict) -> None:
    """Count it for the monthly report."""
    _fail_if_asked("statistics")
    print("statistics", event["id"], event["type"], flush=True)


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
