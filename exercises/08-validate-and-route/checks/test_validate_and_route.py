"""Plays a provider whose events don't always fit, and a company whose departments fail now and then."""

import json
import uuid
from dataclasses import dataclass

LISTENERS = {
    "invoice.paid": ("bookkeeping", "mail", "statistics"),
    "invoice.refunded": ("bookkeeping", "mail"),
    "customer.updated": ("mail", "statistics"),
}

VERIFY_FIRST = "Compare the signature before you look into the body."
OPEN_SCHEMA = "The schema allows what it does not name. Is something stricter than the schema at work?"
STRICT = (
    "A schema converts nothing: a text is no number, and true is none either. Is anything converted before?"
)
NO_VALUES = "Keep the id, the type and the pointer. The validator's message quotes the value: leave it out."
TRY_INSIDE = "Where does your try begin and end: around the loop, or around one department?"
SIGNED_IS_NO_STRANGER = "The signature is right, so the provider sent it: what can your program make of it?"


@dataclass(frozen=True)
class Company:
    """The program's side: what it answered, which departments heard of an event, what is on its lists."""

    program: object
    provider: object
    expect: object

    # -- making events ------------------------------------------------------------------------------

    def uuid(self):
        return str(uuid.UUID(int=self.provider.random.getrandbits(128), version=4))

    def amount(self):
        return self.provider.random.randrange(100, 10**6)

    def event(self, type, version=1, extra="", **data):
        """Make an event with a version; `extra` is the JSON text of more members of it."""
        members = f'"version":{json.dumps(version)}' + (f",{extra}" if extra else "")
        return self.provider.event(type, **data).with_members(members)

    def paid(self, version=1, extra="", **changes):
        """Make an invoice.paid that fits, but for the changes; a change to None leaves the field out."""
        amount = self.amount() if version == 1 else {"value": self.amount(), "currency": "EUR"}
        data = {
            "invoice": self.provider.fresh_id("inv"),
            "customer": self.uuid(),
            "amount": amount,
            **changes,
        }
        kept = {name: value for name, value in data.items() if value is not None}
        return self.event("invoice.paid", version, extra, **kept)

    def of_type(self, type):
        """Make an event of a known type that fits."""
        if type == "customer.updated":
            return self.event(type, customer=self.uuid(), email="zoe@example.com")
        return self.event(
            type, invoice=self.provider.fresh_id("inv"), customer=self.uuid(), amount=self.amount()
        )

    # -- judging ------------------------------------------------------------------------------------

    def send(self, event, status, why, help=""):
        """Send an event; the answer must be 202 with this status in its body."""
        answer = self.provider.send(event)
        self.expect.status(answer, 202, why, help=help)
        shown = self.expect.json(answer, why, help=help)
        self.expect.equal(shown.get("status"), status, why, help=help, answer=answer)
        return answer

    def listed(self, path, name):
        answer = self.provider.get(path)
        route = f'GET {path} must answer with the list that your program keeps: {{"{name}": [...]}}'
        shown = self.expect.json(answer, route)
        fine = isinstance(shown.get(name), list) and all(isinstance(each, dict) for each in shown[name])
        self.expect.that(
            fine, route, f'{{"{name}": [{{...}}]}}', answer.body.decode(errors="replace")[:300], answer=answer
        )
        return shown[name], answer

    def expect_heard(self, event, why, departments=None, help=""):
        """Each department that listens has printed its line, exactly one."""
        for department in departments or LISTENERS[event.type]:
            self.expect.printed(self.program, f"{department} {event.id} ", rationale=why, help=help)
            count = self.program.printed().count(f"{department} {event.id} ")
            self.expect.equal(count, 1, f"The department {department} must hear of an event once.", help=help)

    def expect_unheard(self, events, why, help=""):
        """No department has printed a line about these, as a good event behind them proves."""
        last = self.paid()
        self.send(last, "handled", "An event that fits must still be handled.")
        self.expect_heard(last, "A good event behind the others must be handled.", ("bookkeeping",))
        for event in events:
            self.expect.that(
                event.id not in self.program.printed(),
                why,
                "no department hears of it",
                f"a line with {event.id}",
                help,
            )

    def expect_quarantined(self, event, pointer, why, help="", where=""):
        """The event is answered as quarantined, and the list names its pointer."""
        self.send(event, "quarantined", why, help)
        entries, answer = self.listed("/quarantine", "quarantine")
        mine = [each for each in entries if each.get("id") == event.id]
        listed = "What is set aside must be on the list of GET /quarantine, once."
        self.expect.equal(
            len(mine), 1, listed, help="Is every such event added, before the answer?", answer=answer
        )
        self.expect.equal(
            mine[0].get("type"), event.type, "The list must name the event's type.", answer=answer
        )
        wrong = where or "The pointer must lead to the value that does not fit."
        self.expect.equal(mine[0].get("pointer"), pointer, wrong, help=help, answer=answer)


