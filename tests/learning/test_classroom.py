"""The Classroom builds each part on first use, once."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.config import Settings
from app.errors import NotFound
from app.learning.classroom import Classroom, open_classroom

FIRST_OF_ALL = """
import sys
from pathlib import Path
from app.config import Settings
from app.learning.classroom import Classroom
from app.learning.running import check
from tests.learning import tiny

home = Path(sys.argv[1])
seen = []

class Looking(tiny.FakeRunner):
    def prepare(self, language="python"):
        seen.append("sqlalchemy" in sys.modules)
        return super().prepare(language)

room = Classroom(Settings(home, (), 1, "", "off"), course=tiny.course(home / "x"), runner=Looking())
check(room, "first", "python")
print(seen, "sqlalchemy" in sys.modules)
"""


def test_the_grader_is_started_before_the_store_is_imported(tmp_path: Path) -> None:
    """The slowest import must not stand between the command and the first check."""
    command = [sys.executable, "-c", FIRST_OF_ALL, str(tmp_path)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout == "[False] True\n"


def test_opening_a_classroom_touches_nothing(settings: Settings) -> None:
    """Nothing is loaded, written or started before it is used; closing it then is free, too."""
    room = open_classroom(settings)
    assert (room._course, room._runner, room._store) == (None, None, None)
    room.close()
    assert not settings.home.exists()


def test_the_store_is_opened_once(classroom: Classroom) -> None:
    """Threads that ask at the same moment share one."""
    together, found = threading.Barrier(6), []

    def ask() -> None:
        together.wait()
        found.append(classroom.store)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(store) for store in found}) == 1


def test_one_exercise_is_found_without_the_others(settings: Settings) -> None:
    """It is the same as in the whole course; a wrong id is answered from the whole course."""
    room = open_classroom(settings)
    for exercise in open_classroom(settings).course.exercises:
        assert room.exercise(exercise.id) == exercise
    assert room._course is None
    with pytest.raises(NotFound, match="no exercise called"):
        room.exercise("../first")
    assert room._course is not None


def test_times_are_stored_so_that_they_sort(classroom: Classroom) -> None:
    """Text in one form: UTC, always with microseconds."""
    first, second = classroom.now, classroom.now
    assert first < second
    assert first == "2026-01-01T00:00:01.000000+00:00"
