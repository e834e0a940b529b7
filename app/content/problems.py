"""A problem in a content file: where it is, what is wrong, what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake of an author, with the place to look at."""

    path: str  # relative to the content folder, with forward slashes
    line: int  # from 1
    column: int  # from 1
    code: str
    message: str  # what is wrong and what to do
    level: str = "error"  # "error" | "warning"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column} {self.code} {self.message}"
