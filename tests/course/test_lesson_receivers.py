"""The receivers that lessons show keep the promises which the lessons make about them."""

import base64
import hashlib
import hmac
import json
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.course.lesson_code import SECRET, Fence, MachineFor, program, send_together

both_receivers = pytest.mark.parametrize(
    "file", [pytest.param("receiver.py", id="flask"), pytest.param("receiver.mjs", id="express")]
)

# Lesson 2: the restaurant

ORDER = b'{"number": 17, "table": 4}'
REQUESTS = {
    "POST /orders, a good order": ("POST", "/orders", ORDER, "application/json"),
    "POST /other": ("POST", "/other", ORDER, "application/json"),
    "GET /orders": ("GET", "/orders", b"", "application/json"),
    "POST /orders, broken JSON": ("POST", "/orders", b'{"number": ', "application/json"),
    "POST /orders, not marked as JSON": ("POST", "/orders", ORDER, "text/plain"),
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
    assert printed[1:] == (["order 17 for table undefined"] if file == "receiver.mjs" else [])


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


# Lesson 6: the parcel service, with the time under its signature

HOUR = 3600


def standard_headers(body: bytes, ahead: int = 0, timestamp: str = "", key: bytes = b"") -> dict[str, str]:
    """Sign as Standard Webhooks does, `ahead` seconds from now or with any text as the time."""
    at = timestamp or str(int(time.time()) + ahead)
    content = f"msg_1.{at}.".encode() + body
    digest = hmac.digest(key or base64.b64decode(SECRET), content, "sha256")
    item = "v1," + base64.b64encode(digest).decode()
    return {"webhook-id": "msg_1", "webhook-timestamp": at, "webhook-signature": item}


@both_receivers
def test_what_was_signed_just_now_gets_in(file: str, machine_for: MachineFor) -> None:
    """Fresh deliveries are accepted, however the body is written and wherever the item stands."""
    fence = program("time-and-replay", file)
    with machine_for(fence).serve(fence) as server:
        for body in PARCELS.values():
            for ahead in (-240, 0, 240):
                headers = standard_headers(body, ahead)
                assert server.send("POST", "/parcels", body, headers) == (204, "")
        headers["webhook-signature"] = f"v1,b3RoZXI= v2,later {headers['webhook-signature']} v1a,AAAA"
        assert server.send("POST", "/parcels", body, headers)[0] == 204
        assert set(server.printed()) == {"parcel news msg_1"}


@both_receivers
def test_what_was_signed_at_another_time_stays_out(file: str, machine_for: MachineFor) -> None:
    """Recordings, deliveries from the future, odd times and rewritten headers are refused calmly."""
    body = PARCELS["spaced"]
    now = standard_headers(body)
    old = [standard_headers(body, ahead) for ahead in (-HOUR, HOUR, -400, 400)]
    odd = [
        standard_headers(body, timestamp=text)
        for text in ("abc", "NaN", "1e9", "-1", f"{int(time.time())}.5")
    ]
    renewed = {**standard_headers(body, -HOUR), "webhook-timestamp": now["webhook-timestamp"]}
    changed = [renewed, {**now, "webhook-id": "msg_2"}, {**now, "webhook-signature": "garbage v1 v1,"}]
    missing = [{name: now[name] for name in now if name != without} for without in now]
    forged = [standard_headers(body, key=b"theirs"), {}]
    fence = program("time-and-replay", file)
    with machine_for(fence).serve(fence) as server:
        for headers in (*old, *odd, *changed, *missing, *forged):
            status, text = server.send("POST", "/parcels", body, headers)
            assert status == 401, headers
            assert text == (
                "not signed just now" if headers in (*old, *odd) else "not signed with our secret"
            )
        assert server.printed() == []


@both_receivers
@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_%%%%"])
def test_no_key_no_service(file: str, secret: str, machine_for: MachineFor) -> None:
    """A secret without a key in it is none: the receiver refuses to start and says what to set."""
    fence = program("time-and-replay", file)
    done = machine_for(fence).run(fence, PORT="0", PARCEL_SECRET=secret)
    assert done.returncode == 1
    assert done.stderr == "Set PARCEL_SECRET to the secret of your subscription.\n"


def test_sign_standard_py_signs_the_file(machine_for: MachineFor, tmp_path: Path) -> None:
    """The little provider of lesson 6 writes two headers that sign event.json, for msg_1 and now."""
    body = b'{"id": "evt_7",  "type": "push"}\n'
    (tmp_path / "event.json").write_bytes(body)
    fence = program("time-and-replay", "sign_standard.py")
    done = machine_for(fence).run(fence, WEBHOOK_SECRET="whsec_" + SECRET)
    said = dict(line.split(": ") for line in done.stdout.splitlines())
    wanted = standard_headers(body, timestamp=said["webhook-timestamp"])
    assert said == {name: value for name, value in wanted.items() if name != "webhook-id"}


# Lesson 9: the café


def coffee(event_id: str, card: str = "ann") -> bytes:
    """Return the body of a delivery about one coffee."""
    return json.dumps({"id": event_id, "type": "coffee.bought", "data": {"card": card}}).encode()


def register(folder: Path, card: str = "ann") -> None:
    """Give out a card without stamps."""
    with closing(sqlite3.connect(folder / "cafe.db", timeout=10)) as connection, connection:
        connection.execute("INSERT INTO cards VALUES (?, 0)", (card,))


def stamps(folder: Path, card: str = "ann") -> int:
    """Return the stamps on a card."""
    with closing(sqlite3.connect(folder / "cafe.db", timeout=10)) as connection:
        found: int = connection.execute("SELECT stamps FROM cards WHERE card = ?", (card,)).fetchone()[0]
    return found


@both_receivers
def test_a_repeat_and_a_restart_count_once(file: str, machine_for: MachineFor, tmp_path: Path) -> None:
    """An event that comes again, also after a kill, gives one stamp; the next event one more."""
    fence = program("at-least-once", file)
    with machine_for(fence).serve(fence) as server:
        register(tmp_path)
        first = [server.send("POST", "/coffees", coffee("evt_1"))[0] for _ in range(3)]
    with machine_for(fence).serve(fence) as server:
        again = server.send("POST", "/coffees", coffee("evt_1"))[0]
        after_four_deliveries = stamps(tmp_path)
        another = server.send("POST", "/coffees", coffee("evt_2"))[0]
    assert [*first, again, another] == [204] * 5
    assert after_four_deliveries == 1
    assert stamps(tmp_path) == 2


@both_receivers
def test_a_failed_effect_takes_its_claim_back(file: str, machine_for: MachineFor, tmp_path: Path) -> None:
    """An event for an unknown card is answered 500; sent again once the card exists, it counts."""
    fence = program("at-least-once", file)
    with machine_for(fence).serve(fence) as server:
        assert server.send("POST", "/coffees", coffee("evt_7", "bob"))[0] == 500
        register(tmp_path, "bob")
        assert server.send("POST", "/coffees", coffee("evt_7", "bob"))[0] == 204
        assert server.send("POST", "/coffees", coffee("evt_7", "bob"))[0] == 204
    assert stamps(tmp_path, "bob") == 1


@both_receivers
def test_a_race_in_two_processes_counts_once(file: str, machine_for: MachineFor, tmp_path: Path) -> None:
    """Sixteen deliveries of one event at once, at two copies of the program: 2xx for all, one stamp."""
    fence = program("at-least-once", file)
    machine = machine_for(fence)
    with machine.serve(fence) as first, machine.serve(fence) as second:
        register(tmp_path)
        statuses = send_together([first, second], "/coffees", coffee("evt_1"), 16)
    assert statuses == [204] * 16
    assert stamps(tmp_path) == 1
