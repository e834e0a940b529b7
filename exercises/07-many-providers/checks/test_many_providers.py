"""Plays Stripe, GitHub, Slack and Shopify, and those who would like to be one of them."""

import hashlib
import hmac
import json
import time
import uuid
from dataclasses import dataclass, field

PROVIDERS = ("stripe", "github", "slack", "shopify")
TIMED = ("stripe", "slack")
FORM = "application/x-www-form-urlencoded"
HOUR = 3600

RECIPE = "Compare with the table: what is signed, with which key, and how is it written?"
SHAPE = 'GET /records must answer {"records": [...]}, a list of objects.'
ORDER = "Compare first; read, answer and keep only afterwards."
FRESH = (
    "The distance between the timestamp and the seconds of your clock, in either direction, is at most 300."
)
EVENT = (
    "An event is a JSON object (or a form of Slack's) with a text as its id and as its type. "
    "Look at the body, too, where id and type stand in headers."
)
CALM = "A header can be compared as it came, whatever is in it. Is something decoded or calculated before?"


@dataclass(frozen=True)
class Told:
    """One event, with the way in which its provider tells of it and the record that it must become."""

    by: str
    event: object
    kind: str
    id: str
    dials: dict = field(default_factory=dict)

    @property
    def record(self):
        return {"provider": self.by, "id": self.id, "type": self.kind}


@dataclass(frozen=True)
class Service:
    """The program's side: four doors and one list."""

    program: object
    provider: object
    expect: object

    def at(self, name, **changes):
        """Return a provider as it is on file: its scheme, its secret, its door."""
        usual = {"scheme": name, "secret": f"{name.upper()}_SECRET", "path": f"/in/{name}", "name": name}
        return self.provider.using(**{**usual, **changes})

    # -- what the four tell -------------------------------------------------------------------------

    def stripe(self, id=""):
        event = self.provider.event("invoice.paid", object={"amount": self.number(), "name": "Zoë"})
        event = event.with_id(id) if id else event
        return Told("stripe", event, event.type, event.id)

    def github(self, id="", kind="issues.opened"):
        delivery = id or str(uuid.UUID(int=self.provider.random.getrandbits(128), version=4))
        name, _, action = kind.partition(".")
        content = {"repository": {"id": self.number()}, "sender": {"login": "zoe"}}
        content = {"action": action, **content} if action else content
        event = self.provider.event(name).with_body(json.dumps(content).encode())
        return Told("github", event, kind, delivery, {"headers": (("X-GitHub-Delivery", delivery),)})

    def slack(self, id=""):
        event_id = id or self.provider.fresh_id("Ev")
        inner = {"type": "app_mention", "text": f"order {self.number()}, please </now>"}
        content = {"type": "event_callback", "event_id": event_id, "event": inner}
        body = json.dumps(content, separators=(",", ":")).replace("/", r"\/").encode()
        return Told("slack", self.provider.event("event").with_body(body), "app_mention", event_id)

    def shopify(self, id=""):
        event = self.provider.event("orders.paid")
        event = event.with_id(id) if id else event
        body = b'{"id":%d, "total_price":"49.00"}\n' % (820982911946154508 + self.number())
        return Told("shopify", event.with_body(body), "orders/paid", event.id)

    def told(self, name, **changes):
        return getattr(self, name)(**changes)

    def number(self):
        return self.provider.random.randrange(10**4, 10**6)

    # -- judging ------------------------------------------------------------------------------------

    def records(self):
        answer = self.provider.using(name="operator").get("/records")
        shown = self.expect.json(answer, SHAPE).get("records")
        fine = isinstance(shown, list) and all(isinstance(each, dict) for each in shown)
        came = answer.body.decode(errors="replace")[:300]
        self.expect.that(fine, SHAPE, '{"records": [{...}]}', came, answer=answer)
        return shown, answer

    def expect_recorded(self, told, why, help="", times=1, seen=None):
        """The list, as it is or was `seen`, holds the record so often, its three fields as they must be."""
        shown, answer = seen or self.records()
        found = [each for each in shown if (each.get("provider"), each.get("id")) == (told.by, told.id)]
        kept = [{name: each.get(name) for name in told.record} for each in found]
        self.expect.equal(kept, [told.record] * times, why, help=help, answer=answer)

    def expect_as_many(self, before, when):
        """The list is as long as it was."""
        shown, answer = self.records()
        why = f"{when}: there must be no record."
        self.expect.equal(len(shown), len(before), why, help=EVENT, answer=answer)

    def expect_in(self, told, why, help=RECIPE, **dials):
        """A genuine delivery is accepted, and is on the list once."""
        answer = self.at(told.by).send(told.event, **{**told.dials, **dials})
        self.expect.accepted(answer, why, help=help)
        self.expect_recorded(told, f"What {told.by} told must be one record of the list.", help=help)

    def expect_still_in(self, names):
        """What these providers sign gets in, each on the list once; returns the list as it was seen then."""
        genuine = [self.told(name) for name in names]
        for told in genuine:
            answer = self.at(told.by).send(told.event, **told.dials)
            self.expect.accepted(answer, f"What {told.by} signs correctly must still get in.", help=RECIPE)
        seen = self.records()
        for told in genuine:
            why = f"What {told.by} told must be one record of the list."
            self.expect_recorded(told, why, help=RECIPE, seen=seen)
        return seen

    def expect_out(self, deliveries, help):
        """Each of (what it is, sender, told, dials) is refused and on no list; the genuine one gets in."""
        deliveries = list(deliveries)
        answers = []
        for what, sender, told, dials in deliveries:
            answers.append(sender.send(told.event, **{**told.dials, **dials}))
            self.expect_refused(what, told, answers[-1], help)
        shown, _ = self.expect_still_in(dict.fromkeys(told.by for _, _, told, _ in deliveries))
        ids = [each.get("id") for each in shown]
        for (what, _, told, _), answer in zip(deliveries, answers, strict=True):
            why = f"{what} was refused, and is on the list all the same."
            self.expect.that(told.id not in ids, why, "no record of it", told.id, help=ORDER, answer=answer)

    def expect_refused(self, what, told, answer, help):
        """It is refused; where it was accepted, the sentence says whether it is on the list."""
        why = f"{what} must be refused."
        if answer.accepted and any(each.get("id") == told.id for each in self.records()[0]):
            why = f"{what} must be refused, and became a record."
        self.expect.refused(answer, why, help=help)

    def ways(self, name, words, **more):
        """Pair ways of signing with fresh events of a provider and the words that describe them."""
        return [
            (f"{what} at {name}'s door", self.at(name), self.told(name), {"signature": dial, **more})
            for dial, what in words.items()
        ]


