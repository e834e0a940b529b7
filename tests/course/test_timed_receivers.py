"""Lesson 6's parcel service: what was signed just now gets in, and nothing else."""

import base64
import hmac
import time
from pathlib import Path

import pytest

from tests.course.lesson_code import SECRET, MachineFor, both_receivers, program
from tests.course.test_lesson_receivers import PARCELS

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
    """The little provider of lesson 6 writes the three headers that sign event.json, for msg_1 and now."""
    body = b'{"id": "evt_7",  "type": "push"}\n'
    (tmp_path / "event.json").write_bytes(body)
    fence = program("time-and-replay", "sign_standard.py")
    done = machine_for(fence).run(fence, WEBHOOK_SECRET="whsec_" + SECRET)
    said = dict(line.split(": ") for line in done.stdout.splitlines())
    assert said == standard_headers(body, timestamp=said["webhook-timestamp"])
