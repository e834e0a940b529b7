"""Who may ask for what: decided once, before any view, and denied unless allowed.

The site runs code at the press of a button, so other web sites, other programs on this machine and
rebound host names must not reach it. Every answer, errors included, leaves with the same headers.
"""

import hmac
import secrets

from flask import Flask, Response, abort, current_app, request, session

# Answered without the cookie. They hold nothing of the learner; the error page needs its style.
PUBLIC = frozenset({"entrance.enter", "entrance.health", "static"})
# Answered to the site's own scripts only, never as a page.
DATA = frozenset({"runs.events", "exercises.files", "exercises.newest"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A diagram is a document of its own, with its style inside.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer, browsers send our own forms with Origin: null
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def guard(app: Flask) -> None:
    """Put the checks before every view and the headers behind every answer."""
    for check in (check_host, check_cookie, check_origin, check_entered, check_form):
        app.before_request(check)
    app.after_request(add_headers)


def own_host() -> str:
    """Return the only Host that this site answers to."""
    return f"127.0.0.1:{current_app.config['PORT']}"


def check_host() -> None:
    """Refuse every other host name, or a rebound name could read the site."""
    if request.headers.get("Host") != own_host():
        abort(400, f"This site answers only to http://{own_host()}/. Open that address.")


def check_cookie() -> None:
    """Refuse two cookies of our name: one of them was planted by another program on this machine."""
    name = current_app.config["SESSION_COOKIE_NAME"]
    names = [part.split("=")[0].strip() for part in request.headers.get("Cookie", "").split(";")]
    if names.count(name) > 1:
        abort(400, f"Your browser sent two cookies named {name}. Delete them and open the link again.")


def check_origin() -> None:
    """Let only this site's own pages change anything or read its data."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_safe = request.method in SAFE_METHODS
    if origin is not None and origin != f"http://{own_host()}":
        abort(403, "Another site asked for this.")
    if site is None:
        allowed = origin is not None or (is_safe and (request.endpoint not in DATA or has_token()))
    else:
        allowed = site == "same-origin" or (site == "none" and is_safe and request.endpoint not in DATA)
    if not allowed:
        abort(403, "Another site asked for this. Type the address into your browser instead.")


def check_entered() -> None:
    """Let in only a browser that came through the link that `course serve` prints."""
    if request.endpoint not in PUBLIC and not session.get("entered"):
        abort(403, "Run `course serve` and open its link.")


def check_form() -> None:
    """Take changes only from a form of this session."""
    if request.method in SAFE_METHODS or request.endpoint in PUBLIC:
        return
    if request.mimetype not in FORM_TYPES:
        abort(415, "Send a form.")
    if not has_token():
        abort(403, "This page is out of date. Open it anew and try again.")


def has_token() -> bool:
    """Say whether the request carries the token of its own session."""
    expected = str(session.get("token", ""))
    given = request.headers.get("X-CSRF-Token") or (
        "" if request.method in SAFE_METHODS else request.form.get("csrf", "")
    )
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())


def enter() -> None:
    """Begin a session in this browser; it outlives restarts of the course."""
    session.clear()
    session["entered"] = True
    session["token"] = secrets.token_urlsafe(24)
    session.permanent = True


def add_headers(response: Response) -> Response:
    """Give every answer, errors too, the headers that keep other sites out."""
    response.headers.update(HEADERS)
    is_picture = response.mimetype == "image/svg+xml"
    response.headers["Content-Security-Policy"] = PICTURE_POLICY if is_picture else CONTENT_POLICY
    if request.endpoint == "entrance.enter":
        response.headers["Referrer-Policy"] = "no-referrer"  # its address holds the token
    if request.endpoint != "static" or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response