FORGED = {
    "missing": "A delivery without a signature",
    "empty": "A delivery with an empty signature",
    "wrong-secret": "A delivery that was signed with another secret",
    "plain-hash": "A plain hash, which everybody can compute,",
    "truncated": "Half of the right signature",
    "other-body": "The signature of another body",
    "tampered": "A body that was changed after it was signed",
}
FORGED_TIME = {
    "body-only": "A delivery of which the body alone was signed",
    "other-timestamp": "A delivery whose timestamp was changed after it was signed",
    "missing-timestamp": "A delivery without its timestamp",
}


# -- 1: let all four in -----------------------------------------------------------------------------


def test_stripe_in(program, provider, expect):
    """However the body is written."""
    service = Service(program, provider, expect)
    for what, rewrite in (
        ("is compact", lambda event: event),
        ("has spaces and line ends in it", lambda event: event.written(indent=2)),
        ("holds numbers like 1e3 and a key twice", lambda event: event.with_members('"a":1e3,"a":1.0')),
        ("holds escapes", lambda event: event.with_members(r'"note":"Zo\u00eb \/"')),
    ):
        told = service.stripe()
        event = rewrite(told.event)
        service.expect_in(
            Told("stripe", event, event.type, event.id), f"Stripe signed this delivery; its body {what}."
        )


def test_github_in(program, provider, expect):
    """With an action in the body, and without."""
    service = Service(program, provider, expect)
    for kind in ("issues.opened", "push", "pull_request.closed"):
        service.expect_in(service.github(kind=kind), f"GitHub signed this delivery about {kind}.")


def test_slack_in(program, provider, expect):
    """An event in its envelope."""
    service = Service(program, provider, expect)
    for _ in range(2):
        service.expect_in(service.slack(), "Slack signed this delivery.")


