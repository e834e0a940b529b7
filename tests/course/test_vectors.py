"""Signed vectors over HTTP: a right solution judges each delivery as the vector is marked.

A new exercise that verifies signatures takes one row in `TAKES`.
"""

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.course.solutions import CLOCK, Running, Solution, running, solutions
from tests.provider.signers import signed_by_libraries
from tests.vectors import SCHEMES, Vector, vectors


@dataclass(frozen=True)
class Takes:
    """Which group of vectors an exercise takes, at which path, and what its README says beyond the scheme.

    Without a `path` it is that of the manifest. `stated` names the vectors of grade `policy` whose rule the
    README states; no other one of that grade counts. With `no_event_400` a signed body that is no event may
    be answered 400.
    """

    exercise: str
    group: str
    stated: tuple[str, ...] = ()
    no_event_400: bool = False
    path: str = ""

    @property
    def label(self) -> str:
        """What a test report calls it."""
        return f"{self.exercise}-{SCHEMES[self.group]}"


TAKES = (
    Takes(
        "verify-github",
        "github-sha256",
        # The README: hash the raw bytes as they came, also of a body that is no JSON at all.
        stated=("body_invalid_utf8",),
        no_event_400=True,
    ),
    Takes(
        "verify-standard",
        "standard-webhooks-v1",
        # The README: the raw bytes as they came, whatever they are; base64 in its usual alphabet.
        stated=("body_invalid_utf8", "body_bom", "sig_url_safe_base64"),
        no_event_400=True,
    ),
    # Its README asks for the raw bytes, and digits for the time.
    Takes("survive-the-storm", "standard-webhooks-v1", ("body_invalid_utf8",), True),
    # Its README: the raw bytes as they came; a time is digits alone; base64 in its usual form.
    *(
        Takes(exercise, "github-sha256", ("body_invalid_utf8",), True)
        for exercise in (
            "validate-and-route",
            "idempotent-effect",
            "durable-inbox",
            "dead-letters",
            "out-of-order",
            "operate",
        )
    ),
    Takes("many-providers", "stripe-v1", ("body_invalid_utf8",), True, "/in/stripe"),
    Takes("many-providers", "github-sha256", ("body_invalid_utf8",), True, "/in/github"),
    Takes(
        "many-providers", "slack-v0", ("body_invalid_utf8", "body_bom", "ts_abc_signed"), True, "/in/slack"
    ),
    Takes(
        "many-providers",
        "shopify-hmac-sha256",
        ("body_invalid_utf8", "body_bom", "bad_whitespace_inside"),
        True,
        "/in/shopify",
    ),
)
RUNS = [
    pytest.param(takes, solution, id=f"{takes.label}-{solution.folder.name}")
    for takes in TAKES
    for solution in solutions(takes.exercise)
]


def allowed(takes: Takes, vector: Vector, status: int | None) -> bool:
    """Whether a right receiver may answer a vector with this status."""
    if status is None or status >= 500:
        return False
    if vector.valid is None or (vector.grade == "policy" and vector.name not in takes.stated):
        return True
    if not vector.valid:
        return status in (400, 401, 403)
    may_be_400 = takes.no_event_400 and not is_event(vector.body)
    return 200 <= status < 300 or (may_be_400 and status == 400)


def is_event(body: bytes) -> bool:
    """Whether a body is an event as the exercises describe one."""
    try:
        value = json.loads(body)
    except ValueError:
        return False
    return isinstance(value, dict) and {"id", "type"} <= set(value)


def judge(running_solution: Running, takes: Takes, some: list[Vector]) -> dict[str, int | None]:
    """Send vectors; return the statuses of those that were judged wrongly."""
    answers = {vector: running_solution.post(vector.headers, vector.body) for vector in some}
    return {vector.name: status for vector, status in answers.items() if not allowed(takes, vector, status)}


