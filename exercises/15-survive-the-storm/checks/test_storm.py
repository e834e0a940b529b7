"""Plays a provider in bad weather, and keeps its own books to compare the program's ledger with."""

from dataclasses import dataclass, field

A_MOMENT, A_BLINK = 0.3, 0.2
"""Seconds for an answer, and for half of many, after which it is time to go on: no verdict hangs on them."""

PLENTY = 5.0
"""Seconds for the answer to one of many; only wrong programs take them."""

SOON, SOONER = 2.0, 0.5
"""Seconds until the ledger is right. Only wrong programs take them, from the second time on the fewer."""

in_vain = []
"""What was waited for in vain in this run."""

TRACEBACK = "What did your program print? A 5xx usually comes with a traceback."
VERIFY_FIRST = "Nothing may happen before the signature and its time are right."
BY_ID = "What makes an event the same event is its id. Is it kept, and looked for, in $DATA_DIR?"
ONE_STEP = "Remembering the event and booking it must be one transaction, and the answer comes after it."
SUMS = "A balance is a sum: it is the same in whatever order you add. What does your program wait for?"
NEWER = "The highest version wins, compared as a number; a closed account keeps its row and its version."
TYPES = "Look at the types of the values first. What can't be booked is kept with a mark, and gets a 2xx."
BOTH_KEYS = "One key for each of the two variables that is set. A right signature with one of them is enough."

PREVIOUS = "PREVIOUS_SECRET"
NO_OLD_SECRET = {PREVIOUS: None}


def soon():
    return SOONER if in_vain else SOON


