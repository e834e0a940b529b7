"""Plays GitHub, and everybody who would like to be taken for GitHub."""

import hashlib
import hmac
from dataclasses import dataclass

# The hex digits that `lstrip("sha256=")` would eat as well are sent on purpose in one check, else never.
EATEN = ("a", "256")
KEPT = "0134789bcdef"

RAW_BYTES = "Is anything done to the body before it is hashed? Hash exactly the bytes that came."
ORDER = "Compare the signature first. Parse, print and do anything else only afterwards."
STILL_IN = "A correctly signed delivery must still get in."


def digest(secret, body):
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def with_crlf(event):
    return event.with_body(event.body.replace(b"\n", b"\r\n"))


def with_newline(event):
    return event.with_body(event.body + b"\n")


@dataclass(frozen=True)
class Door:
    """The program's door: GitHub gets in, everybody else stays out."""

    program: object
    provider: object
    expect: object

    def event(self, write=lambda event: event, begins=KEPT):
        """Make an event, written by `write`, whose correct signature begins with one of the given digits."""
        while True:
            event = write(self.provider.event("invoice.paid", amount=self.provider.random.randrange(10**6)))
            if digest(self.provider.secret, event.body)[0] in begins:
                return event

    def event_with(self, members):
        """Make an event with more members, whose text is given, behind the usual ones."""
        return self.event(lambda event: event.with_members(members))

    def signed(self, **dials):
        """Pair each way of signing with a fresh event and the words that describe it."""
        return [(words, self.event(), {"signature": dial}) for dial, words in dials.items()]

    def expect_printed(self, event, answer):
        self.expect.printed(
            self.program,
            event.id,
            event.type,
            rationale="A correctly signed event is printed as before: its id and type on one line.",
            help="The line belongs after the comparison, for deliveries that passed it.",
            answer=answer,
        )

    def expect_accepted(self, event, why, help=RAW_BYTES):
        """A signed event gets in, and is printed."""
        answer = self.provider.send(event)
        self.expect.accepted(answer, why, help=help)
        self.expect_printed(event, answer)

    def expect_in(self, event, why, help=RAW_BYTES):
        """A signed event gets in, and the same bytes with a stranger's signature do not."""
        self.expect_accepted(event, why, help)
        self.expect_forgery_refused(event)

    def expect_forgery_refused(self, event, **dials):
        why = "The same bytes came with a signature that was made with another secret, and must be refused."
        help = "Refuse with 401 whenever the comparison says no, whatever the body looks like."
        self.expect.refused(self.provider.send(event, signature="wrong-secret", **dials), why, help=help)

    def expect_out(self, deliveries, help):
        """Each of (what it is, event, dials) is refused and not printed; GitHub still gets in."""
        answers = []
        for what, event, dials in deliveries:
            why = f"{what} must be refused: it does not prove who sent it."
            answers.append(self.provider.send(event, **dials))
            self.expect.refused(answers[-1], why, help=help)
        self.expect_accepted(self.event(), STILL_IN)
        printed = self.program.printed()
        for (what, event, _), answer in zip(deliveries, answers, strict=True):
            why = f"{what} must leave no trace, but the id of its event was printed."
            unseen = f"no line with {event.id!r}"
            self.expect.that(event.id not in printed, why, unseen, printed, help=ORDER, answer=answer)

    def expect_no_stumble(self, body, what, content_type="application/json"):
        """Signed bytes that are no event get 2xx or 400; forged ones are refused."""
        answer = self.provider.send(body, content_type=content_type)
        self.expect.that(
            answer.accepted or answer.status == 400,
            f"The body is {what}, but its signature is right: answer 2xx or 400.",
            "any 2xx, or HTTP 400",
            answer.described,
            help="After a 401: which bytes were hashed? After a 5xx: what was used without a look at it?",
            answer=answer,
        )
        self.expect_forgery_refused(body, content_type=content_type)

    def expect_closed(self, circumstances):
        """Nobody gets in, not even with the keys that a forgotten secret turns into."""
        event = self.event()
        for how, key in (
            ("unsigned", None),
            ("signed with an empty key", ""),
            ("signed with the key None", "None"),
            ("signed with the key undefined", "undefined"),
        ):
            value = "" if key is None else "sha256=" + digest(key, event.body)
            headers = (("X-Hub-Signature-256", value),) if value else ()
            self.expect.not_accepted(
                self.provider.send(event, signature="missing", headers=headers),
                f"Your program was started {circumstances}, and let a delivery in that was {how}.",
                help="Look where your program reads the secret. Better no start than an open door.",
            )


