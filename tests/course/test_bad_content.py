"""Broken content of an instructor is told with its place, disables only itself, and the site still starts."""

import shutil
from pathlib import Path

import pytest

from app.config import read_settings
from app.learning.classroom import Classroom, open_classroom
from app.learning.launch import make_token
from app.web import create_app

ROOT = Path(__file__).resolve().parents[2]
PORT = 4998
SITE = f"http://127.0.0.1:{PORT}"

NO_KEY = """\
format: 1
quiz: {id: no-key, title: No key, lesson: raw-bytes}
questions:
  - id: which
    stem: Which one is right?
    choices:
      - {id: one, text: This one}
      - {id: two, text: That one}
"""


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    """A folder with one mistake of each kind, made from copies of the real content."""
    folder = tmp_path / "mine"
    for kind in ("lessons", "exercises", "quizzes"):
        (folder / kind).mkdir(parents=True)
    (folder / "quizzes" / "broken.yaml").write_text("format: 1\nquiz: {id: broken\n")
    (folder / "quizzes" / "no-key.yaml").write_text(NO_KEY)
    (folder / "lessons" / "80-no-title.md").write_text("---\nid: no-title\nsummary: Nothing\n---\nText.\n")
    for number, name in ((81, "no-readme"), (82, "old-mutant")):
        copy = folder / "exercises" / f"{number}-{name}"
        shutil.copytree(
            ROOT / "exercises" / "01-first-endpoint", copy, ignore=shutil.ignore_patterns("__pycache__")
        )
        manifest = copy / "exercise.yaml"
        manifest.write_text(manifest.read_text().replace("id: first-endpoint", f"id: {name}", 1))
    (folder / "exercises" / "81-no-readme" / "README.md").unlink()
    solution = folder / "exercises" / "82-old-mutant" / "solution" / "python" / "receiver.py"
    solution.write_text(solution.read_text().replace("print(", "print(\n        "))
    return folder


@pytest.fixture
def classroom(tmp_path: Path, overlay: Path) -> Classroom:
    """The course with the broken folder laid over it."""
    environ = {
        "COURSE_HOME": str(tmp_path / "home"),
        "COURSE_CONTENT": str(overlay),
        "COURSE_PORT": str(PORT),
    }
    return open_classroom(read_settings(environ))


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("quizzes/broken.yaml", ""),
        ("quizzes/no-key.yaml", "correct"),
        ("lessons/80-no-title.md", "title"),
        ("exercises/81-no-readme", "README.md"),
        ("exercises/82-old-mutant/mutants/python.yaml", "find"),
    ],
)
def test_each_mistake_has_its_place(classroom: Classroom, path: str, word: str) -> None:
    """Every mistake is reported at once, with file, line and column, a code, and what to do."""
    found = [problem for problem in classroom.course.problems if problem.path.startswith(path)]
    assert found, [str(problem) for problem in classroom.course.problems]
    assert any(word in problem.message for problem in found), [str(problem) for problem in found]
    assert all(problem.line >= 1 and problem.column >= 1 and problem.code for problem in found)


def test_everything_else_is_there_and_the_site_starts(classroom: Classroom) -> None:
    """The shipped steps stay, the broken ones are missing, and the map shows."""
    steps = {step.id for step in classroom.course.steps}
    assert {"raw-bytes", "first-endpoint", "who-sent-this"} <= steps
    assert not steps & {"broken", "no-key", "no-title"}
    client = create_app(classroom).test_client()
    client.get(f"/enter?token={make_token(classroom)}", base_url=SITE)
    page = client.get("/", base_url=SITE, headers={"Sec-Fetch-Site": "same-origin"})
    assert page.status_code == 200
    assert "Your first endpoint" in page.get_data(as_text=True)
