"""What is wrong outside at this moment: a name, a sentence for people, since when."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from feedd.store.engine import Upsert
from feedd.store.tables import trouble

_begin = Upsert(trouble, ("sentence",))


def begin(conn: sa.Connection, name: str, sentence: str, at: dt.datetime) -> None:
    """Notes a trouble; one that is known keeps its first time."""
    _begin(conn, [{"name": name, "sentence": sentence, "since": at}])


def end(conn: sa.Connection, name: str) -> None:
    conn.execute(sa.delete(trouble).where(trouble.c.name == name))


def present(conn: sa.Connection) -> list[tuple[str, str, dt.datetime]]:
    """Name, sentence, since: by name."""
    rows = conn.execute(sa.select(trouble.c.name, trouble.c.sentence, trouble.c.since).order_by(trouble.c.name))
    return [(row.name, row.sentence, row.since) for row in rows]
