"""One attempt with all that is stored about it: tokens, what is open, what each answer came to."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.errors import NotFound
from app.learning.attempts import (
    Rows,
    Standing,
    as_answered,
    best_of,
    find_first,
    first_attempt,
    standing,
    standings,
)
from app.learning.classroom import Classroom
from app.learning.launch import signing_key
from app.learning.quiz_telling import Name, asked, told, withheld
from app.learning.quiz_views import AnswerView, AttemptView, QuestionView
from app.quiz.drawing import shown_order
from app.quiz.revision import revision
from app.quiz.scoring import Score
from app.quiz.tokens import read_stamp, token
from app.quiz.types import Question, Quiz
from app.store.rows import AnswerRow, AttemptRow

if TYPE_CHECKING:
    from app.store.attempts import StoredAttempt


@dataclass(frozen=True)
class Sheet:
    """An attempt as it stands at this moment."""

    classroom: Classroom
    quiz: Quiz
    now: Standing
    hints: Mapping[str, int]  # how many are open, by question
    is_stored: bool
    key: bytes  # of the tokens

    @property
    def attempt(self) -> AttemptRow:
        """The attempt itself."""
        return self.now.attempt

    @property
    def visible(self) -> tuple[str, ...]:
        """The questions that can be seen: answered, or still in the course."""
        return tuple(
            each for each in self.attempt.questions if each in self.now.best or each in self.now.open
        )

    @property
    def is_newest(self) -> bool:
        """Whether no attempt at this quiz was begun later."""
        return self.classroom.attempts.newest(self.quiz.id) in (None, self.attempt.id)

    def names(self, question_id: str) -> Name:
        """Return what makes the tokens of a question's parts; they differ from attempt to attempt."""
        return lambda part: token(self.key, self.attempt.id, question_id, part)

    def question_id(self, given: str) -> str:
        """Find the question of a token; NotFound if it is none of this attempt."""
        for question_id in self.attempt.questions:
            if self.names(question_id)("") == given:
                return question_id
        raise NotFound("This question is not part of the attempt.", "Reload the page.")

    def question(self, question_id: str) -> Question:
        """Return a question as it is now; NotFound if it left the course."""
        question = self.quiz.question(question_id)
        if question is None:
            raise NotFound("This question is no longer part of the quiz.", "Reload the page.")
        return question

    def tries(self, question_id: str) -> Rows:
        """Return the answers to a question, the first try first."""
        return self.now.tries.get(question_id, ())

    def shown(self, question: Question) -> tuple[str, ...]:
        """Return the ids of a question's parts in the order in which this attempt shows them."""
        if not self.quiz.settings.shuffle_choices:
            question = dataclasses.replace(question, shuffle=False)
        return shown_order(question, self.attempt.seed)

    def seconds(self, shown: str) -> float | None:
        """Seconds since the stamp `shown`, the answer before and the begin, whichever came last.

        None where nothing of that is known.
        """
        moments = [row.answered_at for rows in self.now.tries.values() for row in rows]
        moments += [self.attempt.created_at] if self.is_stored else []
        moments += [at] if (at := read_stamp(self.key, self.attempt.id, shown)) else []
        if not moments:
            return None
        return max(0.0, (self.classroom.clock() - datetime.fromisoformat(max(moments))).total_seconds())

    def with_answer(self, row: AnswerRow) -> "Sheet":
        """Return the sheet after one more answer."""
        rows = [each for rows in self.now.tries.values() for each in rows if each is not row]
        now = standing(self.quiz, self.attempt, (*rows, row))
        return dataclasses.replace(self, now=dataclasses.replace(now, carried=self.now.carried))

    def answer_view(self, row: AnswerRow) -> AnswerView:
        """Return what an answer came to; without the key as long as the question takes another try."""
        question = self._as_answered(row)
        view = told(question, row.shown, row.chosen, Score(row.score, row.correct, row.rule))
        view = dataclasses.replace(view, try_number=row.try_number, note=self._note(row))
        return view if row.question in self.now.best else withheld(view, question)

    def _as_answered(self, row: AnswerRow) -> Question:
        """Return the question by whose key the answer is judged."""
        judged = row.rescored or row
        current = self.quiz.question(row.question)
        if current is not None and revision(current).key == judged.key_hash:
            return current
        stored = self.classroom.attempts.revision(row.question, judged.key_hash, judged.text_hash)
        assert stored is not None  # a foreign key ties the answer to it
        return as_answered(current, judged.key_hash, stored.body)

    def _note(self, row: AnswerRow) -> str:
        if row.rescored is not None:
            return "The key of this question was corrected after your answer, and your answer scored anew."
        current = self.quiz.question(row.question)
        if current is not None and revision(current).key != row.key_hash:
            return "This question has changed since; you see it as it was when you answered."
        return ""

    def question_view(self, question_id: str) -> QuestionView:
        """Return one question: open, or with what the answer came to."""
        rows, names = self.tries(question_id), self.names(question_id)
        if question_id in self.now.best:
            return self._answered_view(question_id, rows)
        question = self.question(question_id)
        view = asked(question, self.shown(question), names)
        opened = self.hints.get(question_id, 0)
        last = self.answer_view(rows[-1]) if rows else None
        tried = {names(each) for row in rows for each in row.chosen if question.type != "multi_select"}
        return dataclasses.replace(
            view,
            choices=tuple(dataclasses.replace(each, tried=each.token in tried) for each in view.choices),
            hints=question.hints[:opened],
            hints_left=max(0, len(question.hints) - opened),
            try_number=len(rows) + 1,
            tries_left=view.tries_left - len(rows),
            last=last,
            asks_confidence=self.quiz.settings.confidence and question.scored and not rows,
        )

    def _answered_view(self, question_id: str, rows: Rows) -> QuestionView:
        """The last try tells right from wrong, the best one is what counts."""
        row, best = rows[-1], best_of(rows)
        question = self._as_answered(row)
        view = asked(question, row.shown, self.names(question_id))
        result = dataclasses.replace(self.answer_view(row), score=best.score, correct=best.correct)
        return dataclasses.replace(
            view,
            choices=(),
            items=(),
            options=(),
            hints=question.hints[: self.hints.get(question_id, 0)],
            hints_left=0,
            answered=result,
            try_number=row.try_number,
            tries_left=0,
        )

    def _best(self) -> float | None:
        """The best finished attempt; while this one is under way nobody asks, and to read all takes time."""
        if self.now.tries and not self.now.finished:
            return None
        found = standings(self.classroom.attempts, self.quiz)
        return max((each.score for each in found if each.finished), default=None)

    def view(self) -> AttemptView:
        """Return the whole attempt."""
        now, visible = self.now, self.visible
        best = now.all_best
        counted = {each for each, row in best.items() if row.rule != "unscored"}
        waiting = {each for each in now.open if self.question(each).scored}
        return AttemptView(
            id=self.attempt.id,
            quiz_id=self.quiz.id,
            title=self.quiz.title,
            number=1 + self.classroom.attempts.count_before(self.attempt),
            questions=tuple(self.question_view(each) for each in visible),
            answered=sum(each in now.best for each in visible),
            score=now.score,
            finished=now.finished,
            passed=now.passed(self.quiz),
            pass_mark=self.quiz.pass_mark,
            best=self._best(),
            kind=self.attempt.kind,
            right=sum(best[each].correct for each in counted),
            total=len(counted | waiting),
            missed=sum(self.quiz.question(each) is not None for each in now.missed),
            is_newest=self.is_newest,
        )


