"""Every type of question: what the file says stands in the question, and back."""

from decimal import Decimal
from pathlib import Path

import pytest

from app.content.quiz_file import read_quiz
from app.quiz.plain import from_plain, to_plain
from app.quiz.revision import revision
from app.quiz.types import (
    QUESTION_TYPES,
    Accepted,
    Code,
    Image,
    Item,
    KnownWrong,
    Number,
    Option,
    Pair,
    Question,
    Quiz,
    Stimulus,
)
from tests.content.all_types import ALL_TYPES, write_all_types


def quiz_of(root: Path, text: str = ALL_TYPES) -> Quiz:
    """The sample quiz, read."""
    quiz, problems, _ = read_quiz(write_all_types(root, text), root)
    assert quiz is not None, problems
    return quiz


def questions_of(root: Path, text: str = ALL_TYPES) -> dict[str, Question]:
    """Its questions by id."""
    return {question.id: question for question in quiz_of(root, text).questions}


def test_each_type_is_read(tmp_path: Path) -> None:
    """The sample has one question of each type and no mistake."""
    quiz, problems, _ = read_quiz(write_all_types(tmp_path), tmp_path)
    assert problems == ()
    assert quiz is not None
    assert tuple(question.type for question in quiz.questions) == QUESTION_TYPES
    assert (quiz.settings.confidence, quiz.pools, quiz.asked) == (True, {"warm": 1}, 8)


def test_what_belongs_to_every_type(tmp_path: Path) -> None:
    """Tries come from the settings, a stimulus is shared whole, a picture has its words."""
    asked = questions_of(tmp_path)
    log = Stimulus(
        "log", "The log of a receiver.", Code("text", "12:30 200\n"), Image("log.svg", "Two lines of a log")
    )
    assert asked["one"].stimulus == asked["several"].stimulus == log
    assert asked["which-word"].stimulus == Stimulus("short", "Just a sentence.")
    assert {question.tries for question in asked.values()} == {(1.0, 0.5)}
    assert asked["one"].choices[1].credit == 0.25
    assert (asked["several"].rescore, asked["several"].choices[3].void) == ("all", "drop")
    assert (asked["several"].allow_none, asked["several"].show_count) == (True, True)
    assert asked["think"].image == Image("log.svg", "")
    assert [question.id for question in asked.values() if not question.scored] == ["think"]


def test_what_only_one_type_has(tmp_path: Path) -> None:
    """Numbers have their bounds, orders their items, pairs their options, outputs their program."""
    asked = questions_of(tmp_path)
    assert asked["how-many"].number == Number(Decimal("114"), Decimal("126"), Decimal("120"))
    assert asked["how-many"].wrong[1] == KnownWrong("Too many.", Number(Decimal(200), Decimal(300)))
    assert asked["which-word"].accept == (Accepted("Hello"), Accepted("hi+", pattern=True))
    assert asked["which-word"].wrong[0] == KnownWrong("That is the last one.", text=Accepted("Goodbye"))
    assert asked["in-order"].items[0] == Item("greet", "Greet", "First.")
    assert asked["what-with-what"].pairs[2] == Pair("leaving", "Leaving", "goodbye")
    assert asked["what-with-what"].options == (
        Option("hello", "Hello"),
        Option("goodbye", "Goodbye"),
        Option("never-mind", "Never mind"),
    )
    assert (asked["what-prints"].code, asked["what-prints"].output) == (
        Code("python", 'print("Hello")\n'),
        "Hello\n",
    )
    assert asked["think"].points == ("Nobody was left out",)


def test_plain_data_loses_nothing(tmp_path: Path) -> None:
    """A question written as JSON data and read again is the same question."""
    for question in quiz_of(tmp_path).questions:
        assert from_plain(to_plain(question)) == question


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("credit: 0.25", "credit: 0.5", "one"),
        ("allow_none: true", "allow_none: false", "several"),
        ("void: drop", "void: accept", "several"),
        ("tolerance: 5%", "tolerance: 6", None),
        ("value: 120", "value: 121", "how-many"),
        ("      - Hello\n      - pattern", "      - Hallo\n      - pattern", "which-word"),
        (
            "      - {id: talk, text: Talk}\n      - {id: leave, text: Leave}",
            "      - {id: leave, text: Leave}\n      - {id: talk, text: Talk}",
            "in-order",
        ),
        ("match: Hello", "match: Never mind", "what-with-what"),
        ("    output: |\n      Hello", "    output: |\n      Hullo", "what-prints"),
        ('feedback: "Too many.', 'feedback: "Far too many.', None),
        ("model_answer: Everybody.", "model_answer: Nobody.", None),
    ],
)
def test_a_changed_key_changes_the_revision(tmp_path: Path, old: str, new: str, changed: str | None) -> None:
    """What decides about right and wrong makes a new revision of that question alone; all else makes none."""
    assert old in ALL_TYPES
    before = {each.id: revision(each).key for each in quiz_of(tmp_path).questions}
    text = ALL_TYPES.replace(old, new, 1).replace("distractors: ['Never mind']\n", "distractors: [Bye]\n")
    after = {each.id: revision(each).key for each in quiz_of(tmp_path, text).questions}
    assert [each for each in before if before[each] != after[each]] == ([changed] if changed else [])


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("text: Talk}", "text: Chat}", "in-order"),
        ("text: Coming", "text: Arriving", "what-with-what"),
        ("distractors: ['Never mind']", "distractors: [Bye]", "what-with-what"),
        ("alt: Two lines of a log", "alt: A log", "one several"),
        ("text: The log of a receiver.", "text: A log.", "one several"),
        ("unit: seconds", "unit: s", "how-many"),
        ('print("Hello")', "print('Hello')", "what-prints"),
    ],
)
def test_changed_words_change_the_revision(tmp_path: Path, old: str, new: str, changed: str) -> None:
    """What a learner reads before the answer makes a new revision of the words, and not of the key."""
    assert old in ALL_TYPES
    before = [revision(each) for each in quiz_of(tmp_path).questions]
    after = [revision(each) for each in quiz_of(tmp_path, ALL_TYPES.replace(old, new, 1)).questions]
    assert [each.key for each in before] == [each.key for each in after]
    ids = [each.id for each in quiz_of(tmp_path).questions]
    differing = [ids[at] for at in range(len(ids)) if before[at] != after[at]]
    assert " ".join(differing) == changed


