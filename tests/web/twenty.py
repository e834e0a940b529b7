"""Twenty questions of all types, in which every word that nobody may see before the answer is marked."""

import textwrap
from pathlib import Path

from tests.cli.tiny_course import write_course

QUIZ_ID = "twenty"
SECRET = "ZQX"  # stands in every id, feedback, explanation and key of the file below, and nowhere else
HINT = "HQX"  # stands in every hint

HEAD = """\
format: 1
quiz: {id: twenty, title: One of each and more, lesson: basics, order: 2, pass_mark: 50}
objectives: {politeness: Be polite}
settings: {shuffle_questions: false}
stimulus:
  log:
    text: The log of a receiver.
    code:
      language: text
      text: |
        12:30 POST /hook 200
    image: {file: zqx-log.svg, alt: Two lines of a log}
questions:
"""

SINGLE = """\
- id: zqx-single-{n}
  stem: Which greeting number {n} comes first?
  {more}
  choices:
    - {{id: zqx-right, text: Hello {n}, correct: true, feedback: "ZQX yes."}}
    - {{id: zqx-late, text: Goodbye {n}, feedback: "ZQX the last one."}}
    - id: zqx-picture
      text: A wave {n}
      image: {{file: zqx-right.svg, alt: A waving hand}}
      feedback: ZQX no word at all.
  hints: [HQX think of a door, HQX it has five letters]
  explanation: ZQX a greeting comes first.
  lesson: basics#in-code
"""

MULTI = """\
- id: zqx-multi-{n}
  type: multi_select
  stem: What is polite, part {n}?
  choices:
    - {{id: zqx-hello, text: Hello to {n}, correct: true, feedback: "ZQX it is."}}
    - {{id: zqx-thanks, text: Thanks to {n}, correct: true, feedback: "ZQX it is, too."}}
    - {{id: zqx-noise, text: Noise at {n}, feedback: "ZQX it is not."}}
  explanation: ZQX words are.
"""

TRUE_FALSE = """\
- id: zqx-statement-{n}
  type: true_false
  stem: Greeting {n} comes before all else.
  choices:
    - {{id: zqx-holds, text: "True", correct: true, feedback: "ZQX yes."}}
    - {{id: zqx-not, text: "False", feedback: "ZQX it does."}}
  explanation: ZQX before all else.
"""

NUMERIC = """\
- id: zqx-number-{n}
  type: numeric
  stem: How many seconds are {n} and a half thousand minutes?
  value: 734{n}1  # the key, without the mark
  tolerance: 13
  unit: seconds
  wrong:
    - {{value: 2, feedback: "ZQX those are minutes."}}
  explanation: ZQX a minute has some.
"""

SHORT = """\
- id: zqx-word-{n}
  type: short_text
  uses: log
  stem: Which word greets in line {n}?
  accept: [zqxhello, zqxhi]
  wrong:
    - {{text: goodbye, feedback: "ZQX that is the last one."}}
  explanation: ZQX the first does.
"""

ORDERING = """\
- id: zqx-order-{n}
  type: ordering
  stem: How does talk {n} go?
  items:
    - {{id: zqx-1, text: Greet in {n}, feedback: "ZQX first."}}
    - {{id: zqx-2, text: Talk in {n}}}
    - {{id: zqx-3, text: Leave in {n}}}
    - {{id: zqx-4, text: Forget {n}}}
  explanation: ZQX as always.
"""

MATCHING = """\
- id: zqx-match-{n}
  type: matching
  stem: When is which word of {n} said?
  pairs:
    - {{id: zqx-coming, text: Coming to {n}, match: A word of welcome, feedback: "ZQX always."}}
    - {{id: zqx-going, text: Going from {n}, match: A word of parting}}
  distractors: ['No word']
  explanation: ZQX as always.
"""

PREDICT = """\
- id: zqx-output-{n}
  type: predict_output
  stem: What does program {n} print?
  code:
    language: python
    text: |
      print("zq" + "x", {n})
  output: |
    zqx {n}
  wrong:
    - {{output: 'zq x', feedback: "ZQX nothing comes between."}}
  explanation: ZQX they are joined.
"""

REFLECT = """\
- id: zqx-think-{n}
  type: reflect
  stem: Whom did you greet on day {n}?
  model_answer: ZQX everybody.
  points: [ZQX nobody was left out]
  explanation: ZQX it helps.
"""

OTHERS = (MULTI, TRUE_FALSE, NUMERIC, SHORT, ORDERING, MATCHING, PREDICT, REFLECT)
SINGLES = (
    "uses: log",
    "tries: [1, 0.5]",
    "image: {file: zqx-log.svg, alt: Two lines of a log}",
    "difficulty: easy",
)
PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="160" height="60">
<path d="M8 30h130m-9-9 9 9-9 9" fill="none" stroke="#0b5a5e" stroke-width="3"/>
</svg>
"""


def twenty() -> str:
    """Return the file's text."""
    questions = [SINGLE.format(n=number, more=more) for number, more in enumerate(SINGLES, 1)]
    questions += [text.format(n=number) for text in OTHERS for number in (5, 6)]
    return HEAD + textwrap.indent("".join(questions), "  ")


def write_twenty(folder: Path, text: str | None = None) -> Path:
    """Write the tiny course with this quiz, its pictures, and a lesson that asks two of its questions."""
    write_course(folder)
    (folder / "quizzes/twenty.yaml").write_text(text or twenty(), encoding="utf-8")
    for name in ("zqx-log", "zqx-right"):
        (folder / f"quizzes/{name}.svg").write_text(PICTURE, encoding="utf-8")
    lesson = folder / "lessons/01-basics.md"
    asked = "".join(f"\n```question\n{name}\n```\n" for name in ("zqx-single-1", "zqx-order-5"))
    lesson.write_text(lesson.read_text(encoding="utf-8") + asked, encoding="utf-8")
    return folder
