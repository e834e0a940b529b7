"""Questions of each type for tests of the terminal, and how they are taken."""

import re

from click.testing import Result

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
