"""Exercise folders: the manifest, what must stand beside it, and the known wrong solutions."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.content.loader import load_exercise
from app.content.mutants import mutated_files
from app.errors import NotFound
from tests.content.samples import MANIFEST, MUTANTS, write, write_exercise

_MAY = "may: [says-it-once]"


def problems_of(folder: Path) -> list[str]:
    """Load an exercise that must not load, and give its problems as text."""
    exercise, problems = load_exercise(folder)
    assert exercise is None
    return [str(problem) for problem in problems]


def test_an_exercise(tmp_path: Path) -> None:
    """Everything that the folder says stands in the exercise."""
    folder = write_exercise(tmp_path)
    write(folder / "solution/python-other/receiver.py", "print('hello')")
    write(folder / "support/python/ledger.py", "")
    exercise, problems = load_exercise(folder)
    assert problems == ()
    assert exercise is not None
    assert (exercise.id, exercise.number, exercise.minutes, exercise.kind) == ("say-hello", 1, 5, "server")
    assert exercise.language("python").run == ("python", "receiver.py")
    assert exercise.starter("python") == folder / "starter/python"
    assert exercise.solutions("python") == (folder / "solution/python", folder / "solution/python-other")
    assert exercise.support("python") == folder / "support/python"
    assert exercise.checks_folder == folder / "checks"
    assert [(check.id, check.task, check.hint) for check in exercise.checks] == [
        ("says-hello", 1, 1),
        ("says-it-once", 1, None),
    ]
    assert (exercise.provider.scheme, exercise.provider.path) == ("github", "/webhook")
    assert exercise.readme.startswith("# Say hello")


def test_an_unknown_language(tmp_path: Path) -> None:
    """Who asks for a language that is not there is told which are."""
    exercise, _ = load_exercise(write_exercise(tmp_path))
    assert exercise is not None
    assert exercise.support("python") is None
    with pytest.raises(NotFound, match="It has: python"):
        exercise.language("cobol")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: server", "kind: sever", "exercise.yaml:4:7 E020 Write one of: 'server' or 'command'."),
        ("tasks:", "task:", "exercise.yaml:10:1 E002 Unknown field `task`. Did you mean tasks?"),
        ("title: It says hello,", "titel: x,", "E002 Unknown field `titel`. Did you mean title?"),
        ("lesson: greeting\n", "", "exercise.yaml:1:1 E003 The field `lesson` is missing."),
        ("id: say-hello", "id: say-bye", "exercise.yaml:1:5 E004 The folder's name must end in"),
        ("task: 1, hint: 1", "task: 2, hint: 1", "exercise.yaml:13:50 E011 There is no task 2;"),
        ("hint: 1", "hint: 3", "exercise.yaml:13:59 E011 There is no hint 3;"),
        ("id: says-it-once", "id: says-hello", "exercise.yaml:14:10 E012 The check `says-hello` is declared"),
        ("run: [python, receiver.py]", "run: python receiver.py", "E020 Here a list belongs"),
        ("WEBHOOK_SECRET: fresh", "WEBHOOK_SECRET: fresh-apple", "E019 There is no secret 'fresh-apple'."),
        ("WEBHOOK_SECRET: fresh", "OTHER: fresh", "E018 The provider signs with `WEBHOOK_SECRET`"),
        ("scheme: github", "scheme: rot13", "E020 Write one of: 'none', 'github', 'standard', "),
        ("main: receiver.py", "main: /etc/passwd", "exercise.yaml:7:18 E020 Write a file's name below the"),
        ("main: receiver.py", "main: ../receiver.py", "E020 Write a file's name below the folder"),
        ("Say hello", '"Say \\0"', "exercise.yaml:2:8 E020 A character that nobody can see"),
        ("WEBHOOK_SECRET:", "secret=:", "E020 Write a variable's name in capitals"),
        ("scheme: github", "path: webhook", "E020 Write a path that begins with a slash"),
        ("main: receiver.py", "main: server.py", "starter/python/server.py:1:1 E006 "),
        ("main: receiver.py", "main: server.py", "solution/python/server.py:1:1 E007 "),
    ],
)
def test_mistakes_in_the_manifest(tmp_path: Path, old: str, new: str, told: str) -> None:
    """Each mistake is told at its place, with what to do."""
    assert old in MANIFEST
    found = problems_of(write_exercise(tmp_path, MANIFEST.replace(old, new, 1)))
    assert any(told in problem for problem in found), found
    assert all(problem.startswith("exercises/01-say-hello/") for problem in found)


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        ("README.md", "exercises/01-say-hello/README.md:1:1 E008 "),
        ("starter", "exercises/01-say-hello/starter/python/receiver.py:1:1 E006 "),
        ("solution", "exercises/01-say-hello/solution/python/receiver.py:1:1 E007 "),
        ("checks", "exercises/01-say-hello/checks:1:1 E009 "),
    ],
)
def test_missing_parts(tmp_path: Path, gone: str, told: str) -> None:
    """What an exercise can't do without is missed by name."""
    folder = write_exercise(tmp_path)
    if (folder / gone).is_dir():
        shutil.rmtree(folder / gone)
    else:
        (folder / gone).unlink()
    assert any(problem.startswith(told) for problem in problems_of(folder))


