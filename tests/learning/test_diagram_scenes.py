"""The diagram of a scenario: its sentences, and what it does not give away."""

from typing import Any

from app.learning.diagram import draw, draw_scene
from app.learning.diagram_parts import Fold, Said
from tests.learning.records import said, sent, signed, step, told


def sentence(at: float, say: str, note: str = "", noted: float = 0.0) -> dict[str, Any]:
    """One step of a scenario, as its events tell it."""
    return {"say": say, "at": at, "note": note, "noted": noted}


def test_the_sentences_of_a_scenario_stand_at_their_moment() -> None:
    """Before what happens in the same instant, and the remark on a step behind it."""
    scene = {
        "told": [sentence(1, "One comes.", "It answered 204.", 9), sentence(12, "The power fails.")],
        "exchanges": [sent(1, 1, 9)],
        "output": [said("hello\n", 4)],
        "steps": [step("killed", 12)],
        "began": 0,
    }
    assert told(draw_scene(scene)) == [
        "One comes.",
        "1 request provider to your program",
        "printed hello",
        "1 answer your program to provider",
        "It answered 204.",
        "The power fails.",
        "killed by the scenario (SIGKILL)",
    ]


def test_a_scenario_that_has_just_begun_has_its_lanes() -> None:
    """The first sentence is drawn before anything was sent; before that there is nothing."""
    assert draw_scene({"told": [sentence(1, "One comes.")]}).lanes == ("provider", "your program")
    assert draw_scene({}).rows == ()


def test_a_program_of_the_course_is_not_yours() -> None:
    """Where a known mistake plays, its lane says so."""
    assert draw_scene({"exchanges": [sent(1, 0, 1)], "mistake": "silent"}).lanes == (
        "provider",
        "the program",
    )


def test_a_scenario_says_what_is_sent_and_not_what_were_right() -> None:
    """Changed bytes are marked; the signature that a stranger lacks is for the learner to find."""
    forged = sent(1, 0, 1, signature=signed(correct=(("X-Sign", "abc"),)))
    changed = sent(2, 2, 3, body=b'{"n":5}', signature=signed(b'{"n":4}'))
    view = draw_scene({"exchanges": [forged, changed]})
    assert [bool(arrow.differences) for arrow in view.arrows] == [False, False, True, False]
    assert draw([forged], (), ()).arrows[0].differences


def test_sentences_are_never_folded() -> None:
    """Of many exchanges those in the middle are folded, and what is said between them stays."""
    scene = {
        "told": [sentence(at, f"sentence {at}") for at in range(0, 200, 50)],
        "exchanges": [sent(number, number, number + 0.5) for number in range(1, 200)],
    }
    rows = draw_scene(scene).rows
    assert [row.words for row in rows if isinstance(row, Said)] == [
        f"sentence {at}" for at in range(0, 200, 50)
    ]
    assert any(isinstance(row, Fold) for row in rows)
