"""What an attempt shows: the draw, the orders, the tokens; and which revision was answered."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.quiz.drawing import choice_order, question_order
from app.quiz.revision import revision
from app.quiz.tokens import read_stamp, stamp, token
from app.quiz.types import Choice, QuizSettings, Stimulus
from tests.quiz.samples import question, quiz, several

seeds = st.text(max_size=20)


@given(seeds, st.integers(min_value=1, max_value=8))
def test_a_draw_has_no_repeats(seed: str, choose: int) -> None:
    """An attempt shows as many different questions as the quiz says, the same ones for the same seed."""
    asked = quiz(*(question(id=f"q{at}") for at in range(8)), settings=QuizSettings(choose=choose))
    drawn = question_order(asked, seed)
    assert len(set(drawn)) == len(drawn) == choose
    assert question_order(asked, seed) == drawn


def test_every_question_gets_its_turn() -> None:
    """Over many seeds each question is drawn, and stands first."""
    asked = quiz(*(question(id=f"q{at}") for at in range(5)), settings=QuizSettings(choose=2))
    draws = [question_order(asked, str(seed)) for seed in range(200)]
    assert (
        {each for draw in draws for each in draw}
        == {draw[0] for draw in draws}
        == {f"q{at}" for at in range(5)}
    )


def test_the_order_of_the_file() -> None:
    """Without shuffling, questions and choices come as they stand in the file."""
    asked = quiz(
        *(question(id=f"q{at}") for at in range(8)), settings=QuizSettings(choose=3, shuffle_questions=False)
    )
    drawn = question_order(asked, "seed")
    assert list(drawn) == sorted(drawn)
    fixed = replace(several(3, 3), shuffle=False)
    assert choice_order(fixed, "seed") == tuple(choice.id for choice in fixed.choices)


@given(seeds)
def test_fixed_choices_keep_their_end(seed: str) -> None:
    """`fixed: last` stays last and `fixed: first` first, whatever the seed; nothing gets lost."""
    asked = question(
        Choice("none", "None", False, "", fixed="last"),
        Choice("a", "A", True, ""),
        Choice("b", "B", False, ""),
        Choice("top", "Top", False, "", fixed="first"),
    )
    order = choice_order(asked, seed)
    assert (order[0], order[-1]) == ("top", "none")
    assert sorted(order) == ["a", "b", "none", "top"]


def test_words_and_key_are_told_apart() -> None:
    """New words change the text hash only; another key changes the key hash only; another order neither."""
    before = question(Choice("a", "A", True, ""), Choice("b", "B", False, ""))
    reworded = question(Choice("a", "Aa", True, ""), Choice("b", "B", False, ""))
    rekeyed = question(Choice("a", "A", False, ""), Choice("b", "B", True, ""))
    turned = question(Choice("b", "B", False, ""), Choice("a", "A", True, ""))
    assert revision(reworded).key == revision(before).key
    assert revision(reworded).text != revision(before).text
    assert revision(rekeyed).key != revision(before).key
    assert revision(rekeyed).text == revision(before).text
    assert revision(turned) == revision(before)


def test_feedback_is_no_revision() -> None:
    """Feedback comes after the answer, so better feedback leaves the statistics alone."""
    before = question(Choice("a", "A", True, ""), Choice("b", "B", False, "no"))
    after = question(Choice("a", "A", True, "yes"), Choice("b", "B", False, "because"))
    assert revision(before) == revision(after)


def test_tokens_say_nothing() -> None:
    """A token changes with the attempt, the question, the choice and the secret, and holds no id."""
    first = token(b"k", "1", "q", "correct-choice")
    others = {
        token(b"j", "1", "q", "correct-choice"),
        token(b"k", "2", "q", "correct-choice"),
        token(b"k", "1", "p", "correct-choice"),
        token(b"k", "1", "q", "b"),
    }
    assert len({first, *others}) == 5
    assert "correct" not in first
    assert first == token(b"k", "1", "q", "correct-choice")


def test_a_stamp_is_made_by_the_server_alone() -> None:
    """It says when, for one attempt; whatever was changed or made up says nothing."""
    at = "2026-01-01T00:00:00.000000+00:00"
    made = stamp(b"k", "1", at)
    assert read_stamp(b"k", "1", made) == at
    assert read_stamp(b"j", "1", made) is None
    assert read_stamp(b"k", "2", made) is None
    for given_back in ("", " ", at, made[1:], made[:-1], made.replace("2026", "2020"), f"{at} é", "é ü"):
        assert read_stamp(b"k", "1", given_back) is None


def test_token_parts_do_not_run_together() -> None:
    """Question `a` with choice `bc` is not question `ab` with choice `c`."""
    assert token(b"k", "1", "a", "bc") != token(b"k", "1", "ab", "c")


def test_pools_and_shared_texts() -> None:
    """A pool gives as many as it should, the rest is asked whole; one stimulus stays together."""
    asked = quiz(
        *(replace(question(id=f"p{at}"), pool="p") for at in range(4)),
        *(replace(question(id=f"s{at}"), stimulus=Stimulus("log", "Look.")) for at in range(3)),
        *(question(id=f"q{at}") for at in range(3)),
    )
    asked = replace(asked, pools={"p": 2})
    orders = [question_order(asked, str(seed)) for seed in range(100)]
    for order in orders:
        assert len(order) == len(set(order)) == asked.asked == 8
        assert sum(each.startswith("p") for each in order) == 2
        first = min(order.index(each) for each in ("s0", "s1", "s2"))
        assert {order[first + at] for at in range(3)} == {"s0", "s1", "s2"}
    assert {each for order in orders for each in order} == {each.id for each in asked.questions}
