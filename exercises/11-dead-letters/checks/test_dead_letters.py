"""Plays a provider and a bookkeeping that refuses, fails and loses answers, for a while or for ever."""

import time
from dataclasses import dataclass

MOST_ATTEMPTS, LONG_BASE, SHORT_BASE = 5, 60_000, 20
QUICK = {"RETRY_BASE_MS": str(SHORT_BASE)}
SHORT_LEASE = {**QUICK, "LEASE_MS": "600"}

SOON, SOONER, SOONEST = 2.5, 2.0, 0.5
"""Seconds for what a worker does. Only wrong programs take them, and from the second time on fewer: what this
machine needs, unless waits and leases have to end.
"""

A_MOMENT = 0.4
"""Seconds after which a look is taken whether there is any hope."""

in_vain, took = [], []
"""What was waited for in vain in this run, and how many seconds each other wait took."""

GOOD_ONES, WAITING_ONES, DIFFERENT = 5, 8, 4

FOR_GOOD, NOT_NOW = (400, 403, 404, 410, 422), (408, 429, 500, 502, 503)

TRACEBACK = "What did your program print? A 5xx usually comes with a traceback."
WORKER = "Is the worker still alive, and does it look into the inbox again and again?"
COUNT = "Count the attempt when the event is taken, in the database, and decide by that count."
WAITS = "After the n-th failure the wait is between half and all of $RETRY_BASE_MS * 2 ** (n - 1)."


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True)
class Office:
    """The provider, the bookkeeping, and what is required of the program between them."""

    provider: object
    downstream: object
    expect: object
    waits: bool = False  # whether waits or leases have to end

    def soon(self):
        if not in_vain:
            return SOON
        return SOONER if self.waits else min(max(SOONEST, 8 * max(took, default=0)), SOONER)

    def eventually(self, read, wanted, why, help, seconds=None, is_hopeless=lambda: False):
        """What is read becomes as wanted, soon; what has become hopeless is not waited for."""
        began = time.monotonic()
        try:
            self.expect.eventually(read, wanted, why, help, A_MOMENT)
        except Exception:
            if is_hopeless():
                in_vain.append(why)
                raise
            self.wait_on(read, wanted, why, help, self.soon() if seconds is None else seconds)
        took.append(time.monotonic() - began)

    def wait_on(self, read, wanted, why, help, seconds):
        try:
            self.expect.eventually(read, wanted, why, help, seconds)
        except Exception:
            in_vain.append(why)
            raise

    def is_over(self, event, *wrong):
        """Whether it has one of these statuses for good; pending is one while it waits for half a minute."""
        shown = self.shown(event)
        if shown.get("status") == "pending":
            wait = shown.get("wait_ms")
            return "pending" in wrong and is_number(wait) and wait >= LONG_BASE / 2 - 1
        return shown.get("status") in wrong

    def expect_held(self, held, event, why):
        """A call with the event's id as its key stands still, soon."""
        reached = held.wait_until_reached(self.soon())
        if not reached:
            in_vain.append(why)
        calls = f"{len(self.downstream.calls(event.id))} calls with this key"
        self.expect.that(reached, why, "one more call with this key", calls, WORKER)

    def post(self, event, why="A signed event must be answered with 2xx."):
        self.expect.accepted(self.provider.deliver(event), why, help=TRACEBACK)

    def shown(self, event):
        """What GET /inbox/<id> says, or {} where it says nothing of that kind."""
        value = self.provider.get(f"/inbox/{event.id}").json()
        return value if isinstance(value, dict) else {}

    def expect_shown(self, event, why, help=WORKER, *, seconds=None, status, **more):
        """Its status becomes as wanted, which is the last one, and with it, or in a moment, all the rest."""
        wanted = {"status": status, **more}
        read = lambda: {name: self.shown(event).get(name) for name in wanted}  # noqa: E731
        shown = {}

        def read_until_last():
            shown.update(read())
            return {**shown, **more} if shown["status"] == status else shown

        wrong = {"dead": ("done", "pending"), "done": ("pending",)}[status]  # from dead it can be replayed
        self.eventually(read_until_last, wanted, why, help, seconds, lambda: self.is_over(event, *wrong))
        if shown != wanted:
            self.eventually(read, wanted, why, help, SOONEST)

    def expect_waiting(self, event, why, help=WORKER):
        """Its first attempt has failed, and it waits for the second; returns the wait, in its range."""
        wanted = {"status": "pending", "attempts": 1, "wait_ms": "a number"}

        def read():
            shown = self.shown(event)
            given = {name: shown.get(name) for name in wanted}
            return {**given, "wait_ms": "a number"} if is_number(given["wait_ms"]) else given

        self.eventually(read, wanted, why, help, is_hopeless=lambda: self.is_over(event, "dead", "done"))
        return self.expect_wait(event, 1, LONG_BASE)

    def expect_done(self, event, why, help=WORKER):
        self.expect_shown(event, why, help, status="done")
        effects = self.downstream.effects.get(event.id, 0)
        self.expect.equal(effects, 1, "The bookkeeping must make one entry for each event.", help)

    def expect_calls(self, event, number, why, help=COUNT):
        self.expect.equal(len(self.downstream.calls(event.id)), number, why, help)

    def dead(self):
        """The entries of GET /dead by their ids."""
        route = 'GET /dead must answer {"dead": [{"id": ..., "attempts": ..., "reason": ...}, ...]}.'
        answer = self.provider.get("/dead")
        rows = self.expect.json(answer, route, "Does your program have this route?").get("dead")
        good = isinstance(rows, list) and all(isinstance(row, dict) and "id" in row for row in rows)
        self.expect.that(good, route, "a list of objects", repr(rows), "", answer)
        return {str(row["id"]): row for row in rows}

    def fail_for_ever(self, event, status=503):
        self.downstream.fail(times=100, status=status, key=event.id)

    def make_dead(self, event, times=1):
        """Deliver an event that the bookkeeping refuses for good, so many times."""
        self.downstream.fail(times, status=422, key=event.id)
        self.post(event)
        why = "The bookkeeping answered 422: it will never take this event as it is, so the event is dead."
        self.expect_shown(event, why, "Which statuses mean never, and which mean not now?", status="dead")

    def replay(self, event):
        return self.provider.request("POST", f"/dead/{event.id}/replay")

    def expect_replayed(self, event):
        why = "A dead event must be taken by POST /dead/<id>/replay, with a 2xx."
        self.expect.accepted(self.replay(event), why, "Does your program have this route?")

    def expect_wait(self, event, attempt, base):
        """The wait after that attempt, as the program tells it, is in its range; returns it."""
        longest = base * 2 ** (attempt - 1)
        wait = self.shown(event).get("wait_ms")
        why = f"The wait after failure {attempt} must be between {longest // 2} and {longest} ms."
        wanted = f"wait_ms between {longest // 2} and {longest}"
        # A rounded wait is one, too.
        in_range = is_number(wait) and longest / 2 - 1 <= wait <= longest + 1
        self.expect.that(in_range, why, wanted, f"wait_ms is {wait!r}", WAITS)
        return wait


