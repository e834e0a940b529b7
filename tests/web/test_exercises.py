"""The exercise page: files, conflicts, Check, hints, starting over."""

import base64
import hashlib
import re
from html import unescape
from pathlib import Path

import pytest

from app.content.loader import load_course
from app.learning.classroom import Classroom
from app.store.rows import RunEnd, RunStart
from tests.cli.tiny_course import STARTER, write_chain
from tests.web.conftest import ScriptedRuns, Visitor

JSON = {"Accept": "application/json"}


def shown_version(page: str) -> str:
    """Return the version that the page's form carries."""
    found = re.search(r'name="version" value="([0-9a-f]*)"', page)
    assert found
    return found[1]


def form(text: str, version: str, name: str = "receiver.py") -> dict[str, str]:
    """The fields of the editor's form."""
    return {"name": name, "text": text, "version": version}


def test_the_page_shows_the_learners_file(visitor: Visitor, program: Path) -> None:
    """The textarea holds the file byte for byte, a leading empty line included, and its version."""
    visitor.get("/exercises/greet")
    program.write_text("\n</textarea><script>alert(1)</script>\n")
    page = visitor.get("/exercises/greet").text
    assert "<script>alert" not in page
    area = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert area
    assert unescape(area[1]) == program.read_text()
    assert shown_version(page) == hashlib.sha256(program.read_bytes()).hexdigest()


def test_saving_writes_the_file_with_plain_line_ends(visitor: Visitor, program: Path) -> None:
    """A browser sends CR LF; the file gets LF, and the page comes back."""
    version = shown_version(visitor.get("/exercises/greet").text)
    answer = visitor.post("/exercises/greet/files", **form("one\r\ntwo\r\n", version))
    assert answer.status_code == 303
    assert program.read_bytes() == b"one\ntwo\n"


def test_a_script_gets_the_new_versions(visitor: Visitor, program: Path) -> None:
    """With JSON the answer holds what is on disk now."""
    version = shown_version(visitor.get("/exercises/greet").text)
    answer = visitor.post("/exercises/greet/files", JSON, **form("new\n", version))
    expected = hashlib.sha256(b"new\n").hexdigest()
    assert answer.json == {"files": [{"name": "receiver.py", "text": "new\n", "version": expected}]}
    assert visitor.get("/exercises/greet/files").json == answer.json["files"]


def test_a_conflict_shows_both_versions_and_loses_nothing(visitor: Visitor, program: Path) -> None:
    """Edited here and on disk: 409, both texts on the page, the file untouched; then either may win."""
    version = shown_version(visitor.get("/exercises/greet").text)
    program.write_text("from my editor\n")
    answer = visitor.post("/exercises/greet/files", **form("from the page\n", version))
    assert answer.status_code == 409
    assert "from my editor" in answer.text
    assert "from the page" in answer.text
    assert program.read_text() == "from my editor\n"
    visitor.post("/exercises/greet/files", **form("from the page\n", shown_version(answer.text)))
    assert program.read_text() == "from the page\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_untouched_page_never_overwrites(
    visitor: Visitor, program: Path, runs: ScriptedRuns, end: str
) -> None:
    """Edited on disk only, then Check on a page from before: the file on disk is what is checked."""
    visitor.get("/exercises/greet")
    program.write_bytes(f"old{end}".encode())
    version = shown_version(visitor.get("/exercises/greet").text)
    program.write_text("from my editor\n")
    answer = visitor.post("/exercises/greet/runs", **form("old\r\n", version))
    assert answer.status_code == 303
    assert program.read_text() == "from my editor\n"
    assert runs.pressed == [("greet", "python")]


def test_check_saves_and_leads_to_the_run(visitor: Visitor, program: Path, runs: ScriptedRuns) -> None:
    """Without a script the press of Check saves the text and leads to the run's page."""
    version = shown_version(visitor.get("/exercises/greet").text)
    answer = visitor.post("/exercises/greet/runs", **form("new\n", version))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/runs/r1")
    assert program.read_text() == "new\n"
    assert runs.pressed == [("greet", "python")]


def test_a_conflict_starts_no_run(visitor: Visitor, program: Path, runs: ScriptedRuns) -> None:
    """What is not saved is not checked."""
    version = shown_version(visitor.get("/exercises/greet").text)
    program.write_text("from my editor\n")
    assert visitor.post("/exercises/greet/runs", **form("mine\n", version)).status_code == 409
    assert runs.pressed == []


@pytest.mark.parametrize("name", ["../escape.py", "/etc/passwd", "a/../../b", "", "sub\\x", "\x00"])
def test_no_name_leads_out_of_the_folder(visitor: Visitor, classroom: Classroom, name: str) -> None:
    """A file name of the form can't point anywhere else."""
    visitor.get("/exercises/greet")
    before = sorted(classroom.settings.home.parent.rglob("*.py"))
    assert visitor.post("/exercises/greet/files", **form("x", "", name)).status_code == 400
    assert sorted(classroom.settings.home.parent.rglob("*.py")) == before


