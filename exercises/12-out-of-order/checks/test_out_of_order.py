"""Plays a provider whose events overtake each other, and its API, whose answers can be overtaken, too."""

import itertools
from dataclasses import dataclass, field

NEWER = "Compare the version that came with the one that you have for this order, as numbers."
ONE_STEP = "Between the look and the write another delivery can write. Let the database do both in one step."
TOMBSTONE = "Keep a row for what was deleted, with its version. An empty place remembers nothing."
SAME_DOOR = (
    "What the API answered may be old by now: let it through the same comparison as every other state."
)

NOT_THERE = "HTTP 404"


@dataclass(frozen=True)
class Shop:
    """Orders at the provider: their states, the events that tell of them, what the program shows."""

    provider: object
    expect: object
    known: dict = field(default_factory=dict)

    def order(self):
        return self.provider.fresh_id("ord")

    def state(self, order, version, status="open", **more):
        """Make one state of an order: everything that is known of it at this version."""
        total = self.provider.random.randrange(100, 10_000)
        return {"order": order, "version": version, "status": status, "total": total, **more}

    def told(self, state, type="order.updated", at=None):
        """Make the event that tells of a state; a later version has a later time, unless it is said."""
        at = at or f"2026-11-25T12:{min(state['version'], 3000) // 60:02}:{state['version'] % 60:02}Z"
        kind = {"deleted": "order.deleted", "cancelled": "order.cancelled"}.get(state["status"], type)
        return self.provider.event(kind, occurred_at=at, **state)

    def deliver(self, *states, **more):
        for state in states:
            answer = self.provider.send(self.told(state, **more))
            self.expect.accepted(answer, "An event about an order is accepted, whatever its version.")

    def knock(self, order):
        """Make an event that says only that an order has changed."""
        return self.provider.event("order.changed", order=order)

    def shown(self, order, to=None):
        answer = self.provider.get(f"/orders/{order}", to=to)
        if answer.status == 404:
            return NOT_THERE, answer
        value = self.expect.json(answer, "GET /orders/<order> shows the state of an order, or answers 404.")
        return {name: value.get(name) for name in ("order", "version", "status", "total")}, answer

    def expect_state(self, state, why, help=NEWER, to=None):
        value, answer = self.shown(state["order"], to)
        wanted = {name: state[name] for name in ("order", "version", "status", "total")}
        self.expect.equal(value, wanted, why, help=help, answer=answer)

    def expect_gone(self, order, why, help=TOMBSTONE):
        value, answer = self.shown(order)
        self.expect.equal(value, NOT_THERE, why, help=help, answer=answer)

    def serve(self, *states):
        """From now on the API answers with these states; an order that is not among them is 404."""
        states = {state["order"]: state for state in states}

        def answer(call):
            found = states.get(call.request.target.removeprefix("/orders/"))
            return found if found is not None else (404, {"error": "no such order"})

        self.provider.api.script(answer)


# -- 1: show the state of an order ------------------------------------------------------------------


def test_follows_along(provider, expect):
    """Each newer version becomes the state."""
    shop = Shop(provider, expect)
    order = shop.order()
    for version, type, status in (
        (1, "order.created", "open"),
        (2, "order.updated", "paid"),
        (3, "", "cancelled"),
    ):
        state = shop.state(order, version, status)
        shop.deliver(state, type=type)
        shop.expect_state(
            state, f"Version {version} has arrived, and is the latest.", "Is the state kept and shown?"
        )
    shop.deliver(shop.state(order, 4, "deleted"))
    shop.expect_gone(order, "The order was deleted: GET answers 404.", "What does order.deleted do?")


def test_unknown_order(provider, expect):
    """An order of which nobody told is 404; an event of another type changes nothing."""
    shop = Shop(provider, expect)
    shop.expect_gone(
        shop.order(), "Nobody has told of this order: GET answers 404.", "What if there is no row?"
    )
    order = shop.order()
    expect.accepted(provider.send(provider.event("invoice.paid", order=order)), "Another type is fine, too.")
    shop.expect_gone(order, "An invoice says nothing about an order.", "Look at the event's type first.")
    forged = provider.send(shop.told(shop.state(order, 1)), signature="wrong-secret")
    expect.refused(forged, "A wrong signature must be refused.")
    shop.expect_gone(order, "A forged event must change nothing.", "Verify before anything else.")


# -- 2: whatever the order of arrival ---------------------------------------------------------------