def test_shopify_in(program, provider, expect):
    """A body with a number that JavaScript can't hold, and a line end."""
    service = Service(program, provider, expect)
    for _ in range(2):
        service.expect_in(service.shopify(), "Shopify signed this delivery.")


# -- 2: keep everybody else out ---------------------------------------------------------------------


def test_stripe_forged(program, provider, expect):
    """Among them the key that Standard Webhooks would make of the secret."""
    service = Service(program, provider, expect)
    own = {
        "decoded-key": "A delivery that was signed with the decoded secret",
        "base64": "The right value in base64",
        "no-prefix": "The right value without its name",
    }
    service.expect_out(service.ways("stripe", {**FORGED, **FORGED_TIME, **own}), RECIPE)


def test_github_forged(program, provider, expect):
    """Among them Shopify's way to write."""
    service = Service(program, provider, expect)
    own = {
        "base64": "The right value in base64",
        "no-prefix": "The right value without sha256=",
        "sha1-in-256": "A signature with SHA-1",
        "longer": "The right value with more behind it",
    }
    service.expect_out(service.ways("github", {**FORGED, **own}), RECIPE)


def test_slack_forged(program, provider, expect):
    """Among them Stripe's dots."""
    service = Service(program, provider, expect)
    own = {
        "dots": "A delivery that was signed with dots instead of colons",
        "base64": "The right value in base64",
        "other-version": "The right value with v1= in front",
    }
    service.expect_out(service.ways("slack", {**FORGED, **FORGED_TIME, **own}), RECIPE)


def test_shopify_forged(program, provider, expect):
    """Among them GitHub's way to write."""
    service = Service(program, provider, expect)
    own = {
        "hex": "The right value in hex digits",
        "foreign-prefix": "The right value with sha256= in front",
    }
    service.expect_out(service.ways("shopify", {**FORGED, **own}), RECIPE)


def test_wrong_door(program, provider, expect):
    """What one provider signs, or one provider's secret, opens no other door."""
    service = Service(program, provider, expect)
    pairs = [(one, other) for one in PROVIDERS for other in PROVIDERS if one != other]
    stray = [
        (
            f"What {one} signed, delivered to {other},",
            service.at(one, path=f"/in/{other}"),
            service.told(one),
            {},
        )
        for one, other in pairs
    ]
    lent = [
        (
            f"What was signed as {other} does, with the secret of {one},",
            service.at(other, secret=f"{one.upper()}_SECRET"),
            service.told(other),
            {},
        )
        for one, other in pairs
    ]
    help = "The path alone says which provider it is: one scheme and one secret for each."
    service.expect_out([*stray, *lent], help)


# -- 3: Stripe's list -------------------------------------------------------------------------------

LIST = "Split at the commas. Each part named v1 may be the right one; other names are passed over."


def test_several_v1(program, provider, expect):
    """Ours first, last, and behind others."""
    service = Service(program, provider, expect)
    stripe = service.at("stripe")
    other = "whsec_" + provider.fresh_id("other")
    both = "While a secret is changed, Stripe signs with two:"
    service.expect_in(service.stripe(), f"{both} ours stands first.", LIST, secret=(stripe.secret, other))
    service.expect_in(service.stripe(), f"{both} ours stands last.", LIST, secret=(other, stripe.secret))
    service.expect_in(
        service.stripe(),
        "The right v1 stands behind a v0 and a v1 of somebody else.",
        LIST,
        signature="behind-others",
    )
    wrong = service.ways(
        "stripe",
        {"wrong-secret": "A list of two signatures that are not ours"},
        secret=(other, other + "x"),
    )
    service.expect_out(wrong, LIST)


def test_v0_is_no_v1(program, provider, expect):
    """The right value under a name that is not v1."""
    service = Service(program, provider, expect)
    stripe, now = service.at("stripe"), str(int(time.time()))
    deliveries = service.ways("stripe", {"other-version": "The right value as v0 alone"})
    for what, parts in (
        ("The right value as v0 behind a wrong v1", "v1={wrong},v0={right}"),
        ("The right value as v0 in front of a wrong v1", "v0={right},v1={wrong}"),
        ("The right value as v1a", "v1a={right}"),
        ("The right value as V1", "V1={right}"),
    ):
        told = service.stripe()
        content = now.encode() + b"." + told.event.body
        right = hmac.new(stripe.secret.encode(), content, hashlib.sha256).hexdigest()
        value = f"t={now}," + parts.format(right=right, wrong="0" * 64)
        dials = {"signature": "missing", "headers": (("Stripe-Signature", value),)}
        deliveries.append((what, stripe, told, dials))
    service.expect_out(deliveries, LIST)


