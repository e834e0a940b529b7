"""Lessons, hints, attempts and answers in the store."""

import dataclasses
import threading

from app.store.store import Store
from tests.store.samples import answer, attempt, revision


def test_reading_a_lesson_twice_keeps_the_first_time(store: Store) -> None:
    """A lesson is read once; reading again moves only what was last worked on."""
    store.steps.mark_read("raw-bytes", "2026-01-01")
    store.steps.mark_read("raw-bytes", "2026-01-02")
    assert store.steps.read_lessons() == {"raw-bytes"}
    exported = store.export()["tables"]
    assert exported["lessons_read"] == [{"lesson": "raw-bytes", "at": "2026-01-01"}]
    assert exported["steps_worked_on"][0]["at"] == "2026-01-02"


def test_steps_come_in_the_order_they_were_worked_on(store: Store) -> None:
    """The latest step is the last one; a language stays until another is chosen."""
    store.steps.work_on("b", "2026-01-01", "python")
    store.steps.work_on("a", "2026-01-02")
    store.steps.work_on("b", "2026-01-03")
    assert [row.step for row in store.steps.worked_on()] == ["a", "b"]
    assert store.steps.language("b") == "python"
    assert store.steps.language("a") is None
    assert store.steps.language("never") is None


def test_hints_open_one_by_one_and_end(store: Store) -> None:
    """Each call opens the next hint, until none is left."""
    numbers = [store.steps.open_hint("first-endpoint", 2, "2026-01-01") for _ in range(3)]
    assert numbers == [1, 2, None]
    assert store.steps.hints("first-endpoint") == 2
    assert store.steps.hints("other") == 0


def test_hints_opened_at_the_same_moment_are_different_ones(store: Store) -> None:
    """Writers wait for one another, so that no number is given twice."""
    opened: list[int | None] = []
    threads = [
        threading.Thread(target=lambda: opened.append(store.steps.open_hint("x", 100, "2026-01-01")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(number or 0 for number in opened) == list(range(1, 9))


def test_the_first_answer_counts(store: Store) -> None:
    """A second answer to the same try returns the first one, whatever it says."""
    first = store.attempts.add_answer(attempt(), revision(), answer())
    second = store.attempts.add_answer(attempt(), revision(), answer(chosen=("a",), score=0.0))
    assert first == second == answer()
    assert store.attempts.answers("attempt-1") == (answer(),)


def test_every_revision_that_was_answered_is_kept(store: Store) -> None:
    """An edited question gets another row; the old one stays as it was."""
    store.attempts.add_answer(attempt(), revision(), answer())
    edited = revision(key_hash="k2", body={"stem": "edited"})
    store.attempts.add_answer(attempt("attempt-2"), edited, answer(attempt="attempt-2", key_hash="k2"))
    assert store.attempts.revision("q1", "k1", "t1") == revision()
    assert store.attempts.revision("q1", "k2", "t1") == edited
    assert store.attempts.revision("q1", "k3", "t1") is None


def test_attempts_come_oldest_first_and_keep_their_questions(store: Store) -> None:
    """An attempt is what it was when it was drawn."""
    newer = attempt("newer", created_at="2026-02-01")
    store.attempts.add(newer)
    store.attempts.add(attempt())
    store.attempts.add(dataclasses.replace(attempt(), questions=()))  # it is there already
    assert store.attempts.of_quiz("one-delivery") == (attempt(), newer)
    assert store.attempts.find("newer") == newer
    assert store.attempts.find("nobody") is None


def test_question_hints_belong_to_one_attempt(store: Store) -> None:
    """Another attempt begins without hints."""
    assert [store.attempts.open_hint(attempt(), "q1", 1, "now") for _ in range(2)] == [1, None]
    assert store.attempts.hints("attempt-1") == {"q1": 1}
    assert store.attempts.hints("attempt-2") == {}
