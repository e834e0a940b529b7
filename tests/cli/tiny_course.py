"""A course of one lesson, one exercise and one quiz, small enough to read whole."""

import shutil
from pathlib import Path

LESSON = """\
---
id: basics
title: The basics
summary: What a delivery is.
minutes: 5
objectives:
  - Say what a delivery is
sources:
  - {title: HTTP Semantics, url: "https://www.rfc-editor.org/rfc/rfc9110", read: 2026-11-20}
---
A delivery is one request. Then do [the exercise](/exercises/greet).

## In code {#in-code}

=== "Python"

    ```python
    print("from Python")
    ```

=== "JavaScript"

    ```javascript
    console.log("from JavaScript")
    ```

```mermaid
sequenceDiagram
  accTitle: One delivery
  accDescr: The provider calls the receiver.
  participant P as Provider
  participant R as Receiver
  P->>R: POST /webhook
  R-->>P: 204
```

## The end {#the-end}

That is all.
"""

MANIFEST = """\
id: greet
title: Say hello
lesson: basics
kind: server
minutes: 5
languages:
  python: {main: receiver.py, run: [python, receiver.py]}
env: {}
tasks: [Answer a delivery, Print it]
checks:
  - {id: answers, title: A delivery is answered with 2xx, task: 1}
  - {id: prints-id, title: The event's id is printed, task: 2}
hints:
  - First hint.
  - Second hint with `code`.
"""

PROGRAM = """\
import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        {print_it}
        self.send_response({status})
        self.end_headers()

    def log_message(self, *words):
        pass


HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Receiver).serve_forever()
"""

SOLUTION = PROGRAM.format(print_it='print(event["id"], flush=True)', status=204)
STARTER = PROGRAM.format(print_it="pass  # TODO", status=500)
HOSTILE = PROGRAM.format(
    print_it=r'print("\x1b[2J\x1b]0;owned\x07[red]hi[/red] \u202e \x9b31m", flush=True)', status=500
)

SUITE = '''\
def test_answers(program, provider, expect):
    """A delivery is answered with 2xx."""
    answer = provider.send(provider.event())
    expect.accepted(answer, "A delivery has to be answered with 2xx.", "Look at the status.")


def test_prints_id(program, provider, expect):
    """The id is printed."""
    event = provider.event()
    provider.send(event)
    found = program.wait_for_line(event.id, timeout=0.3)
    expect.that(found is not None, "The id has to be printed.", event.id, program.printed() or "nothing")
'''

MUTANTS = """\
- id: silent
  story: answers and prints nothing
  edits:
    - find: print(event["id"], flush=True)
      put: pass
  fails: [prints-id]
"""

QUIZ = """\
format: 1
quiz: {id: basics-quiz, title: Basics, lesson: basics, pass_mark: 50}
objectives: {delivery: Say what a delivery is}
settings: {shuffle_questions: false, shuffle_choices: false}
questions:
  - id: what-is-it
    stem: What is a **delivery**?
    choices:
      - id: request
        text: One request
        correct: true
        feedback: Yes, one attempt to tell you.
      - id: file
        text: A file
        feedback: Nothing is stored anywhere.
      - id: table
        text: A table
        feedback: There is no database in it.
    hints:
      - Think of HTTP.
    explanation: A delivery is one attempt, and so one request.
    objectives: [delivery]
    lesson: basics#in-code
    difficulty: easy
  - id: which-status
    type: multi_select
    stem: Which answers accept a delivery?
    choices:
      - id: ok
        text: The status 200
        correct: true
        feedback: It is one of them.
      - id: no-content
        text: The status 204
        correct: true
        feedback: It is one of them, too.
      - id: error
        text: The status 500
        feedback: The provider will send it again.
      - id: not-found
        text: The status 404
        feedback: It says that nothing is there.
    explanation: Every status from 200 to 299 accepts.
    objectives: [delivery]
    difficulty: easy
"""

FILES = {
    "lessons/01-basics.md": LESSON,
    "exercises/01-greet/exercise.yaml": MANIFEST,
    "exercises/01-greet/README.md": "Answer `POST /webhook` and print the id.\n",
    "exercises/01-greet/DESIGN.md": "Teaches nothing.\n",
    "exercises/01-greet/starter/python/receiver.py": STARTER,
    "exercises/01-greet/solution/python/receiver.py": SOLUTION,
    "exercises/01-greet/checks/test_greet.py": SUITE,
    "exercises/01-greet/mutants/python.yaml": MUTANTS,
    "quizzes/basics-quiz.yaml": QUIZ,
}


def write_course(folder: Path) -> Path:
    """Write the files of the course into a folder."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def write_chain(folder: Path) -> Path:
    """Write the course with a second exercise, greet-again, that begins from the first one."""
    first = write_course(folder) / "exercises" / "01-greet"
    second = folder / "exercises" / "02-greet-again"
    shutil.copytree(first, second)
    manifest = MANIFEST.replace("id: greet", "id: greet-again").replace("Say hello", "Say hello again")
    manifest = manifest.replace("kind: server", "kind: server\nstarts_from: greet")
    (second / "exercise.yaml").write_text(manifest, encoding="utf-8")
    return folder


def write_javascript(folder: Path) -> Path:
    """Write the course with its exercise in JavaScript as well."""
    exercise = write_course(folder) / "exercises" / "01-greet"
    manifest = exercise / "exercise.yaml"
    python = "  python: {main: receiver.py, run: [python, receiver.py]}\n"
    also = "  javascript: {main: receiver.mjs, run: [node, receiver.mjs]}\n"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(python, python + also), encoding="utf-8")
    for kind in ("starter", "solution"):
        path = exercise / kind / "javascript" / "receiver.mjs"
        path.parent.mkdir(parents=True)
        path.write_text(f"// {kind}\n", encoding="utf-8")
    return folder
