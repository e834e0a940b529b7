"""Hold points: a program stands still between two steps, and a kill hits exactly there."""

from pathlib import Path

from app.checks.runner import Runner
from tests.checks.conftest import PATIENT
from tests.checks.programs import finished, order, run

STEPS = """
import os, time
from pathlib import Path
from flask import Flask
app = Flask(__name__)
data, holds = Path(os.environ["DATA_DIR"]), Path(os.environ["HOLD_DIR"])
def wait_if_held(point):
    held = holds / point
    if held.exists():
        (holds / (point + ".reached")).touch()
        while held.exists():
            time.sleep(0.002)
def fail_if_asked(point):
    try:
        (holds / point).unlink()
    except FileNotFoundError:
        return
    raise RuntimeError("asked to fail")
@app.post("/webhook")
def webhook():
    fail_if_asked("fail")
    number = len(list(data.glob("begun-*")))
    (data / f"begun-{number}").touch()
    wait_if_held("between")
    (data / f"ended-{number}").touch()
    return "", 204
@app.get("/steps")
def steps():
    return sorted(path.name for path in data.iterdir())
if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
"""

SUITE = '''
def test_killed(program, provider, expect):
    """Ten times killed between the two steps: each time the first is done and the second is not."""
    for _ in range(10):
        hold = program.hold("between")
        sending = provider.start_sending(provider.event())
        expect.that(hold.wait_until_reached(), "It comes there.", "there", "not there")
        program.kill()
        hold.release()
        expect.equal(sending.answer().status, None, "Nobody answers.")
        program.start()
    steps = provider.get("/steps").json()
    begun = [f"begun-{number}" for number in range(10)]
    expect.equal(steps, begun, "Every kill hit between the steps.")

def test_released(program, provider, expect):
    """Released, it goes on; a point that is not held is passed; a step fails once when asked."""
    hold = program.hold("between")
    sending = provider.start_sending(provider.event())
    hold.wait_until_reached()
    hold.release()
    expect.accepted(sending.answer(), "It goes on.")
    program.fail_once("fail")
    expect.status(provider.send(provider.event()), 500, "It fails once.")
    expect.accepted(provider.send(provider.event()), "And then no more.")

def test_left(program, provider, expect):
    """What the check before left behind holds nobody up."""
    expect.accepted(provider.send(provider.event()), "Nothing is held.")
    program.hold("between")
'''
CHECKS = (("killed", "Killed", 1), ("released", "Released", 1), ("left", "Left", 1))


def test_a_kill_hits_exactly_at_the_hold_point(runner: Runner, data_folder: Path, tmp_path: Path) -> None:
    """Between two steps means: the first one done, the second one not, every time."""
    isolation = "auto" if runner.level == "isolated" else "off"
    # Eleven ordinary starts: on a machine that has much else to do they take longer than other runs.
    with Runner(data_folder, isolation, PATIENT) as patient:
        result = run(patient, order(tmp_path, STEPS, SUITE, CHECKS))
    assert result.verdict == "passed", [check["cause"] for check in finished(result).values()]


LEFT = '''
def test_fails(program, provider, expect):
    """It fails while the program stands still, and leaves everything as it is."""
    hold = program.hold("between")
    sent = provider.start_sending(provider.event())
    expect.that(hold.wait_until_reached(before=sent), "It comes there.", "there", "not there")
    expect.fail("It fails here.", "", "")

def test_sees(program, provider, expect):
    """What the check before let go on is done by now."""
    expect.equal(provider.get("/steps").json(), ["begun-0", "ended-0"], "It ended before this check began.")
    expect.equal(program.printed(), "", "And what it printed is no news of this check.")

def test_passes_by(program, provider, expect):
    """A delivery that is over without coming to the point is not waited for."""
    hold = program.hold("elsewhere")
    sent = provider.start_sending(provider.event())
    expect.that(not hold.wait_until_reached(60.0, before=sent), "It does not come there.", "no", "yes")
    expect.accepted(sent.answer(0), "It is over.")
'''
SLOW_TO_END = STEPS.replace(
    '    (data / f"ended-{number}").touch()',
    '    time.sleep(0.1)\n    (data / f"ended-{number}").touch()\n    print("ended", flush=True)',
)
"""What goes on takes a moment longer than the next check needs to begin."""


def test_what_a_failed_check_held_is_over_before_the_next(runner: Runner, tmp_path: Path) -> None:
    """The next check begins when the delivery has been answered, and sees nothing of it come."""
    checks = (("fails", "Fails", 1), ("sees", "Sees", 1), ("passes-by", "Passes by", 1))
    result = run(runner, order(tmp_path, SLOW_TO_END, LEFT, checks))
    outcomes = {name: event["outcome"] for name, event in finished(result).items()}
    assert outcomes == {"fails": "failed", "sees": "passed", "passes-by": "passed"}, finished(result)
    assert finished(result)["fails"]["exchanges"][0]["ended"] == "open"
