"""Plays a busy day: large bodies, stalled clients, slow and failing work, and somebody who reads the log."""

import json
import re
from dataclasses import dataclass

LIMIT = 1024 * 1024
PLACES = 2
VERDICTS = ("accepted", "refused", "invalid", "too-large", "busy", "failed")

A_MOMENT = 1.5
"""Seconds for an answer that must not wait for anything; a right program needs a few thousandths of one."""

THE_WORK = 2.0
"""Seconds until a delivery is in work."""

A_LINE = 0.6
"""Seconds for a line of the log, which may be written a little later than the answer."""

FEWER = 0.4
"""What was waited for in vain gets this share of the seconds from then on: the run has failed already."""

in_vain = set()
"""For how many seconds something was waited for in vain in this run."""

BEFORE_READING = "Does the limit look at the announced length, before it reads?"
EVERY_WAY_OUT = "Each way out of your function needs its line: one function for all of them is easiest."
ONE_LINE = "Let a JSON library write the line: it escapes whatever would break it."
GIVE_BACK = "A place has to be given back whatever happens: think of `finally`."


def patience(seconds):
    return seconds * FEWER if seconds in in_vain else seconds


@dataclass(frozen=True)
class Day:
    """One day of this receiver, seen by its provider and by whoever operates it."""

    program: object
    provider: object
    expect: object

    def event(self, size=0, **data):
        """Make an event; with a size its body has exactly so many bytes."""
        event = self.provider.event("order.paid", order=self.provider.fresh_id("ord"), **data)
        if not size:
            return event
        rest = size - len(event.with_members('"note":""').body)
        return event.with_members(f'"note":"{"x" * rest}"')

    # -- the log ------------------------------------------------------------------------------------

    def lines(self):
        """The log of this check: its lines, each as the JSON object that it holds."""
        found = []
        for line in self.program.printed().split("\n"):
            if not line.startswith("{"):
                continue  # what the framework says at its start
            try:
                found.append(json.loads(line))
            except ValueError:
                why = "A line of the log begins like JSON, and is none."
                self.expect.fail(why, "one JSON object on each line", line[:200], ONE_LINE)
        return found

    def expect_line(self, answer, verdict, event_id, why, help=EVERY_WAY_OUT):
        """The last delivery has left exactly one line: this verdict, this id, the status of its answer."""
        wanted = {"event_id": event_id, "verdict": verdict, "status": answer.status}

        def read():
            seen = (line for line in self.lines() if line.get("verdict") == verdict)
            return [line for line in seen if line.get("event_id") == event_id]

        lines = self.wait_for_lines(read, 1)
        came = self.program.printed()[-400:] or "nothing on standard output"
        self.expect.that(len(lines) >= 1, why, f"a line with {json.dumps(wanted)}", came, help, answer)
        self.expect.equal(
            lines[-1].get("status"),
            answer.status,
            "The line must say the status that was answered.",
            answer=answer,
        )
        took = lines[-1].get("ms")
        fine = isinstance(took, int | float) and not isinstance(took, bool) and took >= 0
        self.expect.that(
            fine,
            "The line must say in `ms` how long it took, as a number.",
            "a number",
            repr(took),
            answer=answer,
        )
        return lines[-1]

    def wait_for_lines(self, read, number):
        """What is read of the log, when it has so many lines, or when they don't come."""
        self.program.wait_until_printed(
            lambda texts: "all" if len(read()) >= number else "", patience(A_LINE)
        )
        lines = read()
        if len(lines) < number:
            in_vain.add(A_LINE)
        return lines

    # -- the metrics --------------------------------------------------------------------------------

    def metrics(self):
        """What GET /metrics says: the text, the number of each verdict, the number in work."""
        answer = self.provider.get("/metrics", timeout=A_MOMENT)
        self.expect.accepted(answer, "GET /metrics must answer, also on a busy day.")
        text = answer.body.decode(errors="replace")
        counts = dict.fromkeys(VERDICTS, 0)
        for verdict, number in re.findall(
            r'^webhook_deliveries_total\{verdict="([a-z-]+)"\} (\d+)(?:\.0)?$', text, re.MULTILINE
        ):
            counts[verdict] = int(number)
        in_work = re.search(r"^webhook_in_work (\d+)(?:\.0)?$", text, re.MULTILINE)
        why = "GET /metrics must have a line `webhook_in_work` with a number."
        self.expect.that(
            in_work is not None, why, "webhook_in_work 0", text[:400] or "nothing", answer=answer
        )
        return text, counts, int(in_work[1]), answer

    # -- taking places ------------------------------------------------------------------------------

    def send_now(self, why, help="", event=None, **dials):
        """Send a delivery that must not wait for anything; returns its answer."""
        sent = self.provider.start_sending(event or self.event(), **dials)
        if not sent.wait_until_over(patience(A_MOMENT)):
            in_vain.add(A_MOMENT)
            self.expect.fail(why, f"an answer within {A_MOMENT:g} s", "no answer", help)
        return sent.answer()

    def hold(self):
        """Start a delivery that stands still in the work; returns its event, its hold and the delivery."""
        event = self.event()
        hold = self.program.hold(f"work-{event.id}")
        sent = self.provider.start_sending(event)
        reached = hold.wait_until_reached(patience(THE_WORK), before=sent)
        if not reached and not sent.is_over:
            in_vain.add(THE_WORK)
        why = "A delivery that is right must reach the work before it is answered."
        self.expect.that(reached, why, "a call of the given work", "no call")
        return event, hold, sent

    def release(self, *held):
        for event, hold, sent in held:
            hold.release()
            why = f"The work for {event.id} is done, so its delivery must be answered with 2xx."
            self.expect.accepted(sent.answer(), why)


