"""Why a check failed, as data: a sentence for the learner and what belongs to it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """Why a check failed: `rationale` is one sentence for the learner.

    `exchange` is the id of the exchange that shows it, or None.
    """

    rationale: str
    expected: str
    actual: str
    help: str = ""
    exchange: int | None = None


class CheckFailed(Exception):
    """A requirement is not met."""

    def __init__(self, cause: Cause):
        super().__init__(cause.rationale)
        self.cause = cause
