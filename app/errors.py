"""Every error that the course raises on purpose.

CourseError                 something a person can act on: what happened, and what to do next
├── UsageError              a wrong argument or an unknown id          (exit code 2)
│   └── NotFound            there is no such lesson, exercise, run ... (404 on the site)
├── EditConflict            the file changed meanwhile; both versions are kept (409 on the site)
├── ContentError            the course's own files are wrong; carries every problem
└── CourseFault             our fault, never the learner's             (exit code 3)
"""

from collections.abc import Iterable


class CourseError(Exception):
    """Say what happened and what to do next."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message, advice)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class UsageError(CourseError):
    """Tell that the course was asked for something which it can't do."""


class NotFound(UsageError):
    """Tell that there is nothing with this name."""


class EditConflict(CourseError):
    """Tell that a file changed since it was read, and carry what stands there now."""

    def __init__(self, message: str, advice: str = "", *, current_text: str, current_version: str) -> None:
        super().__init__(message, advice)
        self.current_text = current_text
        self.current_version = current_version


class ContentError(CourseError):
    """Tell that files of the course are wrong, and carry every problem at once."""

    def __init__(self, message: str, advice: str = "", *, problems: Iterable[object] = ()) -> None:
        super().__init__(message, advice)
        self.problems = tuple(problems)


class CourseFault(CourseError):
    """Tell that the course itself failed; nothing counts against the learner."""
