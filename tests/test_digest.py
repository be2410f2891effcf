from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from factories import a_subscription, an_entry
from feedd import slots
from feedd.digest import belongs, closed_window, group, wants_alert
from feedd.model import Cadence, Class, Entry, Subscription, Window

EARNINGS, OPERATIONS, CORPORATE = Class
FORTNIGHT = dt.timedelta(days=14)
THREE_DAYS = dt.timedelta(days=3)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


ANNA = a_subscription(time_zone="Europe/Berlin", window_start=utc("2026-07-01T04:30"))
AT_ONCE = replace(ANNA, cadence=Cadence.AT_ONCE)
WEEKLY = replace(ANNA, cadence=Cadence.WEEKLY)
JULY_SECOND = Window(utc("2026-07-01T04:30"), utc("2026-07-02T04:30"))


def public_at(guid: str, published: str, class_: Class) -> Entry:
    return replace(an_entry(class_=class_), guid=guid, published=utc(published))


def window_at(subscription: Subscription, now: str) -> Window | None:
    slot = slots.last_slot(
        utc(now),
        hour=subscription.digest_hour,
        zone=subscription.time_zone,
        cadence=subscription.cadence,
    )
    return closed_window(subscription, slot)


# ── The window ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_window_runs_from_the_last_end_to_the_slot_just_past() -> None:
    assert window_at(ANNA, "2026-07-02T04:30") == JULY_SECOND
    assert window_at(ANNA, "2026-07-02T11:00") == JULY_SECOND


def test_a_digest_is_not_due_before_its_slot() -> None:
    assert window_at(ANNA, "2026-07-02T04:29") is None


def test_windows_tile_without_hole_or_overlap() -> None:
    first = window_at(ANNA, "2026-07-02T05:00")
    assert first is not None
    second = window_at(replace(ANNA, window_start=first.end), "2026-07-03T09:00")
    assert second is not None
    assert second.start == first.end


def test_a_closed_window_is_not_due_again() -> None:
    assert window_at(replace(ANNA, window_start=JULY_SECOND.end), "2026-07-02T04:31") is None


def test_after_an_outage_one_window_covers_all_missed_days() -> None:
    window = window_at(ANNA, "2026-07-05T12:00")
    assert window == Window(ANNA.window_start, utc("2026-07-05T04:30"))


def test_a_first_window_starts_at_confirmation_and_is_short() -> None:
    confirmed = replace(ANNA, window_start=utc("2026-07-01T15:12"))
    assert window_at(confirmed, "2026-07-02T05:00") == Window(confirmed.window_start, JULY_SECOND.end)


def test_a_weekly_window_closes_on_monday() -> None:
    assert window_at(WEEKLY, "2026-07-05T23:00") is None
    window = window_at(WEEKLY, "2026-07-06T05:00")
    assert window == Window(WEEKLY.window_start, utc("2026-07-06T04:30"))


def test_a_subscription_at_once_has_no_windows() -> None:
    assert closed_window(AT_ONCE, utc("2030-01-01T00:00")) is None


def test_a_window_from_the_beginning_of_time_closes_at_the_last_slot() -> None:
    beginning = dt.datetime.min.replace(tzinfo=dt.UTC)
    window = window_at(replace(ANNA, window_start=beginning), "2026-07-02T05:00")
    assert window == Window(beginning, JULY_SECOND.end)


# ── What belongs ────────────────────────────────────────────────────────────────────────────────────────────────


def in_digest(
    stated: str = "2026-07-01",
    public: str = "2026-07-01T12:00",
    subscription: Subscription = ANNA,
    class_: Class = EARNINGS,
) -> bool:
    return belongs(class_, dt.date.fromisoformat(stated), utc(public), subscription, JULY_SECOND, FORTNIGHT)


def test_a_release_of_the_window_belongs() -> None:
    assert in_digest()


@pytest.mark.parametrize(
    ("public", "inside"),
    [
        ("2026-07-01T04:29:59", False),
        ("2026-07-01T04:30:00", True),
        ("2026-07-02T04:29:59", True),
        ("2026-07-02T04:30:00", False),
    ],
)
def test_a_window_holds_its_start_and_not_its_end(public: str, inside: bool) -> None:
    assert in_digest(public=public) is inside


def test_an_old_file_dropped_today_is_not_news() -> None:
    assert in_digest(stated="2026-06-18")
    assert not in_digest(stated="2026-06-17")


def test_a_subscription_for_any_age_takes_old_files_too() -> None:
    assert in_digest(stated="1998-02-03", subscription=replace(ANNA, any_age=True))


def test_only_the_chosen_classes_belong() -> None:
    choosy = replace(ANNA, classes=(OPERATIONS, CORPORATE))
    assert in_digest(subscription=choosy, class_=OPERATIONS)
    assert not in_digest(subscription=choosy, class_=EARNINGS)


def test_age_is_counted_in_days_of_the_subscribers_zone() -> None:
    honolulu = replace(ANNA, time_zone="Pacific/Honolulu")  # the window ends there on the evening before
    assert in_digest(stated="2026-06-17", subscription=honolulu)


# ── Who gets an alert ───────────────────────────────────────────────────────────────────────────────────────────


def alerted(
    stated: str = "2026-07-04",
    public: str = "2026-07-04T12:00",
    subscription: Subscription = AT_ONCE,
    class_: Class = EARNINGS,
) -> bool:
    return wants_alert(subscription, class_, dt.date.fromisoformat(stated), utc(public), THREE_DAYS)


def test_a_release_of_today_causes_an_alert() -> None:
    assert alerted()


@pytest.mark.parametrize("subscription", [ANNA, WEEKLY])
def test_who_reads_digests_gets_no_alert(subscription: Subscription) -> None:
    assert not alerted(subscription=subscription)


def test_a_release_older_than_the_limit_causes_no_alert() -> None:
    assert alerted(stated="2026-07-01")
    assert not alerted(stated="2026-06-30")


def test_any_age_speaks_of_digests_and_not_of_alerts() -> None:
    assert not alerted(stated="2026-06-30", subscription=replace(AT_ONCE, any_age=True))


def test_only_the_chosen_classes_cause_an_alert() -> None:
    choosy = replace(AT_ONCE, classes=(CORPORATE,))
    assert alerted(subscription=choosy, class_=CORPORATE)
    assert not alerted(subscription=choosy, class_=EARNINGS)


def test_what_was_public_before_the_subscription_causes_no_alert() -> None:
    late = replace(AT_ONCE, window_start=utc("2026-07-04T12:01"))
    assert not alerted(subscription=late)
    assert alerted(subscription=late, public="2026-07-04T12:01")


# ── The order ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_letter_lists_class_by_class_and_the_newest_first() -> None:
    entries = [
        public_at("old-award", "2026-07-01T06:00", CORPORATE),
        public_at("new-award", "2026-07-01T20:00", CORPORATE),
        public_at("output", "2026-07-01T22:00", OPERATIONS),
        public_at("call", "2026-07-01T05:00", EARNINGS),
    ]
    assert [entry.guid for entry in group(entries)] == ["call", "output", "new-award", "old-award"]


def test_releases_of_one_minute_stand_by_guid_whatever_came_first() -> None:
    one, two = (public_at(guid, "2026-07-01T06:00", EARNINGS) for guid in ("a", "b"))
    assert group([two, one]) == group([one, two]) == (one, two)


def test_nothing_grouped_is_nothing() -> None:
    assert group([]) == ()
