"""The receivers that lessons show keep the promises which the lessons make about them."""

import hashlib
import hmac
import re
from pathlib import Path

import pytest

from tests.course.lesson_code import SECRET, Fence, MachineFor, both_receivers, program

# Lesson 2: the restaurant

ORDER = b'{"number": 17, "table": 4}'
LONG_ORDER = b'{"number": 18, "table": 5, "wishes": "' + b"x" * 200_000 + b'"}'


REQUESTS = {
    "POST /orders, a good order": ("POST", "/orders", ORDER, "application/json"),
    "POST /other": ("POST", "/other", ORDER, "application/json"),
    "GET /orders": ("GET", "/orders", b"", "application/json"),
    "POST /orders, broken JSON": ("POST", "/orders", b'{"number": ', "application/json"),
    "POST /orders, not marked as JSON": ("POST", "/orders", ORDER, "text/plain"),
    "POST /orders, an order of 200 kB": ("POST", "/orders", LONG_ORDER, "application/json"),
    "POST /orders, an order without a table": ("POST", "/orders", b'{"number": 17}', "application/json"),
}


def claimed_statuses(file: str) -> dict[str, int]:
    """Return the table of lesson 2: what each framework answers to each request."""
    text = program("first-delivery", file).lesson.read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Z]+ /.*?) \| (\d{3}) \| (\d{3}) \|$", text, flags=re.MULTILINE)
    return {what: int(flask if file == "receiver.py" else express) for what, flask, express in rows}


@both_receivers
def test_the_frameworks_answer_as_the_table_says(file: str, machine_for: MachineFor) -> None:
    """Each row of the table in lesson 2 is what the two receivers really answer."""
    fence = program("first-delivery", file)
    with machine_for(fence).serve(fence) as server:
        answered = {
            what: server.send(method, path, body, {"Content-Type": kind})[0]
            for what, (method, path, body, kind) in REQUESTS.items()
        }
        printed = server.printed()
    assert answered == claimed_statuses(file)
    assert printed[0] == "order 17 for table 4"
    assert printed[1:] == [
        "order 17 for table undefined" if file == "receiver.mjs" else "order 18 for table 5"
    ]


def test_flask_keeps_the_traceback_to_itself(machine_for: MachineFor) -> None:
    """Without debug mode Flask's error page shows nothing of the program."""
    fence = program("first-delivery", "receiver.py")
    with machine_for(fence).serve(fence) as server:
        status, page = server.send("POST", "/orders", b'{"number": 17}')
    assert status == 500
    assert "Internal Server Error" in page
    assert "receiver.py" not in page


def test_flask_in_debug_mode_shows_it_to_everybody(machine_for: MachineFor) -> None:
    """With debug=True the sender gets the traceback: what lesson 2 warns of."""
    shown = program("first-delivery", "receiver.py")
    code = shown.code.replace("app.run(", "app.run(debug=True, use_reloader=False, ")
    fence = Fence(shown.lesson, shown.line, shown.language, shown.info, code)
    with machine_for(fence).serve(fence) as server:
        _, page = server.send("POST", "/orders", b'{"number": 17}')
    assert "receiver.py" in page
    assert "KeyError" in page


@pytest.mark.parametrize(("setting", "is_shown"), [("", True), ("production", False)])
def test_express_shows_the_traceback_outside_production(
    setting: str, is_shown: bool, machine_for: MachineFor
) -> None:
    """Express sends the stack to the caller, unless NODE_ENV is production."""
    fence = program("first-delivery", "receiver.mjs")
    with machine_for(fence).serve(fence, NODE_ENV=setting) as server:
        status, page = server.send("POST", "/orders", ORDER, {"Content-Type": "text/plain"})
    assert status == 500
    assert ("receiver.mjs" in page) == is_shown


# Lesson 5: the parcel service

PARCELS = {
    "compact": b'{"number":17,"place":"Oslo"}',
    "spaced": b'{"number": 17,  "place": "Oslo"}',
    "pretty": b'{\r\n\t"number": 17,\r\n\t"place": "Oslo"\r\n}\n',
    "raw letters": '{"number":17,"place":"Tromsø"}'.encode(),
    "escaped letters": rb'{"number":17,"place":"Troms\u00f8"}',
    "escaped slash": rb'{"number":17,"place":"Oslo\/S"}',
    "numbers": b'{"number":17,"place":"Oslo","weight":1.50,"value":1e3}',
    "a key twice": b'{"number":16,"number":17,"place":"Oslo"}',
}


