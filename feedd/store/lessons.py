"""What decisions taught: every lesson that was ever in force, and which one is now."""

from __future__ import annotations

import sqlalchemy as sa

from feedd.classify.lessons import NOTHING, Lesson, read, written
from feedd.store.engine import Upsert
from feedd.store.tables import lesson

_begin = Upsert(lesson, ("in_force",))


def in_force(conn: sa.Connection) -> Lesson:
    """The lesson that acts on drops taken now."""
    return _of(conn, lesson.c.in_force)


def of_version(conn: sa.Connection, version: str) -> Lesson:
    """A lesson by its version; "" is that of nothing."""
    return _of(conn, lesson.c.version == version) if version else NOTHING


def put_in_force(conn: sa.Connection, new: Lesson) -> None:
    """*new* acts from now on, and no other."""
    conn.execute(sa.update(lesson).where(lesson.c.in_force).values(in_force=False))
    if new.version:
        _begin(conn, [{"version": new.version, "weights": written(new), "in_force": True}])


def _of(conn: sa.Connection, condition: sa.ColumnElement[bool]) -> Lesson:
    text = conn.scalar(sa.select(lesson.c.weights).where(condition))
    return read(text) if text else NOTHING
