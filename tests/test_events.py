"""The life of announced events: moved, cancelled, confirmed, settled; and a notice in one line."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import permutations
from pathlib import PurePath

import pytest

from feedd.events import Notice, fold, in_short, named, notice
from feedd.model import DialIn, Event, FiscalPeriod, Release
from feedd.parse import parse
from feedd.readers import read

UID = "earnings-call-2025-q2-tern"
RESULTS = Event("results-release", "confirmed", "results-release-2025-q2-tern", date="2025-08-07")
CALL = Event(
    "earnings-call",
    "confirmed",
    UID,
    start="2025-08-08T11:00:00-04:00",
    zone="America/New_York",
    start_utc="2025-08-08T15:00:00Z",
    zone_text="Eastern",
)
LATER = replace(CALL, start="2025-08-08T13:00:00-04:00", start_utc="2025-08-08T17:00:00Z")
ROW = DialIn(None, True, "1-800-555-0199", "+18005550199")


def on(day: int, *events: Event, correction: bool = False, settles: str | None = None) -> Notice:
    return Notice(f"tag:{day}", dt.date(2025, 7, day), events, correction, settles)


def after(*notices: Notice) -> tuple[int, str]:
    """Sequence and status of the one event that stands."""
    (event,) = fold(notices)
    return event.sequence, event.status


# ── Folding ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_notice_announces() -> None:
    assert after(on(1, CALL)) == (0, "confirmed")


def test_the_same_again_changes_nothing() -> None:
    assert after(on(1, CALL), on(2, CALL)) == (0, "confirmed")


def test_another_hour_moves() -> None:
    (event,) = fold([on(1, CALL), on(2, LATER)])

    assert (event.sequence, event.status, event.start) == (1, "rescheduled", LATER.start)


def test_another_day_moves_and_forgets_the_hour() -> None:
    day_only = replace(RESULTS, uid=UID, kind="earnings-call", date="2025-08-12")
    (event,) = fold([on(1, CALL), on(2, day_only)])

    assert (event.status, event.date, event.start, event.zone) == ("rescheduled", "2025-08-12", None, None)


def test_a_bare_day_does_not_forget_the_hour_of_that_day() -> None:
    day_only = replace(RESULTS, uid=UID, kind="earnings-call", date="2025-08-08")

    assert fold([on(1, CALL), on(2, day_only)]) == (CALL,)


def test_an_hour_makes_a_day_finer_and_moves_nothing() -> None:
    day_only = replace(RESULTS, uid=UID, kind="earnings-call", date="2025-08-08")
    (event,) = fold([on(1, day_only), on(2, CALL)])

    assert (event.sequence, event.status, event.start, event.date) == (1, "confirmed", CALL.start, None)


def test_numbers_are_added_and_kept() -> None:
    (event,) = fold([on(1, CALL), on(2, replace(CALL, dial_in=(ROW,))), on(3, CALL)])

    assert (event.sequence, event.status, event.dial_in) == (1, "confirmed", (ROW,))


def test_a_cancelled_event_keeps_its_time() -> None:
    (event,) = fold([on(1, CALL), on(2, replace(CALL, status="cancelled", start=None, start_utc=None))])

    assert (event.sequence, event.status, event.start) == (1, "cancelled", CALL.start)


def test_a_cancelled_event_can_be_called_again() -> None:
    assert after(on(1, CALL), on(2, replace(CALL, status="cancelled")), on(3, LATER)) == (2, "rescheduled")


def test_a_tentative_day_is_confirmed() -> None:
    assert after(on(1, replace(RESULTS, status="tentative")), on(2, RESULTS)) == (1, "confirmed")


def test_a_moved_event_stays_moved_when_it_is_told_again() -> None:
    assert after(on(1, CALL), on(2, LATER), on(3, LATER)) == (1, "rescheduled")


def test_moved_twice_counts_twice() -> None:
    assert after(on(1, CALL), on(2, LATER), on(3, CALL)) == (2, "rescheduled")


def test_companies_do_not_share_events() -> None:
    other = replace(LATER, uid="earnings-call-2025-q2-gull")

    assert [event.sequence for event in fold([on(1, CALL), on(2, other)])] == [0, 0]


def test_results_settle_their_day() -> None:
    late = on(9, replace(RESULTS, date="2025-09-09"))

    assert after(on(1, replace(RESULTS, status="tentative")), on(7, settles=RESULTS.uid), late) == (1, "confirmed")


def test_results_that_were_called_off_and_came_are_on_their_day() -> None:
    (event,) = fold([on(1, replace(RESULTS, status="cancelled")), on(7, settles=RESULTS.uid)])

    assert (event.status, event.date) == ("confirmed", "2025-07-07")


def test_results_nobody_announced_settle_nothing() -> None:
    assert fold([on(7, CALL, settles=RESULTS.uid)]) == (CALL,)


def test_a_correction_acts_after_what_it_corrects() -> None:
    first = Notice("tag:b", dt.date(2025, 7, 1), (CALL,))
    correction = Notice("tag:a", dt.date(2025, 7, 1), (LATER,), is_correction=True)

    assert [event.start for event in fold([correction, first])] == [LATER.start]


def test_the_order_in_which_notices_are_found_does_not_matter() -> None:
    notices = [on(1, CALL, RESULTS), on(2, LATER), on(3, replace(LATER, dial_in=(ROW,))), on(8, settles=RESULTS.uid)]

    assert len({fold(order) for order in permutations(notices)}) == 1


def test_events_stand_by_their_time() -> None:
    assert [event.kind for event in fold([on(1, CALL), on(2, RESULTS)])] == ["results-release", "earnings-call"]


# ── Names ───────────────────────────────────────────────────────────────────────────────────────────────────────

MTIME = dt.datetime(2025, 7, 1, tzinfo=dt.UTC)


def a_release(head: str, body: str, date: str = "July 21, 2025") -> Release:
    source = f"{head}\n\nHalifax, {date} (CNW) - Tern Copper Corp. (TSX: TRN) {body}"
    return parse(read(source.encode(), name="x.txt"), path=str(PurePath("x.txt")), mtime=MTIME, time_zone="UTC")


def a_notice(hour: str, date: str = "July 21, 2025") -> Release:
    body = f"will release its second quarter 2025 results on August 7, 2025 after market close, and host a conference call on August 8, 2025 at {hour}."  # noqa: E501
    release = a_release("Tern Copper to Report Second Quarter 2025 Results", body, date)
    return replace(release, events=named(release, "tern copper"))


def test_two_notices_of_one_quarter_name_the_same_events() -> None:
    first, second = a_notice("11:00 a.m. ET"), a_notice("1:00 p.m. ET", "July 24, 2025")

    assert [event.uid for event in first.events] == [event.uid for event in second.events]


def test_another_company_names_other_events() -> None:
    release = a_notice("11:00 a.m. ET")
    uids = {event.uid for key in ("tern copper", "gull zinc", None) for event in named(release, key)}

    assert len(uids) == 6


def test_a_chain_of_releases_moves_and_settles() -> None:
    results = a_release(
        "Tern Copper Reports Second Quarter 2025 Results",
        "today reported net income of $2 million for the second quarter ended June 30, 2025. A conference call will be "
        "held on August 8, 2025 at 1:00 p.m. ET.",
        "August 7, 2025",
    )
    results = replace(results, events=named(results, "tern copper"))
    rows = [
        (a_notice("11:00 a.m. ET"), "earnings.date-notice"),
        (a_notice("1:00 p.m. ET", "July 24, 2025"), "earnings.date-change"),
        (results, "earnings.results"),
    ]
    standing = fold(
        [notice(r, guid=str(i), issuer_key="tern copper", subtopic=s) for i, (r, s) in enumerate(rows)],
    )

    assert [(event.kind, event.sequence, event.status) for event in standing] == [
        ("results-release", 0, "confirmed"),
        ("earnings-call", 1, "rescheduled"),
    ]


def test_only_results_settle() -> None:
    release = a_notice("11:00 a.m. ET")

    def settles(subtopic: str) -> str | None:
        return notice(release, guid="g", issuer_key="tern copper", subtopic=subtopic).settles

    assert settles("earnings.results") == release.events[0].uid
    assert settles("earnings.date-notice") is settles("earnings.preliminary") is None


# ── In one line ─────────────────────────────────────────────────────────────────────────────────────────────────


def short(*events: Event, period: FiscalPeriod | None = None, subtopic: str = "earnings.date-notice") -> str | None:
    release = a_release("Tern Copper Has News", "has news.")
    return in_short(replace(release, events=events, fiscal_period=period), subtopic)


def a_period(text: str = "", quarter: int | None = None, half: int | None = None) -> FiscalPeriod:
    return FiscalPeriod(text, quarter, half, 2025, None)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (RESULTS, "Results Thu 7 Aug 2025."),
        (replace(RESULTS, session="before-open"), "Results Thu 7 Aug 2025 before market open."),
        (CALL, "Call Fri 8 Aug 2025 11:00 Eastern."),
        (replace(CALL, zone_text="Eastern Daylight Time"), "Call Fri 8 Aug 2025 11:00 Eastern."),
        (
            replace(CALL, second_zone="America/Los_Angeles", second_zone_text="PT"),
            "Call Fri 8 Aug 2025 11:00 Eastern / 08:00 PT.",
        ),
        (replace(CALL, status="rescheduled"), "New date: Call Fri 8 Aug 2025 11:00 Eastern."),
        (replace(CALL, status="cancelled"), "Cancelled: Call Fri 8 Aug 2025 11:00 Eastern."),
    ],
)
def test_a_notice_in_one_line(event: Event, line: str) -> None:
    assert short(event) == line


@pytest.mark.parametrize(
    ("period", "start"),
    [
        (a_period(quarter=2), "Q2 2025 results"),
        (a_period(half=1), "H1 2025 results"),
        (a_period("nine months"), "9M 2025 results"),
        (a_period("full year"), "FY 2025 results"),
    ],
)
def test_the_line_begins_with_the_period(period: FiscalPeriod, start: str) -> None:
    line = short(RESULTS, CALL, period=period)

    assert line == f"{start} Thu 7 Aug 2025; call Fri 8 Aug 2025 11:00 Eastern."


def test_other_releases_have_no_such_line() -> None:
    assert short(CALL, subtopic="earnings.results") is None
    assert short() is None
