"""Plays tenants that sign with the secrets they were given, and the operators who give these out."""

import base64
import json
import re
import time
from dataclasses import dataclass

HOUR_MS = 3_600_000
SHORT_MS = 150
"""An overlap that a check waits for."""

TOKEN_VARIABLE = "ADMIN_TOKEN"
FEWEST_BYTES, MOST_BYTES = 24, 64
FEWEST_BITS = 180
"""24 random bytes have 192 bits; a few less, so that chance plays no part."""

ADDRESS = "Which tenant it is, is said by the path. Which secrets count, is said by the tenant."
LIST = "A tenant has a list of secrets. Compare with each one that is valid now."
ENDS = "Keep beside each secret when it ends. Valid is what has no end, or one that is still to come."
TOKEN = "Compare the whole header with `Bearer` and the token before you do anything else."
CHANCE = "`secrets.token_bytes(32)`, `randomBytes(32)`: the system's own source of chance."
DISK = "Keep the secrets under DATA_DIR, and look there at each delivery."
QUIET = "Print the tenant, the id and the type. Nothing of the headers, and no secret."


GIVEN = []
"""All secrets that were given out in this run, by whatever start of the program."""


@dataclass(frozen=True)
class Given:
    """A secret that an operator was given for a tenant, between two moments of our clock in milliseconds."""

    tenant: str
    secret: str
    before: int
    after: int


@dataclass(frozen=True)
class Service:
    """The learner's service, as its operators and its tenants use it."""

    program: object
    provider: object
    expect: object

    @property
    def token(self):
        return self.provider.using(secret=TOKEN_VARIABLE).secret

    def name(self):
        """Draw a name that no other tenant of this run has."""
        drawn = self.provider.fresh_id("").strip("_")[:8]
        return f"{self.provider.random.choice(('acme', 'bolt', 'cake', 'dune'))}-{drawn}"

    def event(self):
        return self.provider.event("order.paid", order=self.provider.fresh_id("ord"))

    # -- operators ----------------------------------------------------------------------------------

    def ask(self, method, tenant, body=None, to=None, **more):
        """Send an operator's request, with the right token unless `authorization` says otherwise."""
        authorization = more.get("authorization", f"Bearer {self.token}")
        headers = (("Authorization", authorization),) if authorization is not None else ()
        content = b"" if body is None else json.dumps(body).encode()
        if content:
            headers += (("Content-Type", "application/json"),)
        operator = self.provider.using(name="operator")
        return operator.request(method, f"/admin/{tenant}/secrets", content, headers=headers, to=to)

    def give(self, tenant=None, overlap_ms=HOUR_MS, to=None):
        """Let an operator give a tenant a new secret; a secret of the right form comes back."""
        tenant = tenant or self.name()
        before = now_ms()
        answer = self.ask("POST", tenant, {"overlap_ms": overlap_ms}, to)
        after = now_ms()
        help = 'POST /admin/<tenant>/secrets with the token answers with JSON: {"secret": "whsec_..."}.'
        body = self.expect.json(answer, "An operator asks for a new secret, and must get one.", help=help)
        secret = body.get("secret")
        form = "A secret is whsec_ and base64, in the usual alphabet and with its padding."
        self.expect.that(
            is_secret(secret), "What was given out is no secret.", form, repr(secret)[:200], help, answer
        )
        GIVEN.append(secret)
        return Given(tenant, secret, before, after)

    def listed(self, tenant, to=None):
        """Return the ends of a tenant's valid secrets, newest first, and the answer that lists them."""
        answer = self.ask("GET", tenant, to=to)
        why = "An operator asks which secrets are valid, and must be told."
        body = self.expect.json(answer, why, help='GET /admin/<tenant>/secrets answers {"secrets": [...]}.')
        secrets = body.get("secrets")
        fine = isinstance(secrets, list) and all(is_row(each) for each in secrets)
        came = answer.body.decode(errors="replace")[:300]
        form = '{"secrets": [{"created": <ms>, "ends": <ms> or null}, ...]}'
        self.expect.that(fine, "The list has another form.", form, came, answer=answer)
        return [each["ends"] for each in secrets], answer

    # -- tenants ------------------------------------------------------------------------------------

    def send(self, tenant, secret, event=None, **dials):
        return self.provider.send(event or self.event(), path=f"/webhook/{tenant}", secret=secret, **dials)

    def expect_in(self, given, why, help=LIST, to=None, secret=None):
        """A delivery that was signed with a given secret is accepted and printed with its tenant."""
        event = self.event()
        answer = self.send(given.tenant, secret or given.secret, event, to=to)
        self.expect.accepted(answer, why, help=help)
        self.expect.printed(
            to or self.program,
            given.tenant,
            event.id,
            event.type,
            rationale="What is accepted is printed: the tenant, the id and the type on one line.",
            help="The tenant is the one in the path.",
            answer=answer,
        )

    def expect_out(self, tenant, secret, why, help, **dials):
        """A delivery is refused; its event is returned."""
        event = self.event()
        self.expect.refused(self.send(tenant, secret, event, **dials), why, help=help)
        return event

    def expect_unprinted(self, events):
        """Nothing was printed about these, behind a line that was."""
        self.expect_in(self.give(), "A tenant's own delivery must still get in.")
        printed = self.program.printed()
        for event in events:
            why = "What is refused must leave no trace, but its id was printed."
            self.expect.that(event.id not in printed, why, f"no line with {event.id!r}", printed)

    def expect_end(self, ends, given, overlap_ms, why, answer):
        """An end lies as far behind the giving of a secret as the overlap says."""
        earliest, latest = given.before + overlap_ms, given.after + overlap_ms
        wanted = f"an end between {earliest} and {latest} (overlap_ms is {overlap_ms})"
        fine = is_number(ends) and earliest - 1 <= ends <= latest + 1
        self.expect.that(fine, why, wanted, json.dumps(ends), ENDS, answer)

    def expect_new(self):
        """No secret was given out twice in this run."""
        again = len(GIVEN) - len(set(GIVEN))
        self.expect.equal(again, 0, "A secret was given out that had been given out before.", CHANCE)

    def wait_until_over(self, given, overlap_ms=0):
        """Wait until the overlap that began with a secret is over; our clock is the program's, too."""
        over = given.after + overlap_ms
        self.expect.eventually(lambda: now_ms() > over, True, "The clock of this machine stands still.")