# -- 4: the time ------------------------------------------------------------------------------------


def test_clocks_differ(program, provider, expect):
    """290 seconds are within 300, in both directions; nothing is measured at the border."""
    service = Service(program, provider, expect)
    for name in TIMED:
        for skew, words in ((-290, "290 seconds ago"), (290, "290 seconds ahead of your clock")):
            why = f"What {name} signed {words} is within the tolerance."
            service.expect_in(service.told(name), why, "The tolerance is 300 seconds.", skew=skew)
    day = [
        (f"What {name} signed a day ago", service.at(name), service.told(name), {"skew": -24 * HOUR})
        for name in TIMED
    ]
    service.expect_out(day, FRESH)


def test_old_and_early(program, provider, expect):
    """Recordings, and what comes from the future."""
    service = Service(program, provider, expect)
    times = {
        -HOUR: "an hour ago",
        -310: "310 seconds ago",
        310: "310 seconds ahead of your clock",
        HOUR: "an hour ahead of your clock",
        10 * 365 * 24 * HOUR: "in ten years",
    }
    moments = [
        (f"What {name} signed {words}", service.at(name), service.told(name), {"skew": skew})
        for name in TIMED
        for skew, words in times.items()
    ]
    service.expect_out(moments, FRESH)


def test_odd_times(program, provider, expect):
    """Correctly signed, and no number of seconds."""
    service = Service(program, provider, expect)
    now = int(time.time())
    odd = {
        "the time 'abc'": "abc",
        "the time 'NaN'": "NaN",
        "an empty time": "",
        "a time in milliseconds": f"{now * 1000}",
        "a negative time": f"-{now}",
        "a time with a fraction": f"{now}.5",
        "letters behind the time": f"{now}abc",
        "a time of a thousand digits": "9" * 1000,
    }
    deliveries = [
        (f"A delivery of {name} with {words}", service.at(name), service.told(name), {"timestamp": text})
        for name in TIMED
        for words, text in odd.items()
    ]
    service.expect_out(deliveries, "Look at the text before you calculate: digits, and nothing else.")


# -- 5: Slack's habits ------------------------------------------------------------------------------


def challenge_body(provider, challenge):
    content = {"token": provider.fresh_id("tok"), "challenge": challenge, "type": "url_verification"}
    return json.dumps(content).encode()


def test_challenge(program, provider, expect):
    """It comes back as it is, and a browser would not take it for a page."""
    service = Service(program, provider, expect)
    before, _ = service.records()
    for challenge in (provider.fresh_id("3eZ"), f"<b>{provider.fresh_id('3eZ')}</b>&amp;"):
        answer = service.at("slack").send(challenge_body(provider, challenge))
        why = "Slack asks whether this address is ours: the answer must be its challenge."
        expect.status(answer, 200, why, help="Look for the type url_verification, behind the comparison.")
        kind = (answer.header("Content-Type") or "none").partition(";")[0].strip().lower()
        expect.that(
            kind in ("text/plain", "application/json"),
            "The challenge is text that came from outside. Sent as HTML, a browser would run what is in it.",
            "Content-Type text/plain, or application/json",
            f"Content-Type {kind}",
            help="What type does your framework give a text that you return?",
            answer=answer,
        )
        value = answer.json() if kind == "application/json" else None
        came = value.get("challenge") if isinstance(value, dict) else answer.body.decode(errors="replace")
        expect.equal(came, challenge, why, help="Return it as it came, unchanged.", answer=answer)
    after, answer = service.records()
    why = "A challenge is a question about the address, and no event."
    expect.equal(len(after), len(before), why, help="Answer it before anything is kept.", answer=answer)


