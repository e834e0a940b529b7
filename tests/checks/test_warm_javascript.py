"""A JavaScript program that a waiting Node becomes can't tell it from an ordinary start."""

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.checks.runner import Runner, RunResult
from app.config import data_folder
from tests.checks.conftest import PATIENT
from tests.checks.programs import GOOD_JAVASCRIPT, SUITE, finished, order
from tests.conftest import require

pytestmark = pytest.mark.needs_node

FACTS = """
const facts = {
  main: MAIN,
  argv: process.argv,
  execArgv: process.execArgv,
  title: [process.title, process.argv0, process.execPath],
  globals: Object.getOwnPropertyNames(globalThis).sort(),
  process: Object.getOwnPropertyNames(process).sort(),
  listeners: process.eventNames().map(String).sort(),
  runMain: Object.getOwnPropertyDescriptor(module_, "runMain"),
  environment: Object.entries(process.env).filter(([name]) => !OWN.includes(name)).sort(),
  own: OWN.filter((name) => name in process.env),
  child: String(execFileSync(process.execPath, ["-p", "Object.entries(process.env).sort().join()"]))
    .replace(/(PORT|WEBHOOK_SECRET),[^,]*/g, "$1"),
  input: fs.readFileSync(0, "utf8"),
  links: [0, 1, 2].map((number) => fs.readlinkSync(`/proc/self/fd/${number}`).split(":")[0]),
  folder: process.cwd(),
  files: fs.readdirSync(".").sort(),
  user: [process.getuid(), process.getgid(), process.getgroups(), process.umask()],
  host: os.hostname(),
  handles: process.getActiveResourcesInfo(),
  processes: process.pid < 10 ? fs.readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name)).length : 0,
  pid: process.pid < 10 ? process.pid : 0,
  status: fs.readFileSync("/proc/self/status", "utf8").split("\\n")
    .filter((line) => /^(Sig(Blk|Ign|Cgt)|Cap(Eff|Bnd)|NoNewPrivs)/.test(line)),
  limits: fs.readFileSync("/proc/self/limits", "utf8"),
  mounts: process.pid < 10
    ? fs.readFileSync("/proc/self/mountinfo", "utf8").split("\\n").map((line) => line.split(" ")[4]) : [],
  trace: new Error("here").stack,
  worker: await new Promise((done) =>
    new Worker("require('worker_threads').parentPort.postMessage(process.argv.length)", { eval: true })
      .on("message", done)),
};
console.log("SEEN " + JSON.stringify(facts));
"""
MODULE = """
import fs from "node:fs";
import os from "node:os";
import module_ from "node:module";
import { execFileSync } from "node:child_process";
import { Worker } from "node:worker_threads";
const OWN = ["PORT", "WEBHOOK_SECRET"];
""" + FACTS.replace("MAIN", "[import.meta.main, import.meta.url, import.meta.filename]")
COMMON = """
const express = require("express");
const [fs, os, module_, { execFileSync }, { Worker }] =
  ["fs", "os", "module", "child_process", "worker_threads"].map((name) => require(name));
const OWN = ["PORT", "WEBHOOK_SECRET"];
""" + FACTS.replace(
    "MAIN",
    "[require.main === module, __filename, process.mainModule === module, "
    "Object.keys(require.cache).filter((name) => !name.includes('node_modules'))]",
).replace("await new Promise", "typeof new Promise")
REST = GOOD_JAVASCRIPT.replace('import fs from "node:fs";\n', "")
MIRRORS = {
    "receiver.mjs": MODULE + REST,
    "receiver.cjs": COMMON + REST.replace('import express from "express";\n', ""),
}
MIRRORS["receiver.js"] = MIRRORS["receiver.cjs"]


@pytest.fixture(params=["isolated", "not isolated"])
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    """A runner of each level in turn, with a Node."""
    if request.param == "isolated":
        require("sandbox")
    level = "auto" if request.param == "isolated" else "off"
    with Runner(data_folder(os.environ), level, PATIENT) as made:
        made.make_ready("javascript", lambda says, note: None)
        yield made


@pytest.fixture
def isolated() -> Iterator[Runner]:
    """A runner behind walls, with a Node."""
    require("sandbox")
    with Runner(data_folder(os.environ), limits=PATIENT) as made:
        made.make_ready("javascript", lambda says, note: None)
        yield made


def result_of(runner: Runner, folder: Path, program: str, keeper: bool, **changes: Any) -> RunResult:
    """Check a program in a slot that waited, with or without a keeper, for its files."""
    main = changes.pop("main", "receiver.mjs")
    ordered = order(folder, program, language="javascript", **changes)
    (folder / "program" / "receiver.mjs").rename(folder / "program" / main)
    changed = type(ordered)(**{**vars(ordered), "main": main, "command": ("node", main)})
    with closing(runner.prepare("javascript", keeper)) as slot:
        return runner.run(changed, lambda event: None, slot=slot)