def test_late_arrival(provider, expect):
    """An older version changes nothing, and neither does the same one again."""
    shop = Shop(provider, expect)
    order = shop.order()
    old, new = shop.state(order, 1), shop.state(order, 2, "paid")
    shop.deliver(new, old)
    shop.expect_state(new, "Version 2 arrived first, then version 1, late. The latest state is version 2.")
    again = shop.state(order, 2, "open")
    shop.deliver(again)
    why = "The same version came with other words. Once you have a version, it does not change."
    shop.expect_state(new, why, "Newer means greater, not greater or equal.")


def test_ten_after_nine(provider, expect):
    """Versions are numbers."""
    shop = Shop(provider, expect)
    for first, last in ((9, 10), (99, 100), (2, 10**12)):
        order = shop.order()
        state = shop.state(order, last, "paid")
        shop.deliver(shop.state(order, first), state, shop.state(order, first))
        shop.expect_state(state, f"Version {last} is later than version {first}.")


def test_clock_goes_back(provider, expect):
    """The version decides, whatever the times say."""
    shop = Shop(provider, expect)
    times = (
        ("2026-11-25T12:00:05Z", "2026-11-25T12:00:00Z"),
        ("2026-11-25T12:00:00Z", "2026-11-25T12:00:00Z"),
        ("2026-11-25T13:00:00+02:00", "2026-11-25T12:30:00Z"),
        ("2026-11-25T12:00:00.5Z", "2026-11-25T12:00:00Z"),
    )
    for earlier, later in times:
        order = shop.order()
        old, new = shop.state(order, 1), shop.state(order, 2, "paid")
        shop.deliver(old, at=earlier)
        shop.deliver(new, at=later)
        why = f"Version 2 says {later}, version 1 said {earlier}. Clocks are set back; versions are not."
        shop.expect_state(new, why, "Which of the two decides in your program, the version or the time?")
        shop.deliver(old, at="2026-11-25T23:59:59Z")
        shop.expect_state(new, "A late version 1 with a later time is still version 1.")


def test_gap(provider, expect):
    """A state is taken over although versions before it are missing."""
    shop = Shop(provider, expect)
    order = shop.order()
    first, fifth, third = shop.state(order, 1), shop.state(order, 5, "paid"), shop.state(order, 3)
    shop.deliver(first, fifth)
    why = "Version 5 came after version 1. What is missing may never come, and version 5 has it all."
    shop.expect_state(fifth, why, "Is something waiting for versions 2 to 4?")
    shop.deliver(third)
    shop.expect_state(fifth, "Version 3 arrived in the end, too late to change anything.")


def test_every_order(provider, expect):
    """All 24 orders of four versions, with duplicates, end in the highest one."""
    shop = Shop(provider, expect)
    for arrival in itertools.permutations(range(1, 5)):
        order = shop.order()
        states = {
            version: shop.state(order, version, "paid" if version == 4 else "open") for version in arrival
        }
        extra = provider.random.choice(arrival)
        shop.deliver(*(states[version] for version in arrival), states[extra])
        why = f"The versions arrived as {', '.join(map(str, (*arrival, extra)))}: the state is version 4."
        shop.expect_state(states[4], why)


def test_two_orders(provider, expect):
    """Versions of one order say nothing about another."""
    shop = Shop(provider, expect)
    mine, other = shop.order(), shop.order()
    last, first = shop.state(mine, 7, "paid"), shop.state(other, 1)
    shop.deliver(shop.state(mine, 6), last, first)
    why = "This is version 1 of another order, and the first that you hear of it."
    shop.expect_state(first, why, "Is the version kept for each order, or once for all?")
    shop.expect_state(last, "The other order is as it was.")


# -- 3: gone, and not forgotten ---------------------------------------------------------------------


def test_deleted_stays_deleted(provider, expect):
    """An older update after a deletion changes nothing; a newer one does."""
    shop = Shop(provider, expect)
    order = shop.order()
    shop.deliver(shop.state(order, 1), shop.state(order, 3, "deleted"), shop.state(order, 2, "paid"))
    shop.expect_gone(order, "Version 3 deleted the order. Version 2 arrived late and must not bring it back.")
    back = shop.state(order, 4)
    shop.deliver(back)
    shop.expect_state(back, "Version 4 is later than the deletion: the order is there again.", TOMBSTONE)


def test_deleted_first(provider, expect):
    """A deletion that arrives before everything else is remembered."""
    shop = Shop(provider, expect)
    order = shop.order()
    shop.deliver(shop.state(order, 3, "deleted"))
    shop.expect_gone(order, "You have only heard that the order was deleted: GET answers 404.")
    shop.deliver(shop.state(order, 1), shop.state(order, 2, "cancelled"))
    shop.expect_gone(order, "The order was deleted with version 3, before you heard of versions 1 and 2.")


