"""Subscriptions begin and end; a link in a letter ends exactly one."""

from __future__ import annotations

import datetime as dt

import pytest

from factories import NOON, a_wish
from feedd import subscribe
from feedd.classify.labels import labels
from feedd.errors import TokenError
from feedd.model import Cadence, Class
from feedd.store import Store, deliveries, subscribers
from feedd.subscribe import UnsubscribeLinks
from feedd.tokens import Tokens

TOKENS = Tokens(["key"])


def now() -> dt.datetime:
    return NOON


def active(store: Store) -> list:
    with store.read() as conn:
        return subscribers.active(conn)


def links(store: Store) -> UnsubscribeLinks:
    return UnsubscribeLinks(store, TOKENS, labels(), now)


def token(store: Store, number: int = 0) -> str:
    return TOKENS.sign("unsubscribe", active(store)[number].token_id)


def test_the_first_window_starts_at_confirmation(store: Store) -> None:
    assert subscribe.subscribe(store, a_wish(), now)
    assert active(store)[0].window_start == NOON
    assert not subscribe.subscribe(store, a_wish(), now)


def test_the_sample_subscriber_is_added_once_for_ever(store: Store) -> None:
    def add() -> bool:
        return subscribe.subscribe_sample(store, "reader@feedd.example", "UTC", dt.time(6, 30), "en", now)

    assert add()
    assert active(store)[0].any_age
    links(store).end(token(store))
    assert not add()
    assert active(store) == []


def test_looking_changes_nothing(store: Store) -> None:
    subscribe.subscribe(store, a_wish(), now)
    assert links(store).look(token(store)) == ("ana@example.com", "the daily digest")
    assert len(active(store)) == 1


def test_ending_ends_this_subscription_only_and_twice_is_once(store: Store) -> None:
    subscribe.subscribe(store, a_wish(), now)
    subscribe.subscribe(store, a_wish(cadence=Cadence.AT_ONCE), now)
    first = token(store)
    assert links(store).end(first) == links(store).end(first) == "the daily digest"
    assert [s.cadence for s in active(store)] == [Cadence.AT_ONCE]


def test_what_was_unsent_at_the_end_stays_unsent_when_it_begins_anew(store: Store) -> None:
    subscribe.subscribe(store, a_wish(), now)
    with store.begin() as conn:
        deliveries.plan(conn, "alert:1", "alert", active(store)[0].id, [], at=NOON)
    links(store).end(token(store))
    subscribe.subscribe(store, a_wish(), now)
    with store.read() as conn:
        assert deliveries.count_by_state(conn) == {"ended": 1}


@pytest.mark.parametrize("bad", ["", "x", "WyJ0b2tlbiJd.forged"])
def test_a_forged_link_is_a_polite_error(store: Store, bad: str) -> None:
    with pytest.raises(TokenError):
        links(store).end(bad)


def test_a_link_of_another_purpose_does_not_end_anything(store: Store) -> None:
    subscribe.subscribe(store, a_wish(), now)
    with pytest.raises(TokenError):
        links(store).end(TOKENS.sign("confirm", active(store)[0].token_id))
    assert len(active(store)) == 1


def test_a_well_signed_link_to_nobody_is_a_polite_error(store: Store) -> None:
    with pytest.raises(TokenError, match="not known here any more"):
        links(store).look(TOKENS.sign("unsubscribe", "gone"))


def test_a_selection_is_told_in_words() -> None:
    words = subscribe.selection_in_words(Cadence.WEEKLY, (Class.EARNINGS_NOTICE,), labels())
    assert words == "the weekly digest (earnings notice)"