@dataclass(frozen=True)
class Books:
    """What the provider has told of, and how the program's ledger compares with it."""

    provider: object
    expect: object
    told: dict = field(default_factory=dict)  # the events, by id
    accounts: list = field(default_factory=list)
    ids: list = field(default_factory=list)  # of everything made here, forged or not
    amounts: set = field(default_factory=set)

    # -- events ---------------------------------------------------------------------------------------

    def account(self):
        self.accounts.append(self.provider.fresh_id("acct"))
        return self.accounts[-1]

    def make(self, type, **data):
        """Make an event that is not told yet."""
        event = self.provider.event(type, **data)
        self.ids.append(event.id)
        return event

    def tell(self, event):
        """From now on the event is true: the provider has it in its own books."""
        self.told[event.id] = event
        return event

    def amount(self):
        """Draw an amount that these books do not have yet."""
        amount = self.provider.random.randrange(10_000, 100_000)
        while amount in self.amounts:
            amount += 1
        self.amounts.add(amount)
        return amount

    def payment(self, account, amount=None, type="payment.received"):
        return self.tell(self.make(type, account=account, amount=amount or self.amount()))

    def refund(self, account, amount=None):
        return self.payment(account, amount, "payment.refunded")

    def plan(self, account, version, plan=None):
        plan = plan or self.provider.fresh_id("plan")
        return self.tell(self.make("account.changed", account=account, version=version, plan=plan))

    def closing(self, account, version):
        return self.tell(self.make("account.closed", account=account, version=version))

    # -- deliveries -----------------------------------------------------------------------------------

    def post(self, *events, why="A genuine event must be answered with 2xx.", help=TRACEBACK, **dials):
        """Deliver one after another; a 5xx or no answer is no mistake, the provider comes again."""
        for event in events:
            self.expect.accepted(self.provider.deliver(event, attempts=3, **dials), why, help=help)

    def post_together(self, events, to=None, why="A genuine event must be answered with 2xx.", **dials):
        """Deliver all at the same moment, then again what got no 2xx."""
        events = list(events)
        for _ in range(3):
            answers = self.provider.send_together(events, to=to, timeout=PLENTY, **dials)
            failed = [number for number, answer in enumerate(answers) if not answer.accepted]
            if not failed:
                return
            events, last = [events[number] for number in failed], answers[failed[0]]
            dials["attempt"] = dials.get("attempt", 0) + 1
        self.expect.accepted(last, why, help=TRACEBACK)

    # -- the ledger -----------------------------------------------------------------------------------

    def truth(self):
        """What the ledger must be, computed from the events that were told."""
        balances, states, aside = {}, {}, []
        for event in self.told.values():
            data = event.data
            if not fits(event.type, data):
                aside.append(event.id)
            elif "amount" in data:
                sign = -1 if event.type == "payment.refunded" else 1
                balances[data["account"]] = balances.get(data["account"], 0) + sign * data["amount"]
            elif data["version"] > states.get(data["account"], (0, None))[0]:
                states[data["account"]] = data["version"], data.get("plan")
        plans = {account: plan for account, (_, plan) in states.items() if plan is not None}
        return {"balances": balances, "plans": plans, "set_aside": sorted(aside)}

    def ledger(self, to=None):
        """What the program shows of the accounts and events of these books."""
        answer = self.provider.get("/ledger", to=to)
        value = self.expect.json(answer, "GET /ledger shows the ledger, as a JSON object.")
        balances, plans, aside = (value.get(name) for name in ("balances", "plans", "set_aside"))
        return {
            "balances": _of(self.accounts, balances),
            "plans": _of(self.accounts, plans),
            "set_aside": sorted(each for each in aside if each in self.ids)
            if isinstance(aside, list)
            else aside,
        }

    def eventually(self, read, wanted, why, help):
        try:
            self.expect.eventually(read, wanted, why, help, soon())
        except Exception:
            in_vain.append(why)
            raise

    def expect_truth(self, why, help, to=None):
        self.eventually(lambda: self.ledger(to), self.truth(), why, help)

    def expect_part(self, name, why, help):
        self.eventually(lambda: self.ledger()[name], self.truth()[name], why, help)

    def expect_no_difference(self, why, help):
        """The same, where the ledger is long: only what differs is told."""
        truth = self.truth()
        self.eventually(lambda: differences(self.ledger(), truth), [], why, help)

    # -- races and crashes -----------------------------------------------------------------------------

    def kill_in_flight(self, program, deliveries):
        """Send all, and kill the program when half of the answers are there; returns all answers."""
        sendings = [
            self.provider.start_sending(event, to=program, timeout=PLENTY, **dials)
            for event, dials in deliveries
        ]
        self.wait_for_half(sendings)
        program.kill()
        return [sending.answer() for sending in sendings]

    def race_while_locked(self, storage, events, to):
        """Send all while nobody can write, so that they meet; then again what got no 2xx."""
        with storage.locked():
            sendings = [
                self.provider.start_sending(event, to=to[number % len(to)], timeout=PLENTY)
                for number, event in enumerate(events)
            ]
            self.wait_for_half(sendings)
        answers = [sending.answer() for sending in sendings]
        again = [event for event, answer in zip(events, answers, strict=True) if not answer.accepted]
        self.post_together(again, to=to, attempt=1)

    def wait_for_half(self, sendings):
        came = lambda: 2 * sum(sending.is_over for sending in sendings) >= len(sendings)  # noqa: E731
        try:
            self.expect.eventually(came, True, "Now the program is killed.", timeout=A_BLINK)
        except Exception:  # one that is slow is killed all the same
            return


def _of(accounts, values):
    """The part of an object that is about these accounts; whatever else came is shown as it is."""
    if not isinstance(values, dict):
        return values
    return {account: values[account] for account in accounts if account in values}


def is_whole(value):
    return type(value) is int and value >= 1


def fits(type, data):
    if not isinstance(data.get("account"), str):
        return False
    if type.startswith("payment."):
        return is_whole(data.get("amount"))
    return is_whole(data.get("version")) and (type == "account.closed" or isinstance(data.get("plan"), str))


