"""Words that ask to keep a release back."""

from __future__ import annotations

import datetime as dt

import pytest

from feedd.model import BlockKind, Paragraph, Stated, Zone
from feedd.parse import embargo


def found(text: str, zone: Zone = Zone.LABEL) -> str | None:
    return embargo.find((Paragraph(zone, BlockKind.LINE, text, ()),))


@pytest.mark.parametrize(
    "words",
    [
        "EMBARGOED UNTIL 7:00 A.M. EASTERN, MAY 6, 2014",
        "Embargoed: 0700 hours, 6 May 2014",
        "Strictly embargoed until 6 May",
        "Under embargo until Tuesday",
        "UNDER EMBARGO",
        "Not for release before 6:00 Eastern time",
        "NOT FOR PUBLICATION UNTIL MAY 6",
        "Hold for release May 6",
        "Sperrfrist: 6. Mai, 7 Uhr",
    ],
)
def test_words_of_an_embargo_are_found(words: str) -> None:
    assert found(words) is not None


@pytest.mark.parametrize(
    "words",
    [
        "FOR IMMEDIATE RELEASE",
        "For Release: May 6, 2014",
        "Not for release, publication or distribution in the United States",
        "News Release",
    ],
)
def test_other_labels_are_no_embargo(words: str) -> None:
    assert found(words) is None


@pytest.mark.parametrize("news", ["The arms embargo for the region hurt sales.", "The trade embargo was lifted."])
def test_embargoes_in_the_news_hold_nothing(news: str) -> None:
    assert found(news, Zone.BODY) is None


def test_an_embargo_is_found_at_the_end_too() -> None:
    assert found("This release is embargoed until 6 May 2014.", Zone.LEGAL) == "embargoed until 6 May 2014."


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("EMBARGOED UNTIL 7:00 A.M. ET, MAY 6, 2014", "2014-05-06T07:00:00-04:00"),
        ("Embargoed: 0700 hours BST 6 May 2014", "2014-05-06T07:00:00+01:00"),
        ("Not for release before 06:00 London time on Tuesday, 6 May 2014", "2014-05-06T06:00:00+01:00"),
        ("Under embargo until 6:00 a.m. Eastern Time", "2014-05-06T06:00:00-04:00"),
        ("Embargo until 8:00 a.m. ET (5:00 a.m. PT) May 6, 2014", "2014-05-06T08:00:00-04:00"),
        ("Sperrfrist: 6. Mai 2014, 7:30 Uhr MESZ", "2014-05-06T07:30:00+02:00"),
    ],
)
def test_a_plain_embargo_ends_at_an_instant(text: str, instant: str) -> None:
    end = embargo.until(text, dt.date(2014, 5, 6), "UTC")

    assert end is not None
    assert end.isoformat() == instant


@pytest.mark.parametrize(
    "text",
    [
        "EMBARGOED UNTIL 7 A.M. IST, MAY 6, 2014",  # Ireland's, Israel's or India's?
        "Hold for release until 8:30 a.m. EST May 6, 2014",  # no winter time in May
        "Embargoed until May 6, 2014",
        "Embargoed until 7:00 a.m. ET on Monday, May 6, 2014",  # a Tuesday
        "Embargoed until 7am ET May 6, 2014 or 8am ET May 7, 2014",
        "Strictly embargoed until the market opens",
    ],
)
def test_a_doubtful_embargo_ends_at_none(text: str) -> None:
    assert embargo.until(text, dt.date(2014, 5, 6), "UTC") is None


def test_an_hour_without_any_day_is_none() -> None:
    assert embargo.until("Embargoed until 7:00 a.m. ET", None, "UTC") is None


def test_an_hour_without_a_clock_is_on_the_sites_clocks() -> None:
    end = embargo.until("Embargoed until 7 a.m., May 6, 2014", None, "America/Toronto")

    assert end == dt.datetime(2014, 5, 6, 11, tzinfo=dt.UTC)


def test_of_an_hour_that_comes_twice_the_later_one_counts() -> None:
    end = embargo.instant("2026-11-01T01:30", "America/Toronto")

    assert end is not None
    assert end.astimezone(dt.UTC) == dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC)


def asked(path: str = "a.txt", stated: Stated = Stated(), words: str = "News Release") -> embargo.Embargo | None:  # noqa: B008
    paragraphs = (Paragraph(Zone.LABEL, BlockKind.LINE, words, ()),)
    return embargo.of(paragraphs, stated, path, day=dt.date(2026, 7, 30), zone="UTC")


def test_a_release_that_nothing_holds_back_has_no_embargo() -> None:
    assert asked() is None


@pytest.mark.parametrize("folder", ["2026-07-30T0600-0400", "2026-07-30T06:00-04:00", "20260730T100000Z"])
def test_a_folder_may_name_the_instant(folder: str) -> None:
    found = asked(f"embargo/{folder}/q2/a.txt")

    assert found is not None and found.until == dt.datetime(2026, 7, 30, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize("path", ["embargo/a.txt", "embargo/july/a.txt", "embargo/2026-07-30/a.txt"])
def test_a_folder_without_a_plain_instant_holds(path: str) -> None:
    found = asked(path)

    assert found is not None and found.until is None


def test_of_several_embargoes_the_latest_holds() -> None:
    stated = Stated(embargo="2026-07-30T09:00+00:00")
    found = asked("embargo/2026-07-30T0800Z/a.txt", stated, "Embargoed until 8:30 a.m. UTC")

    assert found is not None and found.until == dt.datetime(2026, 7, 30, 9, tzinfo=dt.UTC)


def test_one_embargo_that_cannot_be_read_outweighs_all_others() -> None:
    found = asked("embargo/2026-07-30T0800Z/a.txt", words="Embargoed until the market opens")

    assert found is not None and found.until is None
