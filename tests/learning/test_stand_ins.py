"""By hand, a program's calls to other services are answered and told."""

from app.learning.stand_ins import stand_ins
from app.provider import wire
from app.provider.exchange import Request


def test_calls_are_answered_and_told() -> None:
    """The variable holds a URL that answers 200; the learner reads what was called, with which key."""
    told: list[tuple[str, str]] = []
    declared = {"DOWNSTREAM_URL": "downstream", "WEBHOOK_SECRET": "s", "PROVIDER_URL": "provider"}
    with stand_ins(declared, lambda stream, text: told.append((stream, text))) as environment:
        ports = [int(environment[name].rpartition(":")[2]) for name in ("DOWNSTREAM_URL", "PROVIDER_URL")]
        charge = Request("POST", "/charges", (("Idempotency-Key", "evt_1"),), b"{}")
        answers = [wire.send(charge, ports[0], 3.0), wire.send(Request("GET", "/x", ()), ports[1], 3.0)]
    assert [answer.response and answer.response.status for answer in answers] == [200, 200]
    assert environment["WEBHOOK_SECRET"] == "s"
    assert told == [
        ("course", "The downstream service got POST /charges, Idempotency-Key evt_1, and answered 200."),
        ("course", "The provider service got GET /x, and answered 200."),
    ]
    assert wire.send(charge, ports[0], 1.0).ended == "refused", "at the end nobody listens any more"


def test_without_such_a_variable_nothing_listens() -> None:
    """An environment without services stays as it is."""
    with stand_ins({"WEBHOOK_SECRET": "s"}, lambda stream, text: None) as environment:
        assert environment == {"WEBHOOK_SECRET": "s"}
