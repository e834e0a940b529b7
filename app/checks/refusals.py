"""What the system refused while a check was made ready: a fault of ours, in words."""

import errno
import tempfile

from app.errors import CourseFault

FULL = (errno.ENOSPC, errno.EDQUOT)


def is_full(error: OSError) -> bool:
    """Tell whether a disk had no room left."""
    return error.errno in FULL


def refused(error: OSError) -> CourseFault:
    """Return the fault for something that the system refused us."""
    if is_full(error):
        return CourseFault("The disk is full.", f"Make room in {tempfile.gettempdir()}, then check again.")
    return CourseFault(f"The check could not be run: {error.strerror}.")
