"""Commands for those who write lessons, exercises and quizzes."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Learner
from tests.cli.tiny_course import QUIZ, STARTER


def spoil_quiz(learner: Learner) -> Path:
    """Take the only right choice from the first question."""
    path = learner.content / "quizzes" / "basics-quiz.yaml"
    path.write_text(QUIZ.replace("correct: true", "correct: false", 1))
    return path


def test_good_files_have_nothing_to_lint(learner: Learner) -> None:
    """Without problems lint prints nothing on standard output and ends with 0."""
    result = learner.types("lint", "content/quizzes", "content/exercises")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "No mistakes found.\n"


def test_warnings_alone_are_no_failure(learner: Learner) -> None:
    """A picture that is still to be drawn is a warning, and the exit code stays 0."""
    result = learner.types("lint")
    assert result.exit_code == 0
    assert "content/lessons/01-basics.md" in result.stdout
    assert "warning: " in result.stdout
    assert result.stderr == "0 errors, 1 warning.\n"


def test_a_mistake_is_told_with_its_place(learner: Learner) -> None:
    """Each problem is path:line:column code message, and an error ends with 1."""
    spoil_quiz(learner)
    result = learner.types("lint", "content/quizzes")
    assert result.exit_code == 1
    path, line, column, rest = result.stdout.splitlines()[0].split(":", 3)
    assert path == "content/quizzes/basics-quiz.yaml"
    assert line.isdecimal()
    assert column.split()[0].isdecimal()
    assert rest


def test_only_what_is_below_a_path_is_told(learner: Learner) -> None:
    """A named folder hides the problems of the others."""
    spoil_quiz(learner)
    assert learner.types("lint", str(learner.content / "lessons")).exit_code == 0
    assert learner.types("lint", str(learner.content / "quizzes")).exit_code == 1


def test_a_file_outside_the_course_is_judged_over_it(learner: Learner, tmp_path: Path) -> None:
    """An instructor's own file needs no setting to be linted."""
    own = tmp_path / "own" / "quizzes" / "mine.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("nonsense: [")
    result = learner.types("lint", str(own))
    assert result.exit_code == 1
    assert result.stdout.startswith("own/quizzes/mine.yaml:")


def test_a_path_without_content_is_wrong_usage(learner: Learner, tmp_path: Path) -> None:
    """Silence about a file that nobody reads would be taken for praise."""
    stray = tmp_path / "stray.txt"
    stray.write_text("")
    assert learner.types("lint", str(stray)).exit_code == 2


def test_json_for_programs(learner: Learner) -> None:
    """--format json is one list of objects."""
    spoil_quiz(learner)
    (problem, *_) = json.loads(learner.types("lint", "content/quizzes", "--format", "json").stdout)
    assert set(problem) == {"path", "line", "column", "code", "level", "message"}


def test_annotations_for_pull_requests(learner: Learner) -> None:
    """--format github is one workflow command for each problem."""
    spoil_quiz(learner)
    first = learner.types("lint", "content/quizzes", "--format", "github").stdout.splitlines()[0]
    assert first.startswith("::error file=content/quizzes/basics-quiz.yaml,line=")


def test_verify_proves_a_good_exercise(learner: Learner) -> None:
    """Starter, solution and mutant are run, and what is proven is said."""
    result = learner.types("verify", "greet", "--runs", "1")
    assert result.exit_code == 0
    assert "1 starter fails" in result.output
    assert "1 run of a solution passes" in result.output
    assert "1 mutant is caught" in result.output


def test_verify_tells_of_each_program_when_it_ends(learner: Learner) -> None:
    """Where no line can be taken back, as in a log, each good program has a line of its own, counted."""
    lines = learner.types("verify", "greet", "--runs", "2").stdout.splitlines()
    told = [line.split("  ")[0] for line in lines if " of 4: " in line]
    assert [line[:9] for line in told] == [f"✓ {number} of 4:" for number in range(1, 5)]
    assert sorted(line[10:] for line in told) == [
        "greet python mutant silent",
        "greet python solution python",
        "greet python solution python",
        "greet python starter starter",
    ]


def test_verify_finds_a_solution_that_fails(learner: Learner) -> None:
    """A finding names the program and the seed, and ends with 1."""
    folder = learner.content / "exercises/01-greet/solution/python"
    (folder / "receiver.py").write_text(STARTER.replace("pass  # TODO", 'print(event["id"], flush=True)'))
    result = learner.types("verify", "greet", "--runs", "1", "--only", "solution")
    assert result.exit_code == 1
    assert "✗ greet python solution python" in result.output
    assert "1 finding." in result.output


def test_verify_measures_the_diagnosis(learner: Learner) -> None:
    """Each mutant is tried, and the share of those that are told right is said, with each miss."""
    result = learner.types("verify", "greet", "--diagnosis")
    assert result.exit_code == 0
    assert "starter" not in result.output
    assert "100.0%  greet: python by the table of python (1.0 of 1)" in result.output
    assert "100.0%  with its own table (1.0 of 1)" in result.output


def test_verify_refuses_a_sign_that_is_not_there(learner: Learner) -> None:
    """A mutant whose run does not show what it declares is a finding."""
    with (learner.content / "exercises/01-greet/mutants/python.yaml").open("a") as file:
        file.write(
            "  signs:\n    - {check: prints-id, actual: nothing}\n    - {check: prints-id, actual: a bird}\n"
        )
    result = learner.types("verify", "greet", "--only", "mutant")
    assert result.exit_code == 1
    assert "does not show the declared sign `check: prints-id, actual: a bird`" in " ".join(
        result.output.split()
    )


def test_verify_shows_how_a_mutant_lived(learner: Learner) -> None:
    """The declared check that let it live is named, with what went over the wire in that run."""
    mutants = learner.content / "exercises/01-greet/mutants/python.yaml"
    mutants.write_text(mutants.read_text().replace("fails: [prints-id]", "fails: [answers, prints-id]"))
    result = learner.types("verify", "greet", "--only", "mutant")
    assert result.exit_code == 1
    assert "declared to fail answers, which it passes" in result.output
    assert "answers let it live: A delivery is answered with 2xx" in result.output
    assert "1 POST /webhook" in result.output
    assert "◄╌" in result.output
    assert "1 204 No Content" in result.output
    assert "prints-id let it live" not in result.output


def test_verify_shows_why_a_solution_fails(learner: Learner) -> None:
    """The failed check, its reason and its diagram stand below the finding, the failing exchange whole."""
    folder = learner.content / "exercises/01-greet/solution/python"
    (folder / "receiver.py").write_text(STARTER.replace("pass  # TODO", 'print(event["id"], flush=True)'))
    result = learner.types("verify", "greet", "--runs", "1", "--only", "solution")
    assert "answers failed: A delivery is answered with 2xx" in result.output
    assert "A delivery has to be answered with 2xx." in result.output
    assert "══ 1 500 " in result.output
    assert "expected any 2xx" in result.output
    assert "> POST /webhook HTTP/1.1" in result.output


def test_verify_knows_its_exercises(learner: Learner) -> None:
    """An unknown id is wrong usage."""
    assert learner.types("verify", "gret").exit_code == 2


def test_draw_writes_the_diagrams_of_a_lesson(learner: Learner) -> None:
    """Each written file is named."""
    result = learner.types("draw", "basics")
    assert result.exit_code == 0
    assert "01-basics.1.svg" in result.output
    assert (learner.content / "lessons" / "01-basics.1.svg").is_file()


def test_draw_knows_its_lessons(learner: Learner) -> None:
    """An unknown lesson is wrong usage."""
    assert learner.types("draw", "basic").exit_code == 2


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("exercises/01-greet/exercise.yaml", ("check", "greet")),
        ("exercises/01-greet/exercise.yaml", ("show", "greet")),
        ("quizzes/basics-quiz.yaml", ("quiz", "basics-quiz")),
        ("lessons/01-basics.md", ("show", "basics")),
    ],
)
def test_what_is_missing_because_its_file_is_wrong_says_so(
    learner: Learner, file: str, words: tuple[str, ...]
) -> None:
    """The mistake is named with its place, not "there is no such exercise"; it is the fault of the course."""
    path = learner.content / file
    path.write_text(path.read_text().replace("title:", "titel:"))
    result = learner.types(*words)
    assert result.exit_code == 3
    assert f"{file}:" in result.stderr
