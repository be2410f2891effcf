"""Deliveries: the duty to send one letter once. Claimed with a lease, so that a crash gives them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from feedd.model import Letter
from feedd.store.engine import claimable, insert_once
from feedd.store.tables import delivery, delivery_release, output, subscription

UNSENT = ("waiting", "ready", "claimed", "data")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in hand: `letter` once it was made at an earlier attempt, `releases` what it is about.

    `uncertain` says that an earlier attempt broke off where the receiver may have taken it.
    """

    id: int
    key: str
    kind: str  # digest, alert, rest
    subscription_id: int
    window_id: int | None
    attempts: int
    created_at: dt.datetime
    releases: tuple[int, ...]
    letter: Letter | None
    uncertain: bool


def plan(
    conn: sa.Connection,
    key: str,
    kind: str,
    subscription_id: int,
    releases: Sequence[tuple[int, int]],
    *,
    at: dt.datetime,
    next_at: dt.datetime | None = None,
    window_id: int | None = None,
) -> bool:
    """The duty to send a letter about *releases* (id, version). Doing it twice is doing it once.

    It waits until every page stands in ``out/`` and *next_at* has come.
    """
    is_new = insert_once(
        conn,
        delivery,
        key=key,
        kind=kind,
        subscription_id=subscription_id,
        window_id=window_id,
        state="waiting",
        created_at=at,
        next_at=next_at or at,
        attempts=0,
    )
    id = _id(conn, key)
    # A letter that gathers releases over an hour waits anew for the page of each one that joins.
    conn.execute(sa.update(delivery).where(delivery.c.id == id, delivery.c.state == "ready").values(state="waiting"))
    for release_id, version in releases:
        insert_once(conn, delivery_release, delivery_id=id, release_id=release_id, version=version)
    return is_new


def planned_since(conn: sa.Connection, subscription_id: int, kind: str, since: dt.datetime) -> int:
    """How many letters of *kind* were planned for a subscription after *since*."""
    query = (
        sa.select(sa.func.count())
        .select_from(delivery)
        .where(
            delivery.c.subscription_id == subscription_id,
            delivery.c.kind == kind,
            delivery.c.created_at > since,
        )
    )
    return conn.scalar(query) or 0


def wake(conn: sa.Connection) -> int:
    """Makes ready what waited for pages that now all stand. Gives how many."""
    absent = (
        sa.select(delivery_release.c.delivery_id)
        .join(output, output.c.release_id == delivery_release.c.release_id)
        .where(delivery_release.c.delivery_id == delivery.c.id, output.c.wanted > output.c.written)
    )
    waking = sa.update(delivery).where(delivery.c.state == "waiting", ~absent.exists())
    return conn.execute(waking.values(state="ready")).rowcount


def claim(
    conn: sa.Connection, owner: str, now: dt.datetime, lease: dt.timedelta, *, resend_uncertain: bool
) -> Claimed | None:
    """Takes the next delivery that is due, for *lease*; None when there is none.

    A claim whose lease ran out is taken again; one that broke off in the middle of sending only where the operator
    wants that (`mail.on_uncertain`).
    """
    due = sa.or_(
        sa.and_(delivery.c.state == "ready", delivery.c.next_at <= now),
        sa.and_(delivery.c.state.in_(_lost(resend_uncertain)), delivery.c.lease_until < now),
    )
    query = sa.select(delivery).where(due).order_by(delivery.c.next_at, delivery.c.id).limit(1)
    row = conn.execute(claimable(query, conn)).first()
    if row is None:
        return None
    _set(conn, row.id, state="claimed", owner=owner, lease_until=now + lease, attempts=row.attempts + 1)
    about = sa.select(delivery_release.c.release_id).where(delivery_release.c.delivery_id == row.id)
    return Claimed(
        id=row.id,
        key=row.key,
        kind=row.kind,
        subscription_id=row.subscription_id,
        window_id=row.window_id,
        attempts=row.attempts + 1,
        created_at=row.created_at,
        releases=tuple(conn.scalars(about.order_by(delivery_release.c.release_id))),
        letter=_letter(row),
        uncertain=row.state == "data",
    )


def give_back(conn: sa.Connection) -> int:
    """Ends every lease at once: for a start on SQLite, where the lock proves that no other sender lives."""
    held = sa.update(delivery).where(delivery.c.state.in_(("claimed", "data")))
    return conn.execute(held.values(lease_until=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))).rowcount


