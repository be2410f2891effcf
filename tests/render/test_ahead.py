"""What a release's page says of the days and calls that it announces."""

from __future__ import annotations

import datetime as dt

from newsroom import FEEDS, LABELS, SITE

from factories import a_release, an_entry
from feedd.model import DialIn, Event, Replay
from feedd.render.ahead import ahead
from feedd.render.pages import Pages

CALL = Event(
    "earnings-call", "confirmed", "u1", start="2026-05-16T11:00:00-04:00", zone="America/New_York",
    start_utc="2026-05-16T15:00:00Z", zone_text="Eastern",
    dial_in=(DialIn("Canada", True, "1-877-555-0100", "+18775550100"), DialIn(None, None, "555 <b>", None)),
    live_passcode="4711", webcast="http://www.harbourcopper.example/call",
    replay=Replay("2026-06-16", (DialIn("elsewhere", False, "1-201-555-0199", "+12015550199"),), "13582"),
)  # fmt: skip
DAY = Event("results-release", "rescheduled", "u2", date="2026-05-15", session="after-close")


def page(*events: Event) -> str:
    return Pages(SITE, FEEDS, LABELS).release(an_entry(events=events)).decode()


def test_a_day_is_told_with_its_session_and_state() -> None:
    [it] = ahead(a_release(events=(DAY,)))
    assert (it.what, it.state, it.day, it.start, it.session) == (
        "Results", "moved", dt.date(2026, 5, 15), None, "after the market closes",
    )  # fmt: skip
    assert "Friday, 15 May 2026</time>, after the market closes" in page(DAY)


def test_a_call_is_told_by_the_stated_clock_and_by_utc() -> None:
    shown = page(CALL)
    assert "Saturday, 16 May 2026, 11:00 Eastern</time>" in shown and "(15:00 UTC)" in shown
    assert 'datetime="2026-05-16T11:00:00-04:00"' in shown


def test_the_numbers_can_be_called_and_the_rest_is_told() -> None:
    shown = page(CALL)
    assert '<a href="tel:+18775550100">1-877-555-0100</a>' in shown and "Code 4711" in shown
    assert "555 &lt;b&gt;" in shown
    assert "Replay until 16 June 2026, ID 13582" in shown and "tel:+12015550199" in shown
    assert 'href="http://www.harbourcopper.example/call"' in shown


def test_an_unknown_kind_is_shown_under_its_own_name() -> None:
    [it] = ahead(a_release(events=(Event("site-visit", "confirmed", "u3", date="2026-05-15"),)))
    assert it.what == "Site visit"


def test_a_release_without_events_says_nothing_of_them() -> None:
    assert ahead(a_release()) == ()
    assert "Replay" not in page()
