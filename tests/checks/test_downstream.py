"""The downstream service in whole runs: effects by key, failures, answers lost and held, a kill."""

from pathlib import Path

from app.checks.runner import Runner
from tests.checks.programs import finished, order, run

CALLER = """
import json, os, urllib.error, urllib.request
from flask import Flask, request
app = Flask(__name__)
@app.post("/webhook")
def webhook():
    event = request.get_json()
    key = request.headers.get("X-Key", event["id"])
    headers = {"Content-Type": "application/json", **({"Idempotency-Key": key} if key != "none" else {})}
    url, body = os.environ["DOWNSTREAM_URL"] + "/charges", json.dumps(event).encode()
    call = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(call, timeout=30) as answer:
            return answer.read(), 200
    except OSError as error:
        return str(error), 502
@app.get("/orders")
def orders():
    with urllib.request.urlopen(os.environ["PROVIDER_URL"] + "/orders?after=3", timeout=5) as answer:
        return answer.read()
if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
"""

SUITE = '''
def test_counts(provider, downstream, expect):
    """A key takes effect once, a call without a key each time."""
    event = provider.event()
    first, again = provider.send(event), provider.send(event)
    expect.equal(again.body, first.body, "The second call is answered as the first.")
    expect.equal(downstream.effects, {event.id: 1}, "One key, one effect.")
    expect.equal(len(downstream.calls(event.id)), 2, "Two calls came.")
    for _ in range(2):
        provider.send(provider.event(), headers=(("X-Key", "none"),))
    expect.equal(downstream.effects[""], 2, "Without a key each call has an effect.")
    expect.equal(downstream.calls()[0].json()["id"], event.id, "The body is there.")

def test_fails(provider, downstream, expect):
    """It fails as often as told, without an effect; what is lost had one."""
    event = provider.event()
    downstream.fail(times=2, status=503)
    expect.accepted(provider.deliver(event), "The third attempt gets through.")
    expect.equal(len(downstream.calls(event.id)), 3, "Three calls came.")
    expect.equal(downstream.effects, {event.id: 1}, "Only the last had an effect.")
    other = provider.event()
    downstream.lose()
    expect.status(provider.send(other), 502, "The answer got lost.")
    expect.equal(downstream.effects[other.id], 1, "The effect was there nevertheless.")
    expect.accepted(provider.send(other), "The next call gets the answer.")
    expect.equal(downstream.effects[other.id], 1, "And has no second effect.")

def test_by_key(provider, downstream, expect):
    """What is meant for one key happens to that key's calls, and to no others."""
    meant, other = provider.event(), provider.event()
    downstream.fail(key=meant.id)
    downstream.lose(key=meant.id)
    held = downstream.hold(key=meant.id)
    expect.accepted(provider.send(other), "It was not meant.")
    expect.status(provider.send(meant), 502, "Told to fail.")
    sending = provider.start_sending(meant)
    expect.that(held.wait_until_reached(), "Held.", "held", "not held")
    held.release()
    expect.accepted(sending.answer(), "Released.")
    expect.status(provider.send(meant), 502, "The answer got lost.")
    expect.accepted(provider.send(meant), "Nothing is left to happen.")
    expect.equal(downstream.effects, {meant.id: 1, other.id: 1}, "One effect each.")

def test_holds(program, provider, downstream, expect):
    """Killed while the answer is held back: the effect has happened, and the next call has the same key."""
    event = provider.event()
    held = downstream.hold()
    sending = provider.start_sending(event)
    expect.that(held.wait_until_reached(), "The call comes.", "a call", "none")
    expect.equal(downstream.effects, {event.id: 1}, "The effect has happened.")
    program.kill()
    held.release()
    expect.that(not sending.answer().accepted, "Nobody answered.", "no 2xx", "a 2xx")
    program.start()
    expect.accepted(provider.deliver(event), "The provider comes again.")
    expect.equal(downstream.effects, {event.id: 1}, "The key protects from a second effect.")

def test_scripts(provider, downstream, expect):
    """Both services answer by a function, also what is not JSON by itself; reading has no effect."""
    provider.api.script(lambda call: [4, 5] if call.request.target == "/orders?after=3" else (404, {}))
    expect.equal(provider.get("/orders").json(), [4, 5], "The script answers.")
    expect.equal(provider.api.effects, {}, "Reading has no effect.")
    downstream.script(lambda call: (422, {"error": call.json()["type"]}))
    expect.status(provider.send(provider.event()), 502, "The script refuses.")
    expect.equal(downstream.effects, {}, "A refused call has no effect.")
    held = downstream.hold(key="nobody's")
    sending = provider.start_sending(provider.event())
    expect.that(not held.wait_until_reached(60.0, before=sending), "No call with this key.", "no", "yes")
    held = downstream.hold()
    sending = provider.start_sending(provider.event())
    expect.that(held.wait_until_reached(before=sending), "The call comes.", "a call", "none")
    provider.api.script(lambda call: [6], stays=True)

def test_stays(provider, downstream, expect):
    """A script that stays answers in the next check, too; another one is over."""
    expect.equal(provider.get("/orders").json(), [6], "The script answers.")
    expect.accepted(provider.send(provider.event()), "The usual answer.")
'''

NAMES = ("counts", "fails", "by-key", "holds", "scripts", "stays")
CHECKS = tuple((name, name.title(), 1) for name in NAMES)
ENV = {"WEBHOOK_SECRET": "fresh", "DOWNSTREAM_URL": "downstream", "PROVIDER_URL": "provider"}


def test_the_service_does_as_told(runner: Runner, tmp_path: Path) -> None:
    """Counting, failing, losing, holding, scripting: each as the program and the suite see it."""
    result = run(runner, order(tmp_path, CALLER, SUITE, CHECKS, env=ENV))
    checks = finished(result)
    assert result.verdict == "passed", [check["cause"] for check in checks.values()]
    calls = {
        name: [one for one in checks[name]["exchanges"] if one["from"] == "program"]  # type: ignore[attr-defined]
        for name in NAMES
    }
    assert [one["to"] for one in calls["scripts"]] == ["provider", "downstream", "downstream", "downstream"]
    assert [one["ended"] for one in calls["holds"]] == ["closed", "answered"], "nobody heard the first answer"
    assert calls["fails"][0]["response"]["status"] == 503
    ids = [one["id"] for check in checks.values() for one in check["exchanges"]]  # type: ignore[attr-defined]
    assert len(set(ids)) == len(ids)


def test_nothing_listens_where_the_manifest_does_not_ask(runner: Runner, tmp_path: Path) -> None:
    """A suite that uses the service without asking for it is told what its manifest lacks."""
    suite = 'def test_it(downstream):\n    """It asks."""\n    downstream.fail()\n'
    result = run(runner, order(tmp_path, CALLER, suite, (("it", "It", 1),)))
    assert result.verdict == "course_fault"
    assert "DOWNSTREAM_URL: downstream" in result.reason


def test_a_script_that_breaks_is_our_fault(runner: Runner, tmp_path: Path) -> None:
    """An exception in a suite's function says nothing about the learner."""
    suite = """
def test_it(provider, downstream):
    '''Its script fails.'''
    downstream.script(lambda call: 1 / 0)
    provider.send(provider.event())
"""
    result = run(runner, order(tmp_path, CALLER, suite, (("it", "It", 1),), env=ENV))
    assert result.verdict == "course_fault"
    assert "script" in result.reason