@pytest.mark.parametrize(
    "stray",
    [
        "notes.txt",
        "old/receiver.py",
        "starter/receiver.py",
        "starter/ruby/receiver.rb",
        "solution/ruby/receiver.rb",
        "support/readme.txt",
        "mutants/ruby.yaml",
        "scenarios/burst.txt",
        "checks/helper.py",
    ],
)
def test_stray_files(tmp_path: Path, stray: str) -> None:
    """A file that belongs to nothing is a mistake, wherever it stands."""
    folder = write_exercise(tmp_path)
    write(folder / stray, "x")
    codes = {problem.split(" ")[1] for problem in problems_of(folder)}
    assert codes == {"E010"}


def test_what_tools_leave_behind_is_no_stray(tmp_path: Path) -> None:
    """Caches and hidden files of editors and systems are nobody's mistake."""
    folder = write_exercise(tmp_path)
    write(folder / "checks/__pycache__/x.pyc", "x")
    write(folder / ".DS_Store", "x")
    assert load_exercise(folder)[1] == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'find: print("hello")',
            'find: print("bye")',
            "python.yaml:4:7 M004 The text of `find` stands nowhere",
        ),
        ('find: print("hello")', "find: l", "python.yaml:4:7 M004 The text of `find` stands 2 times in"),
        ('find: print("hello")', 'find: ""', "python.yaml:4:7 M004 "),
        ("put: pass", "put: pass\n      file: other.py", "python.yaml:4:7 M005 "),
        ("put: pass", "put: pass\n      file: ../../exercise.yaml", "python.yaml:6:13 M020 "),
        ("put: pass", 'put: print("hello")', "python.yaml:4:7 M010 This edit changes nothing"),
        ("fails: [says-hello]", "fails: [sings]", "python.yaml:6:11 M006 There is no check `sings`"),
        ("may: [says-it-once]", "may: [says-hello]", "M009 "),
        ("fails: [says-hello]", "fails: []", "python.yaml:6:10 M020 Here at least one entry belongs."),
        (_MAY, f"{_MAY}\n  signs: [{{says: x}}]", "python.yaml:8:11 M011 A sign is a `check` with"),
        (_MAY, f"{_MAY}\n  signs: [{{check: says-hello}}]", "python.yaml:8:11 M011 "),
        (_MAY, f"{_MAY}\n  signs: [{{check: says-hello, probe: sha1}}]", "python.yaml:8:11 M011 "),
        (_MAY, f"{_MAY}\n  signs: [{{probe: sha1, says: x}}]", "python.yaml:8:11 M011 "),
        (_MAY, f"{_MAY}\n  signs: [{{check: sings, says: x}}]", "python.yaml:8:19 M006 There is no check"),
        (
            _MAY,
            f"{_MAY}\n  signs: [{{check: says-it-once, says: x}}]",
            "M012 `says-it-once` does not stand in",
        ),
        ("story:", "store:", "python.yaml:2:3 M002 Unknown field `store`. Did you mean story?"),
        ("edits:", "edits: &x", "python.yaml:3:10 Y002 "),
    ],
)
def test_mistakes_in_mutants(tmp_path: Path, old: str, new: str, told: str) -> None:
    """An edit that no longer matches, or a name that is gone, is told at that mutant."""
    assert old in MUTANTS
    folder = write_exercise(tmp_path, mutants=MUTANTS.replace(old, new, 1))
    found = problems_of(folder)
    assert any(told in problem for problem in found), found


