"""What people ruled about releases: which rulings hold, and which of them teach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from feedd.model import Class, Decision
from feedd.store.releases import Known
from feedd.store.tables import decision, release


@dataclass(frozen=True, slots=True)
class Ruled:
    """A decision as it stands: about which version of which release, and whether it still holds and teaches."""

    id: int
    release_id: int
    short_id: str
    title: str
    version: int
    class_: Class
    subtopic: str
    note: str
    pins: bool
    teaches: bool
    at: dt.datetime

    @property
    def decision(self) -> Decision:
        return Decision(self.class_, self.subtopic)


def add(conn: sa.Connection, known: Known, class_: Class, subtopic: str, note: str, at: dt.datetime) -> int:
    """A new decision, in the place of earlier ones about the same release. Gives its number."""
    forget(conn, [known.id], unpin=True)
    result = conn.execute(
        sa.insert(decision).values(
            {
                "release_id": known.id,
                "version": known.version,
                "class": class_.value,
                "subtopic": subtopic,
                "note": note,
                "pins": True,
                "teaches": True,
                "at": at,
            }
        )
    )
    return int(result.inserted_primary_key[0])  # type: ignore[index]


def pinned(conn: sa.Connection, release_ids: Sequence[int]) -> dict[int, Ruled]:
    """The decision that holds, by release."""
    query = _ruled().where(decision.c.pins, decision.c.release_id.in_(release_ids))
    return {row.release_id: _of(row) for row in conn.execute(query)}


def pin(conn: sa.Connection, release_id: int) -> Ruled | None:
    """The decision that holds for one release."""
    return pinned(conn, [release_id]).get(release_id)


def teaching(conn: sa.Connection, most: int) -> list[Ruled]:
    """The newest *most* decisions that teach, oldest first."""
    query = _ruled().where(decision.c.teaches).order_by(decision.c.id.desc()).limit(most)
    return [_of(row) for row in conn.execute(query)][::-1]


def every(conn: sa.Connection) -> list[Ruled]:
    """The decisions that hold or teach, oldest first."""
    query = _ruled().where(sa.or_(decision.c.pins, decision.c.teaches)).order_by(decision.c.id)
    return [_of(row) for row in conn.execute(query)]


def forget(conn: sa.Connection, release_ids: Sequence[int] | None, *, unpin: bool) -> int:
    """Ends the teaching of the decisions about some releases, None: about all; with *unpin* they hold no longer either.

    Gives how many that changed.
    """
    about = sa.true() if release_ids is None else decision.c.release_id.in_(release_ids)
    stands = sa.or_(decision.c.teaches, decision.c.pins) if unpin else decision.c.teaches
    values = {"teaches": False, **({"pins": False} if unpin else {})}
    return conn.execute(sa.update(decision).where(about, stands).values(values)).rowcount


def _ruled() -> sa.Select[tuple[object, ...]]:
    return sa.select(decision, release.c.short_id, release.c.title).join(release, release.c.id == decision.c.release_id)


def _of(row: sa.Row[tuple[object, ...]]) -> Ruled:
    values = dict(row._mapping)
    return Ruled(class_=Class(values.pop("class")), **values)
