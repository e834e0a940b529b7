"""Every type of question on the terminal: shown, answered, told; tries, retakes, review, reports."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result

from app.config import read_settings
from app.learning.classroom import open_classroom
from app.learning.quizzes import open_attempt
from tests.cli.conftest import Learner
from tests.content.samples import write

HEAD = """\
format: 1
quiz: {id: many, title: Many, lesson: basics, order: 2}
settings: {shuffle_questions: false, shuffle_choices: false}
questions:
"""
NUMERIC = """\
  - id: how-many
    type: numeric
    stem: How many seconds are two minutes?
    value: 120
    unit: seconds
    wrong:
      - {value: 2, feedback: "Those are minutes."}
    explanation: A minute has sixty.
    lesson: basics#in-code
"""
SHORT = """\
  - id: which-sign
    type: short_text
    stem: Which letter stands for a question?
    accept: [q]
    wrong:
      - {text: a, feedback: "That one answers."}
    explanation: The q does.
"""
ORDERING = """\
  - id: in-order
    type: ordering
    stem: How does a talk go?
    items:
      - {id: greet, text: Greet, feedback: First of all.}
      - {id: talk, text: Talk}
      - {id: leave, text: Leave}
    explanation: As always.
"""
MATCHING = """\
  - id: what-with-what
    type: matching
    stem: When is which word said?
    pairs:
      - {id: coming, text: Coming, match: Hello, feedback: Always.}
      - {id: going, text: Going, match: Goodbye}
    distractors: ['Never mind']
    explanation: As always.
"""
PREDICT = """\
  - id: what-prints
    type: predict_output
    stem: What does this print?
    code:
      language: python
      text: |
        print("a")
        print()
        print("b")
    output: "a\\n\\nb\\n"
    wrong:
      - {output: "ab", feedback: "Each print ends its line."}
    explanation: Three lines.
"""
REFLECT = """\
  - id: think
    type: reflect
    stem: Whom did you greet today?
    model_answer: Everybody.
    points: [Nobody was left out]
    explanation: It helps.
"""
NONE = """\
  - id: which-none
    type: multi_select
    stem: Which of these is a planet?
    allow_none: true
    image: {file: sky.svg, alt: A night sky}
    choices:
      - {id: moon, text: The moon, feedback: "It goes round one."}
      - {id: sun, text: The sun, feedback: "It is a star."}
    explanation: Neither is.
"""
TRIES = """\
  - id: try-again
    stem: Which is it?
    tries: [1, 0.5]
    choices:
      - {id: one, text: One, feedback: "Not this one."}
      - {id: two, text: Two, feedback: "Nor this one."}
      - {id: three, text: Three, correct: true, feedback: "This is it."}
    explanation: Three is it.
