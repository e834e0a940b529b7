"""The measure of the diagnosis: how often the planted mistake came first, and what came instead."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.cli.screen import Screen

if TYPE_CHECKING:
    from app.learning.measure import Diagnosed


def show_measure(screen: Screen, results: Sequence["Diagnosed"]) -> None:
    """Write each miss, then the share of each exercise and table, then the two figures that count."""
    screen.gap()
    screen.say(("The diagnosis names the planted mistake first", "strong"))
    for exercise in dict.fromkeys(result.exercise for result in results):
        _show_exercise(screen, [result for result in results if result.exercise == exercise])
    own = [result for result in results if result.table == result.language]
    other = [result for result in results if result.table != result.language]
    screen.gap()
    _show_share(screen, "with its own table", own)
    if other:
        _show_share(screen, "with another language's table alone", other)


def _show_exercise(screen: Screen, results: Sequence["Diagnosed"]) -> None:
    for language, table in dict.fromkeys((result.language, result.table) for result in results):
        those = [result for result in results if (result.language, result.table) == (language, table)]
        _show_share(screen, f"{results[0].exercise}: {language} by the table of {table}", those)
        for result in those:
            if result.hit < 1:
                _show_miss(screen, result)


def _show_miss(screen: Screen, result: "Diagnosed") -> None:
    if result.hit:
        rivals = ", ".join(name for name in result.offered if name != result.planted)
        screen.say((f"{result.planted}: looks the same as {rivals}", "quiet"), indent=4)
    else:
        offered = ", ".join(result.offered) or "nothing"
        screen.say((f"{result.planted}: offered was {offered}", "bad"), indent=4)


def _show_share(screen: Screen, what: str, results: Sequence["Diagnosed"]) -> None:
    from app.learning.measure import share

    hits = sum(result.hit for result in results)
    screen.say(f"{share(results):.1%}", f"  {what} ({hits:.1f} of {len(results)})", indent=2)