def differences(ledger, truth):
    """Say where two ledgers differ, at most five places."""
    found = []
    for name in ("balances", "plans"):
        shown, right = ledger[name], truth[name]
        if not isinstance(shown, dict):
            return [f"{name} is {shown!r}"]
        for account in sorted({*shown, *right}):
            if shown.get(account) != right.get(account):
                found.append(f"{name} of {account}: {shown.get(account)}, not {right.get(account)}")
    if ledger["set_aside"] != truth["set_aside"]:
        found.append(f"set_aside: {ledger['set_aside']}, not {truth['set_aside']}")
    return found[:5]


# -- 1: fair weather ----------------------------------------------------------------------------------


def test_books_and_shows(provider, expect):
    """Payments, refunds and plans are in the ledger."""
    books = Books(provider, expect)
    one, other, third = books.account(), books.account(), books.account()
    books.post(books.payment(one, 500), books.payment(one), books.refund(one, 200), books.payment(other))
    books.post(books.plan(one, 1), books.plan(one, 2), books.plan(third, 1))
    why = "Two payments, a refund and a payment elsewhere came, and three plans: so must the ledger be."
    books.expect_truth(why, "A balance is payments minus refunds; a plan is that of the latest version.")
    books.post(books.closing(third, 2))
    books.expect_truth("An account was closed: it has no plan any more.", NEWER)


def test_other_types(provider, expect):
    """An event of a type that nobody asked for is accepted, and changes nothing."""
    books = Books(provider, expect)
    account = books.account()
    for type in ("invoice.paid", "payment.failed", "account.viewed"):
        other = books.make(type, account=account, amount=500, version=9, plan="gold")
        books.post(other, why=f"An event of the type {type} is genuine: accept it, or it comes for ever.")
    books.post(books.make("ping", text="hello"), why="An event of the type ping is genuine: accept it.")
    books.post(books.payment(account, 700))
    books.expect_truth("Only payment.received, payment.refunded and the two account types count.", TYPES)


# -- 2: fog -------------------------------------------------------------------------------------------


def test_forged(provider, expect):
    """A delivery that the provider did not sign is refused and leaves nothing, not even its id."""
    books = Books(provider, expect)
    account = books.account()
    books.post(books.payment(account, 300))
    ways = ("missing", "wrong-secret", "tampered", "other-id", "other-timestamp", "body-only", "empty-secret")
    forged = [(way, books.make("payment.received", account=account, amount=111_111)) for way in ways]
    for way, event in forged:
        answer = provider.send(event, signature=way)
        expect.refused(answer, f"A forged delivery (signature: {way}) must be refused.", help=VERIFY_FIRST)
    books.expect_truth("Forged payments must not be in the ledger.", VERIFY_FIRST)
    books.post(books.tell(forged[0][1]))
    books.expect_truth("A stranger had used the id of this payment; it must be booked.", VERIFY_FIRST)


def test_recordings(provider, expect):
    """What was signed too long ago, or too far ahead, is refused; signed again, it gets in."""
    books = Books(provider, expect)
    account = books.account()
    events = [books.make("payment.received", account=account, amount=books.amount()) for _ in range(4)]
    for event, skew in zip(events, (-3600, -310, 310, 3600), strict=True):
        side = "ago" if skew < 0 else "from now"
        why = f"The signature was made {abs(skew)} seconds {side}: more than 300 are too many."
        expect.refused(provider.send(event, skew=skew), why, help=VERIFY_FIRST)
    books.expect_truth("Nothing of this was signed just now, so nothing must be in the ledger.", VERIFY_FIRST)
    books.post(books.tell(events[0]))
    books.expect_truth("Signed again, just now, it is a payment like any other.", VERIFY_FIRST)


