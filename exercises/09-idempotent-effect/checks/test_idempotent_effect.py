"""Plays a payment provider which sends again until it is sure, and a machine on which things go wrong."""

import itertools
import json
from dataclasses import dataclass

A_MOMENT, LESS = 0.3, 0.15
"""Seconds for a question to a program of which a delivery is held up in the ledger; see DESIGN.md."""

LOOKS = 6
"""So many questions it is asked, if it answers them: then it has had time for a delivery as well."""

PARALLEL_PAYMENTS = 40
PARALLEL_DUPLICATES = 20

ANY_2XX_IN_THE_END = "A payment must be answered with 2xx in the end."
ONE_COMMIT = "Look how the id and the credit are committed: together, or one by one?"
TRACEBACK = "What did your program print? A 5xx usually comes with a traceback."
ID_ONLY = "By what does your program recognise an event? Only its id says which one it is."
UNIQUE_KEY = "Two deliveries can both look before either has written. Let a unique key decide."
SHARED = "The other process knows nothing of your variables and locks, but it shares the database."
NEVER_CALLED = "This check holds your program up inside of ledger.credit, and it never came there."


@dataclass(frozen=True)
class Payment:
    """A payment, and the event that tells of it."""

    account: str
    amount: int
    event: object


@dataclass(frozen=True)
class Bank:
    """Makes payments, delivers them, looks at the balances."""

    provider: object
    expect: object

    def payment(self, account=None, amount=None):
        account = account or self.provider.fresh_id("acct")
        amount = amount or self.provider.random.randrange(100, 10_000)
        event = self.provider.event("payment.succeeded", account=account, amount=amount)
        return Payment(account, amount, event)

    def deliver(self, event, why=ANY_2XX_IN_THE_END, to=None):
        """Deliver as a provider does: up to four times, until there is a 2xx."""
        self.expect.accepted(self.provider.deliver(event, to=to), why, help=TRACEBACK)

    def deliver_together(self, events, to=None):
        """Deliver all at once; what got no 2xx is sent again, one after another."""
        for answer in self.provider.deliver_together(events, to=to):
            self.expect.accepted(answer, ANY_2XX_IN_THE_END, help=TRACEBACK)

    def expect_balance(self, account, amount, why, help=ONE_COMMIT, to=None):
        answer = self.provider.get(f"/accounts/{account}", to=to)
        route = "GET /accounts/<id> must show what is on the account, also for one without credits."
        given = "The route is given in the task; does your program have it?"
        shown = self.expect.json(answer, route, help=given)
        self.expect.that("balance" in shown, route, '{"balance": ...}', answer.described, given, answer)
        self.expect.equal(shown["balance"], amount, why, help=help, answer=answer)

    def expect_once(self, payment, why, help=ONE_COMMIT, to=None):
        self.expect_balance(payment.account, payment.amount, why, help, to)

    def expect_reached(self, hold, sent):
        why = "A payment must be credited by ledger.credit, before it is answered."
        reached = hold.wait_until_reached(before=sent)
        self.expect.that(reached, why, "a call of ledger.credit", "no call", help=NEVER_CALLED)

    def give_time(self, sent, moment, to=None):
        """Wait until a delivery is over, or the program has had time for it, or it answers nobody."""
        looks = itertools.count(1)

        def is_enough():
            if sent.is_over or next(looks) > LOOKS:
                return True
            asked = self.provider.get("/accounts/nobody", to=to, timeout=moment)
            return asked.status is None

        self.expect.eventually(is_enough, True, "The program answers.", timeout=2 * LOOKS * moment + 2)


# -- 1: credit the account --------------------------------------------------------------------------


def test_credits_account(provider, expect):
    """A payment is on the account when its delivery has been answered."""
    bank = Bank(provider, expect)
    payment = bank.payment()
    bank.expect_balance(payment.account, 0, "Nobody has paid yet, so the balance is 0.")
    expect.accepted(provider.send(payment.event), "A correctly signed payment must be answered with 2xx.")
    why = "The payment was answered with 2xx, so its amount must be on the account."
    bank.expect_once(
        payment, why, "Is ledger.credit called, and its transaction committed before you answer?"
    )


def test_other_types(provider, expect):
    """Only payment.succeeded moves money."""
    bank = Bank(provider, expect)
    payment = bank.payment()
    bank.deliver(payment.event)
    other = provider.event("payment.failed", account=payment.account, amount=payment.amount)
    expect.accepted(provider.send(other), "An event of another type is fine, too; there is nothing to do.")
    why = "The second event was a payment.failed, which must not move any money."
    bank.expect_once(payment, why, "Look at the event's type before you credit.")


