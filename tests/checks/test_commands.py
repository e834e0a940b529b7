"""Programs of the kind `command`: the suite runs them, and is the other side."""

from pathlib import Path

from app.checks.runner import Runner
from tests.checks.programs import finished, order, run

SENDER = """
import hashlib, hmac, os, sys, time, urllib.error, urllib.request
body = sys.argv[1].encode() if len(sys.argv) > 1 else b"{}"
if body == b"sleep":
    time.sleep(60)
if body == b"crash":
    raise ValueError("no such event")
digest = hmac.new(os.environ["WEBHOOK_SECRET"].encode(), body, hashlib.sha256).hexdigest()
headers = {"X-Hub-Signature-256": "sha256=" + digest}
call = urllib.request.Request(os.environ["DOWNSTREAM_URL"], body, headers)
try:
    with urllib.request.urlopen(call, timeout=30) as answer:
        print("answered", answer.status)
except urllib.error.HTTPError as error:
    print("refused", error.code, file=sys.stderr)
    sys.exit(2)
"""

SUITE = '''
def test_sends(program, downstream, expect):
    """It sends what it is told, signed, and says how that went."""
    done = program.run('{"id":"evt_1"}')
    expect.equal(done.code, 0, "It went well.")
    expect.equal(done.stdout.strip(), "answered 200", "It says so.")
    call = downstream.calls()[0]
    expect.equal(call.request.body, b'{"id":"evt_1"}', "The body arrives.")
    expect.that(call.header("X-Hub-Signature-256").startswith("sha256="), "Signed.", "sha256=", "nothing")

def test_refused(program, downstream, expect):
    """A refusal is its exit code; another environment is another secret."""
    downstream.fail(status=401)
    done = program.run(env={"WEBHOOK_SECRET": "other"})
    expect.equal((done.code, done.stderr.strip()), (2, "refused 401"), "It says so.")

def test_crashes(program, expect):
    """A crash is an end like any other: the suite judges it."""
    done = program.run("crash")
    expect.equal(done.code, 1, "It crashed.")
    expect.that("no such event" in done.stderr, "The traceback is there.", "it", done.stderr)

def test_hangs(program):
    """A command that never ends fails the check."""
    program.run("sleep", timeout=0.5)

def test_after(program, expect):
    """And the next check runs."""
    expect.equal(program.run().code, 0, "It runs.")
'''
NAMES = ("sends", "refused", "crashes", "hangs", "after")


def test_a_command_is_run_by_the_suite(runner: Runner, tmp_path: Path) -> None:
    """Arguments and environment go in; exit code, output and requests come out; nothing starts by itself."""
    checks = tuple((name, name, 1) for name in NAMES)
    env = {"WEBHOOK_SECRET": "fresh", "DOWNSTREAM_URL": "downstream"}
    result = run(runner, order(tmp_path, SENDER, SUITE, checks, env=env, kind="command"))
    found = finished(result)
    outcomes = {name: check["outcome"] for name, check in found.items()}
    wanted = {**dict.fromkeys(NAMES, "passed"), "hangs": "failed"}
    assert outcomes == wanted, [check["cause"] for check in found.values()]
    assert "did not end within" in found["hangs"]["cause"]["rationale"]  # type: ignore[index]
    assert sum(event["event"] == "program_started" for event in result.events) == len(NAMES)


def test_a_command_that_ended_well_is_not_blamed_for_it(runner: Runner, tmp_path: Path) -> None:
    """The picture of a check says how a command ended, and not that it should have gone on."""
    suite = "def test_once(program, expect):\n    expect.equal(program.run().code, 1, 'It ended with 0.')\n"
    result = run(runner, order(tmp_path, "print('done')", suite, (("once", "once", 1),), kind="command"))
    steps = finished(result)["once"]["steps"]
    ends = [step["sentence"] for step in steps if step["what"] == "ended"]  # type: ignore[attr-defined]
    assert ends == ["Your program ended with exit code 0."]
