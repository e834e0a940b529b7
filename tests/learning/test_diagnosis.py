"""From a failed run to the known mistakes it looks like."""

from typing import Any

import pytest

from app.config import read_settings
from app.content.course import Exercise, Mutant, Sign
from app.learning.classroom import open_classroom
from app.learning.diagnosis import Event, guesses, shown_by
from app.learning.measure import Diagnosed, diagnosed, share

CHECKS = ("one", "two", "three", "four")
EXERCISES = open_classroom(read_settings({})).course.exercises


def finished(check: str, outcome: str = "passed", **texts: str) -> Event:
    """The end of one check; `texts` say what its cause says and what the program printed."""
    cause = {"rationale": texts.get("says", ""), "actual": texts.get("actual", "")}
    output = [{"stream": name, "text": texts.get(name, "")} for name in ("stdout", "stderr")]
    passed = outcome == "passed"
    return {
        "event": "check_finished",
        "check": check,
        "outcome": outcome,
        "cause": None if passed else cause,
        "output": output,
    }


def run(*ends: Event, checks: tuple[str, ...] = CHECKS) -> list[Event]:
    """The events of a run; a check that is not among the ends passed."""
    by_check = {end["check"]: end for end in ends if "check" in end}
    started = {"event": "run_started", "checks": [{"id": check} for check in checks]}
    probes = [end for end in ends if "dial" in end]
    return [started, *(by_check.get(check, finished(check)) for check in checks), *probes]


def mutant(name: str, *fails: str, **more: Any) -> Mutant:
    """A known mistake."""
    return Mutant(name, f"The story of {name}.", (), fails, **more)


def offered(events: list[Event], *mutants: Mutant) -> list[tuple[str, bool, int]]:
    """What is offered: the mistake, whether it is exact, and how many fit as well."""
    return [(each.mutant, each.is_exact, each.rivals) for each in guesses(shown_by(events), mutants)]


def test_the_same_failures_are_an_exact_match() -> None:
    """A run that fails what a mistake fails, and nothing else, is that mistake exactly; half of it is not."""
    events = run(finished("one", "failed"), finished("two", "failed"))
    found = offered(events, mutant("half", "one"), mutant("whole", "one", "two"), mutant("none", "four"))
    assert found == [("whole", True, 0), ("half", False, 0)]


def test_two_mistakes_that_share_everything_are_both_offered() -> None:
    """What the run can't tell apart is offered together, and says that it has a rival."""
    found = offered(run(finished("one", "failed")), mutant("left", "one"), mutant("right", "one"))
    assert found == [("left", True, 1), ("right", True, 1)]


@pytest.mark.parametrize("part", ["says", "actual", "stdout", "stderr"])
def test_a_sign_tells_mistakes_apart_that_fail_the_same(part: str) -> None:
    """The mistake whose sign the run shows goes first; the one whose sign is missing is no longer exact."""
    events = run(finished("one", "failed", **{part: "it was 409 here"}))
    signed = mutant("signed", "one", signs=(Sign("one", **{part: "409"}),))
    plain = mutant("plain", "one")
    other = mutant("other", "one", signs=(Sign("one", **{part: "500"}),))
    found = offered(events, other, plain, signed)
    assert found == [("signed", True, 0), ("plain", True, 0), ("other", False, 0)]


def test_a_sign_may_stand_at_a_check_that_passed() -> None:
    """What a program printed in a check that it passed tells as well."""
    events = run(finished("one", stdout="hello"), finished("two", "failed"))
    greeting = mutant("greeting", "two", signs=(Sign("one", stdout="hello"),))
    assert offered(events, mutant("mute", "two"), greeting)[0] == ("greeting", True, 0)


def test_a_probe_tells_mistakes_apart() -> None:
    """A wrong way to sign that was accepted is a sign; where no probe was sent it is left out."""
    base64 = mutant("base64", "one", signs=(Sign(probe="base64"),))
    plain = mutant("plain", "one")
    accepted = {"event": "probe_finished", "dial": "base64", "accepted": True}
    assert offered(run(finished("one", "failed"), accepted), plain, base64)[0] == ("base64", True, 0)
    refused = {**accepted, "accepted": False}
    assert offered(run(finished("one", "failed"), refused), plain, base64)[0] == ("plain", True, 0)
    assert offered(run(finished("one", "failed")), plain, base64)[0] == ("plain", True, 1)


