"""What waits behind the inner wall in place of a Python program, and then becomes it.

Its text is run by `python -c` inside the wall, so it imports nothing of the course and knows no secret. On
standard input comes one JSON object, the command and its environment; without one it ends. Where a program
could notice that modules are loaded already, it is started in the ordinary way instead, in this process.
"""

import sys

AT_START = frozenset(sys.modules)
MAIN_AT_START = {name for name in vars(sys.modules["__main__"]) if name.startswith("__")}

WANTED = ("flask", "werkzeug.serving", "hmac", "hashlib", "json", "sqlite3", "base64", "datetime", "uuid")
"""What receivers import; each costs time at the start."""

READ_AT_START = ("PYTHON", "LD_", "LC_", "LANG", "TZ", "GLIBC", "MALLOC")
"""Variables that an interpreter reads when it starts: too late to change for one that has started."""


def main() -> None:
    """Import, wait, become the program."""
    del sys.path[0]  # the program's folder: its files may come at any moment, and are not for this text
    import contextlib
    import json
    import os

    for name in (*WANTED, "encodings.idna"):  # a socket imports that one for the name of a host
        with contextlib.suppress(ImportError):
            __import__(name)
    text = b""
    while piece := os.read(0, 65536):
        text += piece
    if not text:
        return
    order = json.loads(text)
    command, environment = order["command"], order["environment"]
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    changed = [name for name, value in environment.items() if os.environ.get(name) != value]
    os.environ.update(environment)
    if can_become(command, changed):
        become(command)
    else:
        os.execvp(command[0], command)  # noqa: S606 - the command of the exercise's manifest


def can_become(command: list[str], changed: list[str]) -> bool:
    """Whether the program is a plain file that can't tell this start from an ordinary one."""
    from pathlib import Path

    file = Path(command[-1])
    if len(command) != 2 or file.suffix != ".py" or file.name != command[1] or not file.is_file():
        return False
    if any(name.startswith(READ_AT_START) for name in changed):
        return False
    loaded = {name.partition(".")[0] for name in set(sys.modules) - AT_START}
    own = list(Path().iterdir())
    if loaded & {path.name.partition(".")[0] for path in own}:
        return False  # its own flask.py or json.py must win, as it does elsewhere
    return any(b"flask" in path.read_bytes() for path in own if path.suffix == ".py" and path.is_file())


def become(command: list[str]) -> None:
    """Run the file as `python FILE` does: as __main__, with nothing of this text in its tracebacks."""
    import types
    from importlib.machinery import SourceFileLoader
    from pathlib import Path

    file = Path(command[1]).absolute()
    sys.path.insert(0, str(file.parent))
    sys.argv[:], sys.orig_argv[:] = command[1:], command
    path, module = str(file), types.ModuleType("__main__")
    fresh = {"__builtins__": sys.modules["builtins"], "__annotations__": {}}
    vars(module).update({name: value for name, value in fresh.items() if name in MAIN_AT_START})
    vars(module).update(__file__=path, __cached__=None, __loader__=SourceFileLoader("__main__", path))
    sys.modules["__main__"] = module
    try:
        code = compile(file.read_bytes(), path, "exec", dont_inherit=True)
        exec(code, vars(module))  # noqa: S102 - behind the wall, in the program's own process
    except SystemExit:
        raise
    except BaseException as error:
        trace = error.__traceback__
        error.__traceback__ = trace.tb_next if trace is not None else None
        sys.excepthook(type(error), error, error.__traceback__)
        sys.exit(1)


main()