# -- 1: tell GitHub from a stranger -----------------------------------------------------------------


def test_accepts_signed(program, provider, expect):
    """A correctly signed delivery is accepted and printed, whatever digit its signature begins with."""
    door = Door(program, provider, expect)
    for begins in (KEPT, *EATEN):
        event = door.event(begins=begins)
        why = "The signature is correct, so the delivery must be accepted."
        help = "Compare your value with the header's: prefix, hex digits, the right key, the raw body?"
        door.expect_accepted(event, why, help)


def test_refuses_unsigned(program, provider, expect):
    """A delivery without a signature is refused."""
    door = Door(program, provider, expect)
    unsigned = door.signed(missing="A delivery without a signature", empty="An empty signature")
    door.expect_out(unsigned, "What does your program do when there is nothing to compare?")


def test_refuses_wrong_secret(program, provider, expect):
    """A signature made with another secret is refused."""
    door = Door(program, provider, expect)
    forged = door.signed(**{"wrong-secret": "A delivery that was signed with another secret"})
    door.expect_out(forged, "Is the result of the comparison used?")


def test_refuses_changed_body(program, provider, expect):
    """A signature of another body is refused, even if it differs by one byte."""
    door = Door(program, provider, expect)
    changed = door.signed(
        **{
            "other-body": "A delivery with the signature of another event",
            "tampered": "A delivery whose body was changed after it was signed",
        }
    )
    door.expect_out(changed, "The signature has to be compared with this very body.")


# -- 2: hash the bytes that arrived -----------------------------------------------------------------


def test_spaced_json(program, provider, expect):
    """Spaces inside of the body are part of what was signed."""
    door = Door(program, provider, expect)
    event = door.event(lambda event: event.written())
    door.expect_in(event, "The sender wrote its JSON with spaces in it, and signed them as well.")


def test_tabs_and_line_ends(program, provider, expect):
    """Tabs and line ends inside of the body are part of what was signed."""
    door = Door(program, provider, expect)
    event = door.event(lambda event: with_crlf(event.written(indent="\t")))
    door.expect_in(event, "The sender wrote its JSON with tabs and line ends, and signed them as well.")


def test_trailing_newline(program, provider, expect):
    """A line break at the end of the body is part of what was signed."""
    door = Door(program, provider, expect)
    event = door.event(lambda event: with_newline(event.written(indent=2)))
    door.expect_in(event, "The body ends in a line break, and that byte is signed as well.")


def test_unicode_text(program, provider, expect):
    """Text beyond ASCII is hashed as it came, composed or decomposed."""
    door = Door(program, provider, expect)
    letters = "Letters beyond ASCII came as UTF-8, and must be hashed as the bytes that came."
    accents = "The letter ë came as two code points, e and its dots, and must be hashed as these two."
    for name, why in (("Zoë Müller, 東京 🎉", letters), ("Zoe\u0308", accents)):
        door.expect_in(door.event_with(f'"customer":"{name}"'), why)


def test_escapes(program, provider, expect):
    """Characters that were sent as escapes are hashed as escapes."""
    door = Door(program, provider, expect)
    why = "JSON can write the same letter as an escape; the signature covers the escape."
    for text in (r"Zo\u00eb \ud83c\udf89", r"https:\/\/example.com\/\u003cb\u003e"):
        door.expect_in(door.event_with(f'"note":"{text}"'), why)


def test_numbers_and_keys(program, provider, expect):
    """Numbers keep their form, and keys their number and order."""
    door = Door(program, provider, expect)
    why = "Writing JSON again changes 1e3, or a key that comes twice; so hash what came."
    for members in ('"price":1.0,"total":1e3,"share":0.10', '"note":"a","note":"b"', '"b":1,"10":2,"9":3'):
        door.expect_in(door.event_with(members), why)


def test_form_body(program, provider, expect):
    """A form is bytes as well."""
    door = Door(program, provider, expect)
    form = door.event(
        lambda event: event.with_body(f"payload=%7B%22id%22%3A%22{event.id}%22%7D&a=1+2".encode())
    )
    door.expect_no_stumble(form.body, "a form", "application/x-www-form-urlencoded")