def test_equal_payments(provider, expect):
    """Two events with different ids count both, even if all else is equal."""
    bank = Bank(provider, expect)
    first = bank.payment()
    second = bank.payment(first.account, first.amount)
    bank.deliver(first.event)
    bank.deliver(second.event)
    why = "Somebody paid the same amount twice: two ids are two payments, and both count."
    bank.expect_balance(first.account, 2 * first.amount, why, ID_ONLY)


# -- 2: a repeat changes nothing --------------------------------------------------------------------


def test_repeat(provider, expect):
    """The same event three times has one effect, and each delivery is answered with 2xx."""
    bank = Bank(provider, expect)
    payment = bank.payment()
    for number in ("first", "second", "third"):
        why = f"The {number} delivery of an event must get a 2xx: nobody needs to come again."
        help = "A duplicate is no error. Any other status makes the provider send it once more."
        expect.accepted(provider.send(payment.event), why, help=help)
    bank.expect_once(payment, "The same event came three times and must count once.")


def test_repeat_in_other_words(provider, expect):
    """The id decides, however the rest is written."""
    bank = Bank(provider, expect)
    payment = bank.payment()
    bank.deliver(payment.event)
    told = {"attempt": 2, "data": {"amount": payment.amount, "account": payment.account}}
    again = json.dumps({**told, "type": payment.event.type, "id": payment.event.id}, indent=2).encode()
    bank.deliver(payment.event.with_body(again))
    why = "The second delivery had the same id and other bytes: it is the same event, and counts once."
    bank.expect_once(payment, why, ID_ONLY)


def test_distinct_ids(provider, expect):
    """Ids that look alike are different events."""
    bank = Bank(provider, expect)
    account, total = provider.fresh_id("acct"), 0
    name, number = provider.fresh_id("evt"), str(provider.random.randrange(1000, 9999))
    alike = {
        "of letters and digits": name,
        "in capitals": name.upper(),
        "with a space behind it": name + " ",
        "with a quote in it": name + "'",
        "with SQL in it": name + '"; --',
        "of digits alone": number,
        "with zeros before it": "00" + number,
        "with a fraction of zero": number + ".0",
        "with an accented letter": name + "é",
        "with an accent of its own": name + "e\u0301",
        "of 288 characters": name * 12,
        "of 289 characters": name * 12 + "x",
    }
    for place, (how, event_id) in enumerate(alike.items()):
        payment = bank.payment(account, 1 << place)
        total += payment.amount
        shown = f"The id {event_id[:40]!r}, {how},"
        bank.deliver(payment.event.with_id(event_id), f"{shown} is an id like any other.")
        why = f"{shown} belongs to a new event, although it resembles an earlier one."
        help = "Compare ids exactly as they came: not trimmed, not in another case, not as numbers."
        bank.expect_balance(account, total, why, help)


def test_forged_first(provider, expect):
    """An id that came with a forged signature is still free."""
    bank = Bank(provider, expect)
    payment = bank.payment()
    forged = provider.send(payment.event, signature="wrong-secret")
    expect.refused(forged, "A wrong signature must be refused, as in the exercise before.")
    bank.deliver(payment.event)
    why = "A stranger had used this id before, with a forged signature; the real payment must still count."
    help = "Write an id down only after the signature was right. Else anybody can use up your ids."
    bank.expect_once(payment, why, help)


# -- 3: nor does it after a restart -----------------------------------------------------------------


def test_restart_then_repeat(program, provider, expect):
    """What was done is known after a restart."""
    bank = Bank(provider, expect)
    payment = bank.payment()
    bank.deliver(payment.event)
    program.restart()
    bank.expect_once(payment, "The balance must be the same after a restart.")
    bank.deliver(payment.event)
    why = "The program was restarted, then the same event came again: it must still count once."
    bank.expect_once(payment, why, "Where are the ids kept? Only what lies in $DATA_DIR outlives a restart.")


# -- 4: what failed is tried again ------------------------------------------------------------------


def test_failed_effect(program, provider, expect):
    """An effect that failed is not answered with 2xx, and happens when the provider comes again."""
    bank = Bank(provider, expect)
    payment = bank.payment()
    program.fail_once("ledger-fail")
    why = "The ledger failed and the money is not there: a 2xx would tell the provider never to come again."
    help = "Is the ledger's exception caught somewhere, and forgotten?"
    expect.not_accepted(provider.send(payment.event), why, help=help)
    bank.deliver(payment.event, "The provider came again, and this time it has to work.")
    why = "The first attempt failed, the second was answered with 2xx: now the money must be there, once."
    help = "What remains of the first attempt? If the id stays, the second looks like a repeat."
    bank.expect_once(payment, why, help)