def now_ms():
    return int(time.time() * 1000)


def key_of(secret):
    return base64.b64decode(secret.removeprefix("whsec_"), validate=True)


def is_secret(value):
    return isinstance(value, str) and bool(
        re.fullmatch(r"whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", value)
    )


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_row(value):
    if not isinstance(value, dict) or not is_number(value.get("created")) or "ends" not in value:
        return False
    return value["ends"] is None or is_number(value["ends"])


# -- 1: one address for each tenant -----------------------------------------------------------------


def test_own_secret(program, provider, expect):
    """A tenant gets in with the secret that was given out for it."""
    service = Service(program, provider, expect)
    tenants = [service.give() for _ in range(3)]
    for given in (*tenants, tenants[0]):
        service.expect_in(given, "It was signed with this tenant's own secret.", help=ADDRESS)


def test_still_verified(program, provider, expect):
    """Id, time and body are verified as before."""
    service = Service(program, provider, expect)
    given = service.give()
    service.expect_in(given, "A genuine and fresh delivery must get in.")
    refused = [
        service.expect_out(given.tenant, given.secret, why, help="Nothing of this has changed.", **dials)
        for why, dials in (
            ("A delivery without a signature must be refused.", {"signature": "missing"}),
            ("A delivery with another secret must be refused.", {"signature": "wrong-secret"}),
            ("A delivery that was changed on the way must be refused.", {"signature": "tampered"}),
            ("Another version than v1 is no v1.", {"signature": "other-version"}),
            ("A delivery that was signed an hour ago must be refused.", {"skew": -3600}),
            ("A delivery that was signed in an hour must be refused.", {"skew": 3600}),
            ("A time that is no number must be refused.", {"timestamp": "NaN"}),
            ("A header of letters that are not ASCII must be refused.", {"signature": "non-ascii"}),
        )
    ]
    service.expect_unprinted(refused)


def test_other_tenants_secret(program, provider, expect):
    """A tenant's secret opens its own address and no other."""
    service = Service(program, provider, expect)
    one, other = service.give(), service.give()
    service.expect_in(one, "It was signed with this tenant's own secret.", help=ADDRESS)
    why = "It was signed with the secret of another tenant, who could write orders in this one's name."
    refused = [
        service.expect_out(one.tenant, other.secret, why, ADDRESS),
        service.expect_out(other.tenant, one.secret, why, ADDRESS),
    ]
    renewed = service.give(other.tenant)
    refused.append(service.expect_out(one.tenant, renewed.secret, why, ADDRESS))
    service.expect_unprinted(refused)


