"""What a check run keeps of what happened: the programs' lives, and everything up to a crash."""

from pathlib import Path
from typing import Any

from app.checks.runner import Runner
from tests.checks.programs import GOOD, finished, order, run


def printed(output: list[dict[str, Any]]) -> str:
    """What was printed as one text: a line may come in several pieces."""
    return "".join(piece["text"] for piece in output)


EIGHT = "".join(
    f'''
def test_number_{number}(provider, expect):
    """The delivery {number} is accepted."""
    expect.accepted(provider.send(provider.event()), "The delivery was not accepted.")
    expect.accepted(provider.send(provider.event()), "The second delivery was not accepted.")
'''
    for number in range(1, 9)
)
EIGHT_CHECKS = tuple((f"number-{number}", f"Delivery {number}", 1) for number in range(1, 9))

CRASHES = """
import os, traceback
from flask import Flask, request
app = Flask(__name__)
seen = []
def burst(event):
    raise LookupError("no such account: " + event["id"])
@app.post("/webhook")
def webhook():
    event = request.get_json()
    seen.append(event["id"])
    print("took", event["id"], flush=True)
    if len(seen) == 10:
        try:
            burst(event)
        except LookupError:
            traceback.print_exc()
            os._exit(1)
    return "", 204
if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
"""


def test_a_crash_in_the_middle_of_check_5_keeps_everything(runner: Runner, tmp_path: Path) -> None:
    """Checks 1 to 4 keep their evidence, check 5 shows the traceback and the end, the rest one sentence."""
    result = run(runner, order(tmp_path, CRASHES, EIGHT, EIGHT_CHECKS))
    checks: dict[str, Any] = finished(result)
    assert [check["outcome"] for check in checks.values()] == ["passed"] * 4 + ["failed"] + ["skipped"] * 3
    for number in (1, 2, 3, 4):
        before = checks[f"number-{number}"]
        assert [exchange["response"]["status"] for exchange in before["exchanges"]] == [204, 204]
        assert printed(before["output"]).count("took evt_") == 2
    fifth = checks["number-5"]
    assert [exchange["ended"] for exchange in fifth["exchanges"]] == ["answered", "closed"]
    assert fifth["cause"]["exchange"] == fifth["exchanges"][1]["id"]
    assert fifth["cause"]["rationale"] == "Your program ended with exit code 1."
    assert fifth["traceback"].startswith("receiver.py, line 7, in burst: LookupError: ")
    ends = [step for step in fifth["steps"] if step["what"] == "ended"]
    assert [(end["program"], end["sentence"], end["expected"]) for end in ends] == [
        ("program", "Your program ended with exit code 1.", False)
    ]
    rest = [checks[f"number-{number}"]["cause"]["rationale"] for number in (6, 7, 8)]
    assert set(rest) == {"Not run: your program had ended before."}
    assert result.verdict == "failed"


LIVES = '''
def test_killed(program, provider, expect):
    """Killed, started again."""
    program.kill()
    program.start()
    expect.accepted(provider.send(provider.event()), "Not accepted.")

def test_restarted(program, provider, expect):
    """Asked to end, started again."""
    program.restart()
    expect.accepted(provider.send(provider.event()), "Not accepted.")

def test_doubled(program, provider, expect):
    """A second instance takes a delivery."""
    with program.second() as other:
        expect.accepted(provider.send(provider.event(), to=other), "Not accepted.")

def test_armed(program, provider, expect):
    """A step is made to fail."""
    program.fail_once("some-step")
'''


def test_the_lives_of_programs_are_on_record(runner: Runner, tmp_path: Path) -> None:
    """Each start, stop and kill of a program stands in its check, with its name, on the axis of exchanges."""
    names = ("killed", "restarted", "doubled", "armed")
    result = run(runner, order(tmp_path, GOOD, LIVES, tuple((name, name, 1) for name in names)))
    assert result.verdict == "passed", result
    checks: dict[str, Any] = finished(result)
    lives = {name: [(step["program"], step["what"]) for step in checks[name]["steps"]] for name in names}
    one, two = "program", "second program"
    begin = [(one, "started"), (one, "ready")]
    assert lives["killed"] == [*begin, (one, "killed"), (one, "ended"), *begin]
    assert lives["restarted"] == [(one, "stopped"), (one, "ended"), *begin]
    assert lives["doubled"] == [(two, "started"), (two, "ready"), (two, "killed"), (two, "ended")]
    assert lives["armed"] == [(one, "armed")]
    for check in checks.values():
        times = [step["at"] for step in check["steps"]]
        assert times == sorted(times)
        assert all(time >= check["began"] for time in times)
    sent = checks["doubled"]["exchanges"][0]
    ready, killed = checks["doubled"]["steps"][1:3]
    assert ready["at"] <= sent["start"] <= sent["end"] <= killed["at"]
    assert "evt_" in printed([piece for piece in checks["doubled"]["output"] if piece["program"] == two])


