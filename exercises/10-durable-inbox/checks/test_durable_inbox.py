"""Plays a provider, a slow and moody bookkeeping, and a machine on which programs get killed."""

import itertools
import time
from dataclasses import dataclass

A_MOMENT = 0.3
"""Seconds for something that must not happen: too few can only miss a mistake, never invent one."""

PLENTY = 2.0
"""Seconds for an answer that must not wait for anybody; only wrong programs take them."""

SOON, SOONER, SOONEST = 2.5, 2.0, 0.5
"""Seconds for what a worker does. Only wrong programs take them, and from the second time on fewer: what this
machine needs, unless a lease has to end.
"""

in_vain, took = [], []
"""What was waited for in vain in this run, and how many seconds each other wait took."""


BURST, BACKLOG, MOST_AT_ONCE, LOOKS = 12, 20, 4, 6
SHORT_LEASE = {"LEASE_MS": "500"}

SIGNATURE = "X-Hub-Signature-256"
TRACEBACK = "What did your program print? A 5xx usually comes with a traceback."
WORKER = "Is the worker still alive, and does it look into the inbox again and again?"
STORE_FIRST = "First the event into the database, committed, then the answer, then the work."
LEASED = "When a worker takes an event, what do the others see of that? And when it never comes back?"


@dataclass(frozen=True)
class Office:
    """The provider, the bookkeeping, and what is required of the program between them."""

    provider: object
    downstream: object
    expect: object
    leases: bool = False  # whether some of them have to end

    def soon(self):
        if not in_vain:
            return SOON
        return SOONER if self.leases else min(max(SOONEST, 8 * max(took, default=0)), SOONER)

    def eventually(self, read, wanted, why, help, is_hopeless=lambda: False):
        """What is read becomes as wanted, soon; what has become hopeless is not waited for."""
        began = time.monotonic()
        try:
            self.expect.eventually(read, wanted, why, help, min(A_MOMENT, self.soon()))
        except Exception:
            if is_hopeless():
                in_vain.append(why)
                raise
            self.wait_on(read, wanted, why, help)
        took.append(time.monotonic() - began)

    def wait_on(self, read, wanted, why, help):
        try:
            self.expect.eventually(read, wanted, why, help, self.soon())
        except Exception:
            in_vain.append(why)
            raise

    def until_none(self, left, why, help):
        """Of what is left there is soon less, and so on, until nothing is."""
        number = left()
        while number:
            before, number = number, 0

            def less(before=before):
                nonlocal number
                number = left()
                return "fewer, and none in the end" if number < before else f"{number} are left"

            self.eventually(less, "fewer, and none in the end", why, help)

    def ask_until(self, over, event):
        """Ask for an event a few times, or until something is over: a busy machine gives both their time."""
        looks = itertools.count(1)

        def is_enough():
            if over() or next(looks) > LOOKS:
                return True
            return self.provider.get(f"/inbox/{event.id}", timeout=2 * A_MOMENT).status is None

        self.expect.eventually(is_enough, True, "The program answers.", timeout=3 * LOOKS * A_MOMENT)

    def post(self, event, why="A signed event must be answered with 2xx.", timeout=5.0, **dials):
        """Deliver an event, and once more if it got no 2xx; `timeout` is that of the first attempt."""
        answer = self.provider.send(event, timeout=timeout, **dials)
        if not answer.accepted:
            again = {**dials, "attempt": dials.get("attempt", 0) + 1}
            answer = self.provider.send(event, timeout=max(timeout, PLENTY), **again)
        self.expect.accepted(answer, why, help=TRACEBACK)

    def post_together(self, events, to=None):
        """Deliver many at the same moment, and again what got no 2xx."""
        answers = self.provider.send_together(events, to=to, timeout=2 * A_MOMENT)
        for event, answer in zip(events, answers, strict=True):
            if not answer.accepted:
                self.post(event, attempt=1)

    def status(self, event, to=None):
        """What the program says of an event: its status, or the answer in words."""
        answer = self.provider.get(f"/inbox/{event.id}", to=to)
        shown = answer.json()
        known = answer.accepted and isinstance(shown, dict) and "status" in shown
        return shown["status"] if known else answer.described

    def expect_status(self, event, status, why, help=WORKER, to=None):
        self.eventually(lambda: self.status(event, to), status, why, help)

    def expect_known(self, event, why, help):
        """The program has not lost it; one that has is not waited for."""
        status = self.status(event)
        self.expect.that(not status.startswith("HTTP 404"), why, '"pending" or "done"', status, help)

    def expect_done(self, event, why, help=WORKER, to=None):
        """The bookkeeping has it, once, and the program knows."""
        self.expect_calls(event, 1, why, help)
        self.expect_status(event, "done", why, help, to)
        effects = self.downstream.effects.get(event.id, 0)
        self.expect.equal(effects, 1, "The bookkeeping must make one entry for each event.", help)

    def expect_all_done(self, events, why, help=WORKER):
        """The same of many events; of their statuses only the last one's is asked for."""
        *others, last = events
        missing = lambda: [each.id for each in others if not self.downstream.effects.get(each.id)]  # noqa: E731
        self.eventually(missing, [], why, help)
        self.expect_done(last, why, help)

    def expect_calls(self, event, number, why, help=WORKER):
        """At least so many calls with the event's id as their key."""
        came = lambda: min(len(self.downstream.calls(event.id)), number)  # noqa: E731
        # Nobody calls for an event again that is done, or at all for one that is not known.
        ends = ("HTTP 404", "done") if number > 1 else ("HTTP 404",)
        over = lambda: self.status(event).startswith(ends) and came() < number  # noqa: E731
        self.eventually(came, number, why, help, over)

    def hold(self, event):
        """Deliver an event; the bookkeeping takes it and keeps its answer back."""
        held = self.downstream.hold(event.id)
        self.post(event, timeout=2 * A_MOMENT)
        self.expect_held(held)
        return held

    def expect_held(self, held):
        why = "An event must be handed over by POST to $DOWNSTREAM_URL, with its id as Idempotency-Key."
        came = f"calls with the keys {[call.key for call in self.downstream.calls()]}"
        self.expect.that(
            held.wait_until_reached(self.soon()), why, "a call with the event's id as key", came, WORKER
        )


