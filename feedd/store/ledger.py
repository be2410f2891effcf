"""What was done to which thing under which unique key. Not in the ledger: it did not happen."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from feedd.store.engine import Upsert, insert_once
from feedd.store.tables import ledger

_restate = Upsert(ledger, ("what", "at", "note"))


def record(conn: sa.Connection, key: str, what: str, at: dt.datetime, note: str = "") -> bool:
    """Records *what* under *key*; gives False, and changes nothing, when the key stands already."""
    return insert_once(conn, ledger, key=key, what=what, at=at, note=note)


def when(conn: sa.Connection, key: str) -> dt.datetime | None:
    """When the thing under *key* was done."""
    return conn.scalar(sa.select(ledger.c.at).where(ledger.c.key == key))


def note(conn: sa.Connection, key: str) -> str | None:
    """What was noted under *key*."""
    return conn.scalar(sa.select(ledger.c.note).where(ledger.c.key == key))


def restate(conn: sa.Connection, key: str, what: str, at: dt.datetime, note: str) -> None:
    """Records *what* under *key* in the place of what stood there."""
    _restate(conn, [{"key": key, "what": what, "at": at, "note": note}])


def born(conn: sa.Connection, now: dt.datetime) -> dt.datetime:
    """The first start on this database, whole seconds; *now* becomes it if there was none."""
    record(conn, "store:born", "first start", now.replace(microsecond=0))
    at = when(conn, "store:born")
    assert at is not None  # noqa: S101 - recorded one line above, in the same transaction
    return at
