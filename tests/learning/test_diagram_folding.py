"""What is much alike in a long diagram is folded; what matters never is."""

from typing import Any

import pytest

from app.learning.diagram import draw
from app.learning.diagram_parts import Arrow, Fold, Life, Printed
from tests.learning.records import TRACE, said, sent, step, told


def many(count: int, **changes: Any) -> list[dict[str, Any]]:
    """So many deliveries, one after another."""
    return [sent(number, 10 * number, 10 * number + 5, **changes) for number in range(1, count + 1)]


@pytest.mark.parametrize("failing", range(1, 41))
def test_the_failing_arrow_is_never_folded(failing: int) -> None:
    """Of forty exchanges the first, the last and the failing one are drawn, wherever that is."""
    view = draw(many(40), (), (), {"exchange": failing})
    drawn = {row.number for row in view.rows if isinstance(row, Arrow)}
    assert {1, 2, 3, failing, 39, 40} <= drawn
    assert any(isinstance(row, Arrow) and row.is_failing for row in view.rows)
    assert len(drawn) <= 8
    assert {arrow.number for arrow in view.arrows} == set(range(1, 41))


@pytest.mark.parametrize("failing", [1, 20, 21, 40])
def test_the_failing_one_of_forty_at_once_is_drawn(failing: int) -> None:
    """Sent all at the same moment, answered in any order: the failing request and answer stand there."""
    together = [sent(number, number / 10, 100 - (number * 7) % 40) for number in range(1, 41)]
    view = draw(together, (), (), {"exchange": failing})
    drawn = [(row.number, row.kind) for row in view.rows if isinstance(row, Arrow)]
    assert (failing, "request") in drawn
    assert (failing, "answer") in drawn


def test_few_exchanges_are_not_folded() -> None:
    """Eight exchanges are all drawn."""
    assert not any(isinstance(row, Fold) for row in draw(many(8), (), ()).rows)


def test_a_fold_says_what_is_inside() -> None:
    """Its words count exchanges and endings; output between folded arrows is folded with them."""
    sent_all = [*many(11), sent(12, 120, 125, status=500)]
    output = [said("in the fold\n", 62)]
    view = draw([*sent_all, sent(13, 130, 131), sent(14, 140, 141)], output, ())
    (fold,) = (row for row in view.rows if isinstance(row, Fold))
    assert fold.words == "9 more exchanges: 8 × 200 OK, 1 × 500 OK"
    assert any(isinstance(row, Printed) for row in fold.rows)
    assert not any(isinstance(row, Printed) for row in view.rows)


def test_lives_and_tracebacks_are_never_folded() -> None:
    """A kill in the middle of many deliveries stands there, and so does a traceback."""
    view = draw(many(30), [said(TRACE, 152, stream="stderr")], [step("killed", 101)])
    assert any(isinstance(row, Life) for row in view.rows)
    assert any(isinstance(row, Printed) and row.is_trouble for row in view.rows)


def test_what_is_not_on_record_is_counted() -> None:
    """Exchanges that the record left out keep their numbers, and a remark says how many they are."""
    view = draw([sent(1, 0, 1), sent(90, 2, 3, skipped_before=88)], (), ())
    assert told(view)[2] == "88 more exchanges are not on record"
    assert [arrow.number for arrow in view.arrows] == [1, 1, 90, 90]
