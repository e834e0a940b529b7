"""A program run once: what it prints, and that it gets no further than any other program."""

import os
from pathlib import Path

import pytest

from app.checks.limits import LIMITS
from app.checks.once import run_once
from app.config import data_folder

WHERE = data_folder(os.environ)


@pytest.mark.parametrize("isolation", ["auto", "off"])
def test_what_it_prints(isolation: str) -> None:
    """Both streams are kept apart, and an exception is no fault of ours."""
    ran = run_once("print('one')\nraise ValueError('two')", "python", WHERE, isolation)
    assert (ran.printed, ran.stopped) == ("one\n", "")
    assert ran.complained.strip().endswith("ValueError: two")


def test_the_order_of_sets_is_that_of_the_seed() -> None:
    """The same seed prints the same, so that what hangs on chance can be seen by another."""
    code = "print(list({'a', 'b', 'c', 'd', 'e', 'f'}))"
    printed = [run_once(code, "python", WHERE, seed=seed).printed for seed in (1, 1, 2, 3)]
    assert printed[0] == printed[1]
    assert len(set(printed)) > 1


def test_what_prints_without_end_is_stopped() -> None:
    """Output is bounded, and the reason is told."""
    ran = run_once("while True: print('x' * 1000)", "python", WHERE)
    assert "printed more than" in ran.stopped
    assert len(ran.printed) <= LIMITS.output


@pytest.mark.needs_sandbox
def test_it_sees_neither_the_home_nor_the_network(tmp_path: Path) -> None:
    """Behind the wall no file of the author's is there, and nothing listens anywhere."""
    secret = tmp_path / "secret"
    secret.write_text("x")
    code = (
        "import os, socket\n"
        f"print(os.path.exists({str(secret)!r}), os.path.exists({str(Path.home() / '.bashrc')!r}))\n"
        "try:\n    socket.create_connection(('1.1.1.1', 53), timeout=2)\n"
        "except OSError as error:\n    print('no network')\n"
    )
    assert run_once(code, "python", WHERE).printed == "False False\nno network\n"
