"""Drops: which files were seen under which path, with which bytes, and what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from feedd.store.engine import insert_once
from feedd.store.tables import drop, original, release


@dataclass(frozen=True, slots=True)
class Seen:
    """A drop as it was taken in: path below the inbox, its bytes' hash, the file's signature, when."""

    path: str
    sha256: str
    signature: str
    mtime: dt.datetime
    first_seen: dt.datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A drop that waits to be judged; with its bytes unless they are `LARGE`: many of those would fill the memory."""

    id: int
    path: str
    sha256: str
    mtime: dt.datetime
    first_seen: dt.datetime
    imported: bool
    size: int
    data: bytes | None


class Refusal(NamedTuple):
    """Why a drop was set aside: the code, a sentence, and what a person can do."""

    code: str | None
    reason: str | None
    wish: str | None


class Imported(NamedTuple):
    """A file of a back-fill: its path below the folder, what became of it, whether a person should look."""

    path: str
    state: str
    code: str | None
    reason: str | None
    needs_review: bool


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
    kept: bool  # whether the store still has its bytes


NO_FILE = ""
"""The signature of a drop that came inside another and is no file of the folder."""


def signatures(conn: sa.Connection) -> dict[str, str]:
    """Path → signature of the file as it was last seen; what `watch` compares a folder with."""
    rows = conn.execute(
        sa.select(drop.c.path, drop.c.signature).where(
            drop.c.current, drop.c.signature != NO_FILE, drop.c.imported.is_(sa.false())
        )
    )
    return {row.path: row.signature for row in rows}


def keep_original(conn: sa.Connection, sha256: str, data: bytes) -> None:
    """Stores the bytes, once; anew where they were forgotten."""
    if not insert_once(conn, original, sha256=sha256, size=len(data), data=data):
        conn.execute(sa.update(original).where(original.c.sha256 == sha256, _FORGOTTEN).values(data=data))


def forget_bytes(conn: sa.Connection, sha256: str) -> None:
    """Lets the bytes of a drop go that was set aside, unless another drop needs them; its size stays known."""
    needed = sa.exists().where(drop.c.sha256 == sha256, drop.c.state.not_in(_ASIDE))
    conn.execute(sa.update(original).where(original.c.sha256 == sha256, ~needed).values(data=b""))


_FORGOTTEN = (original.c.size > 0) & (sa.func.length(original.c.data) == 0)


def original_bytes(conn: sa.Connection, sha256: str) -> bytes:
    data: bytes = conn.execute(_BYTES, {"sha256": sha256}).scalar_one()
    return data


_BYTES = sa.select(original.c.data).where(original.c.sha256 == sa.bindparam("sha256"))


def take(conn: sa.Connection, seen: Seen, data: bytes, *, imported: bool = False) -> bool:
    """Keeps a drop's bytes and notes that it waits to be judged; from here on its file may vanish.

    Gives False where these bytes came under this path before: then only the file's new signature is noted. What was
    set aside is judged anew, and so is what stands there again after other bytes.
    """
    keep_original(conn, seen.sha256, data)
    same_path = conn.execute(_AT_PATH, {"path": seen.path}).all()
    before = next((row for row in same_path if row.sha256 == seen.sha256), None)
    if same_path:
        conn.execute(_SUPERSEDE, {"a_path": seen.path})
    if before is None:
        fresh = {"path": seen.path, "sha256": seen.sha256, "mtime": seen.mtime, "first_seen": seen.first_seen}
        waits = {"state": "taken", "signature": seen.signature, "current": True, "imported": imported}
        conn.execute(_TAKE, {**fresh, **waits})
        return True
    again = before.state in _ASIDE or not before.current
    state = "taken" if again else before.state
    conn.execute(_JUDGE, {"a_id": before.id, "signature": seen.signature, "current": True, "state": state})
    return again


