"""When two texts are the same release, and the names and times it keeps."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import a_release
from feedd import identity
from feedd.model import BlockKind, Dateline, Issuer, Paragraph, Release, Span, Zone

DAY = dt.date(2026, 3, 2)


def saying(
    *body: str, title: str = "Harbour Copper Pours", dateline: Dateline | None = None, date: str = "2026-03-02"
) -> Release:
    paragraphs = tuple(
        Paragraph(Zone.BODY if number else Zone.LEAD, BlockKind.PARAGRAPH, text, (Span(0, len(text)),))
        for number, text in enumerate(body)
    )
    return a_release(title, paragraphs=paragraphs, dateline=dateline, date=date)


def test_the_guid_is_a_tag_uri_without_port_or_path() -> None:
    made = identity.guid("https://news.example.com:8443/ir", DAY, "ab" * 32)
    assert made == "tag:news.example.com,2026-03-02:" + "ab" * 16


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Harbour Copper Pours First Cathode", "harbour-copper-pours-first-cathode"),
        ("Q1 Results: $1.2 Million & Rising!", "q1-results-1-2-million-and-rising"),
        ("Größe d'Été — Naïve", "grosse-dete-naive"),
        ("../../etc/passwd", "etc-passwd"),
        ("決算のお知らせ", "abc123"),
        ("", "abc123"),
    ],
)
def test_slugs_are_plain_words(title: str, slug: str) -> None:
    assert identity.slug(title, fallback="abc123") == slug


def test_a_long_title_is_cut_between_words() -> None:
    slug = identity.slug("word " * 40, fallback="x")
    assert len(slug) <= identity.SLUG_LENGTH
    assert set(slug.split("-")) == {"word"}


@given(st.text())
def test_no_title_makes_an_address_that_leads_elsewhere(title: str) -> None:
    slug = identity.slug(title, fallback="x")
    assert slug and set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(slug) <= identity.SLUG_LENGTH


@pytest.mark.parametrize(
    "name", ["Acme Mining Corp.", "ACME MINING CORP", "Acme Mining Corporation", "Acme  Mining, Inc."]
)
def test_one_company_has_one_key(name: str) -> None:
    assert identity.company_key(name) == "acme mining"


@pytest.mark.parametrize("name", ["Acme Metals Corp.", "Acme Mining Services Inc."])
def test_other_companies_have_other_keys(name: str) -> None:
    assert identity.company_key(name) != "acme mining"


def test_a_name_that_is_a_legal_form_stays() -> None:
    assert identity.company_key("SE") == "se"
    assert identity.company_key("...") is None


def test_an_unknown_issuer_has_no_key() -> None:
    assert identity.issuer_key(a_release(issuer=None)) is None
    assert identity.issuer_key(a_release(issuer=Issuer("Acme Mining Corp."))) == "acme mining"


def test_white_space_quotation_marks_and_dashes_make_no_difference() -> None:
    one = saying("The “new” plant — our first — runs.", "It is Anna's.")
    other = saying('The "new"  plant - our first - runs.', "It is Anna’s.")
    assert identity.content_key(one) == identity.content_key(other)


def test_dateline_and_wire_marker_make_no_difference() -> None:
    plain = saying("March 2, 2026 - Acme runs.", dateline=Dateline(None, None, None, "March 2, 2026", " - "))
    wired = saying(
        "TORONTO, March 2, 2026 (SOME WIRE) -- Acme runs.",
        dateline=Dateline("TORONTO", None, "SOME WIRE", "March 2, 2026", " -- "),
    )
    slashed = saying(
        "Toronto, March 2, 2026 /XNW/ - Acme runs.", dateline=Dateline("Toronto", None, "XNW", "March 2, 2026", " - ")
    )
    assert identity.content_key(plain) == identity.content_key(wired) == identity.content_key(slashed)


@pytest.mark.parametrize(
    "other", ["The plant makes 13 t.", "The plant makes -12 t.", "The mill makes 12 t.", "The plant makes 12 t. More."]
)
def test_a_differing_word_or_digit_is_never_a_duplicate(other: str) -> None:
    assert identity.content_key(saying("The plant makes 12 t.")) != identity.content_key(saying(other))


def test_another_day_or_headline_is_another_release() -> None:
    same = saying("The plant runs.")
    assert identity.content_key(same) != identity.content_key(saying("The plant runs.", date="2026-04-02"))
    assert identity.content_key(same) != identity.content_key(saying("The plant runs.", title="Other"))


PUBLIC = dt.datetime(2026, 3, 2, 15, 30, 12, 345678, tzinfo=dt.UTC)


def test_published_is_the_public_time_on_the_stated_day() -> None:
    assert identity.published(a_release(), PUBLIC, "America/Toronto") == PUBLIC.replace(microsecond=0)


def test_published_is_midnight_of_an_earlier_stated_day_in_the_sites_zone() -> None:
    release = a_release(date="2014-05-06")
    assert identity.published(release, PUBLIC, "America/Toronto") == dt.datetime(2014, 5, 6, 4, tzinfo=dt.UTC)


def test_the_sites_zone_decides_which_day_it_is() -> None:
    late = dt.datetime(2026, 3, 3, 3, tzinfo=dt.UTC)  # still 2 March in Toronto
    assert identity.published(a_release(), late, "America/Toronto") == late
    assert identity.published(a_release(), late, "UTC") == dt.datetime(2026, 3, 2, tzinfo=dt.UTC)


def test_published_is_the_stated_minute_where_there_is_one() -> None:
    release = a_release(date="2026-03-02T07:00:00-05:00", date_precision="minute")
    assert identity.published(release, PUBLIC, "UTC") == dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize("date", ["2030-01-01", "2026-03-02T23:00:00+00:00"])
def test_published_is_never_after_the_public_time(date: str) -> None:
    release = a_release(date=date, date_precision="minute" if "T" in date else "day")
    assert identity.published(release, PUBLIC, "UTC") == PUBLIC.replace(microsecond=0)


@pytest.mark.parametrize(
    ("date", "zone", "year"),
    [("0001-01-01", "Asia/Tokyo", 1), ("9999-12-31T23:00:00-05:00", "UTC", 2026)],
)
def test_a_date_at_the_edge_of_the_calendar_is_a_date_like_others(date: str, zone: str, year: int) -> None:
    release = a_release(date=date, date_precision="minute" if "T" in date else "day")
    assert identity.published(release, PUBLIC, zone).year == year


def test_an_old_release_is_published_on_its_own_day_whenever_it_is_imported() -> None:
    release = a_release(date="2014-05-06")
    assert identity.published_of_old(release, PUBLIC, "America/Toronto") == dt.datetime(2014, 5, 6, 4, tzinfo=dt.UTC)
    assert identity.published_of_old(a_release(date="2026-03-02"), PUBLIC, "UTC") == dt.datetime(
        2026, 3, 2, tzinfo=dt.UTC
    )
