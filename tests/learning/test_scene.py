"""What a scenario has shown, as its events come, and when it is stopped in the middle of a request."""

from typing import Any

from app.learning.diagram import draw_scene
from app.learning.scene import Scene
from tests.learning.records import said, sent, told

Event = dict[str, Any]
STEP = {"event": "scenario_step", "step": 1, "told": [{"say": "One comes.", "at": 1, "note": ""}], "began": 0}
CANCELLED = {"event": "run_finished", "verdict": "cancelled"}


def exchange(number: int, start: float, end: float, **more: Any) -> Event:
    """An exchange as it is told when it begins (`open`) or is over."""
    return {"event": "scenario_exchange", "exchange": sent(number, start, end, **more)}


def begun(number: int, start: float) -> Event:
    """An exchange that begins."""
    return exchange(number, start, start, status=None, ended="open")


def rows(*events: Event) -> list[str]:
    """Draw what these events have shown, each row in a few words."""
    scene = Scene()
    for event in events:
        scene = scene.after(event)
    return told(draw_scene(scene.told))


def test_a_stopped_request_has_no_answer_yet() -> None:
    """The last step is drawn up to the stop: the answers that came, what was printed, the open request."""
    printed = {"event": "program_output", "number": 5, **said("hello\n", 4.5)}
    events = (begun(1, 2), exchange(1, 2, 3), begun(2, 4), printed)
    assert rows(STEP, *events, CANCELLED) == [
        "One comes.",
        "1 request provider to your program",
        "1 answer your program to provider",
        "2 request provider to your program",
        "printed hello",
        "2 lost your program to provider",
    ]
    scene = Scene().after(STEP).after(begun(2, 4)).after(CANCELLED)
    (_, lost) = draw_scene(scene.told).arrows
    assert lost.label == "no answer yet when stopped"
    assert not lost.is_over


def test_while_it_plays_the_newest_report_is_shown() -> None:
    """A request that is on its way changes nothing until the next step, or the end, reports it."""
    assert rows(STEP, begun(1, 2)) == ["One comes."]
    finished = {**STEP, "event": "scenario_finished", "exchanges": [sent(1, 2, 3)]}
    assert rows(STEP, begun(1, 2), finished, CANCELLED) == rows(finished)
    assert len(rows(finished)) == 3


def test_a_run_that_never_began_has_shown_nothing() -> None:
    """Stopped before the first step: no sentence, no arrow."""
    assert rows(CANCELLED) == []
