"""A program with a known mistake, made for as long as it is needed."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.content.course import Exercise, Mutant
from app.content.mutants import mutated_files


@contextmanager
def mistaken_program(exercise: Exercise, language: str, mutant: Mutant) -> Iterator[Path]:
    """Yield the folder of the solution with this mistake in it."""
    with tempfile.TemporaryDirectory(prefix=f"webhook-course-{os.getpid()}-") as name:
        folder = Path(name) / "program"
        shutil.copytree(exercise.solutions(language)[0], folder)
        for file, text in mutated_files(exercise, language, mutant).items():
            (folder / file).write_text(text, encoding="utf-8")
        yield folder
