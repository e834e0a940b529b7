"""One question of each type, with everything that a quiz file can say."""

from pathlib import Path

from tests.content.samples import write, write_lesson, write_quiz

ALL_TYPES = """\
# yaml-language-server: $schema=quiz.schema.json
format: 1
quiz: {id: all-types, title: One of each, lesson: greeting, order: 2, pass_mark: 60}
objectives: {politeness: Be polite}
settings: {scoring: balanced, tries: [1, 0.5], confidence: optional}
stimulus:
  log:
    text: The log of a receiver.
    code:
      language: text
      text: |
        12:30 200
    image: {file: log.svg, alt: Two lines of a log}
  short: Just a sentence.
pools: {warm: 1}
questions:
  - id: one
    uses: log
    pool: warm
    stem: Which status did the receiver answer with?
    choices:
      - id: two-hundred
        text: 200
        correct: true
        feedback: Yes.
      - id: half-past
        text: 12:30
        credit: 0.25
        feedback: That is the time.
      - id: neither
        text: Neither of these
        fixed: last
        feedback: It is there.
    hints:
      - Read the line from its end.
    explanation: The status stands behind the time.
    objectives: [politeness]
    lesson: greeting#how
    lint: {ignore: [W103], because: It stays at the end.}
  - id: several
    uses: log
    pool: warm
    type: multi_select
    stem: What is polite?
    scoring: all_or_nothing
    show_count: true
    allow_none: true
    shuffle: false
    choices:
      - {id: hello, text: Hello, correct: true, feedback: "It is."}
      - {id: thanks, text: Thanks, correct: true, feedback: "It is."}
      - {id: silence, text: Silence, feedback: "It is not."}
      - {id: noise, text: Noise, void: drop, feedback: "It depends."}
    explanation: Words are.
    objectives: [politeness]
    rescore: all
  - id: statement
    type: true_false
    stem: A greeting comes first.
    choices:
      - {id: holds, text: "True", correct: true, feedback: Yes.}
      - {id: does-not, text: "False", feedback: "It does."}
    explanation: Before all else.
    objectives: [politeness]
  - id: how-many
    type: numeric
    stem: How many seconds are two minutes?
    value: 120
    tolerance: 5%
    unit: seconds
    wrong:
      - {value: 2, feedback: "Those are minutes."}
      - {range: {from: 200, to: 300}, feedback: "Too many."}
    explanation: A minute has 60.
    objectives: [politeness]
  - id: which-word
    type: short_text
    uses: short
    stem: Which word greets?
    accept:
      - Hello
      - pattern: hi+
    wrong:
      - {text: Goodbye, feedback: "That is the last one."}
      - {pattern: "b.e", feedback: "So is that."}
    explanation: Hello does.
    objectives: [politeness]
  - id: in-order
    type: ordering
    stem: How does a talk go?
    items:
      - {id: greet, text: Greet, feedback: First.}
      - {id: talk, text: Talk}
      - {id: leave, text: Leave}
    explanation: As always.
    objectives: [politeness]
  - id: what-with-what
    type: matching
    stem: When is which word said?
    pairs:
      - {id: coming, text: Coming, match: Hello, feedback: Always.}
      - {id: going, text: Going, match: Goodbye}
      - {id: leaving, text: Leaving, match: Goodbye}
    distractors: ['Never mind']
    explanation: As always.
    objectives: [politeness]
  - id: what-prints
    type: predict_output
    stem: What does this print?
    code:
      language: python
      text: |
        print("Hello")
    output: |
      Hello
    wrong:
      - {output: '"Hello"', feedback: "Quotes are not printed."}
    explanation: Without the quotes.
    objectives: [politeness]
  - id: think
    type: reflect
    stem: Whom did you greet today?
    image: {file: log.svg, decorative: true}
    model_answer: Everybody.
    points: ["Nobody was left out"]
    explanation: It helps.
    objectives: [politeness]
"""


def write_all_types(root: Path, text: str = ALL_TYPES) -> Path:
    """Write the quiz, its picture and its lesson."""
    write_lesson(root)
    write(root / "quizzes/log.svg", "<svg xmlns='http://www.w3.org/2000/svg'></svg>")
    return write_quiz(root, text, "all-types.yaml")
