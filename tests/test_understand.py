"""Understanding a drop, and the three sample releases read exactly."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from feedd import packaged
from feedd.errors import ParseError, UnreadableDocument
from feedd.model import Class, Document, Reading
from feedd.understand import understand

MTIME = dt.datetime(2014, 7, 1, tzinfo=dt.UTC)
GOLDEN = sorted((Path(__file__).parent / "golden" / "seeds").glob("*.json"))
LEAD = "Halifax, May 6, 2014 - Tern Copper Corp. (TSX:TRN) has declared a quarterly dividend of two cents a share."
RELEASE = f"Tern Copper Declares Quarterly Dividend\n\n{LEAD}"


def read(source: str, **choices: Any) -> Reading:
    return understand(source.encode(), path="drop.txt", mtime=MTIME, **choices)[1]


# ── The samples ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(params=GOLDEN, ids=lambda path: path.stem[:3])
def sample(request: pytest.FixtureRequest) -> tuple[dict[str, Any], Document, Reading]:
    expected = json.loads(request.param.read_text("utf-8"))
    data = (packaged("seeds") / expected["file"]).read_bytes()
    return expected, *understand(data, path=expected["file"], mtime=MTIME)


def hashed(text: str) -> str:
    return hashlib.sha256(" ".join(unicodedata.normalize("NFC", text).split()).encode()).hexdigest()


def test_there_are_three_samples() -> None:
    assert len(GOLDEN) == 3


def test_a_samples_head_is_read_exactly(sample: tuple[dict[str, Any], Document, Reading]) -> None:
    expected, _, reading = sample

    for key in ("language", "doc_label", "title", "subtitle", "date", "date_precision", "date_source", "summary"):
        assert getattr(reading.release, key) == expected[key], key
    assert dataclasses.asdict(reading.release.dateline) == expected["dateline"]  # type: ignore[arg-type]


def test_a_samples_company_is_read_exactly(sample: tuple[dict[str, Any], Document, Reading]) -> None:
    expected, _, reading = sample
    issuer = reading.release.issuer

    assert issuer is not None and issuer.head_office is not None
    assert {key: getattr(issuer, key) for key in expected["issuer"]} == expected["issuer"]
    assert dataclasses.asdict(issuer.head_office) == expected["head_office"]
    assert [(t.exchange_text, t.exchange, t.mic, t.symbol) for t in reading.release.tickers] == [
        tuple(ticker.values()) for ticker in expected["tickers"]
    ]


def test_a_samples_contacts_are_read_exactly(sample: tuple[dict[str, Any], Document, Reading]) -> None:
    expected, _, reading = sample

    for contact, wanted in zip(reading.release.contacts, expected["contacts"], strict=True):
        assert list(contact.names) == wanted["names"]
        assert (contact.phone, contact.email) == (wanted.get("phone"), wanted.get("email"))
    assert list(reading.release.phones_e164) == expected["phones_e164"]
    assert list(reading.release.fax_e164) == expected["fax_e164"]


def test_a_samples_people_and_words_are_read_exactly(sample: tuple[dict[str, Any], Document, Reading]) -> None:
    expected, _, reading = sample
    release = reading.release

    def chosen(values: Any, wanted: list[dict[str, Any]]) -> Any:
        """The keys that are expected of each value, as JSON has them."""
        found = [dataclasses.asdict(value) for value in values]
        return json.loads(json.dumps([{k: row[k] for k in keys} for row, keys in zip(found, wanted, strict=True)]))

    for key in ("people", "quotes", "effective_dates"):
        assert chosen(getattr(release, key), expected[key]) == expected[key], key
    period = release.fiscal_period
    assert chosen([period] if period else [], [expected["fiscal_period"]] if period else []) == (
        [expected["fiscal_period"]] if expected["fiscal_period"] else []
    )
    assert [figure.text for figure in release.figures] == expected["figures"]


def test_a_samples_body_is_read_exactly(sample: tuple[dict[str, Any], Document, Reading]) -> None:
    expected, _, reading = sample

    assert [hashed(paragraph.text) for paragraph in reading.release.body] == expected["body_sha256"]


def test_a_samples_other_sections_are_set_aside(sample: tuple[dict[str, Any], Document, Reading]) -> None:
    expected, _, reading = sample
    found = {(section.kind, section.heading): hashed(section.text) for section in reading.release.removed}

    for wanted in expected["removed"]:
        if wanted["sha256"]:
            assert found[wanted["kind"], wanted["heading"]] == wanted["sha256"]


def test_a_samples_class_is_sure_and_its_words_are_shown(sample: tuple[dict[str, Any], Document, Reading]) -> None:
    expected, document, reading = sample
    found = reading.classification

    assert (found.class_, found.subtopic) == (expected["class"], expected["subtopic"])
    assert found.confidence >= expected["confidence_at_least"]
    assert (reading.needs_review, reading.held, reading.flags) == (False, (), ())
    for words in expected["evidence_expected"]:
        start = document.text.index(words["text"])
        end = start + len(words["text"])
        assert any(item.start < end and item.end > start for item in found.evidence), words


def test_what_must_not_count_does_not(sample: tuple[dict[str, Any], Document, Reading]) -> None:
    _, document, reading = sample
    about = document.text.index("About ")

    assert not any(item.start > about for item in reading.classification.evidence)
    assert not any("commercial production" in item.text for item in reading.classification.evidence)
    assert not any("flow through" in item.text for item in reading.classification.evidence)


# ── Doubts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_plain_release_is_neither_doubted_nor_held() -> None:
    reading = read(RELEASE)

    assert reading.classification.class_ is Class.CORPORATE_MILESTONE
    assert (reading.needs_review, reading.review_reasons, reading.held, reading.flags) == (False, (), (), ())


def test_below_the_given_confidence_a_person_should_look() -> None:
    reading = read(RELEASE, review_below=1.01)

    assert reading.needs_review
    assert reading.held == ()
    assert reading.review_reasons[0].startswith("The class is unsure: Corporate milestone has a chance of ")


def test_what_is_unsure_is_held_where_unsure_is_not_published() -> None:
    assert "needs review" in read(RELEASE, review_below=1.01, publish_unsure=False).held[0]


def test_what_is_sure_is_published_even_there() -> None:
    assert read(RELEASE, publish_unsure=False).held == ()


@pytest.mark.parametrize(
    "words",
    ["EMBARGOED UNTIL 7:00 A.M. IST", "Under embargo until May 6", "Not for release before dawn", "Hold for release"],
)
def test_an_embargo_that_cannot_be_read_holds_the_release(words: str) -> None:
    reading = read(f"{words}\n\n{RELEASE}")

    assert reading.flags == ("embargoed",)
    assert reading.needs_review
    assert words in reading.held[0]
    assert reading.release.title == "Tern Copper Declares Quarterly Dividend"


def test_an_embargo_that_can_be_read_needs_no_person() -> None:
    reading = read(f"EMBARGOED UNTIL 7:00 A.M.\n\n{RELEASE}")

    assert (reading.flags, reading.held, reading.needs_review) == (("embargoed",), (), False)
    assert reading.release.embargo_until is not None


def test_a_file_in_the_withdrawn_folder_asks_to_be_taken_back() -> None:
    _, reading = understand(RELEASE.encode(), path="withdrawn/a.txt", mtime=MTIME)

    assert reading.flags == ("withdrawn",)


def test_a_release_for_immediate_release_is_not_held() -> None:
    assert read(f"FOR IMMEDIATE RELEASE\n\n{RELEASE}").held == ()


def test_a_third_partys_text_is_held_and_reviewed() -> None:
    reading = read(f"{RELEASE}\n\nThis article was sponsored by Tern, and the author holds a position in shares of it.")

    assert reading.needs_review
    assert "third party" in reading.held[0]
    assert reading.flags == ("not-issuer",)


@pytest.mark.parametrize(
    ("title", "flag"),
    [
        ("CORRECTION: Tern Copper Declares Dividend", "correction"),
        ("Correcting and Replacing: Tern Copper Declares Dividend", "correction"),
        ("UPDATE: Tern Copper Declares Dividend", "update"),
        ("UPDATED -- Tern Copper Declares Dividend", "update"),
        ("Tern Copper Retracts Dividend Notice", "withdrawn"),
        ("Tern and Gull Jointly Announce Dividend", "joint"),
    ],
)
def test_the_headline_raises_flags(title: str, flag: str) -> None:
    assert read(f"{title}\n\n{LEAD}").flags == (flag,)


def test_a_business_update_is_no_updated_release() -> None:
    assert read(f"Tern Copper Provides Business Update\n\n{LEAD}").flags == ()


# ── Refusals ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_empty_drop_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="empty"):
        read("")


@pytest.mark.parametrize("source", [LEAD, "We are glad to report that the mill has been running for a month."])
def test_a_drop_without_headline_is_refused(source: str) -> None:
    with pytest.raises(ParseError, match="No headline was found"):
        read(source)


def test_the_format_does_not_change_the_reading() -> None:
    as_text = read(f"{RELEASE}\n\nAbout Tern\n\nTern mines copper.")
    as_markdown = read(f"# {RELEASE}\n\n## About Tern\n\nTern mines copper.")

    assert [p.text for p in as_text.release.body] == [p.text for p in as_markdown.release.body]
    assert as_text.classification.subtopic == as_markdown.classification.subtopic


def test_a_reading_is_a_function_of_what_is_given() -> None:
    assert read(RELEASE) == read(RELEASE)


# ── Events ──────────────────────────────────────────────────────────────────────────────────────────────────────

CALL = (
    "Tern Copper to Report Second Quarter 2014 Results on August 7\n\nHalifax, NS, July 21, 2014 (CNW) - Tern Copper "
    "Corp. (TSX:TRN) will report its second quarter 2014 results before markets open on {weekday}, August 7, 2014, "
    "followed by a conference call at 11:00 a.m. ET (8:00 a.m. PT)."
)


def test_a_notice_is_told_in_one_line() -> None:
    release = read(CALL.format(weekday="Thursday")).release

    assert release.summary_short == (
        "Q2 2014 results Thu 7 Aug 2014 before market open; call Thu 7 Aug 2014 11:00 ET / 08:00 PT."
    )


def test_events_are_named_after_their_company() -> None:
    first, other = (read(CALL.format(weekday="Thursday").replace("Tern", name)).release for name in ("Tern", "Gull"))

    assert [event.uid.rpartition("-")[0] for event in first.events] == [
        "results-release-2014-q2",
        "earnings-call-2014-q2",
    ]
    assert not {event.uid for event in first.events} & {event.uid for event in other.events}


def test_a_weekday_that_contradicts_its_day_asks_for_a_person() -> None:
    reading = read(CALL.format(weekday="Monday"))

    assert reading.release.events == ()
    assert reading.needs_review
    assert any("“Monday” and 07 August 2014 are not one day" in reason for reason in reading.review_reasons)
