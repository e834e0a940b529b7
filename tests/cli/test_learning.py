"""Reading, answering, hints, progress: the course on the terminal alone."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Learner
from tests.cli.tiny_course import SOLUTION, STARTER, write_chain


def test_the_list_shows_every_step_in_order(learner: Learner) -> None:
    """Lesson, exercise and quiz stand in order, the next one is marked and named."""
    output = learner.types("list").output
    places = [output.find(step) for step in ("basics ", "greet ", "basics-quiz ", "next  course show basics")]
    assert -1 not in places
    assert places == sorted(places)
    assert "0 of 3 done." in output


def test_the_sources_are_listed_with_the_day_of_reading(learner: Learner) -> None:
    """list --sources names each page on the web, when it was read, and the lessons that rest on it."""
    output = learner.types("list", "--sources").output
    lines = [line.strip() for line in output.splitlines()]
    assert lines == ["HTTP Semantics", "https://www.rfc-editor.org/rfc/rfc9110", "read 2026-11-20; basics"]


@pytest.fixture
def core(learner: Learner) -> None:
    """The only lesson is on the core path."""
    lesson = learner.content / "lessons" / "01-basics.md"
    text = lesson.read_text(encoding="utf-8").replace("minutes: 5", "minutes: 5\ncore: true")
    lesson.write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("core")
def test_the_core_path_is_known_to_list_and_progress(learner: Learner) -> None:
    """Both say how far it is and how long it still takes."""
    assert "The core path · 12 minutes" in learner.types("list").output
    learner.types("show", "basics")
    assert "The core path · 1 of 3 done, 7 minutes left" in learner.types("list").output
    assert "core path  1 of 3 done, 7 minutes left" in learner.types("progress").output


@pytest.mark.usefixtures("core")
def test_what_was_proved_is_shown_check_by_check(learner: Learner) -> None:
    """Each check of each exercise with its outcome; what is left; at the end next leads here."""
    learner.writes(SOLUTION)
    assert learner.types("check", "greet").exit_code == 0
    output = learner.types("progress", "proved").output
    assert "Say hello · 2 of 2 checks, python," in output
    assert "✓ A delivery is answered with 2xx" in output
    assert "course next" in output
    (learner.content / "quizzes" / "basics-quiz.yaml").unlink()
    second = (learner.content / "lessons" / "01-basics.md").read_text(encoding="utf-8")
    second = second.replace("id: basics", "id: further").replace("core: true\n", "")
    (learner.content / "lessons" / "02-further.md").write_text(second, encoding="utf-8")
    assert "next  course show greet" in learner.types("show", "basics").output
    assert "course progress proved" in learner.types("next").output
    assert "Further on" in learner.types("progress", "proved").output
    learner.types("show", "further")
    assert "You have done every step" in learner.types("next").output


def test_without_core_lessons_nothing_is_said_of_a_core_path(learner: Learner) -> None:
    """Neither in the list nor in the progress; asked for, it is told that there is none."""
    for words in (["list"], ["progress"]):
        assert "core path" not in learner.types(*words).output.lower()
    assert "No lesson of this course is marked as core" in learner.types("progress", "proved").output


def test_next_names_the_command(learner: Learner) -> None:
    """next says what comes and how to open it."""
    assert "course show basics\n" in learner.types("next").output


def test_a_lesson_is_shown_whole_and_counts_as_read(learner: Learner) -> None:
    """Objectives, text, code by language, the diagram in words, sources, what follows; then it is done."""
    output = learner.types("show", "basics").output
    for part in (
        "Lesson 1: The basics",
        "Say what a delivery is",
        "the exercise (course show greet)",
        'print("from Python")',
        'console.log("from JavaScript")',
        "Diagram: One delivery",
        "POST /webhook",
        "https://www.rfc-editor.org/rfc/rfc9110",
        "next  course show greet",
    ):
        assert part in output
    assert "1 of 3 done." in learner.types("list").output


def test_a_section_is_shown_alone(learner: Learner) -> None:
    """LESSON#SECTION, as feedback names it, shows that section and counts for nothing."""
    output = learner.types("show", "basics#the-end").output
    assert output.split() == ["The", "end", "That", "is", "all."]
    assert "0 of 3 done." in learner.types("list").output


def test_an_unknown_section_is_told(learner: Learner) -> None:
    """A section that is not there is wrong usage."""
    assert learner.types("show", "basics#nothing").exit_code == 2


def test_an_unknown_id_gets_the_nearest(learner: Learner) -> None:
    """show offers the id that was meant."""
    result = learner.types("show", "basic")
    assert result.exit_code == 2
    assert "Did you mean basics?" in result.stderr


def test_an_exercise_shows_task_checks_and_files(learner: Learner) -> None:
    """The task, what is checked, the file and the commands; the file is there from then on."""
    output = learner.types("show", "greet").output
    for part in (
        "Answer POST /webhook",
        "1  Answer a delivery",
        "· A delivery is answered",
        "course check greet",
    ):
        assert part in output
    assert str(learner.program) in output
    assert learner.program.exists()


def test_an_exercise_shows_how_far_it_is(learner: Learner) -> None:
    """After a run each check has its mark."""
    learner.writes(SOLUTION.replace("204", "500"))
    assert learner.types("check", "greet").exit_code == 1
    output = learner.types("show", "greet").output
    assert "✗ A delivery is answered with 2xx" in output
    assert "✓ The event's id is printed" in output