# -- 1: a body has a limit --------------------------------------------------------------------------


def test_size_limit(program, provider, expect):
    """A body of exactly the limit gets in, and one with a byte more does not."""
    day = Day(program, provider, expect)
    for size in (200_000, LIMIT):
        answer = provider.send(day.event(size))
        expect.accepted(answer, f"A body of {size} bytes is within the limit of {LIMIT}.")
    answer = provider.send(day.event(LIMIT + 1))
    why = f"A body of {LIMIT + 1} bytes is one byte too large: answer 413."
    expect.status(answer, 413, why, help="The limit is 1 MiB: 1024 times 1024 bytes.")
    day.expect_line(answer, "too-large", None, "What was too large leaves a line as well.")


def test_announced_too_large(program, provider, expect):
    """A body that announces too much is refused before it comes."""
    day = Day(program, provider, expect)
    answer = provider.send(day.event(4 * LIMIT), way="announced", timeout=A_MOMENT)
    why = "The head announced 4 MiB, and no byte of them came: the answer 413 needs no reading."
    expect.status(answer, 413, why, help=BEFORE_READING)
    expect.accepted(provider.send(day.event()), "The next delivery must get in as always.")


def test_too_large_in_chunks(program, provider, expect):
    """A body without an announced length has the same limit."""
    day = Day(program, provider, expect)
    expect.accepted(provider.send(day.event(), chunked=True), "A small body in chunks is fine.")
    answer = provider.send(day.event(3 * LIMIT), chunked=True)
    why = "A body in chunks announces no length, and this one is too large: answer 413."
    expect.status(answer, 413, why, help="Count while you read. The length in the head is only a claim.")


def test_stalled_client(program, provider, expect):
    """While one client stalls, the others are served."""
    day = Day(program, provider, expect)
    stalled = provider.start_sending(day.event(5000), way="announced", timeout=10.0)
    stalled.wait_until_sent()
    try:
        for _ in range(2):
            why = (
                "Another client has announced a body and sends nothing. That must not keep this one waiting."
            )
            answer = day.send_now(why, "Can your server do two things at once?")
            expect.accepted(answer, "While another client stalls, a delivery is accepted as always.")
    finally:
        stalled.hang_up()


# -- 2: so has the work -----------------------------------------------------------------------------


