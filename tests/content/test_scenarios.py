"""Scenario files: what they say, and what is wrong with them, line by line."""

from pathlib import Path

import pytest

from app.content.lint import lint
from app.content.loader import load_course
from app.content.markdown import render
from app.content.scenario_shapes import DeliveryShape
from app.errors import NotFound
from app.provider import wire
from tests.content.samples import LESSON, MANIFEST, write, write_course, write_exercise, write_lesson

SCENARIO = """\
title: Twice
intro: One event comes twice.
values: {account: acct}
steps:
  - say: The provider delivers a payment.
    send: {event: paid, type: payment.succeeded, data: '{"account": "$account", "amount": 5}'}
  - say: A line with $paid appears.
    wait: $paid
  - say: The same again.
    send: {event: paid}
  - say: How much is there?
    get: /accounts/$account
  - say: A stranger tries.
    send: {event: forged, type: payment.succeeded, by: stranger}
  - say: It is started again.
    program: restart
question: How much is there?
answer: Ten.
"""


def write_scenario(root: Path, text: str = SCENARIO, name: str = "twice.yaml") -> Path:
    """Write a scenario of the tiny course's exercise."""
    return write(root / "exercises/01-say-hello/scenarios" / name, text)


def test_a_scenario(tmp_path: Path) -> None:
    """It belongs to its exercise; a stranger sends no signature unless the file says otherwise."""
    write_scenario(write_course(tmp_path))
    course = load_course([tmp_path])
    assert course.problems == ()
    scenario = course.scenario("twice")
    assert (scenario.exercise, scenario.title, len(scenario.steps)) == ("say-hello", "Twice", 6)
    assert course.scenarios_of("say-hello") == (scenario,)
    signatures = [step.send.signature for step in scenario.steps if step.send]
    assert signatures == ["correct", "correct", "missing"]
    with pytest.raises(NotFound, match="Did you mean twice"):
        course.scenario("twise")


DIALS = """\
title: Many ways
intro: Each dial of a delivery.
mistake: silent
values: {account: acct}
steps:
  - say: Exactly these bytes, an hour late, in vain, then again.
    send:
      event: paid
      type: payment.succeeded
      data: '{"account": "$account"}'
      body: '{"id": "$paid",  "amount": 5.0}'
      tamper: {find: "5.0", put: "9.0"}
      attempts: 3
      attempt: 1
      skew: -3600
      way: answer-lost
      path: /other
      headers: {X-Trace: "1"}
    timeout: 0.5
  - say: Two at once.
    together: [{event: paid}, {event: paid, by: stranger}]
    hold: between
  - say: A long wait.
    wait: $paid
    timeout: 4
question: And?
answer: Well.
"""


def test_the_dials_of_a_delivery(tmp_path: Path) -> None:
    """What a file says arrives in the script, and what it leaves out is as usual."""
    write_scenario(write_course(tmp_path), DIALS)
    course = load_course([tmp_path])
    assert course.problems == ()
    script = course.scenario("twice").script()
    first, second, third = script["steps"]
    assert script["mistake"] == "silent"
    sent = first["send"]
    assert (sent["attempts"], sent["attempt"], sent["skew"], first["timeout"]) == (3, 1, -3600, 0.5)
    assert (sent["tamper"], sent["way"], sent["path"]) == (("5.0", "9.0"), "answer-lost", "/other")
    assert (sent["body"], sent["headers"]) == ('{"id": "$paid",  "amount": 5.0}', {"X-Trace": "1"})
    assert [(each["by"], each["signature"], each["attempts"]) for each in second["together"]] == [
        ("provider", "correct", 1),
        ("stranger", "missing", 1),
    ]
    assert (second["send"], second["timeout"], third["timeout"]) == (None, 0.0, 4.0)
    assert (second["hold"], third["hold"]) == ("between", "")


