"""Who wrote a text."""

from __future__ import annotations

import datetime as dt

import pytest

from feedd.classify import authorship, classify, cues, learned
from feedd.classify.passages import Find
from feedd.model import Classification, Zone
from feedd.parse import parse
from feedd.readers import read


def classified(source: str) -> Classification:
    document = read(source.encode(), name="drop.txt")
    mtime = dt.datetime(2014, 7, 1, tzinfo=dt.UTC)
    return classify(document, parse(document, path="drop.txt", mtime=mtime, time_zone="UTC"))


@pytest.mark.parametrize(
    "source",
    [
        "Tern Declares Dividend\n\nHalifax, May 6, 2014 - Tern Corp. (TSX:TRN) declared a dividend of two cents.",
        "Tern Opens Second Mill\n\nTern Corp. has opened its second mill and is pleased to report that it runs well.",
        "Tern Reports Quarter\n\nTern Corp. earned a net income of $3 million in the quarter ended March 31.",
    ],
)
def test_a_short_release_is_not_held_for_what_it_lacks(source: str) -> None:
    assert classified(source).not_issuer == ()


@pytest.mark.parametrize(
    "source",
    [
        "Four Penny Stocks Poised to Soar\n\nMarket watchers say these stocks to watch are soaring. This article was "
        "paid for, and the author holds a position in shares of the featured companies.",
        "Investors Who Lost Money on Tern Are Reminded of the Deadline\n\nSable & Low, a law firm, reminds investors "
        "who purchased shares of Tern of the lead plaintiff deadline in the class action.",
        "Tern Chief Talks Copper in New Podcast\n\nIn an interview with Sable Radio, the CEO of Tern discusses what "
        "investors should know. Sponsored content: our publication was paid for this article.",
    ],
)
def test_a_third_partys_text_is_held(source: str) -> None:
    found = classified(source)

    assert found.not_issuer
    assert all(item.weight > 0 for item in found.not_issuer)


def test_the_words_that_show_it_stand_in_the_text() -> None:
    source = "Four Penny Stocks Poised to Soar\n\nMarket watchers say these stocks to watch are soaring this week."
    text = read(source.encode(), name="drop.txt").text

    for item in classified(source).not_issuer:
        assert text[item.start : item.end] == item.text


def test_a_mark_is_told_by_where_it_stands() -> None:
    find = Find("digest/stocks", Zone.BODY, 0, 1, 3.0)

    assert authorship.mark(find) == "digest/stocks@body"
    assert authorship.mark(find._replace(is_tail=True)) == "digest/stocks@tail"


def test_what_speaks_for_an_issuer_lowers_the_sum() -> None:
    own = [cue for cue, weight in cues.weights("not_issuer.toml").items() if weight < 0]

    assert own
    assert all(learned.load().marks[f"{cue}@lead"] < 0 for cue in own)


SHORT = {
    "an order": "Oakfield Pumps wins order\n\nLeeds, 6 May 2026 - Oakfield Pumps Ltd has received an order for twelve "
    "pumps worth 3 million pounds. Delivery starts in autumn. The company says that it secures work for two years.",
    "a branch": "Northern Bank opens branch in Riga\n\nRiga, 6 May 2026 - Northern Bank has opened its first branch in "
    'Riga. "We have waited long for this day," the chairman said in a statement.',
    "a chief": "Harbour Foods names Ida Roy chief executive\n\n6 May 2026 - Harbour Foods plc today named Ida Roy "
    "chief executive. She joins from Lakeside Mills, where she was chief operating officer.",
    "a day": "Tern to publish half-year results on 12 August\n\nLondon, 6 May 2026 - Tern plc (LSE: TRN) will publish "
    "its half-year results on 12 August 2026 at 07:00.",
}


@pytest.mark.parametrize("text", SHORT.values(), ids=SHORT)
def test_a_short_release_is_an_issuers_though_it_has_no_profile_and_no_lawyers_text(text: str) -> None:
    assert classified(text).not_issuer == ()
