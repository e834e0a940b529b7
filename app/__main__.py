"""python3 -m app ARGS: set up where that is needed, then be `course ARGS` (or, in a checkout, run all tests).

This file stays readable for any Python 3 (no f-strings, annotations in quotes), so that an old one gets as
far as the sentence that says so; `app.set_up` is imported after it. Both use the standard library alone.
"""
# ruff: noqa: UP032

import os
import platform
import shutil
import subprocess
import sys

OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
FAULT = 3  # the exit code of `course` for what is not the learner's doing
INTERRUPTED = 130


def main(arguments: "list[str]") -> int:
    """Set up where that is needed, then run the command line or the tests; return the exit code."""
    if sys.version_info < OLDEST:
        sys.stderr.write(too_old())
        return FAULT
    from app import set_up

    root = set_up.checkout()
    if root is None:
        return _command_line(arguments)  # an installed package: there is nothing to set up
    testing = arguments[:1] == ["test"]
    python = str(set_up.scripts(root) / "python")
    try:
        if not set_up.is_ready(root, testing):
            set_up.set_up(root, testing)
            # Said once, here; from now on `course doctor` and each result say it.
            subprocess.call(
                [python, "-m", "app.cli", "doctor", "--isolation"], cwd=str(root), stdout=sys.stderr
            )
    except (set_up.SetUpError, OSError) as error:
        set_up.say("Set-up ended early. {}".format(error))
        return FAULT
    except KeyboardInterrupt:
        set_up.say("\nStopped. The next start sets up again.")
        return INTERRUPTED
    if testing:
        os.chdir(str(root))
        return _become([python, "-m", "tests"], arguments[1:])
    return _become([python, "-m", "app.cli"], arguments)


def too_old() -> str:
    """Return the sentence for a Python that is too old, naming a newer one if this machine has it."""
    newer = next((name for name in NEWER if shutil.which(name)), None)
    advice = "Type: {} -m app".format(newer) if newer else "Install a newer one, then try again."
    return "The course needs Python {}.{} or newer, and this is Python {}. {}\n".format(
        OLDEST[0], OLDEST[1], platform.python_version(), advice
    )


def _command_line(arguments: "list[str]") -> int:
    from app.cli import main as course

    course(arguments, prog_name="course")
    return 0


def _become(command: "list[str]", arguments: "list[str]") -> int:
    """Go on as another Python; where a process cannot be replaced, wait for a second one."""
    if os.name == "posix":
        os.execv(command[0], command + arguments)  # noqa: S606  (there is no shell in it)
    return subprocess.call(command + arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