# -- 1: hand every event over -----------------------------------------------------------------------


def test_hands_over(provider, downstream, expect):
    """An event comes to the bookkeeping, under its id and with the provider's signature."""
    office = Office(provider, downstream, expect)
    event = provider.event("payment.succeeded")
    answer = provider.send(event)
    expect.accepted(answer, "A correctly signed event must be answered with 2xx.", help=TRACEBACK)
    why = "The event was accepted, so it must come to the bookkeeping, with its id as Idempotency-Key."
    office.expect_done(event, why, "Does a worker POST it to $DOWNSTREAM_URL/entries?")
    call = downstream.calls(event.id)[0]
    place = f"{call.request.method} {call.request.target}"
    expect.equal(place, "POST /entries", "The bookkeeping takes entries at POST /entries.")
    sent = answer.exchange.request.headers
    signed = next(value for name, value in sent if name == SIGNATURE)
    why = f"The bookkeeping checks the provider's signature itself, so {SIGNATURE} must come along."
    expect.equal(call.header(SIGNATURE), signed, why, "Keep the header beside the body.")


def test_bytes_as_they_came(provider, downstream, expect):
    """The body comes to the bookkeeping byte for byte, however it is written."""
    office = Office(provider, downstream, expect)
    event = provider.event("payment.succeeded")
    writings = {
        "with line breaks": event.written(indent=2),
        "with letters beyond ASCII": provider.event("payment.succeeded", name="Zoë").written(
            ensure_ascii=False
        ),
        "with escaped letters": provider.event("payment.succeeded", name="Zoë").written(ensure_ascii=True),
        "with numbers such as 1.50 and 1e3": provider.event().with_members('"rate":1.50,"limit":1e3'),
        "with a line break at its end": _ended(provider.event()),
    }
    for how, written in writings.items():
        office.post(written)
        office.expect_done(written, f"An event {how} is an event like any other.")
        body = downstream.calls(written.id)[0].request.body
        why = f"A body {how} came to the bookkeeping as other bytes; the signature is not right for those."
        expect.equal(body, written.body, why, "Keep what arrived, not what you read from it.")


def _ended(event):
    return event.with_body(event.body + b"\n")


def test_tells_status(provider, downstream, expect):
    """An event is pending until the bookkeeping has answered, then done; an unknown id is 404."""
    office = Office(provider, downstream, expect)
    event = provider.event()
    unknown = provider.get(f"/inbox/{event.id}")
    expect.status(unknown, 404, "Nobody has sent this event yet, so GET /inbox/<id> is a 404.")
    held = office.hold(event)
    why = "The bookkeeping has not answered yet, so the event is pending."
    expect.equal(office.status(event), "pending", why)
    held.release()
    office.expect_status(event, "done", "The bookkeeping has answered 200, so the event is done.")


def test_forged(provider, downstream, expect):
    """What is not signed is neither kept nor handed over, and does not use up an id."""
    office = Office(provider, downstream, expect)
    event = provider.event()
    forged = provider.send(event, signature="wrong-secret")
    expect.refused(forged, "A wrong signature must be refused, as before.")
    status = office.status(event)
    why = "A forged delivery is no event, and must not get into the inbox."
    expect.that(status.startswith("HTTP 404"), why, "HTTP 404", status, "Who fills your disk otherwise?")
    other = provider.event()
    office.post(other)
    office.expect_done(other, "A signed event after a forged one is an event like any other.")
    expect.equal(len(downstream.calls(event.id)), 0, "The bookkeeping must never hear of a forged event.")
    office.post(event)
    why = "A stranger had used this id before; the real event must still be handed over."
    office.expect_done(event, why, "Look at the signature before anything else.")


