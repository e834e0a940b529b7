"""Programs in JavaScript behind the same walls: what they may use, what they can't reach, how they fail."""

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.checks.byhand import ByHand, HandPlan
from app.checks.runner import Runner
from app.checks.toolchains import toolchain
from app.config import data_folder
from app.provider import wire
from tests.checks.conftest import PATIENT
from tests.checks.programs import CHECKS, GOOD_JAVASCRIPT, SUITE, finished, order, run
from tests.conftest import require

pytestmark = pytest.mark.needs_node


@pytest.fixture(params=["isolated", "not isolated"])
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    """A runner of each level in turn; what JavaScript needs is fetched once for all tests and learners."""
    if request.param == "isolated":
        require("sandbox")
    level = "auto" if request.param == "isolated" else "off"
    with Runner(data_folder(os.environ), level, PATIENT) as made:
        made.make_ready("javascript", lambda says, note: None)
        assert made.level == request.param
        yield made


def test_a_right_program_passes_every_check(runner: Runner, tmp_path: Path) -> None:
    """Express is found at both levels, and $DATA_DIR outlives a kill and is shared by two instances."""
    suite = (
        SUITE
        + '''
def test_shares(provider, program, expect):
    """Three looks, over a kill and from a second instance, count up."""
    seen = [provider.get("/data").json()]
    program.kill()
    program.start()
    seen.append(provider.get("/data").json())
    with program.second() as other:
        seen.append(provider.get("/data", to=other).json())
    expect.equal(seen, [0, 1, 2], "The folder is not shared.")
'''
    )
    checks = (*CHECKS, ("shares", "The folder is shared", 1))
    result = run(runner, order(tmp_path, GOOD_JAVASCRIPT, suite, checks, "javascript"))
    assert result.verdict == "passed", finished(result)


ROOT = frozenset({"bin", "data", "dev", "etc", "hold", "lib", "lib32", "lib64", "node_modules"}) | frozenset(
    {"keeper.cjs", "proc", "program", "tmp", "usr"}
)

NOSY = """
import http from "node:http";
import net from "node:net";
import os from "node:os";
import { execFileSync } from "node:child_process";
import { DatabaseSync } from "node:sqlite";
import Ajv from "ajv";
import addFormats from "ajv-formats";

async function attempt(action) {
  try {
    return String(await action());
  } catch (error) {
    return "no: " + (error.code ?? error.name);
  }
}

const connect = (host, port) => new Promise((resolve, reject) => {
  net.connect({ host, port, timeout: 1000 }, () => resolve("connected")).on("error", reject)
    .on("timeout", () => reject(new Error("timeout")));
});

const own = http.createServer((request, response) => response.end("mine"));
await new Promise((resolve) => own.listen(0, resolve));

const seen = {
  root: fs.readdirSync("/").sort(),
  environment: Object.keys(process.env).sort(),
  user: process.getuid(),
  processes: fs.readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name)).length,
  canary: await attempt(() => fs.readFileSync(CANARY_FILE, "utf8")),
  "host network": await attempt(() => connect("127.0.0.1", HOST_PORT)),
  internet: await attempt(() => connect("1.1.1.1", 53)),
  "write packages": await attempt(() => fs.writeFileSync("/node_modules/express/index.js", "x")),
  "write Node": await attempt(() => fs.writeFileSync(process.execPath, "x")),
  "user namespace": await attempt(() => execFileSync("unshare", ["-Ur", "true"])),
  fetch: await attempt(async () => (await fetch(`http://127.0.0.1:${own.address().port}/`)).text()),
  child: await attempt(() => execFileSync(process.execPath, ["-p", "6 * 7"], { encoding: "utf8" }).trim()),
  sqlite: await attempt(() => new DatabaseSync("/data/x.db").prepare("SELECT 1 AS one").get().one),
  schema: await attempt(() => addFormats(new Ajv()).validate({ type: "string", format: "date-time" }, "x")),
  "host name": os.hostname(),
};
console.log("SEEN " + JSON.stringify(seen));
"""


