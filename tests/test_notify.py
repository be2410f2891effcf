"""Who is due a letter, and what stands in it: windows tile, nothing goes twice, nothing is forgotten."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import threading
from email.message import EmailMessage

import pytest

from factories import NOON, a_stored_release, a_wish
from feedd import notify
from feedd.classify.labels import labels
from feedd.model import Class, Letter, Site
from feedd.notify import BEGINNING, Desk
from feedd.render.letters import Letters
from feedd.store import Store, deliveries, subscribers
from feedd.tokens import Tokens

SITE = Site("Harbour News", "https://news.example.com", "Harbour", "", "en", "UTC", "1 Quay, Halifax")
DESK = Desk(Letters(SITE, labels(), sender="news@example.com"), Tokens(["key"]), SITE.base_url)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MAX_AGE = dt.timedelta(days=14)
# 06:30 in Toronto is 11:30 UTC on 2 and 3 March 2026.
SLOT = dt.datetime(2026, 3, 3, 11, 30, tzinfo=dt.UTC)


def subscribe(store: Store, *args, start: dt.datetime = NOON - DAY, **kwargs) -> None:
    with store.begin() as conn:
        subscribers.add(conn, a_wish(*args, **kwargs), window_start=start, at=start)


def add(store: Store, title: str = "Harbour Copper Pours", **changes) -> int:
    with store.begin() as conn:
        return a_stored_release(conn, title, **changes)


def plan(store: Store, at: dt.datetime) -> int:
    return notify.plan_digests(store, lambda: at, MAX_AGE)


def letters(store: Store) -> list[Letter]:
    """Every letter that is due, made."""
    made = []
    with store.begin() as conn:
        deliveries.wake(conn)
        while claimed := deliveries.claim(conn, "me", SLOT + 9 * DAY, HOUR, resend_uncertain=False):
            made.append(notify.compose(conn, claimed, DESK))
    return made


def message(letter: Letter) -> EmailMessage:
    parsed = email.message_from_bytes(letter.raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def text(letter: Letter) -> str:
    part = message(letter).get_body(("plain",))
    assert part is not None
    return part.get_content()


def test_nothing_is_planned_before_the_subscribers_hour(store: Store) -> None:
    subscribe(store, start=NOON)
    add(store)
    assert plan(store, SLOT - dt.timedelta(seconds=1)) == 0


def test_at_the_hour_one_letter_says_what_became_public(store: Store) -> None:
    subscribe(store, start=NOON - HOUR)
    add(store)
    assert plan(store, SLOT) == 1
    [letter] = letters(store)
    assert letter.recipient == "ana@example.com"
    assert "Harbour Copper Pours" in text(letter)


def test_planning_again_plans_nothing(store: Store) -> None:
    subscribe(store, start=NOON - HOUR)
    add(store)
    assert [plan(store, SLOT), plan(store, SLOT), plan(store, SLOT + HOUR)] == [1, 0, 0]


def test_windows_tile_so_that_nothing_falls_between(store: Store) -> None:
    subscribe(store, start=NOON - HOUR)
    add(store, "First Day")
    plan(store, SLOT + 2 * HOUR)  # two hours late
    add(store, "Came In The Late Hours", public_at=SLOT + HOUR)
    plan(store, SLOT + DAY)
    first, second = letters(store)
    assert "First Day" in text(first) and "Came In" not in text(first)
    assert "Came In The Late Hours" in text(second) and "First Day" not in text(second)


def test_after_an_outage_one_letter_covers_all_missed_windows(store: Store) -> None:
    subscribe(store, start=NOON - HOUR)
    for day in range(3):
        add(store, f"Day {day}", public_at=NOON + day * DAY)
    assert plan(store, SLOT + 2 * DAY) == 1
    [letter] = letters(store)
    assert all(f"Day {day}" in text(letter) for day in range(3))


def test_a_window_with_nothing_to_say_sends_nothing_and_moves_on(store: Store) -> None:
    subscribe(store, start=NOON - HOUR)
    assert plan(store, SLOT) == 0
    with store.read() as conn:
        assert subscribers.active(conn)[0].window_start == SLOT


def test_a_subscription_to_one_class_gets_no_other(store: Store) -> None:
    subscribe(store, "ana@example.com", Class.EARNINGS_NOTICE, start=NOON - HOUR)
    add(store, "A Plant Runs", class_=Class.OPERATIONAL_UPDATE)
    add(store, "Results On Friday", class_=Class.EARNINGS_NOTICE)
    plan(store, SLOT)
    [letter] = letters(store)
    assert "Results On Friday" in text(letter) and "A Plant Runs" not in text(letter)


def test_what_is_dated_long_ago_is_no_news(store: Store) -> None:
    subscribe(store, start=NOON - HOUR)
    add(store, "From The Archive", date="2012-05-24")
    assert plan(store, SLOT) == 0


def test_held_releases_are_in_no_letter(store: Store) -> None:
    subscribe(store, start=NOON - HOUR)
    add(store, "Secret", public_at=None, held=("Embargo.",))
    assert plan(store, SLOT) == 0


def test_everybody_gets_a_letter_of_their_own(store: Store) -> None:
    subscribe(store, "ana@example.com", start=NOON - HOUR)
    subscribe(store, "ben@example.com", start=NOON - HOUR)
    add(store)
    assert plan(store, SLOT) == 2
    one, other = letters(store)
    assert {one.recipient, other.recipient} == {"ana@example.com", "ben@example.com"}
    assert one.message_id != other.message_id


def test_one_who_left_is_not_planned_for(store: Store) -> None:
    subscribe(store, start=NOON - HOUR)
    with store.begin() as conn:
        subscribers.end(conn, subscribers.active(conn)[0].id, NOON)
    add(store)
    assert plan(store, SLOT) == 0


def test_the_sample_digest_waits_for_something_to_say_not_for_its_hour(store: Store) -> None:
    subscribe(store, start=BEGINNING, any_age=True)
    assert notify.close_first(store, lambda: NOON + HOUR, MAX_AGE) == 0
    assert plan(store, SLOT) == 0
    add(store, "From The Archive", date="2012-05-24", public_at=SLOT + HOUR)
    assert notify.close_first(store, lambda: SLOT + 2 * HOUR, MAX_AGE) == 1
    assert notify.close_first(store, lambda: SLOT + 2 * HOUR, MAX_AGE) == 0
    [letter] = letters(store)
    assert "From The Archive" in text(letter)


def test_after_its_first_digest_the_sample_subscription_follows_its_hour(store: Store) -> None:
    subscribe(store, start=BEGINNING, any_age=True)
    add(store)
    notify.close_first(store, lambda: NOON + HOUR, MAX_AGE)
    add(store, "Later", public_at=NOON + 2 * HOUR)
    assert plan(store, SLOT) == 1


def test_a_window_can_be_closed_at_once_by_a_person(store: Store) -> None:
    subscribe(store, start=NOON - HOUR)
    add(store)
    assert notify.close_now(store, [], lambda: NOON + HOUR, MAX_AGE) == 1
    assert notify.close_now(store, [], lambda: NOON + HOUR, MAX_AGE) == 0
    assert plan(store, SLOT) == 0


def test_a_preview_shows_the_letter_and_leaves_nothing_behind(store: Store) -> None:
    subscribe(store, start=NOON - HOUR)
    add(store)
    [letter] = notify.preview(store, [], NOON + HOUR, MAX_AGE, DESK)
    assert "Harbour Copper Pours" in text(letter)
    with store.read() as conn:
        assert deliveries.count_by_state(conn) == {}
        assert subscribers.active(conn)[0].window_start == NOON - HOUR


def test_a_preview_of_nothing_is_nothing(store: Store) -> None:
    subscribe(store)
    assert notify.preview(store, [], NOON, MAX_AGE, DESK) == []


def test_only_the_chosen_subscription_is_closed(store: Store) -> None:
    subscribe(store, "ana@example.com", start=NOON - HOUR)
    subscribe(store, "ben@example.com", start=NOON - HOUR)
    add(store)
    with store.read() as conn:
        ben = subscribers.active(conn)[1]
    assert notify.close_now(store, [ben.token_id], lambda: NOON + HOUR, MAX_AGE) == 1
    assert [letter.recipient for letter in letters(store)] == ["ben@example.com"]


def test_the_unsubscribe_link_names_this_subscription_and_no_address(store: Store) -> None:
    subscribe(store, start=NOON - HOUR)
    add(store)
    plan(store, SLOT)
    with store.read() as conn:
        [who] = subscribers.active(conn)
    [letter] = letters(store)
    url = notify.unsubscribe_url(DESK, who)
    assert url in text(letter).replace("\n", "")
    assert DESK.tokens.read("unsubscribe", url.rpartition("/")[2]) == who.token_id
    assert "ana" not in url


def test_a_letter_is_dated_when_it_was_planned(store: Store) -> None:
    subscribe(store, start=NOON - HOUR)
    add(store)
    plan(store, SLOT + HOUR)
    [letter] = letters(store)
    assert message(letter)["Date"].datetime == SLOT + HOUR


def test_the_next_slot_is_the_earliest_of_all(store: Store) -> None:
    assert notify.next_slot(store, NOON) is None
    subscribe(store, "ana@example.com")
    subscribe(store, "ben@example.com", time_zone="Asia/Tokyo")
    assert notify.next_slot(store, NOON) == dt.datetime(2026, 3, 2, 21, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("kind", ["alert", "rest"])
def test_alerts_and_the_rest_of_an_hour_are_made_too(store: Store, kind: str) -> None:
    subscribe(store)
    id = add(store)
    with store.begin() as conn:
        deliveries.plan(conn, f"{kind}:1", kind, 1, [(id, 1)], at=NOON)
    [letter] = letters(store)
    assert "Harbour Copper Pours" in text(letter)


def test_a_window_waits_for_what_becomes_public_just_before_its_end(store: Store) -> None:
    subscribe(store)
    closing = threading.Thread(target=plan, args=(store, SLOT))
    with store.in_turn() as conn:  # has asked the time, is not committed yet
        a_stored_release(conn, public_at=SLOT - dt.timedelta(milliseconds=5))
        closing.start()
        closing.join(0.2)
    closing.join()
    [letter] = letters(store)
    assert "Harbour Copper Pours" in text(letter)


def test_a_clock_set_back_opens_no_closed_window_again(store: Store) -> None:
    subscribe(store)
    add(store)
    assert notify.close_now(store, [], lambda: NOON + HOUR, MAX_AGE) == 1
    assert notify.close_now(store, [], lambda: NOON - HOUR, MAX_AGE) == 0
    assert notify.close_now(store, [], lambda: NOON + 2 * HOUR, MAX_AGE) == 0