def test_forged_challenge(program, provider, expect):
    """It is signed like all that Slack sends; who can't sign gets nothing back."""
    service = Service(program, provider, expect)
    for dials, words in (
        ({"signature": "missing"}, "unsigned"),
        ({"signature": "wrong-secret"}, "signed with another secret"),
        ({"skew": -HOUR}, "signed an hour ago"),
    ):
        challenge = provider.fresh_id("3eZ")
        answer = service.at("slack").send(challenge_body(provider, challenge), **dials)
        expect.refused(answer, f"A challenge came {words}, and must be refused.", help=ORDER)
        why = f"A challenge came {words}. Whoever gets it back can make your address repeat anything."
        came = answer.body.decode(errors="replace")
        expect.that(challenge not in came, why, "an answer without it", came, help=ORDER, answer=answer)
    service.expect_in(service.slack(), "What Slack signs correctly must still get in.")


def test_slack_form(program, provider, expect):
    """One command, however the form is written."""
    service = Service(program, provider, expect)
    for what, form, kind in (
        ("a plain form", "command=%2Fdeploy&text=now&trigger_id={id}", FORM),
        ("a form with %c3 in small letters", "text=Zo%c3%ab&command=%2fdeploy&trigger_id={id}", FORM),
        ("a form with %C3 in capitals", "text=Zo%C3%AB&command=%2Fdeploy&trigger_id={id}", FORM),
        ("a form with %20 for a space", "command=%2Fdeploy&text=a%20b+c&trigger_id={id}", FORM),
        ("a form with empty values", "token=&command=%2Fdeploy&text=&trigger_id={id}&a", FORM),
        (
            "a form with a needless escape",
            "command=/deploy&text=%61&trigger_id={id}",
            f"{FORM}; charset=utf-8",
        ),
    ):
        trigger = provider.fresh_id("13345224609")
        event = provider.event("command").with_body(form.format(id=trigger).encode())
        told = Told("slack", event, "/deploy", trigger, {"content_type": kind})
        why = f"Slack tells of a command by {what}, and signed its bytes."
        service.expect_in(told, why, "Hash the bytes that arrived; take the form apart afterwards.")
    event = provider.event("command").with_body(b"command=%2Fdeploy&trigger_id=1.2.3")
    forged = Told("slack", event, "/deploy", "1.2.3", {"content_type": FORM, "signature": "wrong-secret"})
    service.expect_out(
        [("A form that was signed with another secret", service.at("slack"), forged, {})], ORDER
    )


def test_slack_retry(program, provider, expect):
    """The first attempt got lost; the second is the first that arrives. Then it comes once more."""
    service = Service(program, provider, expect)
    help = "The retry headers say what Slack did, not what you received. Is anything skipped because of them?"
    told = service.slack()
    why = "Slack's first attempt never reached you. This is its second, and all that you will hear."
    service.expect_in(told, why, help, attempt=1, reason="http_timeout")
    answer = service.at("slack").send(told.event, attempt=2, reason="http_timeout")
    expect.accepted(answer, "The same event comes once more: you have it, so say 2xx.", help=help)
    service.expect_recorded(told, "One event is one record, however often it is delivered.", help=help)


# -- 6: one list ------------------------------------------------------------------------------------


def test_again(program, provider, expect):
    """Each provider delivers an event again: 2xx, and one record."""
    service = Service(program, provider, expect)
    help = "Keep the records under the provider and the id."
    for name in PROVIDERS:
        told = service.told(name)
        service.expect_in(told, f"What {name} signs correctly must get in.")
        again = service.at(name).send(told.event, **{**told.dials, "skew": 5})
        expect.accepted(again, f"{name} delivers the same event again. You have it: say 2xx.", help=help)
        service.expect_recorded(told, "One event is one record, however often it is delivered.", help=help)
        service.expect_in(service.told(name), "The next event is another record.", help)


def test_same_id(program, provider, expect):
    """Ids are unique within one provider, and nowhere else."""
    service = Service(program, provider, expect)
    shared = provider.fresh_id("evt")
    all_told = [service.told(name, id=shared) for name in PROVIDERS]
    help = "An id tells events of one provider apart. Which two things tell all of them apart?"
    for told in all_told:
        why = f"{told.by} uses an id that another provider has used. These are two events."
        service.expect_in(told, why, help)
    seen = service.records()
    for told in all_told:
        service.expect_recorded(told, "Each of the four events must be on the list.", help=help, seen=seen)


