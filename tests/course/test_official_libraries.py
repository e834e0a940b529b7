"""Which solutions the providers' own libraries reach: all that verify, also those that make their secrets."""

import json
import time
from pathlib import Path

import pytest

from app.provider import wire
from app.provider.exchange import Request
from tests.course.solutions import EXERCISES, Running, Solution, running, solutions
from tests.course.test_vectors import TAKES, tools
from tests.provider.signers import signed_by_libraries

TOKEN = "of the operators"
OWN_SECRETS = "rotate-secrets"
"""The exercise whose program makes its secrets: no vector fits it, and whoever signs asks for one first."""


def secret_of_a_tenant(program: Running) -> str:
    """Let an operator ask the program for a secret."""
    headers = (("Authorization", f"Bearer {TOKEN}"), ("Content-Type", "application/json"))
    asked = Request("POST", "/admin/acme/secrets", headers, b'{"overlap_ms": 0}')
    answer = wire.send(asked, program.port, 60.0).response
    assert answer is not None
    return str(json.loads(answer.body)["secret"])


@pytest.mark.needs_node
@pytest.mark.parametrize("solution", [pytest.param(each, id=each.label) for each in solutions(OWN_SECRETS)])
def test_what_the_libraries_sign_with_a_tenants_secret_gets_in(
    solution: Solution, tmp_path: Path, node: Path, request: pytest.FixtureRequest
) -> None:
    """Signed with the secret that the program gave out it is accepted, and with one more byte it is not."""
    now = int(time.time())
    _, modules = tools(solution, request)
    with running(solution, TOKEN, now, tmp_path, node, modules, "/webhook/acme") as program:
        deliveries = signed_by_libraries("standard", secret_of_a_tenant(program), now, node)
        assert {each.by for each in deliveries} == {"standard_of_pypi", "standard_of_npm"}
        for each in deliveries:
            assert program.post(each.headers, each.body) in range(200, 300), each.by
            assert program.post(each.headers, each.body + b" ") in (400, 401, 403), each.by


def test_no_exercise_that_verifies_is_left_out() -> None:
    """Each exercise whose provider signs judges the vectors, but for the one that makes its secrets."""
    manifests = [solutions(folder.name[3:])[0].exercise for folder in sorted(EXERCISES.glob("[0-9]*"))]
    signed = {each.id for each in manifests if each.kind == "server" and each.provider.scheme != "none"}
    assert signed == {takes.exercise for takes in TAKES} | {OWN_SECRETS}
