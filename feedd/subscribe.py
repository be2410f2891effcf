"""Subscriptions begin and end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from feedd.errors import TokenError
from feedd.model import BEGINNING, Cadence, Class, Labels, Subscription
from feedd.store import Store, deliveries, ledger, subscribers
from feedd.store.subscribers import Wish
from feedd.tokens import Tokens

Now = Callable[[], dt.datetime]
_SAMPLE = "sample-subscriber"


def subscribe(store: Store, wish: Wish, now: Now) -> bool:
    """Adds a subscription whose first window starts now; False where it is active already."""
    with store.in_turn() as conn:
        at = now()
        return subscribers.add(conn, wish, window_start=at, at=at)


def subscribe_sample(store: Store, address: str, time_zone: str, digest_hour: dt.time, language: str, now: Now) -> bool:
    """Adds the sample subscriber, once in the life of a database, even if that subscription was ended since.

    Its first window starts at the beginning of time, and no release is too old for it.
    """
    wish = Wish(address, (), Cadence.DAILY, time_zone, digest_hour, language, any_age=True)
    with store.in_turn() as conn:
        at = now()
        if not ledger.record(conn, _SAMPLE, "sample subscriber added", at, address):
            return False
        return subscribers.add(conn, wish, window_start=BEGINNING, at=at)


@dataclass(frozen=True, slots=True)
class UnsubscribeLinks:
    """What is behind ``/unsubscribe/<token>``: `look` changes nothing, `end` ends the subscription."""

    store: Store
    tokens: Tokens
    labels: Labels
    now: Now

    def look(self, token: str) -> tuple[str, str]:
        """Address and selection in words; raises `TokenError` for a link that was not made here."""
        subscription = self._subscription(token)
        return subscription.address, self._what(subscription)

    def end(self, token: str) -> str:
        """Ends the subscription, gives the selection in words. Doing it twice is doing it once."""
        subscription = self._subscription(token)
        with self.store.begin() as conn:
            subscribers.end(conn, subscription.id, self.now())
            deliveries.end_unsent(conn, subscription.id)
        return self._what(subscription)

    def _subscription(self, token: str) -> Subscription:
        token_id = self.tokens.read("unsubscribe", token)
        with self.store.read() as conn:
            subscription = subscribers.by_token(conn, token_id)
        if subscription is None:
            raise TokenError("This subscription is not known here any more; nothing will be sent for it.")
        return subscription

    def _what(self, subscription: Subscription) -> str:
        return selection_in_words(subscription.cadence, subscription.classes, self.labels)


_CADENCES = {
    Cadence.AT_ONCE: "each release at once",
    Cadence.DAILY: "the daily digest",
    Cadence.WEEKLY: "the weekly digest",
}


def selection_in_words(cadence: Cadence, classes: tuple[Class, ...], labels: Labels) -> str:
    """``the daily digest (earnings notice, operational update)``."""
    chosen = ", ".join(labels.classes[c].lower() for c in classes)
    return f"{_CADENCES[cadence]} ({chosen})" if chosen else _CADENCES[cadence]
