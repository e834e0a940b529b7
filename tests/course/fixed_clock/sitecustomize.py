"""Loaded by Python before a program under test: its wall clock stands still at $FIXED_NOW (in seconds).

Only the tests of signed vectors put this folder on a program's path; checks of learners never do.
"""

import datetime
import os
import time

NOW = float(os.environ["FIXED_NOW"])


class _Standing(datetime.datetime):
    """A datetime whose present is fixed."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> "_Standing":
        return cls.fromtimestamp(NOW, tz)

    @classmethod
    def utcnow(cls) -> "_Standing":
        return cls.fromtimestamp(NOW, datetime.UTC).replace(tzinfo=None)


time.time = lambda: NOW
time.time_ns = lambda: int(NOW * 1_000_000_000)
datetime.datetime = _Standing
