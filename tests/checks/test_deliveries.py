"""The provider of a suite, against a program: what it sends, how it hangs up, when it comes again."""

from pathlib import Path

from app.checks.runner import Runner
from tests.checks.programs import finished, order, run

KEEPER = """
import hashlib, hmac, json, os
from flask import Flask, request
app = Flask(__name__)
seen, failures = [], [2]
@app.post("/webhook")
def webhook():
    body = request.get_data()
    seen.append({"headers": {name.lower(): value for name, value in request.headers}, "size": len(body)})
    return "", 204
@app.post("/flaky")
def flaky():
    seen.append({"headers": {name.lower(): value for name, value in request.headers}, "size": 0})
    failures[0] -= 1
    return "", 503 if failures[0] >= 0 else 204
@app.get("/seen")
def show():
    shown = json.dumps(seen)
    seen.clear()
    return shown
if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
"""

SUITE = '''
def test_redelivers(provider, expect):
    """Again only after a non-2xx: same id, later timestamp, other signature."""
    standard = provider.using(scheme="standard", secret="STANDARD", path="/flaky")
    event = provider.event()
    expect.accepted(standard.deliver(event), "The third attempt gets through.")
    tries = [one["headers"] for one in provider.get("/seen").json()]
    expect.equal([one["webhook-id"] for one in tries], [event.id] * 3, "The id stays.")
    times = [int(one["webhook-timestamp"]) for one in tries]
    expect.that(times[0] < times[1] < times[2], "Each attempt is signed later.", "later", str(times))
    expect.equal(len({one["webhook-signature"] for one in tries}), 3, "Each attempt is signed afresh.")
    standard.deliver_together([event], path="/nowhere")
    slack = provider.using(scheme="slack")
    slack.send(event, attempt=1, reason="http_timeout")
    slack.deliver(event)
    numbers = [one["headers"].get("x-slack-retry-num") for one in provider.get("/seen").json()]
    expect.equal(numbers, ["1", None], "Slack says when it comes again, and a first attempt is no retry.")

def test_travels(provider, expect):
    """Slow and chunked ones arrive whole, a truncated one does not; two others are not heard out."""
    for dials in ({"way": "slow", "seconds": 0.2}, {"chunked": True}):
        event = provider.event()
        expect.accepted(provider.send(event, **dials), f"{dials} arrives.")
        expect.equal(provider.get("/seen").json()[0]["size"], len(event.body), "It arrives whole.")
    cut = provider.send(provider.event(), way="truncated")
    expect.not_accepted(cut, "Half a body is no delivery.")
    dropped = provider.send(provider.event(), way="dropped")
    expect.equal(dropped.ended, "dropped", "The provider hung up.")
    lost = provider.send(provider.event(), way="answer-lost")
    expect.equal(lost.ended, "lost", "The answer came, and nobody heard it.")
    expect.that(not lost.accepted, "A lost answer is no 2xx.", "no", "yes")

def test_several(provider, expect):
    """Several providers race, each with its own scheme and secret; a list of secrets signs twice."""
    stripe = provider.using(scheme="stripe", secret="STRIPE", name="stripe")
    standard = provider.using(scheme="standard", secret="LIST")
    events = [provider.event() for _ in range(20)]
    ready = [provider.delivery(event) for event in events[:10]]
    ready += [stripe.delivery(event) for event in events[10:]]
    answers = provider.send_together(ready)
    expect.equal([answer.status for answer in answers], [204] * 20, "All arrive.")
    senders = [answer.exchange.sender for answer in answers]
    expect.equal(senders, ["provider"] * 10 + ["stripe"] * 10, "Answers stand in the order of the events.")
    provider.get("/seen")
    standard.send(events[0], secret=standard.secrets)
    signatures = provider.get("/seen").json()[0]["headers"]["webhook-signature"]
    expect.equal(len(signatures.split(" ")), 2, "Both secrets sign.")
    expect.equal(len(standard.secrets), 2, "The list holds two secrets.")
'''

CHECKS = (("redelivers", "Redelivers", 1), ("travels", "Travels", 1), ("several", "Several", 1))
ENV = {"WEBHOOK_SECRET": "fresh", "STANDARD": "fresh-standard", "STRIPE": "fresh-stripe"}
ENV["LIST"] = "fresh-standard,fresh-standard"


def test_the_provider_plays_what_the_suite_asks_for(runner: Runner, tmp_path: Path) -> None:
    """Redelivery, ways to travel, several providers at once: each as the program sees it."""
    result = run(runner, order(tmp_path, KEEPER, SUITE, CHECKS, env=ENV))
    assert result.verdict == "passed", [check["cause"] for check in finished(result).values()]
    signed = [
        exchange["signature"]
        for check in finished(result).values()
        for exchange in check["exchanges"]  # type: ignore[attr-defined]
        if exchange["signature"] is not None
    ]
    names = {tuple(signature["secrets"]) for signature in signed}
    assert names == {("STANDARD",), ("WEBHOOK_SECRET",), ("STRIPE",), ("LIST[0]", "LIST[1]")}
    nowhere = [
        exchange["signature"]["skew"]
        for exchange in finished(result)["redelivers"]["exchanges"]  # type: ignore[attr-defined]
        if exchange["request"]["target"] == "/nowhere"
    ]
    assert nowhere == [0, 1, 2, 3, 4], "each attempt is signed later than the one before"
    ended = {exchange["ended"] for exchange in finished(result)["travels"]["exchanges"]}  # type: ignore[attr-defined]
    assert {"answered", "dropped", "lost"} <= ended


FAULTS = {
    "no such way": 'provider.send(provider.event(), way="by pigeon")',
    "nothing to cut": 'provider.send(b"", way="truncated")',
    "nothing to announce": 'provider.send(provider.event(), way="announced", chunked=True)',
    "no secret": 'provider.using(secret="NOTHING").send(provider.event())',
    "too many": "provider.send_together([provider.event()] * 300)",
}


def test_what_the_provider_can_not_do_is_our_fault(runner: Runner, tmp_path: Path) -> None:
    """A suite that asks for the impossible is told so; it says nothing about the learner."""
    for what, line in FAULTS.items():
        suite = f'def test_it(provider):\n    """It asks."""\n    {line}\n'
        result = run(runner, order(tmp_path, KEEPER, suite, (("it", "It", 1),)))
        assert (result.verdict, what) == ("course_fault", what)
        assert result.reason