def test_after_restart(program, provider, expect):
    """States and tombstones are kept."""
    shop = Shop(provider, expect)
    alive, dead = shop.state(shop.order(), 3, "paid"), shop.order()
    shop.deliver(alive, shop.state(dead, 3, "deleted"))
    program.restart()
    shop.deliver(shop.state(alive["order"], 2), shop.state(dead, 2))
    kept = "Only what lies in $DATA_DIR outlives a restart."
    shop.expect_state(alive, "The program was started again, then an older version came.", kept)
    shop.expect_gone(
        dead, "The program was started again, then an older version of a deleted order came.", kept
    )


# -- 4: many at once --------------------------------------------------------------------------------


def test_many_versions(program, provider, expect):
    """Twenty versions of one order at the same moment, to two processes, end in the highest."""
    shop = Shop(provider, expect)
    with program.second() as other:
        for _ in range(2):
            order = shop.order()
            first, *others, last = [shop.state(order, version) for version in range(1, 21)]
            shop.deliver(first)
            # The last one sets out first, so that there are others that could overwrite it.
            told = [shop.told(last), *provider.reordered([shop.told(state) for state in others])]
            provider.deliver_together(told, to=[program, other])
            why = "Versions 2 to 20 came at the same moment: the state is version 20, whomever you ask."
            for each in (program, other):
                shop.expect_state(last, why, ONE_STEP, to=each)


# -- 5: events that only knock ----------------------------------------------------------------------


def test_fetches_state(provider, expect):
    """The state comes from the API, and may be newer than the event."""
    shop = Shop(provider, expect)
    order = shop.order()
    now = shop.state(order, 6, "paid")
    shop.serve(now)
    answer = provider.send(shop.knock(order))
    expect.accepted(answer, "order.changed is accepted once you know the state.")
    shop.expect_state(
        now, "order.changed holds no state: ask the API, and keep what it says.", "Is the API asked?"
    )
    targets = [call.request.target for call in provider.api.calls()]
    expect.equal(targets, [f"/orders/{order}"], "One event, one question: GET $API_URL/orders/<order>.")
    shop.deliver(shop.state(order, 5))
    shop.expect_state(now, "What you were told by the API has a version as well, and version 5 is older.")


def test_stale_answer(provider, expect):
    """An answer of the API that was overtaken by an event changes nothing."""
    shop = Shop(provider, expect)
    order = shop.order()
    shop.serve(shop.state(order, 3))
    held = provider.api.hold()
    knock = provider.start_sending(shop.knock(order))
    asked = held.wait_until_reached(before=knock)
    expect.that(asked, "order.changed holds no state: ask the API.", "a question to the API", "none")
    newer = shop.state(order, 5, "paid")
    shop.deliver(newer)
    held.release()
    expect.accepted(knock.answer(), "order.changed is accepted once you know the state.")
    why = (
        "While the API's answer (version 3) was on its way, version 5 arrived. The latest state is version 5."
    )
    shop.expect_state(newer, why, SAME_DOOR)


def test_api_fails(provider, expect):
    """When the API can't be asked, however often, the delivery is answered so that it comes again."""
    shop = Shop(provider, expect)
    order = shop.order()
    now = shop.state(order, 2, "paid")
    knock = shop.knock(order)
    why = "The API gave no answer that helps, so you don't know the state. A 2xx would end it here."
    again = "Answer 503: the provider comes again, and then you ask again."
    provider.api.script(lambda call: (503, {"error": "not now"}))
    expect.not_accepted(provider.send(knock), why, help=again)
    shop.expect_gone(order, "Nothing is known of this order yet.")
    shop.serve(now)
    expect.accepted(provider.deliver(knock), "The API answers again, and so this delivery can be accepted.")
    shop.expect_state(
        now, "The provider came again, and this time the API answered.", "Is the API asked again?"
    )
    provider.api.lose(times=100)
    expect.not_accepted(provider.send(shop.knock(order)), why, help=again)


def test_api_knows_nothing(provider, expect):
    """404 from the API changes nothing, and is no failure."""
    shop = Shop(provider, expect)
    known = shop.state(shop.order(), 2, "paid")
    shop.deliver(known)
    shop.serve()
    for order in (known["order"], shop.order()):
        why = "The API does not know this order (404). Asking again will not help, so accept the event."
        expect.accepted(provider.send(shop.knock(order)), why)
    why = "The API's 404 is no deletion: that would be an event with a version. Keep what you have."
    shop.expect_state(known, why, "What does your program do with a 404?")