def sheet_of(classroom: Classroom, quiz: Quiz, attempt: AttemptRow) -> Sheet:
    """Read all that is stored about an attempt; one that is not stored yet has nothing."""
    return _sheet(classroom, quiz, attempt, classroom.attempts.read(attempt.id))


def find_sheet(classroom: Classroom, attempt_id: str) -> Sheet:
    """Find an attempt by its id, also a first one that is not stored yet; NotFound if there is none."""
    stored = classroom.attempts.read(attempt_id)
    if stored is not None:
        return _sheet(classroom, classroom.course.quiz(stored.row.quiz), stored.row, stored)
    for quiz in classroom.course.quizzes:
        first = find_first(classroom, quiz, attempt_id)
        if first is not None:
            return _sheet(classroom, quiz, first, None)
    raise NotFound("There is no such attempt.", "Open the quiz again.")


def place_sheet(classroom: Classroom, attempt_id: str) -> Sheet:
    """Find an attempt by its id to tell where its questions stand; it holds no answers if that needs none."""
    row = classroom.attempts.find(attempt_id)
    quiz = classroom.course.quiz(row.quiz) if row is not None else None
    if row is None or quiz is None or not set(row.questions) <= set(quiz.ids):
        return find_sheet(classroom, attempt_id)
    return Sheet(classroom, quiz, standing(quiz, row, ()), {}, True, signing_key(classroom))


def newest_sheet(classroom: Classroom, quiz: Quiz) -> Sheet:
    """Read the newest attempt at a quiz, else the first one, which is not stored yet."""
    newest = classroom.attempts.newest(quiz.id)
    stored = classroom.attempts.read(newest) if newest is not None else None
    return _sheet(classroom, quiz, stored.row if stored else first_attempt(classroom, quiz), stored)


def _sheet(classroom: Classroom, quiz: Quiz, attempt: AttemptRow, stored: "StoredAttempt | None") -> Sheet:
    hints = stored.hints if stored is not None else {}
    now = standing(quiz, attempt, stored.answers if stored is not None else ())
    if attempt.kind == "retake":
        found = standings(classroom.attempts, quiz)
        now = next((each for each in found if each.attempt.id == attempt.id), now)
    return Sheet(classroom, quiz, now, hints, stored is not None, signing_key(classroom))
