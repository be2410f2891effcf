"""Every file of ``out/``: whether it is stale, in which order it goes public, when it was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from feedd.store.engine import upsert
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
    release_id: int | None
    wanted: int


def mark(conn: sa.Connection, outputs: Iterable[Output]) -> None:
    """Marks outputs stale; unknown ones come into being so."""
    rows = [{"path": o.path, "rank": o.rank, "release_id": o.release_id, "wanted": 1, "written": 0} for o in outputs]
    upsert(conn, output, rows, {"wanted": output.c.wanted + 1})


def mark_paths(conn: sa.Connection, paths: Sequence[str]) -> None:
    """Marks known outputs stale by path."""
    conn.execute(sa.update(output).where(output.c.path.in_(paths)).values(wanted=output.c.wanted + 1))


def forget(conn: sa.Connection, paths: Sequence[str]) -> None:
    """Takes outputs off the list: nothing shows there any more."""
    conn.execute(sa.delete(output).where(output.c.path.in_(paths)))


def stale(conn: sa.Connection, limit: int) -> list[Stale]:
    """The stale outputs in the order of going public."""
    rows = conn.execute(
        sa.select(output.c.path, output.c.release_id, output.c.wanted)
        .where(output.c.wanted > output.c.written)
        .order_by(output.c.rank, output.c.path)
        .limit(limit)
    )
    return [Stale(row.path, row.release_id, row.wanted) for row in rows]


def written(conn: sa.Connection, done: Iterable[Stale], at: dt.datetime) -> None:
    """Records what stands in ``out/`` now."""
    rows = [{"a_path": s.path, "a_wanted": s.wanted} for s in done]
    if rows:
        conn.execute(
            sa.update(output)
            .where(output.c.path == sa.bindparam("a_path"))
            .values(written=sa.bindparam("a_wanted"), written_at=at),
            rows,
        )


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
