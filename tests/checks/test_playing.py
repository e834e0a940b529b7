"""A scenario at the grader: what each step does to the program, as the exchanges show it."""

import itertools
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.checks.runner import Runner
from app.content.scenario import Api, Delivery, PlainRequest, Scenario, ScenarioStep
from app.provider.exchange import Signature
from app.provider.signing import signature_headers
from tests.checks.programs import order, run

FLAKY = """
import json, os, pathlib, threading
from flask import Flask, request
app = Flask(__name__)
failures, both, seen = [2], threading.Barrier(2), []
def stand_at(point):
    # What a given support module does.
    place = pathlib.Path(os.environ["HOLD_DIR"]) / point
    if not place.exists() or place.with_name(point + ".reached").exists():
        return
    place.with_name(point + ".reached").touch()
    while place.exists():
        threading.Event().wait(0.005)
@app.post("/flaky")
def flaky():
    failures[0] -= 1
    return "", 503 if failures[0] >= 0 else 204
@app.post("/both")
def together():
    both.wait(30)
    return "", 204
@app.get("/number")
def number():
    return '{"n": 5}'
@app.post("/secrets")
def secrets():
    allowed = request.headers["Authorization"] == "Bearer " + os.environ["WEBHOOK_SECRET"]
    return {"secret": request.get_json()["next"]} if allowed else ("", 403)
@app.get("/page")
def page():
    return "line\\n" * 500
@app.post("/never")
def never():
    threading.Event().wait(3)
    return "", 204
@app.post("/gap")
def gap():
    had_seen = bool(seen)
    stand_at("gap")
    seen.append("evt")
    return {"first": not had_seen}
@app.post("/webhook")
def webhook():
    return "", 204
if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]), threaded=True)
"""


CALLER = """
import os, urllib.error, urllib.request
from flask import Flask
app = Flask(__name__)
@app.post("/webhook")
def webhook():
    key = os.urandom(8).hex()
    call = urllib.request.Request(os.environ["DOWNSTREAM_URL"], b"{}", {"Idempotency-Key": key})
    try:
        with urllib.request.urlopen(call, timeout=3) as answer:
            return "", answer.status
    except urllib.error.HTTPError as error:
        return "", error.code
    except OSError:
        return "", 504
if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
"""

ENV = {
    "WEBHOOK_SECRET": "fresh",
    "DOWNSTREAM_URL": "downstream",
    "PROVIDER_URL": "provider",
    "STANDARD": "fresh-standard",
    "LIST": "fresh-standard,fresh-standard",
}

ASKER = """
import os, urllib.error, urllib.request
from flask import Flask
app = Flask(__name__)
@app.get("/ask/<path:path>")
def ask(path):
    try:
        with urllib.request.urlopen(os.environ["PROVIDER_URL"] + f"/{path}?since=5", timeout=5) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        return "", error.code
if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
"""


def paid(**more: Any) -> Delivery:
    """The event `paid`, at its first delivery or again."""
    return Delivery("paid", type="order.paid", data='{"order": "$order"}', **more)


def play(
    runner: Runner, folder: Path, *steps: ScenarioStep, program: str = FLAKY, mistake: str = ""
) -> dict[str, Any]:
    """Play these steps and return what happened."""
    script = Scenario("scene", "tiny", "", "", {"order": "order"}, steps, "", "", mistake).script()
    made = replace(order(folder, program, env=ENV), checks=(), scenario=script)
    result = run(runner, made)
    assert result.verdict == "played", result.reason
    (finished,) = [event for event in result.events if event["event"] == "scenario_finished"]
    assert finished["cause"] is None
    return dict(finished)


def sent(finished: dict[str, Any]) -> list[dict[str, Any]]:
    """The deliveries, in the order of their beginnings."""
    return [one for one in finished["exchanges"] if one["from"] != "program"]


