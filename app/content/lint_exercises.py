"""What only the whole course shows about an exercise: its lesson, its chain, its suite."""

import re
from collections.abc import Iterator

from app.content.course import Course, Exercise, did_you_mean
from app.content.links import link_mistakes
from app.content.problems import Problem
from app.content.tables import table_mistakes

Finding = tuple[str, str, str, str]  # what to look for in the manifest, code, message, level


def exercise_problems(exercise: Exercise, course: Course) -> Iterator[Problem]:
    """Find what is wrong with an exercise among the others."""
    path = course.marks[exercise.id].path
    text = (exercise.folder / "exercise.yaml").read_text(encoding="utf-8")
    for rule in (_places, _suite, _thin):
        for wanted, code, message, level in rule(exercise, course):
            yield Problem(path, _line_of(wanted, text), 1, code, message, level)
    readme = path.replace("exercise.yaml", "README.md")
    found = (*link_mistakes(exercise.readme, course), *table_mistakes(exercise.readme))
    for line, column, code, message in found:
        yield Problem(readme, line, column, code, message)


def _line_of(wanted: str, text: str) -> int:
    match = re.search(rf"(?:^|\b){re.escape(wanted)}(?!\w|-)", text, re.MULTILINE)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def _places(exercise: Exercise, course: Course) -> Iterator[Finding]:
    lessons = [lesson.id for lesson in course.lessons]
    if exercise.lesson not in lessons:
        advice = did_you_mean(exercise.lesson, lessons)
        yield "lesson:", "E013", f"There is no lesson {exercise.lesson!r}. {advice}", "error"
    broken = tuple(_chain_mistakes(exercise, course))
    for message in broken:
        yield "starts_from:", "E014", message, "error"
    if not broken and exercise.starts_from:
        before = course.exercise(exercise.starts_from)
        yield from _order_mistakes(exercise, before, course)
        yield from _carried_mistakes(exercise, before)


def _order_mistakes(exercise: Exercise, before: Exercise, course: Course) -> Iterator[Finding]:
    """No exercise needs what a later lesson explains, on the core path neither."""
    place = {lesson.id: (lesson.number, lesson.id) for lesson in course.lessons}
    if exercise.lesson not in place or before.lesson not in place:
        return
    if (place[exercise.lesson], exercise.number) <= (place[before.lesson], before.number):
        message = f"It begins from `{before.id}`, which comes later in the course. Begin from an earlier one."
        yield "starts_from:", "E021", message, "error"
    core = {step.id for step in course.steps if step.core and not step.optional}
    if exercise.id in core and before.id not in core:
        message = (
            f"On the core path nobody meets `{before.id}`, from which it begins. Begin from another one."
        )
        yield "starts_from:", "E022", message, "error"


def _carried_mistakes(exercise: Exercise, before: Exercise) -> Iterator[Finding]:
    """What is carried over runs unchanged: exercises on one chain keep path, main file and variables."""
    mains = {language.name: language.main for language in before.languages}
    changed = [
        f"{what} is {old} there"
        for what, old, new in (
            ("`kind`", before.kind, exercise.kind),
            ("`path`", before.provider.path, exercise.provider.path),
            *(
                (f"`main` of {each.name}", mains.get(each.name, each.main), each.main)
                for each in exercise.languages
            ),
        )
        if old != new
    ]
    changed += [f"`env` has {name} there" for name in before.env if name not in exercise.env]
    for difference in changed:
        message = f"A program carried over from `{before.id}` would not run: {difference}. Keep it."
        yield "starts_from:", "E023", message, "error"


def _suite(exercise: Exercise, _: Course) -> Iterator[Finding]:
    functions = _check_functions(exercise)
    declared = {check.id for check in exercise.checks}
    for check in sorted(declared - functions):
        message = f"checks/ has no function test_{check.replace('-', '_')}. Write it."
        yield f"id: {check}", "E015", message, "error"
    for name in sorted(functions - declared):
        message = f"test_{name.replace('-', '_')} is no declared check. Declare `{name}`."
        yield "checks:", "E016", message, "error"


def _thin(exercise: Exercise, _: Course) -> Iterator[Finding]:
    if not exercise.hints:
        yield "hints:", "E101", "No hints. Write three or more, from gentle to plain.", "warning"
    for language in exercise.languages:
        if not exercise.mutants.get(language.name):
            message = f"No known wrong solutions. Write mutants/{language.name}.yaml."
            yield "languages:", "E102", message, "warning"


def _chain_mistakes(exercise: Exercise, course: Course) -> Iterator[str]:
    known = {each.id: each for each in course.exercises}
    seen = [exercise.id]
    here = exercise
    while here.starts_from:
        if here.starts_from not in known:
            if here is exercise:
                yield f"There is no exercise {here.starts_from!r}. {did_you_mean(here.starts_from, known)}"
            return
        if here.starts_from in seen:
            yield f"The chain goes round: {' -> '.join((*seen, here.starts_from))}. Cut it."
            return
        here = known[here.starts_from]
        seen.append(here.id)


def _check_functions(exercise: Exercise) -> set[str]:
    found: set[str] = set()
    for file in sorted(exercise.checks_folder.glob("test_*.py")):
        text = file.read_text(encoding="utf-8", errors="replace")
        found |= {name.replace("_", "-") for name in re.findall(r"^def test_(\w+)\(", text, re.MULTILINE)}
    return found
