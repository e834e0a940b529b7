"""Every scenario of the course plays to its end, and shows what its words promise."""

from pathlib import Path
from typing import Any

import pytest

from app.config import read_settings
from app.content.loader import find_content, load_course
from app.learning.classroom import Classroom, open_classroom
from app.learning.scenarios import play, program_of

COURSE = load_course(find_content())


def played(home: Path, name: str, folder: str) -> dict[str, Any]:
    """Play a scenario against the starter, or against the solution as the learner's own files."""
    classroom = open_classroom(read_settings({"COURSE_HOME": str(home)}))
    exercise = classroom.course.exercise(classroom.course.scenario(name).exercise)
    if folder == "solution":
        put(classroom, exercise.id, exercise.solutions("python")[0])
    result = play(classroom, name, "python", seed=7)
    classroom.close()
    assert result.verdict == "played", result.reason
    (finished,) = [event for event in result.events if event["event"] == "scenario_finished"]
    return finished


def put(classroom: Classroom, exercise_id: str, folder: Path) -> None:
    """Give the learner these files."""
    own = classroom.settings.home / "exercises" / exercise_id / "python"
    own.mkdir(parents=True)
    for file in folder.iterdir():
        if file.is_file():
            (own / file.name).write_bytes(file.read_bytes())


def printed(finished: dict[str, Any]) -> str:
    """Give what the program printed on standard output."""
    return "".join(entry["text"] for entry in finished["output"] if entry["stream"] == "stdout")


@pytest.mark.parametrize("folder", ["starter", "solution"])
@pytest.mark.parametrize("name", [scenario.name for scenario in COURSE.scenarios])
def test_it_plays_to_its_end(tmp_path: Path, name: str, folder: str) -> None:
    """No fault, no crash, and every step is told."""
    finished = played(tmp_path, name, folder)
    assert finished["cause"] is None
    assert finished["traceback"] == ""
    assert len(finished["told"]) == len(COURSE.scenario(name).steps)


def test_a_forged_payment_is_booked_until_the_program_verifies(tmp_path: Path) -> None:
    """The program with which one begins prints the stranger's event; the solution refuses it."""
    for folder, is_booked in (("starter", True), ("solution", False)):
        finished = played(tmp_path / folder, "a-stranger-pays", folder)
        (forged,) = [each for each in finished["exchanges"] if each["from"] == "stranger"]
        event = forged["request"]["body"]["text"].split('"')[3]
        assert (event in printed(finished)) is is_booked
        assert (forged["response"]["status"] == 401) is not is_booked


def test_a_redelivery_charges_twice(tmp_path: Path) -> None:
    """A program that verifies and does not remember prints the same event twice: the bytes are the same."""
    finished = played(tmp_path, "charged-twice", "solution")
    first, second = (each["request"]["body"]["text"] for each in finished["exchanges"])
    assert first == second
    assert printed(finished).count(first.split('"')[3]) == 2


def test_a_right_program_credits_once_over_a_restart(tmp_path: Path) -> None:
    """The solution's balance is 500 after each of three deliveries."""
    finished = played(tmp_path, "paid-once", "solution")
    answers = [
        each["response"]["body"]["text"] for each in finished["exchanges"] if "GET" in str(each["request"])
    ]
    assert [answer.strip() for answer in answers] == ['{"balance":500}'] * 3


def test_a_power_cut_in_the_middle_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """The solution is killed inside the credit: nothing is on the account, and 500 after the redelivery."""
    finished = played(tmp_path, "power-cut", "solution")
    assert [each["ended"] for each in finished["exchanges"]] == ["closed", *["answered"] * 3]
    answers = [each["response"]["body"]["text"].strip() for each in finished["exchanges"][1:]]
    assert answers == ['{"balance":0}', answers[1], '{"balance":500}']
    assert finished["told"][0]["note"] == ""
    assert [step["what"] for step in finished["steps"] if step["what"] in ("held", "killed")] == [
        "held",
        "killed",
    ]


def test_a_body_that_is_written_again_refuses_and_lets_in(tmp_path: Path) -> None:
    """The small test passes, the genuine delivery is refused each time, the changed one gets in."""
    finished = played(tmp_path, "written-again", "starter")
    assert [each["response"]["status"] for each in finished["exchanges"]] == [200, 401, 401, 401, 200]
    changed = finished["exchanges"][-1]
    assert changed["signature"]["signed_base64"] is not None
    assert changed["request"]["body"]["text"].split('"')[3] in printed(finished)


def test_who_looks_first_credits_twice(tmp_path: Path) -> None:
    """One after another counts once; at the same moment twice, each time that it is played."""
    finished = played(tmp_path, "same-moment", "starter")
    notes = [told["note"] for told in finished["told"] if told["note"]]
    assert [note.split(": ", 1)[1] for note in notes] == ['{"balance":500}', '{"balance":1000}']


