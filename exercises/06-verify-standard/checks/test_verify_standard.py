"""Plays a provider of Standard Webhooks, and everybody who has recorded one of its deliveries."""

import base64
import contextlib
import hashlib
import hmac
import time
from dataclasses import dataclass

HOUR = 3600
EAST = {"TZ": "JST-9"}
CONTENT = "What is signed is the id, a dot, the timestamp, a dot, and the body's bytes as they came."
GENUINE = f"{CONTENT} Or is it the key, which has to be decoded, or the clock, in seconds?"
ORDER = "Compare first, then look at the time, then parse. Print and do anything else only afterwards."
LIST = "The header is a list with spaces: version, comma, value. One right v1 in it is enough."
CALM = "A stranger writes these headers. What can't be split, decoded or converted is refused with 401."
FRESH = "Compare the timestamp with the seconds since 1970. Too far in either direction is too far."
STILL_IN = "A correctly signed, fresh delivery must still get in."


def key_of(secret):
    return base64.b64decode(secret.removeprefix("whsec_"))


def item(key, content):
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def signature(key, message_id, timestamp, body):
    return item(key, f"{message_id}.{timestamp}.".encode() + body)


@dataclass(frozen=True)
class Door:
    """The program's door: what the provider has just signed gets in, everything else stays out."""

    program: object
    provider: object
    expect: object

    def event(self):
        return self.provider.event("invoice.paid", amount=self.provider.random.randrange(10**6))

    def expect_in(self, event, why, help=GENUINE, **dials):
        """An event gets in, and is printed."""
        answer = self.provider.send(event, **dials)
        self.expect.accepted(answer, why, help=help)
        self.expect.printed(
            self.program,
            event.id,
            event.type,
            rationale="What is accepted is printed as before: its id and type on one line.",
            help="The line belongs after the comparison, for deliveries that passed it.",
            answer=answer,
        )

    def expect_out(self, deliveries, help):
        """Each of (what it is, event, dials) is refused and not printed; the provider still gets in."""
        answers = []
        for what, event, dials in deliveries:
            answers.append(self.provider.send(event, **dials))
            self.expect.refused(answers[-1], f"{what} must be refused.", help=help)
        self.expect_in(self.event(), STILL_IN)
        printed = self.program.printed()
        for (what, event, _), answer in zip(deliveries, answers, strict=True):
            why = f"{what} must leave no trace, but the id of its event was printed."
            unseen = f"no line with {event.id!r}"
            self.expect.that(event.id not in printed, why, unseen, printed, help=ORDER, answer=answer)

    @property
    def bare_secret(self):
        return self.provider.secret.removeprefix("whsec_")

    @contextlib.contextmanager
    def opened_elsewhere(self, env):
        """Run the program with other variables, if it can; where it can't, it runs as before afterwards.

        One start serves both checks that do this, with the variables of both; where a genuine delivery does
        not get in then, the ones that are asked for are tried alone.
        """
        both = {"WEBHOOK_SECRET": self.bare_secret, **EAST}
        runs = self.program.run_with(both, may_exit=True)
        works = runs and self.provider.send(self.event()).accepted
        if not works:
            runs = self.program.restart(env, may_exit=True)
        try:
            yield runs
        except Exception:
            if not works:
                self.program.restart()
            raise

    def ways(self, words):
        """Pair ways of signing with fresh events and the words that describe them."""
        return [(what, self.event(), {"signature": dial}) for dial, what in words.items()]

    def with_list(self, make):
        """Return a delivery whose list of signatures is `make(right item, event)`, and the event."""
        event, now = self.event(), str(int(time.time()))
        right = signature(key_of(self.provider.secret), event.id, now, event.body)
        headers = (("webhook-signature", make(right)),)
        # The way `missing` leaves out the signature alone.
        return event, {"signature": "missing", "timestamp": now, "headers": headers}

    def signed_over(self, what, content, key=None):
        """Return a delivery that is signed over `content(id, timestamp)` and the body, and its words."""
        event, now = self.event(), str(int(time.time()))
        value = item(key or key_of(self.provider.secret), content(event.id, now).encode() + event.body)
        dials = {"signature": "missing", "timestamp": now, "headers": (("webhook-signature", value),)}
        return what, event, dials

    def lists(self, **makes):
        found = []
        for what, make in makes.items():
            event, dials = self.with_list(make)
            found.append((what, event, dials))
        return found


# -- 1: sign id, time and body ----------------------------------------------------------------------


def test_accepts_signed(program, provider, expect):
    """What the provider signs gets in."""
    door = Door(program, provider, expect)
    for _ in range(3):
        door.expect_in(door.event(), "The signature is correct and fresh, so the delivery must be accepted.")


