"""Read the scenarios of an exercise; a file that is wrong disables only itself."""

from collections.abc import Iterator
from pathlib import Path

from app.content.course import Exercise
from app.content.files import ID, entries, name_of, read_text
from app.content.problems import Problem
from app.content.scenario import Api, Delivery, PlainRequest, Scenario, ScenarioStep
from app.content.scenario_rules import Mistake, mistakes
from app.content.scenario_shapes import DeliveryShape, ScenarioShape, StepShape
from app.content.shapes import fit
from app.content.yaml_text import read_yaml

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
    found = [*_name_mistakes(file), *mistakes(shape, exercise)]
    if found:
        return None, tuple(Problem(name, *document.place(where), code, said) for where, code, said in found)
    return _scenario(shape, file.stem, exercise.id), ()


def _scenario(shape: ScenarioShape, name: str, exercise: str) -> Scenario:
    steps = tuple(_step(each) for each in shape.steps)
    return Scenario(
        name,
        exercise,
        shape.title,
        shape.intro,
        dict(shape.values),
        steps,
        shape.question,
        shape.answer,
        shape.mistake or "",
    )


def _step(shape: StepShape) -> ScenarioStep:
    return ScenarioStep(
        shape.say,
        _delivery(shape.send) if shape.send else None,
        tuple(_delivery(each) for each in shape.together or ()),
        shape.hold or "",
        shape.get or "",
        PlainRequest(**dict(shape.request)) if shape.request else None,
        shape.wait or "",
        shape.program or "",
        shape.downstream or "",
        Api(shape.api.path, shape.api.answer) if shape.api else None,
        shape.timeout or 0.0,
    )


def _delivery(shape: DeliveryShape) -> Delivery:
    given = {name: value for name, value in dict(shape).items() if value is not None}
    usual = "correct" if shape.by == "provider" else "missing"
    tamper = (shape.tamper.find, shape.tamper.put) if shape.tamper else None
    return Delivery(**{**given, "signature": shape.signature or usual, "tamper": tamper})


def _name_mistakes(file: Path) -> Iterator[Mistake]:
    if not ID.fullmatch(file.stem):
        yield (), "S004", "A scenario's file is named <name>.yaml, such as a-stranger-pays.yaml. Rename it."