@pytest.mark.needs_node
@pytest.mark.parametrize(("takes", "solution"), RUNS)
def test_a_solution_judges_the_vectors_as_they_are_marked(
    takes: Takes, solution: Solution, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """With the vector's secret and clock: valid ones get in, others don't, nothing makes it stumble.

    So does what the official libraries for Python and JavaScript sign while the test runs.
    """
    assert wrong_answers(takes, solution, tmp_path, request) == {}


@pytest.mark.needs_node
def test_a_receiver_that_believes_everybody_is_caught(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The starter lets everybody in: the vectors that must not get in say so."""
    right = solutions("verify-github")[0]
    starter = replace(right, folder=right.exercise.folder / "starter" / right.language)
    wrong = wrong_answers(TAKES[0], starter, tmp_path, request)
    assert {"bad_missing_prefix", "bad_tampered", "bad_signed_reserialised", "octokit, changed"} <= set(wrong)


def wrong_answers(
    takes: Takes, solution: Solution, tmp_path: Path, request: pytest.FixtureRequest
) -> dict[str, int | None]:
    """Send the vectors to a program; return the statuses of those that it judged wrongly."""
    node, modules = tools(solution, request)
    starts: dict[tuple[str, int], list[Vector]] = {}
    for vector in vectors(takes.group):
        starts.setdefault((vector.secret, vector.now), []).append(vector)
    wrong: dict[str, int | None] = {}
    for number, ((secret, now), some) in enumerate(starts.items()):
        work = tmp_path / str(number)
        work.mkdir()
        with running(solution, secret, now, work, node, modules, takes.path) as program:
            wrong |= judge(program, takes, some)
            if number == 0:
                wrong |= judge(program, takes, from_libraries(takes, secret, now, request))
    return wrong


def from_libraries(takes: Takes, secret: str, now: int, request: pytest.FixtureRequest) -> list[Vector]:
    """Let the provider's own libraries sign deliveries now, each once as it is sent and once not."""
    found = []
    for signed in signed_by_libraries(SCHEMES[takes.group], secret, now, request.getfixturevalue("node")):
        made = Vector(takes.group, signed.by, secret, now, signed.headers, signed.body, True, "interop", "")
        changed = replace(made, name=f"{signed.by}, changed", body=signed.body + b" ", valid=False)
        found += [made, changed]
    return found


@pytest.mark.parametrize("takes", TAKES, ids=lambda takes: takes.label)
def test_the_rows_are_worth_something(takes: Takes) -> None:
    """A group holds vectors that must get in and others that must not; what a row states exists."""
    group = vectors(takes.group)
    counted = [vector.valid for vector in group if vector.grade != "policy" or vector.name in takes.stated]
    assert counted.count(True) >= 5
    assert counted.count(False) >= 5
    policies = {vector.name for vector in group if vector.grade == "policy"}
    assert set(takes.stated) <= policies
    for status in (200, 204, 400, 401, 500, None):
        assert not all(allowed(takes, vector, status) for vector in group), "no answer suits them all"


def tools(solution: Solution, request: pytest.FixtureRequest) -> tuple[Path | None, Path | None]:
    """Return Node and its packages where a solution needs them."""
    if solution.language == "python":
        return None, None
    return request.getfixturevalue("node"), request.getfixturevalue("node_modules")


LOOK = "import datetime as d, time; print(time.time(), time.time_ns(), d.datetime.now(d.UTC).timestamp())"


def test_the_clock_of_a_python_program_stands_still() -> None:
    """Whichever way it asks, the program finds the vector's time."""
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        env={"PYTHONPATH": str(CLOCK), "FIXED_NOW": "1700000000"},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert done.stdout.split() == ["1700000000.0", "1700000000000000000", "1700000000.0"]


@pytest.mark.needs_node
def test_the_clock_of_a_javascript_program_stands_still(node: Path) -> None:
    """Whichever way it asks, the program finds the vector's time; other dates stay as they are."""
    done = subprocess.run(
        [node, "--import", CLOCK / "clock.mjs", "-p", "[Date.now(), +new Date(), +new Date(5)].join(' ')"],
        env={"FIXED_NOW": "1700000000"},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert done.stdout.split() == ["1700000000000", "1700000000000", "5"]
