"""A scenario on the terminal: what is about to happen, what happened, what to look at."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.cli.clean import clipped
from app.cli.diagram_view import show_diagram, show_exchange
from app.cli.screen import Screen
from app.learning.diagram import draw_scene
from app.learning.diagram_output import without_foreign_frames
from app.learning.scene import Scene

if TYPE_CHECKING:
    from app.content.course import Course, Exercise
    from app.content.scenario import Scenario
    from app.learning.diagram_parts import Diagram
    from app.learning.scenarios import Program

PRINTED_LINES = 24
WHOLE = 8
"""So many exchanges are shown with every header; of more, half from the begin and half from the end."""
Event = dict[str, Any]


def list_scenarios(screen: Screen, course: "Course") -> None:
    """Write every scenario with the command that plays it, by exercise."""
    for exercise in course.exercises:
        scenarios = course.scenarios_of(exercise.id)
        if scenarios:
            screen.say((exercise.title, "strong"))
            show_commands(screen, scenarios)
    if not course.scenarios:
        screen.say("There is no scenario yet.")


def show_commands(screen: Screen, scenarios: "tuple[Scenario, ...]") -> None:
    """Write one line for each scenario: what to type, and what it shows."""
    for scenario in scenarios:
        screen.command(f"course scenario {scenario.name}", scenario.title)


def whose_program(program: "Program", exercise: "Exercise") -> str:
    """Say in one sentence which program plays."""
    if program.whose == "own":
        return f"It runs your own program of {program.exercise} ({program.language}), as it is now."
    if program.whose == "mistaken":
        return f"It runs a program of the course that makes a mistake, not yours ({program.language})."
    if program.whose == "carried":
        return f"It runs your passed program of {exercise.starts_from}, with which {program.exercise} begins."
    return f"You have not begun {program.exercise} yet, so it runs the program with which you would begin."


class ScenarioView:
    """Receives the events of one playing."""

    def __init__(self, screen: Screen, scenario: "Scenario", whose: str):
        self._screen = screen
        self._scenario = scenario
        self._scene = Scene()
        screen.title(scenario.title, scenario.exercise)
        screen.say(scenario.intro)
        screen.say((whose, "quiet"))

    def report(self, event: Event) -> None:
        """Show one event."""
        self._scene = self._scene.after(event)
        if event["event"] == "scenario_step":
            self._screen.passing(f"  {event['step']}  {event['say']}")
        elif event["event"] == "program_started":
            self._screen.passing("  starting your program ...")
        elif event["event"] == "scenario_finished":
            self._finish(event)
        elif event["event"] == "run_finished" and event["verdict"] != "played":
            self._draw(self._scene.told)
            self._screen.gap()
            self._screen.say(("The scenario could not be played to its end.", "bad"))
            self._screen.say(event["reason"])

    def _finish(self, event: Event) -> None:
        view = self._draw(event)
        if event["cause"]:
            self._show_end(event)
        self._show_exchanges(view)
        self._show_question()

    def _draw(self, told: Mapping[str, Any]) -> "Diagram":
        view = draw_scene(told)
        if view.rows:
            self._screen.gap()
            show_diagram(self._screen, view, indent=0)
        return view

    def _show_exchanges(self, view: "Diagram") -> None:
        """Write the requests of the provider and of others whole, of many the first and the last ones."""
        numbers = list(dict.fromkeys(arrow.number for arrow in view.arrows))
        left_out = numbers[WHOLE // 2 : -WHOLE // 2] if len(numbers) > WHOLE else []
        for number in numbers:
            if left_out and number == left_out[0]:
                self._screen.gap()
                self._screen.say((f"{len(left_out)} more exchanges", "quiet"))
            if number not in left_out:
                self._screen.gap()
                self._screen.say((f"Exchange {number}, whole", "quiet"))
                show_exchange(self._screen, view, number)

    def _show_end(self, event: Event) -> None:
        self._screen.gap()
        self._screen.say((event["cause"]["rationale"], "bad"))
        self._screen.say(event["cause"]["help"])
        if event["traceback"]:
            self._screen.quoted(clipped(without_foreign_frames(event["traceback"]), lines=PRINTED_LINES))

    def _show_question(self) -> None:
        self._screen.gap()
        self._screen.say(("? ", "strong"), (self._scenario.question, "strong"))
        self._screen.gap()
        self._screen.say(self._scenario.answer)
