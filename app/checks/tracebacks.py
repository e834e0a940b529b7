"""Find a Python traceback in what a program printed, and the learner's own line in it."""

import re

_START = "Traceback (most recent call last):"
_FILE = re.compile(r'^  File "[^"]+", line \d+$')
_ERROR = re.compile(r"^\w{0,60}Error: ")
_FRAME = re.compile(r'^\s*File "(?P<path>[^"]+)", line (?P<line>\d+)(?:, in (?P<where>\S+))?')


def find_traceback(text: str, folder: str) -> str:
    """Return the last traceback in `text`, led by the learner's own file and line; empty where there is none.

    `folder` is where the program's files stood; they are named without it.
    """
    starts = [match.start() for match in re.finditer(re.escape(_START), text)]
    block = _block(text[starts[-1] :]) if starts else _syntax_error(text)
    if not block:
        return ""
    block = block.replace(folder.rstrip("/") + "/", "")
    own = _own_frame(block)
    return f"{own}: {block.splitlines()[-1]}\n\n{block}" if own else block


def without_folder(text: str, folder: str) -> str:
    """Name the program's own files in a traceback without the folder where they stood."""
    if not folder:
        return text
    return text.replace(f'File "{folder.rstrip("/")}/', 'File "')


def _block(text: str) -> str:
    """Cut the traceback off where its last line (the exception) ends."""
    lines = text.splitlines()
    for number, line in enumerate(lines[1:], start=1):
        if line and not line.startswith(" "):
            return "\n".join(lines[: number + 1])
    return "\n".join(lines)


def _syntax_error(text: str) -> str:
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if _FILE.match(line)), len(lines))
    last = next((number for number in range(first, len(lines)) if _ERROR.match(lines[number])), None)
    return "" if last is None else "\n".join(lines[first : last + 1])


def _own_frame(block: str) -> str:
    own = ""
    for line in block.splitlines():
        frame = _FRAME.match(line)
        if frame and not frame["path"].startswith(("/", "<")):
            where = f", in {frame['where']}" if frame["where"] else ""
            own = f"{frame['path']}, line {frame['line']}{where}"
    return own