def test_unknown_tenant(program, provider, expect):
    """From outside an unknown tenant can't be told from a wrong signature."""
    service = Service(program, provider, expect)
    known = service.give()
    wrong = service.send(known.tenant, known.secret, signature="wrong-secret")
    expect.refused(wrong, "A wrong signature must be refused.")
    names = (service.name(), known.tenant[:-1], known.tenant + "x", "constructor", "undefined", "null", "0")
    help = "Who can tell the two apart learns who your customers are. Let one line answer both."
    for name in names:
        answer = service.send(name, known.secret)
        expect.refused(answer, f"There is no tenant {name}, so nobody can sign for it.", help=ADDRESS)
        why = f"There is no tenant {name}, and the answer tells so: a wrong signature gets another one."
        same = (answer.status, answer.body) == (wrong.status, wrong.body)
        expect.that(same, why, shown(wrong), shown(answer), help, answer)
    service.expect_in(known, "The known tenant must still get in.")


def shown(answer):
    return f"{answer.described} {answer.body[:200].decode(errors='replace')}"


def test_tenant_of_the_path(program, provider, expect):
    """A tenant that claims to be another one, in a genuine delivery, stays itself."""
    service = Service(program, provider, expect)
    one, other = service.give(), service.give()
    for member in ("tenant", "account"):
        event = service.event().with_members(f'"{member}":"{other.tenant}"')
        answer = service.send(one.tenant, one.secret, event, headers=(("X-Tenant", other.tenant),))
        why = "The delivery is genuine, whatever else stands in it."
        expect.accepted(answer, why, help=ADDRESS)
        expect.printed(
            program,
            one.tenant,
            event.id,
            rationale="The tenant is the one whose secret was used: that of the path.",
            help="What a tenant writes into its body or its headers says nothing about who it is.",
            answer=answer,
        )
        claimed = f"A tenant claimed to be another one in `{member}`, and was believed."
        taken = [line for line in program.printed().splitlines() if event.id in line and other.tenant in line]
        expect.that(not taken, claimed, "a line with the tenant of the path", str(taken), ADDRESS, answer)


def test_old_global_secret(program, provider, expect):
    """The secret of the environment is nobody's any more."""
    service = Service(program, provider, expect)
    given = service.give()
    why = "It was signed with WEBHOOK_SECRET, the one secret of before, which belongs to no tenant."
    refused = [
        service.expect_out(tenant, provider.secret, why, "Take the old secret out, also as a second try.")
        for tenant in (given.tenant, service.name())
    ]
    service.expect_unprinted(refused)


# -- 2: give out secrets ----------------------------------------------------------------------------


def test_operators_only(program, provider, expect):
    """Without the token nobody gives out or lists anything."""
    service = Service(program, provider, expect)
    given = service.give()
    token = service.token
    others = {
        "without a token": None,
        "with an empty token": "Bearer",
        "with a wrong token": f"Bearer {provider.fresh_id('token')}",
        "with half of the token": f"Bearer {token[:24]}",
        "with more than the token": f"Bearer {token}0",
        "with the token of another kind": f"Basic {token}",
        "with letters that are not ASCII": f"Bearer {'é' * 24}",
        "with a tenant's secret as the token": f"Bearer {given.secret}",
    }
    for how, authorization in others.items():
        answer = service.ask("POST", given.tenant, {"overlap_ms": 0}, authorization=authorization)
        expect.refused(answer, f"Somebody {how} gave out a secret, or broke something.", help=TOKEN)
    for authorization in (None, "Bearer x"):
        answer = service.ask("GET", given.tenant, authorization=authorization)
        expect.refused(answer, "Somebody without the token listed secrets.", help=TOKEN)
    unmade = service.name()
    answer = service.ask("POST", unmade, {"overlap_ms": 0}, authorization=None)
    expect.refused(answer, "Somebody without a token made a tenant.", help=TOKEN)
    service.expect_in(given, "Strangers asked, and the tenant's own secret must still be valid.", help=TOKEN)
    ends, answer = service.listed(given.tenant)
    expect.equal(ends, [None], "Strangers asked, and a secret was given out or ended.", TOKEN, answer)


