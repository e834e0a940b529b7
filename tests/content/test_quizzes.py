"""Quiz files: questions as plain values, and a rule for each way to get one wrong."""

from pathlib import Path

import pytest

from app.content.quiz_file import read_quiz
from app.content.quiz_rules import without_code
from app.quiz.types import Choice
from app.quiz.words import prompt
from tests.content.samples import QUIZ, write_quiz

WRONG_CHOICE = "      - id: goodbye\n        text: Goodbye\n        feedback: That is the last one.\n"
QUESTION = QUIZ.split("questions:\n")[1]
THIRD_CHOICE = "      - id: nothing\n        text: Nothing at all\n        feedback: That is rude.\n"


def problems_of(root: Path, text: str) -> list[str]:
    """Write a quiz, read it, and give its problems as text."""
    return [str(problem) for problem in read_quiz(write_quiz(root, text), root)[1]]


def changed(old: str, new: str) -> str:
    """The sample quiz with one place changed."""
    assert old in QUIZ
    return QUIZ.replace(old, new, 1)


def test_a_quiz(tmp_path: Path) -> None:
    """Everything that the file says stands in the quiz."""
    quiz, problems, marks = read_quiz(write_quiz(tmp_path), tmp_path)
    assert problems == ()
    assert quiz is not None
    assert (quiz.id, quiz.lesson, quiz.order, quiz.pass_mark) == ("hello-quiz", "greeting", 1, 70)
    question = quiz.questions[0]
    assert (question.id, question.type, question.scoring) == ("first-word", "single_choice", "balanced")
    assert question.choices[0] == Choice("hello", "Hello", True, "Yes.")
    assert question.lesson == "greeting#how"
    assert marks["first-word"] == (5, 9)


ERRORS = [
    ("stem: Which", "stem: `Which", "hello-quiz.yaml:6:11", "Q001"),
    ("explanation:", "explanaton:", "Did you mean explanation?", "Q002"),
    ("    stem: Which word comes first?\n", "", "`stem` is missing", "Q003"),
    ("        text: Goodbye\n", "", "has no `text`", "Q003"),
    ("id: goodbye", "id: hello", "Two choices have the id `hello`", "Q005"),
    ("text: Goodbye", "text: '**Hello** '", "Two choices say the same", "Q006"),
    ("correct: true", "correct: false", "No choice is correct", "Q007"),
    ("text: Goodbye", "text: Goodbye\n        correct: true", "A second choice is correct", "Q008"),
    (WRONG_CHOICE + THIRD_CHOICE, "", "needs two choices", "Q009"),
    ("    stem:", "    type: true_false\n    stem:", "has two choices", "Q025"),
    ("objectives: [politeness]", "objectives: [polite]", "Did you mean politeness?", "Q011"),
    ("    stem:", "    uses: picture\n    stem:", "`picture` is not declared", "Q011"),
    ("questions:", "settings: {choose: 2}\nquestions:", "The file has 1 questions", "Q012"),
    ("word comes first?", "word comes first? ![](x.png)", "A picture inside a text", "Q013"),
    ("text: Goodbye", "text: <b>Goodbye</b>", "HTML is not used", "Q018"),
    ("stem: Which", "stem: <script>alert(1)</script> Which", "HTML is not used", "Q018"),
    ("id: goodbye", "id: wrong1", "gives the key away", "Q019"),
    ("correct: true", "correct: yes", "Write true or false.", "Q020"),
    ("text: Goodbye", "text: {x: int}", "Here a text belongs", "Q020"),
    ("stem: Which", "type: multiple_choice\n    stem: Which", "`multi_select` where several may be", "Q020"),
    ("id: hello-quiz", "id: other-quiz", "must be named after the quiz", "Q021"),
    ("format: 1", "format: 2", "Write a whole number from 1 to 1.", "Q020"),
    ("text: Nothing at all", "text: None of the above", "write `fixed: last`", "W103"),
]


@pytest.mark.parametrize(
    ("old", "new", "told", "code"), ERRORS, ids=[f"{row[3]}-{at}" for at, row in enumerate(ERRORS)]
)
def test_errors(tmp_path: Path, old: str, new: str, told: str, code: str) -> None:
    """A question that can't be used stops its file, with a code, a place and what to do."""
    quiz, problems, _ = read_quiz(write_quiz(tmp_path, changed(old, new)), tmp_path)
    assert quiz is None
    found = [problem for problem in problems if problem.level == "error"]
    assert [problem.code for problem in found] == [code], [str(problem) for problem in problems]
    assert told in str(found[0])


def test_several_right_choices(tmp_path: Path) -> None:
    """A multi_select needs a right and a wrong choice."""
    several = changed("    stem:", "    type: multi_select\n    stem:")
    for text in (
        several.replace("        correct: true\n", ""),
        several.replace("text: Goodbye", "text: Goodbye\n        correct: true").replace(
            "text: Nothing at all", "text: Nothing at all\n        correct: true"
        ),
    ):
        assert any(" Q010 " in problem for problem in problems_of(tmp_path, text))


def test_two_questions_of_one_name(tmp_path: Path) -> None:
    """A question's id stands once in a file; the second one is shown."""
    question = QUESTION
    found = problems_of(tmp_path, QUIZ + question)
    assert [problem.split(" ")[:2] for problem in found] == [["quizzes/hello-quiz.yaml:21:9", "Q004"]]


