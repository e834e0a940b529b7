"""Lint: what only the whole course shows."""

from pathlib import Path

import pytest

from app.content.diagrams import Diagram, diagrams, diagrams_of_quiz, stamp
from app.content.lint import lint
from app.content.loader import load_course
from app.content.markdown import render
from tests.content.samples import (
    LESSON,
    MANIFEST,
    QUIZ,
    SUITE,
    write,
    write_course,
    write_exercise,
    write_lesson,
    write_quiz,
)

DIAGRAM = """
```mermaid
sequenceDiagram
  accTitle: A greeting
  accDescr: A greets B.
  A->>B: Hello
```
"""


def problems_of(root: Path) -> list[str]:
    """Lint a folder and give the problems as text."""
    return [str(problem) for problem in lint(load_course([root]))]


def test_a_clean_course(tmp_path: Path) -> None:
    """A course without a mistake has no problem."""
    assert problems_of(write_course(tmp_path)) == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("[x](/lessons/greting)", "12:1 L007 There is no page /lessons/greting. Did you mean greeting?"),
        ("see [x](/lessons/greeting#why)", "12:5 L007 greeting has no section #why."),
        ("[x](#why)", "12:1 L007 greeting has no section #why."),
        ("[x](/exercises/nothing)", "12:1 L007 There is no page /exercises/nothing."),
        ("[x](/progress)", "12:1 L007 There is no page /progress. Link to"),
        ("![x](picture.png)", "12:1 L008 Texts have no pictures"),
        ("[x](javascript:alert(1))", "12:1 L016 A link to 'javascript:alert(1' is dropped."),
        ("# Title", "12:1 L013 The title is the only heading of level 1."),
        ("a <b>c</b>", "12:3 L015 HTML is not used"),
        ("## How {#how}", "11:1 L014 Two headings make the section #how."),
        ("```output\nx\n```", "12:1 L012 Output of nothing"),
        ("see [x](http://example.org/page)", "12:5 L018 A link to the web begins with https://"),
        ("[x](https://example.org/other)", "12:1 L019 https://example.org/other stands in no list."),
        ("see <https://example.org/other>", "12:5 L019 https://example.org/other stands in no list."),
        ("[x]: https://example.org/other", "12:1 L019 https://example.org/other stands in no list."),
        ("```console run\nx\n```", "12:1 L021 Only python, javascript and bash can be run."),
        ("```python run\nx\n```", "12:1 L022 It is run, but what it prints is not shown."),
        (
            "```question\nfirst-wort\n```",
            "13:1 L023 There is no question 'first-wort'. Did you mean first-word?",
        ),
        (
            "```question\nfirst-word\n```\n\n```question\nfirst-word\n```",
            "17:1 L024 The question `first-word`",
        ),
        ("```\nx\n```", "12:1 L103 A fence without a language."),
        (DIAGRAM, "13:1 L101 The picture is missing. Run `course draw greeting`."),
        (DIAGRAM.replace("  accDescr: A greets B.\n", ""), "13:1 L009 A diagram needs its words"),
        ("```mermaid\nflowchart LR\n  accTitle: x\n  accDescr: y\n  A-->B\n```", "12:1 L011 Only sequence"),
    ],
)
def test_mistakes_in_lessons(tmp_path: Path, body: str, told: str) -> None:
    """Each mistake in a lesson's text is told at its line of the file."""
    write_course(tmp_path)
    text = LESSON.replace("Hello.\n", f"Hello.\n{body}\n")
    assert text.split("\n")[11] == body.split("\n")[0]
    write_lesson(tmp_path, text)
    found = problems_of(tmp_path)
    assert any(f"lessons/01-greeting.md:{told}" in problem for problem in found), found


def test_links_that_hold(tmp_path: Path) -> None:
    """Links to pages and sections of the course, to the web and within code are fine."""
    write_course(tmp_path)
    links = "[a](#how) [b](/lessons/greeting#how) [c](/exercises/say-hello) [d](/quizzes/hello-quiz)"
    web = "[e](https://example.org/page#part) <https://example.org/page> [g](mailto:a@example.org)"
    write_lesson(tmp_path, LESSON + f"{links} {web} `[f](/lessons/gone) <b>`\n")
    assert problems_of(tmp_path) == []


