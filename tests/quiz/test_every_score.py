"""Laws of scores that hold for every type of question, searched at random."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import UsageError
from app.quiz.answers import Answer, part_ids, read_answer, right_answer
from app.quiz.drawing import shown_order
from app.quiz.numbers import read_number
from app.quiz.scoring import earned, known_wrong, score
from app.quiz.tokens import token
from app.quiz.types import Choice, Question
from tests.quiz import all_types
from tests.quiz.samples import question, several

seeds = st.text(max_size=10)
questions = st.sampled_from(all_types.ALL)
texts = st.one_of(
    st.text(max_size=30), st.sampled_from(["5", "4,9", "10", "at least once", "exactly once", "1\n2", "12"])
)


def name(part: str) -> str:
    """The token of a part, as the browser knows it."""
    return token(b"k", "attempt", "question", part)


@st.composite
def answers(draw: st.DrawFn, asked: Question) -> Answer:
    """Any answer that a question takes."""
    ids = part_ids(asked)
    if asked.type == "multi_select":
        return tuple(draw(st.lists(st.sampled_from(ids), unique=True)))
    if asked.type in ("single_choice", "true_false"):
        return (draw(st.sampled_from(ids)),)
    if asked.type == "ordering":
        return tuple(draw(st.permutations(ids)))
    if asked.type == "matching":
        return tuple(f"{pair.id}={draw(st.sampled_from(ids))}" for pair in asked.pairs)
    return (draw(texts),)


def variants(asked: Question) -> tuple[Question, ...]:
    """The question under both rules, and with tries."""
    both = (asked, replace(asked, scoring="all_or_nothing"))
    return (*both, *(replace(each, tries=(1.0, 0.6, 0.0)) for each in both))


@given(questions, st.data())
def test_every_score_is_a_share(asked: Question, data: st.DataObject) -> None:
    """From 0 to 1 for every answer of every type and rule and in every try; 1 for the right one only."""
    answer = data.draw(answers(asked))
    for each in variants(asked):
        made = score(each, answer)
        assert 0 <= made.value <= 1
        assert made.correct == (made.value == 1)
        for number in (1, 2, 3, 9):
            later = earned(made, each, number)
            assert 0 <= later.value <= made.value
            assert later.correct == made.correct


@pytest.mark.parametrize("asked", all_types.ALL, ids=lambda each: each.type)
def test_the_right_answer_scores_one(asked: Question) -> None:
    """Under every rule."""
    for each in variants(asked):
        assert score(each, right_answer(each)).value == 1


@given(questions, seeds, seeds, st.data())
def test_shuffling_changes_no_score(asked: Question, one: str, other: str, data: st.DataObject) -> None:
    """In whatever order parts are shown, stand in the file or are ticked: the same answer scores the same."""
    answer = data.draw(answers(asked))
    results = set()
    for seed in (one, other):
        order = shown_order(asked, seed)
        assert sorted(order) == sorted(part_ids(asked))
        choices = tuple(sorted(asked.choices, key=lambda each, order=order: order.index(each.id)))  # type: ignore[misc]
        pairs = asked.pairs[::-1] if seed == one else asked.pairs
        ticked = tuple(sorted(answer, key=order.index)) if asked.choices else answer
        results.add(score(replace(asked, choices=choices, pairs=pairs), ticked))
    assert results == {score(asked, answer)}


@given(st.integers(min_value=1, max_value=6), st.integers(min_value=1, max_value=6))
def test_blank_and_everything_pay_nothing(right: int, wrong: int) -> None:
    """Balanced, at least one choice right and one wrong: neither nothing nor everything earns a thing."""
    asked = replace(several(right, wrong), allow_none=True)
    assert score(asked, ()).value == score(asked, part_ids(asked)).value == 0


@given(st.integers(min_value=2, max_value=6), st.data())
def test_where_none_is_right_only_nothing_is(wrong: int, data: st.DataObject) -> None:
    """allow_none with no right choice: blank scores 1, anything ticked 0."""
    for rule in ("balanced", "all_or_nothing"):
        asked = replace(several(0, wrong, rule), allow_none=True)
        ticked = data.draw(st.lists(st.sampled_from(part_ids(asked)), min_size=1, unique=True))
        assert score(asked, ()).value == 1
        assert score(asked, ticked).value == 0


@given(questions, st.data())
def test_what_a_form_gives_is_what_is_stored(asked: Question, data: st.DataObject) -> None:
    """Through tokens, in any order of ticking, the answer that is read scores as the one that was meant."""
    answer = data.draw(answers(asked))
    given_back = [name(each.rpartition("=")[2]) for each in answer] if part_ids(asked) else list(answer)
    try:
        read = read_answer(asked, given_back, name)
    except UsageError:  # nothing ticked, nothing written, no number
        return
    assert score(asked, read) == score(asked, answer)


@given(questions, st.lists(st.text(max_size=30), max_size=6))
def test_whatever_is_given_is_read_or_refused(asked: Question, given_back: list[str]) -> None:
    """Never another error than one in words, and never an answer that can't be scored."""
    with contextlib.suppress(UsageError):
        answer = read_answer(asked, given_back, name)
        assert 0 <= score(asked, answer).value <= 1


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("5", "5"), (" 5.0 s", "5"), ("5,5", "5.5"), (".5", "0.5"), ("5.", "5"), ("−2", "-2"), ("+3", "3"),
        ("1e3", "1000"), ("12 000", "12000"), ("12'000", "12000"), ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"), ("0,125", "0.125"), ("５", "5"), ("1 234,5", "1234.5"),
    ],
)  # fmt: skip
def test_numbers_as_people_type_them(typed: str, number: str) -> None:
    """Comma or point, a unit behind, marks of thousands, a typographic minus."""
    read = read_number(typed, "s")
    assert read is not None
    assert format(read.normalize(), "f") == number


