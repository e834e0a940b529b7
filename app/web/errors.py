"""One place that turns errors into pages."""

from flask import Flask, current_app, render_template, request, session
from werkzeug.exceptions import HTTPException

from app.errors import CourseError, CourseFault, EditConflict, NotFound
from app.web.quiz_form import typed_texts

TITLES = {
    400: "The course could not read that request",
    403: "This browser has no key to the course",
    404: "There is nothing at this address",
    405: "That can't be done here",
    409: "Two versions of one file",
    413: "That is more than the course takes at once",
    415: "That is not a form",
    500: "The course itself failed",
}
STATUS_OF = ((NotFound, 404), (EditConflict, 409), (CourseFault, 500), (CourseError, 400))


def register_errors(app: Flask) -> None:
    """Answer every error with a page that says what to do next."""
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(CourseError, course_error)
    app.register_error_handler(Exception, unknown_error)


def course_error(error: CourseError) -> tuple[str, int]:
    """Show an error that the course raised on purpose."""
    status = next(status for kind, status in STATUS_OF if isinstance(error, kind))
    return error_page(status, error.message, error.advice)


def http_error(error: HTTPException) -> tuple[str, int]:
    """Show an error of HTTP itself: no such page, too large, not allowed."""
    message = error.description or ""
    if error.code == 404:
        message = "The address may be mistyped, or the lesson moved. The course map has everything."
    return error_page(error.code or 500, message)


def unknown_error(error: Exception) -> tuple[str, int]:
    """Admit a fault of ours without showing its insides; the log of `course serve` has them."""
    current_app.logger.error("A page failed.", exc_info=error)
    return error_page(
        500, "Your files and your progress are safe.", "The terminal of `course serve` says why."
    )


def error_page(status: int, message: str, advice: str = "") -> tuple[str, int]:
    """Render the page of one error."""
    title = TITLES.get(status, "That did not work")
    if status == 403 and session.get("entered"):
        title = "The course refused that"
    is_answer = request.endpoint == "quizzes.answer" and request.method == "POST"
    if is_answer and status != 500:
        title = "This answer was not taken"
    page = render_template(
        "error.html", status=status, title=title, message=message, advice=advice, typed=typed_before(status)
    )
    return page, status


def typed_before(status: int) -> tuple[str, ...]:
    """Give what the learner wrote into a question, so that no refused form loses it."""
    is_ours = request.headers.get("Sec-Fetch-Site") in (None, "same-origin") and session.get("entered")
    if request.endpoint != "quizzes.answer" or request.method != "POST" or status == 413 or not is_ours:
        return ()
    return typed_texts(request.form)
