"""Plays a provider which lists its events, calls as well, and is not always in the mood to answer."""

import threading
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

PAGE, OVERLAP = 100, 5_000
QUICK, SLOW = 10, 60_000
"""Milliseconds between two polls."""

SOON, SOONER, A_MOMENT = 3.0, 0.5, 0.2
"""Seconds for what a program does by itself. Only wrong programs take them; see DESIGN.md."""

SILENT = 0.8
"""Who asked for nothing in this part of such a time is taken for dead until its next start."""

MOST_WALKS = 15
"""Who has begun so often, and never come to a last page, never will."""

PUSHES = 10
"""Deliveries that pass while a program must not ask."""

STATS = 'GET /stats must answer {"poll": {"requests", "events", "delay_ms", "wait_ms"}, "push": {...}}.'
NEXT = "Where `next` is not null there is more: ask for that page, whatever is on this one."
CURSOR = "Where does a poll begin: what is the cursor, and when is it moved?"
BEHIND = "Begin each poll $OVERLAP_MS before the newest event that you have; the store knows what came twice."
GO_ON = "A request that fails is one request. Does the loop go on, and does the cursor stay where it was?"
WAIT = "The provider's Retry-After is in seconds. Wait so long, or $POLL_INTERVAL_MS where that is longer."
COUNT = "Count each request when it is made, whatever comes of it."
KEY = "By which key do both ways keep an event?"
FIRST_KEEP = "Keep first, then move the cursor: it says what you have, not what you are about to have."
WAYS = ("poll", "push")
NUMBERS = (
    ("poll", "requests"),
    ("poll", "events"),
    ("poll", "wait_ms"),
    ("push", "requests"),
    ("push", "events"),
)


@dataclass(eq=False)
class Feed:
    """The provider's list of events, page by page. One for a whole run; its clock runs in the past."""

    began: int = field(default_factory=lambda: int(time.time() * 1000) - 3_600_000)
    now: int = 0
    events: list = field(default_factory=list)
    sizes: tuple = (PAGE,)
    plans: list = field(default_factory=list)  # (for the first page or a next one, what is answered)
    door: str = ""  # the path of whoever was started last; who was killed may still be on the line
    doors: int = 0
    asked: int = 0
    heard: float = 0.0  # when it was asked last, on the monotonic clock
    walks: int = 0  # how many began
    since: int = 0  # where the latest one began
    ends: list = field(default_factory=list)  # the number of each walk that came to its last page
    changed: threading.Condition = field(default_factory=threading.Condition)

    def begin(self, sizes):
        """Begin a check: a while later nothing old is listed any more."""
        with self.changed:
            self.now = (self.now or self.began) + 10 * OVERLAP
            self.events, self.sizes, self.plans = [], sizes, []

    def open_door(self):
        """Return the path for a program that is about to be started."""
        with self.changed:
            self.doors += 1
            self.door = f"/shop-{self.doors}"
        return self.door

    def happen(self, provider, number=1, step=1):
        """Let events happen, the clock going on by `step` milliseconds before each; returns them."""
        with self.changed:  # whoever is told the clock has been told of the events
            new = []
            for _ in range(number):
                self.now += step
                new.append(told(provider, self.now))
            self.events += new
        return new

    def add(self, *events):
        with self.changed:
            self.events += events
            self.now = max(self.now, *(event["created"] for event in events))

    def plan(self, *plans):
        """Answer otherwise, in this order: each plan is for the next `first` request or the next `page`."""
        with self.changed:
            self.plans = list(plans)

    def wait_for(self, condition, seconds):
        with self.changed:
            return self.changed.wait_for(condition, seconds)

    # -- what the program gets ----------------------------------------------------------------------

    def answer(self, call):
        target = urlsplit(call.request.target)
        asked = {name: values[0] for name, values in parse_qs(target.query).items()}
        with self.changed:
            if target.path != f"{self.door}/events":
                return 404, {"error": "the list is at $PROVIDER_URL/events"}
            self.asked, self.heard = self.asked + 1, time.monotonic()
            answer = self._planned("page" if "page" in asked else "first") or self._page(asked)
            self.changed.notify_all()
        return answer

    def _planned(self, kind):
        if self.plans and self.plans[0][0] == kind:
            return self.plans.pop(0)[1]
        return None

    def _page(self, asked):
        try:
            start = _place(asked["page"]) if "page" in asked else (int(asked["since"]), "")
        except (KeyError, ValueError):
            return 400, {"error": "ask for /events?since=<milliseconds> or /events?page=<next>"}
        if "page" not in asked:
            self.walks, self.since = self.walks + 1, start[0]
        rest = sorted((each for each in self.events if _key(each) > start), key=_key)
        page = rest[: self.sizes[self.asked % len(self.sizes)]]
        more = _token(_key(page[-1]) if page else start) if len(rest) > len(page) else None
        if more is None:
            self.ends.append(self.walks)
        return {"events": page, "next": more, "now": self.now}