@pytest.mark.parametrize(
    "typed",
    [
        "", "five", "nan", "inf", "-Infinity", "1,000", "1,2,3", "1.2.3", "0x10", "1e999", "5 m", "٥",
        "1" * 61, "--1",
    ],
)  # fmt: skip
def test_what_is_no_number(typed: str) -> None:
    """Nothing is guessed; what can be read in two ways is not read."""
    assert read_number(typed, "s") is None


def test_bounds_belong_to_a_range() -> None:
    """Both ends are right, a hair outside is not; a known mistake is one only where it is wrong."""
    asked = all_types.NUMERIC
    assert [score(asked, (typed,)).value for typed in ("4.5", "5.5", "4.49", "5.51")] == [1, 1, 0, 0]
    assert known_wrong(asked, "10") is asked.wrong[0]
    assert known_wrong(asked, "5") is None
    assert known_wrong(asked, "11") is None


def test_credit_for_a_nearly_right_choice() -> None:
    """A wrong choice may earn a share; it stays wrong."""
    asked = question(Choice("a", "A", True, ""), Choice("b", "B", False, "", credit=0.5))
    made = score(asked, ("b",))
    assert (made.value, made.correct) == (0.5, False)


def test_a_key_that_was_dropped_costs_nobody() -> None:
    """Where no choice can be right any more, every answer gets the point."""
    asked = question(Choice("a", "A", True, "", void="drop"), Choice("b", "B", False, ""))
    assert score(asked, ("a",)).value == score(asked, ("b",)).value == 1


def test_steps_count_by_who_follows_whom() -> None:
    """Half of the neighbours right is half the point, wherever they stand; the other way round is nothing."""
    asked = all_types.ORDERING
    assert score(asked, ("verify", "store", "read")).value == 0.5
    assert score(asked, ("store", "verify", "read")).value == 0
    assert score(asked, ("store", "verify", "read")).rule == "next_in_order"
    with pytest.raises(ValueError, match="no order"):
        score(asked, ("read", "verify"))
    with pytest.raises(ValueError, match="no matching"):
        score(all_types.MATCHING, ("ok=s200",))


def test_three_steps_are_never_shown_in_the_right_order() -> None:
    """Else there would be nothing to do; two are shown either way, or the order shown would be the key."""
    three, two = all_types.ORDERING, replace(all_types.ORDERING, items=all_types.ORDERING.items[:2])
    shown = {shown_order(three, str(seed)) for seed in range(100)}
    assert part_ids(three) not in shown
    assert len({shown_order(two, str(seed)) for seed in range(50)}) == 2
    fixed = replace(three, shuffle=False)
    assert shown_order(fixed, "seed") != part_ids(three)