def test_empty_body(program, provider, expect):
    """Nothing at all can be signed, and forged."""
    Door(program, provider, expect).expect_no_stumble(b"", "empty")


def test_not_an_event(program, provider, expect):
    """Signed bytes that are no event don't break the program."""
    door = Door(program, provider, expect)
    event = door.event()
    for what, body in (
        ("plain text", b"Hello " + event.id.encode()),
        ("broken JSON", event.body[:-3]),
        ("a JSON list", b"[1,2,3]"),
        ("the JSON value null", b"null"),
        ("a JSON object without id and type", b'{"zen":"Keep it logically awesome."}'),
        ("no UTF-8", b'{"id":"\xff\xfe","type":"\xe9"}'),
        ("JSON behind a byte order mark", b"\xef\xbb\xbf" + event.body),
    ):
        door.expect_no_stumble(body, what)


# -- 3: compare strictly ----------------------------------------------------------------------------


def test_prefix_missing(program, provider, expect):
    """The value begins with `sha256=`, and more follows."""
    door = Door(program, provider, expect)
    odd = door.signed(
        **{
            "no-prefix": "A signature without the prefix 'sha256='",
            "prefix-only": "A signature that is the prefix 'sha256=' and nothing else",
        }
    )
    door.expect_out(odd, "Compare the header's whole value with the whole value that you expect.")


def test_part_of_signature(program, provider, expect):
    """A part of the right signature, or more than it, is not the right signature."""
    door = Door(program, provider, expect)
    parts = door.signed(truncated="Half of the right signature", longer="The right one with more behind it")
    event = door.event()
    followed = (("X-Hub-Signature-256", f"sha256={digest(provider.secret, event.body)}zz"),)
    dials = {"signature": "missing", "headers": followed}
    parts.append(("The right signature with letters behind it that are no hex digits", event, dials))
    door.expect_out(parts, "The two values must be equal, from the first character to the last.")


def test_other_algorithms(program, provider, expect):
    """Only HMAC-SHA256 with the secret, written in hex, is a proof."""
    door = Door(program, provider, expect)
    others = door.signed(
        **{
            "sha1": "A delivery with the old header X-Hub-Signature (SHA-1) only",
            "sha1-in-256": "A signature with SHA-1",
            "plain-hash": "A plain hash of the body, which everybody can compute,",
            "secret-and-body": "A plain hash of secret and body, which is no HMAC,",
            "base64": "A signature in base64 instead of hex",
        }
    )
    door.expect_out(others, "The task names one header and one algorithm. Accept that, and no other.")


def test_strange_signature(program, provider, expect):
    """Whatever a stranger writes into the header, the answer is a calm no."""
    door = Door(program, provider, expect)
    strange = door.signed(**{"non-ascii": "A signature with letters that are not ASCII"})
    for value in ("sha256", "=", "sha512=00", "md5", "sha256=\t" + "0" * 64, "x" * 4000):
        dials = {"signature": "missing", "headers": (("X-Hub-Signature-256", value),)}
        strange.append((f"The signature {value[:12]!r}", door.event(), dials))
    door.expect_out(strange, "Bytes can always be compared; splitting and decoding can fail.")


def test_strange_body(program, provider, expect):
    """An unknown sender does not get as far as the JSON parser."""
    door = Door(program, provider, expect)
    for what, body in (
        ("broken JSON", door.event().body[:-3]),
        ("a list in a list in a list, 100 000 deep", b"[" * 100_000),
        ("the JSON value null", b"null"),
        ("no UTF-8", b'{"id":"\xff\xfe","type":"\xe9"}'),
        ("a JSON number", b"1e999"),
    ):
        why = f"The body is {what}, and nobody signed it: refuse it, and keep it away from your parser."
        expect.refused(provider.send(body, signature="missing"), why, help=ORDER)
    door.expect_in(door.event(), STILL_IN)


# -- 4: no secret, no entry -------------------------------------------------------------------------


def test_secret_missing(program, provider, expect):
    """Without a secret, or with an empty one, nobody gets in."""
    door = Door(program, provider, expect)
    door.expect_in(door.event(), "A correctly signed delivery gets in while there is a secret.")
    for secret, words in ((None, "without WEBHOOK_SECRET"), ("", "with an empty WEBHOOK_SECRET")):
        if program.restart(env={"WEBHOOK_SECRET": secret}, may_exit=True):
            door.expect_closed(words)
    program.stop()
