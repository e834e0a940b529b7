"""Progress, the next step, hints, launch tokens."""

import json
import stat
import threading
from pathlib import Path

import pytest

from app.config import Settings
from app.errors import NotFound
from app.learning import hints, launch, progress, quizzes, workspace
from app.learning.classroom import Classroom
from app.learning.files import private_bytes
from app.learning.running import check
from tests.learning import tiny


def states(classroom: Classroom) -> dict[str, tuple[str, str]]:
    """The state and detail of each step."""
    return {each.step.id: (each.state, each.detail) for each in progress.step_states(classroom)}


def next_id(classroom: Classroom) -> str | None:
    """The id of the next step."""
    step = progress.next_step(classroom)
    return step.id if step else None


def pass_quiz(classroom: Classroom) -> None:
    """Answer everything right."""
    attempt = quizzes.open_attempt(classroom, "quiz", fresh=True)
    for question in attempt.questions:
        right = ("a", "b") if question.type == "multi_select" else ("a",)
        chosen = [choice.token for choice in question.choices if choice.text.endswith(right)]
        quizzes.answer(classroom, attempt.id, question.token, chosen)


def test_a_new_learner_begins_at_the_first_step(classroom: Classroom) -> None:
    """Everything is new, and the way is the course's order."""
    assert set(states(classroom).values()) == {("new", "")}
    assert next_id(classroom) == "one"
    assert progress.current_exercise(classroom) == "first"


def test_steps_are_done_one_after_the_other(classroom: Classroom, runner: tiny.FakeRunner) -> None:
    """A lesson by reading, an exercise by a pass, a quiz by its pass mark; then there is nothing left."""
    progress.mark_read(classroom, "one")
    assert (states(classroom)["one"], next_id(classroom)) == (("done", ""), "first")
    runner.verdict = "failed"
    check(classroom, "first", "python")
    assert (states(classroom)["first"], next_id(classroom)) == (("started", "1 of 2 checks"), "first")
    runner.verdict = "passed"
    check(classroom, "first", "python")
    assert (states(classroom)["first"], next_id(classroom)) == (("done", "passed"), "second")
    check(classroom, "second", "python")
    assert next_id(classroom) == "quiz"
    pass_quiz(classroom)
    assert (states(classroom)["quiz"], next_id(classroom)) == (("done", "100 %"), "two")
    progress.mark_read(classroom, "two")
    assert next_id(classroom) is None


def test_progress_only_moves_up(classroom: Classroom, runner: tiny.FakeRunner) -> None:
    """A failure after a pass, and a fault of the course, take nothing away."""
    check(classroom, "first", "python")
    for verdict in ("failed", "course_fault"):
        runner.verdict = verdict
        check(classroom, "first", "python")
    assert states(classroom)["first"] == ("done", "passed")


def test_a_fault_of_the_course_counts_for_nothing(classroom: Classroom, runner: tiny.FakeRunner) -> None:
    """Neither as a try nor as a failure."""
    runner.verdict = "course_fault"
    check(classroom, "first", "python")
    assert states(classroom)["first"] == ("started", "")