def told(provider, created):
    """Make an event as the list tells it."""
    event = provider.event()
    return {"id": event.id, "type": event.type, "created": created, "data": dict(event.data)}


def _key(event):
    return event["created"], event["id"]


def _token(key):
    return f"{key[0]}.{key[1]}"[::-1].encode().hex()


def _place(token):
    created, _, name = bytes.fromhex(token).decode()[::-1].partition(".")
    return int(created), name


FEED = Feed()
in_vain, given_up = [], set()
"""What was waited for in vain in this run; the starts after which a program asked for nothing any more."""


@dataclass(frozen=True)
class Office:
    """The provider with its list, the program, and what is required of it."""

    program: object
    provider: object
    expect: object
    feed: Feed = FEED

    def begin(self, sizes=(PAGE,)):
        """Begin a check with a program that polls; returns what it has kept before."""
        self.provider.api.script(self.feed.answer, stays=True)
        self.feed.begin(sizes)
        if not self.feed.door or not self.program.running:
            self.restart()
        return self.kept()

    def restart(self, interval=QUICK):
        self.program.stop()
        self.start(interval)

    def start(self, interval=QUICK):
        url = self.provider.api.url + self.feed.open_door()
        env = {"PROVIDER_URL": url, "POLL_INTERVAL_MS": str(interval), "OVERLAP_MS": str(OVERLAP)}
        self.program.start(env)

    def happen(self, number=1, step=1):
        return self.feed.happen(self.provider, number, step)

    def push(self, event):
        """Deliver an event that the list has, too, or will have."""
        made = self.provider.event(event["type"], **event["data"]).with_id(event["id"])
        answer = self.provider.send(made.with_members(f'"created":{event["created"]}'))
        self.expect.accepted(answer, "A delivery to POST /webhook must be answered with 2xx, as ever.")

    # -- what the program shows ---------------------------------------------------------------------

    def stats(self):
        answer = self.provider.get("/stats")
        value = self.expect.json(answer, STATS)
        fine = all(isinstance(value.get(way), dict) for way in WAYS)
        fine = fine and all(_is_number(value[way].get(name)) for way, name in NUMBERS)
        self.expect.that(fine, STATS, "these numbers", str(value), "The route is given.", answer)
        return value

    def kept(self):
        stats = self.stats()
        return {way: stats[way]["events"] for way in WAYS}

    @property
    def patience(self):
        """Seconds; none for a program that asks for nothing since its start, few where none ever asked."""
        if self.program.number in given_up:
            return 0.0
        return SOONER if in_vain and not self.feed.asked else SOON

    def settle(self, walks=3):
        """Wait for the end of a third walk: what the two before it could find is kept by then."""
        mark, asked, patience = self.feed.walks, self.feed.asked, self.patience

        def are_over():
            over = sum(number > mark for number in self.feed.ends)
            return over >= walks or self.feed.walks >= mark + MOST_WALKS

        if self.feed.wait_for(are_over, patience):
            return
        self.give_up(patience)
        came = f"{self.feed.walks - mark} polls, {self.feed.asked - asked} requests"
        why = "Your program must ask GET $PROVIDER_URL/events?since=... again and again, in each poll."
        self.expect.fail(why, "a third poll soon", came, GO_ON)

    def give_up(self, patience):
        """Expect nothing more of a program that was silent for all the time in which it was waited for."""
        in_vain.append(self.program.number)
        if time.monotonic() - self.feed.heard > patience * SILENT:
            given_up.add(self.program.number)

    def expect_kept(self, before, why, help=CURSOR, poll=0, push=0, walks=3):
        """So many more events are kept than before: no fewer, and none of them twice."""
        self.settle(walks)
        self.expect_counted(before, why, help, poll, push)

    def expect_counted(self, before, why, help, poll=0, push=0):
        wanted, now = {"more by poll": poll, "more by push": push}, self.more(before)
        if sum(now.values()) > sum(wanted.values()):
            self.expect.equal(now, wanted, f"{why} Some are counted twice.", help)
        self.expect.eventually(lambda: self.more(before), wanted, why, help, A_MOMENT)

    def more(self, before):
        now = self.kept()
        return {f"more by {way}": now[way] - before[way] for way in WAYS}

    def expect_wait(self, milliseconds, why, help):
        """It waits so long, says so, and asks for nothing meanwhile."""
        asked, wanted = self.feed.asked, f"wait_ms from {milliseconds}"

        def waits():
            wait = self.stats()["poll"]["wait_ms"]
            if self.feed.asked > asked:
                self.expect.fail(why, wanted, "the next request", help)
            fine = milliseconds <= wait <= 2 * milliseconds
            if wait > QUICK and not fine:
                self.expect.fail(why, wanted, f"wait_ms: {wait}", help)
            return wanted if fine else f"wait_ms: {wait}"

        self.expect.eventually(waits, wanted, why, help, SOON)
        for event in self.happen(PUSHES):
            self.push(event)
        came = f"requests that came all the same: {self.feed.asked - asked}"
        self.expect.that(self.feed.asked == asked, f"{why} It says so, and asks.", "no request", came, help)

    def expect_asked(self):
        """The planned answers have been given."""
        mark, wanted, patience = self.feed.walks, "all pages asked for", self.patience

        def enough():
            return not self.feed.plans or self.feed.walks >= mark + MOST_WALKS

        if not self.feed.wait_for(enough, patience):
            self.give_up(patience)
        why, left = "Your program must ask for events, page after page.", len(self.feed.plans)
        self.expect.that(not left, why, wanted, f"requests that are missing: {left}", NEXT)


