"""course check, from the words typed to the exit code."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.checks.waiting import wait_for
from app.errors import CourseFault
from app.learning import running
from app.store.store import open_store
from tests.checks.leftovers import processes_with
from tests.cli.conftest import Learner
from tests.cli.tiny_course import HOSTILE, SOLUTION


def test_a_right_program_passes(learner: Learner) -> None:
    """A pass is exit code 0, names what comes next, and ticks every check; no argument is needed."""
    learner.writes(SOLUTION)
    result = learner.types("check", "--seed", "7")
    assert result.exit_code == 0
    assert "✓ A delivery is answered with 2xx" in result.output
    assert "Passed: all 2 checks." in result.output
    assert "seed 7" in result.output
    assert "course diff greet" in result.output


def test_the_starter_fails_with_the_way_on(learner: Learner) -> None:
    """A failure is exit code 1 and names the learner's file and the hint that is there."""
    result = learner.types("check", "greet")
    assert result.exit_code == 1
    assert "✗ A delivery is answered with 2xx" in result.output
    assert "exercises/greet/python/receiver.py" in result.output
    assert "opens hint 1 of 2" in result.output


def test_a_hostile_program_is_shown_harmlessly(learner: Learner) -> None:
    """What a program prints reaches the terminal as text alone."""
    learner.writes(HOSTILE)
    output = learner.types("check", "greet").output
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(output)
    assert "[red]hi[/red]" in output


def test_any_folder_can_be_checked(learner: Learner) -> None:
    """--dir judges another folder and leaves the learner's own alone."""
    folder = learner.content / "exercises/01-greet/solution/python"
    assert learner.types("check", "greet", "--dir", str(folder)).exit_code == 0
    assert not learner.program.exists()


def test_one_check_alone(learner: Learner) -> None:
    """--only runs one check and says how to run all."""
    learner.writes(SOLUTION)
    result = learner.types("check", "greet", "--only", "answers")
    assert result.exit_code == 0
    assert "printed" not in result.output
    assert "course check greet\n" in result.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("gret",), "Did you mean greet?"),
        (("greet", "--only", "answer"), "Did you mean answers?"),
        (("greet", "--language", "go"), "python"),
        (("/",), "no folder of an exercise"),
    ],
)
def test_wrong_words_are_exit_code_2(learner: Learner, words: tuple[str, ...], told: str) -> None:
    """A wrong exercise, check, language or path is told with what is meant, on standard error."""
    result = learner.types("check", *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


def test_a_missing_program_is_told(learner: Learner, tmp_path: Path) -> None:
    """A folder without the main file is wrong usage."""
    result = learner.types("check", "greet", "--dir", str(tmp_path))
    assert result.exit_code == 2
    assert "receiver.py" in result.stderr


def test_json_is_the_event_stream_and_nothing_else(learner: Learner) -> None:
    """--json prints one event a line, from run_started to run_finished, with the same exit code."""
    result = learner.types("check", "greet", "--json")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [events[0]["event"], events[-1]["event"]] == ["run_started", "run_finished"]
    assert [event["number"] for event in events] == list(range(1, len(events) + 1))


def test_a_fault_of_the_course_is_exit_code_3(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not the learner's fault is told so."""

    def fail(*_: object, **__: object) -> None:
        raise CourseFault("The grader can't be started.", "Run course doctor.")

    monkeypatch.setattr(running, "check", fail)
    result = learner.types("check", "greet")
    assert result.exit_code == 3
    assert "Run course doctor." in result.stderr


def test_no_slot_is_left_behind(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A grader that was started for a wrong command is ended."""
    from app.checks.runner import Runner

    slots = []
    prepare = Runner.prepare

    def remembering(self: Runner, language: str = "python"):
        slots.append(prepare(self, language))
        return slots[-1]

    monkeypatch.setattr(Runner, "prepare", remembering)
    assert learner.types("check", "nothing").exit_code == 2
    assert len(slots) == 1
    assert not slots[0].files_folder.parent.exists()


@pytest.mark.skipif(os.name == "nt", reason="signals are told apart on POSIX only")
def test_an_interrupt_ends_the_run_in_good_order(learner: Learner) -> None:
    """Ctrl-C while the program hangs ends with 130, one sentence, and nothing left running."""
    mark = f"hanging-{os.urandom(8).hex()}"
    child = f"[sys.executable, '-c', 'import time; time.sleep(600)', '{mark}']"
    learner.writes(
        f"import subprocess, sys\nchild = subprocess.Popen({child})\nprint('up', flush=True)\nchild.wait()\n"
    )
    code = (
        "from app.content import loader; from app.cli import main; from pathlib import Path; "
        f"loader.find_content = lambda folders: (Path({str(learner.content)!r}),); main(prog_name='course')"
    )
    words = [sys.executable, "-c", code, "check", "greet", "--json"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    with process.stdout as stream:
        for line in stream:
            if json.loads(line)["event"] == "program_output":
                assert wait_for(lambda: processes_with(mark) != [], 60.0)
                process.send_signal(signal.SIGINT)
                break
        rest = stream.read()
    assert process.wait(timeout=120) == 130
    last = json.loads(rest.splitlines()[-1])
    assert (last["event"], last["verdict"]) == ("run_finished", "cancelled")
    assert processes_with(mark) == []
    store = open_store("", learner.home)
    assert [run.verdict for run in store.runs.summaries()] == ["cancelled"]
    assert store.runs.last("greet") is None
    store.close()


def test_the_first_result_is_shown_before_the_last_check_starts(
    learner: Learner, capfd: pytest.CaptureFixture[str]
) -> None:
    """Results are written when they come, not at the end."""
    from app.cli.check_view import CheckView
    from app.cli.screen import Screen
    from tests.cli.events import finished, started

    view = CheckView(Screen(), "Say hello", ("Answer",))
    view.report(started("a", "b"))
    view.report(finished("a", "passed"))
    assert "✓ Title of a" in capfd.readouterr().out