def test_a_question_has_a_diagram(tmp_path: Path) -> None:
    """A diagram in a stem needs words and a picture as one in a lesson does, wherever the question stands."""
    fence = DIAGRAM.strip().replace("\n", "\n      ")
    text = QUIZ.replace("stem: Which word comes first?", f"stem: |\n      {fence}\n\n      Who speaks?")
    quiz_file = write_quiz(tmp_path, text)
    write_lesson(tmp_path)
    missing = "quizzes/hello-quiz.yaml:5:9 L101 The picture is missing. Run `course draw hello-quiz`."
    assert problems_of(tmp_path) == [missing]
    quiz = load_course([tmp_path]).quiz("hello-quiz")
    (diagram,) = diagrams_of_quiz(quiz)
    diagram.path.write_text(f'<svg data-stamp="{stamp(diagram.source)}"></svg>')
    assert problems_of(tmp_path) == []
    quiz_file.write_text(text.replace("accDescr: A greets B.", "accTitle: x"), encoding="utf-8")
    assert [each.split()[1] for each in problems_of(tmp_path)] == ["L104", "L009", "L101"]


def test_a_diagram_that_is_seen_too_early(tmp_path: Path) -> None:
    """Whoever knows its address can see a picture, so none stands in what is told after the answer."""
    write_course(tmp_path)
    fence = DIAGRAM.strip().replace("\n", "\n      ")
    explained = QUIZ.replace("explanation: A greeting comes first.", f"explanation: |\n      {fence}\n")
    write_quiz(tmp_path, explained)
    assert [each.split()[1] for each in problems_of(tmp_path)] == ["Q031"]


def test_a_lesson_asks_a_question_of_a_quiz(tmp_path: Path) -> None:
    """A fence that names a question of any quiz is fine, and leaves a place that only it can leave."""
    write_course(tmp_path)
    write_lesson(tmp_path, LESSON + "\n```question\nfirst-word\n```\n")
    assert problems_of(tmp_path) == []
    place = '<div class="question-place" data-name="first-word"></div>'
    assert place in render("```question\nfirst-word\n```\n").html
    assert place not in render(f"{place}\n\n```html\n{place}\n```\n").html


def test_a_picture_goes_stale(tmp_path: Path) -> None:
    """A picture is current as long as its stamp is that of the source."""
    write_course(tmp_path)
    write_lesson(tmp_path, LESSON + DIAGRAM)
    diagram = _only_diagram(tmp_path)
    write(diagram.path, f'<svg data-stamp="{stamp(diagram.source)}" width="10" height="20"></svg>')
    assert problems_of(tmp_path) == []
    write_lesson(tmp_path, LESSON + DIAGRAM.replace("Hello", "Hi"))
    assert [problem.split(" ")[1] for problem in problems_of(tmp_path)] == ["L102"]


def _only_diagram(root: Path) -> Diagram:
    (diagram,) = diagrams(load_course([root]).lesson("greeting"))
    return diagram


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "lesson: greeting",
            "lesson: greting",
            "exercise.yaml:3:1 E013 There is no lesson",
        ),
        ("kind:", "starts_from: gone\nkind:", "exercise.yaml:4:1 E014 There is no exercise 'gone'."),
        ("kind:", "starts_from: say-hello\nkind:", "E014 The chain goes round: say-hello -> say-hello."),
        ("id: says-it-once", "id: says-it-twice", "exercise.yaml:14:1 E015 checks/ has no function"),
        ("id: says-it-once", "id: says-it-twice", "E016 test_says_it_once is no declared check."),
        ("hints:\n  - Use print.\n", "", "E101 No hints."),
    ],
)
def test_mistakes_between_exercises(tmp_path: Path, old: str, new: str, told: str) -> None:
    """What an exercise says about others, and about its suite, must hold."""
    write_course(tmp_path)
    manifest = MANIFEST.replace(old, new)
    if "E101" in told:
        manifest = manifest.replace(", hint: 1", "")
    write_exercise(tmp_path, manifest, "[]" if "E01" in told else "")
    if "E01" not in told:
        (tmp_path / "exercises/01-say-hello/mutants/python.yaml").unlink()
    found = problems_of(tmp_path)
    assert any(told in problem for problem in found), found


def write_second(root: Path, *changes: tuple[str, str], lesson: str = LESSON) -> None:
    """Write a second lesson, and an exercise in it that begins from the first one."""
    text = lesson.replace("id: greeting", "id: farewell")
    write_lesson(root, text, "02-farewell.md")
    manifest = MANIFEST.replace("id: say-hello", "id: say-goodbye\nstarts_from: say-hello", 1)
    manifest = manifest.replace("lesson: greeting", "lesson: farewell")
    for old, new in changes:
        assert old in manifest
        manifest = manifest.replace(old, new)
    write_exercise(root, manifest, folder="02-say-goodbye")


CORE = LESSON.replace("minutes: 5", "minutes: 5\ncore: true")


