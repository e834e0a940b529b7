"""course quiz: what was missed, what to look at again, reports, an end in the middle."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from app.config import read_settings
from app.learning.classroom import open_classroom
from app.learning.quizzes import open_attempt
from tests.cli.conftest import Learner
from tests.cli.questions import HEAD, MATCHING, NONE, NUMERIC, ORDERING, PREDICT, REFLECT, SHORT, TRIES, takes
from tests.content.samples import write


def test_how_sure_one_is(learner: Learner) -> None:
    """The degree of confidence is asked for where the quiz wants it; who stops there has answered."""
    head = HEAD.replace("settings: {", "settings: {confidence: optional, ")
    output = takes(learner, NUMERIC + SHORT, "120\n", head=head).output
    assert "How sure are you (low, mid, high; Enter says nothing)?" in output
    output = takes(learner, NUMERIC + SHORT, "\\q\nhigh\n", head=head).output
    assert "Question 1 of 2" not in output
    assert "Passed: 100 %" in output


def test_only_what_was_missed(learner: Learner) -> None:
    """`--missed` asks what was not right; the right answers of before still count."""
    output = takes(learner, NUMERIC + SHORT, "120\na\n").output
    assert "course quiz many --missed" in output
    again = takes(learner, NUMERIC + SHORT, "\\q\n", "--missed").output
    assert "1 question that you missed" in again
    assert "two minutes" not in again
    assert "Passed: 100 %" in again
    nothing = learner.types("quiz", "many", "--missed")
    assert nothing.exit_code == 2
    assert "Nothing was missed" in nothing.stderr


def test_what_to_look_at_again(learner: Learner) -> None:
    """`--review` lists over all quizzes what is not right, asks it, and a right answer takes it off."""
    takes(learner, NUMERIC + SHORT, "2\na\n")
    learner.types("quiz", "basics-quiz", answers="b\nq\n")
    listed = learner.types("quiz", "--review", answers="").output
    for words in (
        "To look at again · 3 questions",
        "Basics\n",
        "What is a **delivery**?",
        "Many\n",
        "How many seconds are two minutes?",
        "course show basics#in-code",
        "go on  course quiz --review",
    ):
        assert words in listed
    assert "3 questions: course quiz --review" in learner.types("progress").output
    asked = learner.types("quiz", "--review", answers="a\n120\nb\n").output
    assert "Question 2 of 3 · Many" in asked
    assert "1 question left to look at again." in asked
    assert "Nothing is left" in learner.types("quiz", "--review", answers="\\q\n").output
    assert "Nothing to look at again" in learner.types("quiz", "--review", answers="").output


def test_a_wrong_question_is_reported(learner: Learner, tmp_path: Path) -> None:
    """`--report N` writes a file with question, revision, order and answer, over no other file."""
    takes(learner, NUMERIC + SHORT, "2\n")
    for name in ("wrong-how-many.json", "wrong-how-many-2.json"):
        result = learner.types("quiz", "many", "--report", "1", answers="Two is right.\n")
        assert result.exit_code == 0, result.output
        assert name in result.output
        report = json.loads((tmp_path / name).read_text(encoding="utf-8"))
        assert (report["question"], report["words"]) == ("how-many", "Two is right.")
        assert report["tries"][0]["answer"] == ["2"]
        assert set(report["revision"]) == {"key", "text"}
    unanswered = learner.types("quiz", "many", "--report", "2", answers="x\n")
    assert unanswered.exit_code == 2
    assert "Answer it first" in unanswered.stderr
    assert learner.types("quiz", "many", "--report", "3", answers="x\n").exit_code == 2


def test_nothing_is_told_before_the_answer(learner: Learner) -> None:
    """No question of any type shows its key, a feedback or its explanation while it is open."""
    everything = NUMERIC + SHORT + ORDERING + MATCHING + PREDICT + REFLECT + NONE + TRIES
    hidden = ("A minute", "Those are", "That one", "The q does", "As always", "First of all", "Always.")
    hidden += ("Three lines", "Each print", "Everybody", "Nobody was", "It helps", "It goes", "This is it")
    for at in range(8):
        output = takes(learner, everything, "").output
        question = output[output.index(f"Question {at + 1} of 8") :]
        assert not [words for words in hidden if words in question], question
        takes(learner, everything, "!\n")


def test_ctrl_c_keeps_what_was_answered(learner: Learner) -> None:
    """Ctrl-C at a question says that all is kept and how to go on; the answer before it is stored."""
    write(learner.content / "quizzes/many.yaml", HEAD + TRIES.replace("    tries: [1, 0.5]\n", "") + NUMERIC)
    home = str(learner.home)
    environment = {**os.environ, "COURSE_HOME": home, "COURSE_CONTENT": str(learner.content)}
    command = [sys.executable, "-c", TAKE_IT]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("c\n")
        process.stdin.flush()
        read = ""
        while "two minutes" not in read or not read.endswith("> "):
            read += process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    assert "your answers are kept" in rest
    assert process.returncode == 0
    classroom = open_classroom(read_settings({"COURSE_HOME": home, "COURSE_CONTENT": str(learner.content)}))
    attempt = open_attempt(classroom, "many")
    classroom.close()
    assert [question.answered is not None for question in attempt.questions] == [True, False]


TAKE_IT = """
from app.cli import main
main(["quiz", "many"], prog_name="course")
"""