def printed_by(result: RunResult, *streams: str) -> str:
    """Return what a program printed."""
    printed = [event for event in result.events if event["event"] == "program_output"]
    return "".join(event["text"] for event in printed if event["stream"] in (streams or event["stream"]))


def seen_by(result: RunResult) -> dict[str, Any]:
    """Return what the mirror printed."""
    lines = printed_by(result).splitlines()
    seen = [line for line in lines if line.startswith("SEEN ")]
    assert seen, (result.reason, lines)
    return dict(json.loads(seen[0].removeprefix("SEEN ")))


@pytest.mark.parametrize("main", MIRRORS)
def test_a_program_sees_the_same_from_both_starts(runner: Runner, tmp_path: Path, main: str) -> None:
    """Main module, arguments, globals, environment, descriptors, limits, traces: as in an ordinary start."""
    ordinary, warm = (
        seen_by(result_of(runner, tmp_path, MIRRORS[main], keeper, main=main)) for keeper in (False, True)
    )
    if runner.level == "not isolated":  # there each slot has a folder of its own
        ordinary, warm = (json.loads(json.dumps(s).replace(s["folder"], "")) for s in (ordinary, warm))
        for seen in (ordinary, warm):
            seen["environment"] = [
                pair for pair in seen["environment"] if pair[0] not in ("DATA_DIR", "HOLD_DIR")
            ]
            del seen["child"]
    assert set(warm["own"]) == {"PORT", "WEBHOOK_SECRET"}
    for name in ordinary:
        assert warm[name] == ordinary[name], name


USES = 'import express from "express";\n'
ENDS = {
    "error": USES + "function f() {\n  throw new TypeError('x');\n}\nf();\n",
    "rejection": USES + "await Promise.reject(new Error('never caught'));\n",
    "later": USES + "setTimeout(() => {\n  throw new Error('later');\n}, 1);\n",
    "syntax": USES + "function broken( {\n",
    "missing": USES + "import nothing from 'nothing-of-that-name';\n",
    "exit code": USES + "process.exit(3);\n",
    "at exit": USES + "process.on('exit', (code) => console.log('bye', code));\nprocess.exitCode = 4;\n",
    "signal": USES + "process.kill(process.pid, 'SIGKILL');\n",
    "no package": "// express\nconsole.log(require('fs'));\n",
}


@pytest.mark.parametrize("name", ENDS)
def test_a_program_ends_alike_from_both_starts(isolated: Runner, tmp_path: Path, name: str) -> None:
    """Exit code, signal, sentence, trace and every printed word are those of an ordinary start."""
    told = []
    for keeper in (False, True):
        result = result_of(isolated, tmp_path, ENDS[name], keeper)
        check = finished(result)["answers"]
        ended = next(event for event in result.events if event["event"] == "program_exited")
        printed = [printed_by(result, stream) for stream in ("stdout", "stderr")]
        told.append((printed, check["cause"], check["traceback"], ended["code"], ended["signal"]))
    assert told[0] == told[1]
    assert "keeper" not in str(told[1])


def test_a_program_with_a_package_file_is_read_as_at_home(isolated: Runner, tmp_path: Path) -> None:
    """The kind of a `.js` file is what the learner's own package.json says: nothing was remembered before."""
    for keeper in (False, True):
        (tmp_path / "program").mkdir(exist_ok=True)
        (tmp_path / "program" / "package.json").write_text('{"type": "module"}')
        program = GOOD_JAVASCRIPT + "console.log('MAIN', import.meta.url);\n"
        result = result_of(isolated, tmp_path, program, keeper, main="receiver.js")
        assert result.verdict == "passed", printed_by(result)
        assert "MAIN file:///program/receiver.js" in printed_by(result)


def test_a_program_without_express_starts_in_the_ordinary_way(isolated: Runner, tmp_path: Path) -> None:
    """What it did not import is not there, although the Node that waited had it."""
    program = (
        "const loaded = Object.keys(require.cache).length;\n"
        "console.log('LOADED', loaded, process.execArgv.length, process._preload_modules.length);\n"
    )
    result = result_of(isolated, tmp_path, program, keeper=True, main="receiver.cjs")
    assert "LOADED 1 0 0" in printed_by(result)


def test_only_the_first_start_is_a_warm_one(isolated: Runner, tmp_path: Path) -> None:
    """A restart is a fresh wall with a name of its own, and judges alike."""
    program = 'import os from "node:os";\n' + GOOD_JAVASCRIPT + 'console.log("HOST", os.hostname());\n'
    suite = SUITE.replace("def test_again(provider, expect):", "def test_again(provider, program, expect):")
    suite = suite.replace(
        '    """A second delivery is accepted."""',
        '    """A second delivery is accepted."""\n    program.restart()',
    )
    result = result_of(isolated, tmp_path, program, True, suite=suite)
    assert result.verdict == "passed", result.reason
    assert "HOST program-1" in printed_by(result)
    assert "HOST program-2" in printed_by(result)
