"""The door: a link that works once becomes a cookie that stays."""

from flask import Blueprint, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from app.learning.launch import use_token
from app.web import security
from app.web.context import classroom

bp = Blueprint("entrance", __name__)


@bp.get("/enter")
def enter() -> Response:
    """Exchange the token of the printed link for the cookie."""
    if request.method == "HEAD":
        abort(405)  # only looking at the link must not use it up
    if not use_token(classroom(), request.args.get("token", "")):
        abort(403, "This link was used before. Run `course serve` and open its link.")
    security.enter()
    return redirect(url_for(current_app.config["FIRST_PAGE"]), 303)


@bp.get("/healthz")
def health() -> tuple[str, int, dict[str, str]]:
    """Say that the site answers."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
