"""The server itself: one loopback socket, a link that works, a taken port told in words."""

import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import UsageError
from app.learning.classroom import Classroom
from app.web import server


@pytest.fixture
def links(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Serve on a free port; the announced link. The grader is not warmed up: no run is started here."""
    monkeypatch.setattr("app.learning.live.LiveRuns.warm", lambda self: None)
    made: list[object] = []
    create = server.create_server
    monkeypatch.setattr(server, "create_server", lambda *a, **k: made.append(create(*a, **k)) or made[0])
    links: list[str] = []
    said = threading.Event()

    def announce(link: str) -> None:
        links.append(link)
        said.set()

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    thread = threading.Thread(target=server.serve, args=(classroom, port, False, announce))
    thread.start()
    assert said.wait(10)
    yield links
    made[0].close()  # type: ignore[attr-defined]
    thread.join(10)
    assert not thread.is_alive()


def test_it_listens_on_loopback_only(links: list[str]) -> None:
    """One socket, on 127.0.0.1; nothing on the addresses that other machines reach."""
    port = int(links[0].split(":")[2].split("/")[0])
    listening = [line.split()[1:4:2] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    mine = [address for address, state in listening if state == "0A" and address.endswith(f":{port:04X}")]
    assert mine == [f"0100007F:{port:04X}"]
    v6 = Path("/proc/net/tcp6").read_text() if Path("/proc/net/tcp6").exists() else ""
    assert f":{port:04X} " not in "".join(line for line in v6.splitlines() if " 0A " in line)


def test_the_link_opens_the_map(links: list[str]) -> None:
    """Over real HTTP: the link sets the cookie and leads to the map; the second use is refused."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(links[0]) as page:
        assert "course" in page.read().decode()
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(links[0])
    assert refused.value.code == 403
    refused.value.close()


def test_a_taken_port_is_told_in_words(classroom: Classroom) -> None:
    """The learner reads which port, and what to type."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"Port {port} is taken.*--port"):
            server.serve(classroom, port, False)