HELD = '''
def test_held(program, provider, expect):
    """It stands still, and goes on."""
    hold = program.hold("in-the-middle")
    sending = provider.start_sending(provider.event())
    expect.that(hold.wait_until_reached(), "It never came there.", "held", "not held")
    hold.release()
    expect.accepted(sending.answer(), "Not accepted.")

def test_killed_there(program, provider, expect):
    """It stands still, and is killed there."""
    hold = program.hold("in-the-middle")
    provider.start_sending(provider.event())
    expect.that(hold.wait_until_reached(), "It never came there.", "held", "not held")
    program.kill()
    hold.release()
'''

HOLDING = GOOD.replace(
    '    print(event["id"], event["type"])\n',
    """    import time
    flag = os.environ["HOLD_DIR"] + "/in-the-middle"
    if os.path.exists(flag):
        open(flag + ".reached", "w").close()
        while os.path.exists(flag):
            time.sleep(0.005)
""",
)


def test_a_program_that_was_held_is_on_record(runner: Runner, tmp_path: Path) -> None:
    """Where it stood still, and that it went on; one that was killed there did not go on."""
    result = run(runner, order(tmp_path, HOLDING, HELD, (("held", "H", 1), ("killed-there", "K", 1))))
    assert result.verdict == "passed", result
    checks: dict[str, Any] = finished(result)
    steps = [(step["what"], step.get("point")) for step in checks["held"]["steps"]]
    assert steps[-2:] == [("held", "in-the-middle"), ("released", "in-the-middle")]
    sent, (held, released) = checks["held"]["exchanges"][0], checks["held"]["steps"][-2:]
    assert sent["start"] <= held["at"] <= released["at"] <= sent["end"]
    assert [step["what"] for step in checks["killed-there"]["steps"]] == ["held", "killed", "ended"]


def test_a_wrong_signature_stands_beside_the_right_one(runner: Runner, tmp_path: Path) -> None:
    """A delivery that is signed wrongly carries the right headers in its record; a right one needs none."""
    suite = '''
def test_signed(provider, expect):
    """Signed rightly, wrongly, and over another body."""
    for dial in ("correct", "wrong-secret", "tampered"):
        provider.send(provider.event(), signature=dial)
'''
    checks: dict[str, Any] = finished(run(runner, order(tmp_path, GOOD, suite, (("signed", "S", 1),))))
    right, wrong, tampered = (exchange["signature"] for exchange in checks["signed"]["exchanges"])
    assert (right["correct"], tampered["correct"]) == ([], [])
    ((name, value),) = wrong["correct"]
    sent = dict(checks["signed"]["exchanges"][1]["request"]["headers"])
    assert name == "X-Hub-Signature-256"
    assert sent[name] != value
    assert tampered["signed_base64"] != checks["signed"]["exchanges"][2]["request"]["body"]["base64"]


SLOW = """
import os, threading
from flask import Flask, request
app = Flask(__name__)
released = threading.Event()
@app.post("/webhook")
def webhook():
    print("took it", flush=True)
    released.wait(20)
    return "", 204
@app.post("/release")
def release():
    released.set()
    return "", 204
if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
"""

ACROSS = """
SENDINGS = []

def test_begins(program, provider, expect):
    SENDINGS.append(provider.start_sending(provider.event(), timeout=30))
    expect.printed(program, "took it", rationale="It did not arrive.", timeout=5)

def test_ends(program, provider, expect):
    expect.accepted(provider.request("POST", "/release"), "The release was not accepted.")
    expect.accepted(SENDINGS[0].answer(), "The delivery was not accepted.")
"""


def test_a_delivery_stands_in_the_check_in_which_it_began(runner: Runner, tmp_path: Path) -> None:
    """One that is answered in the next check stands in its own alone, as one that was still open."""
    checks = (("begins", "It begins", 1), ("ends", "It ends", 1))
    result = run(runner, order(tmp_path, SLOW, ACROSS, checks))
    assert result.verdict == "passed", result.reason
    told = finished(result)
    ends = {name: [each["ended"] for each in told[name]["exchanges"]] for name in told}
    assert ends == {"begins": ["open"], "ends": ["answered"]}
    (release,) = told["ends"]["exchanges"]
    assert release["request"]["target"] == "/release"
