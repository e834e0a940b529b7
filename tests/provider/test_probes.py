"""Probes: what is sent, and what is left out because it would tell nothing."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from app.provider.exchange import body_data
from app.provider.probes import CONTROL, MOST, PROBES, probes_of
from app.provider.signing import SCHEMES

NAME = "WEBHOOK_SECRET"
SECRETS = {NAME: "0123456789abcdef" * 3, "STANDARD": "whsec_" + base64.b64encode(b"k" * 24).decode()}
COMPACT = b'{"id":"evt_1","type":"invoice.paid"}'


def refused(body: bytes, scheme: str, secret: str) -> dict[str, Any]:
    """A recorded delivery with a right signature."""
    request = {"method": "POST", "target": "/webhook", "headers": [], "body": body_data(body)}
    signature = {
        "scheme": scheme, "dial": "correct", "signed_base64": None, "secrets": [secret], "id": "evt_1",
        "skew": 0, "timestamp": "1700000000",
    }  # fmt: skip
    return {"request": request, "signature": signature}


def sent(body: bytes, scheme: str = "github", name: str = NAME) -> dict[str, str]:
    """The signature of each probe, by its dial, in their order."""
    return {
        probe.dial: " ".join(value for _, value in request.headers)
        for probe, request in probes_of(refused(body, scheme, name), SECRETS)
    }


def github(key: bytes, body: bytes) -> str:
    """Sign as GitHub does, without our signer."""
    return "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()


def test_the_control_comes_first_and_a_dozen_is_the_most() -> None:
    """Without a refused stranger no acceptance would tell anything."""
    found = list(sent(COMPACT))
    assert found[0] == CONTROL.dial
    assert len(found) == MOST
    assert len(set(found)) == MOST


def test_probes_sign_what_mistaken_receivers_expect() -> None:
    """Each is what an independent signer makes of the mistaken bytes or key."""
    key = SECRETS[NAME].encode()
    found = sent(COMPACT)
    assert found["json-spaced"] == github(key, json.dumps(json.loads(COMPACT)).encode())
    assert found["no-bytes"] == github(key, b"")
    assert found["secret-newline"] == github(key + b"\n", COMPACT)
    assert found["secret-hex"] == github(bytes.fromhex(key.decode()), COMPACT)
    assert found["secret-base64"] == github(base64.b64decode(key), COMPACT)
    form = sent(b"payload=%7B%22id%22%3A1%7D")
    assert form["form-field"] == github(key, b'{"id":1}')


def test_what_comes_to_the_right_signature_is_left_out() -> None:
    """A compact body does not tell whether it was written anew so, and what is no JSON was not."""
    assert "json-compact" not in sent(COMPACT)
    assert "json-compact" in sent(json.dumps(json.loads(COMPACT)).encode())
    assert not {"json-spaced", "json-compact", "json-letters"} & set(sent(b"plain text"))
    assert "no-bytes" not in sent(b"")


@pytest.mark.parametrize("scheme", [scheme for scheme in SCHEMES if scheme != "none"])
def test_every_scheme_has_probes(scheme: str) -> None:
    """A control and several wrong ways, none of them with the right signature."""
    name = "STANDARD" if scheme == "standard" else NAME
    found = sent(COMPACT, scheme, name)
    assert next(iter(found)) == CONTROL.dial
    assert len(found) > 5


def test_every_probe_is_a_way_of_some_scheme() -> None:
    """No row of the table is dead, and each says what it is and what it means."""
    known = {dial for scheme in SCHEMES.values() for dial in (*scheme.dials, *scheme.mistaken)}
    assert {probe.dial for probe in PROBES} <= known
    assert all(probe.words and probe.means for probe in (CONTROL, *PROBES))
