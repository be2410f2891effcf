"""Who is due and what belongs: the decisions about alerts and digests. Others act on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from feedd.model import Cadence, Class, Entry, Subscription, Window

_CLASS_ORDER = {class_: place for place, class_ in enumerate(Class)}


def closed_window(subscription: Subscription, slot: dt.datetime) -> Window | None:
    """The span the next digest covers: from `window_start` to *slot*, however many slots an outage missed.

    *slot* is the subscription's last one (`feedd.slots.last_slot`). None while it is not past the start, and
    always for a subscription at once.
    """
    due = subscription.cadence is not Cadence.AT_ONCE and subscription.window_start < slot
    return Window(subscription.window_start, slot) if due else None


def belongs(
    class_: Class,
    stated: dt.date,
    public: dt.datetime,
    subscription: Subscription,
    window: Window,
    max_age: dt.timedelta,
) -> bool:
    """Whether a release belongs in the digest of *window*.

    It does when the subscriber chose its class, it became *public* inside the window, and the day it states
    is not earlier than the window's end minus *max_age* (which does not count where `any_age` is set).
    """
    return (
        _chosen(class_, subscription)
        and window.start <= public < window.end
        and (subscription.any_age or not _older(stated, window.end, max_age, subscription))
    )


def wants_alert(
    subscription: Subscription, class_: Class, stated: dt.date, public: dt.datetime, max_age: dt.timedelta
) -> bool:
    """Whether a release that becomes *public* causes an alert: it is chosen, at once, and still news.

    News is what was not public before the subscription began, and states no day earlier than *public* minus
    *max_age*.
    """
    return (
        subscription.cadence is Cadence.AT_ONCE
        and _chosen(class_, subscription)
        and subscription.window_start <= public
        and not _older(stated, public, max_age, subscription)
    )


def group(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """*entries* in a letter's order: class by class as `Class` lists them, newest first, ties by GUID."""
    newest_first = sorted(entries, key=lambda entry: (-entry.published.timestamp(), entry.guid))
    return tuple(sorted(newest_first, key=lambda entry: _CLASS_ORDER[entry.classification.class_]))


def _chosen(class_: Class, subscription: Subscription) -> bool:
    return not subscription.classes or class_ in subscription.classes


def _older(stated: dt.date, than: dt.datetime, by: dt.timedelta, subscription: Subscription) -> bool:
    """Whether the *stated* day was over, in the subscriber's zone, at *than* minus *by*."""
    return stated < (than - by).astimezone(ZoneInfo(subscription.time_zone)).date()
