"""Subscribers, their subscriptions, and the windows of their digests."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from feedd.model import Cadence, Class, Subscription, Window
from feedd.store.engine import insert_once
from feedd.store.tables import subscriber, subscription, window


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody subscribes to. `classes` empty means all; `digest_hour` is by the clock of `time_zone`."""

    address: str
    classes: tuple[Class, ...]
    cadence: Cadence
    time_zone: str
    digest_hour: dt.time
    language: str
    any_age: bool = False


def address_key(address: str) -> str:
    """What equal addresses share: one person, one letter."""
    return address.strip().casefold()


def add(conn: sa.Connection, wish: Wish, *, window_start: dt.datetime, at: dt.datetime) -> bool:
    """Adds subscriber and subscription; gives False where the same subscription is active already.

    One that had ended begins anew, with a window from *window_start*: nothing of the time between is sent.
    """
    who = _subscriber_id(conn, wish, at)
    classes = " ".join(c.value for c in Class if c in wish.classes)
    values = {
        "digest_hour": f"{wish.digest_hour:%H:%M}",
        "any_age": wish.any_age,
        "window_start": window_start,
    }
    fresh = {
        "subscriber_id": who,
        "classes": classes,
        "cadence": wish.cadence.value,
        "state": "active",
        "token_id": secrets.token_urlsafe(12),
        "created_at": at,
    }
    if insert_once(conn, subscription, **fresh, **values):
        return True
    again = sa.update(subscription).where(
        subscription.c.subscriber_id == who,
        subscription.c.classes == classes,
        subscription.c.cadence == wish.cadence.value,
        subscription.c.state == "ended",
    )
    return bool(conn.execute(again.values(state="active", ended_at=None, **values)).rowcount)


def zone_of(conn: sa.Connection, address: str) -> str | None:
    """The time zone of one who is known already."""
    zone: str | None = conn.scalar(
        sa.select(subscriber.c.time_zone).where(subscriber.c.address_key == address_key(address))
    )
    return zone


def active(conn: sa.Connection, cadences: Sequence[Cadence] = tuple(Cadence)) -> list[Subscription]:
    """Active subscriptions, in the order they were made."""
    query = _subscriptions().where(
        subscription.c.state == "active", subscription.c.cadence.in_([c.value for c in cadences])
    )
    return [_subscription(row) for row in conn.execute(query.order_by(subscription.c.id))]


def one(conn: sa.Connection, id: int) -> Subscription:
    return _subscription(conn.execute(_subscriptions().where(subscription.c.id == id)).one())


def by_token(conn: sa.Connection, token_id: str) -> Subscription | None:
    """The subscription that a signed link names, ended or not."""
    row = conn.execute(_subscriptions().where(subscription.c.token_id == token_id)).first()
    return _subscription(row) if row else None


def end(conn: sa.Connection, id: int, at: dt.datetime) -> bool:
    """Ends a subscription; False when it had ended."""
    ending = sa.update(subscription).where(subscription.c.id == id, subscription.c.state == "active")
    return bool(conn.execute(ending.values(state="ended", ended_at=at)).rowcount)


def everybody(conn: sa.Connection) -> list[tuple[Subscription, str, dt.datetime]]:
    """Every subscription with its state and when it was made."""
    rows = conn.execute(_subscriptions().order_by(subscriber.c.address_key, subscription.c.id))
    return [(_subscription(row), row.state, row.created_at) for row in rows]


def close_window(conn: sa.Connection, subscription_id: int, span: Window, at: dt.datetime) -> int | None:
    """Records a digest's window; the next starts at its end. None when another process did so before."""
    if not insert_once(conn, window, subscription_id=subscription_id, start=span.start, end=span.end, made_at=at):
        return None
    conn.execute(sa.update(subscription).where(subscription.c.id == subscription_id).values(window_start=span.end))
    made = window.c.subscription_id == subscription_id, window.c.start == span.start
    return conn.scalar(sa.select(window.c.id).where(*made))


def window_of(conn: sa.Connection, id: int) -> Window:
    row = conn.execute(sa.select(window.c.start, window.c.end).where(window.c.id == id)).one()
    return Window(row.start, row.end)


def _subscriber_id(conn: sa.Connection, wish: Wish, at: dt.datetime) -> int:
    key = address_key(wish.address)
    insert_once(
        conn,
        subscriber,
        address=wish.address.strip(),
        address_key=key,
        time_zone=wish.time_zone,
        language=wish.language,
        created_at=at,
    )
    # A person has one clock: who moved gets every letter by the new one.
    moved = sa.update(subscriber).where(subscriber.c.address_key == key).values(time_zone=wish.time_zone)
    id: int = conn.execute(moved.returning(subscriber.c.id)).scalar_one()
    return id


def _subscriptions() -> sa.Select[Any]:
    return sa.select(subscription, subscriber.c.address, subscriber.c.time_zone, subscriber.c.language).join(
        subscriber, subscriber.c.id == subscription.c.subscriber_id
    )


def _subscription(row: sa.Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        token_id=row.token_id,
        address=row.address,
        classes=tuple(Class(word) for word in row.classes.split()),
        cadence=Cadence(row.cadence),
        time_zone=row.time_zone,
        digest_hour=dt.time.fromisoformat(row.digest_hour),
        language=row.language,
        window_start=row.window_start,
        any_age=row.any_age,
    )
