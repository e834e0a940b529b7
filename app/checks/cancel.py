"""Ending a run before it is over."""

import threading


class Cancel(threading.Event):
    """Ends a run when it is set; `reason` is the sentence that the learner reads."""

    reason = "The run was cancelled."

    def end(self, reason: str) -> None:
        """Set it and say why; the first reason stays."""
        if not self.is_set():
            self.reason = reason
        self.set()
