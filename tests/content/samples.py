"""A tiny course, written into a folder, so that these tests do not depend on the real content."""

from pathlib import Path

LESSON = """\
---
id: greeting
title: A greeting
summary: How to say hello.
minutes: 5
objectives:
  - Say hello
sources:
  - {title: A page, url: "https://example.org/page", read: 2026-01-31}
---
Hello.

## How {#how}

With a word.
"""

MANIFEST = """\
id: say-hello
title: Say hello
lesson: greeting
kind: server
minutes: 5
languages:
  python: {main: receiver.py, run: [python, receiver.py]}
env: {WEBHOOK_SECRET: fresh}
provider: {scheme: github}
tasks:
  - Greet
checks:
  - {id: says-hello, title: It says hello, task: 1, hint: 1}
  - {id: says-it-once, title: It says hello once, task: 1}
hints:
  - Use print.
"""

MUTANTS = """\
- id: silent
  story: It says nothing.
  edits:
    - find: print("hello")
      put: pass
  fails: [says-hello]
  may: [says-it-once]
"""

SUITE = '''\
def test_says_hello(program, provider, expect):
    """Hello."""


def test_says_it_once(program, provider, expect):
    """Once."""
'''

QUIZ = """\
format: 1
quiz: {id: hello-quiz, title: Hello, lesson: greeting}
objectives: {politeness: Be polite}
questions:
  - id: first-word
    stem: Which word comes first?
    choices:
      - id: hello
        text: Hello
        correct: true
        feedback: Yes.
      - id: goodbye
        text: Goodbye
        feedback: That is the last one.
      - id: nothing
        text: Nothing at all
        feedback: That is rude.
    explanation: A greeting comes first.
    objectives: [politeness]
    lesson: greeting#how
"""


def write_lesson(root: Path, text: str = LESSON, name: str = "01-greeting.md") -> Path:
    """Write a lesson."""
    return write(root / "lessons" / name, text)


def write_quiz(root: Path, text: str = QUIZ, name: str = "hello-quiz.yaml") -> Path:
    """Write a quiz."""
    return write(root / "quizzes" / name, text)


def write_exercise(
    root: Path, manifest: str = MANIFEST, mutants: str = MUTANTS, folder: str = "01-say-hello"
) -> Path:
    """Write a whole exercise folder."""
    home = root / "exercises" / folder
    write(home / "exercise.yaml", manifest)
    write(home / "README.md", "# Say hello\n\nSay it.\n")
    write(home / "DESIGN.md", "Teaches hello.\n")
    write(home / "starter/python/receiver.py", "pass\n")
    write(home / "solution/python/receiver.py", 'print("hello")\n')
    write(home / "checks/test_hello.py", SUITE)
    write(home / "mutants/python.yaml", mutants)
    return home


def write_course(root: Path) -> Path:
    """Write a lesson, an exercise and a quiz without a mistake."""
    write_lesson(root)
    write_exercise(root)
    write_quiz(root)
    return root


def write(file: Path, text: str) -> Path:
    """Write a file and the folders above it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file
