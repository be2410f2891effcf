"""A document becomes a release."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from feedd.model import Release, Stated
from feedd.parse import parse, title
from feedd.readers import read

MTIME = dt.datetime(2014, 7, 1, 2, 30, tzinfo=dt.UTC)
LEAD = "Tern Copper Corp. (TSX:TRN) reports that its mill has run without a pause for a month. The crews are content."


def parsed(source: str, *, path: str = "drop.txt", time_zone: str = "UTC") -> Release:
    return parse(read(source.encode(), name=path), path=path, mtime=MTIME, time_zone=time_zone)


def test_a_date_that_the_format_states_counts_before_the_name_of_the_file() -> None:
    document = replace(
        read(f"Mill Runs\n\n{LEAD}".encode(), name="drop"), stated=Stated(date="2014-06-30T23:00:00-04:00")
    )
    release = parse(document, path="2014-05-04-mill.eml", mtime=MTIME, time_zone="UTC")

    assert (release.date, release.date_source) == ("2014-06-30", "label")


def test_a_release_is_read_field_by_field() -> None:
    release = parsed(f"News Release\n\nTern Copper Mill Runs\n\nHalifax, NS, May 6, 2014 (CNW) - {LEAD}")

    assert (release.doc_label, release.title, release.date) == ("News Release", "Tern Copper Mill Runs", "2014-05-06")
    assert release.issuer is not None and release.issuer.legal_name == "Tern Copper Corp."
    assert [ticker.label for ticker in release.tickers] == ["TSX:TRN"]
    assert release.warnings == ()


def test_the_summary_is_the_first_sentence_without_dateline_and_tickers() -> None:
    release = parsed(f"Tern Copper Mill Runs\n\nHalifax, May 6, 2014 - {LEAD}")

    assert release.summary == "Tern Copper Corp. reports that its mill has run without a pause for a month."


def test_a_long_summary_is_shortened_between_words() -> None:
    release = parsed(
        "Tern Copper Mill Runs\n\nHalifax, May 6, 2014 - Tern Copper Corp. reports " + "good news " * 30 + "today."
    )

    assert release.summary_short is not None
    assert len(release.summary_short) <= 141
    assert release.summary_short.endswith(("good…", "news…"))


@pytest.mark.parametrize(
    ("source", "path", "date", "origin"),
    [
        (
            f"Date: May 5, 2014\n\nMill Runs\n\nHalifax, May 6, 2014 - {LEAD}",
            "2014-05-04.txt",
            "2014-05-06",
            "dateline",
        ),
        (f"Date: May 5, 2014\n\nMill Runs\n\n{LEAD}", "2014-05-04.txt", "2014-05-05", "label"),
        (f"Mill Runs\n\n{LEAD}", "may/2014-05-04-mill.txt", "2014-05-04", "file-name"),
        (f"Mill Runs\n\n{LEAD} It began on May 1, 2014.", "mill.txt", "2014-07-01", "mtime"),
    ],
)
def test_the_date_comes_from_the_surest_place(source: str, path: str, date: str, origin: str) -> None:
    release = parsed(source, path=path)

    assert (release.date, release.date_source) == (date, origin)


def test_the_files_own_time_counts_in_the_sites_zone() -> None:
    release = parsed(f"Mill Runs\n\n{LEAD}", time_zone="America/Vancouver")

    assert release.date == "2014-06-30"
    assert release.warnings[0].startswith("date: ")


def test_a_day_that_no_calendar_has_is_a_warning() -> None:
    release = parsed(f"Mill Runs\n\nHalifax, February 30, 2014 - {LEAD}")

    assert release.date_source == "mtime"
    assert any("February 30, 2014" in warning for warning in release.warnings)


@pytest.mark.parametrize("leaked", ["Tern &amp; Gull", "Tern &amp;amp; Gull", "Tern  &\nGull"])
def test_entities_that_an_export_left_in_a_headline_are_decoded(leaked: str) -> None:
    assert title(leaked) == "Tern & Gull"


@pytest.mark.parametrize(
    ("lead", "language"),
    [
        (LEAD, "en"),
        ("Tern Cuivre annonce que la mine est prête pour les travaux et que des équipes sont sur le site.", "fr"),
        ("Tern Kupfer meldet, dass die Mühle für den Betrieb bereit ist und mit voller Kraft läuft.", "de"),
    ],
)
def test_the_language_shows_in_small_words(lead: str, language: str) -> None:
    assert parsed(f"Tern\n\nHalifax, 6 mai 2014 – {lead}").language == language


def test_an_embargo_is_noted_as_written() -> None:
    release = parsed(f"EMBARGOED UNTIL 7 A.M., MAY 6\n\nMill Runs\n\nHalifax, May 6, 2014 - {LEAD}")

    assert release.embargo_text == "EMBARGOED UNTIL 7 A.M., MAY 6"


@pytest.mark.parametrize("mark", ["&#8238;", "&#x202E;", "&amp;#8238;", "&#8294;", "&#27;", "&#10;", "&rlm;"])
def test_no_entity_brings_back_a_mark_that_steers(mark: str) -> None:
    assert title(f"Tern {mark} Gull") == "Tern Gull"


def test_a_text_without_a_full_stop_does_not_become_its_own_summary() -> None:
    release = parsed(f"Tern Copper Mill Runs\n\nHalifax, May 6, 2014 - {LEAD.replace('.', '')} {'and on ' * 9_000}")

    assert release.summary is not None and len(release.summary) <= 2_000
    assert release.summary.endswith(" on…") or release.summary.endswith(" and…")
