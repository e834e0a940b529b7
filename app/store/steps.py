"""What was read, worked on and opened."""

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from app.store.database import Database
from app.store.rows import StepRow
from app.store.tables import HintOpened, LessonRead, StepWorkedOn, Table


class Steps:
    """The learner's way through lessons and exercises."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark_read(self, lesson: str, at: str) -> None:
        """Store that the lesson was read; the first time stays."""
        with self._database.writing() as session:
            if session.get(LessonRead, lesson) is None:
                session.add(LessonRead(lesson=lesson, at=at))
            touch(session, lesson, at)

    def read_lessons(self) -> frozenset[str]:
        """Return the ids of the lessons read."""
        with self._database.reading() as session:
            return frozenset(session.scalars(select(LessonRead.lesson)))

    def work_on(self, step: str, at: str, language: str | None = None) -> None:
        """Store that the learner works on the step now."""
        with self._database.writing() as session:
            touch(session, step, at, language)

    def worked_on(self) -> tuple[StepRow, ...]:
        """Return every step worked on, the latest last."""
        query = select(StepWorkedOn).order_by(StepWorkedOn.at, StepWorkedOn.step)
        with self._database.reading() as session:
            rows = session.scalars(query).all()
        return tuple(StepRow(row.step, row.at, row.language) for row in rows)

    def language(self, exercise: str) -> str | None:
        """Return the language remembered for the exercise."""
        with self._database.reading() as session:
            row = session.get(StepWorkedOn, exercise)
        return row.language if row is not None else None

    def hints(self, exercise: str) -> int:
        """Return how many hints of the exercise are open."""
        with self._database.reading() as session:
            return _open_hints(session, exercise)

    def open_hint(self, exercise: str, available: int, at: str) -> int | None:
        """Open the next hint and return its number; None when all that are available are open."""
        with self._database.writing() as session:
            number = _open_hints(session, exercise) + 1
            touch(session, exercise, at)
            if number > available:
                return None
            session.add(HintOpened(exercise=exercise, number=number, at=at))
            return number


def touch(session: Session, step: str, at: str, language: str | None = None) -> None:
    """Note within a transaction that the step is worked on; the language stays unless one is given."""
    session.flush()
    touch_on(session.connection(), step, at, language)


def touch_on(connection: Connection, step: str, at: str, language: str | None = None) -> None:
    """Do the same on a connection that writes."""
    there = connection.execute(_ONE_STEP, {"the_step": step}).first()
    if there is None:
        connection.execute(_ADD_STEP, {"step": step, "at": at, "language": language})
        return
    news = (max(there.at, at), language or there.language)
    if news != (there.at, there.language):
        connection.execute(_RENEW_STEP, {"the_step": step, "new_at": news[0], "new_language": news[1]})


_STEPS = Table.metadata.tables[StepWorkedOn.__tablename__]
_MINE = _STEPS.c.step == bindparam("the_step")
_ONE_STEP = select(_STEPS.c.at, _STEPS.c.language).where(_MINE)
_ADD_STEP = insert(_STEPS)
_RENEW_STEP = update(_STEPS).where(_MINE).values(at=bindparam("new_at"), language=bindparam("new_language"))


def _open_hints(session: Session, exercise: str) -> int:
    return session.scalar(select(func.count()).where(HintOpened.exercise == exercise)) or 0