def test_busy(program, provider, expect):
    """With all places taken the next one is sent away at once, and told when to come again."""
    day = Day(program, provider, expect)
    held = [day.hold() for _ in range(PLACES)]
    late = day.event()
    why = f"$MAX_IN_WORK is {PLACES}, and {PLACES} deliveries are in work: the next one gets 503, at once."
    help = "Waiting would be worse: the sender gives up, and you have the work all the same."
    answer = day.send_now(why, help, late)
    expect.status(answer, 503, why, help=help)
    after = answer.header("Retry-After")
    fine = after is not None and after.isascii() and after.isdigit() and int(after) >= 1
    why = "A 503 must say in Retry-After after how many seconds to come again."
    expect.that(
        fine,
        why,
        "Retry-After: 1, or more",
        f"Retry-After: {after}" if after else "no Retry-After",
        answer=answer,
    )
    day.expect_line(answer, "busy", late.id, "Who was sent away leaves a line as well.")
    day.release(*held)


def test_strangers_take_no_place(program, provider, expect):
    """What is refused takes no place, and is refused whether or not there is one."""
    day = Day(program, provider, expect)
    held = [day.hold()]
    for _ in range(2 * PLACES):
        why = "A forged delivery must be refused, at once."
        expect.refused(day.send_now(why, signature="wrong-secret"), why)
    help = "Take a place only for a delivery that is right, and give each place back once."
    held.append(day.hold())
    why = "All places are taken. That is no news for a stranger: refuse as always."
    expect.refused(day.send_now(why, help, signature="wrong-secret"), why, help=help)
    why = "Strangers were refused meanwhile; all places are still taken."
    expect.status(day.send_now(why, help), 503, why, help=help)
    day.release(*held)


def test_free_again(program, provider, expect):
    """A place is free again after the work, and after work that failed."""
    day = Day(program, provider, expect)
    for _ in range(PLACES + 1):
        program.fail_once("work-fail")
        why = (
            "The work failed. That is neither done nor refused: answer 500, so that the provider comes again."
        )
        expect.status(day.send_now(why, GIVE_BACK), 500, why, help=GIVE_BACK)
    day.release(*[day.hold() for _ in range(PLACES)])
    why = "Nothing is in work any more, so there is a place."
    expect.accepted(day.send_now(why, GIVE_BACK), why, help=GIVE_BACK)


# -- 3: one line for each delivery ------------------------------------------------------------------


def test_one_line_each(program, provider, expect):
    """A delivery leaves exactly one line, with id, type, verdict, status and time."""
    day = Day(program, provider, expect)
    events = [day.event() for _ in range(4)]
    for event in events:
        answer = provider.send(event)
        expect.accepted(answer, "This delivery is right.")
        line = day.expect_line(answer, "accepted", event.id, "A delivery that was accepted leaves a line.")
        expect.equal(line.get("type"), event.type, "The line must name the event's type.", answer=answer)
    ids = [line.get("event_id") for line in day.lines()]
    why = "Each delivery leaves one line."
    expect.equal(ids, [event.id for event in events], why)


def test_every_verdict(program, provider, expect):
    """Every way in which a delivery can end has its word."""
    day = Day(program, provider, expect)
    answer = provider.send(day.event(), signature="wrong-secret")
    day.expect_line(answer, "refused", None, "A forged delivery leaves a line: refused.")
    answer = provider.send(day.event().with_body(b'{"id":'))
    expect.status(answer, 400, "The signature is right, and the body is no event: answer 400.")
    day.expect_line(answer, "invalid", None, "A signed body that is no event leaves a line: invalid.")
    program.fail_once("work-fail")
    failing = day.event()
    answer = provider.send(failing)
    day.expect_line(answer, "failed", failing.id, "A delivery whose work failed leaves a line: failed.")
    good = day.event()
    answer = provider.send(good)
    day.expect_line(answer, "accepted", good.id, "A delivery that was accepted leaves a line: accepted.")
    verdicts = [line.get("verdict") for line in day.lines()]
    why = "Four deliveries leave four lines, in the order in which they were answered."
    expect.equal(verdicts, ["refused", "invalid", "failed", "accepted"], why, help=EVERY_WAY_OUT)


