"""Every file of ``out/``: whether it is stale, in which order it goes public, when it was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from feedd import layout
from feedd.store.engine import Upsert
from feedd.store.tables import output


@dataclass(frozen=True, slots=True)
class Output:
    """A file below ``out/``. `rank` orders the going public; `release_id` names whose page or original it is."""

    path: str
    rank: int
    release_id: int | None = None


@dataclass(frozen=True, slots=True)
class Stale:
    """An output to be made anew. `wanted` goes back to `written`, so that a mark made meanwhile is not lost."""

    path: str
    rank: int
    release_id: int | None
    wanted: int


_PATH = output.c.path == sa.bindparam("a_path")
_mark = Upsert(output, {"wanted": output.c.wanted + 1})
_MARK_PATH = sa.update(output).where(_PATH).values(wanted=output.c.wanted + 1)
_FORGET_PATH = sa.delete(output).where(_PATH)
_WRITTEN = sa.update(output).where(_PATH)
_STALE = (
    sa.select(output.c.path, output.c.rank, output.c.release_id, output.c.wanted)
    .where(output.c.wanted > output.c.written, output.c.rank <= sa.bindparam("up_to"))
    .order_by(output.c.rank, output.c.path)
    .limit(sa.bindparam("most"))
)


def mark(conn: sa.Connection, outputs: Iterable[Output]) -> None:
    """Marks outputs stale; unknown ones come into being so."""
    rows = [{"path": o.path, "rank": o.rank, "release_id": o.release_id, "wanted": 1, "written": 0} for o in outputs]
    _mark(conn, rows)


def mark_paths(conn: sa.Connection, paths: Sequence[str]) -> None:
    """Marks known outputs stale by path."""
    if paths:
        conn.execute(_MARK_PATH, [{"a_path": path} for path in paths])


def forget(conn: sa.Connection, paths: Sequence[str]) -> None:
    """Takes outputs off the list: nothing shows there any more."""
    if paths:
        conn.execute(_FORGET_PATH, [{"a_path": path} for path in paths])


def stale(conn: sa.Connection, limit: int, *, up_to: int = layout.RANK_LIST) -> list[Stale]:
    """The stale outputs of a rank *up_to* this one, in the order of going public."""
    rows = conn.execute(_STALE, {"most": limit, "up_to": up_to})
    return [Stale(row.path, row.rank, row.release_id, row.wanted) for row in rows]


def written(conn: sa.Connection, done: Iterable[Stale], at: dt.datetime) -> None:
    """Records what stands in ``out/`` now."""
    rows = [{"a_path": s.path, "written": s.wanted, "written_at": at} for s in done]
    if rows:
        conn.execute(_WRITTEN, rows)


def paths(conn: sa.Connection) -> list[str]:
    """All paths, in the order of going public."""
    return list(conn.scalars(sa.select(output.c.path).order_by(output.c.rank, output.c.path)))


def owners(conn: sa.Connection) -> list[tuple[str, int | None]]:
    """All paths with the release whose page or original they are, in the order of going public."""
    rows = conn.execute(sa.select(output.c.path, output.c.release_id).order_by(output.c.rank, output.c.path))
    return [(row.path, row.release_id) for row in rows]


def count_stale(conn: sa.Connection) -> int:
    query = sa.select(sa.func.count()).select_from(output).where(output.c.wanted > output.c.written)
    return conn.scalar(query) or 0
