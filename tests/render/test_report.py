"""The report of ``feedd explain`` for people."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from rich.console import Console

from feedd.classify.labels import labels
from feedd.render.report import report
from feedd.understand import understand

SOURCE = (
    "News Release\n\nTern Copper Declares Quarterly Dividend\n\nHalifax, May 6, 2014 - Tern Copper Corp. (TSX:TRN)"
    " has declared a dividend of two cents a share, and says that this is the first of many that it hopes to pay.\n\n"
    "About Tern\n\nTern mines copper near Halifax.\n\nContact\n\nAnn Ray, President\nPhone: 902 555 0100"
)


def shown(source: str = SOURCE, *, colour: bool = False, soft_wrap: bool = False) -> str:
    document, reading = understand(source.encode(), path="drop.txt", mtime=dt.datetime(2014, 7, 1, tzinfo=dt.UTC))
    page = io.StringIO()
    console = Console(file=page, width=80, force_terminal=colour, color_system="standard" if colour else None)
    console.print(report("drop.txt", document, reading, labels=labels()), soft_wrap=soft_wrap)
    return page.getvalue()


def test_the_head_says_what_it_is_and_whose() -> None:
    lines = [line.rstrip() for line in shown().splitlines()]

    assert lines[0] == "drop.txt"
    assert lines[2].startswith("● Corporate milestone · Dividend and capital   ")
    assert lines[2].endswith("% sure")
    assert lines[3:5] == ["Tern Copper Declares Quarterly Dividend", "Tern Copper Corp. · TSX:TRN · 2014-05-06"]


def test_deciding_words_are_marked_in_their_sentence() -> None:
    assert "headline: Tern Copper ›Declares Quarterly Dividend‹" in shown()


def test_the_strongest_sentence_has_the_longest_bar() -> None:
    bars = [line.count("█") for line in shown().splitlines() if "█" in line]

    assert bars == sorted(bars, reverse=True)
    assert bars[0] == 10


def test_the_text_is_shown_with_its_zones() -> None:
    lines = [" ".join(line.split()) for line in shown().partition("\nText\n")[2].splitlines()]

    assert lines[:2] == ["label News Release", "headline Tern Copper ›Declares Quarterly Dividend‹"]
    assert lines[2].startswith("lead Halifax, May 6, 2014 - Tern Copper Corp.")
    assert "profile About Tern · Tern mines copper near Halifax." in lines
    assert "contact Contact · Ann Ray, President · Phone: 902 555 0100" in lines


def test_what_decided_nothing_is_cut_short() -> None:
    weather = "The weather was fine, and the crews had their lunch in the sun beside the shaft. " * 4
    page = shown(SOURCE.replace("About Tern", f"{weather}\n\nAbout Tern", 1))

    assert page.count("The weather was fine") == 2
    assert "…" in page


def test_fields_are_shown_with_where_they_stand() -> None:
    lines = [" ".join(line.split()) for line in shown().splitlines()]

    assert "company Tern Copper Corp. lead" in lines
    assert "ticker TSX:TRN (XTSE) lead" in lines
    assert "date 2014-05-06 dateline" in lines


def test_contacts_are_shown() -> None:
    assert "Ann Ray · 902 555 0100" in shown()


@pytest.mark.parametrize("soft_wrap", [False, True])
def test_nothing_is_wider_than_80_columns_and_nothing_is_cut(soft_wrap: bool) -> None:
    page = shown(soft_wrap=soft_wrap)

    assert max(len(line) for line in page.splitlines()) <= 80
    assert "the first of many that it hopes to pay." in " ".join(page.split())


def test_a_plain_console_gets_plain_text() -> None:
    assert "\x1b" not in shown()


def test_colour_is_never_the_only_carrier() -> None:
    coloured = shown(colour=True)

    assert "\x1b[" in coloured
    assert "● Corporate milestone" in coloured


def test_an_embargo_is_shown_with_its_words() -> None:
    page = shown("EMBARGOED UNTIL MAY 6, 2099, 07:00\n\n" + SOURCE)

    assert "Until 2099-05-06 07:00:00+00:00: “EMBARGOED UNTIL MAY 6, 2099, 07:00”" in " ".join(page.split())


def test_an_embargo_that_cannot_be_read_holds() -> None:
    page = shown("EMBARGOED UNTIL DAWN\n\n" + SOURCE)

    assert "Held" in page
    assert "the end of its embargo cannot be read: “EMBARGOED UNTIL DAWN”" in " ".join(page.split())


def test_a_text_without_evidence_says_that_it_is_a_guess() -> None:
    page = shown("Tern Speaks\n\nTern has some words for its owners, which they will find on the site in a week.")

    assert "this is a guess" in page
    assert "file's own time" in page


def test_dates_ahead_are_shown_with_hour_and_number() -> None:
    page = shown(
        "Tern Copper to Hold Second Quarter 2014 Call\n\nHalifax, July 21, 2014 - Tern Copper Corp. (TSX:TRN) will "
        "hold a conference call on its second quarter results on Friday, August 8, 2014 at 11:00 a.m. ET. "
        "Dial 1-877-555-0131."
    )

    assert "earnings call 2014-08-08 11:00 ET · 1-877-555-0131" in page
