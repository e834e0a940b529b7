"""Plays a provider which knows nothing of its receiver but the address."""

TYPES = ("invoice.paid", "customer.created", "order.shipped", "ticket.closed", "parcel.delivered")
LESSON_HELP = "Compare your route and your answer with the lesson's first example."


def fresh_event(provider):
    """An event that the README does not show."""
    amount = provider.random.randrange(100, 1_000_000)
    return provider.event(provider.random.choice(TYPES), invoice="inv_1007", amount=amount)


WEBHOOK_FIRST = "This can only be judged once POST /webhook itself is answered with 2xx."
ANY_2XX = "A provider takes any status from 200 to 299 as 'received', and nothing else."


def expect_accepted(answer, expect, why=ANY_2XX):
    expect.accepted(answer, why, help=LESSON_HELP)


def expect_printed(answer, program, expect, rationale, *fragments, help):
    # Who refuses a delivery will hardly print it a moment later: then a short look is enough.
    seconds = 0.8 if answer.accepted else 0.1
    expect.printed(program, *fragments, rationale=rationale, help=help, timeout=seconds, answer=answer)


def test_answers_2xx(program, provider, expect):
    """A delivery is answered with a success status."""
    expect_accepted(provider.send(fresh_event(provider)), expect)


def test_prints_id(program, provider, expect):
    """The id of the event that arrived is printed."""
    event = fresh_event(provider)
    answer = provider.send(event)
    expect_printed(
        answer,
        program,
        expect,
        "The line that you print must hold the id of the event that just arrived.",
        event.id,
        help="The id is the value under the key 'id' of the JSON body. Is it printed to standard output?",
    )


def test_prints_type(program, provider, expect):
    """The type of the event that arrived is printed."""
    event = fresh_event(provider)
    answer = provider.send(event)
    expect_printed(
        answer,
        program,
        expect,
        "The line that you print must hold the type of the event that just arrived.",
        event.type,
        help="The type is the value under the key 'type' of the JSON body.",
    )


def test_prints_one_line(program, provider, expect):
    """Id and type are printed on the same line."""
    event = fresh_event(provider)
    answer = provider.send(event)
    expect_printed(
        answer,
        program,
        expect,
        "Id and type belong on one line, because lines of several deliveries can get mixed.",
        event.id,
        event.type,
        help="Each print() or console.log() ends its line. One of them can take several values.",
    )


def test_prints_each_delivery(program, provider, expect):
    """Every delivery leaves its own line."""
    for event in (fresh_event(provider), fresh_event(provider), fresh_event(provider)):
        answer = provider.send(event)
        expect_printed(
            answer,
            program,
            expect,
            "Every event is news of its own, so each delivery is printed, not only one of them.",
            event.id,
            help="Three events were sent, one after another. Which of them is missing in the output?",
        )


def test_spaced_json(program, provider, expect):
    """An event written with spaces and line breaks is the same event."""
    event = fresh_event(provider).written(indent=4)
    answer = provider.send(event)
    expect_accepted(answer, expect, "JSON may hold spaces and line breaks; the event is the same.")
    expect_printed(
        answer,
        program,
        expect,
        "JSON may hold spaces and line breaks, so read it with a JSON parser and not as text.",
        event.id,
        help="Does your program search the body's text for something? A JSON parser reads every spelling.",
    )


def test_charset_named(program, provider, expect):
    """A content type with a parameter is accepted."""
    event = fresh_event(provider)
    answer = provider.send(event, content_type="application/json; charset=utf-8")
    expect_accepted(answer, expect, "'application/json; charset=utf-8' is JSON, too; many senders write it.")
    expect_printed(
        answer,
        program,
        expect,
        "An event whose content type names its charset is an event like any other.",
        event.id,
        help="Does your program compare the whole content type with 'application/json'?",
    )


def test_other_path(program, provider, expect):
    """Only the path /webhook is answered with 2xx."""
    expect_accepted(provider.send(fresh_event(provider)), expect, WEBHOOK_FIRST)
    for path in ("/", "/webhooks", f"/{provider.event().id}"):
        answer = provider.send(fresh_event(provider), path=path)
        expect.not_accepted(
            answer,
            f"Nothing lives at {path}: a 2xx would tell a sender with a wrong address that all is well.",
            help="Which paths does your program answer? Only /webhook should get a 2xx.",
        )


def test_other_method(program, provider, expect):
    """Only POST is answered with 2xx."""
    expect_accepted(provider.send(fresh_event(provider)), expect, WEBHOOK_FIRST)
    expect.not_accepted(
        provider.get("/webhook"),
        "A GET only looks at something; it delivers no event, so there is nothing to say 2xx to.",
        help="Which methods does your route allow? Deliveries come with POST.",
    )
    for method in ("PUT", "DELETE"):
        expect.not_accepted(
            provider.send(fresh_event(provider), method=method),
            f"Deliveries come with POST; a {method} must not look as if it had been received.",
            help="Which methods does your route allow? Deliveries come with POST.",
        )