# -- 1: wait, and let others go first ---------------------------------------------------------------


def test_good_event(provider, downstream, expect):
    """An event that is taken at once is done after one attempt."""
    office = Office(provider, downstream, expect)
    event = provider.event()
    office.post(event)
    why = "The bookkeeping took the event at the first attempt."
    office.expect_shown(event, why, status="done", attempts=1)
    expect.equal(downstream.effects, {event.id: 1}, "One event, handed over under its id, is one entry.")


def test_waits_after_failure(provider, downstream, expect):
    """After the first failure an event is pending, and does not come again before its wait is over."""
    office = Office(provider, downstream, expect)
    event, after = provider.event(), provider.event()
    downstream.fail(key=event.id)
    office.post(event)
    why = "The bookkeeping answered 503 once, so the event has had one attempt and waits for the next."
    office.expect_waiting(event, why)
    office.post(after)
    office.expect_done(after, "Another event came meanwhile, and must be done.")
    office.expect_calls(
        event, 1, "The wait is half a minute at least, and a second call has come already.", WAITS
    )


def test_no_two_alike(provider, downstream, expect):
    """Events that fail together don't come back together."""
    office = Office(provider, downstream, expect)
    events = [provider.event() for _ in range(WAITING_ONES)]
    for event in events:
        downstream.fail(key=event.id)
        office.post(event)
    waits = set()
    for event in events:
        why = "The bookkeeping answered 503 once, so the event has had one attempt and waits for the next."
        waits.add(office.expect_waiting(event, why))
    why = f"{WAITING_ONES} events failed together, and would all come back at the same moment."
    help = "Add chance to the wait: that is jitter."
    told = "only " + ", ".join(f"{wait:g}" for wait in sorted(waits))
    expect.that(len(waits) >= DIFFERENT, why, "waits that differ", told, help)


def test_poison_among_good(provider, downstream, expect):
    """While one event fails, the others that came behind it are done."""
    office = Office(provider, downstream, expect)
    poison, good = provider.event(), [provider.event() for _ in range(GOOD_ONES)]
    office.fail_for_ever(poison)
    for event in [poison, *good]:
        office.post(event)
    for event in good:
        why = (
            "One event can't be handed over and waits; those behind it are good, and must be done meanwhile."
        )
        office.expect_done(event, why, "Does the worker itself sleep, or only the event?")
    office.expect_waiting(poison, "The bad one waits for its second attempt.")


# -- 2: tell never from not now ---------------------------------------------------------------------


