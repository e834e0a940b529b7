"""Read the scenarios of an exercise; a file that is wrong disables only itself."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from app.content.course import Exercise, did_you_mean
from app.content.files import ID, entries, name_of, read_text
from app.content.problems import Problem
from app.content.scenario import Delivery, Scenario, ScenarioStep
from app.content.shapes import Id, Shape, Text, UrlPath, fit
from app.content.yaml_text import Path as Where
from app.content.yaml_text import read_yaml
from app.provider.signing import SCHEMES

Mistake = tuple[Where, str, str]  # where, code, message
NAME = re.compile(r"\$([a-z][a-z0-9_]*)")
_BY_THE_PROVIDER = ("correct", "tampered", "other-body")


class DeliveryShape(Shape):
    """What a step sends."""

    event: Id
    type: Text | None = None
    data: Text | None = None
    by: Literal["provider", "stranger"] = "provider"
    signature: Id | None = None
    hold: Id | None = None


class StepShape(Shape):
    """One sentence and one action."""

    say: Text
    send: DeliveryShape | None = None
    get: UrlPath | None = None
    wait: Text | None = None
    program: Literal["start", "restart", "kill"] | None = None


class ScenarioShape(Shape):
    """A whole scenario."""

    title: Text
    intro: Text
    values: dict[Id, Id] = Field(default_factory=dict)
    steps: Annotated[tuple[StepShape, ...], Field(min_length=1)]
    question: Text
    answer: Text


Read = tuple[tuple[Scenario, str], ...]


def read_scenarios(exercise: Exercise, root: Path) -> tuple[Read, tuple[Problem, ...]]:
    """Read every scenario of an exercise with the name of its file, and say what is wrong with the others."""
    good: list[tuple[Scenario, str]] = []
    problems: tuple[Problem, ...] = ()
    for file in entries(exercise.folder / "scenarios"):
        if file.suffix == ".yaml":
            scenario, found = _read(file, name_of(file, root), exercise)
            problems += found
            good += [(scenario, name_of(file, root))] if scenario else []
    return tuple(good), problems


def _read(file: Path, name: str, exercise: Exercise) -> tuple[Scenario | None, tuple[Problem, ...]]:
    text, problems = read_text(file, name)
    if text is None:
        return None, problems
    document, problems = read_yaml(text, name)
    if document is None:
        return None, problems
    shape, problems = fit(ScenarioShape, document, name, "S")
    if shape is None:
        return None, problems
    found = [*_name_mistakes(file), *_step_mistakes(shape, exercise), *_word_mistakes(shape)]
    if found:
        return None, tuple(Problem(name, *document.place(where), code, said) for where, code, said in found)
    return _scenario(shape, file.stem, exercise.id), ()


def _scenario(shape: ScenarioShape, name: str, exercise: str) -> Scenario:
    steps = tuple(_step(each) for each in shape.steps)
    return Scenario(
        name, exercise, shape.title, shape.intro, dict(shape.values), steps, shape.question, shape.answer
    )


def _step(shape: StepShape) -> ScenarioStep:
    send = None
    if shape.send is not None:
        given = shape.send
        signature = given.signature or ("correct" if given.by == "provider" else "missing")
        data = given.data or "{}"
        send = Delivery(given.event, given.type or "", data, given.by, signature, given.hold or "")
    return ScenarioStep(shape.say, send, shape.get or "", shape.wait or "", shape.program or "")


def _name_mistakes(file: Path) -> Iterator[Mistake]:
    if not ID.fullmatch(file.stem):
        yield (), "S004", "A scenario's file is named <name>.yaml, such as a-stranger-pays.yaml. Rename it."


def _step_mistakes(shape: ScenarioShape, exercise: Exercise) -> Iterator[Mistake]:
    known: set[str] = set()
    for at, step in enumerate(shape.steps):
        actions = [each for each in ("send", "get", "wait", "program") if getattr(step, each) is not None]
        if len(actions) != 1:
            yield (
                ("steps", at),
                "S006",
                "A step does one thing: send, get, wait or program. Write one of them.",
            )
        if step.send is not None:
            for where, code, message in _delivery_mistakes(step.send, known, exercise.provider.scheme):
                yield ("steps", at, "send", *where), code, message
            known.add(step.send.event)


def _delivery_mistakes(send: DeliveryShape, known: set[str], scheme: str) -> Iterator[Mistake]:
    if send.event not in known and send.type is None:
        yield (), "S007", f"`{send.event}` was not sent before, so say what it is: add `type` and `data`."
    if send.event in known and (send.type is not None or send.data is not None):
        message = f"`{send.event}` was sent before, and goes again as it was. Drop `type` and `data`."
        yield (), "S008", message
    if not _is_object(send.data or "{}"):
        yield (
            ("data",),
            "S009",
            "Write the data as one JSON object in single quotes, as in '{\"amount\": 5}'.",
        )
    dials = {*SCHEMES[scheme].dials, *(_BY_THE_PROVIDER if scheme != "none" else ("correct",))}
    if send.signature is not None and send.signature not in dials:
        yield ("signature",), "S010", f"No such signature. {did_you_mean(send.signature, sorted(dials))}"


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _word_mistakes(shape: ScenarioShape) -> Iterator[Mistake]:
    known = {*shape.values, *(step.send.event for step in shape.steps if step.send)}
    texts: list[tuple[Where, str]] = []
    for at, step in enumerate(shape.steps):
        texts += [(("steps", at, each), getattr(step, each) or "") for each in ("say", "get", "wait")]
        texts.append((("steps", at, "send", "data"), (step.send and step.send.data) or ""))
    for where, text in texts:
        for word in NAME.findall(text):
            if word not in known:
                yield where, "S011", f"${word} stands for nothing. {did_you_mean(word, sorted(known))}"
