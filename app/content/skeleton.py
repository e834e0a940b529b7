"""Begin a new item from a skeleton: a folder of files that are right as they are, to be rewritten."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.content.course import Course
from app.content.files import ID, NUMBERED, entries
from app.errors import NotFound, UsageError

SKELETONS = Path(__file__).parent / "skeletons"
"""One folder a kind; words such as `__ID__` stand in texts and in the names of files and folders."""

_SUFFIX = ".skeleton"  # so that no tool takes a template for code of ours
_WORD = re.compile(r"__([A-Z]+)__")


def new_item(
    kind: str, item_id: str, course: Course, root: Path, words: Mapping[str, str]
) -> tuple[Path, ...]:
    """Write the skeleton of a `kind` below a content folder, and give the files written.

    Raises UsageError for an id that is no id, or that is taken by any item of the course or any file.
    """
    _refuse_bad_id(item_id)
    _refuse_taken_id(item_id, course, root)
    words = {"ID": item_id, "TITLE": title_of(item_id), "NN": _next_number(kind, course, root), **words}
    texts = {root / name: text for name, text in _filled(SKELETONS / kind, words)}
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tuple(texts)


def title_of(item_id: str) -> str:
    """Make a title of an id: `say-it-back` is `Say it back`."""
    return item_id.replace("-", " ").capitalize()


def _next_number(kind: str, course: Course, root: Path) -> str:
    """Give the number after the highest one of its kind, as it stands in names: 05."""
    numbers = [item.number for item in (course.lessons if kind == "lesson" else course.exercises)]
    there = (NUMBERED.fullmatch(path.stem) for path in entries(root / f"{kind}s"))
    numbers += [int(match[1]) for match in there if match]
    return f"{max(numbers, default=0) + 1:02}"


def _refuse_bad_id(item_id: str) -> None:
    if not ID.fullmatch(item_id) or len(item_id) > 80:
        advice = "An id is made of small letters, digits and hyphens, such as raw-bytes."
        raise UsageError(f"{item_id!r} is no id.", advice)


def _refuse_taken_id(item_id: str, course: Course, root: Path) -> None:
    try:
        taken = f"the {course.find(item_id).kind} {item_id}"
    except NotFound:
        taken = next((f"{path}" for path in _files_of(item_id, root)), "")
    if taken:
        raise UsageError(f"The id {item_id} is taken by {taken}.", "Choose another one.")


def _files_of(item_id: str, root: Path) -> Iterator[Path]:
    """Give what carries the id in its name, right or broken."""
    for kind in ("lessons", "exercises", "quizzes"):
        for path in entries(root / kind):
            name = path.name if path.is_dir() else path.stem
            match = NUMBERED.fullmatch(name)
            if item_id in (name, match and match[2]):
                yield path


def _filled(skeleton: Path, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    def word(match: re.Match[str]) -> str:
        return words[match[1]]

    for file in sorted(skeleton.rglob(f"*{_SUFFIX}")):
        name = file.relative_to(skeleton).as_posix().removesuffix(_SUFFIX)
        yield _WORD.sub(word, name), _WORD.sub(word, file.read_text(encoding="utf-8"))