# -- 1: first who, then what ------------------------------------------------------------------------


def test_forged_stays_out(program, provider, expect):
    """An event with a wrong signature is refused, and no department hears of it."""
    company = Company(program, provider, expect)
    forged = [company.paid(), company.paid()]
    for event, signature in zip(forged, ("missing", "wrong-secret"), strict=True):
        why = "Nobody signed this event with your secret: it must be refused."
        expect.refused(provider.send(event, signature=signature), why, help=VERIFY_FIRST)
    company.expect_unheard(forged, "A department heard of an event that nobody had signed.", VERIFY_FIRST)


def test_forged_learns_nothing(program, provider, expect):
    """A stranger gets the same refusal whatever the body is, and nothing of it is kept."""
    company = Company(program, provider, expect)
    right = provider.send(company.paid(), signature="wrong-secret")
    why = "A wrong signature must be refused, whatever stands in the body."
    expect.refused(right, why, help=VERIFY_FIRST)
    misfit, unknown = company.paid(amount="a lot"), company.event("no.such.type")
    broken = company.paid().with_body(b'{"id":')
    for event in (misfit, unknown, company.paid(version=7), broken):
        answer = provider.send(event, signature="wrong-secret")
        expect.refused(answer, why, help=VERIFY_FIRST)
        alike = (
            "A stranger must not be able to find out your schemas: each forged event gets the same answer."
        )
        expect.equal(
            (answer.status, answer.body), (right.status, right.body), alike, help=VERIFY_FIRST, answer=answer
        )
    entries, answer = company.listed("/quarantine", "quarantine")
    kept = [entry for entry in entries if entry.get("id") == misfit.id]
    expect.equal(
        kept,
        [],
        "A forged event is not kept: anybody could fill your disk.",
        help=VERIFY_FIRST,
        answer=answer,
    )


# -- 2: let the right ones through ------------------------------------------------------------------


def test_valid_events(program, provider, expect):
    """Each known type that fits is handled."""
    company = Company(program, provider, expect)
    for type in LISTENERS:
        event = company.of_type(type)
        company.send(
            event,
            "handled",
            f"This {type} fits its schema.",
            'Answer 202 and {"status": "handled"}, unless your validator finds something. Does it?',
        )
        company.expect_heard(
            event, "An event that fits must reach the departments that listen.", LISTENERS[type][:1]
        )
    lines = [{"sku": "tea", "quantity": 2}, {"sku": "cups", "quantity": 1}]
    full = company.paid(due="2026-12-24", lines=lines, metadata={"shop": "Łódź", "a/b": ""})
    company.send(full, "handled", "This event has every field of the schema, and each one fits.")