# -- 7: calm, and closed without a secret -----------------------------------------------------------

NO_EVENTS = {
    "nothing at all": b"",
    "a JSON list": b"[1,2,3]",
    "the JSON value null": b"null",
    "a JSON text": b'"ping"',
    "broken JSON": b'{"id":"evt_1","type":"inv',
}
NO_FIELDS = {
    "an object without an id and a type": b'{"zen":"Design for failure."}',
    "an id that is a number": b'{"id":17,"event_id":17,"type":"a","event":{"type":"a"}}',
    "an event that is a text": b'{"event_id":"Ev1","event":"a","id":"evt_1"}',
    "an event that is null": b'{"event_id":"Ev1","event":null,"id":"evt_1","type":null}',
}


def test_not_an_event(program, provider, expect):
    """Signed, and nothing to keep: 2xx or 400, and the list stays as it is."""
    service = Service(program, provider, expect)
    before, _ = service.records()
    for name in PROVIDERS:
        bodies = {**NO_EVENTS, **(NO_FIELDS if name in TIMED else {})}
        for what, body in bodies.items():
            told = service.told(name)
            answer = service.at(name).send(told.event.with_body(body), **told.dials)
            expect.that(
                answer.accepted or answer.status == 400,
                f"{name} signed {what}: answer 2xx or 400.",
                "any 2xx, or HTTP 400",
                answer.described,
                help="It is genuine, and no event: 401 would blame the signature, and 5xx yourself.",
                answer=answer,
            )
            if answer.accepted:  # so that the sentence can name the one that was kept
                service.expect_as_many(before, f"{name} signed {what}")
    service.expect_as_many(before, "Where there is no event")
    service.expect_still_in(PROVIDERS)


def test_odd_headers(program, provider, expect):
    """Whatever a stranger writes where the signature belongs."""
    service = Service(program, provider, expect)
    now = int(time.time())
    header = {
        "stripe": "Stripe-Signature",
        "github": "X-Hub-Signature-256",
        "slack": "X-Slack-Signature",
        "shopify": "X-Shopify-Hmac-Sha256",
    }
    odd = {
        "stripe": (
            "t",
            f"t={now}",
            f"t={now},v1",
            f"t={now},v1={'é' * 64}",
            f"t={now},v1={'z' * 64}",
            "v1=,t=",
        ),
        "github": ("sha256=", "sha256=" + "é" * 64, "sha256=" + "z" * 64, "é"),
        "slack": ("v0=", "v0=" + "é" * 64, "v0=" + "z" * 64, "é"),
        "shopify": ("é" * 44, "=" * 44, "%%%", "A"),
    }
    deliveries = []
    for name in PROVIDERS:
        for text in (*odd[name], "garbage", ",", "=", "A" * 4000):
            told = service.told(name)
            headers = (*told.dials.get("headers", ()), (header[name], text))
            what = f"The signature {text[:24]!r} at {name}'s door"
            dials = {"signature": "missing", "headers": headers}
            deliveries.append((what, service.at(name), told, dials))
    service.expect_out(deliveries, CALM)


def test_no_secret(program, provider, expect):
    """No start is fine; an open door is not. Leaves the program stopped."""
    service = Service(program, provider, expect)
    service.expect_in(service.stripe(), "A correctly signed delivery gets in while there is a secret.")
    for value, words in ((None, "without its secrets"), ("", "with empty secrets")):
        env = {f"{name.upper()}_SECRET": value for name in PROVIDERS}
        if program.restart(env=env, may_exit=True):
            expect_closed(service, words)
    program.stop()


def expect_closed(service, circumstances):
    for name in PROVIDERS:
        for how, dials in (
            ("unsigned", {"signature": "missing"}),
            ("signed with an empty key", {"signature": "empty-secret"}),
            ("signed with the key None", {"secret": "None"}),
            ("signed with the key undefined", {"secret": "undefined"}),
        ):
            told = service.told(name)
            answer = service.at(name).send(told.event, **{**told.dials, **dials})
            why = f"Your program was started {circumstances}, and {name}'s door let in what was {how}."
            help = "Look where your program reads its secrets. Better no start than an open door."
            service.expect.not_accepted(answer, why, help=help)
