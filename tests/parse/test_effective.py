"""Dates from which something holds."""

from __future__ import annotations

import datetime as dt

import pytest

from feedd.model import BlockKind, EffectiveDate, Paragraph, Zone
from feedd.parse import effective

DAY = dt.date(2013, 5, 31)


def found(text: str, day: dt.date = DAY, zone: Zone = Zone.BODY) -> tuple[EffectiveDate, ...]:
    return effective.find([Paragraph(zone, BlockKind.PARAGRAPH, text, ())], day)


@pytest.mark.parametrize(
    ("text", "words", "date", "inferred"),
    [
        ("The cut is effective May 31; more follows.", "effective May 31", "2013-05-31", True),
        ("Ann Ray retires effective June 1, 2013.", "effective June 1, 2013", "2013-06-01", False),
        ("The name changes with effect from 1 July 2013.", "with effect from 1 July 2013", "2013-07-01", False),
        ("It is effective as of Monday, June 3, 2013.", "effective as of Monday, June 3, 2013", "2013-06-03", False),
        ("The split takes effect on June 4.", "takes effect on June 4", "2013-06-04", True),
    ],
)
def test_a_date_behind_such_words_is_kept(text: str, words: str, date: str, inferred: bool) -> None:
    (one,) = found(text)

    assert (one.text, one.date, one.year_inferred) == (words, date, inferred)


@pytest.mark.parametrize(("day", "date"), [(dt.date(2013, 12, 28), "2014-01-03"), (dt.date(2014, 1, 9), "2014-01-03")])
def test_a_year_that_is_left_out_is_the_nearest(day: dt.date, date: str) -> None:
    assert found("He leaves effective January 3.", day)[0].date == date


def test_what_holds_is_what_the_sentence_says_before() -> None:
    assert found("The mill is old. The cut is effective May 31.")[0].what == "The cut is"


@pytest.mark.parametrize("text", ["It is effective immediately.", "An effective cure.", "Effective February 30, 2013."])
def test_without_a_day_there_is_none(text: str) -> None:
    assert found(text) == ()


def test_only_the_news_counts() -> None:
    assert found("The policy is effective May 31, 2013.", zone=Zone.LEGAL) == ()