def test_extra_fields(program, provider, expect):
    """Fields that the schema does not name are no mistake."""
    company = Company(program, provider, expect)
    new_field = company.paid(currency="EUR", tax={"rate": 7})
    around = company.paid(extra='"api":"2027-01","livemode":true')
    in_lines = company.paid(lines=[{"sku": "tea", "quantity": 2, "gift": True}])
    for event in (new_field, around, in_lines):
        why = "The provider added a field that you don't know yet. That is no reason to stop."
        company.send(event, "handled", why, OPEN_SCHEMA)
        company.expect_heard(event, why, ("bookkeeping",), OPEN_SCHEMA)


def test_both_versions(program, provider, expect):
    """Each version is judged by its own schema."""
    company = Company(program, provider, expect)
    for version in (1, 2):
        why = f"This is version {version} of invoice.paid, and it fits the schema of that version."
        event = company.paid(version)
        company.send(event, "handled", why, "Is the schema chosen by type and version?")
        company.expect_heard(event, why, ("bookkeeping",))
    mixed = company.paid(2, amount=company.amount())
    why = "This is version 2 with the amount of version 1: it does not fit."
    company.expect_quarantined(mixed, "/data/amount", why, "Is the schema chosen by type and version?")


# -- 3: set aside what does not fit -----------------------------------------------------------------


def test_missing_field(program, provider, expect):
    """A missing field is found; the pointer leads to the object that lacks it."""
    company = Company(program, provider, expect)
    misfits = [company.paid(customer=None), company.paid(amount=None)]
    where = "The pointer must lead to the object in which the field is missing."
    for event in misfits:
        why = "A required field is missing: set the event aside, and answer 202."
        company.expect_quarantined(
            event, "/data", why, "A 4xx would make the provider send the same again.", where
        )
    no_data = provider.event("invoice.paid")
    no_data = no_data.with_body(json.dumps({"id": no_data.id, "type": "invoice.paid", "version": 1}).encode())
    company.expect_quarantined(no_data, "", "The field data is missing.", where=where)
    company.expect_unheard(misfits, "A department heard of an event that does not fit.")


def test_wrong_kinds(program, provider, expect):
    """Values of another kind do not fit, however close they look."""
    company = Company(program, provider, expect)
    misfits = [company.paid(amount=value) for value in ("4900", True, 49.5, -1, [4900])]
    for event in misfits:
        why = f"The amount {json.dumps(event.data['amount'])} is no whole number of at least 0."
        company.expect_quarantined(event, "/data/amount", why, STRICT)
    number = company.paid(invoice=1007)
    company.expect_quarantined(number, "/data/invoice", "The invoice 1007 is a number, not a text.", STRICT)
    company.expect_unheard(misfits, "A department heard of an event that does not fit.")


def test_formats(program, provider, expect):
    """uuid, date and e-mail are checked."""
    company = Company(program, provider, expect)
    help = "Libraries skip formats unless they are told to check them."
    misfits = [company.paid(customer="cus_1007"), company.paid(customer=company.uuid()[:-1])]
    for event in misfits:
        company.expect_quarantined(event, "/data/customer", "The customer is no uuid.", help)
    for day in ("tomorrow", "2026-13-01", "2026-02-30"):
        company.expect_quarantined(company.paid(due=day), "/data/due", f"There is no day {day}.", help)
    address = company.event("customer.updated", customer=company.uuid(), email="nobody")
    company.expect_quarantined(address, "/data/email", "The e-mail address is none.", help)


def test_pointer(program, provider, expect):
    """The pointer leads through lists and strange names to the value that does not fit."""
    company = Company(program, provider, expect)
    help = "A step is a name, or a place counted from 0. In a step, ~ is written ~0, and / is written ~1."
    for name, step in (("a/b", "a~1b"), ("m~n", "m~0n"), ("~1", "~01")):
        event = company.paid(metadata={"fits": "yes", name: 1})
        why = f"The value of {name!r} in the metadata is no text."
        company.expect_quarantined(event, f"/data/metadata/{step}", why, help)
    for _ in range(3):
        count = provider.random.randrange(2, 13)
        place = provider.random.randrange(count)
        lines = [{"sku": f"item-{number}", "quantity": number + 1} for number in range(count)]
        lines[place]["quantity"] = 0
        why = f"Line {place} (counted from 0) has the quantity 0, which must be at least 1."
        company.expect_quarantined(company.paid(lines=lines), f"/data/lines/{place}/quantity", why, help)


