"""Every line of code in a lesson runs, and does what the lesson says it does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.course.lesson_code import LESSONS, SUFFIXES, Fence, MachineFor, all_fences, tabs

FENCES = all_fences()


def chosen(keep: Callable[[Fence], object]) -> list[object]:
    """Return the fences to keep, each named by lesson and line."""
    return [pytest.param(fence, id=fence.name) for fence in FENCES if keep(fence)]


@pytest.mark.parametrize("fence", chosen(lambda fence: fence.is_run))
def test_a_sample_prints_what_the_lesson_shows(fence: Fence, machine_for: MachineFor) -> None:
    """The `output` fence after a `run` fence is exactly what it prints, and it ends without an error."""
    done = machine_for(fence).run(fence)
    assert fence.follower is not None, "an output fence must follow"
    assert fence.follower.language == "output"
    assert done.returncode == 0, done.stderr
    assert done.stdout == fence.follower.code


@pytest.mark.parametrize("fence", chosen(lambda fence: fence.file.startswith("receiver.")))
def test_a_receiver_opens_the_port_it_is_given(fence: Fence, machine_for: MachineFor) -> None:
    """A receiver that a lesson shows starts as the course starts a learner's program."""
    with machine_for(fence).serve(fence) as server:
        status, _ = server.send("GET", "/a-path-that-is-not-there")
    assert status == 404


def test_output_is_claimed_only_for_code_that_was_run() -> None:
    """Every `output` fence follows a `run` fence: nothing is shown as printed that no test printed."""
    shown = {fence.name for fence in FENCES if fence.language == "output"}
    proved = {fence.follower.name for fence in FENCES if fence.is_run and fence.follower}
    assert shown == proved


@pytest.mark.parametrize("lesson", sorted(LESSONS.glob("*.md")), ids=lambda path: path.stem)
def test_code_in_tabs_is_run_in_each_language(lesson: Path) -> None:
    """Where a tab of one language holds code that is run or a whole program, so do the tabs beside it.

    A tab for the shell may stand beside the two.
    """
    for group in tabs(lesson):
        kinds = {label: [fence.info.partition("=")[0] for fence in group[label]] for label in group}
        first = next(iter(group.values()))[0]
        assert set(kinds) - {"Shell"} == {"Python", "JavaScript"}, first.name
        assert all(kind == kinds["Python"] for kind in kinds.values()), first.name


@pytest.mark.parametrize("fence", chosen(lambda fence: fence.language == "python" and not fence.is_run))
def test_a_fragment_is_at_least_python(fence: Fence) -> None:
    """Python that is only shown compiles, so that a copied line does not fail for a typing error."""
    compile(fence.code, fence.name, "exec")


@pytest.mark.parametrize("fence", chosen(lambda fence: fence.language in SUFFIXES))
def test_code_fits_a_narrow_page(fence: Fence) -> None:
    """No line of code is longer than 100 characters."""
    assert max(map(len, fence.code.splitlines())) <= 100