ASKING = """\
title: A new secret
intro: The program gives one out.
values: {tenant: tenant}
steps:
  - say: A secret, please.
    request:
      path: /secrets/$tenant
      headers: {Authorization: Bearer $WEBHOOK_SECRET}
      body: '{"for": "$tenant"}'
      keep: {fresh: secret}
  - say: It signs with it, $fresh.
    send: {event: paid, type: a.b, secret: $fresh}
question: Which one?
answer: The new one.
"""


def test_a_request_keeps_what_it_was_given(tmp_path: Path) -> None:
    """A request that is no delivery is a POST unless it says otherwise; what it keeps signs later ones."""
    write_scenario(write_course(tmp_path), ASKING)
    course = load_course([tmp_path])
    assert course.problems == ()
    asking, sending = course.scenario("twice").steps
    assert asking.request is not None
    assert (asking.request.method, asking.request.path) == ("POST", "/secrets/$tenant")
    assert asking.request.keep == {"fresh": "secret"}
    assert sending.send is not None
    assert sending.send.secret == "$fresh"


ASKED_WRONGLY = {
    "an unknown variable": ("$WEBHOOK_SECRET", "$WEBHOOK_SECRETS", "S011", 8),
    "an unknown word in the path": ("/secrets/$tenant", "/secrets/$tenants", "S011", 7),
    "a secret that nobody gave out": ("secret: $fresh}", "secret: $stale}", "S016", 12),
    "one of two": ("secret: $fresh}", 'secret: "$fresh,stale"}', "S016", 12),
    "an unknown method": ("      path: ", "      method: LOOK\n      path: ", "S020", 7),
    "another action beside it": ("    request:\n", "    get: /x\n    request:\n", "S006", 5),
}


@pytest.mark.parametrize("name", ASKED_WRONGLY)
def test_a_request_is_wrong_where_it_stands(tmp_path: Path, name: str) -> None:
    """Words, variables and secrets of a request are known before they are used."""
    old, new, code, line = ASKED_WRONGLY[name]
    assert ASKING.count(old) == 1
    write_scenario(write_course(tmp_path), ASKING.replace(old, new))
    problems = [(each.line, each.code) for each in load_course([tmp_path]).problems]
    assert (line, code) in problems


def test_the_ways_are_those_of_the_wire() -> None:
    """A scenario can send in each way that the provider can, by the same names."""
    (names,) = [field.annotation for name, field in DeliveryShape.model_fields.items() if name == "way"]
    assert names is not None
    assert names.__args__ == wire.WAYS


