"""What the providers' own libraries sign at this moment is accepted by every solution that verifies."""

import base64
import json
import time
from pathlib import Path

import pytest

from app.provider import wire
from app.provider.exchange import Request
from tests.course.solutions import EXERCISES, Running, Solution, running, solutions
from tests.course.test_vectors import TAKES, tools
from tests.provider.signers import SIGNERS, Wanted
from tests.vectors import SCHEMES

BODIES = (
    '{"id":"evt_1","type":"push"}',
    '{"id": "evt_2",\r\n\t"type": "push", "name": "Zo\\u00eb Zoë 東京 🎉", "n": 1.0, "n": 1e3}\n',
)
OWN_SECRETS = ("rotate-secrets",)
"""Exercises whose program makes its secrets: no vector fits them, and a signer asks for one first."""
DOORS = {
    exercise: [(SCHEMES[takes.group], takes.path) for takes in TAKES if takes.exercise == exercise]
    for exercise in dict.fromkeys(takes.exercise for takes in TAKES)
} | {exercise: [("standard", "/webhook/acme")] for exercise in OWN_SECRETS}


def secret_of_a_tenant(program: Running, token: str) -> str:
    """Let an operator ask the program for a secret."""
    headers = (("Authorization", f"Bearer {token}"), ("Content-Type", "application/json"))
    asked = Request("POST", "/admin/acme/secrets", headers, b'{"overlap_ms": 0}')
    answer = wire.send(asked, program.port, 30.0).response
    assert answer is not None
    return str(json.loads(answer.body)["secret"])


@pytest.mark.needs_node
@pytest.mark.parametrize(
    "solution",
    [pytest.param(each, id=each.label) for exercise in DOORS for each in solutions(exercise)],
)
def test_what_the_libraries_sign_gets_in(
    solution: Solution, tmp_path: Path, node: Path, request: pytest.FixtureRequest
) -> None:
    """At each of its doors what the library signed is accepted, and the same with one more byte is not."""
    secret = "whsec_" + base64.b64encode(f"a secret of {time.time_ns()}".encode()).decode()
    _, modules = tools(solution, request)
    with running(solution, secret, time.time(), tmp_path, node, modules) as program:
        is_given_out = solution.exercise.id in OWN_SECRETS
        used = secret_of_a_tenant(program, secret) if is_given_out else secret
        for scheme, path in DOORS[solution.exercise.id]:
            door = Running(program.port, path or program.path)
            for sign in SIGNERS.get(scheme, ()):
                for body in BODIES:
                    signed = sign(Wanted(used, int(time.time()), body, node))
                    headers = (("Content-Type", "application/json"), *signed)
                    assert door.post(headers, body.encode()) in range(200, 300), sign
                    assert door.post(headers, body.encode() + b" ") in (400, 401, 403), sign


def test_no_exercise_that_verifies_is_left_out() -> None:
    """Each exercise whose provider signs has its doors here, and but for its own secrets its vectors."""
    manifests = [solutions(folder.name[3:])[0].exercise for folder in sorted(EXERCISES.glob("[0-9]*"))]
    signed = {each.id for each in manifests if each.kind == "server" and each.provider.scheme != "none"}
    assert signed == set(DOORS)
    assert signed - {takes.exercise for takes in TAKES} == set(OWN_SECRETS)
