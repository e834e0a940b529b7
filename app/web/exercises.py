"""Exercises: the task, the learner's files, Check, hints, starting over."""

from difflib import unified_diff

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.errors import EditConflict, UsageError
from app.learning import hints, practice, workspace
from app.learning.progress import language_of, remember_language, step_states
from app.learning.running import fetches_first, last_run
from app.web.context import classroom, live_runs
from app.web.evidence import RunView, view_run
from app.web.forms import SentFile, sent_files, wants_json
from app.web.runs import part
from app.web.steps import after, state_of

PATIENCE = 8.0  # seconds that a page without a script waits for its result before it looks again and again
bp = Blueprint("exercises", __name__, url_prefix="/exercises/<exercise_id>")


@bp.get("")
def show(exercise_id: str) -> str:
    """Show the task, the editor and the newest result."""
    room, language = classroom(), language_of(classroom(), exercise_id)
    live_runs().warm(language)  # whoever opens an exercise will press Check
    states = step_states(room)
    carried_from = workspace.about_to_carry(room, exercise_id, language)
    newest, run = runs_of(exercise_id, language)
    return render_template(
        "exercise.html",
        exercise=room.course.exercise(exercise_id),
        language=language,
        carried_from=carried_from,
        fetches=fetches_first(language),
        files=workspace.read_files(room, exercise_id, language),
        folder=workspace.exercise_folder(room, exercise_id, language),
        run=run,
        newest=newest,
        can_stop=run is not None and live_runs().can_cancel(run.id),
        opened_hints=hints.opened_hints(room, exercise_id),
        is_done=state_of(states, exercise_id) == "done",
        next_step=after(states, exercise_id),
        practice_url=practice.practice_url(room, exercise_id),
        scenarios=room.course.scenarios_of(exercise_id),
    )


@bp.get("/files")
def files(exercise_id: str) -> Response:
    """Tell the page's script what stands on disk now."""
    return jsonify(file_values(exercise_id))


@bp.post("/files")
def save(exercise_id: str) -> AnyResponse | tuple[str, int]:
    """Save the files of the form; where one changed on disk meanwhile, show both versions."""
    conflicts = save_files(exercise_id)
    if conflicts:
        return conflict_page(exercise_id, conflicts)
    if wants_json(request):
        return jsonify(files=file_values(exercise_id))
    return redirect(url_for(".show", exercise_id=exercise_id, _anchor="editor"), 303)


@bp.post("/runs")
def press(exercise_id: str) -> AnyResponse | tuple[str, int]:
    """Save, start a check run, and lead to it."""
    conflicts = save_files(exercise_id)
    if conflicts:
        return conflict_page(exercise_id, conflicts)
    run = live_runs().press(exercise_id, language_of(classroom(), exercise_id))
    if wants_json(request):
        view = view_run(run, live_runs().events_after(run, 0, 0))
        return jsonify(run=run, html=part("run_view", view, True), files=file_values(exercise_id))
    live_runs().wait(run, PATIENCE)
    return redirect(url_for("runs.show", run_id=run), 303)


@bp.get("/runs/newest")
def newest(exercise_id: str) -> AnyResponse:
    """Tell the page's script of the newest run, wherever it was started, unless it shows that one already."""
    run = live_runs().newest(exercise_id, language_of(classroom(), exercise_id))
    if run in ("", request.args.get("shown")):
        return Response(status=204)
    # An empty view: the script asks for every event, and each brings the parts of the page that it changes.
    return jsonify(run=run, html=part("run_view", RunView(run), live_runs().can_cancel(run)))


@bp.post("/hints")
def hint(exercise_id: str) -> AnyResponse:
    """Open the next hint."""
    hints.open_hint(classroom(), exercise_id)
    return redirect(url_for(".show", exercise_id=exercise_id, _anchor="hints"), 303)


@bp.post("/language")
def language(exercise_id: str) -> AnyResponse | tuple[str, int]:
    """Save, then go on in another language; the files of each are kept."""
    conflicts = save_files(exercise_id)
    if conflicts:
        return conflict_page(exercise_id, conflicts)
    session.pop("language", None)  # the tabs of the lessons follow this choice
    remember_language(classroom(), exercise_id, request.form.get("language", ""))
    return redirect(url_for(".show", exercise_id=exercise_id), 303)


@bp.get("/solution")
def solution(exercise_id: str) -> str:
    """Show how the solution differs from the learner's files; after a pass only."""
    language = language_of(classroom(), exercise_id)
    difference = workspace.solution_diff(classroom(), exercise_id, language)
    exercise = classroom().course.exercise(exercise_id)
    return render_template("solution.html", exercise=exercise, difference=difference)


@bp.get("/reset")
def confirm_reset(exercise_id: str) -> str:
    """Ask before starting over."""
    room, language = classroom(), language_of(classroom(), exercise_id)
    return render_template(
        "reset.html",
        exercise=room.course.exercise(exercise_id),
        can_carry=workspace.can_carry(room, exercise_id, language),
    )


@bp.post("/reset")
def reset(exercise_id: str) -> AnyResponse:
    """Start over and say where the old files are kept."""
    origin = request.form.get("origin")
    if origin not in ("starter", "carried"):
        raise UsageError("It is not clear what to begin from.", "Choose one of the two buttons.")
    kept = workspace.reset(
        classroom(),
        exercise_id,
        language_of(classroom(), exercise_id),
        "carried" if origin == "carried" else "starter",
    )
    flash(f"You start afresh. Your earlier files are kept in {kept}.")
    return redirect(url_for(".show", exercise_id=exercise_id), 303)


def runs_of(exercise_id: str, language: str) -> tuple[str, RunView | None]:
    """Return the newest run's id, and what to show: that run if it goes on, else the last that judged."""
    newest = live_runs().newest(exercise_id, language)
    if newest:
        view = view_run(newest, live_runs().events_after(newest, 0, 0))
        if not view.is_finished:
            return newest, view
    run = last_run(classroom(), exercise_id, language)
    return newest, view_run(run.id, run.events) if run else None


def file_values(exercise_id: str) -> list[dict[str, str]]:
    """Return the learner's own files as JSON values."""
    found = workspace.read_files(classroom(), exercise_id, language_of(classroom(), exercise_id))
    own = [file for file in found if not file.given]
    return [{"name": file.name, "text": file.text, "version": file.version} for file in own]


def save_files(exercise_id: str) -> list[tuple[SentFile, EditConflict]]:
    """Save every file that the page changed; return those that changed on disk as well."""
    language = request.form.get("written_in") or language_of(classroom(), exercise_id)
    conflicts = []
    for sent in sent_files(request):
        if sent.is_untouched:
            continue
        try:
            workspace.save_file(classroom(), exercise_id, language, sent.name, sent.text, sent.version)
        except EditConflict as conflict:
            conflicts.append((sent, conflict))
    return conflicts


def conflict_page(exercise_id: str, conflicts: list[tuple[SentFile, EditConflict]]) -> tuple[str, int]:
    """Show both versions of each file, so that nothing is lost."""
    exercise = classroom().course.exercise(exercise_id)
    pairs = [(sent, conflict, difference(sent, conflict)) for sent, conflict in conflicts]
    return render_template("conflict.html", exercise=exercise, pairs=pairs), 409


def difference(sent: SentFile, conflict: EditConflict) -> str:
    """Return what the page's version changes in the file on disk."""
    lines = unified_diff(
        conflict.current_text.splitlines(), sent.text.splitlines(), "on disk", "on this page", lineterm=""
    )
    return "\n".join(lines)
