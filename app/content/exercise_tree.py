"""What must stand in an exercise folder, and what may."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from app.content.files import entries, name_of, read_text
from app.content.problems import Problem

FILES = ("exercise.yaml", "README.md", "DESIGN.md")
FOLDERS = ("starter", "solution", "support", "checks", "mutants", "scenarios")


def tree_mistakes(folder: Path, root: Path, languages: Mapping[str, str]) -> tuple[Problem, ...]:
    """Say what is missing and what is too much; `languages` gives each language's main file."""
    missing = (*_missing_readme(folder, root), *_missing_programs(folder, root, languages))
    too_much = (*stray_files(folder, root), *_strays_by_language(folder, root, languages))
    return (*missing, *_missing_suite(folder, root), *too_much)


def _missing_readme(folder: Path, root: Path) -> tuple[Problem, ...]:
    name = name_of(folder / "README.md", root)
    if not (folder / "README.md").is_file():
        return (Problem(name, 1, 1, "E008", "The task is missing. Write README.md."),)
    text, problems = read_text(folder / "README.md", name)
    if text is not None and not text.strip():
        return (Problem(name, 1, 1, "E008", "The task is empty. Write it."),)
    return problems


def _missing_programs(folder: Path, root: Path, languages: Mapping[str, str]) -> Iterator[Problem]:
    for kind, code in (("starter", "E006"), ("solution", "E007")):
        for language, main in languages.items():
            file = folder / kind / language / main
            if not file.is_file():
                message = f"The {kind} has no main file for {language}. Add it, or correct `main`."
                yield Problem(name_of(file, root), 1, 1, code, message)


def _missing_suite(folder: Path, root: Path) -> tuple[Problem, ...]:
    if any((folder / "checks").glob("test_*.py")):
        return ()
    message = "The hidden suite is missing. Add checks/test_<name>.py with one function for each check."
    return (Problem(name_of(folder / "checks", root), 1, 1, "E009", message),)


def stray_files(folder: Path, root: Path) -> tuple[Problem, ...]:
    """Say which entries at the top of the folder belong to nothing."""
    allowed = f"An exercise has {', '.join(FILES)} and the folders {', '.join(FOLDERS)}."
    return tuple(
        _stray(path, root, allowed)
        for path in entries(folder)
        if path.name not in (FOLDERS if path.is_dir() else FILES)
    )


def _strays_by_language(folder: Path, root: Path, languages: Mapping[str, str]) -> Iterator[Problem]:
    known = ", ".join(languages)
    allowed: dict[str, tuple[Callable[[Path], bool], str]] = {
        "starter": (lambda path: path.is_dir() and path.name in languages, f"one folder a language: {known}"),
        "support": (lambda path: path.is_dir() and path.name in languages, f"one folder a language: {known}"),
        "solution": (
            lambda path: path.is_dir() and _is_solution(path.name, languages),
            f"<language> or <language>-<name>, of {known}",
        ),
        "mutants": (
            lambda path: path.suffix == ".yaml" and path.stem in languages,
            f"<language>.yaml, of {known}",
        ),
        "scenarios": (lambda path: path.suffix == ".yaml", "<name>.yaml"),
        "checks": (lambda path: path.name.startswith("test_") and path.suffix == ".py", "test_<name>.py"),
    }
    for kind, (is_allowed, what) in allowed.items():
        for path in entries(folder / kind):
            if not is_allowed(path):
                yield _stray(path, root, f"In {kind}/ stands {what}.")


def _is_solution(name: str, languages: Mapping[str, str]) -> bool:
    return any(name == language or name.startswith(f"{language}-") for language in languages)


def _stray(path: Path, root: Path, allowed: str) -> Problem:
    return Problem(
        name_of(path, root), 1, 1, "E010", f"This belongs to nothing. {allowed} Move or remove it."
    )