def test_half_a_form_is_refused(visitor: Visitor) -> None:
    """A form whose fields do not belong together saves nothing."""
    assert visitor.post("/exercises/greet/files", name="receiver.py").status_code == 400


def test_hints_open_one_by_one(visitor: Visitor) -> None:
    """The first press shows the first hint and no other; after the last there is no button."""
    assert "First hint" not in visitor.get("/exercises/greet").text
    visitor.post("/exercises/greet/hints")
    page = visitor.get("/exercises/greet").text
    assert "First hint" in page
    assert "Second hint" not in page
    visitor.post("/exercises/greet/hints")
    page = visitor.get("/exercises/greet").text
    assert "<code>code</code>" in page
    assert "That was the last hint" in page


def test_starting_over_asks_and_keeps_the_old_files(visitor: Visitor, program: Path) -> None:
    """The question changes nothing; the answer brings the starter back and says where the old files are."""
    visitor.get("/exercises/greet")
    program.write_text("mine\n")
    assert "Start over?" in visitor.get("/exercises/greet/reset").text
    assert program.read_text() == "mine\n"
    visitor.post("/exercises/greet/reset", origin="starter")
    assert program.read_text() == STARTER
    page = unescape(visitor.get("/exercises/greet").text)
    kept = re.search(r"earlier files are kept in (\S+)\.<", page)
    assert kept
    assert (Path(kept[1]) / "receiver.py").read_text() == "mine\n"


def test_a_chain_begins_with_what_was_passed(visitor: Visitor, classroom: Classroom) -> None:
    """The page says so once, and starting over offers both; before a pass it offers the starter alone."""
    classroom._course = load_course((write_chain(classroom.course.lesson("basics").path.parents[1]),))
    again = classroom.settings.home / "exercises" / "greet-again" / "python" / "receiver.py"
    assert 'value="carried"' not in visitor.get("/exercises/greet-again/reset").text
    passed = {"receiver.py": base64.b64encode(b"# passed\n").decode()}
    start = RunStart("r0", "greet", "python", "", None, 1, "nobody", "2026-01-01T00:00:00+00:00")
    classroom.store.runs.begin(start)
    end = RunEnd("passed", {"passed": 2}, "", 1.0, "", "", start.started_at, (), (), passed)
    classroom.store.runs.finish("r0", end)
    said = "You begin with your own program, with which you passed Say hello."
    assert said in visitor.get("/exercises/greet-again").text
    assert again.read_text() == "# passed\n"
    assert said not in visitor.get("/exercises/greet-again").text
    for origin, expected in (("starter", STARTER), ("carried", "# passed\n")):
        assert f'value="{origin}"' in visitor.get("/exercises/greet-again/reset").text
        visitor.post("/exercises/greet-again/reset", origin=origin)
        assert again.read_text() == expected


def test_starting_over_needs_a_choice(visitor: Visitor, program: Path) -> None:
    """A form without a known origin resets nothing."""
    visitor.get("/exercises/greet")
    program.write_text("mine\n")
    assert visitor.post("/exercises/greet/reset", origin="solution").status_code == 400
    assert program.read_text() == "mine\n"


def test_the_program_is_linked_under_another_name(visitor: Visitor) -> None:
    """The learner's program is called localhost, so that the course's cookie never reaches it."""
    assert "http://localhost:475" in visitor.get("/exercises/greet").text


def test_the_solution_is_shown_after_a_pass_only(
    visitor: Visitor, classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a pass the page refuses with a sentence; after it the difference is there, escaped."""
    refused = visitor.get("/exercises/greet/solution")
    assert refused.status_code == 400
    assert "print(event" not in refused.text
    assert "after you passed it" in refused.text
    monkeypatch.setattr("app.learning.workspace.solution_diff", lambda *_: "-<b>mine\n+theirs\n")
    page = visitor.get("/exercises/greet/solution").text
    assert '<span class="taken">-&lt;b&gt;mine' in page
    assert '<span class="added">+theirs' in page


def test_the_suite_and_the_solution_are_never_served(visitor: Visitor) -> None:
    """Nothing of the hidden suite or of the solution stands on the page or at an address."""
    page = visitor.get("/exercises/greet").text
    assert "def test_" not in page
    for path in ("checks/test_greet.py", "solution/python/receiver.py", "mutants/python.yaml"):
        assert visitor.get(f"/exercises/greet/{path}").status_code == 404
        assert visitor.get(f"/static/../../{path}").status_code == 404
