"""The fiscal period of the results."""

from __future__ import annotations

import datetime as dt

import pytest

from feedd.model import BlockKind, FiscalPeriod, Paragraph, Zone
from feedd.parse import period

DAY = dt.date(2014, 5, 6)


def found(title: str, news: str = "", *, deck: str = "", day: dt.date = DAY) -> FiscalPeriod | None:
    paragraphs = [Paragraph(Zone.HEADLINE, BlockKind.HEADING, title, ())]
    if deck:
        paragraphs.append(Paragraph(Zone.SUBHEAD, BlockKind.ITEM, deck, ()))
    return period.find(paragraphs, news, day)


def short(one: FiscalPeriod | None) -> str | None:
    """``2014-Q1``, ``2014-H1``, ``2014``."""
    if one is None:
        return None
    part = f"-Q{one.quarter}" if one.quarter else f"-H{one.half}" if one.half else ""
    return f"{one.fiscal_year}{part}"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Tern Reports First Quarter 2014 Results", "2014-Q1"),
        ("Tern Reports 2014 1st Quarter Results", "2014-Q1"),
        ("Tern Reports Q3 FY2015 Results", "2015-Q3"),
        ("Tern Results 3Q 2013", "2013-Q3"),
        ("Tern Publishes Quarterly Statement Q1/2014", "2014-Q1"),
        ("Tern Reports Second Quarter Fiscal 2015 Earnings", "2015-Q2"),
        ("Tern Reports Fourth Quarter and Full Year 2013 Results", "2013-Q4"),
        ("Tern Reports Half-Year 2014 Results", "2014-H1"),
        ("Tern Grows Revenue in the First Half of 2014", "2014-H1"),
        ("Tern Results H2 2013", "2013-H2"),
        ("Tern Reports Nine-Month 2013 Results", "2013"),
        ("Tern Reports Fiscal Year 2013 Results", "2013"),
        ("Tern Interim Report January–March 2014", "2014-Q1"),
        ("Tern Interim Report 1 January – 30 June 2013", "2013-H1"),
        ("Tern Half-Year Report January-June 2013", "2013-H1"),
        ("Tern Interim Report October to December 2013", "2013-Q4"),
        ("Tern Year-End Report January–December 2013", "2013"),
        ("Tern Ergebnisse Januar bis Juni 2013", "2013-H1"),
        ("Tern publie ses résultats de janvier à juin 2013", "2013-H1"),
        ("Tern publie ses résultats d’avril à juin 2013", "2013-Q2"),
        ("Tern Reports 2013 Annual Results", "2013"),
        ("Tern annonce ses résultats du T3 2013", "2013-Q3"),
        ("Tern annonce ses résultats du deuxième trimestre 2013", "2013-Q2"),
        ("Tern steigert Umsatz im dritten Quartal 2013", "2013-Q3"),
    ],
)
def test_periods_are_named_in_many_ways(title: str, expected: str) -> None:
    assert short(found(title)) == expected


@pytest.mark.parametrize(
    "title",
    [
        "Tern Raises Guidance for Full Year 2014",
        "Tern Expects Revenue to Grow in the Second Half of 2014",
        "Tern Declares Second Quarter 2014 Dividend",
        "Tern Opens a Quarter of Its Shafts",
        "Tern Holds 2014 Annual Meeting",
        "Tern Mill Runs",
    ],
)
def test_other_periods_are_not_those_of_results(title: str) -> None:
    assert found(title, "Tern Copper Corp. has news of its mill.") is None


def test_a_comparison_is_passed_over() -> None:
    one = found(
        "Tern Reports Results", "Revenue compared to the first quarter of 2013 rose in the first quarter of 2014."
    )

    assert short(one) == "2014-Q1"


@pytest.mark.parametrize(
    "title",
    [
        "Tern Reports Nine-Month 2013 Results",
        "Tern Interim Report January–September 2013",
        "Tern Results 9M 2013",
        "Tern Zahlen für neun Monate 2013",
        "Tern Reports Q1–Q3 2013 Results",
    ],
)
def test_nine_months_end_with_the_third_quarter(title: str) -> None:
    one = found(title)

    assert one is not None and one.is_nine_months
    assert (one.quarter, one.half, one.last_quarter, one.fiscal_year) == (None, None, 3, 2013)


def test_months_that_are_no_period_of_a_year_are_passed_over() -> None:
    assert found("Tern Reports Results of October–March") is None


def test_a_quarter_goes_before_the_year_it_ends() -> None:
    assert short(found("Tern Reports Full Year and Fourth Quarter 2013 Results")) == "2013-Q4"


def test_the_end_is_taken_from_the_lead() -> None:
    one = found("Tern Reports Third Quarter Results", "Results for the third quarter ended September 30, 2013 are out.")

    assert one == FiscalPeriod("Third Quarter", 3, None, 2013, "2013-09-30")


def test_three_months_are_the_quarter_that_ends_with_them() -> None:
    one = found("Tern Reports Financial Results", "Results for the three months ended March 31, 2014 were good.")

    assert one is not None
    assert (one.quarter, one.fiscal_year, one.period_end) == (1, 2014, "2014-03-31")


@pytest.mark.parametrize(
    ("day", "expected"),
    [(dt.date(2014, 10, 24), "2014-Q3"), (dt.date(2015, 2, 2), "2014-Q3"), (dt.date(2014, 9, 12), "2014-Q3")],
)
def test_a_year_that_is_left_out_is_the_last_that_fits(day: dt.date, expected: str) -> None:
    assert short(found("Tern Announces Third Quarter Results", day=day)) == expected


def test_decks_speak_where_the_headline_is_silent() -> None:
    assert short(found("Tern Sells More Copper", deck="Results of the second quarter 2013 ahead of plan")) == "2013-Q2"


def test_results_announced_by_the_way_name_their_period() -> None:
    paragraphs = [
        Paragraph(Zone.HEADLINE, BlockKind.HEADING, "Tern Declares Dividend", ()),
        Paragraph(Zone.BODY, BlockKind.PARAGRAPH, "Tern will announce its second quarter 2014 earnings in August.", ()),
    ]

    assert short(period.find(paragraphs, "Tern pays two cents.", DAY)) == "2014-Q2"