def test_refuses_unsigned(program, provider, expect):
    """Without a signature nothing gets in, nor without what was signed."""
    door = Door(program, provider, expect)
    unsigned = door.ways(
        {
            "missing": "A delivery without a signature",
            "empty": "An empty signature",
            "missing-id": "A delivery without its id",
            "missing-timestamp": "A delivery without its timestamp",
        }
    )
    door.expect_out(unsigned, "What does your program do when there is nothing to compare?")


def test_refuses_wrong_secret(program, provider, expect):
    """Another secret, and the same secret turned into another key."""
    door = Door(program, provider, expect)
    forged = door.ways(
        {
            "wrong-secret": "A delivery that was signed with another secret",
            "text-key": "A delivery that was signed with the secret's text as the key",
            "plain-hash": "A plain hash of the content, which everybody can compute,",
        }
    )
    text = provider.secret.removeprefix("whsec_").encode()
    what = "A delivery that was signed with the base64 text as the key"
    forged.append(door.signed_over(what, lambda message, now: f"{message}.{now}.", text))
    door.expect_out(forged, "The key is what the base64 behind whsec_ stands for. Is the comparison used?")


def test_refuses_changed_body(program, provider, expect):
    """The body belongs to what is signed."""
    door = Door(program, provider, expect)
    changed = door.ways(
        {
            "other-body": "A delivery with the signature of another event",
            "tampered": "A delivery whose body was changed after it was signed",
        }
    )
    door.expect_out(changed, CONTENT)


def test_id_is_signed(program, provider, expect):
    """So does the id."""
    door = Door(program, provider, expect)
    changed = door.ways(
        {
            "other-id": "A delivery whose id was changed after it was signed",
            "without-id": "A delivery whose id was not signed",
        }
    )
    what = "A delivery that was signed without the dots"
    changed.append(door.signed_over(what, lambda message, now: message + now))
    door.expect_out(changed, CONTENT)
    dotted = f"{provider.fresh_id('msg')}.7"
    door.expect_in(door.event(), "An id may hold a dot; it is signed as it came.", id=dotted)


def test_time_is_signed(program, provider, expect):
    """So does the time."""
    door = Door(program, provider, expect)
    changed = door.ways(
        {
            "other-timestamp": "A delivery whose timestamp was changed after it was signed",
            "body-only": "A delivery of which the body alone was signed",
        }
    )
    what = "A delivery whose timestamp was not signed"
    changed.append(door.signed_over(what, lambda message, now: f"{message}."))
    door.expect_out(changed, CONTENT)


def test_raw_bytes(program, provider, expect):
    """The same event, however it is written."""
    door = Door(program, provider, expect)
    event = door.event
    for what, written in (
        ("has spaces in it", event().written()),
        ("has line ends in it and at its end", event().written(indent="\t")),
        ("holds escapes", event().with_members(r'"note":"Zo\u00eb \/ \u003cb\u003e"')),
        ("holds letters beyond ASCII", event().with_members('"name":"Zoë, Zoe\u0308, 東京"')),
        ("holds numbers like 1e3 and a key twice", event().with_members('"a":1e3,"b":1.0,"a":2')),
    ):
        if "at its end" in what:
            written = written.with_body(written.body.replace(b"\n", b"\r\n") + b"\n")
        door.expect_in(written, f"The body {what}, and was signed as it is.")
        forged = provider.send(written, signature="wrong-secret")
        expect.refused(forged, "The same bytes, signed with another secret, must be refused.", help=ORDER)


def test_bare_secret(program, provider, expect):
    """The same key, whether the secret is written with whsec_ or without."""
    door = Door(program, provider, expect)
    why = "The secret was given without whsec_ in front, and is the same secret."
    door.expect_in(door.event(), "This can only be judged once a correctly signed delivery gets in.")
    with door.opened_elsewhere({"WEBHOOK_SECRET": door.bare_secret}) as runs:
        wanted = "a program that runs"
        expect.that(runs, why, wanted, "one that ended at its start", "Take off what is there alone.")
        door.expect_in(door.event(), why, "Take the prefix off only where it is there.")
        door.expect_out(
            door.ways({"wrong-secret": "A delivery that was signed with another secret"}), CONTENT
        )


# -- 2: the list ------------------------------------------------------------------------------------


