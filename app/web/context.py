"""What every view needs: the classroom and the live runs of this site."""

from typing import cast

from flask import current_app

from app.learning.classroom import Classroom
from app.learning.live import LiveRuns


def classroom() -> Classroom:
    """Return the classroom that this site was made for."""
    return cast(Classroom, current_app.extensions["classroom"])


def live_runs() -> LiveRuns:
    """Return the check runs that this site has started."""
    return cast(LiveRuns, current_app.extensions["live_runs"])
