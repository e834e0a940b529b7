"""What must hold between the fields of a scenario."""

import json
import re
from collections.abc import Iterator

from app.content.course import Exercise, did_you_mean
from app.content.scenario_shapes import DeliveryShape, ScenarioShape, StepShape
from app.content.yaml_text import Path as Where
from app.provider.secrets import is_fresh, named
from app.provider.signing import SCHEMES

Mistake = tuple[Where, str, str]  # where, code, message
NAME = re.compile(r"\$([a-z][a-z0-9_]*)")
VARIABLE = re.compile(r"\$([A-Z][A-Z0-9_]*)")
ACTIONS = ("send", "together", "get", "request", "wait", "program", "downstream", "api")
MOST_TOGETHER = 64
_BY_THE_PROVIDER = ("correct", "tampered", "other-body")
_SECRET = re.compile(r"[A-Z_][A-Z0-9_]*(\[\d\])?")


def mistakes(shape: ScenarioShape, exercise: Exercise) -> Iterator[Mistake]:
    """Find everything that is wrong with the steps and with the words in them."""
    known: set[str] = set()
    kept: set[str] = set()
    for at, step in enumerate(shape.steps):
        for where, code, message in _step_mistakes(step, exercise):
            yield ("steps", at, *where), code, message
        for place, send in step.deliveries:
            for where, code, message in _delivery_mistakes(send, known, kept, exercise):
                yield ("steps", at, *place, *where), code, message
            known.add(send.event)
        kept |= set(step.request.keep if step.request else ())
    yield from _word_mistakes(shape, known | kept)
    yield from _variable_mistakes(shape, exercise)
    yield from _unknown_mistake(shape, exercise)


def _step_mistakes(step: StepShape, exercise: Exercise) -> Iterator[Mistake]:
    actions = [each for each in ACTIONS if getattr(step, each) is not None]
    if len(actions) != 1:
        message = "A step does one thing: send, together, get, request, wait, program, downstream or api."
        yield (), "S006", message
    if step.together is not None and not 2 <= len(step.together) <= MOST_TOGETHER:
        message = f"Write from 2 to {MOST_TOGETHER} deliveries here, or one as `send`."
        yield ("together",), "S017", message
    if step.downstream is not None and "downstream" not in exercise.env.values():
        message = "Nothing plays this service. Let the manifest's `env` ask: {DOWNSTREAM_URL: downstream}."
        yield ("downstream",), "S018", message
    yield from _api_mistakes(step, exercise)
    if step.timeout is not None and (step.program or step.downstream or step.api) is not None:
        yield ("timeout",), "S012", "Nothing is waited for here. Drop `timeout`."
    yield from _hold_mistakes(step)


def _api_mistakes(step: StepShape, exercise: Exercise) -> Iterator[Mistake]:
    if step.api is None:
        return
    if "provider" not in exercise.env.values():
        message = "Nothing plays the provider's API. Let the manifest's `env` ask: {PROVIDER_URL: provider}."
        yield ("api",), "S018", message
    if not _is_object(NAME.sub("0", step.api.answer)):
        message = "Write the answer as one JSON object in single quotes, as in '{\"events\": []}'."
        yield ("api", "answer"), "S009", message


def _hold_mistakes(step: StepShape) -> Iterator[Mistake]:
    if step.hold is not None and step.together is None:
        yield ("hold",), "S013", "Here `hold` belongs to `together`. For one delivery write it inside `send`."
    for place, send in step.deliveries:
        if send.hold is not None and step.together is not None:
            yield (
                (*place, "hold"),
                "S013",
                "Write `hold` beside `together`: the first that comes there is held.",
            )
        if send.attempts > 1 and (send.hold or step.hold) is not None:
            yield (*place, "attempts"), "S013", "What is held is sent once. Drop `attempts` or `hold`."


