"""A quiz on the terminal."""

from tests.cli.conftest import Learner


def test_answers_are_told_at_once(learner: Learner) -> None:
    """After each answer come the verdict, the feedback of every choice and the explanation."""
    output = learner.types("quiz", "basics-quiz", answers="b\na b\n").output
    for part in (
        "Question 1 of 2",
        "What is a delivery?",
        "a) One request",
        "Not right.",
        "b) wrong, your answer",
        "Nothing is stored anywhere.",
        "a) right",
        "Yes, one attempt to tell you.",
        "A delivery is one attempt, and so one request.",
        "course show basics#in-code",
        "Question 2 of 2",
        "Right.",
        "50 %",
    ):
        assert part in output


def test_nothing_of_the_key_is_shown_before_the_answer(learner: Learner) -> None:
    """A question alone shows neither feedback nor explanation."""
    output = learner.types("quiz", "basics-quiz", answers="").output
    assert "One request" in output
    assert "Yes, one attempt" not in output
    assert "A delivery is one attempt" not in output


def test_it_goes_on_where_it_was_stopped(learner: Learner) -> None:
    """q stops; the next call asks only what is open."""
    first = learner.types("quiz", "basics-quiz", answers="a\nq\n")
    assert first.exit_code == 0
    assert "your answers are kept" in first.output
    second = learner.types("quiz", "basics-quiz", answers="a,b\n").output
    assert "Question 1 of 2" not in second
    assert "Passed: 100 %" in second


def test_a_finished_quiz_shows_its_result_and_can_be_taken_again(learner: Learner) -> None:
    """All answered: the result at once; --again begins anew."""
    learner.types("quiz", "basics-quiz", answers="a\nab\n")
    assert "Passed: 100 %" in learner.types("quiz", "basics-quiz", answers="").output
    assert "Question 1 of 2" in learner.types("quiz", "basics-quiz", "--again", answers="").output


def test_what_is_no_answer_is_asked_again(learner: Learner) -> None:
    """Empty lines, unknown letters and two letters for one answer change nothing."""
    output = learner.types("quiz", "basics-quiz", answers="\nz\nab\na\nq\n").output
    assert output.count("Type a letter from a to c") == 2
    assert "Only one answer is right here" in output
    assert "Right." in output


def test_a_hint_can_be_opened(learner: Learner) -> None:
    """? opens a hint, and then there is no more."""
    output = learner.types("quiz", "basics-quiz", answers="?\n?\nq\n").output
    assert "Hint: Think of HTTP." in output
    assert "no more hint" in output


def test_a_partly_right_answer_is_told(learner: Learner) -> None:
    """Of two right choices one is half of the point."""
    output = learner.types("quiz", "basics-quiz", answers="a\na\n").output
    assert "Partly right: 50%" in output


def test_a_file_names_a_quiz(learner: Learner) -> None:
    """A path does as well as the id."""
    path = learner.content / "quizzes" / "basics-quiz.yaml"
    assert "Question 1 of 2" in learner.types("quiz", str(path), answers="").output


def test_show_says_what_a_quiz_is_about(learner: Learner) -> None:
    """show names the objectives and how to take it, and asks nothing."""
    output = learner.types("show", "basics-quiz").output
    assert "Quiz: Basics · 2 questions" in output
    assert "course quiz basics-quiz" in output
    assert "One request" not in output