# -- 2: answer at once ------------------------------------------------------------------------------


def test_answers_while_busy(provider, downstream, expect):
    """The answer comes while the bookkeeping still holds its own back, for one event and for many."""
    office = Office(provider, downstream, expect)
    event = provider.event()
    held = downstream.hold(event.id)
    why = "The bookkeeping was slow, and the provider waited in vain: it counts that as failed."
    help = "What happens before your answer? Storing is quick; the bookkeeping is not."
    expect.accepted(provider.send(event, timeout=PLENTY), why, help)
    office.expect_held(held)
    burst = [provider.event() for _ in range(BURST)]
    for answer in provider.send_together(burst, timeout=PLENTY):
        expect.accepted(answer, f"{BURST} events came while the bookkeeping was slow: all need a 2xx.", help)
    held.release()
    office.expect_all_done([event, *burst], "What was accepted must be handed over in the end.")


def test_few_at_once(provider, downstream, expect):
    """However many events wait, no more than four calls are on their way."""
    office = Office(provider, downstream, expect)
    burst = [provider.event() for _ in range(BURST)]
    helds = [downstream.hold(event.id) for event in burst]
    office.post_together(burst)
    office.expect.that(
        any(held.wait_until_reached(0) for held in helds) or downstream.wait_for_calls(1, office.soon()),
        "Waiting events must be handed over.", "a call", "none", WORKER,
    )  # fmt: skip
    office.ask_until(lambda: len(downstream.calls()) > MOST_AT_ONCE, burst[-1])
    at_once = len(downstream.calls())
    why = f"{BURST} events waited, and the bookkeeping, which bears {MOST_AT_ONCE} calls at once, got more."
    help = "How many workers can there be at most? A thread for each event has no end."
    expect.that(
        at_once <= MOST_AT_ONCE, why, f"at most {MOST_AT_ONCE} calls", f"{at_once} calls at once", help
    )
    for held in helds:
        held.release()
    office.expect_all_done(burst, "What was accepted must be handed over in the end.")


# -- 3: what fails is tried again -------------------------------------------------------------------


def test_fails_twice(provider, downstream, expect):
    """A 503 is no success: the event stays pending and is handed over again, with the same key."""
    office = Office(provider, downstream, expect)
    event = provider.event()
    downstream.fail(times=2, key=event.id)
    office.post(event)
    why = "The bookkeeping answered 503 twice: the event must be handed over a third time, under its id."
    help = "Is a 503 taken for success, or the worker dead? urllib raises an exception, fetch does not."
    office.expect_calls(event, 3, why, help)
    office.expect_done(event, "The third attempt was answered 200, so the event is done.", help)


def test_answer_lost(provider, downstream, expect):
    """No answer may mean that it worked; the same key makes it safe to ask again."""
    office = Office(provider, downstream, expect)
    event = provider.event()
    downstream.lose(key=event.id)
    office.post(event)
    why = "The bookkeeping's answer got lost: the event must be handed over again, with the same key."
    help = "Did it arrive? You can't know. So ask again under the same Idempotency-Key, and never give up."
    office.expect_calls(event, 2, why, help)
    office.expect_done(event, "The second attempt was answered, so the event is done.", help)


# -- 4: one event, one entry in the inbox -----------------------------------------------------------


def test_duplicates(provider, downstream, expect):
    """However often an event arrives, before and after it is done, it is handed over once."""
    office = Office(provider, downstream, expect)
    event = provider.event()
    known = "A duplicate must be answered with 2xx: you have it, and nobody needs to come again."
    for answer in provider.send_together([event] * BURST):
        expect.accepted(answer, known, help="A duplicate is no error.")
    office.expect_done(event, "An event that came many times must be handed over.")
    expect.accepted(provider.send(event), known, help="A duplicate is no error.")
    after = provider.event()
    office.post(after)
    office.expect_done(after, "An event after a duplicate is an event like any other.")
    calls = len(downstream.calls(event.id))
    why = "One event came many times and was handed over more than once."
    help = "Make the event's id the inbox's key, and keep the row when it is done."
    expect.equal(calls, 1, why, help)


# -- 5: two copies, one inbox ------------------------------------------------------------------------