def test_clocks_differ(provider, expect):
    """290 seconds in either direction are fine."""
    books = Books(provider, expect)
    account = books.account()
    for skew in (-290, 290):
        side = "behind" if skew < 0 else "ahead of"
        why = f"The provider's clock is 290 seconds {side} yours. That is within the 300."
        answer = provider.send(books.payment(account), skew=skew)
        expect.accepted(answer, why, help="The difference counts, whichever of the two is greater.")
    books.expect_truth("Both payments were genuine and fresh.", "Is every accepted payment booked?")


# -- 3: hail ------------------------------------------------------------------------------------------


def test_repeats(provider, expect):
    """An event that comes again is accepted again and booked once, whatever its bytes and its signature."""
    books = Books(provider, expect)
    account = books.account()
    events = [books.payment(account), books.refund(account, 50), books.plan(account, 1)]
    books.post(*events)
    again = "You have this event already. Say 2xx, or the provider comes for ever."
    for event in events:
        for attempt, written in enumerate((event, event.written(indent=2), event), 1):
            answer = provider.send(written, attempt=attempt)
            expect.accepted(answer, again, help="A repeat is no error.")
    books.post(books.payment(account))
    books.expect_truth("Each event came four times, and must be booked once.", BY_ID)


def test_equal_payments(provider, expect):
    """Two events with the same content are two payments."""
    books = Books(provider, expect)
    account = books.account()
    amount = books.amount()
    books.post(books.payment(account, amount), books.payment(account, amount))
    why = "Somebody paid the same amount twice: two events with two ids, and two payments."
    books.expect_truth(why, "Not the content makes an event the same, but its id.")


def test_races(program, provider, storage, expect):
    """Many deliveries at the same moment, to two copies: one event is booked once, the last version stays."""
    books = Books(provider, expect)
    account, other_account = books.account(), books.account()
    plans = [books.plan(other_account, version) for version in range(1, 13)]
    with program.second() as other:
        both = [program, other]
        books.race_while_locked(storage, [books.payment(account)] * 8, both)
        books.post_together([books.payment(account)] * 8, to=both)
        why = "Two payments came eight times each, at the same moment, to two copies of your program."
        books.expect_part("balances", why, ONE_STEP)
        books.post_together(provider.reordered(plans), to=both)
        why = "Versions 1 to 12 came at the same moment, to two copies: the plan is that of version 12."
        books.expect_part("plans", why, "Let the database compare and write in one step.")
        books.expect_truth(
            "Both copies show the same ledger.", "One of them can't see the other's memory.", other
        )


def test_lost_answers(provider, expect):
    """The provider hangs up before or at the answer, and comes again."""
    books = Books(provider, expect)
    account = books.account()
    for way in ("dropped", "answer-lost", "dropped", "answer-lost"):
        event = books.payment(account)
        provider.send(event, way=way)
        books.post(event, attempt=1)
    why = "Four payments came twice each, since the first answers got lost: that makes four bookings."
    books.expect_truth(why, BY_ID)


# -- 4: gusts -----------------------------------------------------------------------------------------


def test_refund_first(provider, expect):
    """A balance is the same in any order of arrival, also when it goes below zero on its way."""
    books = Books(provider, expect)
    account, other = books.account(), books.account()
    books.post(books.refund(account, 900), books.refund(other, 400))
    books.expect_truth("Refunds came before their payments: the balances are below zero for now.", SUMS)
    books.post(books.payment(other, 250), books.payment(account, 900), books.plan(account, 1))
    books.expect_truth("The payments came after their refunds.", SUMS)


def test_late_versions(provider, expect):
    """In every order of arrival the highest version is the plan; version 10 is later than version 9."""
    books = Books(provider, expect)
    for versions in ((3, 1, 2), (2, 3, 1), (9, 10), (10, 9), (99, 100, 100)):
        account = books.account()
        books.post(*(books.plan(account, version) for version in versions))
        came = ", ".join(map(str, versions))
        why = f"The versions of a plan arrived as {came}. The highest counts, and the first that had it."
        books.expect_truth(why, NEWER)