def test_several_signatures(program, provider, expect):
    """The right one alone, first, in the middle, last."""
    door = Door(program, provider, expect)
    other = "whsec_" + base64.b64encode(provider.random.randbytes(24)).decode()
    door.expect_in(door.event(), "Two secrets signed, ours first.", LIST, secret=(provider.secret, other))
    door.expect_in(door.event(), "Two secrets signed, ours last.", LIST, secret=(other, provider.secret))
    why = "Our signature stands behind one of an unknown version and one of somebody else."
    door.expect_in(door.event(), why, LIST, signature="behind-others")
    event, dials = door.with_list(lambda right: f"v1a,{'A' * 86}== {right} v2,later")
    door.expect_in(event, "Our signature stands between two of unknown versions.", LIST, **dials)
    door.expect_out(door.ways({"wrong-secret": "A delivery that was signed with another secret"}), CONTENT)


def test_no_right_one(program, provider, expect):
    """A list of wrong ones is no right one, whatever stands near."""
    door = Door(program, provider, expect)
    others = [base64.b64encode(provider.random.randbytes(32)).decode() for _ in range(2)]
    wrong = door.lists(
        **{
            "A list of two signatures that are not ours": lambda right: " ".join(f"v1,{v}" for v in others),
            "Half of the right signature": lambda right: right[: len(right) // 2],
            "The right signature with more behind it": lambda right: right + "AAAA",
            "The right signature behind another one, without a space,": lambda r: f"v1,{others[0]}{r[3:]}",
            "A version without a value": lambda right: "v1,",
            "The right signature in small letters": lambda right: right.lower(),
        }
    )
    door.expect_out(wrong, LIST)


def test_other_versions(program, provider, expect):
    """The value is right and the version is not: it is not v1's to say so."""
    door = Door(program, provider, expect)
    others = door.ways(
        {
            "other-version": "The right value with version v2",
            "asymmetric-label": "The right value with version v1a",
            "no-prefix": "The right value without a version",
            "equals-sign": "The right value behind 'v1='",
            "hex": "The right value in hex digits",
            "sha1": "A signature with SHA-1",
        }
    )
    door.expect_out(others, "Compare the whole item: v1, the comma, and the base64.")


def test_odd_lists(program, provider, expect):
    """Whatever a stranger writes into the header: alone a calm no, beside the right one a yes."""
    door = Door(program, provider, expect)
    odd = (
        "garbage",
        ",",
        "v1",
        "v1,AAAAA",
        "v1,%%%=",
        "v1,a,b,c",
        "v1,é v1,éé",
        "v1,  , v2",
        "v1," + "é" * 22,
        "v1," + "A" * 4000,
        "=" * 47,
    )
    door.expect_out(
        [(f"The list {text[:12]!r}", *door.with_list(lambda right, text=text: text)) for text in odd], CALM
    )
    for text in ("garbage", "v1,AAAAA", "v1,é", ","):
        event, dials = door.with_list(lambda right, text=text: f"{text} {right}")
        door.expect_in(event, f"The right signature stands behind the item {text!r}.", LIST, **dials)


# -- 3: the time ------------------------------------------------------------------------------------


def test_clocks_differ(program, provider, expect):
    """290 seconds are within 300, in both directions; nothing is measured at the border."""
    door = Door(program, provider, expect)
    help = "The tolerance is 300 seconds, and the timestamp is in seconds."
    for skew, words in ((-290, "290 seconds ago"), (290, "290 seconds ahead of your clock"), (0, "just now")):
        door.expect_in(
            door.event(), f"It was signed {words}, which is within the tolerance.", help, skew=skew
        )
    door.expect_out([("A delivery that was signed a day ago", door.event(), {"skew": -24 * HOUR})], FRESH)


def test_old_is_refused(program, provider, expect):
    """A recording is refused, however right its signature is."""
    door = Door(program, provider, expect)
    old = [
        ("A delivery that was signed an hour ago", door.event(), {"skew": -HOUR}),
        ("A delivery that was signed 310 seconds ago", door.event(), {"skew": -310}),
        ("A delivery that was signed a year ago", door.event(), {"skew": -365 * 24 * HOUR}),
    ]
    door.expect_out(old, FRESH)


def test_future_is_refused(program, provider, expect):
    """What claims to come from the future stays valid for as long as its writer likes."""
    door = Door(program, provider, expect)
    early = [
        ("A delivery that was signed an hour ahead of your clock", door.event(), {"skew": HOUR}),
        ("A delivery that was signed 310 seconds ahead of your clock", door.event(), {"skew": 310}),
        ("A delivery that was signed in ten years", door.event(), {"skew": 10 * 365 * 24 * HOUR}),
    ]
    door.expect_out(early, FRESH)


def test_late_retry(program, provider, expect):
    """An event of yesterday is fresh when its attempt is; one that says it is of now is not."""
    door = Door(program, provider, expect)

    def dated(seconds):
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
        return door.event().with_members(f'"timestamp":"{at}"')

    help = "The time in the body is that of the event. Look at the header, which is that of the attempt."
    door.expect_in(dated(-24 * HOUR), "An event of yesterday is tried again, signed just now.", help)
    replayed = ("A recording whose body holds the time of now", dated(0), {"skew": -HOUR})
    door.expect_out([replayed], help)


def test_odd_times(program, provider, expect):
    """Correctly signed, and no number of seconds."""
    door = Door(program, provider, expect)
    now = int(time.time())
    odd = {
        "The timestamp 'NaN'": "NaN",
        "The timestamp 'abc'": "abc",
        "An empty timestamp": "",
        "A timestamp in milliseconds": f"{now * 1000}",
        "A negative timestamp": f"-{now}",
        "A timestamp with a fraction": f"{now}.5",
        "A timestamp with letters behind it": f"{now}abc",
        "The timestamp 'Infinity'": "Infinity",
        "A timestamp of a thousand digits": "9" * 1000,
        "A date instead of a timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
    }
    deliveries = [(what, door.event(), {"timestamp": text}) for what, text in odd.items()]
    door.expect_out(deliveries, "Look at the text before you calculate with it: digits, and nothing else.")


def test_time_zone(program, provider, expect):
    """Seconds since 1970 are the same everywhere."""
    door = Door(program, provider, expect)
    door.expect_in(door.event(), "This can only be judged once a correctly signed delivery gets in.")
    why = "Your program runs nine hours east of Greenwich, where it is the same moment."
    with door.opened_elsewhere(EAST):
        door.expect_in(door.event(), why, "Count seconds since 1970; local time plays no part in it.")
        east = [("A delivery that was signed nine hours ago", door.event(), {"skew": -9 * HOUR})]
        door.expect_out([*east, ("A delivery of in nine hours", door.event(), {"skew": 9 * HOUR})], FRESH)


# -- 4: calm, and closed without a key --------------------------------------------------------------


def test_not_an_event(program, provider, expect):
    """Signed bytes that are no event get 2xx or 400; forged ones are refused."""
    door = Door(program, provider, expect)
    deep = provider.send(b"[" * 100_000, signature="missing")
    expect.refused(
        deep, "100 000 opening brackets came unsigned, and must not reach your parser.", help=ORDER
    )
    for what, body, kind in (
        ("empty", b"", "application/json"),
        ("a form", b"payload=%7B%7D&a=1+2", "application/x-www-form-urlencoded"),
        ("broken JSON", door.event().body[:-3], "application/json"),
        ("a JSON list", b"[1,2,3]", "application/json"),
        ("the JSON value null", b"null", "application/json"),
        ("a JSON object without id and type", b'{"zen":"Keep it logically awesome."}', "application/json"),
        ("no UTF-8", b'{"id":"\xff\xfe","type":"\xe9"}', "application/json"),
    ):
        answer = provider.send(body, content_type=kind, id=provider.fresh_id("msg"))
        expect.that(
            answer.accepted or answer.status == 400,
            f"The body is {what}, but its signature is right and fresh: answer 2xx or 400.",
            "any 2xx, or HTTP 400",
            answer.described,
            help="After a 401: which bytes were hashed? After a 5xx: what was used without a look at it?",
            answer=answer,
        )
        forged = provider.send(body, content_type=kind, signature="wrong-secret")
        expect.refused(forged, f"The body is {what}, and nobody we know signed it.", help=ORDER)


def test_no_key(program, provider, expect):
    """Without a key nobody gets in, not even with the keys that a forgotten secret turns into."""
    door = Door(program, provider, expect)
    door.expect_in(door.event(), "A correctly signed delivery gets in while there is a secret.")
    for secret, words in (
        (None, "without WEBHOOK_SECRET"),
        ("", "with an empty WEBHOOK_SECRET"),
        ("whsec_%%%%", "with a secret that is no base64"),
    ):
        if program.restart(env={"WEBHOOK_SECRET": secret}, may_exit=True):
            expect_closed(door, words)
    program.stop()


def expect_closed(door, circumstances):
    event, now = door.event(), str(int(time.time()))
    help = "Look where your program reads the key. Better no start than an open door."
    for how, key in (
        ("unsigned", None),
        ("signed with an empty key", b""),
        ("signed with the key None", b"None"),
        ("signed with the key undefined", b"undefined"),
    ):
        value = "" if key is None else signature(key, event.id, now, event.body)
        headers = (("webhook-signature", value),) if value else ()
        why = f"Your program was started {circumstances}, and let a delivery in that was {how}."
        answer = door.provider.send(event, signature="missing", timestamp=now, headers=headers)
        door.expect.not_accepted(answer, why, help=help)