_ASIDE = ("quarantined", "discarded")
_AT_PATH = sa.select(drop.c.id, drop.c.sha256, drop.c.state, drop.c.current).where(drop.c.path == sa.bindparam("path"))
_SUPERSEDE = sa.update(drop).where(drop.c.path == sa.bindparam("a_path"), drop.c.current).values(current=False)
_TAKE = sa.insert(drop)
_JUDGE = sa.update(drop).where(drop.c.id == sa.bindparam("a_id"))


def taken(conn: sa.Connection, limit: int, *, after: int = 0) -> list[Waiting]:
    """Drops that wait to be judged, in the order in which they were taken, from the row *after* on."""
    return [Waiting(**row._mapping) for row in conn.execute(_TAKEN, {"after": after, "most": limit})]


LARGE = 256_000
"""Bytes from which on a drop's own are fetched when it is its turn."""

_TAKEN = (
    sa.select(
        *(drop.c.id, drop.c.path, drop.c.sha256, drop.c.mtime, drop.c.first_seen, drop.c.imported),
        original.c.size,
        sa.case((original.c.size < LARGE, original.c.data)).label("data"),
    )
    .join(original, original.c.sha256 == drop.c.sha256)
    .where(drop.c.state == "taken", drop.c.id > sa.bindparam("after"))
    .order_by(drop.c.id)
    .limit(sa.bindparam("most"))
)


def still_taken(conn: sa.Connection, ids: Collection[int]) -> set[int]:
    """Which of these drops still wait to be judged: another process may have been quicker."""
    return set(conn.scalars(_STILL_TAKEN, {"ids": list(ids)}))


_STILL_TAKEN = sa.select(drop.c.id).where(drop.c.id.in_(sa.bindparam("ids", expanding=True)), drop.c.state == "taken")


def judge(
    conn: sa.Connection,
    id: int,
    state: str,
    *,
    release_id: int | None = None,
    refusal: Refusal | None = None,
    by: str | None = None,
) -> None:
    """Records what became of a drop: ``release``, ``duplicate``, ``held``, ``carrier``, ``quarantined``.

    *by* is the feedd version that set it aside with *refusal*.
    """
    why = refusal or Refusal(None, None, None)
    became = {"state": state, "release_id": release_id, "judged_by": by, **why._asdict()}
    conn.execute(_JUDGE, {"a_id": id, **became})


def retry(conn: sa.Connection, id: int) -> bool:
    """Lets a drop that was set aside be judged again; False when it was not, or its bytes were not kept."""
    return _move(conn, id, "quarantined", "taken", _HAS_BYTES)


def discard(conn: sa.Connection, id: int) -> bool:
    """Takes a drop off the list of quarantine; its bytes stay, and the same bytes are judged when dropped again."""
    return _move(conn, id, "quarantined", "discarded")


def retry_faults(conn: sa.Connection, codes: Collection[str], by: str) -> int:
    """Lets what another feedd version than *by* set aside with one of *codes* be judged again; gives how many.

    What was replaced under its path since stays where it is: the newer file has spoken.
    """
    which = drop.c.state == "quarantined", drop.c.current, drop.c.code.in_(codes), drop.c.judged_by.is_distinct_from(by)
    return conn.execute(sa.update(drop).where(*which, _HAS_BYTES).values(state="taken")).rowcount


_HAS_BYTES = sa.exists().where(original.c.sha256 == drop.c.sha256, ~_FORGOTTEN)


def release_at(conn: sa.Connection, path: str) -> int | None:
    """The release that the newest drop of *path* belongs to, passing over those that were set aside."""
    return conn.scalar(_RELEASE_AT, {"path": path})


_RELEASE_AT = (
    sa.select(drop.c.release_id)
    .where(drop.c.path == sa.bindparam("path"), drop.c.release_id.is_not(None))
    .order_by(drop.c.current.desc(), drop.c.id.desc())
    .limit(1)
)