ERRORS = [
    ("value: 120", "", "Q014", "one of the two"),
    ("tolerance: 5%", "tolerance: -5%", "Q014", "not negative"),
    ("tolerance: 5%", "tolerance: some", "Q020", "Write a number"),
    ("value: 2,", "value: 115,", "Q014", "lies among the right numbers"),
    ("{from: 200, to: 300}", "{from: 300, to: 200}", "Q014", "reversed"),
    ("value: 120", "value: NaN", "Q020", "Write a number"),
    ("pattern: hi+", "pattern: (hi+)+", "Q015", "Not understood from sign 6"),
    ("pattern: hi+", "pattern: .*.*.*", "Q015", "too many repetitions"),
    ("      - pattern: hi+", "      - ' hello '", "Q015", "stands here already"),
    ('text: Goodbye, feedback: "That', 'text: hello, feedback: "That', "Q015", "stands here already"),
    ("text: Talk}", "text: Greet}", "Q006", "Two items say the same"),
    ("id: talk,", "id: greet,", "Q005", "Two items have the id"),
    ("distractors: ['Never mind']", "distractors: [Hello]", "Q006", "offered already"),
    ("output: '\"Hello\"'", "output: Hello", "Q014", "is the right one"),
    ("language: python", "language: cobol", "Q027", "python or javascript"),
    ("    output: |\n      Hello\n", "", "Q003", "`output` is missing"),
    ("    output: |\n      Hello\n", '    output: " "\n', "Q003", "nothing can't be typed in"),
    ("    model_answer: Everybody.\n", "", "Q003", "`model_answer` is missing"),
    ("decorative: true", "alt: ''", "Q013", "A picture needs `alt`"),
    ("decorative: true", "alt: x, decorative: true", "Q013", "decorative picture has no words"),
    ("file: log.svg, d", "file: gone.svg, d", "Q013", "There is no picture gone.svg"),
    ("file: log.svg, d", "file: ../log.svg, d", "Q020", "beside this file"),
    ("pools: {warm: 1}", "pools: {warm: 3}", "Q012", "The pool has 2 questions"),
    ("confidence: optional", "choose: 8", "Q012", "The file has 7 questions outside pools"),
    ("pool: warm\n    stem", "pool: hot\n    stem", "Q011", "`hot` is not declared under `pools`"),
    ("tries: [1, 0.5]", "tries: [0.5, 1.5]", "Q020", "from 0 to 1"),
    ("rescore: all", "tries: [0.5, 1]", "Q028", "A later try"),
    ("    unit: seconds", "    choices: [x, y]", "Q002", "It belongs to single_choice"),
    ("    stem: A greeting", "    value: 3\n    stem: A greeting", "Q002", "It belongs to numeric"),
    ("credit: 0.25", "credit: 2", "Q020", "from 0 to 1"),
    ("void: drop", "credit: 0.5", "Q029", "single_choice"),
    ("type: reflect", "type: multiple_choice", "Q020", "`multi_select` where several may be"),
    ("type: reflect", "type: reflec", "Q020", "Did you mean reflect?"),
    ("  short: Just a sentence.", "  short: {}", "Q020", "in quotes"),
]


@pytest.mark.parametrize(
    ("old", "new", "code", "told"), ERRORS, ids=[row[1][:30] or row[0] for row in ERRORS]
)
def test_errors(tmp_path: Path, old: str, new: str, code: str, told: str) -> None:
    """Each mistake that only some types can have is told once, with its code and what to do."""
    assert old in ALL_TYPES
    quiz, problems, _ = read_quiz(write_all_types(tmp_path, ALL_TYPES.replace(old, new, 1)), tmp_path)
    assert quiz is None
    found = [problem for problem in problems if problem.level == "error"]
    assert [problem.code for problem in found] == [code], [str(problem) for problem in found]
    assert told in found[0].message


def test_the_shortest_question(tmp_path: Path) -> None:
    """A stem and its choices with the right one marked are enough; a wrong choice is its text alone."""
    text = """\
format: 1
quiz: {id: all-types, title: Short}
questions:
  - stem: Which word comes first?
    choices:
      - text: Hello
        correct: true
      - no
      - 12:30
"""
    (question,) = quiz_of(tmp_path, text).questions
    assert (question.id, question.type) == ("which-word-comes-first", "single_choice")
    assert [choice.text for choice in question.choices] == ["Hello", "no", "12:30"]


def test_two_marked_choices_are_no_other_type(tmp_path: Path) -> None:
    """Without a type a question is single_choice, however many choices are marked."""
    text = ALL_TYPES.replace("credit: 0.25", "correct: true", 1)
    _, problems, _ = read_quiz(write_all_types(tmp_path, text), tmp_path)
    assert [problem.code for problem in problems] == ["Q008"]
