"""Small programs that misbehave, and a tiny exercise to check them with."""

from contextlib import closing
from pathlib import Path

from app.checks.cancel import Cancel
from app.checks.runner import Runner, RunOrder, RunResult

GOOD = """
import json, os
from flask import Flask, request
app = Flask(__name__)
@app.post("/webhook")
def webhook():
    event = request.get_json()
    print(event["id"], event["type"])
    return "", 204
@app.get("/data")
def data():
    names = os.listdir(os.environ["DATA_DIR"])
    open(os.path.join(os.environ["DATA_DIR"], str(len(names))), "w").close()
    return json.dumps(len(names))
if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
"""

GOOD_JAVASCRIPT = """
import fs from "node:fs";
import express from "express";
const app = express();
app.post("/webhook", express.json(), (request, response) => {
  const event = request.body;
  console.log(event.id, event.type);
  response.status(204).end();
});
app.get("/data", (request, response) => {
  const names = fs.readdirSync(process.env.DATA_DIR);
  fs.writeFileSync(`${process.env.DATA_DIR}/${names.length}`, "");
  response.json(names.length);
});
app.listen(Number(process.env.PORT), "127.0.0.1");
"""

MAINS = {"python": "receiver.py", "javascript": "receiver.mjs", "shell": "send.sh"}
STARTERS = {"python": "python", "javascript": "node", "shell": "bash"}

SUITE = '''
def test_answers(provider, expect):
    """A delivery is accepted."""
    expect.accepted(provider.send(provider.event()), "The delivery was not accepted.", "Answer 204.")

def test_prints(provider, program, expect):
    """The event's id is printed."""
    event = provider.event()
    provider.send(event)
    line = program.wait_for_line(event.id, event.type)
    expect.that(line is not None, "Nothing was printed.", event.id, program.printed())

def test_again(provider, expect):
    """A second delivery is accepted."""
    expect.accepted(provider.send(provider.event()), "The second delivery was not accepted.")
'''

CHECKS = (("answers", "A delivery is accepted", 1), ("prints", "It is printed", 1), ("again", "Again", 1))


def order(
    folder: Path,
    program: str,
    suite: str = SUITE,
    checks: tuple[tuple[str, str, int], ...] = CHECKS,
    language: str = "python",
    **changes: object,
) -> RunOrder:
    """Write a program and a suite below `folder` and return the order to check one with the other."""
    for name in ("program", "checks"):
        (folder / name).mkdir(exist_ok=True)
    main = MAINS[language]
    (folder / "program" / main).write_text(program)
    (folder / "checks" / "test_suite.py").write_text(suite)
    values: dict[str, object] = {
        "run": "run-1", "exercise": "tiny", "language": language, "main": main,
        "command": (STARTERS[language], main), "folder": folder / "program", "checks": checks,
        "checks_folder": folder / "checks", "support": None, "env": {"WEBHOOK_SECRET": "fresh"},
        "scheme": "github", "secret": "WEBHOOK_SECRET", "path": "/webhook", "lesson": "first-delivery",
        "seed": 7,
    }  # fmt: skip
    return RunOrder(**{**values, **changes})  # type: ignore[arg-type]


def run(runner: Runner, ordered: RunOrder, cancel: Cancel | None = None, keeper: bool = True) -> RunResult:
    """Run an order; nobody watches the events. Without a `keeper` every start is an ordinary one."""
    if keeper:
        return runner.run(ordered, lambda event: None, cancel)
    with closing(runner.prepare(ordered.language, keeper)) as slot:
        return runner.run(ordered, lambda event: None, cancel, slot)


def finished(result: RunResult) -> dict[str, dict[str, object]]:
    """Return the check_finished events by check."""
    return {event["check"]: event for event in result.events if event["event"] == "check_finished"}