def test_good_secrets(program, provider, expect):
    """Twelve secrets: long enough, all different, bytes and not letters."""
    service = Service(program, provider, expect)
    tenant = service.name()
    secrets = [service.give(tenant).secret for _ in range(12)]
    service.expect_new()
    keys = [key_of(each) for each in secrets]
    for key in keys:
        fine = FEWEST_BYTES <= len(key) <= MOST_BYTES
        expect.that(fine, "A key has 24 to 64 bytes.", "24 to 64 bytes", f"{len(key)} bytes", CHANCE)
    places = list(zip(*keys, strict=False))
    bits = sum(map(bits_of, places))
    seldom = sum(len(set(place)) <= 4 for place in places)
    why = "The secrets are text: of each byte of the key only a part was left to chance."
    if seldom > len(places) // 4:
        why = "Whole parts of the secrets hardly change from one to the next."
    expect.that(bits >= FEWEST_BITS, why, "192 bits of chance", f"at most {bits} bits", CHANCE)


def bits_of(column):
    """Return how many bits of chance a place can have at most, by the bytes that stood there."""
    seen = bytes(set(column))
    if len(seen) <= 4:
        return len(seen) // 2
    if re.fullmatch(rb"[0-9a-f-]+|[0-9A-F-]+", seen):
        return 4
    return 6 if re.fullmatch(rb"[A-Za-z0-9+/_-]+", seen) else 8


def test_said_once(program, provider, expect):
    """The secret stands in the answer that gives it out, and in no other."""
    service = Service(program, provider, expect)
    first = service.give()
    second = service.give(first.tenant)
    expect.that(second.secret != first.secret, "It is not new.", "another secret", "the same secret", LIST)
    answer = service.ask("POST", first.tenant, {"overlap_ms": HOUR_MS})
    expect_silent(expect, answer, (first, second), "The answer with a new secret holds an older one.")
    _, answer = service.listed(first.tenant)
    expect_silent(expect, answer, (first, second), "The list holds a secret.")


def expect_silent(expect, answer, givens, why):
    text = answer.body.decode(errors="replace")
    help = "Whoever may look at the list need not be able to sign. Who lost a secret gets a new one."
    found = [each.secret for each in givens if each.secret.removeprefix("whsec_") in text.replace("\\/", "/")]
    expect.that(not found, why, "no secret", text[:300], help, answer)


# -- 3: let the old one live for a while ------------------------------------------------------------


def test_both_for_a_while(program, provider, expect):
    """In the overlap both are valid: the tenant changes over when it can."""
    service = Service(program, provider, expect)
    old = service.give()
    service.expect_in(old, "It was signed with the tenant's only secret.")
    new = service.give(old.tenant)
    service.expect_in(old, "The old secret has an hour left, in which the tenant changes over.", help=ENDS)
    service.expect_in(new, "The new secret is valid from the moment at which it was given out.")
    service.expect_in(old, "The new one was used; the old one has an hour left all the same.", help=ENDS)
    ends, answer = service.listed(old.tenant)
    expect.equal(len(ends), 2, "Two secrets are valid, and the list has another number.", ENDS, answer)
    expect.equal(ends[0], None, "The newest has no end: the list begins with it.", ENDS, answer)


def test_both_in_one_list(program, provider, expect):
    """One right signature is enough, wherever it stands in the list."""
    service = Service(program, provider, expect)
    old = service.give()
    new = service.give(old.tenant)
    foreign = service.give().secret
    for words, secrets in (
        ("with the new secret and the old one", [new.secret, old.secret]),
        ("with the old secret and the new one", [old.secret, new.secret]),
        ("with a foreign secret and the new one", [foreign, new.secret]),
        ("with a foreign secret and the old one", [foreign, old.secret]),
    ):
        service.expect_in(new, f"It was signed {words}, and one right signature is enough.", secret=secrets)
    only = service.give(old.tenant, overlap_ms=0)
    service.wait_until_over(only)
    both = [new.secret, only.secret]
    service.expect_in(only, "It was signed with a secret that has ended and with a valid one.", secret=both)
    why = "It was signed with two secrets, and both of them have ended."
    service.expect_unprinted([service.expect_out(old.tenant, [old.secret, new.secret], why, ENDS)])


def test_old_one_ends(program, provider, expect):
    """After the overlap the old secret is worth nothing, and the new one all the more."""
    service = Service(program, provider, expect)
    old = service.give()
    new = service.give(old.tenant, overlap_ms=SHORT_MS)
    service.wait_until_over(new, SHORT_MS)
    why = f"The old secret had {SHORT_MS} milliseconds, which are over, and it still opens the address."
    refused = [service.expect_out(old.tenant, old.secret, why, ENDS)]
    service.expect_in(new, "The overlap is over, and the new secret is the tenant's only one.")
    ends, answer = service.listed(old.tenant)
    expect.equal(ends, [None], "One secret is valid now: the list has that one alone.", ENDS, answer)
    service.expect_unprinted(refused)


