"""The wall, as the words that bubblewrap gets."""

from app.checks.sandbox import ISOLATED, SCRATCH, Rooms, Walls, inner_command
from app.checks.toolchains import Toolchain


def test_a_tool_below_a_scratch_folder_stays_seen() -> None:
    """The scratch folders are mounted before the tools, or one that lives below /tmp would be covered."""
    tool = "/tmp/checkout/.venv/bin/node"
    walls = Walls(ISOLATED, "bwrap", "/run-folder", as_root=False)
    tools = Toolchain(shown=((tool, tool),), covered=(), words={})
    words = inner_command(walls, tools, Rooms("/a", "/b", "/c"), "host", None)
    scratch = [words.index(folder) for folder, _ in SCRATCH]
    assert max(scratch) < words.index(tool)