def test_closed_accounts(provider, expect):
    """A closing has a version like every other state."""
    books = Books(provider, expect)
    late, first, back = (books.account() for _ in range(3))
    books.post(books.plan(late, 1), books.closing(late, 3), books.plan(late, 2))
    books.expect_truth("Version 3 closed the account; version 2 came late and must not reopen it.", NEWER)
    books.post(books.closing(first, 2), books.plan(first, 1))
    books.expect_truth("The closing (version 2) came before all else, then version 1.", NEWER)
    books.post(books.closing(back, 1), books.plan(back, 2), books.payment(first))
    books.expect_truth("Version 2 came after the closing (version 1): this account is open again.", NEWER)


# -- 5: debris ----------------------------------------------------------------------------------------


def misfits(books, account):
    """Genuine events that can't be booked."""
    return [
        books.make("payment.received", account=account),
        books.make("payment.received", account=account, amount="500"),
        books.make("payment.received", account=account, amount=True),
        books.make("payment.received", account=account, amount=-500),
        books.make("payment.received", account=account, amount=12.5),
        books.make("payment.refunded", account=account, amount=None),
        books.make("payment.received", amount=500),
        books.make("payment.received", account=None, amount=500),
        books.make("account.changed", account=account, version="10", plan="gold"),
        books.make("account.changed", account=account, version=3),
        books.make("account.closed", account=account),
    ]


def test_set_aside(provider, expect):
    """What can't be booked gets its 2xx, is listed once, and holds up nobody."""
    books = Books(provider, expect)
    account = books.account()
    bad = [books.tell(event) for event in misfits(books, account)]
    for number, event in enumerate(bad, 1):
        why = "This event can't be booked, now or ever: refused, it only comes again."
        books.post(event, why=why, help=TYPES)
        if number % 4 == 0:
            books.post(books.payment(account), books.plan(account, number))
    books.post(*bad[:2])
    why = "Genuine events with unusable data came among good ones: these are booked, those are in set_aside."
    books.expect_truth(why, TYPES)


# -- 6: lightning ------------------------------------------------------------------------------------


def test_database_busy(program, provider, storage, expect):
    """While nothing can be stored there is no 2xx; afterwards the event gets in."""
    books = Books(provider, expect)
    account = books.account()
    books.post(books.payment(account))
    event = books.payment(account)
    with storage.locked():
        answer = provider.send(event, timeout=A_MOMENT)
        if answer.accepted:
            program.kill()
    if answer.accepted:
        program.start()
    else:
        books.post(event, why="The database is free again: now a 2xx.", attempt=1)
    why = "A payment got its 2xx while the database was locked, and a crash after that has lost it."
    books.expect_truth(why, ONE_STEP)


def test_killed_in_flight(program, provider, expect):
    """Killed among sixteen deliveries: nothing is lost, nothing doubled, and what was known is known."""
    known, under_way = Books(provider, expect), Books(provider, expect)
    account, closed = known.account(), known.account()
    before = [known.payment(account), known.refund(account, 50), known.tell(misfits(known, account)[0])]
    before += [known.plan(account, 4), known.closing(closed, 2)]
    known.post(*before)
    known.expect_truth("Five events came, before anything happened.", BY_ID)
    accounts = [under_way.account() for _ in range(4)]
    events = [under_way.payment(each) for each in accounts for _ in range(4)]
    answers = under_way.kill_in_flight(program, [(event, {}) for event in events])
    program.start()
    known.post(*before, known.plan(account, 3), known.plan(closed, 1), attempt=1)
    why = "After the crash the first five events came again, and older versions than it had."
    known.expect_truth(
        why, "Only what lies in $DATA_DIR outlives the program: the ids, and the versions, too."
    )
    again = [event for event, answer in zip(events, answers, strict=True) if not answer.accepted]
    under_way.post_together(again, attempt=1)
    why = "Your program was killed among sixteen payments. What had got no 2xx came again."
    under_way.expect_truth(why, ONE_STEP)