def test_revoked_at_once(program, provider, expect):
    """A secret that leaked must not live for another hour: all the older ones end with the new one."""
    service = Service(program, provider, expect)
    first = service.give()
    second = service.give(first.tenant)
    new = service.give(first.tenant, overlap_ms=0)
    service.wait_until_over(new)
    why = "The operator asked for an overlap of 0, since a secret had leaked, and it still opens the address."
    refused = [service.expect_out(first.tenant, each.secret, why, ENDS) for each in (second, first)]
    service.expect_in(new, "The new secret is the tenant's only one.")
    service.expect_unprinted(refused)


def test_end_is_counted_from_now(program, provider, expect):
    """The overlap begins when the new secret is given out, however old the old one is."""
    service = Service(program, provider, expect)
    old = service.give()
    service.wait_until_over(old, 20)
    overlap = HOUR_MS + provider.random.randrange(HOUR_MS)
    new = service.give(old.tenant, overlap)
    ends, answer = service.listed(old.tenant)
    expect.equal(len(ends), 2, "Two secrets are valid, and the list has another number.", ENDS, answer)
    why = "The old secret ends `overlap_ms` milliseconds after the new one was given out."
    service.expect_end(ends[1], new, overlap, why, answer)


def test_twice_in_a_row(program, provider, expect):
    """The answer with the second secret is lost, so there is a third; the first is what the tenant has."""
    service = Service(program, provider, expect)
    first = service.give()
    second = service.give(first.tenant)
    third = service.give(first.tenant)
    why = "It was changed twice within the hour, and the first secret, which has its hour, is refused."
    service.expect_in(first, why, help="How many secrets of a tenant can be valid at once?")
    for given in (second, third):
        service.expect_in(given, "It was changed twice within the hour, and all three secrets are valid.")
    ends, answer = service.listed(first.tenant)
    expect.equal(len(ends), 3, "Three secrets are valid, and the list has another number.", ENDS, answer)


