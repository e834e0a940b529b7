"""A report that something is wrong with a question, as a file to be sent to the course's authors."""

import json
from itertools import count
from pathlib import Path

from app.cli.place import short
from app.cli.screen import Screen
from app.errors import UsageError
from app.learning.classroom import Classroom
from app.learning.quiz_review import report_question


def write_report(
    screen: Screen, classroom: Classroom, attempt_id: str, question_token: str, words: str
) -> None:
    """Write the report into the current folder, over no other file; UsageError before there is an answer."""
    report = report_question(classroom, attempt_id, question_token, words)
    text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    file = _write(f"wrong-{report['question']}", text)
    screen.say("Thank you. The report holds the question, your answers and what you wrote; send it on:")
    screen.pair("", short(file), style="path", width=0)


def _write(stem: str, text: str) -> Path:
    for number in count(1):
        file = Path.cwd() / (f"{stem}.json" if number == 1 else f"{stem}-{number}.json")
        try:
            with file.open("x", encoding="utf-8") as stream:
                stream.write(text)
        except FileExistsError:
            continue
        except OSError as error:
            advice = "Change to a folder that you may write to, then try again."
            raise UsageError(f"{file} can't be written: {error.strerror}.", advice) from None
        return file
    raise AssertionError("there is always another number")