def test_unknown_version(program, provider, expect):
    """A known type in a version without a schema is set aside, at /version."""
    company = Company(program, provider, expect)
    misfits = [company.paid(version=version) for version in (3, "1", [1])]
    for event, version in zip(misfits, (3, "1", [1]), strict=True):
        why = f"There is no schema for version {json.dumps(version)} of invoice.paid: set it aside."
        company.expect_quarantined(event, "/version", why, "Ignored, it would be gone for good.")
    company.expect_unheard(misfits, "A department heard of an event in a version that it does not know.")


def test_values_stay_private(program, provider, expect):
    """Neither the answer nor the list repeats what was in the body."""
    company = Company(program, provider, expect)
    private = provider.fresh_id("private")
    event = company.paid(customer=private, note=private)
    answer = company.send(event, "quarantined", "The customer is no uuid.")
    why = "A value of the body came back in the answer. It may be somebody's name or card."
    expect.that(
        private not in answer.body.decode(errors="replace"),
        why,
        "no value of the body",
        private,
        NO_VALUES,
        answer,
    )
    _, answer = company.listed("/quarantine", "quarantine")
    why = "The list repeats a value of the body. It may be somebody's name or card."
    expect.that(
        private not in answer.body.decode(errors="replace"),
        why,
        "no value of the body",
        private,
        NO_VALUES,
        answer,
    )


def test_written_twice(program, provider, expect):
    """Where a name is written twice, the value that was judged is the one that is used."""
    company = Company(program, provider, expect)
    help = "Is the body parsed more than once, or in two ways? Judge an object and hand on that very object."
    good, bad = company.paid(), "a lot"
    amount = good.data["amount"]
    why = "The amount is written twice. Whichever one your program takes: it must be judged and used alike."
    for first, second in ((bad, amount), (amount, bad)):
        event = company.paid()
        twice = f'"amount":{json.dumps(first)},"amount":{json.dumps(second)}'.encode()
        event = event.with_body(event.body.replace(f'"amount":{event.data["amount"]}'.encode(), twice))
        answer = provider.send(event)
        expect.status(answer, 202, why, help=help)
        status = expect.json(answer, why).get("status")
        expect.that(
            status in ("handled", "quarantined"), why, "handled, or quarantined", str(status), help, answer
        )
        company.expect_unheard([], why)
        printed = program.printed()
        if status == "handled":
            expect.printed(program, f"bookkeeping {event.id} {amount}", rationale=why, help=help)
        else:
            expect.that(
                event.id not in printed, why, "no department hears of it", f"a line with {event.id}", help
            )


# -- 4: ignore what you don't know ------------------------------------------------------------------


def test_unknown_type(program, provider, expect):
    """A type without a schema is answered 202 ignored, whatever it is called."""
    company = Company(program, provider, expect)
    why = "You have no schema for this type: answer 202 and ignore it. New types are a normal day."
    help = "How does your program look the type up, and what happens when it isn't there?"
    unknown = ("invoice.archived", "Invoice.Paid", "", provider.fresh_id("type"))
    inherited = ("constructor", "__proto__")  # names that every JavaScript object has
    events = [company.event(type, amount=company.amount()) for type in (*unknown, *inherited)]
    for event in events:
        if event.type in inherited:
            why = f"There is no schema for the type `{event.type}`: answer 202 and ignore it like any other."
        company.send(event, "ignored", why, help)
    entries, answer = company.listed("/quarantine", "quarantine")
    kept = [entry for entry in entries if entry.get("id") in {event.id for event in events}]
    expect.equal(kept, [], "What is ignored is not set aside: nobody will ever look at it.", answer=answer)
    company.expect_unheard(events, "A department heard of a type that it does not listen to.")