# -- 7: the wind turns -------------------------------------------------------------------------------


def test_two_secrets(provider, expect):
    """While the secret changes, each of the two opens, alone or beside the other."""
    books = Books(provider, expect)
    account = books.account()
    new, old = provider.secret, provider.using(secret=PREVIOUS).secret
    stranger = "whsec_c3RyYW5nZXIxc3RyYW5nZXIyc3RyYW5nZXIz"
    for how, secret in (
        ("the new secret", new),
        ("the old secret", old),
        ("both secrets, the new one first", (new, old)),
        ("both secrets, the old one first", (old, new)),
        ("the new secret, behind one that you don't know", (stranger, new)),
    ):
        why = f"The delivery was signed with {how}, and must be accepted."
        expect.accepted(provider.send(books.payment(account), secret=secret), why, help=BOTH_KEYS)
    forged = books.make("payment.received", account=account, amount=111_111)
    expect.refused(provider.send(forged, secret=stranger), "Signed with neither secret.", help=BOTH_KEYS)
    books.expect_truth("Five payments came, signed with the new secret, the old one, or both.", BOTH_KEYS)


# -- 8: the storm -------------------------------------------------------------------------------------

MINUTES = 10
SECOND_COPY, KILLS = range(4, 7), (5, 6)
"""The minutes in which a second copy runs, and in which first the one and then the other is killed."""
WAYS = ("whole", "whole", "whole", "dropped", "answer-lost")
A_RECORDING = -3600
BOTH_SECRETS, NEW_SECRET = 5, 7
"""From these minutes on the provider signs with both secrets, and with the new one alone."""


@dataclass(frozen=True)
class Storm:
    """Ten minutes of the provider's time: what is delivered in which minute, and what happens meanwhile."""

    books: Books
    secrets: tuple  # the new one and the old one
    by_minute: dict = field(default_factory=lambda: {minute: [] for minute in range(MINUTES)})
    waiting: list = field(default_factory=list)  # what got no 2xx yet
    delivered: list = field(default_factory=list)

    # -- the script: first what must be in every storm, then more of it at random -----------------------

    def write(self):
        books, put = self.books, self.by_minute
        random = books.provider.random
        plans, closed, ten, refunded, equal = (books.account() for _ in range(5))
        put[1].append(books.plan(plans, 6))
        put[9].append(books.plan(plans, 2))
        put[2].append(books.closing(closed, 5))
        put[8].append(books.plan(closed, 3))
        put[3].append(books.plan(ten, 10))
        put[6].append(books.plan(ten, 9))
        refund = books.refund(refunded, 5000)
        for minute in (0, 3, 8):  # again, and after a crash
            put[minute].append(refund)
        put[9].append(books.payment(refunded, 5000))
        put[4] += [books.payment(equal, 777)] * 6  # to two copies
        put[7].append(books.payment(equal, 777))
        for minute, event in zip((1, 4, 6, 9), misfits(books, equal)[:4], strict=True):
            put[minute].append(books.tell(event))
        accounts = [books.account() for _ in range(4)]
        for version in range(1, 9):
            account = random.choice(accounts)
            put[random.randrange(MINUTES)].append(books.plan(account, version))
        for _ in range(25):
            kind = random.choice((books.payment, books.payment, books.refund))
            put[random.randrange(MINUTES)].append(kind(random.choice(accounts)))

    # -- one minute -------------------------------------------------------------------------------------

    def secret(self, minute):
        new, old = self.secrets
        return old if minute < BOTH_SECRETS else (new, old) if minute < NEW_SECRET else new

    def play(self, minute, to):
        """Deliver what is due, with repeats, races, forgeries and recordings among it; keep what failed."""
        books, random = self.books, self.books.provider.random
        dials = {"secret": self.secret(minute), "skew": -290 + 60 * minute}
        due = [*self.by_minute[minute], *self.waiting]
        repeats = random.sample(self.delivered, min(3, len(self.delivered)))
        races = random.sample(due, min(1, len(due))) * 3
        ways = ("whole",) if minute in KILLS else WAYS
        sent = [(event, {**dials, "way": random.choice(ways)}) for event in due]
        sent += [(event, dials) for event in (*repeats, *races)]
        random.shuffle(sent)
        if minute in KILLS:
            answers = books.kill_in_flight(to[0], sent)
        else:
            sent += [*self.forgeries(minute)]
            ready = [books.provider.delivery(event, timeout=PLENTY, **each) for event, each in sent]
            answers = books.provider.send_together(ready, to=to)
        self.judge(minute, sent, answers)
        came = {event.id for (event, _), answer in zip(sent, answers, strict=True) if answer.accepted}
        self.delivered.extend(event for event in due if event.id in came)
        self.waiting[:] = [event for event in due if event.id not in came]

    def forgeries(self, minute):
        """A forged payment, a recording, and once it has ended one signed with the old secret."""
        books, account = self.books, self.books.accounts[0]
        false = lambda: books.make("payment.received", account=account, amount=111_111)  # noqa: E731
        yield false(), {"signature": "wrong-secret"}
        yield false(), {"secret": self.secret(minute), "skew": A_RECORDING}
        if minute >= NEW_SECRET:
            yield false(), {"secret": self.secret(0)}

    def judge(self, minute, sent, answers):
        expect, told = self.books.expect, self.books.told
        for (event, dials), answer in zip(sent, answers, strict=True):
            if event.id in told:
                why = f"Minute {minute}: a genuine delivery was refused. A 5xx would bring it back."
                fine = answer.status is None or answer.accepted or answer.status >= 500
                expect.that(fine, why, "a 2xx", answer.described, help=TRACEBACK, answer=answer)
            else:
                recorded = dials.get("skew") == A_RECORDING
                what = "was signed an hour ago" if recorded else "was signed with another secret"
                why = f"Minute {minute}: a delivery that {what} was accepted."
                expect.that(not answer.accepted, why, "no 2xx", answer.described, VERIFY_FIRST, answer)