def test_refused_for_good(provider, downstream, expect):
    """A 4xx means that the event will never be taken: one attempt, and dead."""
    office = Office(provider, downstream, expect)
    for status in provider.random.sample(FOR_GOOD, 3):
        event = provider.event()
        office.fail_for_ever(event, status)
        office.post(event)
        why = f"The bookkeeping answered {status}: it will never take this event, so it is dead at once."
        office.expect_shown(event, why, "Which statuses mean never?", status="dead", attempts=1)
        office.expect_calls(event, 1, f"After a {status} there is no point in calling again.")


def test_not_now(provider, downstream, expect):
    """408, 429, 5xx and no answer at all mean that it may work later."""
    office = Office(provider, downstream, expect)
    for status in NOT_NOW:
        event = provider.event()
        office.fail_for_ever(event, status)
        office.post(event)
        why = f"The bookkeeping answered {status}: that may be another in a while, so the event waits."
        office.expect_waiting(event, why, "Which statuses mean not now?")
    event = provider.event()
    downstream.lose(key=event.id)
    office.post(event)
    why = "The bookkeeping gave no answer: that may be another in a while, so the event waits."
    office.expect_waiting(event, why, "Is a broken connection handled like a 503?")


# -- 3: look at what is dead ------------------------------------------------------------------------


def test_dead_list(provider, downstream, expect):
    """GET /dead lists what died, with its attempts and a reason, and nothing else."""
    office = Office(provider, downstream, expect)
    event, good = provider.event(), provider.event()
    office.make_dead(event)
    office.post(good)
    office.expect_done(good, "A good event behind a dead one must be done.")
    dead = office.dead()
    expect.that(event.id in dead, "A dead event must be listed by GET /dead.", event.id, ", ".join(dead))
    expect.that(good.id not in dead, "Only dead events are listed.", f"no {good.id}", good.id)
    row = dead[event.id]
    expect.equal(row.get("attempts"), 1, "The event died after one attempt.")
    reason = str(row.get("reason"))
    why = "The reason must say what the bookkeeping answered, so that somebody can do something about it."
    expect.that("422" in reason, why, "a reason with 422 in it", reason, "Keep the status of the answer.")
    why = "People read and copy this list, so the secret does not belong into it."
    expect.that(provider.secret not in reason, why, "no secret", reason)


def test_repeat_of_dead(provider, downstream, expect):
    """When a dead event is delivered again, the answer is 2xx, and it stays dead."""
    office = Office(provider, downstream, expect)
    event, after = provider.event(), provider.event()
    office.make_dead(event)
    office.post(event, "You have this event, so its repeat must be answered with 2xx.")
    office.post(after)
    office.expect_done(after, "Another event came meanwhile, and must be done.")
    why = "The provider repeated an event that is dead. Only a replay may bring it back."
    expect.equal(
        office.shown(event).get("status"), "dead", why, "What does your INSERT do when the id is there?"
    )
    office.expect_calls(event, 1, why, "What does your INSERT do when the id is there?")


# -- 4: replay --------------------------------------------------------------------------------------


def test_replay(provider, downstream, expect):
    """A replay hands the event over again, with its old key and bytes, and takes it off the list."""
    office = Office(provider, downstream, expect)
    event = provider.event()
    office.make_dead(event)
    office.expect_replayed(event)
    why = "The bookkeeping has been mended and the event was replayed, so it must be handed over and done."
    office.expect_done(event, why, "A replay only sets the event back to pending; the worker does the rest.")
    office.expect_calls(
        event, 2, "One call before the replay, one after it, both with the event's id as key."
    )
    first, second = (call.request.body for call in downstream.calls(event.id))
    expect.equal(second, first, "The replayed event must be handed over byte for byte as before.")
    expect.that(event.id not in office.dead(), "What is done is not dead any more.", "not listed", event.id)


def test_replay_twice(provider, downstream, expect):
    """Two people press replay: one call more, one entry."""
    office = Office(provider, downstream, expect)
    event, after = provider.event(), provider.event()
    office.make_dead(event)
    held = downstream.hold(event.id)
    office.expect_replayed(event)
    why = "A replayed event must be handed over under its id."
    office.expect_held(held, event, why)
    second = office.replay(event)
    expect.answered_below_500(second, "A second replay is no failure of the server.", TRACEBACK)
    held.release()
    office.expect_done(event, "The replayed event was taken, so it is done.")
    office.replay(event)
    office.post(after)
    office.expect_done(after, "Another event came meanwhile, and must be done.")
    why = "Replayed three times, of which only the first found it dead: that is one further call."
    office.expect_calls(event, 2, why, "A replay may change an event only where it is dead.")


