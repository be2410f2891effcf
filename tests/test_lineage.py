"""To which known release a text belongs, and how sure that is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories import a_reading, a_release
from feedd import lineage
from feedd.lineage import Candidate, corrected, is_same_news, only, translated, withdrawn
from feedd.model import BlockKind, Event, FiscalPeriod, Paragraph, Reading, Release, Zone


def a_text(title: str, body: str = "", *, day: str = "2026-03-02", language: str = "en", **changes: object) -> Reading:
    made = a_release(title, date=day, language=language, **changes)
    lines = (*made.paragraphs, Paragraph(Zone.BODY, BlockKind.PARAGRAPH, body, ()))
    release: Release = replace(made, paragraphs=lines)
    return replace(a_reading(title), release=release)


GATE = a_text("Harbour Copper Opens Its Gate")
PIER = a_text("Harbour Copper Builds a Longer Pier")


def ids(found: list[Candidate]) -> list[int]:
    return [one.id for one in found]


def candidates(*readings: Reading) -> list[Candidate]:
    return [Candidate(number, reading) for number, reading in enumerate(readings)]


@pytest.mark.parametrize(
    "title",
    ["CORRECTION: Harbour Copper Opens Its Gate", "Correcting and Replacing - Harbour Copper opens its gate",
     "Harbour Copper Opens Its Gate (Corrected)", "Corrected: Harbour Copper Opens its “Gate”"],
)  # fmt: skip
def test_a_headline_without_its_words_of_correction_tells_the_release(title: str) -> None:
    assert ids(corrected(a_text(title), candidates(PIER, GATE))) == [1]


def test_the_day_of_the_mended_release_tells_it() -> None:
    told = a_text("Correction", "The news release issued on March 2, 2026 contained an error.", day="2026-03-09")
    other = a_text("Something Else", day="2026-03-05")
    assert ids(corrected(told, candidates(other, GATE))) == [1]


def test_a_day_that_is_only_named_tells_nothing() -> None:
    told = a_text("Correction", "The gate was opened on March 2, 2026.", day="2026-03-09")
    assert corrected(told, candidates(GATE)) == []


def test_equal_headlines_are_told_apart_by_what_else_fits() -> None:
    first = a_text("Monthly Report", "One hundred tonnes.", day="2026-01-02")
    second = a_text("Monthly Report", "Two hundred tonnes.", day="2026-02-02")
    told = a_text("Monthly Report (Corrected)", "The release dated February 2, 2026 was incorrect.", day="2026-03-02")
    assert ids(corrected(told, candidates(first, second))) == [1]


def test_what_cannot_be_told_apart_stays_several() -> None:
    twins = candidates(a_text("Monthly Report", "One."), a_text("Monthly Report", "Two."))
    assert only(corrected(a_text("Correction: Monthly Report"), twins)) is None


def test_a_retraction_names_the_headline() -> None:
    told = a_text("Notice of Retraction", 'The release "Harbour Copper Builds a Longer Pier" should be disregarded.')
    assert ids(withdrawn(told, candidates(GATE, PIER))) == [1]


def test_a_short_headline_within_a_text_tells_nothing() -> None:
    told = a_text("Notice of Retraction", "The update should be disregarded.")
    assert withdrawn(told, candidates(a_text("Update"))) == []


NUMBERS = "It made 12,345 t at $2.17 a pound, 7.5% more than 11,484 t, with 486 people."
ZAHLEN = "Es waren 12.345 t zu 2,17 $ das Pfund, 7,5 % mehr als 11.484 t, mit 486 Leuten."


def test_the_same_numbers_in_another_language_are_a_translation() -> None:
    told = a_text("Hafenkupfer öffnet das Tor", ZAHLEN, language="de")
    assert ids(translated(told, candidates(PIER, a_text("Gate", NUMBERS)))) == [1]


@pytest.mark.parametrize(
    "told",
    [a_text("Gate", NUMBERS), a_text("Tor", ZAHLEN, language="de", day="2026-03-03"),
     a_text("Tor", "Im Jahr 2026 waren es 99.999 t.", language="de")],
    ids=["same language", "another day", "other numbers"],
)  # fmt: skip
def test_what_is_no_translation(told: Reading) -> None:
    assert translated(told, candidates(a_text("Gate", NUMBERS))) == []


def test_the_same_day_or_the_same_occasion_is_the_same_news() -> None:
    call = Event("earnings-call", "confirmed", "uid-1")
    notice = a_text("Call", day="2026-02-01", events=(call,))
    moved = a_text("Call Moved", day="2026-02-09", events=(call,))
    assert is_same_news(moved, notice)
    assert is_same_news(a_text("Gate Again"), GATE)
    assert not is_same_news(a_text("Gate Again", day="2026-06-02"), GATE)


def test_results_of_one_period_are_one_occasion() -> None:
    def results(quarter: int, day: str) -> Reading:
        period = FiscalPeriod(f"Q{quarter} 2026", quarter, None, 2026, None)
        reading = a_text("Results", day=day, fiscal_period=period)
        return replace(reading, classification=replace(reading.classification, subtopic="earnings.results"))

    assert is_same_news(results(1, "2026-05-06"), results(1, "2026-05-05"))
    assert not is_same_news(results(2, "2026-08-06"), results(1, "2026-05-05"))
    assert lineage.occasions(results(1, "2026-05-06")) == {"results:2026:1"}
