"""Read the known wrong solutions, and prove that every edit still matches."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel

from app.content.course import Edit, Exercise, Mutant, Sign, did_you_mean
from app.content.files import name_of, read_text
from app.content.problems import Problem
from app.content.shapes import FileName, Id, Raw, Shape, Text, fit
from app.content.yaml_text import Document, read_yaml
from app.content.yaml_text import Path as Where
from app.errors import NotFound

Mistake = tuple[Where, str, str]  # below which mutant, code, message


class EditShape(Shape):
    """One replacement."""

    find: Raw
    put: Raw
    file: FileName | None = None


class SignShape(Shape):
    """What a run shows where the mistake is."""

    check: Id | None = None
    says: Text | None = None
    actual: Text | None = None
    stdout: Text | None = None
    stderr: Text | None = None
    probe: Id | None = None


class MutantShape(Shape):
    """One wrong solution."""

    id: Id
    story: Text
    edits: Annotated[tuple[EditShape, ...], Field(min_length=1)]
    fails: Annotated[tuple[Id, ...], Field(min_length=1)]
    may: tuple[Id, ...] = ()
    signs: tuple[SignShape, ...] = ()


class MutantsShape(RootModel[list[MutantShape]]):
    """All wrong solutions in one language."""


def read_mutants(
    file: Path, root: Path, solution: Path, main: str, checks: frozenset[str]
) -> tuple[tuple[Mutant, ...], tuple[Problem, ...]]:
    """Read mutants/<language>.yaml; an edit that does not match exactly once is a problem."""
    name = name_of(file, root)
    text, problems = read_text(file, name)
    if text is None:
        return (), problems
    document, problems = read_yaml(text, name)
    if document is None:
        return (), problems
    shape, problems = fit(MutantsShape, document, name, "M")
    if shape is None:
        return (), problems
    mutants = tuple(_mutant(each) for each in shape.root)
    return mutants, tuple(_mistakes(mutants, document, name, solution, main, checks))


def mutant_named(exercise: Exercise, language: str, mutant_id: str) -> Mutant:
    """Give a known wrong solution in a language, or say which one may be meant."""
    known = {mutant.id: mutant for mutant in exercise.mutants.get(language, ())}
    if mutant_id in known:
        return known[mutant_id]
    advice = did_you_mean(mutant_id, known)
    raise NotFound(f"{exercise.id} has no mutant {mutant_id!r} in {language}.", advice)


def mutated_files(exercise: Exercise, language: str, mutant: Mutant) -> dict[str, str]:
    """Give the text of each file that a mutant changes, by its name in the solution's folder."""
    solution, main = exercise.solutions(language)[0], exercise.language(language).main
    texts: dict[str, str] = {}
    for edit in mutant.edits:
        file = edit.file or main
        text = texts.get(file) or (solution / file).read_text(encoding="utf-8")
        texts[file] = text.replace(edit.find, edit.put, 1)
    return texts


def _mutant(shape: MutantShape) -> Mutant:
    edits = tuple(Edit(each.find, each.put, each.file) for each in shape.edits)
    signs = tuple(Sign(**each.model_dump(exclude_none=True)) for each in shape.signs)
    return Mutant(shape.id, shape.story, edits, tuple(shape.fails), tuple(shape.may), signs)


def _mistakes(
    mutants: tuple[Mutant, ...],
    document: Document,
    name: str,
    solution: Path,
    main: str,
    checks: frozenset[str],
) -> Iterator[Problem]:
    seen: set[str] = set()
    for at, mutant in enumerate(mutants):
        found = [
            *_name_mistakes(mutant, checks),
            *_edit_mistakes(mutant, solution, main),
            *_sign_mistakes(mutant, checks),
        ]
        if mutant.id in seen:
            found.append((("id",), "M007", f"The mutant `{mutant.id}` stands twice. Rename one of them."))
        seen.add(mutant.id)
        for where, code, message in found:
            yield Problem(name, *document.place((at, *where)), code, message)


def _name_mistakes(mutant: Mutant, checks: frozenset[str]) -> Iterator[Mistake]:
    for field, named in (("fails", mutant.fails), ("may", mutant.may)):
        for index, check in enumerate(named):
            if check not in checks:
                message = f"There is no check `{check}` in the manifest. Correct the name."
                yield (field, index), "M006", message
    for check in sorted(set(mutant.fails) & set(mutant.may)):
        yield ("may",), "M009", f"`{check}` stands in `fails` and in `may`. Keep one."


def _sign_mistakes(mutant: Mutant, checks: frozenset[str]) -> Iterator[Mistake]:
    """A sign is a check and a text that shows there, or a probe; what a check says, it says when it fails."""
    for index, sign in enumerate(mutant.signs):
        where: Where = ("signs", index)
        texts = (sign.says, sign.actual, sign.stdout, sign.stderr)
        if bool(sign.check) == bool(sign.probe) or any(texts) != bool(sign.check):
            yield where, "M011", f"A sign is a `check` with {_SIGN_TEXTS}, or a `probe` alone. Mend it."
        elif sign.check and sign.check not in checks:
            message = f"There is no check `{sign.check}` in the manifest. Correct the name."
            yield (*where, "check"), "M006", message
        elif (sign.says or sign.actual) and sign.check not in mutant.fails:
            message = f"`{sign.check}` does not stand in `fails`: it says nothing. Choose a check that fails."
            yield (*where, "check"), "M012", message


def _edit_mistakes(mutant: Mutant, solution: Path, main: str) -> Iterator[Mistake]:
    """Each edit must match once in the text that the edits before it left."""
    texts: dict[str, str | None] = {}
    for index, edit in enumerate(mutant.edits):
        file, where = edit.file or main, ("edits", index)
        if file not in texts:
            inside = (solution / file).resolve().is_relative_to(solution.resolve())
            texts[file] = read_text(solution / file, file)[0] if inside else None
        text = texts[file]
        if text is None:
            yield where, "M005", f"The solution has no readable file {file}. Correct `file`."
            continue
        times = text.count(edit.find) if edit.find else 0
        if times != 1:
            much = "nowhere" if times == 0 else f"{times} times"
            message = f"The text of `find` stands {much} in {file} of the solution, not once. {_MEND}"
            yield where, "M004", message
        elif edit.find == edit.put:
            yield where, "M010", "This edit changes nothing: `find` and `put` are the same. Change `put`."
        else:
            texts[file] = text.replace(edit.find, edit.put)


_SIGN_TEXTS = "`says`, `actual`, `stdout` or `stderr`"
_MEND = "Copy the lines from there again, with enough of them to be the only ones."
