"""Who is due a letter, and what stands in it.

    subscriptions ─► window closed? ─► what belongs in it ─► window and delivery, in one transaction, once by unique key
    delivery claimed ─► its releases from the store ─► the letter

Planning twice plans once. A window with nothing to say is recorded too, so that the next one starts where it ended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from feedd import digest, slots
from feedd.model import BEGINNING, Cadence, Change, Entry, Letter, Subscription, Window
from feedd.render.letters import Letters
from feedd.store import Connection, Store, deliveries, releases, subscribers
from feedd.store.deliveries import Claimed
from feedd.tokens import Tokens

Now = Callable[[], dt.datetime]
_DIGESTED = (Cadence.DAILY, Cadence.WEEKLY)
UNSUBSCRIBE = "unsubscribe"  # the purpose of a signed link


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to make a letter: its templates, the keys that sign its links, the site's address."""

    letters: Letters
    tokens: Tokens
    base_url: str


def plan_digests(store: Store, now: Now, max_age: dt.timedelta) -> int:
    """Closes every window that is due and plans its letter, ready to go where its pages stand. Gives how many letters.

    One that starts at the beginning of time is not due by the hour, see `close_first`.
    The time is taken inside the transaction, in turn with those that make releases public: whatever became public
    before a window's end is committed by then.
    """
    planned = 0
    with store.in_turn() as conn:
        at = now()
        for subscription in subscribers.active(conn, _DIGESTED):
            window = digest.closed_window(subscription, _slot(subscription, at))
            if window is not None and window.start != BEGINNING:
                planned += _close(conn, subscription, window, at, max_age)
        deliveries.wake(conn)
    return planned


def close_first(store: Store, now: Now, max_age: dt.timedelta) -> int:
    """Closes the windows that start at the beginning of time, as soon as there is something to say in them.

    Only the sample subscription has one: its first digest comes when the first pass is published.
    """
    planned = 0
    with store.in_turn() as conn:
        at = now()
        for subscription in subscribers.active(conn, _DIGESTED):
            window = Window(subscription.window_start, at)
            if window.start == BEGINNING and _belonging(conn, subscription, window, max_age):
                planned += _close(conn, subscription, window, at, max_age)
        deliveries.wake(conn)
    return planned


def close_now(store: Store, token_ids: Sequence[str], now: Now, max_age: dt.timedelta) -> int:
    """Closes the open windows of these subscriptions at once. Gives how many letters were planned."""
    planned = 0
    with store.in_turn() as conn:
        at = now()
        for subscription in _chosen(conn, token_ids):
            if subscription.window_start < at:  # a clock that was set back must not open a closed window again
                planned += _close(conn, subscription, Window(subscription.window_start, at), at, max_age)
        deliveries.wake(conn)
    return planned


def preview(
    store: Store, token_ids: Sequence[str], now: dt.datetime, max_age: dt.timedelta, desk: Desk
) -> list[Letter]:
    """The letters as if the windows closed *now*; nothing is recorded and nothing sent."""
    with store.read() as conn:
        made = []
        for subscription in _chosen(conn, token_ids):
            window = Window(subscription.window_start, now)
            ids = [id for id, _version in _belonging(conn, subscription, window, max_age)]
            if ids:
                entries = digest.group(releases.entries(conn, ids, ()))
                key = _key(subscription, window)
                made.append(
                    desk.letters.digest(
                        subscription,
                        window,
                        entries,
                        key=key,
                        at=now,
                        unsubscribe_url=unsubscribe_url(desk, subscription),
                    )
                )
        return made


def next_slot(store: Store, now: dt.datetime) -> dt.datetime | None:
    """The next instant at which some window closes."""
    with store.read() as conn:
        coming = [
            slots.next_slot(now, hour=s.digest_hour, zone=s.time_zone, cadence=s.cadence)
            for s in subscribers.active(conn, _DIGESTED)
        ]
    return min(coming, default=None)


def compose(conn: Connection, claimed: Claimed, desk: Desk) -> Letter | None:
    """The letter of a delivery, made from what the store says now. Its date is when the delivery was planned.

    What was withdrawn meanwhile is left out; None when nothing else is there to tell.
    """
    subscription = subscribers.one(conn, claimed.subscription_id)
    entries = digest.group(releases.entries(conn, claimed.releases, ()))
    if not entries:
        return None
    return _KINDS[claimed.kind](conn, claimed, subscription, entries, desk)


def unsubscribe_url(desk: Desk, subscription: Subscription) -> str:
    return f"{desk.base_url}/unsubscribe/{desk.tokens.sign(UNSUBSCRIBE, subscription.token_id)}"


def _slot(subscription: Subscription, at: dt.datetime) -> dt.datetime:
    return slots.last_slot(at, hour=subscription.digest_hour, zone=subscription.time_zone, cadence=subscription.cadence)


def _close(
    conn: Connection, subscription: Subscription, window: Window, at: dt.datetime, max_age: dt.timedelta
) -> bool:
    window_id = subscribers.close_window(conn, subscription.id, window, at)
    about = _belonging(conn, subscription, window, max_age)
    if window_id is None or not about:
        return False
    return deliveries.plan(
        conn, _key(subscription, window), "digest", subscription.id, about, at=at, window_id=window_id
    )


def _key(subscription: Subscription, window: Window) -> str:
    return f"digest:{subscription.token_id}:{window.start.isoformat()}"


def _belonging(
    conn: Connection, subscription: Subscription, window: Window, max_age: dt.timedelta
) -> list[tuple[int, int]]:
    return [
        (r.id, r.version)
        for r in releases.public_between(conn, window.start, window.end)
        if digest.belongs(r.class_, r.stated, r.public_at, subscription, window, max_age)
    ]


def _chosen(conn: Connection, token_ids: Sequence[str]) -> list[Subscription]:
    return [s for s in subscribers.active(conn, _DIGESTED) if not token_ids or s.token_id in token_ids]


def _digest(
    conn: Connection, claimed: Claimed, subscription: Subscription, entries: Sequence[Entry], desk: Desk
) -> Letter:
    assert claimed.window_id is not None  # noqa: S101 - a digest is planned with its window, in one transaction
    return desk.letters.digest(
        subscription,
        subscribers.window_of(conn, claimed.window_id),
        entries,
        key=claimed.key,
        at=claimed.created_at,
        unsubscribe_url=unsubscribe_url(desk, subscription),
    )


def _alert(
    conn: Connection, claimed: Claimed, subscription: Subscription, entries: Sequence[Entry], desk: Desk
) -> Letter:
    return desk.letters.alert(
        subscription,
        entries[0],
        _newest_change(conn, claimed.releases[0]),
        key=claimed.key,
        at=claimed.created_at,
        unsubscribe_url=unsubscribe_url(desk, subscription),
    )


def _newest_change(conn: Connection, id: int) -> Change | None:
    """What the newest version of a release changed."""
    changes = releases.past(conn, id).changes
    return changes[-1] if changes else None


def _rest(
    conn: Connection, claimed: Claimed, subscription: Subscription, entries: Sequence[Entry], desk: Desk
) -> Letter:
    return desk.letters.rest(
        subscription,
        entries,
        key=claimed.key,
        at=claimed.created_at,
        unsubscribe_url=unsubscribe_url(desk, subscription),
    )


_KINDS = {"digest": _digest, "alert": _alert, "rest": _rest}