def _is_number(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


# -- 1: read every page -----------------------------------------------------------------------------


def test_one_page(program, provider, expect):
    """What stands on the first page is kept."""
    office = Office(program, provider, expect)
    before = office.begin()
    office.happen(3, step=1_000)
    office.expect_kept(before, "Three events happened, and stand on one page.", poll=3)


def test_all_pages(program, provider, expect):
    """Five hundred events on five pages are kept."""
    office = Office(program, provider, expect)
    before = office.begin()
    # The first page lies within the overlap, so who reads one page in each poll never gets behind it.
    events = [told(provider, office.feed.now + min(at, 99) + max(at - 99, 0) * 50) for at in range(500)]
    office.feed.add(*events)
    office.expect_kept(before, "500 events happened at once, which is five pages.", NEXT, poll=500)


def test_short_pages(program, provider, expect):
    """A page may be short, or empty, and not the last one."""
    office = Office(program, provider, expect)
    before = office.begin(sizes=(2, 0, 3))
    office.happen(9, step=10)
    why = "Nine events stand on pages of 2, 0 and 3: only where `next` is null is the end."
    office.expect_kept(before, why, NEXT, poll=9)


# -- 2: go on where you were ------------------------------------------------------------------------


def test_new_events(program, provider, expect):
    """What happens later is found by a later poll."""
    office = Office(program, provider, expect)
    before = office.begin()
    for number in (1, 2):
        office.happen(step=2 * OVERLAP)
        why = "Another event happened, a while after the last one, and the next poll must find it."
        office.expect_kept(before, why, poll=number)


def test_goes_on(program, provider, expect):
    """A poll does not ask for the whole history again."""
    office = Office(program, provider, expect)
    before = office.begin()
    old = office.happen(30, step=10)
    office.happen(step=4 * OVERLAP)
    office.expect_kept(before, "31 events happened.", poll=31)
    why = "You have had these events for a while: begin near the newest one, not with the whole history."
    expect_begins_after(office, old[-1]["created"], why)


def expect_begins_after(office, moment, why):
    since = office.feed.since
    office.expect.that(since > moment, why, f"since later than {moment}", f"since={since}", CURSOR)


# -- 3: none missed, none twice ---------------------------------------------------------------------


def test_ties(program, provider, expect):
    """Events of the same millisecond are all kept, also where a page ends between them."""
    office = Office(program, provider, expect)
    before = office.begin(sizes=(3,))
    moment = office.feed.now
    office.feed.add(*(told(provider, moment + at) for at in (1, 2, 2, 2, 2, 2, 2, 2, 3)))
    why = "Seven events happened in the same millisecond, and a page ends in their midst: all of them count."
    office.expect_kept(before, why, NEXT, poll=9)


def test_late_tie(program, provider, expect):
    """An event that comes later with the time of the newest one is found."""
    office = Office(program, provider, expect)
    before = office.begin()
    office.happen()
    office.expect_kept(before, "One event happened.", poll=1)
    office.happen(step=0)
    why = "A second event came into the list, of the same millisecond as the newest that you have."
    office.expect_kept(before, why, BEHIND, poll=2)


def test_late_event(program, provider, expect):
    """An event that comes into the list behind the cursor is found."""
    office = Office(program, provider, expect)
    before = office.begin()
    (newest,) = office.happen()
    office.expect_kept(before, "One event happened.", poll=1)
    office.feed.add(told(provider, newest["created"] - OVERLAP * 4 // 5))
    why = (
        "An event came into the list late. It is older than the newest that you have, but within the overlap."
    )
    office.expect_kept(before, why, BEHIND, poll=2)


def test_push_and_poll(program, provider, expect):
    """What comes both ways counts once, for the way by which it came first."""
    office = Office(program, provider, expect)
    before = office.begin()
    pushed = told(provider, office.feed.now)
    office.push(pushed)
    office.feed.add(pushed)
    why = "An event was pushed, and stood in the list a moment later: that is one event, by push."
    office.expect_kept(before, why, KEY, push=1)
    (listed,) = office.happen()
    office.expect_kept(before, "The next event was found by polling first.", poll=1, push=1)
    office.push(listed)
    why = "Then it was pushed as well: it still is one event, by poll."
    office.expect_kept(before, why, KEY, poll=1, push=1)
    for way, value in office.stats().items():
        delay = value.get("delay_ms")
        fine = isinstance(delay, int | float) and not isinstance(delay, bool) and delay >= 0
        why = f"GET /stats must show how late events came by {way}, on average."
        expect.that(fine, why, "milliseconds", str(delay), "The store's summary has it.")


# -- 4: when the provider can't ---------------------------------------------------------------------


def test_error_answers(program, provider, expect):
    """After answers that are no list, everything is found."""
    office = Office(program, provider, expect)
    before = office.begin()
    clock = office.feed.now + 15_000
    office.feed.plan(
        ("first", (500, {"error": "broken", "now": clock})),
        ("first", (503, {"error": "down for repair", "now": clock})),
        ("first", (200, "<p>Back soon</p>")),
        ("first", (200, {"error": "try later", "now": clock})),
        ("first", (404, {"error": "no route", "now": clock})),
        ("first", (429, {"error": "too often", "now": clock})),
    )
    office.happen(4, step=4_000)
    office.expect_asked()
    provider.api.lose()
    why = "Six answers were no list and one did not come. Then the list was there again, with four events."
    office.expect_kept(before, why, GO_ON, poll=4, walks=4)


def test_error_on_a_page(program, provider, expect):
    """When a later page fails, what stands on it is found by the next poll."""
    office = Office(program, provider, expect)
    before = office.begin(sizes=(2,))
    office.feed.plan(("page", (500, {"error": "broken", "now": office.feed.now + 24_000})))
    office.happen(6, step=4_000)
    office.expect_asked()
    why = "The second of three pages failed once. What stands on it, and behind it, is still new."
    office.expect_kept(before, why, GO_ON, poll=6)


def test_counts_pages(program, provider, expect):
    """Each page is a request; so is each delivery."""
    office = Office(program, provider, expect)
    office.begin(sizes=(2,))
    before, asked = office.stats(), office.feed.asked
    office.happen(8, step=10)
    office.settle()
    expect_requests(office, before, asked, "Each poll had four pages, and each page is a request.")
    for event in office.happen(3):
        office.push(event)
    came = office.stats()["push"]["requests"] - before["push"]["requests"]
    expect.equal(came, 3, "Three deliveries came.", COUNT)


def test_counts_failures(program, provider, expect):
    """A request that fails is one, too."""
    office = Office(program, provider, expect)
    office.begin()
    before, asked = office.stats(), office.feed.asked
    office.feed.plan(*[("first", (500, {"error": "broken"}))] * 6)
    office.expect_asked()
    office.settle()
    expect_requests(office, before, asked, "Six requests were answered with 500, and were requests.")


def expect_requests(office, before, asked, why):
    """As many requests were counted as came, give or take those that are on their way."""
    least = office.feed.asked - asked - 2
    count = office.stats()["poll"]["requests"] - before["poll"]["requests"]
    most = office.feed.asked - asked + 2
    office.expect.that(least <= count <= most, why, f"{least} to {most} more", f"{count} more", COUNT)


# -- 5: stop, and go on -----------------------------------------------------------------------------


def test_killed_in_a_page(program, provider, expect):
    """Killed while it keeps a page, it gets the rest of the page after the next start."""
    office = Office(program, provider, expect)
    before = office.begin()
    events = [told(provider, office.feed.now + at * 4_000) for at in range(1, 6)]
    hold = program.hold(f"keep-{events[1]['id']}")
    office.feed.add(*events)
    mark, until = office.feed.walks, time.monotonic() + office.patience
    why = "Each event of the list must be kept by the store's `keep`."
    reached = False
    while not reached and office.feed.walks < mark + 3 and time.monotonic() < until:
        reached = hold.wait_until_reached(0.05)
    expect.that(reached, why, "a call with the second of five new events", "no such call", GO_ON)
    program.kill()
    hold.release()
    office.start()
    why = "The program was killed when it had kept one of five events. The others are still in the list."
    office.expect_kept(before, why, FIRST_KEEP, poll=5)


def test_retry_after(program, provider, expect):
    """A 503 on a later page says how long to wait, and what came before it is kept."""
    office = Office(program, provider, expect)
    before = office.begin(sizes=(2,))
    seconds = provider.random.randrange(3000, 4000)
    busy = (503, {"error": "too much just now"}, (("Retry-After", str(seconds)),))
    office.feed.plan(("page", busy))
    office.happen(6, step=4_000)
    office.expect_asked()
    why = (
        f"Page 2 was answered with 503 and Retry-After: {seconds}. Nothing may be asked for so many seconds."
    )
    office.expect_wait(seconds * 1000, why, WAIT)
    why = "The first page came before the 503, and its two events are kept."
    office.expect_counted(before, why, GO_ON, poll=2, push=PUSHES)


def test_after_restart(program, provider, expect):
    """After a restart it goes on where it was, and finds what happened meanwhile."""
    office = Office(program, provider, expect)
    before = office.begin()
    if not before["poll"]:
        office.happen()
        office.expect_kept(before, "One event happened.", poll=1)
        before = office.kept()
    program.stop()
    office.happen(2, step=4 * OVERLAP)
    mark = office.feed.walks
    office.start(SLOW)
    office.feed.wait_for(lambda: office.feed.ends[-1:] > [mark], office.patience)
    why = "The program was started again: the cursor must be kept in the store, not in a variable."
    expect_begins_after(office, office.feed.began, why)
    office.expect_counted(before, "Two events happened while the program was off.", CURSOR, poll=2)


def test_keeps_the_pause(program, provider, expect):
    """With an interval of a minute it asks once, and no more meanwhile."""
    office = Office(program, provider, expect)
    office.begin()
    if office.stats()["poll"]["wait_ms"] < SLOW:
        asked = office.feed.asked
        office.restart(SLOW)
        office.feed.wait_for(lambda: office.feed.asked > asked, office.patience)
    requests = office.stats()["poll"]["requests"]
    expect.that(requests > 0, "Your program must ask before it waits.", "a request", "none", GO_ON)
    why = "$POLL_INTERVAL_MS is a minute, and the last poll is over: nothing is to be asked meanwhile."
    office.expect_wait(SLOW, why, "Does each poll end with a wait of $POLL_INTERVAL_MS?")
