"""Who gets in: nobody without the link, no other host, no other site, and no form that is not ours."""

import pytest
from flask import Flask

from app.learning.classroom import Classroom
from app.learning.launch import make_token
from app.web import create_app
from app.web.security import CONTENT_POLICY, HEADERS, PUBLIC
from tests.web.conftest import PORT, SITE, Visitor

VALUES = {
    "lesson_id": "basics",
    "exercise_id": "greet",
    "item_id": "basics",
    "attempt_id": "0123",
    "quiz_id": "basics-quiz",
    "run_id": "r1",
    "number": "1",
    "filename": "base.css",
    "name": "one-event",
    "played": "0123",
}


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    """Return every route as (endpoint, method, path) with real values in it."""
    adapter = app.url_map.bind(f"127.0.0.1:{PORT}")
    return [
        (rule.endpoint, method, adapter.build(rule.endpoint, {name: VALUES[name] for name in rule.arguments}))
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods or ())
    ]


def test_every_route_asks_for_the_cookie(app: Flask, stranger: Visitor) -> None:
    """Whatever the method, a route which is not on the public list answers 403 to a stranger."""
    for endpoint, method, path in addresses(app):
        if endpoint in PUBLIC or (endpoint, method) == ("static", "OPTIONS"):
            continue
        answer = stranger.client.open(
            path, method=method, base_url=SITE, buffered=True, headers={"Origin": SITE}
        )
        assert answer.status_code == 403, (method, path)


def test_the_public_list_is_short() -> None:
    """A new public route is a decision that changes this test."""
    assert {"entrance.enter", "entrance.health", "static"} == PUBLIC


def test_a_stranger_learns_how_to_get_in(stranger: Visitor) -> None:
    """The page without the cookie names the command and its link, also at an unknown address."""
    for path in ("/", "/exercises/greet", "/nothing"):
        page = stranger.get(path)
        assert page.status_code == 403
        assert "course serve" in page.text
        assert "Open the link" in page.text
        assert 'aria-label="Course"' not in page.text


def test_every_answer_carries_the_headers(app: Flask, visitor: Visitor, stranger: Visitor) -> None:
    """Pages, files and errors, for visitors and strangers: all have the same protective headers."""
    for who in (visitor, stranger):
        for endpoint, method, path in [*addresses(app), ("", "GET", "/nothing"), ("", "POST", "/")]:
            if endpoint in ("entrance.enter", "runs.events"):
                continue
            answer = who.client.open(
                path, method=method, base_url=SITE, buffered=True, headers={"Origin": SITE}
            )
            for name, value in HEADERS.items():
                assert answer.headers[name] == value, (method, path)
            assert answer.headers["Content-Security-Policy"] == CONTENT_POLICY
            assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_pages_are_not_stored_and_files_may_be(visitor: Visitor) -> None:
    """What holds the learner's work stays out of caches; styles may be kept."""
    assert visitor.get("/").headers["Cache-Control"] == "no-store"
    assert visitor.get("/nothing").headers["Cache-Control"] == "no-store"
    assert visitor.get("/static/base.css").headers["Cache-Control"] != "no-store"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"127.0.0.1.evil.example:{PORT}",
        "127.0.0.1:80",
        "127.0.0.1",
        f"localhost:{PORT}",
        f"0.0.0.0:{PORT}",
        f"[::1]:{PORT}",
        f"127.0.0.1:{PORT}@evil.example",
        "",
    ],
)
def test_other_hosts_are_refused_everywhere(app: Flask, visitor: Visitor, host: str) -> None:
    """A rebound name reads nothing, not even a style."""
    for _, method, path in addresses(app):
        answer = visitor.client.open(
            path, method=method, base_url=SITE, buffered=True, headers={"Host": host}
        )
        assert answer.status_code == 400, (host, method, path)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:8000"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null"},
        {"Origin": f"http://localhost:{PORT}"},
        {},
    ],
)
def test_other_sites_change_nothing(app: Flask, visitor: Visitor, headers: dict[str, str]) -> None:
    """Even with the cookie and the token, a change must come from one of our own pages."""
    token = visitor.token
    for _, method, path in addresses(app):
        if method == "POST":
            answer = visitor.client.post(path, base_url=SITE, headers=headers, data={"csrf": token})
            assert answer.status_code == 403, path


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_read_nothing(app: Flask, visitor: Visitor, site: str) -> None:
    """A page of another site cannot embed or fetch ours."""
    for endpoint, method, path in addresses(app):
        if method == "GET" and endpoint != "entrance.enter":
            answer = visitor.client.get(path, buffered=True, base_url=SITE, headers={"Sec-Fetch-Site": site})
            assert answer.status_code == 403, path


