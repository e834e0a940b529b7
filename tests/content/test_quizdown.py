"""quizdown becomes a quiz: bare, in shortcodes, in a whole page; what is lost is reported."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.content.quiz_file import read_quiz
from app.content.quizdown_import import Imported, import_quizdown
from app.quiz.types import Question

BARE = """\
---
primary_color: orange
shuffleQuestions: true
nQuestions: 3
passingGrade: 60
---

## The sound of **dog**

---
shuffle_answers: false
---

What do dogs sound like?

```python
# not a heading
print("- [x] no answer")
```

> Hint: Listen.

> And again.

- [ ] yes
- [ ] no
    > Why *not*?
- [ ] `self.sound = "meow"`
- [x] wuff &amp; waff
  > A good one.

> **Explanation:** Dogs say wuff,
> mostly.

## Select your superpower!

1. [ ] Levitation
1. [ ] Strength
1. [x] Shapeshifting
> **Explanation**: It is the best.

### Put the days in order!

1. Monday
2. Tuesday
3. Wednesday
   with a second line

#### Is it so?

1. [x] True
2. [ ] False
    > Explanation: It is.
"""

PAGE = f"""\
---
title: "A page"
date: 2020-01-01
---

# Hugo

Prose with a list.

1. One
2. Two

{{{{< quizdown >}}}}
{BARE}
{{{{< /quizdown >}}}}

## More prose

{{{{% quizdown %}}}}

### And one more?

1. [x] Yes
2. [ ] No
3. [ ] Perhaps

