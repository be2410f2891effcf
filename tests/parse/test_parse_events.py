"""What a release announces, and when: one event or none, never a guess."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from feedd.model import Event, Release
from feedd.parse import parse
from feedd.readers import read

MTIME = dt.datetime(2025, 9, 1, tzinfo=dt.UTC)
NOTICE = "Tern Copper to Report Second Quarter 2025 Results"


def released(
    body: str, *, head: str = NOTICE, date: str = "July 21, 2025", place: str = "Halifax, NS", end: str = ""
) -> Release:
    source = f"{head}\n\n{place}, {date} (CNW) - {body}\n\nAbout Tern Copper\n\nTern Copper Corp. digs.\n\n{end}"
    return parse(read(source.encode(), name="x.txt"), path="x.txt", mtime=MTIME, time_zone="UTC")


def told(body: str, *, head: str = NOTICE, date: str = "July 21, 2025", place: str = "Halifax, NS") -> list[str]:
    """Each event of a notice as one line: kind, when, session."""
    return [_line(event) for event in released(body, head=head, date=date, place=place).events]


def _line(event: Event) -> str:
    state = None if event.status == "confirmed" else event.status
    return " ".join(filter(None, [event.kind, event.start or event.date, event.session, state]))


def only(body: str, *, head: str = NOTICE, place: str = "Halifax, NS") -> Event:
    (event,) = released(body, head=head, place=place).events
    return event


# ── Results and calls ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (
            "Tern Copper Corp. will release its second quarter 2025 results before markets open on Thursday, August 7, "
            "2025. A conference call will be held on the same day at 10:00 a.m. ET.",
            ["results-release 2025-08-07 before-open", "earnings-call 2025-08-07T10:00:00-04:00"],
        ),
        (
            "Tern Copper Corp. will announce its results for the quarter ended June 30, 2025 after the market "
            "closes on Wednesday, August 6, 2025. Management will discuss them on a webcast on Thursday, August 7, "
            "2025 at 8:00 a.m. Pacific time (11:00 a.m. Eastern time).",
            ["results-release 2025-08-06 after-close", "earnings-call 2025-08-07T08:00:00-07:00"],
        ),
        (
            "Tern Copper Corp. will report second quarter results on Thursday, August 7, after market close, and hold "
            "a call on Friday, August 8 at 11 a.m. ET.",
            ["results-release 2025-08-07 after-close", "earnings-call 2025-08-08T11:00:00-04:00"],
        ),
        (
            "Tern Copper Corp. will release second quarter 2025 results on August 7, 2025 at 4:05 p.m. ET. The company "
            "will host a conference call at 5:00 p.m. ET that day.",
            ["results-release 2025-08-07T16:05:00-04:00", "earnings-call 2025-08-07T17:00:00-04:00"],
        ),
        (  # a word before the day that ends as a month does
            "Tern Copper Corp. will report its results for the quarter 14 August 2025.",
            ["results-release 2025-08-14"],
        ),
        (
            "At 5:00 p.m. ET on August 7, 2025, Tern Copper Corp. will host a webcast on its second quarter results.",
            ["earnings-call 2025-08-07T17:00:00-04:00"],
        ),
        (
            "Tern Copper Corp. expects to issue its second quarter 2025 earnings release on or about August 7, 2025.",
            ["results-release 2025-08-07 tentative"],
        ),
        (
            "The half-year report 2025 of Tern Copper SE will be published on 14 August 2025.",
            ["results-release 2025-08-14"],
        ),
        (
            "Tern Copper Corp. invites you to its second quarter call.\n\nDate: Thursday, August 7, 2025\n\n"
            "Time: 11:00 a.m. EDT",
            ["earnings-call 2025-08-07T11:00:00-04:00"],
        ),
    ],
)
def test_a_notice_tells_day_and_hour(body: str, lines: list[str]) -> None:
    assert told(body) == lines


def test_results_have_no_event_for_themselves_but_for_their_call() -> None:
    body = (
        "Tern Copper Corp. today reported revenue of $5 million for the three months ended June 30, 2025. A conference "
        "call will be held today at 8:30 a.m. Eastern Time. A dividend is payable on September 15, 2025."
    )
    head = "Tern Copper Reports Second Quarter 2025 Results"

    assert told(body, head=head, date="August 7, 2025") == ["earnings-call 2025-08-07T08:30:00-04:00"]


def test_results_of_one_quarter_announce_the_next() -> None:
    event = only(
        "Tern Copper Corp. today announced results for the second quarter ended June 30, 2025. The company expects to "
        "report third quarter 2025 results on November 6, 2025.",
        head="Tern Copper Reports Second Quarter 2025 Results",
    )

    assert (event.date, event.uid) == ("2025-11-06", "results-release-2025-q3")


def test_production_with_a_day_of_results_announces_that_day() -> None:
    body = (
        "Tern Copper Corp. produced 5,000 tonnes of copper in the second quarter of 2025. It will release its second "
        "quarter financial results on August 7, 2025 after market close."
    )

    assert told(body, head="Tern Copper Reports Second Quarter Production") == [
        "results-release 2025-08-07 after-close"
    ]


# ── Clocks ──────────────────────────────────────────────────────────────────────────────────────────────────────

CALL = "Tern Copper Corp. will hold its second quarter conference call on Friday, August 8, 2025 at {}."


@pytest.mark.parametrize(
    ("hour", "place", "start", "zone"),
    [
        ("9 a.m. Eastern", "Halifax", "2025-08-08T09:00:00-04:00", "America/New_York"),
        ("9:00 a.m. EDT", "Halifax", "2025-08-08T09:00:00-04:00", "America/New_York"),
        ("9:00 am CT", "Halifax", "2025-08-08T09:00:00-05:00", "America/Chicago"),
        ("7:00 a.m. Mountain Time", "Halifax", "2025-08-08T07:00:00-06:00", "America/Denver"),
        ("12:00 noon Eastern Time", "Halifax", "2025-08-08T12:00:00-04:00", "America/New_York"),
        ("16.00 CEST", "Hamburg, Germany", "2025-08-08T16:00:00+02:00", "Europe/Berlin"),
        ("9.30 a.m.", "Hamburg, Germany", "2025-08-08T09:30:00+02:00", "Europe/Berlin"),
        ("14:00 GMT", "Halifax", "2025-08-08T14:00:00+00:00", "UTC"),
        ("09:30 (London time)", "London", "2025-08-08T09:30:00+01:00", "Europe/London"),
        ("4:30 p.m. IST", "Mumbai, India", "2025-08-08T16:30:00+05:30", "Asia/Kolkata"),
        ("10:30am AEST (8:30am AWST)", "Perth", "2025-08-08T10:30:00+10:00", "Australia/Sydney"),
        ("8:00 a.m. PT / 11:00 a.m. ET / 4:00 p.m. BST", "Halifax", "2025-08-08T08:00:00-07:00", "America/Los_Angeles"),
    ],
)
def test_a_zone_word_means_a_places_clock(hour: str, place: str, start: str, zone: str) -> None:
    event = only(CALL.format(hour), place=place)

    assert (event.start, event.zone) == (start, zone)


@pytest.mark.parametrize("hour", ["11:00 a.m.", "4:30 p.m. IST", "4:30 ET"])
def test_an_hour_without_a_clock_leaves_the_day(hour: str) -> None:
    event = only(CALL.format(hour))

    assert (event.date, event.start, event.start_utc) == ("2025-08-08", None, None)


def test_letters_of_the_wrong_season_mean_the_clock_on_the_wall_and_a_doubt() -> None:
    release = released(CALL.format("9:00 a.m. EST"))

    assert [event.start for event in release.events] == ["2025-08-08T09:00:00-04:00"]
    assert "“EST” is not the season" in release.warnings[0]
    assert release.contradictions == ()


def test_a_second_clock_that_agrees_is_kept() -> None:
    event = only(CALL.format("11:00 a.m. Eastern (8:00 a.m. Pacific)"))

    assert (event.second_time_agrees, event.second_zone, event.second_zone_text) == (
        True,
        "America/Los_Angeles",
        "Pacific",
    )


def test_hours_of_dialling_in_and_ending_are_not_the_calls() -> None:
    body = CALL.format("9:00 a.m. ET") + " Please join by 8:45 a.m. ET. Questions are welcome until 5:00 p.m. ET."

    assert only(body).start == "2025-08-08T09:00:00-04:00"


# ── Contradictions ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (CALL.replace("Friday", "Monday").format("9:00 a.m. ET"), "“Monday” and 08 August 2025 are not one day"),
        (CALL.format("9:00 a.m. ET (8:00 a.m. PT)"), "are not one instant"),
        (CALL.format("9:00 a.m. ET") + " The call starts on Friday, August 8, 2025 at 10:00 a.m. ET.", "two hours"),
        (CALL.format("9:00 a.m. CEST for the press and 2:00 p.m. CEST for analysts"), "two hours"),
    ],
)
def test_a_contradiction_is_no_event_and_a_sentence(body: str, words: str) -> None:
    release = released(body)

    assert release.events == ()
    assert words in release.contradictions[0]
    assert release.contradictions[0] in release.warnings


def test_headline_and_text_must_name_one_day() -> None:
    release = released(
        "Tern Copper Corp. will report its second quarter 2025 results on August 8, 2025.", head=f"{NOTICE} on August 7"
    )

    assert release.events == ()
    assert "the headline says 07 August 2025, the text 08 August 2025" in release.contradictions[0]


# ── Changes ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_day_before_a_change_is_not_taken() -> None:
    body = (
        "Tern Copper Corp. has changed the date of its second quarter 2025 results from July 31, 2025 to August 7, "
        "2025. The call will now be held on August 8, 2025 at 10:00 a.m. ET instead of August 1, 2025."
    )

    assert told(body) == [
        "results-release 2025-08-07 rescheduled",
        "earnings-call 2025-08-08T10:00:00-04:00 rescheduled",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "Tern Copper Corp. has moved its second quarter call on August 6, 2025 from 10:00 a.m. ET to 5:00 p.m. ET.",
        "Tern Copper Corp. has moved its second quarter call on August 6, 2025 from 10:00 a.m. to 5:00 p.m. ET.",
        "The second quarter call on August 6, 2025 will now begin at 5:00 p.m. ET instead of 10:00 a.m. ET.",
        "The second quarter call, originally scheduled for 10:00 a.m. ET on August 5, 2025, will now be held on "
        "August 6, 2025 at 5:00 p.m. ET.",
    ],
)
def test_the_hour_before_a_change_is_not_taken(body: str) -> None:
    assert told(body, head="Tern Copper Moves Call") == ["earnings-call 2025-08-06T17:00:00-04:00 rescheduled"]


def test_words_around_a_publication_do_not_date_it() -> None:
    body = "Following the publication of its second quarter results, it holds a call on August 8, 2025 at 11 a.m. ET."

    assert told(body, head="Tern Copper Calls") == ["earnings-call 2025-08-08T11:00:00-04:00"]


def test_a_cancelled_call_keeps_the_day_it_had() -> None:
    event = only(
        "Tern Copper Corp. has cancelled its second quarter 2025 earnings conference call, previously scheduled for "
        "July 31, 2025 at 10:00 a.m. ET.",
        head="Tern Copper Cancels Earnings Call",
    )

    assert (event.status, event.start) == ("cancelled", "2025-07-31T10:00:00-04:00")


def test_without_a_period_an_event_is_named_after_the_day_first_stated() -> None:
    event = only(
        "Tern Copper Corp. has moved its call on the purchase of Gull Zinc from July 29, 2025 to July 31, 2025 at 9:00 "
        "a.m. ET.",
        head="Tern Copper Moves Call on Gull Zinc",
    )

    assert (event.start, event.uid) == ("2025-07-31T09:00:00-04:00", "other-call-2025-07-29")


# ── Years ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_day_without_a_year_is_the_next_one_and_a_doubt() -> None:
    release = released(
        "Tern Copper Corp. will report fourth quarter results on January 29.",
        head="Tern Copper to Report Fourth Quarter Results",
        date="December 18, 2025",
    )

    assert [event.date for event in release.events] == ["2026-01-29"]
    assert "“January 29” names no year; 2026 was taken" in release.warnings[0]


def test_a_paper_without_a_day_of_its_own_is_dated_by_its_period() -> None:
    source = (
        "Tern Copper to Hold Earnings Call on May 13\n\nTern Copper Corp. will host a conference call on May 13 at "
        "4:30 p.m. Eastern to discuss results for the first quarter ended March 31, 2025."
    )
    release = parse(read(source.encode(), name="x.txt"), path="x.txt", mtime=MTIME, time_zone="UTC")

    assert [event.start for event in release.events] == ["2025-05-13T16:30:00-04:00"]


# ── Other events, and none ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("head", "body", "line"),
    [
        (
            "Tern Copper to Present at Puffin Mining Conference",
            "Tern Copper Corp. will present at the Puffin Mining Conference on September 10, 2025 at 2:00 p.m. ET.",
            "conference 2025-09-10T14:00:00-04:00",
        ),
        (
            "Tern Copper to Host Investor Day",
            "Tern Copper Corp. will host an Investor Day on Tuesday, September 16, 2025.",
            "conference 2025-09-16",
        ),
        (
            "Tern Copper to Acquire Gull Zinc",
            "Tern Copper Corp. buys Gull Zinc Inc. A conference call follows on July 22, 2025 at 8:00 a.m. ET.",
            "other-call 2025-07-22T08:00:00-04:00",
        ),
        (
            "Tern Copper Convenes Shareholders",
            "Tern Copper Corp. will hold its annual general meeting on September 10, 2025 at 10:00 a.m. Atlantic Time.",
            "meeting 2025-09-10T10:00:00-03:00",
        ),
    ],
)
def test_other_dated_things_are_events_too(head: str, body: str, line: str) -> None:
    assert told(body, head=head) == [line]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Tern Copper Convenes Shareholders", "It will hold its annual general meeting on September 10, 2025."),
        ("Tern Copper Sees a Vote", "We expect to hold a special meeting on September 10, 2025 at 9:00 a.m. ET."),
        (
            "Tern Copper Declares Second Quarter Dividend",
            "It is payable on September 15, 2025 to holders of August 29.",
        ),
        ("Tern Copper Drills On", "It expects to release drill results from Gull on August 15, 2025."),
        ("Shareholder Alert", "Holders of Tern Copper have until August 12, 2025 to join the class action."),
        ("Tern Copper Growth", "Full statements will be in the quarterly report, which is due August 15, 2025."),
        ("Tern Copper Talks", "It held a conference call on July 15, 2025 at 10:00 a.m. ET on its first quarter."),
        ("Tern Copper Renames", "The new name is effective August 15, 2025, and trading begins on August 18, 2025."),
        ("Tern Copper Is Late", "It expects to file its quarterly report on Form 10-Q by August 14, 2025."),
        ("Tern Copper Meets Agency", "The agency's August 18 letter was discussed on a call with it."),
    ],
)
def test_what_only_has_a_day_is_no_event(head: str, body: str) -> None:
    assert told(f"Tern Copper Corp. has news. {body}", head=head) == []


def test_sections_behind_the_news_announce_nothing() -> None:
    end = "Contact\n\nCalls are held on August 8, 2025 at 9:00 a.m. ET. Dial 1-800-555-0199."

    assert released("Tern Copper Corp. has news for its second quarter.", end=end).events == ()


# ── Names ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("period", "uid"),
    [
        ("third quarter 2025", "earnings-call-2025-q3"),
        ("half-year 2025", "earnings-call-2025-q2"),
        ("nine months 2025", "earnings-call-2025-q3"),
        ("full year 2025", "earnings-call-2025-q4"),
    ],
)
def test_a_call_is_named_after_the_last_quarter_it_covers(period: str, uid: str) -> None:
    event = only(
        f"Tern Copper Corp. will host a conference call on its {period} results on July 31, 2025 at 9:00 a.m. ET.",
        head=f"Tern Copper to Discuss {period.title()} Results",
    )

    assert event.uid == uid


# ── The sample notice ───────────────────────────────────────────────────────────────────────────────────────────

SEED = Path(__file__).parents[2] / "seeds" / "002_b9281d73733c3529.txt"


def test_the_sample_notice_has_its_two_events() -> None:
    results, call = parse(read(SEED.read_bytes(), name=SEED.name), path="x.txt", mtime=MTIME, time_zone="UTC").events

    assert (results.kind, results.date, results.session, results.start) == (
        "results-release",
        "2014-05-15",
        "after-close",
        None,
    )
    assert (call.kind, call.start, call.zone) == ("earnings-call", "2014-05-16T11:00:00-04:00", "America/New_York")
    assert (call.weekday_ok, call.second_time_agrees, call.live_passcode) == (True, True, None)
    assert [row.phone for row in call.dial_in] == ["+18774078031", "+12016898031"]


def test_the_sample_notices_replay_is_not_its_call() -> None:
    _, call = parse(read(SEED.read_bytes(), name=SEED.name), path="x.txt", mtime=MTIME, time_zone="UTC").events

    assert call.webcast == "http://www.alexcoresource.com"
    assert call.replay is not None
    assert (call.replay.until, call.replay.conference_id) == ("2014-06-16", "13582013")
    assert [row.phone for row in call.replay.dial_in] == ["+18776606853", "+12016127415"]
