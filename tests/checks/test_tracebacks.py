"""The learner's own line is found in what Python and Node print when a program stumbles."""

import pytest

from app.checks.tracebacks import find_traceback

NODE_VERSION_LINE = "\nNode.js v24.19.0\n"
CASES = {
    "an exception in a handler, as Express prints it": (
        "evt_1 order.paid\n"
        "TypeError: Cannot read properties of undefined (reading 'id')\n"
        "    at receive (file:///program/receiver.mjs:8:21)\n"
        "    at Layer.handleRequest (/node_modules/router/lib/layer.js:152:17)\n"
        "    at async next (/node_modules/router/lib/route.js:157:13)\n"
        "something else\n",
        "receiver.mjs, line 8, in receive: TypeError: Cannot read properties of undefined (reading 'id')",
    ),
    "an exception in a file beside": (
        "LedgerError: closed\n    at open (file:///program/lib/ledger.mjs:3:9)\n"
        "    at file:///program/receiver.mjs:12:1\n" + NODE_VERSION_LINE,
        "lib/ledger.mjs, line 3, in open: LedgerError: closed",
    ),
    "a message of two lines": (
        "file:///program/receiver.mjs:1\n\nRangeError: one\ntwo\n"
        "    at new Door (file:///program/receiver.mjs:4:33)\n    at async file:///program/receiver.mjs:9:1\n",
        "receiver.mjs, line 4, in new Door: RangeError: one",
    ),
    "a syntax error": (
        "file:///program/receiver.mjs:5\nlet x = (;\n         ^\n\nSyntaxError: Unexpected token ';'\n"
        "    at compileSourceTextModule (node:internal/modules/esm/utils:318:16)\n"
        "    at async node:internal/modules/esm/loader:643:26\n" + NODE_VERSION_LINE,
        "receiver.mjs, line 5: SyntaxError: Unexpected token ';'",
    ),
    "a package that is missing": (
        "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'x' imported from /program/receiver.mjs\n"
        "    at packageResolve (node:internal/modules/esm/resolve:768:81)\n"
        "    at ModuleJob.syncLink (node:internal/modules/esm/module_job:163:33) {\n"
        "  code: 'ERR_MODULE_NOT_FOUND'\n}\n",
        "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'x' imported from receiver.mjs",
    ),
    "the last of two": (
        "Error: first\n    at file:///program/receiver.mjs:1:1\nfine\n"
        "Error: second\n    at file:///program/receiver.mjs:2:1\n",
        "receiver.mjs, line 2: Error: second",
    ),
    "Python": (
        'Traceback (most recent call last):\n  File "/program/receiver.py", line 8, in webhook\n'
        "    event['x']\nKeyError: 'x'\n",
        "receiver.py, line 8, in webhook: KeyError: 'x'",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_learners_own_line_comes_first(name: str) -> None:
    """File, line and error lead; no path of the machine is left."""
    text, first_line = CASES[name]
    found = find_traceback(text, "/program/")
    assert found.splitlines()[0] == first_line
    assert "/program" not in found


@pytest.mark.parametrize(
    "text", ["", "at noon\n", "    at home\n", "Error: no frames\n", "    at " * 9000, "    at x (" * 9000]
)
def test_what_is_no_traceback_is_none(text: str) -> None:
    """Ordinary output, and output made to look like one, gives nothing and takes no time."""
    assert find_traceback(text, "/program") == ""
