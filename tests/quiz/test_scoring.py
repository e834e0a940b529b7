"""Scores: what an answer is worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.quiz.scoring import score
from app.quiz.types import Choice
from tests.quiz.samples import question, several

sizes = st.integers(min_value=1, max_value=6)


@given(sizes, sizes)
def test_blank_and_everything_pay_nothing(right: int, wrong: int) -> None:
    """Under the balanced rule neither a blank answer nor ticking everything pays, however many choices."""
    asked = several(right, wrong)
    assert score(asked, frozenset()).value == 0
    assert score(asked, frozenset(choice.id for choice in asked.choices)).value == 0


@given(sizes, sizes, st.data())
def test_a_score_is_a_share(right: int, wrong: int, data: st.DataObject) -> None:
    """Every answer scores from 0 to 1, and 1 exactly for the right one, under both rules."""
    for rule in ("balanced", "all_or_nothing"):
        asked = several(right, wrong, rule)
        ids = sorted(choice.id for choice in asked.choices)
        chosen = frozenset(data.draw(st.lists(st.sampled_from(ids))))
        made = score(asked, chosen)
        is_right = chosen == {choice.id for choice in asked.choices if choice.correct}
        assert 0 <= made.value <= 1
        assert made.correct == is_right == (made.value == 1)


@pytest.mark.parametrize(
    ("rule", "chosen", "value"),
    [
        ("balanced", {"r0", "r1"}, 2 / 3),
        ("balanced", {"r0", "r1", "r2", "w0"}, 1 / 2),
        ("balanced", {"w0"}, 0),
        ("all_or_nothing", {"r0", "r1"}, 0),
        ("all_or_nothing", {"r0", "r1", "r2"}, 1),
    ],
)
def test_the_table_of_rules(rule: str, chosen: set[str], value: float) -> None:
    """With three right and two wrong choices the rules pay what the published table says."""
    made = score(several(3, 2, rule), frozenset(chosen))
    assert made.value == pytest.approx(value)
    assert made.rule == rule


def test_one_choice_is_right_or_wrong() -> None:
    """A single_choice pays 1 or 0, and takes one choice only."""
    asked = question(Choice("a", "A", True, ""), Choice("b", "B", False, ""))
    assert score(asked, frozenset({"a"})).value == 1
    assert score(asked, frozenset({"b"})).value == 0
    with pytest.raises(ValueError, match="more than one"):
        score(asked, frozenset({"a", "b"}))


def test_void_choices() -> None:
    """A dropped choice counts for nobody; an accepted one is right for everybody."""
    dropped = question(
        Choice("a", "A", True, ""),
        Choice("b", "B", True, "", void="drop"),
        Choice("c", "C", False, ""),
        kind="multi_select",
    )
    assert score(dropped, frozenset({"a"})).value == score(dropped, frozenset({"a", "b"})).value == 1
    accepted = question(Choice("a", "A", True, ""), Choice("b", "B", False, "", void="accept"))
    assert score(accepted, frozenset({"b"})).correct


def test_unknown_choices_are_refused() -> None:
    """An id that is no choice of the question is an error, never a quiet zero."""
    with pytest.raises(ValueError, match="no choice"):
        score(several(1, 1), frozenset({"zzz"}))