def test_replay_unknown(provider, downstream, expect):
    """What is not there, and what is not dead, can't be replayed."""
    office = Office(provider, downstream, expect)
    good, nobody = provider.event(), provider.event()
    answer = office.replay(nobody)
    expect.status(answer, 404, "Nobody has sent this event, so there is nothing to replay.")
    office.post(good)
    office.expect_done(good, "A good event must be done.")
    expect.status(office.replay(good), 404, "This event is done and not dead, so there is nothing to replay.")
    expect.equal(office.shown(good).get("status"), "done", "A replay of what is done must not bring it back.")


# -- 5: five attempts and no more -------------------------------------------------------------------


def test_waits_grow(program, provider, downstream, expect):
    """Each wait is about twice the one before; an attempt is counted when it begins."""
    office = Office(provider, downstream, expect, waits=True)
    program.run_with(QUICK)
    event = provider.event()
    downstream.fail(times=3, key=event.id)
    held = downstream.hold(event.id)
    office.post(event)
    why = "The bookkeeping answered 503 three times: there must be a fourth attempt, under the same key."
    office.expect_held(held, event, why)
    office.expect_wait(event, 3, SHORT_BASE)
    why = "The fourth attempt is on its way, so the count is 4: an attempt counts from its beginning."
    expect.equal(office.shown(event).get("attempts"), 4, why, COUNT)
    held.release()
    office.expect_shown(event, "The fourth attempt succeeded.", status="done", attempts=4)


def test_dead_after_five(program, provider, downstream, expect):
    """An event that always fails is called for five times, and then dead and listed."""
    office = Office(provider, downstream, expect, waits=True)
    program.run_with(QUICK)
    event, after = provider.event(), provider.event()
    office.fail_for_ever(event)
    office.post(event)
    why = f"The bookkeeping always answers 503: after {MOST_ATTEMPTS} attempts the event is dead."
    office.expect_shown(event, why, COUNT, status="dead", attempts=MOST_ATTEMPTS)
    office.post(after)
    office.expect_done(after, "Another event came meanwhile, and must be done.")
    office.expect_calls(event, MOST_ATTEMPTS, f"There must be exactly {MOST_ATTEMPTS} calls for it.")
    row = office.dead().get(event.id, {})
    why = "An event that was given up must be listed by GET /dead, with its attempts."
    expect.equal(row.get("attempts"), MOST_ATTEMPTS, why)


def test_answers_lost(program, provider, downstream, expect):
    """Dead, although the entry was made five times over: the key keeps it one, also after the replay."""
    office = Office(provider, downstream, expect, waits=True)
    program.run_with(QUICK)
    event = provider.event()
    downstream.lose(times=MOST_ATTEMPTS, key=event.id)
    office.post(event)
    why = "Five answers got lost, so the event is dead, although the entry was made: you can't know."
    office.expect_shown(event, why, COUNT, status="dead", attempts=MOST_ATTEMPTS)
    downstream.fail(key=event.id)
    office.expect_replayed(event)
    why = "A replayed event begins anew: its first attempt failed, and its second one was answered."
    help = "Does the replay set the count of attempts back?"
    office.expect_shown(event, why, help, status="done", attempts=2)
    expect.equal(downstream.effects.get(event.id), 1, "The entry must be there once: keep the key.")


# -- 6: a crash counts ------------------------------------------------------------------------------


def test_killed_in_the_last(program, provider, downstream, expect):
    """An event in whose last attempt the program dies is dead after the next start, without a sixth call."""
    office = Office(provider, downstream, expect, waits=True)
    program.run_with(SHORT_LEASE)
    first, refused, event, after = (provider.event() for _ in range(4))
    office.post(first)
    office.expect_done(first, "A good event must be done.")  # first calls are slow
    office.make_dead(refused, times=MOST_ATTEMPTS)  # an answer that comes too late is none
    downstream.fail(times=MOST_ATTEMPTS - 1, key=event.id)
    held = downstream.hold(event.id)
    office.post(event)
    why = "The bookkeeping answered 503 four times: there must be a fifth attempt, under the same key."
    office.expect_held(held, event, why)
    program.kill()
    held.release()
    office.fail_for_ever(event)
    program.start(env=SHORT_LEASE)
    office.post(after)
    office.expect_done(after, "A good event came after the next start, and must be done.")
    why = "The program was killed in the fifth attempt. That was the last one, so the event is dead now."
    # A program that begins to count anew is dead at the tenth call, which takes longer.
    seconds = None if in_vain else 2 * SOON
    office.expect_shown(event, why, COUNT, seconds=seconds, status="dead", attempts=MOST_ATTEMPTS)
    why = (
        "The fifth attempt killed the program, and a sixth was made: an event that kills would kill for ever."
    )
    office.expect_calls(event, MOST_ATTEMPTS, why)
    why = "What was dead before the program was killed must still be listed after the next start."
    expect.that(refused.id in office.dead(), why, refused.id, ", ".join(office.dead()))