@pytest.mark.needs_sandbox
def test_a_nosy_program_sees_its_own_files_and_nothing_else(tmp_path: Path) -> None:
    """Node and its packages are read-only; no file, address or variable of the host is in reach."""
    canary = tmp_path / "canary"
    canary.write_text("a secret of the host")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        program = NOSY.replace("CANARY_FILE", json.dumps(str(canary))).replace("HOST_PORT", str(port))
        with Runner(data_folder(os.environ), limits=PATIENT) as isolated:
            isolated.make_ready("javascript", lambda says, note: None)
            result = run(isolated, order(tmp_path, program + GOOD_JAVASCRIPT, language="javascript"))
    assert result.verdict == "passed", finished(result)["answers"]
    printed = "".join(event["text"] for event in result.events if event["event"] == "program_output")
    line = next(line for line in printed.splitlines() if line.startswith("SEEN "))
    seen = json.loads(line.removeprefix("SEEN "))
    executable = Path(toolchain("javascript", data_folder(os.environ)).words["node"])
    assert set(seen["root"]) - ROOT - {executable.parts[1]} == set()
    assert not [name for name in seen["environment"] if name.startswith(("COURSE", "PYTEST", "npm"))]
    assert (seen["user"] != 0, seen["processes"]) == (True, 2)
    for name in ("canary", "host network", "internet", "write packages", "write Node", "user namespace"):
        assert seen[name].startswith("no:"), (name, seen[name])
    assert (seen["fetch"], seen["child"], seen["sqlite"], seen["schema"]) == ("mine", "42", "1", "false")
    assert seen["host name"] == "program-1"


def test_the_learners_own_line_comes_first(runner: Runner, tmp_path: Path) -> None:
    """An exception in a handler is led by the learner's file and line, without a path of the machine."""
    program = GOOD_JAVASCRIPT.replace("console.log(event.id", "console.log(event.none.id")
    check = finished(run(runner, order(tmp_path, program, language="javascript")))["answers"]
    assert check["outcome"] == "failed"
    first, *rest = str(check["traceback"]).splitlines()
    assert first.startswith("receiver.mjs, line 7: TypeError: Cannot read properties of undefined")
    assert not [line for line in rest if str(tmp_path) in line]


DEATHS = {
    "a package that is not given": (
        'import nothing from "left-pad";',
        "Your program ended with exit code 1.",
    ),
    "a syntax error": ("let x = (;", "Your program ended with exit code 1."),
    "a promise that nobody waits for": (
        'setTimeout(() => Promise.reject(new Error("lost")), 300);',
        "Your program ended with exit code 1.",
    ),
    "process.exit": ("process.exit(0);", "Your program ended by itself with exit code 0"),
    "nothing to wait for": ("const quiet = true;", "Your program ended by itself with exit code 0"),
}


@pytest.mark.parametrize("name", DEATHS)
def test_a_program_that_ends_is_told_how(runner: Runner, tmp_path: Path, name: str) -> None:
    """However it ends, the first check says so and the others are not run."""
    program, sentence = DEATHS[name]
    checks = finished(run(runner, order(tmp_path, program, language="javascript")))
    assert [check["outcome"] for check in checks.values()] == ["failed", "skipped", "skipped"]
    assert sentence in checks["answers"]["cause"]["rationale"]  # type: ignore[index]


def test_memory_without_end_is_stopped(runner: Runner, tmp_path: Path) -> None:
    """A program that keeps everything is ended, and told why."""
    program = "const kept = [];\nfor (;;) kept.push(Buffer.alloc(1e6, 1));\n"
    check = finished(run(runner, order(tmp_path, program, language="javascript")))["answers"]
    assert "MB of memory and was stopped" in check["cause"]["rationale"]  # type: ignore[index]


def test_it_runs_by_hand(tmp_path: Path, runner: Runner) -> None:
    """`course run` starts it on the host's loopback at both levels, with its packages."""
    ordered = order(tmp_path, GOOD_JAVASCRIPT, language="javascript")
    plan = HandPlan(
        ordered.command, ordered.folder, None, "javascript", tmp_path / "kept", wire.free_port(), {},
        data_folder(os.environ), "auto" if runner.level == "isolated" else "off",
    )  # fmt: skip
    program = ByHand(plan, lambda stream, text: None)
    try:
        assert program.start() is None
        assert wire.accepts_connections(plan.port)
    finally:
        program.stop()
    assert not wire.accepts_connections(plan.port)