def made(conn: sa.Connection, id: int, letter: Letter) -> None:
    """Keeps the letter: every attempt sends the same bytes."""
    _set(
        conn,
        id,
        message_id=letter.message_id,
        sender=letter.sender,
        recipient=letter.recipient,
        subject=letter.subject,
        raw=letter.raw,
    )


def about_to(conn: sa.Connection, id: int) -> None:
    """From here on the receiver may have taken the letter without our knowing."""
    _set(conn, id, state="data")


def sent(conn: sa.Connection, id: int, reply: str, at: dt.datetime) -> None:
    _set(conn, id, state="sent", reply=reply, sent_at=at, owner=None, lease_until=None)


def postponed(conn: sa.Connection, id: int, why: str, next_at: dt.datetime) -> None:
    _set(conn, id, state="ready", reply=why, next_at=next_at, owner=None, lease_until=None)


def failed(conn: sa.Connection, id: int, why: str) -> None:
    _set(conn, id, state="failed", reply=why, owner=None, lease_until=None)


def ended(conn: sa.Connection, id: int) -> None:
    """Nobody waits for the letter any more."""
    _set(conn, id, state="ended", owner=None, lease_until=None)


def end_unsent(conn: sa.Connection, subscription_id: int) -> int:
    """Ends what a subscription's end finds unsent, lest it go out should the subscription begin anew."""
    unsent = delivery.c.subscription_id == subscription_id, delivery.c.state.in_(("waiting", "ready"))
    return conn.execute(sa.update(delivery).where(*unsent).values(state="ended")).rowcount


def supersede(conn: sa.Connection, subscription_id: int, release_id: int) -> int:
    """Ends unsent alerts about earlier versions of a release: each would be made from the newest, and say it twice."""
    about = sa.select(delivery_release.c.delivery_id).where(delivery_release.c.release_id == release_id)
    unsent = delivery.c.subscription_id == subscription_id, delivery.c.state.in_(("waiting", "ready"))
    ending = sa.update(delivery).where(*unsent, delivery.c.kind == "alert", delivery.c.id.in_(about))
    return conn.execute(ending.values(state="ended")).rowcount


def end_alerts(conn: sa.Connection, release_id: int) -> int:
    """Ends the unsent alerts about a release that was withdrawn."""
    about = sa.select(delivery_release.c.delivery_id).where(delivery_release.c.release_id == release_id)
    unsent = delivery.c.state.in_(("waiting", "ready")), delivery.c.kind == "alert", delivery.c.id.in_(about)
    return conn.execute(sa.update(delivery).where(*unsent).values(state="ended")).rowcount


def is_active(conn: sa.Connection, subscription_id: int) -> bool:
    query = sa.select(subscription.c.state).where(subscription.c.id == subscription_id)
    return conn.scalar(query) == "active"


def next_due(conn: sa.Connection, *, resend_uncertain: bool) -> dt.datetime | None:
    """When the next delivery may be tried: the earliest `next_at` of those ready, or the end of a lease."""
    ready = sa.select(sa.func.min(delivery.c.next_at)).where(delivery.c.state == "ready")
    leased = sa.select(sa.func.min(delivery.c.lease_until)).where(delivery.c.state.in_(_lost(resend_uncertain)))
    known = [at for at in (conn.scalar(ready), conn.scalar(leased)) if isinstance(at, dt.datetime)]
    return min(known, default=None)


def count_by_state(conn: sa.Connection) -> dict[str, int]:
    rows = conn.execute(sa.select(delivery.c.state, sa.func.count()).group_by(delivery.c.state))
    return {row[0]: row[1] for row in rows}


def oldest_unsent(conn: sa.Connection) -> dt.datetime | None:
    query = sa.select(sa.func.min(delivery.c.created_at)).where(delivery.c.state.in_(UNSENT))
    at: dt.datetime | None = conn.scalar(query)
    return at


def _lost(resend_uncertain: bool) -> tuple[str, ...]:
    """The states that a sender who died leaves behind and another takes up."""
    return ("claimed", "data") if resend_uncertain else ("claimed",)


def _id(conn: sa.Connection, key: str) -> int:
    id: int = conn.execute(sa.select(delivery.c.id).where(delivery.c.key == key)).scalar_one()
    return id


def _set(conn: sa.Connection, id: int, **values: Any) -> None:
    conn.execute(sa.update(delivery).where(delivery.c.id == id).values(**values))


def _letter(row: sa.Row[Any]) -> Letter | None:
    if row.raw is None:
        return None
    return Letter(row.key, row.message_id, row.sender, row.recipient, row.subject, row.raw)
