"""The command line. Only here are click and rich used.

Importing this package imports click and nothing else of weight: each command is a module of
`app.cli.commands` which is imported when it is called, because `course check` has to have its
grader started within a few hundredths of a second.
"""

from app.cli.group import CourseGroup
from app.cli.table import COMMANDS

__all__ = ["main"]

main = CourseGroup(
    "course",
    table=COMMANDS,
    default="serve",
    help="A course on webhooks: your own server, checked over real HTTP.",
)
