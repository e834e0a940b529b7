"""Everything that is wrong with a course: the problems of loading, and what only the whole shows."""

from collections.abc import Iterator

from app.content.course import Course, Mark
from app.content.diagrams import diagrams_of, left_over
from app.content.links import link_mistakes, place_mistake
from app.content.lint_exercises import exercise_problems
from app.content.lint_lessons import diagram_findings, lesson_problems
from app.content.problems import Problem
from app.content.quiz_across import alike
from app.content.quiz_warnings import unused_waiver
from app.content.tables import table_mistakes
from app.quiz.types import Choice, Item, Pair, Question, Quiz
from app.quiz.words import prompt


def lint(course: Course) -> tuple[Problem, ...]:
    """Give every problem of a course, in the order of its files."""
    found = list(course.problems)
    for lesson in course.lessons:
        found += lesson_problems(lesson, course)
    for exercise in course.exercises:
        found += exercise_problems(exercise, course)
    found += _quiz_problems(course)
    return tuple(sorted(set(found)))


def _quiz_problems(course: Course) -> Iterator[Problem]:
    for quiz in course.quizzes:
        if quiz.lesson is not None and (message := place_mistake(quiz.lesson, course)):
            yield _at(course.marks[f"{quiz.id}/"], "Q011", message)
        for question in quiz.questions:
            mark = course.marks[f"{quiz.id}/{question.id}"]
            if question.lesson is not None and (message := place_mistake(question.lesson, course)):
                yield _at(course.marks[f"{quiz.id}/{question.id}.lesson"], "Q011", message)
            for code, message in _text_findings(_all_texts(question), course):
                yield _at(mark, code, message)
            for code, message, level in _diagram_findings(question, quiz):
                yield _at(mark, code, message, level)
        for picture in left_over(quiz):
            message = f"The picture {picture.name} is shown no more. Run `course draw {quiz.id}`."
            yield _at(course.marks[quiz.id], "L104", message, "warning")
    yield from _alike(course)


def _text_findings(texts: str, course: Course) -> Iterator[tuple[str, str]]:
    for *_, message in link_mistakes(texts, course) if "](" in texts else ():
        yield "Q011", message
    for *_, code, message in table_mistakes(texts) if "|" in texts else ():
        yield code, message


def _diagram_findings(question: Question, quiz: Quiz) -> Iterator[tuple[str, str, str]]:
    """Find diagrams without words or picture, and such as stand where they would be seen too early."""
    if diagrams_of("\n\n".join(_texts_besides(question)), quiz.path):
        message = "A diagram stands in the stem or in a stimulus only. Move it, or tell it in words."
        yield "Q031", message, "error"
    shown = diagrams_of(prompt(question), quiz.path)
    yield from (found[2:] for found in diagram_findings(shown, quiz.id))


def _alike(course: Course) -> Iterator[Problem]:
    """Find stems that say the same as another one's, less those that waive it; and waivers of nothing."""
    asked = {f"{quiz.id}/{question.id}": question for quiz in course.quizzes for question in quiz.questions}
    waivers = {key: course.marks[f"{key}.W115"] for key in asked if f"{key}.W115" in course.marks}
    for key, other in alike({key: prompt(question) for key, question in asked.items()}):
        if waivers.pop(key, None) is None:
            quiz_id, question_id = other.split("/")
            message = f"This asks nearly the same as `{question_id}` in {quiz_id}. Change one of them."
            yield _at(course.marks[key], "W115", message, "warning")
    for mark in waivers.values():
        yield _at(mark, "W190", unused_waiver("W115"), "warning")


def _all_texts(question: Question) -> str:
    shared = question.stimulus.text if question.stimulus else ""
    return "\n\n".join((question.stem, shared, *_texts_besides(question)))


def _texts_besides(question: Question) -> list[str]:
    """Give the texts beside what is asked."""
    parts: tuple[Choice | Item | Pair, ...] = (*question.choices, *question.items, *question.pairs)
    texts = [text for part in parts for text in (part.text, part.feedback)]
    texts += [option.text for option in question.options]
    texts += [wrong.feedback for wrong in question.wrong]
    return [*texts, question.explanation, *question.hints, question.model_answer, *question.points]


def _at(mark: Mark, code: str, message: str, level: str = "error") -> Problem:
    return Problem(mark.path, mark.line, mark.column, code, message, level)
