"""Lint of questions: a failing fixture for every code, and the same question without it."""

import re
from pathlib import Path

import pytest

from app.content.lint import lint
from app.content.loader import load_course
from app.content.quiz_across import alike
from app.content.quiz_history import Answered, history_problems
from app.quiz.revision import Revision, revision
from tests.content.all_types import ALL_TYPES, write_all_types
from tests.content.samples import QUIZ, write_lesson, write_quiz

ROOT = Path(__file__).parents[2]
HEAD, QUESTION = QUIZ.split("  - id: first-word\n")
QUESTION = "  - id: first-word\n" + QUESTION
GOODBYE = "      - id: goodbye\n        text: Goodbye\n        feedback: That is the last one.\n"
NOTHING = "      - id: nothing\n        text: Nothing at all\n        feedback: That is rude.\n"


def problems_of(root: Path, text: str) -> list[str]:
    """Lint a course that has the lesson and this quiz."""
    write_lesson(root)
    write_quiz(root, text)
    return [f"{each.code} {each.level} {each.message}" for each in lint(load_course([root]))]


def edited(*edits: str) -> str:
    """The sample quiz with texts replaced, two by two."""
    text = QUIZ
    for old, new in zip(edits[::2], edits[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def repeated(count: int, *edits: str, head: str = HEAD) -> str:
    """So many copies of the sample's question, each with a stem of its own."""
    question = edited(*edits).split("questions:\n")[1]
    copies = (
        question.replace("first-word", f"word-{at}").replace("Which word", f"Which word of {at} words")
        for at in range(count)
    )
    return head + "".join(copies)


TRUE_FALSE = edited(
    GOODBYE + NOTHING,
    "      - id: no\n        text: Goodbye\n        feedback: It is.\n",
    "    stem",
    "    type: true_false\n    stem",
)
MULTI = ("    stem", "    type: multi_select\n    stem")
LONG_KEY = ("text: Hello", "text: Hello, with a smile and an open hand")
UNSHUFFLED = HEAD.replace("questions:", "settings: {shuffle_choices: false}\nquestions:")

WARNINGS = {
    "W100": (edited("- id: first-word\n    stem:", "- stem:"), "`course ids`"),
    "W101": (edited("    explanation: A greeting comes first.\n", ""), "No explanation"),
    "W102": (edited("        feedback: That is rude.\n", ""), "without feedback"),
    "W103": (edited("text: Nothing at all", "text: None of the above\n        fixed: last"), "in full"),
    "W104": (edited(*LONG_KEY), "much longer"),
    "W105": (
        repeated(6, *LONG_KEY, "text: Nothing at all", "text: Nothing at all, just a long silence"),
        "longest",
    ),
    "W106": (repeated(4, head=UNSHUFFLED), "always choice 1"),
    "W107": (edited("comes first?", "is not first?"), "easily overread"),
    "W108": (edited("text: Goodbye", "text: Always goodbye"), "`Always` stands in wrong choices only"),
    "W109": (
        edited("Which word", "Which greeting", "text: Hello", "text: The greeting hello"),
        "`greeting` of the stem",
    ),
    "W110": (edited("Which word comes first?", "'A talk begins with a:'"), "`a` at the end"),
    "W111": (edited("comes first?", "comes first"), "no question or sentence"),
    "W112": (
        edited(
            "    stem",
            "    shuffle: false\n    stem",
            "text: Hello",
            "text: 2",
            "text: Goodbye",
            "text: 1",
            "text: Nothing at all",
            "text: 3",
        ),
        "Sort them",
    ),
    "W113": (edited(NOTHING, ""), "two are a coin"),
    "W114": (edited("text: Goodbye", "text: '`Goodbye`'"), "one form"),
    "W115": (QUIZ + QUESTION.replace("first-word", "again"), "same as `first-word`"),
    "W116": (
        TRUE_FALSE
        + "".join(
            TRUE_FALSE.split("questions:\n")[1]
            .replace("first-word", f"word-{at}")
            .replace("comes first", f"stands on place {at} of all words in this long text")
            for at in ("one", "some-other-place")
        ),
        "Turn some",
    ),
    "W117": (edited(*MULTI), "Only one choice"),
    "W118": (
        QUIZ
        + QUESTION.replace("first-word", "other")
        .replace("Which word comes first", "And then")
        .replace("    objectives: [politeness]\n", ""),
        "serves no objective",
    ),
    "W119": (
        edited("    explanation", "    hints:\n      - It is not hello.\n    explanation"),
        "holds the key",
    ),
    "W120": (edited("A greeting comes", "Option B is wrong. A greeting comes"), "no letters"),
    "W121": (edited("text: Goodbye", "text: Goodbye # and more"), "is a comment"),
    "W123": (edited("Which word", "Of " + "all the many " * 45 + "words, which word"), "120 words"),
    "W125": (edited("questions:", "stimulus: {talk: Hello.}\nquestions:"), "No question uses"),
    "W126": (edited(NOTHING, "      - {id: nothing, text: Nothing at all, feedback: Rude.}\n"), "comma"),
    "W127": (edited("text: Nothing at all", "text: Nothing\n         - at all"), "Align it"),
    "W190": (edited("    stem", "    lint: {ignore: [W104], because: x}\n    stem"), "W104 is not needed"),
}


@pytest.mark.parametrize("code", WARNINGS)
def test_warnings(tmp_path: Path, code: str) -> None:
    """Each weakness is told with its code and what to do, and nothing else is told."""
    text, told = WARNINGS[code]
    found = problems_of(tmp_path, text)
    mine = [each for each in found if each.startswith(f"{code} ")]
    assert mine, found
    assert told in mine[0]
    alongside = {"W115"} if code in ("W105", "W106", "W116") else set()  # many copies are alike, too
    assert {each[:4] for each in found} - {code} <= alongside, found


@pytest.mark.parametrize("code", sorted(set(WARNINGS) - {"W115", "W190", "W105", "W106", "W116", "W125"}))
def test_waivers(tmp_path: Path, code: str) -> None:
    """A question's warning is waived by its code with a reason."""
    text = WARNINGS[code][0]
    place = "\n    stem" if "\n    stem" in text else "- stem"
    waived = (
        text
        if code == "W118"
        else text.replace(place, f"\n    lint: {{ignore: [{code}], because: It has to be so.}}\n    stem", 1)
    )
    if code == "W118":
        waived = text.replace("    stem: And", f"    lint: {{ignore: [{code}], because: So.}}\n    stem: And")
    if place == "- stem":
        waived = text.replace(
            "    objectives: [pol", f"    lint: {{ignore: [{code}], because: So.}}\n    objectives: [pol"
        )
    assert [each for each in problems_of(tmp_path, waived) if each[:4] in (code, "W190")] == []


@pytest.mark.parametrize("code", ["W105", "W106", "W116", "W125"])
def test_waivers_of_a_file(tmp_path: Path, code: str) -> None:
    """What only the file shows is waived at its top; a waiver there that waives nothing is told."""
    waiver = f"lint:\n  ignore: [{code}]\n  because: It has to be so.\n"
    assert not [each for each in problems_of(tmp_path, waiver + WARNINGS[code][0]) if each[:4] == code]
    assert [each[:4] for each in problems_of(tmp_path, waiver + QUIZ)] == ["W190"]


def test_a_waived_likeness(tmp_path: Path) -> None:
    """Two stems that say the same are waived at the later one; where none is alike, that is told."""
    waiver = "    lint: {ignore: [W115], because: They differ.}\n    stem"
    again = QUESTION.replace("first-word", "again").replace("    stem", waiver)
    assert problems_of(tmp_path, QUIZ + again) == []
    assert [each[:4] for each in problems_of(tmp_path, edited("    stem", waiver))] == ["W190"]


def test_an_error_can_not_be_waived(tmp_path: Path) -> None:
    """What breaks a question stays an error, whatever `lint` says."""
    text = edited("text: Nothing at all", "text: None of the above").replace(
        "    stem", "    lint: {ignore: [W103], because: x}\n    stem"
    )
    assert [each[:10] for each in problems_of(tmp_path, text)] == ["W190 warni", "W103 error"]


def test_likeness_is_of_words() -> None:
    """Stems are alike that share four words of five; short ones and others are not."""
    one = "What does a receiver do when the same event arrives twice?"
    stems = {
        "a": one,
        "b": one.replace("twice", "again"),
        "c": "What happens then?",
        "d": "What happens then?",
    }
    assert list(alike(stems)) == [("b", "a")]
    assert list(alike({**stems, "b": "Why does a sender repeat an event that it has sent before?"})) == []


def test_keys_in_one_place_by_chance(tmp_path: Path) -> None:
    """Twelve keys that mostly stand first are told; spread ones are not."""
    skewed = repeated(12, head=UNSHUFFLED).replace("lesson: greeting}", "lesson: greeting}")
    lines = skewed.split("  - id: word-")
    for at in (3, 7):  # two of twelve stand second
        hello, rest = lines[at].split("      - id: hello\n", 1)[0], lines[at]
        block = rest[rest.index("      - id: hello") : rest.index("      - id: goodbye")]
        lines[at] = rest.replace(block, "").replace("      - id: nothing", block + "      - id: nothing")
        assert hello
    found = problems_of(tmp_path, "  - id: word-".join(lines))
    assert any(each.startswith("W106 warning The key is choice 1 in 10 of 12") for each in found), found


def test_used_again_for_another_question(tmp_path: Path) -> None:
    """An id that was answered as another type, and a question that lost its id, are told at the question."""
    write_all_types(tmp_path)
    course = load_course([tmp_path])
    questions = {each.id: each for each in course.quizzes[0].questions}
    mine = revision(questions["how-many"])
    answered = [
        Answered("one", "numeric", Revision("k", "t")),
        Answered("minutes", "numeric", mine),
        Answered("gone", "numeric", Revision("k", "t")),
        Answered("several", "multi_select", revision(questions["several"])),
    ]
    told = [str(each) for each in history_problems(course, answered)]
    assert len(told) == 2
    assert "Q017 `one` was answered as numeric and is single_choice now." in told[0]
    assert "Q017 This was answered as `minutes`." in told[1]
    line = int(told[1].split(":")[1])
    assert ALL_TYPES.split("\n")[line - 1] == "  - id: how-many"


def test_every_code_has_a_fixture() -> None:
    """No rule is without a test that makes it speak."""
    sources = [
        *(ROOT / "app/content").glob("quiz_*.py"),
        ROOT / "app/content/lint.py",
        ROOT / "app/content/loader.py",
    ]
    codes = {
        code for file in sources for code in re.findall(r'"([QW]\d{3})"', file.read_text(encoding="utf-8"))
    }
    tests = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    assert {code for code in codes if not re.search(rf"\b{code}\b", tests)} == set()
    warnings = {f"W{number}" for number in (*range(100, 122), 123, 125, 126, 127, 190)}
    assert {code for code in codes if code.startswith("W")} == warnings == set(WARNINGS)