def test_signs_of_a_mutant(tmp_path: Path) -> None:
    """A sign is a text at a check, also at one that passes, or a probe."""
    signs = "[{check: says-hello, actual: nothing}, {check: says-it-once, stdout: x}, {probe: sha1}]"
    exercise, problems = load_exercise(write_exercise(tmp_path, mutants=f"{MUTANTS}  signs: {signs}\n"))
    assert problems == ()
    assert exercise is not None
    assert [str(sign) for sign in exercise.mutants["python"][0].signs] == [
        "check: says-hello, actual: nothing",
        "check: says-it-once, stdout: x",
        "probe: sha1",
    ]


def test_a_mutant_twice(tmp_path: Path) -> None:
    """Two mutants of one name are a mistake at the second."""
    found = problems_of(write_exercise(tmp_path, mutants=MUTANTS + MUTANTS))
    assert [problem.split(" ")[:2] for problem in found] == [
        ["exercises/01-say-hello/mutants/python.yaml:8:7", "M007"]
    ]


def test_edits_follow_each_other(tmp_path: Path) -> None:
    """The second edit of a mutant sees what the first one left."""
    second = '      put: pass\n    - find: "pass"\n      put: return\n'
    exercise, problems = load_exercise(
        write_exercise(tmp_path, mutants=MUTANTS.replace("      put: pass\n", second))
    )
    assert problems == ()
    assert exercise is not None
    mutant = exercise.mutants["python"][0]
    assert mutated_files(exercise, "python", mutant) == {"receiver.py": "return\n"}


def test_all_mistakes_of_all_parts_at_once(tmp_path: Path) -> None:
    """The manifest, the tree and the mutants are judged together."""
    manifest = MANIFEST.replace("hint: 1", "hint: 9")
    folder = write_exercise(tmp_path, manifest, MUTANTS.replace('"hello"', '"bye"'))
    write(folder / "notes.txt", "x")
    shutil.rmtree(folder / "starter")
    codes = {problem.split(" ")[1] for problem in problems_of(folder)}
    assert codes == {"E006", "E010", "E011", "M004"}


def test_a_folder_without_manifest(tmp_path: Path) -> None:
    """A folder that is no exercise is a problem, never a traceback."""
    assert "exercises/09-nothing/exercise.yaml:1:1 Y010" in problems_of(tmp_path / "exercises/09-nothing")[0]


def test_loading_is_light(tmp_path: Path) -> None:
    """Loading one exercise imports neither Markdown nor the database library: `course check` waits for it."""
    folder = write_exercise(tmp_path)
    program = (
        "import sys; from pathlib import Path; from app.content.loader import load_exercise;"
        f"assert load_exercise(Path({str(folder)!r}))[0];"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    heavy = {"markdown", "pymdownx", "pygments", "sqlalchemy", "flask", "click", "rich", "mermaidx"}
    assert not heavy & set(done.stdout.split())