def test_one_mistake_does_not_hide_another(tmp_path: Path) -> None:
    """A wrong field in one question does not keep the others from being judged."""
    other = QUESTION.replace("first-word", "other").replace("        correct: true\n", "")
    found = problems_of(tmp_path, changed("explanation:", "explain:") + other)
    assert [problem.split(" ")[1] for problem in found if " W" not in problem] == ["Q002", "Q007"]


WARNINGS = [
    ("- id: first-word\n    stem:", "- stem:", "`id: which-word-comes-first`", "W100"),
    ("- id: goodbye\n        text:", "- text:", "`id: goodbye`", "W100"),
    ("    explanation: A greeting comes first.\n", "", "No explanation", "W101"),
    ("        feedback: That is rude.\n", "", "without feedback", "W102"),
    (
        "text: Hello",
        "text: Hello is what comes first, before all other words",
        "much longer",
        "W104",
    ),
    ("stem: Which word comes first?", "stem: Which word is not first?", "easily overread", "W107"),
    (THIRD_CHOICE, "", "two are a coin", "W113"),
    (
        "    stem:",
        "    type: multi_select\n    stem:",
        "Only one choice",
        "W117",
    ),
    ("    objectives: [politeness]\n", "", "serves no objective", "W118"),
    ("    explanation: A", "    explanation: Option B is wrong. A", "no letters", "W120"),
    ("text: Goodbye", "text: Goodbye # and more", "is a comment", "W121"),
    ("    stem:", "    lint: {ignore: [W104], because: x}\n    stem:", "is not needed", "W190"),
]


@pytest.mark.parametrize(("old", "new", "told", "code"), WARNINGS, ids=[row[3] for row in WARNINGS])
def test_warnings(tmp_path: Path, old: str, new: str, told: str, code: str) -> None:
    """A weak question is usable; the author is told what to look at again."""
    quiz, problems, _ = read_quiz(write_quiz(tmp_path, changed(old, new)), tmp_path)
    assert quiz is not None
    assert {problem.level for problem in problems} == {"warning"}
    assert any(problem.code == code and told in problem.message for problem in problems), problems


def test_a_hint_with_the_key(tmp_path: Path) -> None:
    """A hint that says the key is no hint."""
    text = changed("text: Hello", "text: A friendly hello").replace(
        "    explanation:", "    hints:\n      - Think of a friendly hello\n    explanation:"
    )
    assert [problem.split(" ")[1] for problem in problems_of(tmp_path, text)] == ["W119"]


def test_a_waiver_with_a_reason(tmp_path: Path) -> None:
    """A warning that does not hold is waived in the file, with a reason."""
    waived = changed("    stem:", "    lint: {ignore: [W113], because: It is a coin.}\n    stem:")
    assert problems_of(tmp_path, waived.replace(THIRD_CHOICE, "")) == []


def test_true_and_false_all_one_way(tmp_path: Path) -> None:
    """Three true_false questions with one key between them invite guessing."""
    question = """\
  - id: q{0}
    type: true_false
    stem: Is this question number {0}?
    choices:
      - {{id: "true", text: "True", correct: true, feedback: Yes.}}
      - {{id: "false", text: "False", feedback: Indeed.}}
    explanation: It is.
    objectives: [politeness]
"""
    text = QUIZ.split("  - id: first-word")[0] + "".join(question.format(at) for at in range(3))
    assert [problem.split(" ")[1] for problem in problems_of(tmp_path, text)] == ["W116"]


def test_the_longest_is_always_right(tmp_path: Path) -> None:
    """Where the key is the longest choice in most questions of a quiz, that is a cue."""
    question = QUESTION.replace("text: Nothing at all", "text: Nothing at all, just a long silence")
    question = question.replace("text: Hello", "text: Hello, with a smile and an open hand")
    text = QUIZ.split("  - id: first-word")[0] + "".join(
        question.replace("first-word", f"word-{at}") for at in range(6)
    )
    assert [problem.split(" ")[1] for problem in problems_of(tmp_path, text)] == ["W105"]


def test_unwritten_ids_are_slugs(tmp_path: Path) -> None:
    """A question or choice without an id is known by the slug of its text."""
    text = changed("- id: first-word\n    stem:", "- stem:").replace(
        "- id: goodbye\n        text:", "- text:"
    )
    quiz, _, _ = read_quiz(write_quiz(tmp_path, text), tmp_path)
    assert quiz is not None
    assert quiz.questions[0].id == "which-word-comes-first"
    assert quiz.questions[0].choices[1].id == "goodbye"


def test_code_and_shared_texts(tmp_path: Path) -> None:
    """Code becomes a fence that holds it, whatever it holds; a stimulus stands above the stem."""
    text = changed(
        "    stem:", "    uses: picture\n    code: {language: python, text: 'x = \"```\"'}\n    stem:"
    )
    quiz, problems, _ = read_quiz(
        write_quiz(tmp_path, text.replace("questions:", "stimulus: {picture: Look.}\nquestions:")), tmp_path
    )
    assert problems == ()
    assert quiz is not None
    assert prompt(quiz.questions[0]) == 'Look.\n\nWhich word comes first?\n\n````python\nx = "```"\n````'


def test_html_in_code_is_fine(tmp_path: Path) -> None:
    """Between backticks and in fences a tag is code, not HTML."""
    assert without_code("a `<b>` c ``<d>`` e") == "a  c  e"
    assert "<b>" not in without_code("```html\n<b>\n```\nafter")
    assert problems_of(tmp_path, changed("text: Goodbye", "text: '`<b>Goodbye</b>` you'")) == []
