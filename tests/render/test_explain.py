"""The contract of ``feedd explain --json``."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import pytest

from feedd.classify.labels import codes
from feedd.errors import UnreadableDocument
from feedd.render.explain import as_contract, as_refusal
from feedd.understand import understand

KEYS = """
    file sha256 format language doc_label title subtitle dateline date date_precision date_source embargo_until issuer
    issuers tickers class subtopic secondary confidence runner_up needs_review review_reasons flags warnings evidence
    codes summary summary_short people contacts phones_e164 fax_e164 fiscal_period events effective_dates quotes figures
    body_paragraphs score removed_sections
""".split()
SOURCE = (
    b"News Release\n\nTern Copper Declares Quarterly Dividend\n\nHalifax, NS, May 6, 2014 (CNW) - Tern Copper Corp. "
    b"(TSX:TRN) has declared a dividend of two cents. It ran.\n\nContact\n\nAnn Ray, President\nPhone: 902 555 0100"
)
BARE = b"Tern Speaks\n\nTern has some words for its owners, which they will find on the site in a week or two."


def explained(data: bytes = SOURCE) -> dict[str, Any]:
    document, reading = understand(data, path="drop.txt", mtime=dt.datetime(2014, 7, 1, tzinfo=dt.UTC))
    sha256 = hashlib.sha256(data).hexdigest()
    return as_contract("in/drop.txt", sha256, document, reading, codes=codes(reading.classification.subtopic))


@pytest.mark.parametrize("data", [SOURCE, BARE])
def test_all_keys_are_there_in_their_order(data: bytes) -> None:
    assert list(explained(data)) == KEYS


@pytest.mark.parametrize("data", [SOURCE, BARE])
def test_the_object_is_json_as_it_stands(data: bytes) -> None:
    assert json.loads(json.dumps(explained(data))) == explained(data)


def test_fields_have_the_shapes_of_the_contract() -> None:
    found = explained()

    assert found["file"] == "in/drop.txt"
    assert found["dateline"] == {
        "city": "Halifax",
        "region": "NS",
        "wire": "CNW",
        "date_text": "May 6, 2014",
        "separator": " - ",
    }
    assert found["tickers"] == [
        {"exchange_text": "TSX", "exchange": "Toronto Stock Exchange", "mic": "XTSE", "symbol": "TRN"}
    ]
    assert found["contacts"] == [
        {"names": ["Ann Ray"], "phone_text": "902 555 0100", "phone": "+19025550100", "email": None}
    ]
    assert found["body_paragraphs"] == [
        "Halifax, NS, May 6, 2014 (CNW) - Tern Copper Corp. (TSX:TRN) has declared a dividend of two cents. It ran."
    ]


def test_the_first_issuer_is_the_issuer() -> None:
    found = explained()

    assert found["issuers"] == [found["issuer"]]
    assert list(found["issuer"]) == ["legal_name", "short_name", "website", "email", "head_office"]


def test_absent_facts_are_null_or_empty() -> None:
    found = explained(BARE)

    assert [found[key] for key in ("doc_label", "subtitle", "dateline", "embargo_until", "runner_up")] == [None] * 5
    assert [found[key] for key in ("tickers", "contacts", "flags", "removed_sections")] == [[]] * 4


def test_evidence_points_into_the_readers_text() -> None:
    found = explained()

    assert [list(item) for item in found["evidence"]] == [["zone", "text", "start", "end", "weight", "rule"]] * len(
        found["evidence"]
    )
    assert all(SOURCE.decode()[item["start"] : item["end"]] == item["text"] for item in found["evidence"])
    assert sorted(-item["weight"] for item in found["evidence"]) == [-item["weight"] for item in found["evidence"]]


def test_codes_are_the_subtopics_row() -> None:
    assert explained()["codes"]["iptc_mediatopic"] == ["20000177", "20000175"]


def test_removed_sections_say_what_they_were() -> None:
    assert [(section["kind"], section["heading"]) for section in explained()["removed_sections"]] == [
        ("doc_label", None),
        ("contact", "Contact"),
    ]


def test_a_refusal_has_four_keys() -> None:
    error = UnreadableDocument("empty", "The file is empty.", "Drop it again.")

    assert as_refusal("in/a.txt", "00", error) == {
        "file": "in/a.txt",
        "sha256": "00",
        "error": "empty",
        "reason": "The file is empty.",
    }


NOTICE = (
    b"Tern Copper to Hold Second Quarter 2014 Call\n\nHalifax, NS, July 21, 2014 (CNW) - Tern Copper Corp. (TSX:TRN) "
    b"will hold a conference call on its second quarter 2014 results on Friday, August 8, 2014 at 11:00 a.m. ET.\n\n"
    b"Dial toll free: 1-877-555-0131"
)


def test_an_event_has_all_its_keys() -> None:
    (event,) = explained(NOTICE)["events"]

    assert list(event)[:9] == "kind status uid date session start zone start_utc zone_text".split()
    assert {"weekday_text", "weekday_ok", "second_time_agrees", "duration", "webcast", "replay"} <= set(event)
    assert (event["kind"], event["start_utc"], event["sequence"]) == ("earnings-call", "2014-08-08T15:00:00Z", 0)
    assert event["dial_in"] == [
        {"audience": None, "toll_free": True, "text": "1-877-555-0131", "phone": "+18775550131"}
    ]