def test_a_quiz_tells_how_far_it_is(classroom: Classroom) -> None:
    """Questions while it goes on, the score when it was not enough; a pass stays a pass."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    for number, question in enumerate(attempt.questions):
        wrong = [choice.token for choice in question.choices if choice.text.endswith("c")]
        quizzes.answer(classroom, attempt.id, question.token, wrong)
        expected = ("1 of 2 questions", "0 %, 70 % to pass")[number]
        assert states(classroom)["quiz"] == ("started", expected)
    pass_quiz(classroom)
    quizzes.open_attempt(classroom, "quiz", fresh=True)
    assert states(classroom)["quiz"] == ("done", "100 %")


def test_next_goes_on_from_the_step_last_worked_on(classroom: Classroom) -> None:
    """What lies before is offered when nothing after it is left."""
    progress.work_on(classroom, "two")
    assert next_id(classroom) == "two"
    progress.mark_read(classroom, "two")
    assert next_id(classroom) == "one"


def test_the_current_exercise_is_the_one_last_worked_on(classroom: Classroom) -> None:
    """Running, saving and hints all count as work; lessons do not change it."""
    check(classroom, "second", "python")
    progress.mark_read(classroom, "one")
    assert progress.current_exercise(classroom) == "second"
    hints.open_hint(classroom, "first")
    assert progress.current_exercise(classroom) == "first"
    workspace.save_file(classroom, "second", "python", "new.py", "x", "")
    assert progress.current_exercise(classroom) == "second"


def test_steps_that_left_the_course_are_forgotten(classroom: Classroom) -> None:
    """What was worked on may be gone after an update; nothing breaks."""
    classroom.store.steps.work_on("gone", classroom.now)
    assert next_id(classroom) == "one"
    assert progress.current_exercise(classroom) == "first"


def test_unknown_steps_are_not_stored(classroom: Classroom) -> None:
    """A wrong id is told."""
    for wrong in (progress.mark_read, progress.work_on):
        with pytest.raises(NotFound):
            wrong(classroom, "nothing")
    assert not any(classroom.store.export()["tables"].values())


def test_the_language_is_remembered_for_each_exercise(classroom: Classroom) -> None:
    """The first one until another is chosen; one that is not offered is refused."""
    assert progress.language_of(classroom, "second") == "python"
    progress.remember_language(classroom, "second", "shell")
    assert progress.language_of(classroom, "second") == "shell"
    check(classroom, "second", "python")
    assert progress.language_of(classroom, "second") == "python"
    with pytest.raises(NotFound):
        progress.remember_language(classroom, "first", "shell")


def test_an_only_language_needs_no_store(classroom: Classroom) -> None:
    """A check in a terminal must not wait for the database."""
    assert progress.language_of(classroom, "first") == "python"
    assert classroom._store is None


def test_progress_moves_to_another_machine(classroom: Classroom, settings: Settings, tmp_path: Path) -> None:
    """Export, JSON, import: every state is the same there, and the export is equal."""
    progress.mark_read(classroom, "one")
    check(classroom, "first", "python")
    pass_quiz(classroom)
    hints.open_hint(classroom, "second")
    exported = progress.export_progress(classroom)
    elsewhere = Settings(tmp_path / "elsewhere", (), 4747, "", "off")
    other = Classroom(elsewhere, course=classroom.course, runner=tiny.FakeRunner())
    assert progress.import_progress(other, json.loads(json.dumps(exported))) > 0
    assert progress.export_progress(other) == exported
    assert states(other) == states(classroom)
    assert hints.opened_hints(other, "second") == ("gentle",)
    assert workspace.can_carry(other, "second", "python")
    other.close()


def test_hints_open_one_by_one(classroom: Classroom) -> None:
    """From gentle to plain; after the last there is none."""
    assert hints.opened_hints(classroom, "first") == ()
    assert [hints.open_hint(classroom, "first") for _ in range(3)] == ["gentle", "plain", None]
    assert hints.opened_hints(classroom, "first") == ("gentle", "plain")


def test_a_launch_token_opens_once(classroom: Classroom) -> None:
    """Of many who try at the same moment one enters; a wrong token never does."""
    token = launch.make_token(classroom)
    entered: list[bool] = []
    threads = [
        threading.Thread(target=lambda: entered.append(launch.use_token(classroom, token))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(entered) == [False] * 7 + [True]
    for wrong in ("", "..", "../progress.db", token + "x", "\udcff"):
        assert not launch.use_token(classroom, wrong)


def test_tokens_and_keys_are_private_and_new_in_each_home(classroom: Classroom) -> None:
    """Only the owner reads them; a token can't be read from the list of files."""
    token, key = launch.make_token(classroom), launch.signing_key(classroom)
    assert len(token) >= 22
    assert len(key) == 32
    assert launch.signing_key(classroom) == key
    assert launch.make_token(classroom) != token
    names = [path for path in classroom.settings.home.rglob("*") if path.is_file()]
    assert names
    assert not any(token in path.name for path in names)
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in names)


def test_a_private_file_is_made_once(tmp_path: Path) -> None:
    """Everybody who asks at the same moment gets the same bytes."""
    together, found = threading.Barrier(6), []

    def ask(number: int) -> None:
        together.wait()
        found.append(private_bytes(tmp_path / "key", lambda: bytes([number]) * 32))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 6
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