def test_end_stays(program, provider, expect):
    """What ends in an hour ends then, also when a later change has a longer overlap; a shorter one counts."""
    service = Service(program, provider, expect)
    first = service.give()
    second = service.give(first.tenant, HOUR_MS)
    third = service.give(first.tenant, 5 * HOUR_MS)
    ends, answer = service.listed(first.tenant)
    expect.equal(len(ends), 3, "Three secrets are valid, and the list has another number.", ENDS, answer)
    why = "The first secret was to end in an hour, and the second change has put that off."
    service.expect_end(ends[2], second, HOUR_MS, why, answer)
    why = "The second secret ends as long after the third was given out as the overlap says."
    service.expect_end(ends[1], third, 5 * HOUR_MS, why, answer)
    fourth = service.give(first.tenant, HOUR_MS // 2)
    ends, answer = service.listed(first.tenant)
    why = "An overlap of half an hour leaves all older secrets half an hour at most."
    expect.equal(len(ends), 4, "Four secrets are valid, and the list has another number.", ENDS, answer)
    for end in ends[1:]:
        service.expect_end(end, fourth, HOUR_MS // 2, why, answer)


def test_others_untouched(program, provider, expect):
    """A change at one tenant is none at another."""
    service = Service(program, provider, expect)
    quiet, busy = service.give(), service.give()
    service.wait_until_over(service.give(busy.tenant, overlap_ms=0))
    why = "Another tenant's secret was changed, and this one's ended."
    service.expect_in(quiet, why, help="Does the change name the tenant?")
    ends, answer = service.listed(quiet.tenant)
    expect.equal(ends, [None], why, "Does the change name the tenant?", answer)


# -- 4: through restarts, and on two machines -------------------------------------------------------


def test_changed_under_load(program, provider, expect):
    """Deliveries of many tenants keep coming while secrets change; each of them gets in."""
    service = Service(program, provider, expect)
    givens = [service.give() for _ in range(3)]
    for _ in range(2):
        deliveries = [
            provider.delivery(service.event(), path=f"/webhook/{given.tenant}", secret=given.secret)
            for given in givens
            for _ in range(4)
        ]
        on_their_way = [provider.start_sending(each.content, **dials_of(each)) for each in deliveries]
        renewed = [service.give(given.tenant) for given in givens]
        for sending in on_their_way:
            why = "A delivery came while its tenant's secret was changed, and was refused."
            expect.accepted(sending.answer(), why, help="The change has to be one step for whoever looks.")
        givens = renewed
    for given in givens:
        service.expect_in(given, "After all changes the newest secret is valid.")


def dials_of(delivery):
    return {"path": delivery.dials.path, "secret": delivery.dials.secret}


def test_second_instance(program, provider, expect):
    """Two instances share $DATA_DIR: what one gives out, and ends, counts at the other at once."""
    service = Service(program, provider, expect)
    old = service.give()
    service.expect_in(old, "It was signed with the tenant's only secret.")
    with program.second() as other:
        new = service.give(old.tenant)
        why = "One instance gave out a new secret, and the other one does not know it."
        service.expect_in(new, why, help=DISK, to=other)
        service.expect_in(old, "The old secret has an hour left, at both instances.", help=DISK, to=other)
        last = service.give(old.tenant, overlap_ms=0, to=other)
        service.wait_until_over(last)
        why = "The other instance ended the older secrets at once, and this one still takes them."
        refused = [service.expect_out(old.tenant, each.secret, why, DISK) for each in (old, new)]
        service.expect_in(
            last, "One instance gave out a new secret, and the other one does not know it.", DISK
        )
        service.expect_unprinted(refused)


def test_after_a_kill(program, provider, expect):
    """Whatever was answered is still true after a kill: the secrets, and the moments at which they end."""
    service = Service(program, provider, expect)
    old = service.give()
    new = service.give(old.tenant)
    brief = service.give()
    its_end = service.give(brief.tenant, overlap_ms=SHORT_MS)
    program.kill()
    program.start()
    why = "The program was killed and started again, and a secret that it gave out is unknown."
    service.expect_in(new, why, help=DISK)
    service.expect_in(old, why, help=DISK)
    ends, answer = service.listed(old.tenant)
    expect.equal(len(ends), 2, "Two secrets were valid before the kill, and two are after it.", DISK, answer)
    why = "The program was killed and started again, and the old secret's end is another one now."
    service.expect_end(ends[1], new, HOUR_MS, why, answer)
    why = "The program was killed and started again, and a secret that was to end goes on."
    help = "A timer ends with the program. A moment that is kept does not."
    service.wait_until_over(its_end, SHORT_MS)
    service.expect_unprinted([service.expect_out(brief.tenant, brief.secret, why, help)])
    service.expect_new()


# -- 5: tell nobody, and stay shut ------------------------------------------------------------------


def test_nothing_printed(program, provider, expect):
    """Neither what was printed nor what strangers were answered holds a secret, a token or a signature."""
    service = Service(program, provider, expect)
    old = service.give()
    new = service.give(old.tenant)
    service.expect_in(new, "It was signed with the new secret.")
    event = service.event()
    genuine = service.send(old.tenant, old.secret, event)
    expect.accepted(genuine, "It was signed with the old secret.")
    forged = service.send(old.tenant, old.secret, signature="wrong-secret")
    expect.refused(forged, "A wrong signature must be refused.")
    stranger = service.ask("GET", old.tenant, authorization="Bearer x")
    expect.refused(stranger, "A wrong token must be refused.", help=TOKEN)
    service.listed(old.tenant)
    service.expect_in(new, "It was signed with the new secret.")
    signature = dict(genuine.exchange.request.headers)["webhook-signature"]
    told = {
        "A secret": [each.secret.removeprefix("whsec_") for each in (old, new)],
        "The operators' token": [service.token],
        "A signature": [signature.removeprefix("v1,")],
    }
    places = {
        "was printed": program.printed() + program.printed("stderr"),
        "stands in an answer to a stranger": (forged.body + stranger.body).decode(errors="replace"),
    }
    for what, texts in told.items():
        for where, place in places.items():
            found = [text for text in texts if text in place]
            expect.that(not found, f"{what} {where}.", "no such text", str(found), QUIET)


def test_no_token(program, provider, expect):
    """Where nobody has set a token nobody is an operator."""
    service = Service(program, provider, expect)
    service.give()
    if program.restart(env={TOKEN_VARIABLE: None}, may_exit=True):
        for authorization in (None, "", "Bearer", "Bearer None", "Bearer undefined", "Bearer null"):
            answer = service.ask("POST", service.name(), {"overlap_ms": 0}, authorization=authorization)
            why = f"Your program was started without ADMIN_TOKEN, and gave a secret to {authorization!r}."
            expect.not_accepted(answer, why, help="Better no start than an open door.")
    program.stop()
