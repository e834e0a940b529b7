"""After the last check: probes of a program that refuses what is rightly signed. No outcome changes."""

import time
from collections.abc import Mapping
from typing import Any

from app.checks.bench import Bench
from app.checks.program import Program
from app.provider import wire
from app.provider.exchange import Answer, Exchange, Request, Signature, as_data, signature_from_data
from app.provider.probes import Probe, probes_of

ALL_SECONDS = 6.0
ONE_SECONDS = 3.0

Data = Mapping[str, Any]


def refused_though_right(exchanges: list[dict[str, Any]], failing: int | None) -> Data | None:
    """Return the exchange that shows a failure, if it is a rightly signed delivery that was refused."""
    shown = next((exchange for exchange in exchanges if exchange["id"] == failing), None)
    if shown is None or shown["request"]["body"]["truncated"] or shown["to"] != "program":
        return None
    signature, response = shown["signature"] or {}, shown["response"] or {}
    is_right = signature.get("dial") == "correct" and signature.get("signed_base64") is None
    return shown if is_right and response.get("status") in (400, 401, 403) else None


def send_probes(bench: Bench, program: Program, check: str, refused: Data) -> None:
    """Send the probes for a refused delivery of a check, and report each; stop at the first that tells.

    The program is started again where a check had ended it.
    """
    if not program.running and not program.start(may_exit=True):
        return
    until = time.monotonic() + bench.deadline.left(ALL_SECONDS)
    strangers: int | None = None  # the status that a stranger's signature gets
    for probe, request in probes_of(refused, bench.job.environment):
        left = until - time.monotonic()
        if left <= 0:
            return
        note = signature_from_data({**refused["signature"], "dial": probe.dial})
        answer = _send(bench, program, request, note, min(left, ONE_SECONDS))
        # The body need not be an event: then 400 says so, where a stranger hears 401.
        no_event = probe.form and answer.status == 400 and strangers in (401, 403)
        accepted = answer.accepted or no_event
        _report(bench, check, probe, answer, accepted)
        if answer.status is None or accepted:
            return
        strangers = strangers or answer.status


def _send(bench: Bench, program: Program, request: Request, note: Signature | None, seconds: float) -> Answer:
    recorder = bench.recorder
    number, began = recorder.next_id(), recorder.now()
    outcome = wire.send(request, program.port, seconds)
    return Answer(
        Exchange(
            "provider", program.name, began, recorder.now(), request, outcome.response, outcome.ended,
            note, number,
        )
    )  # fmt: skip


def _report(bench: Bench, check: str, probe: Probe, answer: Answer, accepted: bool) -> None:
    exchange = as_data(answer.exchange)
    bench.recorder.emit(
        "probe_finished", check=check, exchange=exchange, dial=probe.dial, words=probe.words,
        means=probe.means, accepted=accepted,
    )  # fmt: skip
