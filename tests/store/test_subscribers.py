"""Subscribers, subscriptions, windows."""

from __future__ import annotations

import datetime as dt

from factories import NOON, a_wish
from feedd.model import Cadence, Class, Window
from feedd.store import Store, subscribers

DAY = dt.timedelta(days=1)


def subscribe(conn, *args, **kwargs) -> bool:
    return subscribers.add(conn, a_wish(*args, **kwargs), window_start=NOON, at=NOON)


def test_a_subscription_comes_back_as_wished(store: Store) -> None:
    with store.begin() as conn:
        subscribe(conn, " Ana@Example.com ", Class.EARNINGS_NOTICE, cadence=Cadence.WEEKLY)
        [found] = subscribers.active(conn)
    assert (found.address, found.classes, found.cadence) == (
        "Ana@Example.com",
        (Class.EARNINGS_NOTICE,),
        Cadence.WEEKLY,
    )
    assert (found.time_zone, found.digest_hour, found.window_start) == ("America/Toronto", dt.time(6, 30), NOON)


def test_the_same_subscription_is_there_once_however_it_is_written(store: Store) -> None:
    with store.begin() as conn:
        assert subscribe(conn, "ana@example.com", Class.EARNINGS_NOTICE, Class.CORPORATE_MILESTONE)
        assert not subscribe(conn, "ANA@example.com", Class.CORPORATE_MILESTONE, Class.EARNINGS_NOTICE)
        assert len(subscribers.active(conn)) == 1


def test_one_person_may_have_several_subscriptions(store: Store) -> None:
    with store.begin() as conn:
        assert subscribe(conn, cadence=Cadence.DAILY) and subscribe(conn, cadence=Cadence.AT_ONCE)
        assert [s.cadence for s in subscribers.active(conn)] == [Cadence.DAILY, Cadence.AT_ONCE]
        assert [s.cadence for s in subscribers.active(conn, [Cadence.AT_ONCE])] == [Cadence.AT_ONCE]


def test_ending_ends_one_subscription_once(store: Store) -> None:
    with store.begin() as conn:
        subscribe(conn, cadence=Cadence.DAILY)
        subscribe(conn, cadence=Cadence.AT_ONCE)
        first, second = subscribers.active(conn)
        assert subscribers.end(conn, first.id, NOON)
        assert not subscribers.end(conn, first.id, NOON)
        assert subscribers.active(conn) == [second]
        assert subscribers.by_token(conn, first.token_id) is not None


def test_one_who_comes_back_begins_anew(store: Store) -> None:
    with store.begin() as conn:
        subscribe(conn)
        subscribers.end(conn, subscribers.active(conn)[0].id, NOON)
        assert subscribers.add(conn, a_wish(), window_start=NOON + DAY, at=NOON + DAY)
        assert subscribers.active(conn)[0].window_start == NOON + DAY


def test_windows_tile_and_are_closed_once(store: Store) -> None:
    with store.begin() as conn:
        subscribe(conn)
        [who] = subscribers.active(conn)
        span = Window(NOON, NOON + DAY)
        id = subscribers.close_window(conn, who.id, span, NOON + DAY)
        assert id is not None
        assert subscribers.close_window(conn, who.id, span, NOON + DAY) is None
        assert subscribers.window_of(conn, id) == span
        assert subscribers.one(conn, who.id).window_start == NOON + DAY


def test_tokens_say_nothing_and_differ(store: Store) -> None:
    with store.begin() as conn:
        subscribe(conn, "a@example.com")
        subscribe(conn, "b@example.com")
        one, other = subscribers.active(conn)
    assert one.token_id != other.token_id
    assert "example" not in one.token_id


def test_who_moved_gets_every_letter_by_the_new_clock(store: Store) -> None:
    with store.begin() as conn:
        subscribe(conn, cadence=Cadence.DAILY)
        subscribe(conn, cadence=Cadence.WEEKLY, time_zone="Asia/Tokyo")
        assert [s.time_zone for s in subscribers.active(conn)] == ["Asia/Tokyo", "Asia/Tokyo"]
        assert subscribers.zone_of(conn, "ANA@example.com") == "Asia/Tokyo"
        assert subscribers.zone_of(conn, "nobody@example.com") is None