def is_overtaken(conn: sa.Connection, path: str, id: int, release_id: int) -> bool:
    """Whether a newer drop of *path* than *id* was judged before it, and became of the release."""
    newer = drop.c.path == path, drop.c.current, drop.c.id != id, drop.c.release_id == release_id
    return conn.execute(sa.select(drop.c.id).where(*newer)).first() is not None


def move_release(conn: sa.Connection, old: int, new: int) -> None:
    """Lets the drops of the release *old* belong to *new*."""
    conn.execute(sa.update(drop).where(drop.c.release_id == old).values(release_id=new))


def set_state(conn: sa.Connection, release_id: int, before: str, after: str) -> None:
    """Moves the drops of a release from one state to another: those that were held are released."""
    conn.execute(sa.update(drop).where(drop.c.release_id == release_id, drop.c.state == before).values(state=after))


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


def gone(conn: sa.Connection, path: str) -> int | None:
    """Notes that the file of *path* is gone; gives the release that no other file bears now, if there is one."""
    id = conn.scalar(sa.select(drop.c.release_id).where(drop.c.path == path, drop.c.current))
    conn.execute(_SUPERSEDE, {"a_path": path})
    others = sa.select(drop.c.id).where(drop.c.release_id == id, drop.c.current, drop.c.signature != NO_FILE)
    return id if id is not None and conn.execute(others.limit(1)).first() is None else None


def every(conn: sa.Connection) -> Iterator[dict[str, Any]]:
    """Every drop with what became of it, in the order in which they were taken."""
    columns = (
        *(drop.c.path, drop.c.sha256, drop.c.mtime, drop.c.first_seen, drop.c.state, drop.c.imported),
        *(drop.c.code, drop.c.reason, release.c.short_id.label("release")),
    )
    query = sa.select(*columns).outerjoin(release, release.c.id == drop.c.release_id).order_by(drop.c.id)
    return (dict(row._mapping) for row in conn.execute(query.execution_options(yield_per=1000)))


def originals(conn: sa.Connection) -> Iterator[tuple[str, bytes]]:
    """Every original by its hash, without holding all in memory; not those that were too large to be kept."""
    query = sa.select(original.c.sha256, original.c.data).where(~_FORGOTTEN).order_by(original.c.sha256)
    return ((row.sha256, row.data) for row in conn.execute(query.execution_options(yield_per=50)))


def imported_signatures(conn: sa.Connection, prefix: str) -> dict[str, str]:
    """Path below *prefix* → signature of the files that a back-fill took from there before."""
    below = drop.c.imported, drop.c.current, drop.c.path.startswith(prefix, autoescape=True)
    rows = conn.execute(sa.select(drop.c.path, drop.c.signature).where(*below))
    return {row.path.removeprefix(prefix): row.signature for row in rows}


def imported(conn: sa.Connection, prefix: str) -> list[Imported]:
    """What a back-fill of the folder *prefix* came to, by path."""
    query = (
        sa.select(drop.c.path, drop.c.state, drop.c.code, drop.c.reason, release.c.needs_review)
        .outerjoin(release, release.c.id == drop.c.release_id)
        .where(drop.c.imported, drop.c.current, drop.c.path.startswith(prefix, autoescape=True))
        .order_by(drop.c.path)
    )
    return [
        Imported(row.path.removeprefix(prefix), row.state, row.code, row.reason, bool(row.needs_review))
        for row in conn.execute(query)
    ]


def _quarantine() -> sa.Select[tuple[int, str, str, int, dt.datetime, str, str, str, bool]]:
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
            (~_FORGOTTEN).label("kept"),
        )
        .join(original, original.c.sha256 == drop.c.sha256)
        .where(drop.c.state == "quarantined", drop.c.current)
    )


def _move(conn: sa.Connection, id: int, before: str, after: str, *only: sa.ColumnElement[bool]) -> bool:
    moved = sa.update(drop).where(drop.c.id == id, drop.c.state == before, *only).values(state=after)
    return conn.execute(moved).rowcount == 1
