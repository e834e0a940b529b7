"""Find the traceback of Python or Node in what a program printed, and the learner's own line in it."""

import re

_START = "Traceback (most recent call last):"
_FILE = re.compile(r'^  File "[^"]+", line \d+$')
_ERROR = re.compile(r"^\w{0,60}Error: ")
_FRAME = re.compile(r'^\s*File "(?P<path>[^"]+)", line (?P<line>\d+)(?:, in (?P<where>\S+))?')

_NODE_FRAME = re.compile(
    r"^    at (?:async )?(?:(?P<where>[^\s(][^(]{0,200}) \()?"
    r"(?:file://)?(?P<path>(?:/|node:)[^:]{1,500}):(?P<line>\d+):\d+\)?(?: \{)?$"
)
_NODE_ERROR = re.compile(r"^(?:Uncaught )?\w{0,60}(?:Error|Exception)\b")
_NODE_PLACE = re.compile(r"^(?:file://)?(?P<path>/[^:]{1,500}):(?P<line>\d+)$")
_MESSAGE_LINES = 12


def find_traceback(text: str, folder: str) -> str:
    """Return the last traceback in `text`, led by the learner's own file and line; empty where there is none.

    `folder` is where the program's files stood; they are named without it.
    """
    starts = [match.start() for match in re.finditer(re.escape(_START), text)]
    block = _block(text[starts[-1] :]) if starts else _syntax_error(text)
    if not block:
        return _node_traceback(text.splitlines(), folder.rstrip("/") + "/")
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


def _node_traceback(lines: list[str], folder: str) -> str:
    """Return the last error with its frames, of which Node writes the innermost first."""
    frames = {number: match for number, line in enumerate(lines) if (match := _NODE_FRAME.match(line))}
    if not frames:
        return ""
    first = last = max(frames)
    while first - 1 in frames:
        first -= 1
    above = range(first - 1, max(first - _MESSAGE_LINES, 0) - 1, -1)
    head = next((number for number in above if _NODE_ERROR.match(lines[number])), max(first - 1, 0))
    # The place of a syntax error is in no frame; it stands above.
    places = [
        *(frames[n] for n in range(first, last + 1)),
        *filter(None, map(_NODE_PLACE.match, lines[:head])),
    ]
    own = next((place for place in places if place["path"].startswith(folder)), None)
    block = "\n".join(lines[head : last + 1]).replace(f"file://{folder}", "").replace(folder, "")
    if own is None:
        return block
    where = f", in {name}" if (name := own.groupdict().get("where")) else ""
    return (
        f"{own['path'].removeprefix(folder)}, line {own['line']}{where}: {block.splitlines()[0]}\n\n{block}"
    )
