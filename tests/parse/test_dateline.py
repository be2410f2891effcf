"""Dates, and the dateline that opens the lead."""

from __future__ import annotations

import datetime as dt

import pytest

from feedd.parse import dateline

DAY = dt.date(2014, 5, 6)


@pytest.mark.parametrize(
    "text",
    [
        "May 6, 2014",
        "May 6th 2014",
        "Tuesday, May 6, 2014",
        "MAY 6, 2014",
        "6 May 2014",
        "6th of May 2014",
        "6 mai 2014",
        "6. Mai 2014",
        "6 de mayo de 2014",
        "2014-05-06",
        "06.05.2014",
        "05/06/14",
        "May 6 '14",
    ],
)
def test_a_date_is_read_as_people_write_it(text: str) -> None:
    assert dateline.find_date(f"Issued {text} here") == DAY


@pytest.mark.parametrize(
    "text", ["February 30, 2014", "2014-13-06", "in May", "six to twelve months ago", "Mayor 6, 2014"]
)
def test_what_is_no_day_is_no_date(text: str) -> None:
    assert dateline.find_date(text) is None


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2014-05-06-results.txt", DAY),
        ("release_20140506.md", DAY),
        ("000_20149999aa.txt", None),
        ("q1-2014.txt", None),
    ],
)
def test_a_file_name_may_carry_a_date(name: str, day: dt.date | None) -> None:
    assert dateline.file_name_date(name) == day


@pytest.mark.parametrize(
    ("opening", "city", "region", "wire"),
    [
        ("May 6, 2014 - ", None, None, None),
        ("HALIFAX, NOVA SCOTIA, May 6, 2014 (GLOBE NEWSWIRE) -- ", "HALIFAX", "NOVA SCOTIA", "GLOBE NEWSWIRE"),
        ("HALIFAX, NS--(Marketwired - May 6, 2014) - ", "HALIFAX", "NS", "Marketwired"),
        ("HALIFAX, May 6, 2014 /CNW/ - ", "HALIFAX", None, "CNW"),
        ("HALIFAX, NS - (NewMediaWire) - May 6, 2014 - ", "HALIFAX", "NS", "NewMediaWire"),
        ("HALIFAX, le 6 mai 2014 /CNW Telbec/ – ", "HALIFAX", None, "CNW Telbec"),
        ("New York and London, May 6, 2014 — ", "New York and London", None, None),
        ("London 6 May 2014: ", "London", None, None),
    ],
)
def test_a_dateline_is_found_in_its_many_orders(
    opening: str, city: str | None, region: str | None, wire: str | None
) -> None:
    found = dateline.find(f"{opening}Tern Copper Corp. reports that its mill runs again.")

    assert found is not None
    assert found.day == DAY
    assert (found.dateline.city, found.dateline.region, found.dateline.wire) == (city, region, wire)


def test_the_news_begins_behind_the_dateline() -> None:
    text = "Halifax, NS, May 6, 2014 (Business Wire) -- Tern Copper reports."
    found = dateline.find(text)

    assert found is not None
    assert text[found.end :] == "Tern Copper reports."


def test_a_wire_marker_without_date_is_a_dateline_too() -> None:
    found = dateline.find("CHICAGO–(BUSINESS WIRE)–Tern Copper reports.")

    assert found is not None
    assert (found.day, found.dateline.city) == (None, "CHICAGO")


@pytest.mark.parametrize(
    "text",
    [
        "The company said on May 6, 2014 - a Tuesday - that it would wait.",
        "Tern Copper will report on May 6, 2014 after the close.",
        "On May 6, 2014, the board met.",
        "Shares rose.",
    ],
)
def test_a_sentence_with_a_date_is_no_dateline(text: str) -> None:
    assert dateline.find(text) is None
