"""What this machine can do for the course: findings in plain words, with the way to get the rest."""

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.checks import shell
from app.checks.javascript import INSTALL, NODE_VERSION, WHEEL_MEGABYTES, Node, can_fetch_node, look
from app.checks.runner import Runner
from app.config import Settings, data_folder
from app.errors import CourseError
from app.learning.classroom import Classroom
from app.learning.practice import practice_port


@dataclass(frozen=True)
class Finding:
    """One thing about the machine; `advice` is empty where there is nothing to do."""

    about: str
    good: bool
    says: str
    advice: str = ""


def findings(classroom: Classroom) -> Iterator[Finding]:
    """Look at the machine, the most important first."""
    yield _isolation(classroom.settings, classroom.runner)
    yield _python()
    yield _node(data_folder(os.environ))
    yield _shell()
    yield _port(classroom.settings.port)
    yield from _practice_ports(classroom)
    yield _home(classroom.settings.home)
    yield _content(classroom)


def _isolation(settings: Settings, runner: Runner) -> Finding:
    if runner.level == "isolated":
        return Finding("isolation", True, "Your programs run walled off from your files and the network.")
    return Finding(
        "isolation",
        False,
        "Your programs run as you, with limits on time, memory and output, but not walled off.",
        _isolation_advice(settings),
    )


def _isolation_advice(settings: Settings) -> str:
    if settings.isolation == "off":
        return "COURSE_ISOLATION is off; leave it out to have the wall where the system allows it."
    if not sys.platform.startswith("linux"):
        return "Your own programs are safe to run like this. The wall needs Linux with bubblewrap."
    if shutil.which("bwrap") is None:
        return "Install bubblewrap, on Debian and Ubuntu: sudo apt install bubblewrap"
    return (
        "bubblewrap is here, but this system lets no program make user namespaces. On Ubuntu 24.04 and newer "
        "give bwrap its own AppArmor profile with the permission `userns`; in a container, ask who runs it."
    )


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        "python",
        True,
        f"{version}. Let your editor use this interpreter: {sys.executable}",
    )


def _node(data_folder: Path) -> Finding:
    plan = look(data_folder)
    if plan.node is not None:
        express = "" if plan.packages else " Express comes with your first check in JavaScript."
        return Finding("node", True, f"{_written(plan.node)}.{express} It is {plan.node.executable}")
    found = "There is no Node here." if plan.machine is None else f"{_written(plan.machine)} is too old."
    if not can_fetch_node():
        return Finding("node", False, f"{found} Only JavaScript needs it.", INSTALL)
    brings = f"Your first check in JavaScript brings {NODE_VERSION}, about {WHEEL_MEGABYTES} MB."
    return Finding("node", True, f"{found} {brings}")


def _shell() -> Finding:
    lacking = shell.missing()
    if lacking:
        says = f"There is no {' and no '.join(lacking)} here. Only exercises in shell need it."
        return Finding("shell", False, says, shell.INSTALL)
    return Finding("shell", True, f"{', '.join(shell.NEEDED)} are here.")


def _written(node: Node) -> str:
    return ".".join(map(str, node.version))


def _port(port: int) -> Finding:
    if _is_free(port):
        return Finding("site", True, f"Port {port} is free for the pages.")
    return Finding(
        "site",
        False,
        f"Port {port} is in use, perhaps by a course that is open already.",
        "Choose another one: course serve --port N, or COURSE_PORT.",
    )


def _practice_ports(classroom: Classroom) -> Iterator[Finding]:
    for exercise in classroom.course.exercises:
        port = practice_port(classroom, exercise.id)
        if not _is_free(port):
            yield Finding(
                "practice",
                False,
                f"Port {port}, on which course run {exercise.id} listens, is in use.",
                "That is right while `course run` runs; else end the program that holds it.",
            )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _home(home: Path) -> Finding:
    probe = home / ".course-doctor"
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        return Finding(
            "home", False, f"{home}: {error.strerror}.", "Choose a folder of your own with COURSE_HOME."
        )
    return Finding("home", True, f"Your files and your progress are in {home}")


def _content(classroom: Classroom) -> Finding:
    try:
        course = classroom.course
    except CourseError as error:
        return Finding("course", False, error.message, error.advice)
    errors = sum(problem.level == "error" for problem in course.problems)
    counted = (
        f"{len(course.lessons)} lessons, {len(course.exercises)} exercises, {len(course.quizzes)} quizzes"
    )
    if errors:
        mistakes = "1 mistake" if errors == 1 else f"{errors} mistakes"
        return Finding("course", False, f"{counted}; {mistakes} in files.", "course lint shows them.")
    return Finding("course", True, f"{counted}.")