def test_a_mistake_of_the_course_needs_no_own_program(tmp_path: Path) -> None:
    """It plays whatever the learner has, and says whose program it is."""
    classroom = open_classroom(read_settings({"COURSE_HOME": str(tmp_path)}))
    assert program_of(classroom, "written-again").whose == "mistaken"
    put(classroom, "verify-github", classroom.course.exercise("verify-github").starter("python"))
    assert program_of(classroom, "written-again").whose == "mistaken"
    classroom.close()


def test_a_point_that_is_not_reached_is_told(tmp_path: Path) -> None:
    """A program that credits nothing answers at once; the scene goes on and says so."""
    finished = played(tmp_path, "power-cut", "starter")
    assert finished["told"][0]["note"] == "Your program did not come to the point ledger-after."


def test_a_look_makes_no_folder(tmp_path: Path) -> None:
    """Who has not begun the exercise plays the program of its beginning, and still has not begun it."""
    classroom = open_classroom(read_settings({"COURSE_HOME": str(tmp_path)}))
    assert program_of(classroom, "a-stranger-pays").whose == "starter"
    assert not (tmp_path / "exercises").exists()
    put(classroom, "verify-github", classroom.course.exercise("verify-github").starter("python"))
    assert program_of(classroom, "a-stranger-pays").whose == "own"
    classroom.close()


def test_what_was_accepted_is_forgotten_until_it_is_stored(tmp_path: Path) -> None:
    """Both programs say 202 before the power fails; afterwards the starter knows nothing of the event."""
    for folder, known in (("starter", 404), ("solution", 200)):
        finished = played(tmp_path / folder, "accepted-and-forgotten", folder)
        delivery, look = (each for each in finished["exchanges"] if each["from"] == "provider")
        assert [delivery["response"]["status"], look["response"]["status"]] == [202, known]


def test_a_bad_event_is_called_for_again_and_again_until_the_program_gives_up(tmp_path: Path) -> None:
    """The starter calls for the refused event until it is taken, the solution once, and lists it."""
    for folder, status in (("starter", 404), ("solution", 200)):
        finished = played(tmp_path / folder, "one-bad-event", folder)
        refused = [each["response"]["status"] for each in finished["exchanges"] if each["from"] == "program"]
        assert (refused.count(422) == 1) is (folder == "solution")
        last = [each for each in finished["exchanges"] if each["from"] == "provider"][-1]
        assert last["response"]["status"] == status


def test_a_recording_pays_twice_where_nobody_looks_at_the_time(tmp_path: Path) -> None:
    """The recording gets in as the delivery did; with another id its signature does not fit."""
    finished = played(tmp_path, "recorded", "starter")
    assert [each["response"]["status"] for each in finished["exchanges"]] == [200, 200, 401]


def test_a_right_program_tells_the_recording_from_the_retry(tmp_path: Path) -> None:
    """What was signed an hour ago is refused; an event of an hour ago that is signed now gets in."""
    finished = played(tmp_path, "an-hour-later", "solution")
    assert [each["response"]["status"] for each in finished["exchanges"]] == [200, 401, 200]


def test_equal_means_equal(tmp_path: Path) -> None:
    """Half of a signature, more than it, and none are refused by a right program."""
    finished = played(tmp_path, "half-a-signature", "solution")
    assert [each["response"]["status"] for each in finished["exchanges"]] == [204, 403, 403, 403]


def test_three_ways_of_writing_are_one_to_a_right_program(tmp_path: Path) -> None:
    """Whatever the provider writes its JSON like, its signature is over the bytes that arrive."""
    finished = played(tmp_path, "written-three-ways", "solution")
    assert [each["response"]["status"] for each in finished["exchanges"]] == [200, 200, 200]


def statuses(finished: dict[str, Any]) -> list[int]:
    """Give what the deliveries were answered, in their order."""
    return [each["response"]["status"] for each in finished["exchanges"] if each["from"] == "provider"]


def test_who_overwrites_a_secret_loses_an_afternoon(tmp_path: Path) -> None:
    """Between the two changes every attempt is refused, although the operator has asked for an overlap."""
    assert statuses(played(tmp_path, "locked-out", "starter")) == [200, 401, 401, 200]


def test_who_tries_all_secrets_takes_one_shop_for_the_other(tmp_path: Path) -> None:
    """An order that was signed by one shop is printed as the other's."""
    finished = played(tmp_path, "neighbours", "starter")
    assert statuses(finished) == [200, 200]
    assert finished["told"][-1]["note"].startswith("The program printed: acme evt_")


def test_a_right_program_loses_no_order_in_a_change_and_none_to_the_thief(tmp_path: Path) -> None:
    """Old, both, and after the leak the new one alone. The program one begins with refuses all."""
    finished = played(tmp_path / "solution", "change-over", "solution")
    assert statuses(finished) == [200, 200, 200, 401, 200]
    assert "ends" in finished["told"][6]["note"]
    assert statuses(played(tmp_path / "starter", "change-over", "starter")) == [401] * 5
