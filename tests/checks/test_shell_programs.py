"""Shell scripts behind the walls: the system's programs are there; a sentence says where one is missing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.checks import shell
from app.checks.runner import Runner
from app.checks.toolchains import is_ready, make_ready, toolchain
from app.errors import CourseFault
from tests.checks.programs import finished, order, run

SCRIPT = r"""
set -euo pipefail
cd "$DATA_DIR"
signature=$(openssl dgst -sha256 -hmac "$WEBHOOK_SECRET" -r < "$1" | awk '{ print $1 }')
status=$(curl --silent --output answer --write-out '%{http_code}' \
  --header "X-Signature: $signature" --data-binary "@$1" "$DOWNSTREAM_URL/in?a=1&b=2")
echo "$status $(cat answer)"
"""

SUITE = r'''
import hashlib, hmac

BODY = b"two lines\nand \x00 a byte \xff\n"

def test_sends(program, provider, downstream, expect):
    """What was put into $DATA_DIR arrives byte for byte, and is signed."""
    downstream.script(lambda call: (307, {"go": "on"}, (("Location", "/elsewhere"),)))
    done = program.run(program.give("an event.bin", BODY))
    expect.equal((done.code, done.stdout.split()[0]), (0, "307"), "It says what came back.")
    (call,) = downstream.calls()
    expect.equal(call.request.target, "/in?a=1&b=2", "The address.")
    expect.equal(call.request.body == BODY, True, "The bytes.")
    wanted = hmac.new(provider.secret.encode(), BODY, hashlib.sha256).hexdigest()
    expect.equal(call.header("x-signature"), wanted, "The signature.")

def test_given_anew(program, downstream, expect):
    """A file that is given again is another one, whatever stood there."""
    program.run(program.give("event", b"first"))
    program.run(program.give("event", b"second"))
    expect.equal([call.request.body for call in downstream.calls()] == [b"first", b"second"], True, "Both.")
'''
CHECKS = (("sends", "sends", 1), ("given-anew", "given-anew", 1))


def test_a_script_has_the_systems_programs(runner: Runner, tmp_path: Path) -> None:
    """bash, openssl, awk and curl do their work at the level of this machine; files come in by $DATA_DIR."""
    env = {"WEBHOOK_SECRET": "fresh", "DOWNSTREAM_URL": "downstream"}
    result = run(runner, order(tmp_path, SCRIPT, SUITE, CHECKS, env=env, kind="command", language="shell"))
    assert result.verdict == "passed", [check["cause"] for check in finished(result).values()]


def without(name: str) -> Callable[..., str | None]:
    """Return a look-up that finds everything but one program."""
    return lambda asked, **where: None if asked == name else f"/usr/bin/{asked}"


@pytest.mark.parametrize("name", shell.NEEDED)
def test_what_is_missing_is_said(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One sentence names what is not there, another one how to get it; nothing is fetched."""
    monkeypatch.setattr("app.checks.shell.shutil.which", without(name))
    assert not is_ready("shell", tmp_path)
    for act in (
        lambda: make_ready("shell", tmp_path, lambda says, note: None),
        lambda: toolchain("shell", tmp_path),
    ):
        with pytest.raises(CourseFault, match=f"there is no {name} here") as told:
            act()
        assert told.value.advice == shell.INSTALL
    assert list(tmp_path.iterdir()) == []


def test_a_run_without_them_is_a_fault_of_the_course(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing counts against the learner where curl is missing: that is exit code 3 in the terminal."""
    monkeypatch.setattr("app.checks.shell.shutil.which", without("curl"))
    result = run(runner, order(tmp_path, SCRIPT, SUITE, CHECKS, kind="command", language="shell"))
    assert result.verdict == "course_fault"
    assert "there is no curl here" in result.reason
