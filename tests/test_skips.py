"""The policy of conftest.py: a skip is allowed at home, and a failure with CI=true."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SKIPS = {
    "mark": "@pytest.mark.skip(reason='why')\ndef test_it(): pass",
    "call": "def test_it(): pytest.skip('why')",
    "file": "pytest.skip('why', allow_module_level=True)",
    "need": "@pytest.mark.needs_browser\ndef test_it(): pass",
}


@pytest.mark.parametrize("how", SKIPS)
@pytest.mark.parametrize(("ci", "failed"), [("true", True), ("", False)])
def test_a_skip_fails_only_in_ci(tmp_path: Path, how: str, ci: str, failed: bool) -> None:
    """However a test is skipped, CI=true makes it a failure; elsewhere the reason is printed."""
    (tmp_path / "tests").mkdir()
    for name in ("__init__.py", "conftest.py", "machine.py"):
        shutil.copy(TESTS / name, tmp_path / "tests" / name)
    (tmp_path / "tests" / "test_it.py").write_text(f"import pytest\n{SKIPS[how]}\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = needs_browser\n", encoding="utf-8")
    bare = {"PATH": "", "CHROMIUM": "", "CI": ci, "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={**os.environ, **bare},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode in (1, 2)) is failed, done.stdout
    assert ("apt install chromium" if how == "need" else "why") in done.stdout
