"""Numbers with their units."""

from __future__ import annotations

import pytest

from feedd.model import BlockKind, Figure, Paragraph, Zone
from feedd.parse import figures


def found(*texts: str) -> tuple[Figure, ...]:
    return figures.find([Paragraph(Zone.BODY, BlockKind.PARAGRAPH, text, ()) for text in texts])


@pytest.mark.parametrize(
    ("text", "words", "value", "unit", "currency"),
    [
        ("It cost at least $4 million.", "at least $4 million", 4e6, "$", None),
        ("It cost US$1.2 billion.", "US$1.2 billion", 1.2e9, "US$", "USD"),
        ("It cost C$0.50 per unit.", "C$0.50 per unit", 0.5, "C$ per unit", "CAD"),
        ("It cost €14 million.", "€14 million", 14e6, "€", "EUR"),
        ("It cost EUR 9.5 million.", "EUR 9.5 million", 9.5e6, "EUR", "EUR"),
        ("It cost 12 million euros.", "12 million euros", 12e6, "euros", "EUR"),
        ("A loss of $(0.02) per share came.", "$(0.02) per share", -0.02, "$ per share", None),
        ("More than 50 per cent stay.", "more than 50 per cent", 50.0, "%", None),
        ("An approximate 25% cut came.", "approximate 25%", 25.0, "%", None),
        ("There are 150 employees.", "150 employees", 150.0, "employees", None),
        ("It treats over one billion liters.", "over one billion liters", 1e9, "liters", None),
        ("Its 250 square kilometer site is wide.", "250 square kilometer", 250.0, "square kilometer", None),
        ("The vein holds 3.1 g/t gold.", "3.1 g/t", 3.1, "g/t", None),
        ("About half of the 30 positions go.", "about half of the 30 positions", 0.5, "share", None),
        ("It has 17,000,000 shares.", "17,000,000 shares", 17e6, "shares", None),
        ("The field gives 60 MW now.", "60 MW", 60.0, "MW", None),
    ],
)
def test_a_figure_has_value_unit_and_currency(
    text: str, words: str, value: float, unit: str, currency: str | None
) -> None:
    (figure,) = found(text)

    assert (figure.text, figure.value, figure.unit, figure.currency) == (words, value, unit, currency)


@pytest.mark.parametrize(
    "text",
    [
        "It opened in January 2011 on the 3rd.",
        "That was six to twelve months ago, or 5 years.",
        "Call 902-555-0100 or 1-877-555-0131.",
        "In the first half of 2025, work began.",
        "See section 4.2 of Form 10-K.",
        "It is at 88 Quay Street.",
    ],
)
def test_dates_durations_and_addresses_are_none(text: str) -> None:
    assert found(text) == ()


@pytest.mark.parametrize(
    ("statement", "currency"),
    [
        ("All amounts are in U.S. dollars.", "USD"),
        ("Unless otherwise stated, all figures are expressed in Canadian dollars.", "CAD"),
        ("The dollars are well spent.", None),
    ],
)
def test_a_statement_gives_a_bare_dollar_its_currency(statement: str, currency: str | None) -> None:
    assert found("It cost $4 million.", statement)[0].currency == currency


def test_what_is_counted_is_said_where_it_is_plain() -> None:
    assert found("Revenue of $4 million came in.")[0].what == "Revenue"


def test_tables_and_other_zones_give_none() -> None:
    table = Paragraph(Zone.BODY, BlockKind.TABLE, "Revenue\t$4 million", ())
    profile = Paragraph(Zone.PROFILE, BlockKind.PARAGRAPH, "It has 150 employees.", ())

    assert figures.find([table, profile]) == ()


def test_no_more_are_kept_than_a_reader_wants() -> None:
    assert len(found("It cost $4 million. " * 200)) == figures.MOST