"""


def takes(learner: Learner, questions: str, answers: str, *options: str, head: str = HEAD) -> Result:
    """Write a quiz of these questions and take it."""
    write(learner.content / "quizzes/many.yaml", head + questions)
    write(learner.content / "quizzes/sky.svg", "<svg xmlns='http://www.w3.org/2000/svg'></svg>")
    result = learner.types("quiz", "many", *options, answers=answers)
    assert result.exit_code == 0, result.output
    return result


def label_of(output: str, text: str) -> str:
    """The letter in front of a text."""
    found = re.search(rf"^  (\w+)\) {re.escape(text)}$", output, re.MULTILINE)
    assert found, output
    return found[1]


@pytest.mark.parametrize(
    ("questions", "wrong", "told", "right"),
    [
        (NUMERIC, "2", ["Those are minutes.", "120 seconds", "A minute has sixty.", "basics#in-code"], "120"),
        (SHORT, "A", ["That one answers.", "Right is:", "q", "The q does."], "\\q"),
        (PREDICT, "ab\n.", ["Each print ends its line.", "It prints:", "Three lines."], "a\n\nb\n."),
        (NONE, "a", ["It goes round one.", "Picture: A night sky", "Neither is."], "-"),
    ],
)
def test_what_is_typed(learner: Learner, questions: str, wrong: str, told: list[str], right: str) -> None:
    """A wrong answer gets its own feedback, the key and the explanation; a right one is right."""
    output = takes(learner, questions, f"{wrong}\n").output
    assert "Not right." in output
    for words in told:
        assert words in output
    assert "Right.\n" in takes(learner, questions, f"{right}\n", "--again").output


def test_an_order(learner: Learner) -> None:
    """Letters in the right order are right; each step is told with its place and feedback."""
    shown = takes(learner, ORDERING, "").output
    right = [label_of(shown, text) for text in ("Greet", "Talk", "Leave")]
    output = takes(learner, ORDERING, f"x\n{right[0]}\n{' '.join(right[::-1])}\n").output
    for words in ("Type a letter from a to c", "The order is incomplete", "Not right.", "1. (yours: 3)"):
        assert words in output
    assert "First of all." in output
    again = takes(learner, ORDERING, "", "--again").output
    right = [label_of(again, text) for text in ("Greet", "Talk", "Leave")]
    assert "Right.\n" in takes(learner, ORDERING, "".join(right) + "\n").output


def test_a_matching(learner: Learner) -> None:
    """A letter for each pair, in order; a share is earned for each right one."""
    shown = takes(learner, MATCHING, "").output
    hello, goodbye = label_of(shown, "Hello"), label_of(shown, "Goodbye")
    assert "1. Coming" in shown
    output = takes(learner, MATCHING, f"{hello}\n{hello}{hello}\n").output
    for words in (
        "The matching is incomplete",
        "Partly right: 50%",
        "1. right",
        "2. wrong",
        "You chose: Hello",
    ):
        assert words in output
    again = takes(learner, MATCHING, "", "--again").output
    hello, goodbye = label_of(again, "Hello"), label_of(again, "Goodbye")
    assert "Right.\n" in takes(learner, MATCHING, f"{hello}, {goodbye}\n").output


def test_a_thought(learner: Learner) -> None:
    """A free answer is not scored: the model answer and the points come, and the quiz is passed."""
    output = takes(learner, REFLECT, "The postman.\n\nAnd you.\n.\n").output
    for words in ("Compare it with ours", "Everybody.", "Nobody was left out", "Passed: 100 %"):
        assert words in output


def test_more_lines_are_kept_when_the_input_ends(learner: Learner) -> None:
    """An answer of many lines whose last dot is missing is an answer all the same."""
    assert "Right.\n" in takes(learner, PREDICT, "a\n\nb\n").output


def test_the_answer_on_demand(learner: Learner) -> None:
    """An exclamation mark gives up: the key and the explanation come, and the question counts nothing."""
    output = takes(learner, NUMERIC, "!\n").output
    for words in ("Here is the answer.", "120 seconds", "A minute has sixty.", "Not passed yet: 0 %"):
        assert words in output


def test_tries(learner: Learner) -> None:
    """A wrong try tells its own feedback and nothing of the key; what was tried can't be tried again."""
    first = takes(learner, TRIES, "a\n").output
    assert "Not this one." in first
    assert "Nor this one." not in first
    assert "This is it." not in first
    second = takes(learner, TRIES, "a\nc\n").output
    for words in (
        "you tried this",
        "This is your last try.",
        "You tried this choice already.",
        "This is it.",
    ):
        assert words in second
    assert "50 %" in second


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


@pytest.mark.parametrize("columns", ["30", "44", "200"])
def test_any_width(learner: Learner, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    """However narrow the terminal is, everything is there, and no prose is wider."""
    monkeypatch.setenv("COLUMNS", columns)
    output = takes(learner, MATCHING, "aa\n").output
    for words in ("Coming", "Goodbye", "Never", "mind"):
        assert words in output
    prose = [line for line in output.splitlines() if "course " not in line]
    assert max(map(len, prose)) <= int(columns)


def test_a_list_longer_than_the_letters(learner: Learner) -> None:
    """Twenty things are numbered, so that no letter is a command."""
    items = "".join(f"      - {{id: step-{at}, text: Step {at}}}\n" for at in range(20))
    shown = takes(learner, ORDERING.split("    items:\n")[0] + f"    items:\n{items}", "").output
    order = " ".join(label_of(shown, f"Step {at}") for at in range(20))
    assert "1-20" in shown
    assert "Right.\n" in learner.types("quiz", "many", answers=f"{order}\n").output


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