def test_a_failure_that_only_may_happen_counts_neither_way() -> None:
    """With and without it the mistake is exact; one that needs no such excuse goes before it."""
    racy, sure = mutant("racy", "one", may=("two",)), mutant("sure", "one", "two")
    assert offered(run(finished("one", "failed")), racy)[0] == ("racy", True, 0)
    both = run(finished("one", "failed"), finished("two", "failed"))
    assert offered(both, racy, sure) == [("sure", True, 0), ("racy", True, 0)]


def test_what_was_not_run_is_not_used_and_makes_nothing_exact() -> None:
    """After the program ended, only the checks before count, and no match is called exact."""
    events = run(
        finished("one", "failed"),
        finished("two", "failed"),
        finished("three", "skipped"),
        finished("four", "skipped"),
    )
    assert offered(events, mutant("all", *CHECKS)) == [("all", False, 0)]


def test_one_check_alone_makes_nothing_exact() -> None:
    """Where only one check was asked for, the others can't confirm a mistake."""
    started, failed = run()[0], finished("one", "failed")
    assert offered([started, failed], mutant("one-only", "one")) == [("one-only", False, 0)]


def test_a_program_that_only_ended_is_no_known_mistake_without_a_sign() -> None:
    """A syntax error fails the first check and skips the rest: that looks like nothing."""
    events = run(
        finished("one", "failed", stderr="TypeError: oops"),
        *(finished(check, "skipped") for check in CHECKS[1:]),
    )
    signed = mutant("oops", "one", signs=(Sign("one", stderr="oops"),))
    assert offered(events, mutant("first", "one"), signed) == [("oops", False, 0)]


def test_a_check_that_made_no_sense_is_not_used() -> None:
    """The outcome `error` says nothing about the program, so it confirms and refutes nothing."""
    events = run(finished("one", "failed"), finished("two", "error"))
    assert offered(events, mutant("both", "one", "two")) == [("both", False, 0)]


def test_nothing_is_offered_that_shares_too_little() -> None:
    """A mistake that shares less than half with the run would lead astray."""
    events = run(*(finished(check, "failed") for check in CHECKS[1:]))
    assert offered(events, mutant("far", "one", "two")) == []


# -- the measure --------------------------------------------------------------------------------------


def test_a_shared_first_place_counts_in_parts() -> None:
    """Two that look the same are half a hit each; a miss is none."""
    results = [
        Diagnosed("e", "python", "python", "a", offered) for offered in (("a",), ("a", "b"), ("b",), ())
    ]
    assert [result.hit for result in results] == [1, 0.5, 0, 0]
    assert share(results) == 0.375


def declared_run(exercise: Exercise, planted: Mutant) -> list[Event]:
    """The events which a mutant declares: what it fails, and its signs there."""
    probes = [
        {"event": "probe_finished", "dial": sign.probe, "accepted": True}
        for sign in planted.signs
        if sign.probe
    ]
    ends = []
    for check in (each.id for each in exercise.checks):
        at_check = [sign for sign in planted.signs if sign.check == check]
        texts = {
            name: " ".join(getattr(sign, name) for sign in at_check)
            for name in ("says", "actual", "stdout", "stderr")
        }
        ends.append(finished(check, "failed" if check in planted.fails else "passed", **texts))
    return run(*ends, *probes, checks=tuple(each.id for each in exercise.checks))


def test_the_declared_tables_tell_at_least_95_in_100_mistakes() -> None:
    """Each table puts the planted mistake first; `course verify --diagnosis` measures it in real runs."""
    results = [
        result
        for exercise in EXERCISES
        for language, mutants in exercise.mutants.items()
        for planted in mutants
        for result in diagnosed(exercise, language, planted.id, declared_run(exercise, planted))
    ]
    own = [result for result in results if result.table == result.language]
    other = [result for result in results if result.table != result.language]
    assert share(own) >= 0.95, [result for result in own if result.hit < 1]
    assert share(other) >= 0.8, [result for result in other if result.hit < 1]