def test_the_storm(program, provider, expect):
    """Everything at once, for ten minutes of the provider's time; then the ledger is the provider's truth."""
    books = Books(provider, expect)
    storm = Storm(books, (provider.secret, provider.using(secret=PREVIOUS).secret))
    storm.write()
    program.run_with({})
    for minute in range(SECOND_COPY.start):
        storm.play(minute, [program])
    with program.second() as other:
        for minute in SECOND_COPY:
            storm.play(minute, [program, other] if program.running else [other])
    program.start(env=NO_OLD_SECRET)
    for minute in range(SECOND_COPY.stop, MINUTES):
        storm.play(minute, [program])
    books.post_together(storm.waiting, attempt=1)
    why = "The storm is over, and every event has got its 2xx. Your ledger must be the provider's."
    books.expect_no_difference(why, "Which check of the earlier parts tells of the same account or event?")


# -- 9: after the storm ------------------------------------------------------------------------------


def test_old_secret_ends(program, provider, expect):
    """Started without the old secret, the program refuses it, and does not take an empty one for it."""
    books = Books(provider, expect)
    account = books.account()
    old = provider.using(secret=PREVIOUS).secret
    program.run_with(NO_OLD_SECRET)  # as the storm left it
    forged = books.make("payment.received", account=account, amount=111_111)
    why = "Your program was started without the old secret: a delivery signed with it must be refused."
    expect.refused(provider.send(forged, secret=old), why, help=BOTH_KEYS)
    why = "PREVIOUS_SECRET is not set, and a delivery signed with an empty key got in."
    expect.refused(provider.send(forged, signature="empty-secret"), why, help=BOTH_KEYS)
    books.post(books.payment(account))
    books.expect_truth("Only what was signed with the new secret counts now.", BOTH_KEYS)