def test_shared_inbox(program, provider, downstream, expect):
    """While one copy waits for the bookkeeping, the other leaves that event alone and works on others."""
    office = Office(provider, downstream, expect)
    event = provider.event()
    held = office.hold(event)
    with program.second() as other:
        for number in range(3):
            each = provider.event()
            office.post(each, timeout=PLENTY, to=(program, other)[number % 2])
            why = "One copy waits for the bookkeeping: the other has to work on the events that come."
            office.expect_done(each, why, LEASED)
        calls = len(downstream.calls(event.id))
        why = "Both copies handed the same event over, while the first was still waiting for its answer."
        expect.equal(calls, 1, why, LEASED)
        held.release()
        office.expect_done(event, "The bookkeeping has answered, so the event is done.", to=other)


# -- 6: whatever ends or hangs, nothing is lost -----------------------------------------------------


def test_stopped_with_backlog(program, provider, downstream, expect):
    """Events that wait when the program is stopped are handed over after the next start."""
    office = Office(provider, downstream, expect)
    first, *others = backlog = [provider.event() for _ in range(BACKLOG)]
    helds = [office.hold(first), *(downstream.hold(event.id) for event in others)]
    office.post_together(others)
    program.stop()
    for held in helds:
        held.release()
    program.start()

    def not_done():
        effects = downstream.effects  # without one there is no need to ask
        backlog[:] = [each for each in backlog if not effects.get(each.id) or office.status(each) != "done"]
        # What a worker had in its hands has to wait for the end of its lease.
        return max(len(backlog) - MOST_AT_ONCE, 0)

    why = f"The program was stopped while {BACKLOG} accepted events waited; nobody sends them again."
    office.until_none(not_done, why + " They are gone.", STORE_FIRST)


def test_never_answers(program, provider, downstream, expect):
    """A call that gets no answer is given up before the lease ends, and made again."""
    office = Office(provider, downstream, expect, leases=True)
    program.run_with(SHORT_LEASE)
    event = provider.event()
    office.hold(event)
    why = "The bookkeeping never answered one call, and the event was not handed over again."
    help = "How long does your call wait? It has to give up before $LEASE_MS are over."
    office.expect_calls(event, 2, why, help)
    office.expect_done(event, "The second call was answered, so the event is done.", help)


def test_database_busy(program, provider, downstream, storage, expect):
    """While the event can't be stored there is no 2xx for it; afterwards it gets in."""
    office = Office(provider, downstream, expect, leases=True)
    program.run_with(SHORT_LEASE)  # who stores in another way may have begun to work on it when it is killed
    event, other = provider.event(), provider.event()
    with storage.locked():
        sent = provider.start_sending(event)
        if not sent.wait_until_over(A_MOMENT):
            office.ask_until(lambda: sent.is_over, event)
        accepted = sent.is_over and sent.answer().accepted
        if accepted:
            program.kill()
        sent.hang_up()
    why = "The event got its 2xx while the database was locked, and a crash after that has lost it."
    if accepted:
        program.start(env=SHORT_LEASE)
        office.expect_known(event, why, STORE_FIRST)
    else:
        office.post(event, "The database is free again, and the provider came again: now a 2xx.", attempt=1)
    office.expect_done(event, why, STORE_FIRST)
    office.post(other)
    office.expect_done(other, "The database was locked for a moment, and now the worker is gone.", WORKER)


def test_killed_in_the_call(program, provider, downstream, expect):
    """Killed while it waits for the bookkeeping: after the start it asks again, with the same key."""
    office = Office(provider, downstream, expect, leases=True)
    program.run_with(SHORT_LEASE)
    event = provider.event()
    held = office.hold(event)
    program.kill()
    held.release()
    program.start(env=SHORT_LEASE)
    why = "The program was killed in the middle of a call, and never asked again: the event is stuck or lost."
    office.expect_known(event, why, LEASED)
    office.expect_calls(event, 2, why, LEASED)
    office.expect_done(event, "After the second call the event is done.", LEASED)


def test_other_takes_over(program, provider, downstream, expect):
    """When one copy dies in the middle of its work, the other one does it, without being started anew."""
    office = Office(provider, downstream, expect, leases=True)
    program.run_with(SHORT_LEASE)
    # More than one copy may have in its hands, so that each has some; held as often as they are tried.
    events = [provider.event() for _ in range(MOST_AT_ONCE + 1)]
    helds = [[downstream.hold(event.id) for _ in range(3)] for event in events]
    with program.second(env=SHORT_LEASE) as other:
        office.post_together(events, to=[program, other])
        reached = lambda: min(sum(held[0].wait_until_reached(0) for held in helds), 2)  # noqa: E731
        office.eventually(reached, 2, "Two copies and five events: each must work on one.", LEASED)
        program.kill()
        for held in [one for each in helds for one in each]:
            held.release()
        why = "One copy died with an event in its hands; the other must take it when the lease is over."
        for event in events:
            office.expect_status(event, "done", why, LEASED, to=other)