UNREADABLE = (b"", b"null", b"[1]", b'"ping"', b"{", b"\xff\xfe", b'{"place": "Oslo"}')


def signature(body: bytes) -> str:
    """Return the signature of the parcel service in lesson 5."""
    return hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


@both_receivers
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", ""])
def test_genuine_parcels_are_accepted(file: str, kind: str, machine_for: MachineFor) -> None:
    """However a body is written and marked, its signature over the raw bytes is accepted."""
    fence = program("raw-bytes", file)
    with machine_for(fence).serve(fence) as server:
        for body in PARCELS.values():
            headers = {"Content-Type": kind, "X-Parcel-Signature": signature(body)}
            assert server.send("POST", "/parcels", body, headers) == (204, "")
        printed = server.printed()
    assert len(printed) == len(PARCELS)
    assert all(line.startswith("parcel 17 is at ") for line in printed)


@both_receivers
def test_genuine_but_unreadable_is_no_failure(file: str, machine_for: MachineFor) -> None:
    """A signed body that is no parcel is accepted and named as such, never a 500."""
    fence = program("raw-bytes", file)
    with machine_for(fence).serve(fence) as server:
        for body in UNREADABLE:
            assert server.send("POST", "/parcels", body, {"X-Parcel-Signature": signature(body)})[0] == 204
        assert set(server.printed()) == {"a genuine delivery, but not about a parcel"}


@both_receivers
def test_all_others_are_refused(file: str, machine_for: MachineFor) -> None:
    """Missing, empty, strange, foreign and tampered signatures get 401, and leave no trace."""
    body = PARCELS["spaced"]
    genuine = signature(body)
    forged: list[dict[str, str]] = [
        {},
        {"X-Parcel-Signature": ""},
        {"X-Parcel-Signature": "é" * 64},
        {"X-Parcel-Signature": genuine[:-1]},
        {"X-Parcel-Signature": genuine + "0"},
        {"X-Parcel-Signature": "sha256=" + genuine},
        {"X-Parcel-Signature": signature(body + b" ")},
        {"X-Parcel-Signature": hashlib.sha256(body).hexdigest()},
        {"X-Parcel-Signature": hmac.new(b"", body, hashlib.sha256).hexdigest()},
    ]
    fence = program("raw-bytes", file)
    with machine_for(fence).serve(fence) as server:
        for headers in forged:
            kind = {"Content-Type": "application/json"}
            answer = server.send("POST", "/parcels", body, {**kind, **headers})
            assert answer == (401, "not signed with our secret"), headers
        assert server.printed() == []


def test_a_json_parser_further_up_leaves_no_bytes(machine_for: MachineFor) -> None:
    """With express.json() before it the route of lesson 5 gets an object, and stumbles: what it warns of."""
    shown = program("raw-bytes", "receiver.mjs")
    code = shown.code.replace("const app = express();", "const app = express();\napp.use(express.json());")
    fence = Fence(shown.lesson, shown.line, shown.language, shown.info, code)
    body = PARCELS["compact"]
    headers = {"Content-Type": "application/json", "X-Parcel-Signature": signature(body)}
    with machine_for(fence).serve(fence) as server:
        assert server.send("POST", "/parcels", body, headers)[0] == 500
        headers["Content-Type"] = "application/octet-stream"
        assert server.send("POST", "/parcels", body, headers)[0] == 204


@both_receivers
def test_no_secret_no_service(file: str, machine_for: MachineFor) -> None:
    """Without a secret the receiver refuses to start and says what to set."""
    fence = program("raw-bytes", file)
    done = machine_for(fence).run(fence, PORT="0", PARCEL_SECRET="")
    assert done.returncode == 1
    assert done.stderr == "Set PARCEL_SECRET to the secret of your subscription.\n"


def test_sign_py_signs_the_file(machine_for: MachineFor, tmp_path: Path) -> None:
    """The little provider of lesson 5 signs event.json byte for byte, as GitHub does."""
    body = b'{"id": "evt_7",  "type": "push"}\n'
    (tmp_path / "event.json").write_bytes(body)
    fence = program("raw-bytes", "sign.py")
    done = machine_for(fence).run(fence, WEBHOOK_SECRET=SECRET)
    assert done.stdout == f"sha256={signature(body)}\n"
