"""A delivery that is on its way in the background, while the check does something else."""

import threading

from app.errors import CourseFault
from app.provider.exchange import Answer
from app.provider.wire import Line


class Sending:
    """A delivery on its way."""

    def __init__(self, thread: threading.Thread, answers: list[Answer], line: Line):
        self._thread = thread
        self._answers = answers
        self._line = line

    @property
    def is_over(self) -> bool:
        """Whether an answer came, or the end of the connection."""
        return bool(self._answers)

    def answer(self, timeout: float = 6.0) -> Answer:
        """Wait for the answer, at most `timeout` seconds."""
        if not self.wait_until_over(timeout):
            raise CourseFault("A delivery that was sent in the background did not come back in time.")
        return self._answers[0]

    def wait_until_over(self, timeout: float) -> bool:
        """Wait for the answer or the end of the connection; False when neither comes in time."""
        self._thread.join(timeout)
        return self.is_over

    def wait_until_sent(self, timeout: float = 3.0) -> bool:
        """Wait until all that will be sent is on its way: what is sent later comes later, too."""
        return self._line.wait_until_sent(timeout)

    def hang_up(self) -> None:
        """Close the connection: the provider does not wait for the answer any more."""
        self._line.hang_up()
        self._thread.join(1.0)
