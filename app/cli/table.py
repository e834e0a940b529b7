"""The table of commands, so that listing them needs no import."""

from keyword import iskeyword
from typing import NamedTuple


class Entry(NamedTuple):
    """One command: where its code is, and what it does in one sentence."""

    name: str
    part: str
    help: str

    @property
    def module(self) -> str:
        """Name the module that holds the command."""
        return f"app.cli.commands.{self.name}{'_' if iskeyword(self.name) else ''}"


LEARN = "Learning"
PRACTISE = "Practising"
TEACH = "Teaching"

COMMANDS: tuple[Entry, ...] = (
    Entry("serve", LEARN, "Open the course in the browser (what course alone does)."),
    Entry("list", LEARN, "Show the whole course and how far you are."),
    Entry("next", LEARN, "Say what comes next."),
    Entry("show", LEARN, "Read a lesson, an exercise or what a quiz asks about."),
    Entry("quiz", LEARN, "Answer a quiz, one question at a time."),
    Entry("progress", LEARN, "Show your progress, save it to a file, or read it back."),
    Entry("check", PRACTISE, "Check your program against every requirement."),
    Entry("watch", PRACTISE, "Check again each time you save, with a menu of keys."),
    Entry("run", PRACTISE, "Run your program on a fixed port, to try it by hand."),
    Entry("replay", PRACTISE, "Send the deliveries of a check again to `course run`."),
    Entry("why", PRACTISE, "Say which known mistake the last failed check looks like."),
    Entry("scenario", PRACTISE, "Watch what a provider, or a stranger, does to your program."),
    Entry("hint", PRACTISE, "Open the next hint."),
    Entry("diff", PRACTISE, "After a pass: compare your program with the solution."),
    Entry("reset", PRACTISE, "Start an exercise again; your files are kept aside."),
    Entry("doctor", PRACTISE, "Say what this machine can do, and how to get the rest."),
    Entry("new", TEACH, "Begin a lesson, an exercise or a quiz with files that are right as made."),
    Entry("lint", TEACH, "Find mistakes in lessons, exercises and quizzes."),
    Entry("verify", TEACH, "Prove that each exercise judges right and wrong programs rightly."),
    Entry("preview", TEACH, "Show a quiz in every state, with its mistakes, while you write it."),
    Entry("ids", TEACH, "Write the ids that questions have into their files."),
    Entry("import", TEACH, "Write a quiz of another format as a file of ours."),
    Entry("export", TEACH, "Print a quiz as JSON or as CSV."),
    Entry("draw", TEACH, "Draw the diagrams of lessons and quizzes."),
)
