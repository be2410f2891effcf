from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedd.model import Cadence
from feedd.slots import last_slot, next_slot

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
HALF_PAST_SIX = dt.time(6, 30)
HALF_PAST_TWO = dt.time(2, 30)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def slots_between(
    start: dt.datetime, end: dt.datetime, hour: dt.time, zone: str, cadence: Cadence = Cadence.DAILY
) -> list[dt.datetime]:
    found = [next_slot(start, hour=hour, zone=zone, cadence=cadence)]
    while found[-1] < end:
        found.append(next_slot(found[-1], hour=hour, zone=zone, cadence=cadence))
    return found


def days(slots: list[dt.datetime], zone: str) -> list[dt.date]:
    return [slot.astimezone(ZoneInfo(zone)).date() for slot in slots]


def happened(day: dt.date, zone: str) -> bool:
    """Whether the calendar of *zone* has *day*; some islands jumped over one."""
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    around = (noon + dt.timedelta(hours=hour) for hour in range(-48, 49))
    return any(instant.astimezone(ZoneInfo(zone)).date() == day for instant in around)


def test_the_slot_is_the_local_hour_written_in_utc() -> None:
    slot = last_slot(utc("2026-07-01T12:00"), hour=HALF_PAST_SIX, zone="Europe/Berlin", cadence=Cadence.DAILY)
    assert slot == utc("2026-07-01T04:30")
    assert slot.tzinfo is dt.UTC


def test_a_slot_is_its_own_last_slot_and_never_its_own_next() -> None:
    slot = utc("2026-07-01T04:30")
    berlin = {"hour": HALF_PAST_SIX, "zone": "Europe/Berlin", "cadence": Cadence.DAILY}
    assert last_slot(slot, **berlin) == slot  # type: ignore[arg-type]
    assert next_slot(slot, **berlin) == utc("2026-07-02T04:30")  # type: ignore[arg-type]


def test_before_the_hour_the_last_slot_is_yesterdays() -> None:
    slot = last_slot(utc("2026-07-01T04:29"), hour=HALF_PAST_SIX, zone="Europe/Berlin", cadence=Cadence.DAILY)
    assert slot == utc("2026-06-30T04:30")


def test_the_local_day_counts_not_the_day_in_utc() -> None:
    slot = last_slot(utc("2026-07-01T20:00"), hour=HALF_PAST_SIX, zone="Pacific/Auckland", cadence=Cadence.DAILY)
    assert slot == utc("2026-07-01T18:30")  # half past six on 2 July there


def test_a_weekly_slot_is_a_local_monday() -> None:
    zone = "Pacific/Auckland"
    slots = slots_between(utc("2026-01-01T00:00"), utc("2026-12-31T00:00"), HALF_PAST_SIX, zone, Cadence.WEEKLY)
    assert {day.weekday() for day in days(slots, zone)} == {0}
    assert len(slots) == 53


def test_on_monday_before_the_hour_the_weekly_slot_is_last_mondays() -> None:
    monday = utc("2026-11-23T06:29")
    assert last_slot(monday, hour=HALF_PAST_SIX, zone="UTC", cadence=Cadence.WEEKLY) == utc("2026-11-16T06:30")
    assert next_slot(monday, hour=HALF_PAST_SIX, zone="UTC", cadence=Cadence.WEEKLY) == utc("2026-11-23T06:30")


def test_an_hour_lost_in_spring_comes_an_hour_later_by_the_clock() -> None:
    slots = slots_between(utc("2026-03-27T12:00"), utc("2026-03-30T00:00"), HALF_PAST_TWO, "Europe/Berlin")
    assert slots == [utc("2026-03-28T01:30"), utc("2026-03-29T01:30"), utc("2026-03-30T00:30")]
    assert slots[1].astimezone(ZoneInfo("Europe/Berlin")).time() == dt.time(3, 30)


def test_an_hour_that_comes_twice_in_autumn_is_one_slot_the_first() -> None:
    slots = slots_between(utc("2026-10-23T12:00"), utc("2026-10-26T00:00"), HALF_PAST_TWO, "Europe/Berlin")
    assert slots == [utc("2026-10-24T00:30"), utc("2026-10-25T00:30"), utc("2026-10-26T01:30")]


def test_a_jump_over_midnight_leaves_the_slot_on_its_own_day() -> None:
    zone, hour = "America/Scoresbysund", dt.time(23, 30)  # 2024-03-30 ended there at 23:00 by the day's zone
    slots = slots_between(utc("2024-03-28T12:00"), utc("2024-04-02T12:00"), hour, zone)
    assert days(slots, zone) == [dt.date(2024, 3, 28) + n * dt.timedelta(days=1) for n in range(len(slots))]


def test_a_day_that_a_zone_left_out_has_no_slot() -> None:
    zone = "Pacific/Apia"
    slots = slots_between(utc("2011-12-28T00:00"), utc("2011-12-31T12:00"), HALF_PAST_SIX, zone)
    assert dt.date(2011, 12, 30) not in days(slots, zone)
    assert dt.date(2011, 12, 29) in days(slots, zone)
    assert dt.date(2011, 12, 31) in days(slots, zone)


def test_at_once_has_no_slots_and_says_so() -> None:
    with pytest.raises(ValueError, match="'at-once' has no slots; give daily or weekly"):
        last_slot(utc("2026-07-01T00:00"), hour=HALF_PAST_SIX, zone="UTC", cadence=Cadence.AT_ONCE)


@settings(max_examples=150, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    start=st.datetimes(dt.datetime(1971, 1, 2), dt.datetime(2037, 12, 1)),  # noqa: DTZ001
    hour=st.times().map(lambda time: time.replace(second=0, microsecond=0)),
)
def test_every_local_day_has_exactly_one_slot_in_every_zone(zone: str, start: dt.datetime, hour: dt.time) -> None:
    begin = start.replace(tzinfo=dt.UTC)
    slots = slots_between(begin, begin + dt.timedelta(days=12), hour, zone)
    seen = days(slots, zone)
    assert seen == sorted(set(seen))
    holes = {seen[0] + dt.timedelta(days=n) for n in range((seen[-1] - seen[0]).days)} - set(seen)
    assert not any(happened(day, zone) for day in holes)


@settings(max_examples=150, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    now=st.datetimes(dt.datetime(1971, 1, 20), dt.datetime(2037, 12, 1)),  # noqa: DTZ001
    hour=st.times(),
    cadence=st.sampled_from([Cadence.DAILY, Cadence.WEEKLY]),
)
def test_now_lies_between_its_two_slots_and_no_slot_lies_between_them(
    zone: str, now: dt.datetime, hour: dt.time, cadence: Cadence
) -> None:
    instant = now.replace(tzinfo=dt.UTC)
    before = last_slot(instant, hour=hour, zone=zone, cadence=cadence)
    after = next_slot(instant, hour=hour, zone=zone, cadence=cadence)
    assert before <= instant < after
    assert next_slot(before, hour=hour, zone=zone, cadence=cadence) == after
    assert last_slot(after, hour=hour, zone=zone, cadence=cadence) == after
