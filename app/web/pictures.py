"""Pictures of questions, from the folder of their quiz."""

from pathlib import Path

from flask import Blueprint, Response, abort, url_for

from app.learning.pictures import find_picture, picture_name
from app.quiz.types import Image, Quiz
from app.web.context import classroom

MOST = 8 * 1024 * 1024  # bytes
TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
bp = Blueprint("pictures", __name__, url_prefix="/quizzes/<quiz_id>/pictures")


@bp.get("/<name>")
def show(quiz_id: str, name: str) -> Response:
    """Send one picture, without any header that its file's name or date would shape."""
    return send(find_picture(classroom(), quiz_id, name))


def send(path: Path) -> Response:
    """Send a picture's bytes; 404 for what is no picture, or too large to be one."""
    kind = TYPES.get(path.suffix.lower())
    if kind is None or path.stat().st_size > MOST:
        abort(404)
    return Response(path.read_bytes(), mimetype=kind)


def picture_url(image: Image, quiz: Quiz) -> str:
    """Return the address of a picture; empty for one that the quiz does not show any more."""
    if image.file not in quiz.pictures:
        return ""
    return url_for("pictures.show", quiz_id=quiz.id, name=picture_name(classroom(), quiz.id, image.file))
