"""What only a whole lesson shows: its diagrams, fences, headings and links."""

import re
from collections.abc import Iterable, Iterator

from app.content.course import Course, Lesson, did_you_mean
from app.content.diagrams import Diagram, diagrams, is_current, steps_of
from app.content.fences import Fence, fences
from app.content.links import link_mistakes, prose_lines, section_ids
from app.content.problems import Problem
from app.content.tables import table_mistakes

Finding = tuple[int, int, str, str, str]  # line of the body, column, code, message, level


def lesson_problems(lesson: Lesson, course: Course) -> Iterator[Problem]:
    """Find what is wrong in a lesson's text."""
    path = course.marks[lesson.id].path
    for line, column, code, message, level in (
        *diagram_findings(diagrams(lesson), lesson.id),
        *_fence_findings(lesson),
        *_prose_findings(lesson),
        *_scenario_findings(lesson, course),
        *_question_findings(lesson, course),
        *((*found, "error") for found in link_mistakes(lesson.body, course, lesson)),
        *((*found, "error") for found in table_mistakes(lesson.body)),
    ):
        yield Problem(path, line + lesson.body_line - 1, column, code, message, level)
    yield from _repeated_sections(lesson, path)


def _repeated_sections(lesson: Lesson, path: str) -> Iterator[Problem]:
    ids = section_ids(lesson)
    numbered = {re.sub(r"_\d+$", "", each) for each in ids if re.search(r"_\d+$", each)}
    for section in sorted({each for each in ids if ids.count(each) > 1} | numbered & set(ids)):
        message = f"Two headings make the section #{section}. Give one of them another {{#id}}."
        yield Problem(path, lesson.body_line, 1, "L014", message)


def diagram_findings(found: Iterable[Diagram], item_id: str) -> Iterator[Finding]:
    """Find what is wrong with the diagrams of a lesson or a question; lines are those of its text."""
    for diagram in found:
        if not diagram.title or not diagram.description:
            message = "A diagram needs its words: add lines `accTitle: ...` and `accDescr: ...`."
            yield diagram.line, 1, "L009", message, "error"
        elif not steps_of(diagram.source):
            message = "Only sequence diagrams can be told in words. Draw one of these."
            yield diagram.line, 1, "L011", message, "warning"
        if not diagram.path.is_file():
            message = f"The picture is missing. Run `course draw {item_id}`."
            yield diagram.line, 1, "L101", message, "warning"
        elif not is_current(diagram):
            message = f"The picture is older than its text. Run `course draw {item_id}`."
            yield diagram.line, 1, "L102", message, "warning"


def _scenario_findings(lesson: Lesson, course: Course) -> Iterator[Finding]:
    known = [scenario.name for scenario in course.scenarios]
    for fence in fences(lesson.body):
        if fence.language == "scenario" and fence.text.strip() not in known:
            message = (
                f"There is no scenario {fence.text.strip()!r}. {did_you_mean(fence.text.strip(), known)}"
            )
            yield fence.line + 1, fence.indent + 1, "L017", message, "error"


def _question_findings(lesson: Lesson, course: Course) -> Iterator[Finding]:
    known = [question for quiz in course.quizzes for question in quiz.ids]
    asked: set[str] = set()
    for fence in fences(lesson.body):
        name = fence.text.strip()
        if fence.language == "question" and name not in known:
            message = f"There is no question {name!r}. {did_you_mean(name, known)}"
            yield fence.line + 1, fence.indent + 1, "L023", message, "error"
        elif fence.language == "question" and name in asked:
            message = f"The question `{name}` stands above already. Remove one of them."
            yield fence.line + 1, fence.indent + 1, "L024", message, "error"
        asked |= {name} if fence.language == "question" else set()


def _fence_findings(lesson: Lesson) -> Iterator[Finding]:
    found = list(fences(lesson.body))
    for before, fence, after in zip((None, *found), found, (*found[1:], None), strict=False):
        for code, message, level in _fence_mistakes(before, fence, after):
            yield fence.line, fence.indent + 1, code, message, level


RUNNABLE = ("python", "javascript", "bash")


def _fence_mistakes(
    before: Fence | None, fence: Fence, after: Fence | None
) -> Iterator[tuple[str, str, str]]:
    if fence.language == "output" and (before is None or "run" not in before.options):
        message = "Output of nothing: put it directly behind a fence that is marked `run`."
        yield "L012", message, "error"
    if "run" in fence.options:
        if fence.language not in RUNNABLE:
            known = f"{', '.join(RUNNABLE[:-1])} and {RUNNABLE[-1]}"
            yield "L021", f"Only {known} can be run. Remove the mark `run`.", "error"
        if after is None or after.language != "output":
            message = "It is run, but what it prints is not shown. Put an `output` fence directly behind it."
            yield "L022", message, "error"
    if not fence.language:
        message = "A fence without a language. Name it, such as ```python, ```console or ```text."
        yield "L103", message, "warning"


_HEADING_ONE = re.compile(r"^# ")
_HTML = re.compile(r"<(?:[a-zA-Z][\w-]*(?=[\s>/])|/[a-zA-Z]|!--)")
_LINE_RULES = (
    ("L013", _HEADING_ONE, "The title is the only heading of level 1. Begin with `##`."),
    ("L015", _HTML, "HTML is not used in lessons. Write Markdown, or put the sign between backticks."),
)


def _prose_findings(lesson: Lesson) -> Iterator[Finding]:
    for number, line in enumerate(prose_lines(lesson.body), 1):
        for code, pattern, message in _LINE_RULES:
            if match := pattern.search(line):
                yield number, match.start() + 1, code, message, "error"
