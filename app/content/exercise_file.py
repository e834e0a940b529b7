"""Read one exercise folder. Imports as little as possible, since `course check` waits for it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from app.content.course import Check, Exercise, Language, Mutant, ProviderPlan
from app.content.exercise_tree import stray_files, tree_mistakes
from app.content.files import NUMBERED, name_of, read_text
from app.content.mutants import read_mutants
from app.content.problems import Problem
from app.content.shapes import EnvName, FileName, Flag, Id, Raw, Shape, Text, UrlPath, Whole, fit
from app.content.yaml_text import Document, read_yaml
from app.provider.secrets import FORMS, is_fresh

MANIFEST = "exercise.yaml"


class LanguageShape(Shape):
    """How a program in this language is started."""

    main: FileName
    run: Annotated[tuple[Text, ...], Field(min_length=1)]


class CheckShape(Shape):
    """One requirement."""

    id: Id
    title: Text
    task: Annotated[int, Whole(1, 99)]
    hint: Annotated[int, Whole(1, 99)] | None = None


class ProviderShape(Shape):
    """How the provider signs, and where it sends."""

    scheme: Literal["none", "github", "standard", "stripe", "slack", "shopify"] = "none"
    secret: EnvName = "WEBHOOK_SECRET"  # noqa: S105 - the name of an environment variable
    path: UrlPath = "/webhook"


class ExerciseShape(Shape):
    """The manifest of an exercise."""

    id: Id
    title: Text
    lesson: Id
    kind: Literal["server", "command"]
    minutes: Annotated[int, Whole(1, 600)]
    optional: Flag = False
    starts_from: Id | None = None
    languages: Annotated[dict[Id, LanguageShape], Field(min_length=1)]
    env: dict[EnvName, Raw] = Field(default_factory=dict)
    tasks: Annotated[tuple[Text, ...], Field(min_length=1)]
    checks: Annotated[tuple[CheckShape, ...], Field(min_length=1)]
    hints: tuple[Text, ...] = ()
    provider: ProviderShape = ProviderShape()


def load_exercise(folder: Path) -> tuple[Exercise | None, tuple[Problem, ...]]:
    """Read an exercise folder, or say everything that is wrong with it."""
    folder = folder.absolute()
    root = folder.parent.parent
    name = name_of(folder / MANIFEST, root)
    text, problems = read_text(folder / MANIFEST, name)
    if text is None:
        return None, problems
    document, problems = read_yaml(text, name)
    if document is None:
        return None, problems + stray_files(folder, root)
    shape, problems = fit(ExerciseShape, document, name, "E")
    problems += _wrong_name(folder, name, document)
    if shape is None:
        return None, tuple(sorted((*problems, *stray_files(folder, root))))
    problems += tuple(_wrong_references(shape, document, name))
    problems += tree_mistakes(folder, root, {each: shape.languages[each].main for each in shape.languages})
    mutants, mutant_problems = _mutants(shape, folder, root)
    problems += mutant_problems
    if any(problem.level == "error" for problem in problems):
        return None, tuple(sorted(problems))
    return _exercise(shape, folder, mutants), tuple(sorted(problems))


def _wrong_name(folder: Path, name: str, document: Document) -> tuple[Problem, ...]:
    exercise_id = document.tree.get("id") if isinstance(document.tree, dict) else None
    match = NUMBERED.fullmatch(folder.name)
    if not isinstance(exercise_id, str) or (match and match[2] == exercise_id):
        return ()
    message = f"The folder's name must end in the exercise's id: rename it to NN-{exercise_id}."
    return (Problem(name, *document.place(("id",)), "E004", message),)


def _wrong_references(shape: ExerciseShape, document: Document, name: str) -> Iterator[Problem]:
    yield from _wrong_secrets(shape, document, name)
    seen: set[str] = set()
    for at, check in enumerate(shape.checks):
        if check.id in seen:
            message = f"The check `{check.id}` is declared twice. Rename one of them."
            yield Problem(name, *document.place(("checks", at, "id")), "E012", message)
        seen.add(check.id)
        for field, number_, there in (("task", check.task, shape.tasks), ("hint", check.hint, shape.hints)):
            if number_ is not None and number_ > len(there):
                message = f"There is no {field} {number_}; the manifest has {len(there)}. Correct the number."
                yield Problem(name, *document.place(("checks", at, field)), "E011", message)


def _wrong_secrets(shape: ExerciseShape, document: Document, name: str) -> Iterator[Problem]:
    provider = shape.provider
    if provider.scheme != "none" and provider.secret not in shape.env:
        message = f"The provider signs with `{provider.secret}`, and `env` does not have it. Add it."
        yield Problem(name, *document.place(("provider",)), "E018", message)
    for variable, value in shape.env.items():
        if value.startswith("fresh") and not is_fresh(value):
            message = (
                f"There is no secret {value!r}. Known: {', '.join(FORMS)}, or several with commas between."
            )
            yield Problem(name, *document.place(("env", variable)), "E019", message)


def _mutants(
    shape: ExerciseShape, folder: Path, root: Path
) -> tuple[dict[str, tuple[Mutant, ...]], tuple[Problem, ...]]:
    mutants: dict[str, tuple[Mutant, ...]] = {}
    found: tuple[Problem, ...] = ()
    checks = frozenset(check.id for check in shape.checks)
    for name, language in shape.languages.items():
        file = folder / "mutants" / f"{name}.yaml"
        if file.exists():
            solution = folder / "solution" / name
            mutants[name], problems = read_mutants(file, root, solution, language.main, checks)
            found += problems
    return mutants, found


def _exercise(shape: ExerciseShape, folder: Path, mutants: dict[str, tuple[Mutant, ...]]) -> Exercise:
    return Exercise(
        id=shape.id,
        number=int(folder.name.split("-")[0]),
        title=shape.title,
        lesson=shape.lesson,
        kind=shape.kind,
        minutes=shape.minutes,
        starts_from=shape.starts_from,
        languages=tuple(Language(name, each.main, tuple(each.run)) for name, each in shape.languages.items()),
        env=dict(shape.env),
        tasks=tuple(shape.tasks),
        checks=tuple(Check(each.id, each.title, each.task, each.hint) for each in shape.checks),
        hints=tuple(shape.hints),
        provider=ProviderPlan(shape.provider.scheme, shape.provider.secret, shape.provider.path),
        mutants=mutants,
        readme=read_text(folder / "README.md", "README.md")[0] or "",
        folder=folder,
        optional=shape.optional,
    )