def test_not_an_event(program, provider, expect):
    """Signed bytes that are no event get 2xx or 400, and the program goes on."""
    company = Company(program, provider, expect)
    for body in (
        b"",
        b"null",
        b"[]",
        b'"invoice.paid"',
        b"{",
        b"{}",
        b'{"id":"evt_1"}',
        b'{"id":1,"type":["a"]}',
        b"\xff",
    ):
        answer = provider.send(company.paid().with_body(body))
        fine = answer.accepted or answer.status == 400
        shown = body.decode(errors="replace")
        why = f"The body {shown!r} is no event, but its signature is right: answer 2xx or 400."
        expect.that(fine, why, "any 2xx, or HTTP 400", answer.described, SIGNED_IS_NO_STRANGER, answer)
    company.expect_unheard([], "")


# -- 5: one event, several departments --------------------------------------------------------------


def test_each_department(program, provider, expect):
    """Each department that listens hears of an event once, and no other does."""
    company = Company(program, provider, expect)
    for type, departments in LISTENERS.items():
        event = company.of_type(type)
        company.send(event, "handled", f"This {type} fits its schema.")
        company.expect_heard(event, f"{' and '.join(departments)} must hear of {type}.")
        others = {"bookkeeping", "mail", "statistics"} - set(departments)
        for other in others:
            why = f"The department {other} does not listen to {type}."
            expect.that(
                f"{other} {event.id} " not in program.printed(), why, "no line of it", f"{other} {event.id}"
            )


def test_one_fails(program, provider, expect):
    """When one department fails, the others work, and the provider gets its 2xx."""
    company = Company(program, provider, expect)
    for failing in ("bookkeeping", "mail", "statistics"):
        program.fail_once(f"{failing}-fail")
        event = company.paid()
        why = f"The department {failing} failed. The delivery arrived all the same: answer 202."
        company.send(
            event, "handled", why, "A 5xx would bring the event again, also to those who are done with it."
        )
        others = tuple(department for department in LISTENERS[event.type] if department != failing)
        why = f"The department {failing} failed, which is no business of the others."
        company.expect_heard(event, why, others, TRY_INSIDE)
    company.expect_unheard([], "")


def test_failed_is_noted(program, provider, expect):
    """The list of failures names the event and the department, and nothing else."""
    company = Company(program, provider, expect)
    failed = []
    for departments in (("mail",), ("bookkeeping", "statistics"), ()):
        for department in departments:
            program.fail_once(f"{department}-fail")
        event = company.paid()
        company.send(event, "handled", "The delivery arrived: answer 202.")
        failed += [(event.id, department) for department in departments]
        entries, answer = company.listed("/failures", "failures")
        mine = sorted(
            (each.get("id"), each.get("department")) for each in entries if each.get("id") == event.id
        )
        why = "GET /failures must name each department that failed, with the event's id, and no other."
        help = "Write it down where you catch the failure. Else nobody ever knows what is still to be done."
        expect.equal(mine, sorted((event.id, name) for name in departments), why, help=help, answer=answer)


# -- 6: keep both lists -----------------------------------------------------------------------------


def test_after_restart(program, provider, expect):
    """Both lists are there after the program was started again."""
    company = Company(program, provider, expect)
    misfit, unlucky = company.paid(amount="a lot"), company.paid()
    company.expect_quarantined(misfit, "/data/amount", "The amount is no number.")
    program.fail_once("mail-fail")
    company.send(unlucky, "handled", "The delivery arrived: answer 202.")
    program.restart()
    help = "Only what lies in $DATA_DIR outlives a restart."
    for path, name, event in (("/quarantine", "quarantine", misfit), ("/failures", "failures", unlucky)):
        entries, answer = company.listed(path, name)
        ids = [entry.get("id") for entry in entries]
        why = f"The program was started again, and GET {path} must still name the event."
        expect.equal(ids.count(event.id), 1, why, help=help, answer=answer)