def test_hints_open_one_by_one(learner: Learner) -> None:
    """Each call opens one more; then there are none."""
    first, second, third = (learner.types("hint", "greet").output for _ in range(3))
    assert "First hint." in first
    assert "Second" not in first
    assert "First hint." in second
    assert "Second hint with code." in second
    assert "There are no more hints." in third


def test_opened_hints_can_be_read_again(learner: Learner) -> None:
    """--opened opens no other hint."""
    learner.types("hint", "greet")
    assert "1 of 2 hints open" in learner.types("hint", "greet", "--opened").output


def test_the_difference_is_shown_after_a_pass(learner: Learner) -> None:
    """Before a pass diff refuses; after it, it compares."""
    assert learner.types("diff", "greet").exit_code == 2
    learner.writes(SOLUTION + "# mine\n")
    assert learner.types("check", "greet").exit_code == 0
    assert "-# mine" in learner.types("diff", "greet").output


def test_reset_keeps_the_old_files(learner: Learner) -> None:
    """The starter is back, and what was there is kept and named."""
    learner.writes("mine")
    result = learner.types("reset", "greet", "--yes")
    kept = next(line for line in result.output.splitlines() if line.startswith("kept"))
    assert "TODO" in learner.program.read_text()
    assert (Path(kept.split()[1]) / "receiver.py").read_text() == "mine"


def test_a_chain_begins_with_what_was_passed_and_reset_offers_both(learner: Learner) -> None:
    """show says so once; reset asks from which of the two to begin, and takes --from as the answer."""
    write_chain(learner.content)
    learner.writes(SOLUTION)
    assert learner.types("check", "greet").exit_code == 0
    again = learner.home / "exercises" / "greet-again" / "python" / "receiver.py"
    said = "begun from your own program, with which you passed greet"
    assert said in learner.types("show", "greet-again").output
    assert again.read_text() == SOLUTION
    assert said not in learner.types("show", "greet-again").output
    for words, answers, expected in (
        ((), "y\nstarter\n", STARTER),
        ((), "y\ncarried\n", SOLUTION),
        (("--from", "starter"), "y\n", STARTER),
        (("--from", "carried", "--yes"), "", SOLUTION),
        (("--yes",), "", STARTER),
    ):
        assert learner.types("reset", "greet-again", *words, answers=answers).exit_code == 0
        assert again.read_text() == expected
    assert learner.types("reset", "greet", "--from", "carried", "--yes").exit_code == 2


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_reset_asks_before(learner: Learner, answer: str) -> None:
    """A no, or no answer at all, changes nothing."""
    learner.writes("mine")
    assert learner.types("reset", "greet", answers=answer).exit_code != 0
    assert learner.program.read_text() == "mine"


def test_progress_round_trips_exactly(
    learner: Learner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What one home exports another imports and exports the same."""
    learner.types("show", "basics")
    learner.types("hint", "greet")
    learner.types("quiz", "basics-quiz", answers="a\n")
    assert learner.types("progress", "export", "first.json").exit_code == 0
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "other"))
    assert learner.types("progress", "import", "first.json").exit_code == 0
    assert learner.types("progress", "export", "second.json").exit_code == 0
    assert json.loads(Path("first.json").read_text()) == json.loads(Path("second.json").read_text())
    assert "Nothing to add" in learner.types("progress", "import", "first.json").output


def test_an_export_goes_where_it_can(learner: Learner) -> None:
    """A file that can't be written is wrong usage; - is standard output."""
    assert learner.types("progress", "export", "no/such/folder/file.json").exit_code == 2
    assert isinstance(json.loads(learner.types("progress", "export", "-").stdout), dict)


@pytest.mark.parametrize("text", ["not json", "[]", '{"format": "other"}'])
def test_a_wrong_file_is_no_progress(learner: Learner, text: str) -> None:
    """A file that no export made is told and changes nothing."""
    Path("wrong.json").write_text(text)
    result = learner.types("progress", "import", "wrong.json")
    assert result.exit_code == 2
    assert result.stderr


def test_progress_counts_what_is_done(learner: Learner) -> None:
    """progress alone is a short table."""
    learner.types("show", "basics")
    assert "lessons    1 of 1 done" in learner.types("progress").output


def test_the_doctor_looks_at_everything(learner: Learner) -> None:
    """Isolation, Python with the editor's interpreter, Node, the port, the home and the content are told."""
    result = learner.types("doctor")
    assert result.exit_code == 0
    for word in ("isolation", "python", "interpreter", "node", "site", "home", "1 lesson"):
        assert word in result.output


def test_the_doctor_tells_the_isolation_alone(learner: Learner) -> None:
    """Set-up says once how programs are isolated: one finding, and nothing else."""
    result = learner.types("doctor", "--isolation")
    assert result.exit_code == 0
    assert "isolation" in result.output
    assert not any(word in result.output for word in ("python", "node", "Webhook course"))


def test_a_replay_without_a_run_says_what_to_do(learner: Learner) -> None:
    """A check that never ran has no deliveries."""
    result = learner.types("replay", "greet/answers")
    assert result.exit_code == 2
    assert "course check greet" in result.stderr
