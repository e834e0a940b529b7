"""Settings and errors."""

import os
from pathlib import Path

import pytest

from app.config import SETTINGS, Settings, data_folder, read_settings
from app.errors import ContentError, CourseError, EditConflict, NotFound, UsageError


def test_without_variables_the_defaults_hold() -> None:
    """A newcomer sets nothing."""
    assert read_settings({"HOME": "/home/somebody"}) == Settings(
        home=Path("/home/somebody/webhook-course"),
        content=(),
        port=4747,
        database="",
        isolation="auto",
        slots=1,
    )


def test_every_setting_can_be_set() -> None:
    """What the environment says wins; folders are separated as in PATH."""
    found = read_settings(
        {
            "COURSE_HOME": "/a",
            "COURSE_CONTENT": f"/b{os.pathsep}/c{os.pathsep}",
            "COURSE_PORT": "8080",
            "COURSE_DATABASE": "sqlite:///x.db",
            "COURSE_ISOLATION": "off",
            "COURSE_SLOTS": "0",
        }
    )
    assert found == Settings(Path("/a"), (Path("/b"), Path("/c")), 8080, "sqlite:///x.db", "off", 0)


def test_an_empty_variable_is_no_value() -> None:
    """Setting a variable to nothing asks for the default."""
    empty = dict.fromkeys((setting.name for setting in SETTINGS), "")
    assert read_settings({**empty, "HOME": "/h"}) == read_settings({"HOME": "/h"})


def test_folders_are_absolute() -> None:
    """The course may change its folder; the settings mean the same afterwards."""
    assert read_settings({"COURSE_HOME": "mine"}).home == Path.cwd() / "mine"
    assert data_folder({"HOME": "/h"}) == Path("/h/.local/share/webhook-course")
    assert data_folder({"XDG_DATA_HOME": "/data"}) == Path("/data/webhook-course")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COURSE_PORT", "0"),
        ("COURSE_PORT", "65536"),
        ("COURSE_PORT", "eighty"),
        ("COURSE_PORT", "-1"),
        ("COURSE_PORT", "9" * 5000),
        ("COURSE_PORT", "²"),
        ("COURSE_DATABASE", "progress.db"),
        ("COURSE_ISOLATION", "on"),
        ("COURSE_SLOTS", "17"),
        ("COURSE_SLOTS", "-1"),
        ("COURSE_SLOTS", "9" * 5000),
        ("COURSE_HOME", "a\0b"),
    ],
)
def test_a_bad_value_names_its_variable_and_what_to_do(name: str, value: str) -> None:
    """The sentence is enough to mend it."""
    with pytest.raises(UsageError, match=name) as raised:
        read_settings({name: value})
    assert raised.value.advice


def test_an_error_reads_as_message_and_advice() -> None:
    """What happened, then what to do; each error carries what its reader needs."""
    assert str(CourseError("It broke.", "Mend it.")) == "It broke. Mend it."
    assert str(CourseError("It broke.")) == "It broke."
    assert isinstance(NotFound("No."), UsageError)
    conflict = EditConflict("Changed.", "Join.", current_text="t", current_version="v")
    assert (conflict.current_text, conflict.current_version) == ("t", "v")
    assert ContentError("Bad.", problems=["one"]).problems == ("one",)
