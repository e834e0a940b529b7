"""The published cases of RFC 4231 over HTTP: each solution of hmac-by-hand computes and accepts them."""

import time
from pathlib import Path

import pytest

from app.provider import wire
from app.provider.exchange import Request, Response
from tests.course.solutions import Running, Solution, running, solutions
from tests.course.test_vectors import tools
from tests.vectors import document

CASES = document()["schemes"]["rfc4231-hmac-sha256"]["vectors"]


def asked(program: Running, path: str, body: bytes, **headers: str) -> Response:
    """Return what the program answers to a request."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    outcome = wire.send(Request("POST", path, named, body), program.port, 60.0)
    assert outcome.response is not None
    return outcome.response


@pytest.mark.parametrize(
    "solution", [pytest.param(each, id=each.label) for each in solutions("hmac-by-hand")]
)
def test_a_solution_knows_the_published_cases(
    solution: Solution, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The value is the published one; it is accepted, and with another last digit it is not."""
    node, modules = tools(solution, request)
    assert len(CASES) == 6
    with running(solution, "", time.time(), tmp_path, node, modules) as program:
        for case in CASES:
            key, body, value = case["key_hex"], bytes.fromhex(case["data_hex"]), case["hmac_sha256_hex"]
            answer = asked(program, "/hmac", body, X_Key_Hex=key)
            assert answer.body.decode().strip() == value, case["name"]
            assert asked(program, "/verify", body, X_Key_Hex=key, X_Signature=value).status == 204
            other = value[:-1] + ("0" if value[-1] != "0" else "1")
            assert asked(program, "/verify", body, X_Key_Hex=key, X_Signature=other).status == 403
