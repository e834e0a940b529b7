"""Make the Flask application for one classroom."""

import hashlib
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path

from flask import Flask, session, url_for

from app.learning.classroom import Classroom
from app.learning.launch import signing_key
from app.learning.live import LiveRuns
from app.learning.quizzes import shown_now
from app.web import entrance, exercises, lessons, map, pictures, quizzes, review, runs, scenarios, security
from app.web.errors import register_errors
from app.web.present import FILTERS

BODY_LIMIT = 1024 * 1024  # bytes; a learner's file is far smaller
STATIC = Path(__file__).parent / "static"
STREAMS = 8  # results that stream at the same time; more viewers poll


def create_app(classroom: Classroom, port: int | None = None, live_runs: LiveRuns | None = None) -> Flask:
    """Return the site of one classroom; `port` is the only one whose Host it answers to."""
    app = Flask(__name__)
    port = port or classroom.settings.port
    app.config.update(
        PORT=port,
        FIRST_PAGE="map.show",
        SECRET_KEY=signing_key(classroom),
        SESSION_COOKIE_NAME=f"course_{port}",  # two courses on two ports keep their own cookies
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_REFRESH_EACH_REQUEST=False,  # the map renews it; pictures and styles need not
        PERMANENT_SESSION_LIFETIME=timedelta(days=180),
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        MAX_FORM_PARTS=200,
    )
    app.extensions.update(
        classroom=classroom,
        live_runs=live_runs or LiveRuns(classroom),
        streams=threading.BoundedSemaphore(STREAMS),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(FILTERS, picture_url=pictures.picture_url)
    app.jinja_env.globals.update(asset=asset, shown_now=partial(shown_now, classroom))
    app.context_processor(lambda: {"csrf": session.get("token", "")})
    security.guard(app)
    register_errors(app)
    for noun in (entrance, map, lessons, exercises, runs, scenarios, quizzes, pictures, review):
        app.register_blueprint(noun.bp)
    return app


def asset(name: str) -> str:
    """Return the address of a static file; it changes with the file, so that no stale one is used."""
    stamp = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return url_for("static", filename=name, v=stamp)
