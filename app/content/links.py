"""Links between the pages of the course: which of them lead nowhere."""

import re
from collections.abc import Iterator
from functools import cache

from app.content.course import Course, Lesson, did_you_mean
from app.content.fences import fences
from app.content.markdown import render
from app.content.quiz_rules import without_code
from app.content.safe_html import is_safe_address

_LINK = re.compile(
    r"(!?)\[[^\]\n]*\]\(\s*<?([^)\s>]*)"  # [text](address)
    r"|()<((?:https?|mailto):[^>\s]+)>"  # <address>
    r"|^()\[[^\]\n]+\]:\s*<?([^\s>]+)"  # [name]: address
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_INSIDE = re.compile(r"/(lessons|exercises|quizzes)/([a-z0-9-]+)(?:#([\w-]+))?")

Mistake = tuple[int, int, str, str]  # line, column, code, message


def prose_lines(text: str) -> list[str]:
    """Give the lines of a text with code left out; the line numbers stay."""
    lines = text.split("\n")
    for fence in fences(text):
        lines[fence.line - 1 : fence.end] = [""] * (fence.end - fence.line + 1)
    return [without_code(line) for line in lines]


def link_mistakes(text: str, course: Course, page: Lesson | None = None) -> Iterator[Mistake]:
    """Find the links of a text that lead nowhere; `page` is the lesson in which `#section` is looked up."""
    for number, line in enumerate(prose_lines(text), 1):
        for match in _LINK.finditer(line):
            image, address = (part for part in match.groups() if part is not None)
            found = _mistake(image, address, course, page)
            if found:
                yield number, match.start() + 1, *found


def _mistake(image: str, address: str, course: Course, page: Lesson | None) -> tuple[str, str] | None:
    if image:
        return "L008", "Texts have no pictures but diagrams in lessons. Draw it as a ```mermaid fence."
    if not is_safe_address(address):
        return "L016", f"A link to {address!r} is dropped. Link to https:// or to a page of the course."
    if address.startswith("#"):
        message = section_mistake(page, address[1:]) if page else "There is no section here to link to."
        return ("L007", message) if message else None
    if _SCHEME.match(address):
        return _web_mistake(address, course, page)
    message = _page_mistake(address, course) if address.startswith("/") else ""
    return ("L007", message) if message else None


def _web_mistake(address: str, course: Course, page: Lesson | None) -> tuple[str, str] | None:
    """Every page on the web is listed with the day on which it was read: a lesson's links in its own list."""
    if address.lower().startswith("mailto:"):
        return None
    if not address.startswith("https://"):
        return "L018", "A link to the web begins with https://"
    listed = page.sources if page else course.sources
    if address.partition("#")[0] in {source.url.partition("#")[0] for source in listed}:
        return None
    where = "the lesson's `sources`" if page else "the `sources` of a lesson"
    return "L019", f"{address} stands in no list. Add it to {where}, with the day on which you read it."


def _page_mistake(address: str, course: Course) -> str:
    match = _INSIDE.fullmatch(address)
    if not match:
        return f"There is no page {address}. Link to /lessons/, /exercises/ or /quizzes/ with an id."
    kind, item_id, section = match.groups()
    there = {each.id: each for each in getattr(course, kind)}
    if item_id not in there:
        return f"There is no page {address}. {did_you_mean(item_id, there)}"
    target = there[item_id]
    return section_mistake(target, section) if section and isinstance(target, Lesson) else ""


def place_mistake(place: str, course: Course) -> str:
    """Say what is wrong with `lesson` or `lesson#section`; empty: nothing."""
    lessons = {lesson.id: lesson for lesson in course.lessons}
    lesson_id, _, section = place.partition("#")
    if lesson_id not in lessons:
        return f"There is no lesson {lesson_id!r}. {did_you_mean(lesson_id, lessons)}"
    return section_mistake(lessons[lesson_id], section) if section else ""


def section_mistake(lesson: Lesson, section: str) -> str:
    """Say that a lesson has no such section; empty: it has."""
    sections = section_ids(lesson)
    if section in sections:
        return ""
    return f"{lesson.id} has no section #{section}. {did_you_mean(section, sections)}"


@cache
def section_ids(lesson: Lesson) -> tuple[str, ...]:
    """Give the ids of a lesson's headings, in order."""
    return tuple(section.id for section in render(lesson.body).sections)
