"""Drops: which files were seen under which path, with which bytes, and what became of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from feedd.store.engine import insert_once
from feedd.store.tables import drop, original


@dataclass(frozen=True, slots=True)
class Seen:
    """A drop as it was taken in: path below the inbox, its bytes' hash, the file's signature, when."""

    path: str
    sha256: str
    signature: str
    mtime: dt.datetime
    first_seen: dt.datetime


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A drop that could not be understood, with the sentence that says why and what can be done."""

    id: int
    path: str
    sha256: str
    size: int
    first_seen: dt.datetime
    code: str
    reason: str
    wish: str


def signatures(conn: sa.Connection) -> dict[str, str]:
    """Path → signature of the file as it was last seen; what `watch` compares a folder with."""
    rows = conn.execute(sa.select(drop.c.path, drop.c.signature).where(drop.c.current))
    return {row.path: row.signature for row in rows}


def keep_original(conn: sa.Connection, sha256: str, data: bytes) -> None:
    """Stores the bytes, once."""
    insert_once(conn, original, sha256=sha256, size=len(data), data=data)


def original_bytes(conn: sa.Connection, sha256: str) -> bytes:
    data: bytes = conn.execute(sa.select(original.c.data).where(original.c.sha256 == sha256)).scalar_one()
    return data


def known(conn: sa.Connection, path: str, sha256: str) -> bool:
    """Whether something became of these bytes under this path before: quarantine is no end, they may come again."""
    query = sa.select(drop.c.id).where(drop.c.path == path, drop.c.sha256 == sha256, drop.c.state != "quarantined")
    return conn.execute(query).first() is not None


def seen_again(conn: sa.Connection, seen: Seen) -> None:
    """Notes a known drop's new signature: touched, or put back after another."""
    _supersede(conn, seen.path)
    conn.execute(
        sa.update(drop)
        .where(drop.c.path == seen.path, drop.c.sha256 == seen.sha256)
        .values(signature=seen.signature, current=True)
    )


def record(
    conn: sa.Connection,
    seen: Seen,
    *,
    state: str,
    release_id: int | None = None,
    code: str | None = None,
    reason: str | None = None,
    wish: str | None = None,
) -> None:
    """Records what became of a drop: ``release``, ``duplicate``, ``held`` or ``quarantined``.

    One that comes out of quarantine, or stays there for another reason, keeps the time at which it was first seen.
    """
    _supersede(conn, seen.path)
    became = {
        "state": state,
        "release_id": release_id,
        "code": code,
        "reason": reason,
        "wish": wish,
        "signature": seen.signature,
        "current": True,
    }
    fresh = {"path": seen.path, "sha256": seen.sha256, "mtime": seen.mtime, "first_seen": seen.first_seen}
    if not insert_once(conn, drop, **fresh, **became):
        same = drop.c.path == seen.path, drop.c.sha256 == seen.sha256
        conn.execute(sa.update(drop).where(*same).values(became))


def release_at(conn: sa.Connection, path: str) -> int | None:
    """The release that the newest drop of *path* belongs to, passing over those that were set aside."""
    query = sa.select(drop.c.release_id).where(drop.c.path == path, drop.c.release_id.is_not(None))
    return conn.scalar(query.order_by(drop.c.current.desc(), drop.c.id.desc()).limit(1))


def quarantined(conn: sa.Connection) -> list[Quarantined]:
    """Drops in quarantine, oldest first. One that was replaced under its path is no longer there."""
    rows = conn.execute(_quarantine().order_by(drop.c.first_seen, drop.c.path))
    return [Quarantined(**row._mapping) for row in rows]


def quarantined_one(conn: sa.Connection, id: int) -> Quarantined | None:
    row = conn.execute(_quarantine().where(drop.c.id == id)).first()
    return Quarantined(**row._mapping) if row else None


def count_by_state(conn: sa.Connection) -> dict[str, int]:
    query = sa.select(drop.c.state, sa.func.count()).where(drop.c.current).group_by(drop.c.state)
    return {row[0]: row[1] for row in conn.execute(query)}


def _quarantine() -> sa.Select[tuple[int, str, str, int, dt.datetime, str, str, str]]:
    return (
        sa.select(
            drop.c.id,
            drop.c.path,
            drop.c.sha256,
            original.c.size,
            drop.c.first_seen,
            drop.c.code,
            drop.c.reason,
            drop.c.wish,
        )
        .join(original, original.c.sha256 == drop.c.sha256)
        .where(drop.c.state == "quarantined", drop.c.current)
    )


def _supersede(conn: sa.Connection, path: str) -> None:
    conn.execute(sa.update(drop).where(drop.c.path == path, drop.c.current).values(current=False))