# -- 5: many deliveries at once ---------------------------------------------------------------------


def test_different_events(provider, expect):
    """Different events at the same moment all count, and an earlier one stays known."""
    bank = Bank(provider, expect)
    early = bank.payment(amount=999)
    bank.deliver(early.event)
    payments = [bank.payment(early.account, 1000 + place) for place in range(PARALLEL_PAYMENTS)]
    total = early.amount + sum(payment.amount for payment in payments)
    bank.deliver_together([payment.event for payment in payments])
    why = f"{PARALLEL_PAYMENTS} different payments came at once, and each of them must count once."
    bank.expect_balance(early.account, total, why)
    bank.deliver(early.event)
    why = f"An event came again after {PARALLEL_PAYMENTS} others had come, and must not count twice."
    bank.expect_balance(early.account, total, why, "How many ids does your program remember, and how long?")


def expect_one_effect_while_held(program, bank, other, why, help):
    """One delivery stands still in the ledger of `program`, and the same event comes to `other` meanwhile."""
    payment = bank.payment()
    hold = program.hold("ledger-before")
    first = bank.provider.start_sending(payment.event)
    bank.expect_reached(hold, first)
    second = bank.provider.start_sending(payment.event, to=other)
    second.wait_until_sent()
    bank.give_time(second, A_MOMENT, to=other)
    second.hang_up()
    hold.release()
    first.answer()
    bank.deliver(payment.event, to=other)
    bank.expect_once(payment, why, help, to=other)


def test_parallel_duplicates(program, provider, expect):
    """The same event at the same moment, many times, has one effect."""
    bank = Bank(provider, expect)
    why = "The same event came again while its first delivery was still in the ledger: it must count once."
    expect_one_effect_while_held(program, bank, program, why, UNIQUE_KEY)
    payment = bank.payment()
    bank.deliver_together([payment.event] * PARALLEL_DUPLICATES)
    why = f"The same event came {PARALLEL_DUPLICATES} times at the same moment, and must count once."
    bank.expect_once(payment, why, UNIQUE_KEY)


# -- 6: a crash at the worst moment -----------------------------------------------------------------


def crash_at(point, program, bank):
    """Kill the program at a point inside of ledger.credit; the provider got no answer, and comes again."""
    payment = bank.payment()
    hold = program.hold(point)
    sent = bank.provider.start_sending(payment.event)
    hold.wait_until_reached(before=sent)
    bank.give_time(sent, LESS)
    if sent.is_over:
        bank.expect.that(
            not sent.answer().accepted,
            "The delivery got its 2xx before its credit was committed: a crash now would lose the money.",
            "no 2xx while ledger.credit is not done",
            sent.answer().described,
            help="Answer after the commit. Once you have said 2xx, nobody comes again.",
            answer=sent.answer(),
        )
    bank.expect_reached(hold, sent)
    program.kill()
    hold.release()
    program.start()
    bank.deliver(payment.event)
    return payment


def test_killed_before_effect(program, provider, expect):
    """Killed just before the credit: the next delivery makes up for it."""
    bank = Bank(provider, expect)
    payment = crash_at("ledger-before", program, bank)
    why = "The program was killed just before the credit, so the next delivery of the event must credit."
    help = "Was the id committed before the credit? Then the crash left an id behind, and no money."
    bank.expect_once(payment, why, help)


def test_killed_after_effect(program, provider, expect):
    """Killed just after the credit, before the commit: the next delivery does not double it."""
    bank = Bank(provider, expect)
    payment = crash_at("ledger-after", program, bank)
    why = "The program was killed just after the credit, and the event came again: it must count once."
    help = "Was one of the two committed alone, the id or the credit? The crash left only that one behind."
    bank.expect_once(payment, why, help)


# -- 7: two processes, one database -----------------------------------------------------------------


def test_two_processes(program, provider, expect):
    """Two processes on one database have one effect together."""
    bank = Bank(provider, expect)
    with program.second() as other:
        why = "The same event came to a second process while the first was in the ledger: it must count once."
        expect_one_effect_while_held(program, bank, other, why, SHARED)
        payments = [bank.payment() for _ in range(4)]
        bank.deliver_together([payment.event for payment in payments for _ in range(4)], to=[program, other])
        for payment in payments:
            why = "The same event came to both processes at the same moment, and must count once."
            bank.expect_once(payment, why, SHARED, to=other)
