"""Probes after the last check: when they are sent, what they report, and that they change nothing."""

from pathlib import Path
from typing import Any

import pytest

from app.checks.probing import refused_though_right
from app.checks.runner import Runner, RunResult
from tests.checks.programs import SUITE, finished, order, run

SIGNED = """
import base64, hashlib, hmac, os
from flask import Flask, request
app = Flask(__name__)
SECRET = os.environ["WEBHOOK_SECRET"].encode()
@app.post("/webhook")
def webhook():
    expected = "sha256=" + {value}
    if request.headers.get("X-Hub-Signature-256", "") != expected:
        return "", 401
    print(request.get_json()["id"], request.get_json()["type"])
    return "", 204
if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
"""
RIGHT = "hmac.new(SECRET, request.get_data(), hashlib.sha256).hexdigest()"
BASE64 = "base64.b64encode(hmac.new(SECRET, request.get_data(), hashlib.sha256).digest()).decode()"
STOPS = SUITE.replace("def test_again(provider, expect):", "def test_again(provider, program, expect):")
STOPS += "    program.stop()\n"


def signed_run(runner: Runner, tmp_path: Path, value: str, suite: str = SUITE) -> RunResult:
    """Run the tiny suite, signed as GitHub signs, against a program that compares with this value."""
    return run(runner, order(tmp_path, SIGNED.replace("{value}", value), suite))


def probes(result: RunResult) -> list[dict[str, Any]]:
    """The probes of a run."""
    return [event for event in result.events if event["event"] == "probe_finished"]


def test_the_way_that_a_program_accepts_is_found(isolated: Runner, tmp_path: Path) -> None:
    """After all checks, before the verdict: the control is refused, base64 is accepted, and no more sent."""
    result = signed_run(isolated, tmp_path, BASE64)
    assert {check["outcome"] for check in finished(result).values()} == {"failed"}
    sent = probes(result)
    assert (sent[0]["dial"], sent[0]["accepted"]) == ("wrong-secret", False)
    assert (sent[-1]["dial"], sent[-1]["accepted"], sent[-1]["check"]) == ("base64", True, "answers")
    assert [probe["accepted"] for probe in sent].count(True) == 1
    kinds = [event["event"] for event in result.events]
    first, last = kinds.index("probe_finished"), len(kinds) - 1 - kinds[::-1].index("check_finished")
    assert last < first
    assert kinds[-1] == "run_finished"
    ids = [exchange["id"] for check in finished(result).values() for exchange in check["exchanges"]]  # type: ignore[attr-defined]
    assert not set(ids) & {probe["exchange"]["id"] for probe in sent}


def test_a_program_that_a_check_has_stopped_is_started_for_the_probes(
    isolated: Runner, tmp_path: Path
) -> None:
    """A suite may end with a stopped program; the probes need a running one."""
    sent = probes(signed_run(isolated, tmp_path, BASE64, STOPS))
    assert sent[-1]["dial"] == "base64"


def test_no_probe_where_nothing_right_was_refused(isolated: Runner, tmp_path: Path) -> None:
    """A right program, and one that fails something else, get none: an acceptance would tell nothing."""
    assert probes(signed_run(isolated, tmp_path, RIGHT)) == []
    silent = SIGNED.replace("    print(request", "    (request").replace("{value}", RIGHT)
    result = run(isolated, order(tmp_path, silent))
    assert result.verdict == "failed"
    assert probes(result) == []


def shown(**changes: Any) -> dict[str, Any]:
    """An exchange in which a rightly signed delivery was refused."""
    return {
        "id": 4,
        "to": "program",
        "request": {"body": {"truncated": False}},
        "signature": {"dial": "correct", "signed_base64": None},
        "response": {"status": 401},
        **changes,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"id": 5},
        {"to": "second program"},
        {"request": {"body": {"truncated": True}}},
        {"signature": {"dial": "wrong-secret", "signed_base64": None}},
        {"signature": {"dial": "correct", "signed_base64": "eA=="}},
        {"signature": None},
        {"response": {"status": 500}},
        {"response": {"status": 204}},
        {"response": None},
    ],
)
def test_only_a_right_delivery_that_was_refused_is_worth_probes(changes: dict[str, Any]) -> None:
    """Any other exchange leaves open why it ended as it did."""
    assert refused_though_right([shown()], 4) == shown()
    assert refused_though_right([shown(**changes)], 4) is None
    assert refused_though_right([shown()], None) is None