MISTAKES = {
    "unknown field": ("title: Twice", "titel: Twice", "S002", 1),
    "missing field": ("answer: Ten.\n", "", "S003", 1),
    "two actions": ("    wait: $paid", "    wait: $paid\n    get: /x", "S006", 7),
    "no action": ("    program: restart\n", "", "S006", 15),
    "unknown event": ("send: {event: paid}", "send: {event: payd}", "S007", 10),
    "event told twice": ("send: {event: paid}", "send: {event: paid, type: a.b}", "S008", 10),
    "data is no JSON": ('"amount": 5}', '"amount": }', "S009", 6),
    "data is no object": ("""'{"account": "$account", "amount": 5}'""", "'[5]'", "S009", 6),
    "unknown signature": ("by: stranger}", "by: stranger, signature: wrong}", "S010", 14),
    "unknown word": ("/accounts/$account", "/accounts/$acount", "S011", 12),
    "unknown deed": ("program: restart", "program: explode", "S020", 16),
    "empty sentence": ("say: The same again.", 'say: ""', "S020", 9),
    "one together": ("send: {event: paid}", "together: [{event: paid}]", "S017", 10),
    "unknown event together": ("send: {event: paid}", "together: [{event: paid}, {event: p}]", "S007", 10),
    "a word in a body": ("send: {event: paid}", "send: {event: paid, body: $payd}", "S011", 10),
    "a service that nobody plays": ("program: restart", "downstream: hold", "S018", 16),
    "an API that nobody plays": ("program: restart", "api: {path: /e, answer: '{}'}", "S018", 16),
    "an API that says no object": ("program: restart", "api: {path: /e, answer: '[$now]'}", "S009", 16),
    "timeout of a deed": ("program: restart", "program: restart\n    timeout: 1", "S012", 17),
    "held inside together": (
        "send: {event: paid}",
        "together: [{event: paid, hold: here}, {event: paid}]",
        "S013",
        10,
    ),
    "held alone": ("send: {event: paid}", "send: {event: paid}\n    hold: here", "S013", 11),
    "held again and again": ("send: {event: paid}", "send: {event: paid, hold: x, attempts: 2}", "S013", 10),
    "unknown mistake": ("values: {account: acct}", "mistake: sleeps", "S019", 3),
    "unknown scheme": ("send: {event: paid}", "send: {event: paid, scheme: githup}", "S014", 10),
    "tampered twice": (
        "send: {event: paid}",
        'send: {event: paid, scheme: github, signature: tampered, tamper: {find: "5", put: "6"}}',
        "S015",
        10,
    ),
    "unknown secret": ("send: {event: paid}", "send: {event: paid, secret: NONE_OF_IT}", "S016", 10),
    "too long": ("wait: $paid", "wait: $paid\n    timeout: 60", "S020", 9),
    "no number": ("send: {event: paid}", "send: {event: paid, attempts: many}", "S020", 10),
    "no YAML": ("title: Twice", "title: [", "Y001", 3),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_where_it_stands(tmp_path: Path, name: str) -> None:
    """Each mistake has its line and code, and disables the scenario and nothing else."""
    old, new, code, line = MISTAKES[name]
    assert SCENARIO.count(old) == 1
    write_scenario(write_course(tmp_path), SCENARIO.replace(old, new))
    course = load_course([tmp_path])
    found = [(each.path, each.line, each.code) for each in course.problems]
    assert ("exercises/01-say-hello/scenarios/twice.yaml", line, code) in found
    assert course.scenarios == ()
    assert [step.id for step in course.steps] == ["greeting", "say-hello", "hello-quiz"]


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    """One look tells everything."""
    text = SCENARIO.replace("event: paid}", "event: payd}").replace("/$account", "/$acount")
    write_scenario(write_course(tmp_path), text)
    assert {problem.code for problem in load_course([tmp_path]).problems} == {"S007", "S011"}


def test_a_name_is_unique_over_the_course(tmp_path: Path) -> None:
    """A second scenario of the same name is left out and named."""
    write_scenario(write_course(tmp_path))
    write_exercise(tmp_path, MANIFEST.replace("id: say-hello", "id: say-more"), folder="02-say-more")
    write(tmp_path / "exercises/02-say-more/scenarios/twice.yaml", SCENARIO)
    course = load_course([tmp_path])
    assert [problem.code for problem in course.problems] == ["S005"]
    assert course.scenario("twice").exercise == "say-hello"


def test_an_overlay_replaces_an_exercise_with_its_scenarios(tmp_path: Path) -> None:
    """The scenarios of a replaced exercise go with it."""
    write_scenario(write_course(tmp_path / "shipped"))
    write_exercise(tmp_path / "own")
    course = load_course([tmp_path / "shipped", tmp_path / "own"])
    assert course.scenarios == ()
    assert course.problems == ()


def test_a_lesson_names_a_scenario_that_is_there(tmp_path: Path) -> None:
    """Lint finds a fence that names none, on its own line."""
    write_scenario(write_course(tmp_path))
    file = write_lesson(tmp_path, LESSON + "\n```scenario\ntwice\n```\n\n```scenario\ntwise\n```\n")
    (problem,) = lint(load_course([tmp_path]))
    assert problem.code == "L017"
    assert "Did you mean twice?" in problem.message
    assert file.read_text().splitlines()[problem.line - 1] == "twise"


def test_a_fence_leaves_a_place_for_the_box(tmp_path: Path) -> None:
    """The page knows it by its name; nothing else that a text can say looks like it."""
    place = '<div class="scenario-place" data-name="twice"></div>'
    assert place in render("```scenario\ntwice\n```\n").html
    assert place not in render(f"{place}\n\n```html\n{place}\n```\n").html
    assert "<script>" not in render("```scenario\n<script>\n```\n").html