def test_odd_words(program, provider, expect):
    """Whatever an id or a type holds, it stays inside of its line."""
    day = Day(program, provider, expect)
    forged = '{"event_id":"evt_0","verdict":"accepted"}'
    odd = (
        "two\nlines",
        f"x\r\n{forged}",
        '"quoted" \\ and } more',
        "\x1b[2J\x1b[31mred",
        "Zoë 東京 \u2028",
        "\ud800",
        "",
    )
    for text in odd:
        event_id = f"{provider.fresh_id('evt')}{text}"
        event = provider.event("order.paid").with_body(
            json.dumps({"id": event_id, "type": f"a{text}", "data": {}}).encode()
        )
        answer = provider.send(event)
        why = "An odd id is no mistake: the delivery must be accepted."
        expect.accepted(
            answer, why, help="What did your program print? Writing the line must not fail either."
        )
        line = day.expect_line(
            answer, "accepted", event_id, "The line must hold the id as it came.", help=ONE_LINE
        )
        expect.equal(
            line.get("type"),
            f"a{text}",
            "The line must hold the type as it came.",
            help=ONE_LINE,
            answer=answer,
        )
    expect.equal(len(day.lines()), len(odd), "Each of these deliveries leaves one line.", help=ONE_LINE)
    raw = program.printed()
    expect.that(
        "\x1b" not in raw,
        "A terminal obeys the character ESC: it must not stand in the log as such.",
        "no ESC",
        repr(raw[-200:]),
        ONE_LINE,
    )


def test_stranger_not_quoted(program, provider, expect):
    """Nothing that a stranger sent is in the log."""
    day = Day(program, provider, expect)
    event = day.event()
    answer = provider.send(event, signature="wrong-secret")
    expect.refused(answer, "A forged delivery must be refused.")
    day.expect_line(
        answer, "refused", None, "Before the signature is right there is no id: the line says null."
    )
    printed = program.printed() + program.printed("stderr")
    why = "A stranger chose these words, and they stand in your log."
    expect.that(
        event.id not in printed,
        why,
        "no word of the stranger",
        event.id,
        "Parse and print only what was verified.",
        answer,
    )


def test_nothing_private(program, provider, expect):
    """No secret, no signature and nothing of the data is in the log, however the delivery ended."""
    day = Day(program, provider, expect)
    private = provider.fresh_id("card")
    bodies = [day.event(card=private) for _ in range(2)]
    provider.send(bodies[0])
    program.fail_once("work-fail")
    provider.send(bodies[1])
    last = day.event()
    answer = provider.send(last)
    expect.accepted(answer, "This delivery is right.")
    day.expect_line(answer, "accepted", last.id, "A delivery that was accepted leaves a line.")
    printed = program.printed() + program.printed("stderr")
    help = "The log gets the id and the type. Who reads logs is not always who may read the data."
    for what, text in (
        ("The customer's card", private),
        ("The secret", provider.secret),
        ("A signature", "sha256="),
    ):
        expect.that(text not in printed, f"{what} is in the log.", "no such text", text, help)


# -- 4: errors that help, and tell nothing ----------------------------------------------------------


def test_errors_are_json(program, provider, expect):
    """Whatever is refused, the answer is JSON with a text `error`."""
    day = Day(program, provider, expect)
    provider.send(day.event())
    answers = {
        "A forged delivery": (provider.send(day.event(), signature="missing"), (400, 401, 403)),
        "A signed body that is no event": (provider.send(day.event().with_body(b"[]")), (400,)),
        "A body that is too large": (
            provider.send(day.event(2 * LIMIT)),
            (413,),
        ),
        "A path that is not there": (provider.get("/nowhere"), (404,)),
        "GET on the webhook's path": (provider.get("/webhook"), (404, 405)),
    }
    for what, (answer, statuses) in answers.items():
        expect.status(answer, statuses, f"{what} gets another status.")
        value = answer.json()
        fine = isinstance(value, dict) and isinstance(value.get("error"), str) and value["error"] != ""
        came = f"{answer.header('Content-Type')}: {answer.body[:120].decode(errors='replace')}"
        help = "Frameworks answer with pages for people. A machine asked."
        expect.that(fine, f"{what} must be answered with JSON.", '{"error": "..."}', came, help, answer)
        kind = (answer.header("Content-Type") or "").split(";")[0].strip().lower()
        is_json = kind == "application/json" or kind.endswith("+json")
        expect.that(
            is_json, f"{what} must be answered with JSON, and say so.", "application/json", came, help, answer
        )