def _unknown_mistake(shape: ScenarioShape, exercise: Exercise) -> Iterator[Mistake]:
    """A mistake has to be known in each language, so that it plays in the learner's."""
    for language in (each.name for each in exercise.languages) if shape.mistake else ():
        known = [mutant.id for mutant in exercise.mutants.get(language, ())]
        if shape.mistake not in known:
            message = f"No such mutant in {language}. {did_you_mean(str(shape.mistake), known)}"
            yield ("mistake",), "S019", message


def _delivery_mistakes(
    send: DeliveryShape, known: set[str], kept: set[str], exercise: Exercise
) -> Iterator[Mistake]:
    if send.event not in known and send.type is None:
        yield (), "S007", f"`{send.event}` was not sent before, so say what it is: add `type` and `data`."
    if send.event in known and (send.type is not None or send.data is not None):
        message = f"`{send.event}` was sent before, and goes again as it was. Drop `type` and `data`."
        yield (), "S008", message
    if not _is_object(send.data or "{}"):
        message = "Write the data as one JSON object in single quotes, as in '{\"amount\": 5}'."
        yield ("data",), "S009", message
    yield from _signing_mistakes(send, kept, exercise)


def _signing_mistakes(send: DeliveryShape, kept: set[str], exercise: Exercise) -> Iterator[Mistake]:
    scheme = send.scheme or exercise.provider.scheme
    if scheme not in SCHEMES:
        yield ("scheme",), "S014", f"No such scheme. {did_you_mean(scheme, sorted(SCHEMES))}"
        return
    dials = {*SCHEMES[scheme].dials, *(_BY_THE_PROVIDER if scheme != "none" else ("correct",))}
    if send.signature is not None and send.signature not in dials:
        yield ("signature",), "S010", f"No such signature. {did_you_mean(send.signature, sorted(dials))}"
    if send.tamper is not None and send.signature in ("tampered", "other-body"):
        yield (
            ("tamper",),
            "S015",
            f"`signature: {send.signature}` changes the body already. Drop one of them.",
        )
    if send.secret is not None and not _is_secret(send.secret, kept, exercise):
        known = sorted(name for name, value in exercise.env.items() if value and is_fresh(value))
        known += sorted(f"${name}" for name in kept)
        message = "No such secret in the manifest's `env`, or no such place in its list."
        yield ("secret",), "S016", f"{message} {did_you_mean(send.secret, known)}"


def _is_secret(name: str, kept: set[str], exercise: Exercise) -> bool:
    if name.startswith("$"):
        return all(each.startswith("$") and each[1:] in kept for each in name.split(","))
    value = named(name, exercise.env) if _SECRET.fullmatch(name) else None
    return bool(value) and is_fresh(str(value))


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _word_mistakes(shape: ScenarioShape, events: set[str]) -> Iterator[Mistake]:
    known = {"now", *shape.values, *events}
    for at, step in enumerate(shape.steps):
        texts: list[tuple[Where, str]] = [
            ((each,), getattr(step, each) or "") for each in ("say", "get", "wait")
        ]
        if step.request is not None:
            texts += [(("request", each), getattr(step.request, each)) for each in ("path", "body")]
        texts += [(("api", "answer"), step.api.answer)] if step.api else []
        for place, send in step.deliveries:
            texts += [((*place, each), getattr(send, each) or "") for each in ("data", "body")]
        for where, text in texts:
            for word in NAME.findall(text):
                if word not in known:
                    message = f"${word} stands for nothing. {did_you_mean(word, sorted(known))}"
                    yield ("steps", at, *where), "S011", message


def _variable_mistakes(shape: ScenarioShape, exercise: Exercise) -> Iterator[Mistake]:
    for at, step in enumerate(shape.steps):
        for name, value in (step.request.headers if step.request else {}).items():
            for word in VARIABLE.findall(value):
                if word not in exercise.env:
                    message = f"${word} stands for nothing. {did_you_mean(word, sorted(exercise.env))}"
                    yield ("steps", at, "request", "headers", name), "S011", message
