"""The providers' own libraries as signers: each returns the headers of a delivery that it signs."""

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from tests.machine import NODE_FOLDER
from tests.provider.octokit import ask_octokit

Headers = tuple[tuple[str, str], ...]
MESSAGE = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"
REMEDY = "not installed: run `python3 -m app test`, which installs what tests need"


@dataclass(frozen=True)
class Wanted:
    """What is to be signed: a text, with a secret, at a moment in seconds; `node` runs JavaScript."""

    secret: str
    seconds: int
    body: str
    node: Path


@dataclass(frozen=True)
class Signed:
    """A delivery that a library signed: right as it is, wrong with another byte."""

    by: str
    signature: Headers
    body: bytes

    @property
    def headers(self) -> Headers:
        """All of its headers."""
        return (("Content-Type", "application/json"), *self.signature)


def standard_of_pypi(wanted: Wanted) -> Headers:
    """Sign as Standard Webhooks' library for Python does."""
    library = pytest.importorskip("standardwebhooks", reason=REMEDY)
    moment = datetime.fromtimestamp(wanted.seconds, UTC)
    signature = library.Webhook(wanted.secret).sign(MESSAGE, moment, wanted.body)
    return (
        ("webhook-id", MESSAGE),
        ("webhook-timestamp", str(wanted.seconds)),
        ("webhook-signature", signature),
    )


def standard_of_npm(wanted: Wanted) -> Headers:
    """Sign as Standard Webhooks' library for JavaScript does."""
    return _ask(wanted, "standardwebhooks", "standard.mjs")


def octokit(wanted: Wanted) -> Headers:
    """Sign as GitHub's library for JavaScript does; there is none of GitHub's for Python."""
    (said,) = ask_octokit(wanted.node, [(wanted.secret, wanted.body, "")])
    return (
        ("X-GitHub-Event", "push"),
        ("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"),
        ("X-Hub-Signature-256", said.signed),
    )


def stripe_of_pypi(wanted: Wanted) -> Headers:
    """Sign as Stripe's library for Python does."""
    library = pytest.importorskip("stripe", reason=REMEDY)
    sign = library.WebhookSignature.generate_signature_header
    return (("Stripe-Signature", sign(wanted.body, wanted.secret, timestamp=wanted.seconds)),)


def stripe_of_npm(wanted: Wanted) -> Headers:
    """Sign as Stripe's library for JavaScript does."""
    return _ask(wanted, "stripe", "stripe.mjs")


def slack_sdk(wanted: Wanted) -> Headers:
    """Sign as Slack's library for Python does; Slack's for JavaScript verifies only."""
    library = pytest.importorskip("slack_sdk.signature", reason=REMEDY)
    verifier = library.SignatureVerifier(wanted.secret)
    signature = verifier.generate_signature(timestamp=str(wanted.seconds), body=wanted.body)
    return (("X-Slack-Request-Timestamp", str(wanted.seconds)), ("X-Slack-Signature", signature))


def _ask(wanted: Wanted, package: str, script: str) -> Headers:
    if not (NODE_FOLDER / "node_modules" / package).is_dir():
        pytest.skip(f"the npm package {package} is {REMEDY}")
    asked = {"secret": wanted.secret, "id": MESSAGE, "seconds": wanted.seconds, "body": wanted.body}
    done = subprocess.run(
        [wanted.node, NODE_FOLDER / script],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return tuple(json.loads(done.stdout).items())


SIGNERS: Mapping[str, tuple[Callable[[Wanted], Headers], ...]] = {
    "github": (octokit,),
    "standard": (standard_of_pypi, standard_of_npm),
    "stripe": (stripe_of_pypi, stripe_of_npm),
    "slack": (slack_sdk,),
}
"""By scheme. Shopify's own libraries sign nothing; its vectors were checked with them."""

BODIES = (
    '{"id":"evt_1","type":"push"}',
    '{"id": "evt_2",\r\n\t"type": "push", "name": "Zo\\u00eb Zoë 東京 🎉", "n": 1.0, "n": 1e3}\n',
)


@cache
def signed_by_libraries(scheme: str, secret: str, seconds: int, node: Path) -> tuple[Signed, ...]:
    """Let each library of a scheme sign each body; one that cannot be asked skips the test."""
    return tuple(
        Signed(sign.__name__, sign(Wanted(secret, seconds, body, node)), body.encode())
        for sign in SIGNERS.get(scheme, ())
        for body in BODIES
    )