def by_step(finished: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The deliveries of each step: those that began in it."""
    begins = [told["at"] for told in finished["told"]] + [float("inf")]
    return [
        [one for one in sent(finished) if begin <= one["start"] < end]
        for begin, end in itertools.pairwise(begins)
    ]


def headers(exchange: dict[str, Any]) -> dict[str, str]:
    """The headers of a request, in small letters."""
    return {name.lower(): value for name, value in exchange["request"]["headers"]}


def test_exact_bytes(isolated: Runner, tmp_path: Path) -> None:
    """A first body is the event's from then on; another one, and what is changed on the way, are for once."""
    first = paid(body='{"id":  "$paid"}')
    finished = play(
        isolated,
        tmp_path,
        ScenarioStep("One.", send=first),
        ScenarioStep("Again.", send=paid()),
        ScenarioStep("Otherwise.", send=paid(body='{"order":"$order", "sign": "\\u20ac"}')),
        ScenarioStep("Changed.", send=paid(tamper=("id", "ID"))),
    )
    bodies = [one["request"]["body"]["text"] for one in sent(finished)]
    assert bodies[0] == bodies[1] == bodies[3].replace("ID", "id")
    assert bodies[0].startswith('{"id":  "evt_')
    assert bodies[2].startswith('{"order":"order_')
    assert bodies[2].endswith('", "sign": "\\u20ac"}')
    signatures = [headers(one)["x-hub-signature-256"] for one in sent(finished)]
    assert signatures[0] == signatures[1] == signatures[3] != signatures[2]


def test_attempts(isolated: Runner, tmp_path: Path) -> None:
    """Again only after a status that is not 2xx, or none in time, each signed anew and later."""
    standard = {"scheme": "standard", "secret": "STANDARD", "attempts": 4}
    finished = play(
        isolated,
        tmp_path,
        ScenarioStep("Twice in vain.", send=paid(path="/flaky", **standard)),
        ScenarioStep("Never.", send=paid(path="/never", attempts=2), timeout=0.3),
        ScenarioStep("An hour later.", send=paid(scheme="standard", secret="LIST", skew=3600, attempt=1)),
    )
    flaky, never, later = by_step(finished)
    assert [one["response"]["status"] for one in flaky] == [503, 503, 204]
    assert len({headers(one)["webhook-id"] for one in flaky}) == 1
    times = [int(headers(one)["webhook-timestamp"]) for one in flaky]
    assert times[0] < times[1] < times[2]
    assert len({headers(one)["webhook-signature"] for one in flaky}) == 3
    assert [one["ended"] for one in never] == ["timeout", "timeout"]
    assert int(headers(later[0])["webhook-timestamp"]) >= times[0] + 3600
    assert len(headers(later[0])["webhook-signature"].split()) == 2


def test_together(isolated: Runner, tmp_path: Path) -> None:
    """Several are on their way at the same moment; who wants it delivers again what got no 2xx."""
    stranger = paid(path="/flaky", by="stranger", signature="missing")
    finished = play(
        isolated,
        tmp_path,
        ScenarioStep("Both.", together=(paid(path="/both"), paid(path="/both"))),
        ScenarioStep("In vain.", together=(paid(path="/flaky", attempts=3), stranger)),
    )
    both, again = ([(one["from"], one["response"]["status"]) for one in step] for step in by_step(finished))
    assert both == [("provider", 204)] * 2
    assert sorted(again) == [
        ("provider", 204),
        ("provider", 503),
        ("stranger", 503),
    ]


def test_moods_of_the_service(isolated: Runner, tmp_path: Path) -> None:
    """The service that the program calls holds, fails, refuses and works from the step on that says so."""
    moods = ("hold", "fail", "refuse", "works")
    steps = [ScenarioStep("It works.", send=paid())]
    for mood in moods:
        steps += [ScenarioStep("It changes.", downstream=mood), ScenarioStep("Again.", send=Delivery("paid"))]
    finished = play(isolated, tmp_path, *steps, program=CALLER)
    assert [one["response"]["status"] for one in sent(finished)] == [200, 504, 503, 422, 200]


def test_the_api_answers_as_told(isolated: Runner, tmp_path: Path) -> None:
    """The provider's API answers one path with what the step says, its values and its moment filled in."""
    steps = [
        ScenarioStep("It lists one.", api=Api("/events", '{"order": "$order", "created": $now}')),
        ScenarioStep("Ask.", get="/ask/events"),
        ScenarioStep("Ask elsewhere.", get="/ask/invoices"),
    ]
    finished = play(isolated, tmp_path, *steps, program=ASKER)
    asked, elsewhere = sent(finished)
    answer = json.loads(asked["response"]["body"]["text"])
    assert answer["order"].startswith("order_")
    assert 0 <= time.time() * 1000 - answer["created"] < 60_000
    assert elsewhere["response"]["status"] == 404


def test_a_race_is_held_in_its_gap(isolated: Runner, tmp_path: Path) -> None:
    """The first that comes to the point waits for the other's answer, so that both believe to be first."""
    pair = (paid(path="/gap"), paid(path="/gap"))
    finished = play(isolated, tmp_path, ScenarioStep("Both.", together=pair, hold="gap"))
    bodies = [json.loads(one["response"]["body"]["text"]) for one in sent(finished)]
    assert bodies == [{"first": True}] * 2
    assert [step["what"] for step in finished["steps"]] == ["held", "released"]
    assert finished["told"][0]["note"] == ""


def test_a_race_without_a_gap_goes_on(isolated: Runner, tmp_path: Path) -> None:
    """Nobody comes to the point: that is told, and both are answered."""
    pair = (paid(), paid())
    finished = play(isolated, tmp_path, ScenarioStep("Both.", together=pair, hold="gap"))
    assert [one["response"]["status"] for one in sent(finished)] == [204, 204]
    assert finished["told"][0]["note"] == "Your program did not come to the point gap."


def test_short_answers_are_told(isolated: Runner, tmp_path: Path) -> None:
    """What somebody asked for stands in words; of a page the arrow tells."""
    finished = play(
        isolated, tmp_path, ScenarioStep("Short?", get="/number"), ScenarioStep("Long?", get="/page")
    )
    assert [told["note"] for told in finished["told"]] == ['Your program answered 200: {"n": 5}', ""]


def test_what_the_program_gives_out_signs_later_deliveries(isolated: Runner, tmp_path: Path) -> None:
    """An operator asks with a secret of the manifest; what the answer holds is a secret from then on."""
    allowed = {"Authorization": "Bearer $WEBHOOK_SECRET"}

    def asked(name: str, text: str, **headers: str) -> ScenarioStep:
        keep = {name: "secret"}
        body = json.dumps({"next": text})
        request = PlainRequest("/secrets", headers=headers or allowed, body=body, keep=keep)
        return ScenarioStep("A secret, please.", request=request)

    finished = play(
        isolated,
        tmp_path,
        asked("first", "whsec_AAAA"),
        asked("second", "whsec_BBBB"),
        asked("odd", "whsec_%%%%"),
        asked("none", "whsec_CCCC", Authorization="Bearer x"),
        ScenarioStep("First.", send=paid(scheme="standard", secret="$first", skew=5)),
        ScenarioStep("Both.", send=paid(scheme="standard", secret="$second,$first", skew=5)),
        ScenarioStep("Odd.", send=paid(scheme="standard", secret="$odd")),
        ScenarioStep("None.", send=paid(scheme="standard", secret="$none")),
    )
    requests, deliveries = sent(finished)[:4], sent(finished)[4:]
    assert {one["from"] for one in requests} == {"operator"}
    assert headers(requests[0])["content-type"] == "application/json"
    assert finished["told"][0]["note"] == 'Your program answered 200: {"secret":"whsec_AAAA"}'
    assert requests[3]["response"]["status"] == 403
    signed_with = (["whsec_AAAA"], ["whsec_BBBB", "whsec_AAAA"], [""], [""])
    for one, secrets in zip(deliveries, signed_with, strict=True):
        body = one["request"]["body"]["text"].encode()
        event_id, timestamp = headers(one)["webhook-id"], headers(one)["webhook-timestamp"]
        right = Signature("standard", "correct", id=event_id, timestamp=timestamp)
        expected = dict(signature_headers(right, tuple(secrets), body))["webhook-signature"]
        assert headers(one)["webhook-signature"] == expected


def test_a_mistaken_program_is_not_called_the_learners(isolated: Runner, tmp_path: Path) -> None:
    """Where a known mistake plays, the words say so."""
    finished = play(isolated, tmp_path, ScenarioStep("Short?", get="/number"), mistake="some-mutant")
    assert finished["told"][0]["note"].startswith("The program answered")
    assert finished["mistake"] == "some-mutant"
