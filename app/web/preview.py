"""The page on which an author sees a quiz while writing it. It shows the key, so no learner's site has it."""

from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request, url_for

from app.learning.preview import Desk
from app.quiz.types import Image, Quiz
from app.web import pictures

bp = Blueprint("preview", __name__, url_prefix="/preview")


def add_preview(app: Flask, file: Path) -> None:
    """Add the page to a site that only this author can open; it becomes its first page."""
    app.extensions["desk"] = Desk(app.extensions["classroom"], file)
    app.config["FIRST_PAGE"] = "preview.show"
    app.jinja_env.filters["picture_url"] = picture_url
    app.register_blueprint(bp)


def desk() -> Desk:
    """Return the desk at which the author sits."""
    return cast(Desk, current_app.extensions["desk"])


@bp.get("")
def show() -> str:
    """Show every question in every state, and what is wrong beside it."""
    preview = desk().preview()
    page = render_template("preview.html", preview=preview, quiz=preview.quiz, file=desk().file)
    # A quiz with a mistake is not in the course, and its diagrams are beside its file all the same.
    return page.replace(f'src="/diagrams/{preview.quiz.path.stem}/', f'src="{url_for(".show")}/diagrams/')


@bp.get("/state")
def state() -> Response:
    """Say whether a file has changed: 304 while the page that was read last is as it would be read now."""
    answer = Response(status=204)
    answer.set_etag(desk().stamp)
    answer.make_conditional(request)
    return answer


@bp.get("/pictures/<path:name>")
def picture(name: str) -> Response:
    """Send a picture that lies beside the file."""
    return pictures.send(beside(name))


@bp.get("/diagrams/<name>.svg")
def diagram(name: str) -> Response:
    """Send the picture of a diagram that was drawn for the file."""
    return pictures.send(beside(f"{desk().file.stem}.{name}.svg"))


def beside(name: str) -> Path:
    """Find a file below the folder of the quiz; 404 for any other."""
    folder = desk().file.parent.resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        abort(404)
    return path


def picture_url(image: Image, quiz: Quiz) -> str:
    """Return the address of a picture: here by its name, elsewhere under one that says nothing."""
    if request.blueprint == bp.name:
        return url_for("preview.picture", name=image.file)
    return pictures.picture_url(image, quiz)
