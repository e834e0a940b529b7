"""course quiz: each type of question as it is asked, answered and told in a terminal."""

import pytest

from tests.cli.conftest import Learner
from tests.cli.questions import (
    MATCHING,
    NONE,
    NUMERIC,
    ORDERING,
    PREDICT,
    REFLECT,
    SHORT,
    TRIES,
    label_of,
    takes,
)


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