{{{{% /quizdown %}}}}
"""


def imported(root: Path, text: str) -> tuple[Imported, list[Question]]:
    """Import a text, and read what was written."""
    output = root / "new-quiz.yaml"
    output.unlink(missing_ok=True)
    done = import_quizdown(text, "old.md", output)
    quiz = read_quiz(output, root)[0] if output.exists() else None
    return done, list(quiz.questions) if quiz else []


def test_bare_quizdown(tmp_path: Path) -> None:
    """Types are told by their lists; hints, comments and explanations each stay what they are."""
    done, questions = imported(tmp_path, BARE)
    assert (done.errors, done.questions) == ((), 4)
    assert [question.type for question in questions] == [
        "multi_select",
        "single_choice",
        "ordering",
        "true_false",
    ]
    dog, power, days, so = questions
    assert dog.stem.startswith(
        "The sound of **dog**\n\nWhat do dogs sound like?\n\n```python\n# not a heading\n"
    )
    assert dog.hints == ("Listen.", "And again.")
    assert [choice.text for choice in dog.choices] == ["yes", "no", '`self.sound = "meow"`', "wuff & waff"]
    assert [choice.correct for choice in dog.choices] == [False, False, False, True]
    assert [choice.feedback for choice in dog.choices] == ["", "Why *not*?", "", "A good one."]
    assert dog.explanation == "Dogs say wuff,\nmostly."
    assert (dog.shuffle, power.shuffle) == (False, True)
    assert (power.explanation, power.choices[2].feedback, power.hints) == ("It is the best.", "", ())
    assert [item.text for item in days.items] == ["Monday", "Tuesday", "Wednesday\nwith a second line"]
    assert (so.explanation, so.choices[1].feedback) == ("It is.", "")


def test_what_is_said_of_the_whole(tmp_path: Path) -> None:
    """Options that mean the same are kept; what is not kept is reported with its line."""
    done, _ = imported(tmp_path, BARE)
    quiz = read_quiz(tmp_path / "new-quiz.yaml", tmp_path)[0]
    assert quiz is not None
    assert (quiz.id, quiz.title, quiz.pass_mark) == ("new-quiz", "New quiz", 60)
    assert (quiz.settings.choose, quiz.settings.shuffle_questions) == (3, True)
    assert [(each.line, each.message) for each in done.report] == [(2, "The option `primary_color: orange`.")]


def test_a_page_with_shortcodes(tmp_path: Path) -> None:
    """Only what stands in shortcodes is the quiz; title and lines are those of the page."""
    done, questions = imported(tmp_path, PAGE)
    quiz = read_quiz(tmp_path / "new-quiz.yaml", tmp_path)[0]
    assert quiz is not None
    assert quiz.title == "A page"
    assert [question.stem.split("\n")[0] for question in questions][3:] == ["Is it so?", "And one more?"]
    (lost,) = done.report
    assert PAGE.split("\n")[lost.line - 1] == "primary_color: orange"


def test_a_whole_page_without_shortcodes(tmp_path: Path) -> None:
    """The first heading is the title; a heading without answers is reported, and all else is asked."""
    text = "# Dogs\n\nAll about them.\n\n## First\n\n- [x] a\n- [ ] b\n- [x] c\n\n## Then\n\nJust prose.\n"
    done, questions = imported(tmp_path, text)
    quiz = read_quiz(tmp_path / "new-quiz.yaml", tmp_path)[0]
    assert quiz is not None
    assert (quiz.title, [question.stem for question in questions]) == ("Dogs", ["First"])
    assert [(each.line, each.message[:10]) for each in done.report] == [
        (3 - 2, "The text b"),
        (11, "`Then` has"),
    ]


@pytest.mark.parametrize(
    ("text", "explanation", "feedback", "hints"),
    [
        ("1. [x] a\n1. [ ] b\n\n> **Explanation:** E", "E", "", ()),
        ("1. [x] a\n1. [ ] b\n> **Explanation:** E", "E", "", ()),
        ("1. [x] a\n    > **Explanation:** E\n1. [ ] b", "E", "", ()),
        ("1. [x] a\n1. [ ] b\n    > F\n\n> **Explanation:** E", "E", "F", ()),
        ("1. [x] a\n1. [ ] b\n\n> F", "", "", ("F",)),
        ("1. [x] a\n1. [ ] b\n> F", "", "F", ()),
        ("> H\n\n1. [x] a\n1. [ ] b", "", "", ("H",)),
        ("> *Explanation:* E\n\n1. [x] a\n1. [ ] b", "E", "", ()),
    ],
)
def test_where_quotes_stand(
    tmp_path: Path, text: str, explanation: str, feedback: str, hints: tuple[str, ...]
) -> None:
    """An explanation is one wherever it stands; other quotes are comments within answers, else hints."""
    _, (question,) = imported(tmp_path, f"## Which?\n\n{text}\n")
    assert (question.explanation, question.choices[1].feedback, question.hints) == (
        explanation,
        feedback,
        hints,
    )


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("## A\n\n1. [x] a\n1. [x] b\n", 1, "A second choice is correct"),
        ("## A\n\n1. [x] a\n1. [ ] b\n\n## B\n\n- [ ] a\n- [ ] b\n", 6, "No choice is correct"),
        ("## A\n\n- [x] a\n- b\n", 4, "has no box"),
        ("## A\n\n1. [x] a\n1. [ ] a\n", 1, "say the same"),
        ("Nothing\n", 1, "No question stands here"),
        ("{{< quizdown >}}\n{{< /quizdown >}}\n", 1, "No question stands here"),
    ],
)
def test_nothing_half_is_written(tmp_path: Path, text: str, line: int, told: str) -> None:
    """A question that can't be asked is told at its line, and no file is made."""
    done, _ = imported(tmp_path, text)
    assert [(each.path, each.line) for each in done.errors] == [("old.md", line)]
    assert told in done.errors[0].message
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_kept(tmp_path: Path) -> None:
    """Pictures, HTML and unknown options are left out and reported; formulas stay as typed."""
    text = (
        "## Who?\n\n---\nlocale: de\n---\n\n![](a.png)<br>See <span>this</span>: $x^2$ and `<b>`.\n\n"
        "1. [x] <b>Me</b>\n1. [ ] You\n1. [ ] ![them](b.png) Them\n"
    )
    done, (question,) = imported(tmp_path, text)
    assert question.stem == "Who?\n\nSee this: $x^2$ and `<b>`."
    assert [choice.text for choice in question.choices] == ["**Me**", "You", "Them"]
    assert sorted((each.line, each.message[:12]) for each in done.report) == [
        (1, "A formula be"),
        (1, "The HTML </s"),
        (1, "The HTML <sp"),
        (1, "The picture "),
        (4, "The option `"),
        (11, "The picture "),
    ]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *BARE.split("\n"),
                "{{< quizdown >}}",
                "{{< /quizdown >}}",
                "```",
                "---",
                "- ",
                "1.",
                ">",
                "\t- [x]",
                "##",
            ]
        ),
        max_size=30,
    )
)
def test_no_page_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    """Whatever a page holds, it becomes a quiz without mistakes, or is refused at lines of its own."""
    done, questions = imported(tmp_path_factory.mktemp("q"), "\n".join(lines))
    assert bool(done.errors) != bool(questions)
    assert all(1 <= each.line <= max(1, len(lines)) for each in (*done.errors, *done.report))