def test_data_is_for_our_scripts_only(visitor: Visitor) -> None:
    """Files and results are answered to fetches of our pages: not to a typed address."""
    path = "/exercises/greet/files"
    assert visitor.get(path, **{"Sec-Fetch-Site": "none"}).status_code == 403
    assert visitor.client.get(path, buffered=True, base_url=SITE).status_code == 403
    assert (
        visitor.client.get(
            path, buffered=True, base_url=SITE, headers={"X-CSRF-Token": visitor.token}
        ).status_code
        == 200
    )
    assert visitor.get(path).status_code == 200


def test_a_typed_address_opens(visitor: Visitor) -> None:
    """Bookmarks and typed addresses work: Sec-Fetch-Site is none."""
    assert visitor.get("/", **{"Sec-Fetch-Site": "none"}).status_code == 200
    assert visitor.client.get("/", base_url=SITE).status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", "ä"])
def test_a_form_needs_its_token(app: Flask, visitor: Visitor, token: str) -> None:
    """The cookie alone changes nothing."""
    for _, method, path in addresses(app):
        if method == "POST":
            assert visitor.post(path, csrf=token).status_code == 403, path


def test_the_token_belongs_to_one_session(app: Flask, classroom: Classroom, visitor: Visitor) -> None:
    """The token of another session does not open a form of this one."""
    other = Visitor(app.test_client())
    other.get("/enter?token=" + make_token(classroom))
    assert visitor.post("/lessons/basics/read", csrf=other.token).status_code == 403


def test_only_forms_are_taken(visitor: Visitor) -> None:
    """Text and JSON bodies are refused: a page of another site can send the first without asking."""
    headers = {"Origin": SITE, "X-CSRF-Token": visitor.token}
    for content_type in ("text/plain", "application/json"):
        answer = visitor.client.post(
            "/lessons/basics/read", base_url=SITE, headers=headers, data="{}", content_type=content_type
        )
        assert answer.status_code == 415


def test_a_launch_token_works_once(stranger: Visitor, classroom: Classroom) -> None:
    """The link opens the door (a HEAD only looks), redirects to an address without the token, and is dead."""
    token = make_token(classroom)
    assert stranger.client.head(f"/enter?token={token}", base_url=SITE).status_code == 405
    first = stranger.get(f"/enter?token={token}", **{"Sec-Fetch-Site": "none"})
    assert (first.status_code, first.headers["Location"]) == (303, "/")
    assert first.headers["Referrer-Policy"] == "no-referrer"
    assert stranger.get(f"/enter?token={token}").status_code == 403
    assert stranger.get("/").status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", "../.signing-key", "%00", "ä" * 300])
def test_a_wrong_token_opens_nothing(stranger: Visitor, token: str) -> None:
    """Guesses and paths get 403 and no cookie."""
    answer = stranger.get(f"/enter?token={token}")
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_the_cookie_is_closed_to_scripts_and_sites(stranger: Visitor, classroom: Classroom) -> None:
    """HttpOnly, SameSite=Strict, no Domain, its port in its name, and it lasts half a year."""
    answer = stranger.get(f"/enter?token={make_token(classroom)}")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"course_{PORT}=")
    for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Expires="):
        assert part in cookie
    assert "Domain" not in cookie


def test_the_cookie_outlives_a_restart(visitor: Visitor, classroom: Classroom) -> None:
    """A new process with the same home knows the browser again."""
    cookie = visitor.client.get_cookie(f"course_{PORT}", domain="127.0.0.1")
    assert cookie is not None
    again = create_app(classroom)
    client = again.test_client()
    client.set_cookie(cookie.key, cookie.value, domain="127.0.0.1")
    assert client.get("/", base_url=SITE).status_code == 200
    again.extensions["live_runs"].close()


def test_two_cookies_of_our_name_are_refused(visitor: Visitor) -> None:
    """A second cookie of the name was planted by another program of this machine."""
    cookie = visitor.client.get_cookie(f"course_{PORT}", domain="127.0.0.1")
    assert cookie is not None
    twice = f"{cookie.key}={cookie.value}; {cookie.key}=planted"
    fresh = visitor.client.application.test_client(use_cookies=False)
    assert fresh.get("/", base_url=SITE, headers={"Cookie": twice}).status_code == 400


def test_too_much_is_refused(visitor: Visitor) -> None:
    """A body over 1 MiB gets 413, before any of it is kept."""
    assert visitor.post("/exercises/greet/files", text="x" * (1024 * 1024 + 1)).status_code == 413


def test_a_fault_of_ours_shows_no_insides(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An unexpected exception is a calm page without a traceback; the log has it."""

    def broken(room: Classroom) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("app.web.map.step_states", broken)
    answer = visitor.get("/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "progress are safe" in answer.text
    assert "secret detail" in caplog.text


def test_reading_changes_nothing(app: Flask, visitor: Visitor, classroom: Classroom) -> None:
    """No GET writes to the database."""
    before = classroom.store.export()
    for endpoint, method, path in addresses(app):
        if method == "GET" and endpoint != "runs.events":
            visitor.get(path)
    assert classroom.store.export() == before
