"""What an author sees of a quiz while writing: every question in every state, read anew after each save."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from app.content.files import entries
from app.content.lint import lint
from app.content.loader import find_content, load_course
from app.content.problems import Problem
from app.content.quiz_draft import Draft, DraftQuestion, read_draft
from app.learning.classroom import Classroom
from app.learning.quiz_telling import asked, told, withheld
from app.learning.quiz_views import AnswerView, QuestionView
from app.quiz.answers import Answer, right_answer
from app.quiz.drawing import shown_order
from app.quiz.scoring import is_right, known_wrong, score
from app.quiz.types import CHOICE_TYPES, Question, Quiz

SEED = "preview"


@dataclass(frozen=True)
class State:
    """One answer that a learner could give, and what they would read then."""

    name: str
    view: AnswerView


@dataclass(frozen=True)
class PreviewQuestion:
    """One question of the file: as it is asked, in every state, and what is wrong with it."""

    draft: DraftQuestion
    view: QuestionView | None  # None: an error keeps it from being asked
    states: tuple[State, ...]


@dataclass(frozen=True)
class Preview:
    """A whole file as it is now."""

    stamp: str
    draft: Draft
    questions: tuple[PreviewQuestion, ...]

    @property
    def quiz(self) -> Quiz:
        """The quiz with the questions that can be asked."""
        return self.draft.quiz


class Desk:
    """An author's desk: one quiz file, the course around it, and both read anew when a file has changed."""

    def __init__(self, classroom: Classroom, file: Path) -> None:
        self.classroom = classroom
        self.file = file.absolute()
        self.folders = find_content(classroom.settings.content)
        self._reading = threading.Lock()
        self._known: Preview | None = None

    @property
    def stamp(self) -> str:
        """What changes whenever a lesson, a quiz or a picture beside them does."""
        folders = {
            self.file.parent,
            *(root / kind for root in self.folders for kind in ("lessons", "quizzes")),
        }
        seen = [_seen(file) for folder in sorted(folders) for file in (folder, *entries(folder))]
        return hashlib.sha256("\n".join((_seen(self.file), *seen)).encode()).hexdigest()[:32]

    def preview(self) -> Preview:
        """Return the file as it is now; the course of the classroom is read anew, too."""
        with self._reading:
            stamp = self.stamp
            if self._known is None or self._known.stamp != stamp:
                self.classroom.read_anew()
                self._known = _preview(self.classroom, self.file, self.folders, stamp)
            return self._known


def _seen(file: Path) -> str:
    try:
        seen = file.stat()
    except OSError:
        return f"{file} is gone"
    return f"{file} {seen.st_mtime_ns} {seen.st_size}"


def _preview(classroom: Classroom, file: Path, folders: tuple[Path, ...], stamp: str) -> Preview:
    root = file.parent.parent if file.parent.name == "quizzes" else file.parent
    name = file.relative_to(root).as_posix()
    draft = read_draft(file, name, _of_the_course(root, name, folders))
    return Preview(stamp, draft, tuple(map(_question, draft.questions)))


def _of_the_course(root: Path, name: str, folders: tuple[Path, ...]) -> tuple[Problem, ...]:
    """Give what only the whole course shows about a file, such as a question that stands elsewhere, too."""
    if root.resolve() not in {folder.resolve() for folder in folders}:
        folders = (*folders, root)
    return tuple(problem for problem in lint(load_course(folders)) if problem.path == name)


def _question(draft: DraftQuestion) -> PreviewQuestion:
    question = draft.question
    if question is None:
        return PreviewQuestion(draft, None, ())
    shown = shown_order(replace(question, shuffle=False), SEED)
    view = asked(question, shown, lambda part: f"line-{draft.first}-{part}".rstrip("-"))
    return PreviewQuestion(
        draft, replace(view, hints=question.hints, hints_left=0), tuple(states_of(question))
    )


def states_of(question: Question) -> Iterator[State]:
    """Give every state in which a learner can find an answered question, each feedback included."""
    shown = shown_order(replace(question, shuffle=False), SEED)
    for name, answer in _answers(question):
        view = told(question, shown, answer, score(question, answer))
        yield State(name, view)
        if not view.correct and len(question.tries) > 1:
            yield State(f"{name}, while a try is left", withheld(view, question))
    for wrong in question.wrong:
        if wrong.text is not None and wrong.text.pattern:
            view = told(question, shown, _unknown(question), score(question, _unknown(question)))
            view = replace(view, given=f"matches {wrong.text.text}", remark=wrong.feedback)
            yield State("A known mistake", view)


def _answers(question: Question) -> Iterator[tuple[str, Answer]]:
    if question.type == "reflect":
        yield "Answered", ("What the learner wrote.",)
        return
    yield "Right", right_answer(question)
    if question.type in CHOICE_TYPES:
        yield from _choices(question)
    elif question.type == "ordering":
        yield "Wrong", tuple(item.id for item in reversed(question.items))
    elif question.type == "matching":
        others = {pair.id: _other(question, pair.option) for pair in question.pairs}
        yield "Wrong", tuple(f"{pair}={option}" for pair, option in others.items())
    else:
        yield from (("A known mistake", (typed,)) for typed in _known(question))
        yield "Wrong, and no known mistake", _unknown(question)


def _choices(question: Question) -> Iterator[tuple[str, Answer]]:
    """A wrong answer tells the feedback of every choice; those that earn a part stand for themselves."""
    right = [choice.id for choice in question.choices if is_right(choice)]
    wrong = [choice for choice in question.choices if not is_right(choice)]
    if question.type != "multi_select":
        plain = [choice for choice in wrong if not choice.credit][:1]
        yield from (("Wrong", (choice.id,)) for choice in plain)
        yield from (("Partly right", (choice.id,)) for choice in wrong if choice.credit)
        return
    if len(right) > 1:
        yield "Partly right", tuple(right[:-1])
    yield "Everything ticked", tuple(choice.id for choice in question.choices)
    if question.allow_none and right:
        yield "Nothing ticked", ()


def _other(question: Question, right: str) -> str:
    return next(option.id for option in question.options if option.id != right)


def _known(question: Question) -> Iterator[str]:
    for wrong in question.wrong:
        if wrong.number is not None:
            value = wrong.number.low if wrong.number.value is None else wrong.number.value
            yield format(value, "f")
        elif wrong.text is not None and not wrong.text.pattern:
            yield wrong.text.text


def _unknown(question: Question) -> Answer:
    """Give an answer that is neither right nor a known mistake."""
    numbers = [wrong.number for wrong in question.wrong if wrong.number] + [question.number]
    beyond = max((number.high for number in numbers if number), default=Decimal(0)) + 1
    tried = [format(beyond, "f")] if question.type == "numeric" else ["something else", "…", "?", "∅"]
    wrong = (each for each in tried if score(question, (each,)).value == 0)
    return (next((each for each in wrong if known_wrong(question, each) is None), tried[-1]),)