def test_failure_stays_inside(program, provider, expect):
    """What went wrong inside is not told outside."""
    day = Day(program, provider, expect)
    provider.send(day.event())
    program.fail_once("work-fail")
    answer = provider.send(day.event())
    expect.status(answer, 500, "The work failed: answer 500, so that the provider comes again.")
    body = answer.body.decode(errors="replace")
    why = "The answer tells strangers what your machines are called, or how your program is built."
    help = "The error's text is for your log. The answer says that it failed, and no more."
    for text in ("db.internal", "correct-horse", "Traceback", "receiver.", "node_modules"):
        expect.that(text not in body, why, "no details", body[:300], help, answer)
    value = answer.json()
    fine = isinstance(value, dict) and isinstance(value.get("error"), str)
    expect.that(
        fine, "A failure is answered with JSON as well.", '{"error": "..."}', body[:200], help, answer
    )


# -- 5: numbers for the wall ------------------------------------------------------------------------


def test_counts(program, provider, expect):
    """Each delivery is counted once, under its verdict."""
    day = Day(program, provider, expect)
    _, before, _, _ = day.metrics()
    good = provider.random.randrange(2, 6)
    for _ in range(good):
        provider.send(day.event())
    forged = provider.random.randrange(3, 9)
    for _ in range(forged):
        provider.send(day.event(), signature="wrong-secret")
    provider.send(day.event().with_body(b"null"))
    program.fail_once("work-fail")
    provider.send(day.event())
    provider.send(day.event(2 * LIMIT))
    held = [day.hold() for _ in range(PLACES)]
    day.send_now("All places are taken: the next delivery gets 503, at once.")
    day.release(*held)
    sent = good + forged + 3 + PLACES + 1
    verdicts = [line.get("verdict") for line in day.wait_for_lines(day.lines, sent)]
    _, after, _, answer = day.metrics()
    for verdict in VERDICTS:
        counted = after[verdict] - before[verdict]
        why = f"The number of {verdict} deliveries is another one than the number of lines that say so."
        expect.equal(
            counted, verdicts.count(verdict), why, help="Count where you write the line.", answer=answer
        )
    grown = {
        verdict: after[verdict] - before[verdict]
        for verdict in ("refused", "invalid", "too-large", "busy", "failed")
    }
    wanted = {"refused": forged, "invalid": 1, "too-large": 1, "busy": 1, "failed": 1}
    expect.equal(grown, wanted, "Each delivery is counted once, under its verdict.", answer=answer)


def test_few_lines(program, provider, expect):
    """The metrics don't grow with the events."""
    day = Day(program, provider, expect)
    provider.send(day.event())
    text, _, _, _ = day.metrics()
    events = [day.event() for _ in range(12)]
    for event in events:
        provider.send(event)
    later, _, _, answer = day.metrics()
    help = (
        "A label with an id makes a new line for each event, until the machine that collects them gives up."
    )
    grown = len(later.splitlines()) - len(text.splitlines())
    expect.equal(grown, 0, "Twelve more events must not make the metrics longer.", help=help, answer=answer)
    found = [event.id for event in events if event.id in later]
    expect.equal(found, [], "An id has no place in the metrics.", help=help, answer=answer)


def test_in_work(program, provider, expect):
    """The number in work goes up and down again."""
    day = Day(program, provider, expect)
    help = "It is the number of places that are taken at this moment."
    _, _, number, answer = day.metrics()
    expect.equal(number, 0, "Nothing is in work.", help=help, answer=answer)
    held = []
    for place in range(1, PLACES + 1):
        held.append(day.hold())
        _, _, number, answer = day.metrics()
        expect.equal(number, place, f"In work: {place}.", help=help, answer=answer)
    day.release(*held)
    _, _, number, answer = day.metrics()
    expect.eventually(lambda: day.metrics()[2], 0, "All work is done.", help=help)