def test_a_chain_that_holds(tmp_path: Path) -> None:
    """An exercise may begin from one of an earlier lesson, or from an earlier one of the same lesson."""
    write_course(tmp_path)
    write_second(tmp_path)
    assert problems_of(tmp_path) == []
    write_second(tmp_path, ("lesson: farewell", "lesson: greeting"))
    assert problems_of(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: server", "kind: command", "`kind` is server there"),
        ("scheme: github", "scheme: github, path: /other", "`path` is /webhook there"),
        (
            "env: {WEBHOOK_SECRET: fresh}\nprovider: {scheme: github}",
            "env: {OTHER: fresh}",
            "`env` has WEBHOOK_SECRET there",
        ),
    ],
)
def test_what_is_carried_over_still_runs(tmp_path: Path, old: str, new: str, told: str) -> None:
    """Exercises on one chain keep their kind, path, main file and variables."""
    write_course(tmp_path)
    write_second(tmp_path, (old, new))
    (problem,) = problems_of(tmp_path)
    assert "02-say-goodbye/exercise.yaml:2:1 E023 A program carried over from `say-hello`" in problem
    assert told in problem


def test_the_main_file_keeps_its_name(tmp_path: Path) -> None:
    """A program carried over is started by the name that it had."""
    write_course(tmp_path)
    write_second(tmp_path, ("receiver.py", "other.py"))
    home = tmp_path / "exercises/02-say-goodbye"
    for kind in ("starter", "solution"):
        (home / kind / "python/receiver.py").rename(home / kind / "python/other.py")
    assert any("E023" in each and "`main` of python is receiver.py" in each for each in problems_of(tmp_path))


def test_nothing_needs_what_a_later_lesson_explains(tmp_path: Path) -> None:
    """An exercise begins from an earlier one, and on the core path from one of the core path."""
    write_course(tmp_path)
    write_exercise(tmp_path, MANIFEST.replace("kind:", "starts_from: say-goodbye\nkind:"))
    write_second(tmp_path, ("starts_from: say-hello\n", ""))
    assert "01-say-hello/exercise.yaml:4:1 E021 It begins from `say-goodbye`" in problems_of(tmp_path)[0]
    write_exercise(tmp_path)
    write_second(tmp_path, lesson=CORE)
    assert "02-say-goodbye/exercise.yaml:2:1 E022 On the core path nobody" in problems_of(tmp_path)[0]
    write_lesson(tmp_path, CORE)
    assert problems_of(tmp_path) == []
    write_exercise(tmp_path, MANIFEST.replace("kind:", "optional: true\nkind:"))
    assert "E022" in problems_of(tmp_path)[0]


def test_an_exercise_without_wrong_solutions(tmp_path: Path) -> None:
    """Without mutants nobody knows whether the suite catches anything: a warning."""
    write_course(tmp_path)
    (tmp_path / "exercises/01-say-hello/mutants/python.yaml").unlink()
    assert [problem.split(" ")[1] for problem in problems_of(tmp_path)] == ["E102"]


def test_a_suite_that_was_commented_out(tmp_path: Path) -> None:
    """A function that only stands in a comment is no check."""
    write_course(tmp_path)
    suite = SUITE.replace("def test_says_it_once", "# def test_says_it_once")
    write(tmp_path / "exercises/01-say-hello/checks/test_hello.py", suite)
    assert [problem.split(" ")[1] for problem in problems_of(tmp_path)] == ["E015"]


def test_links_to_the_web_in_tasks(tmp_path: Path) -> None:
    """What a task links to stands among the sources of some lesson."""
    write_course(tmp_path)
    for address, codes in (("https://example.org/page", []), ("https://example.org/other", ["L019"])):
        write(tmp_path / "exercises/01-say-hello/README.md", f"[x]({address})\n")
        assert [problem.split(" ")[1] for problem in problems_of(tmp_path)] == codes


def test_links_in_tasks(tmp_path: Path) -> None:
    """A dead link in an exercise's task is told at its line."""
    write_course(tmp_path)
    write(tmp_path / "exercises/01-say-hello/README.md", "# Say\n\n[x](/lessons/gone)\n")
    assert problems_of(tmp_path)[0].startswith("exercises/01-say-hello/README.md:3:1 L007 ")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("lesson: greeting}", "lesson: greting}", "hello-quiz.yaml:2:46 Q011 There is no lesson 'greting'."),
        ("lesson: greeting#how", "lesson: gone#how", "hello-quiz.yaml:20:13 Q011 There is no lesson 'gone'."),
        (
            "lesson: greeting#how",
            "lesson: greeting#who",
            "20:13 Q011 greeting has no section #who.",
        ),
        ("That is rude.", "'[x](/lessons/gone)'", "5:9 Q011 There is no page /lessons/gone."),
    ],
)
def test_mistakes_between_quizzes_and_lessons(tmp_path: Path, old: str, new: str, told: str) -> None:
    """A quiz points to lessons and sections that are there."""
    assert old in QUIZ
    write_course(tmp_path)
    write_quiz(tmp_path, QUIZ.replace(old, new))
    found = problems_of(tmp_path)
    assert any(told in problem for problem in found), found
