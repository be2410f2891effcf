"""The contract of ``feedd explain --json``: a reading as plain values, every key always there, in a fixed order.

Other programs read exactly this: names and types do not change, new keys come at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from feedd.errors import DropError
from feedd.model import Classification, Document, Evidence, Issuer, Reading, Release, Ticker


def as_contract(
    file: str,
    data_sha256: str,
    document: Document,
    reading: Reading,
    *,
    codes: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """The object for one understood file.

    `data_sha256` is the hex hash of the file's bytes, `codes` the taxonomy's row of the reading's subtopic.
    """
    release, classification = reading.release, reading.classification
    return {
        "file": file,
        "sha256": data_sha256,
        "format": document.format,
        **_head(release),
        **_class(classification),
        "needs_review": reading.needs_review,
        "review_reasons": list(reading.review_reasons),
        "flags": list(reading.flags),
        "warnings": list(release.warnings),
        "evidence": [_evidence(item) for item in classification.evidence],
        "codes": {key: list(values) for key, values in codes.items()},
        **_content(release),
        "score": classification.score,
        "removed_sections": [asdict(section) for section in release.removed],
    }


def as_refusal(file: str, sha256: str, error: DropError) -> dict[str, str]:
    """The object for one file that was refused."""
    return {"file": file, "sha256": sha256, "error": error.code, "reason": error.reason}


def _head(release: Release) -> dict[str, Any]:
    issuer = _issuer(release.issuer) if release.issuer else None
    return {
        "language": release.language,
        "doc_label": release.doc_label,
        "title": release.title,
        "subtitle": release.subtitle,
        "dateline": asdict(release.dateline) if release.dateline else None,
        "date": release.date,
        "date_precision": release.date_precision,
        "date_source": release.date_source,
        "embargo_until": release.embargo_until,
        "issuer": issuer,
        "issuers": [_issuer(one) for one in release.issuers],
        "tickers": [_ticker(ticker) for ticker in release.tickers],
    }


def _class(classification: Classification) -> dict[str, Any]:
    second = classification.runner_up
    return {
        "class": classification.class_.value,
        "subtopic": classification.subtopic,
        "secondary": list(classification.secondary),
        "confidence": classification.confidence,
        "runner_up": second
        and {"class": second.class_.value, "subtopic": second.subtopic, "confidence": second.confidence},
    }


def _content(release: Release) -> dict[str, Any]:
    return {
        "summary": release.summary,
        "summary_short": release.summary_short,
        "people": [_as_lists(asdict(person)) for person in release.people],
        "contacts": [
            {
                "names": list(contact.names),
                "phone_text": contact.phone_text,
                "phone": contact.phone,
                "email": contact.email,
            }
            for contact in release.contacts
        ],
        "phones_e164": list(release.phones_e164),
        "fax_e164": list(release.fax_e164),
        "fiscal_period": asdict(release.fiscal_period) if release.fiscal_period else None,
        "events": [_as_lists(asdict(event)) for event in release.events],
        "effective_dates": [asdict(date) for date in release.effective_dates],
        "quotes": [_as_lists(asdict(quote)) for quote in release.quotes],
        "figures": [asdict(figure) for figure in release.figures],
        "body_paragraphs": [paragraph.text for paragraph in release.body],
    }


def _as_lists(value: Any) -> Any:
    """*value* with lists for tuples all the way down, as JSON has them."""
    if isinstance(value, dict):
        return {key: _as_lists(item) for key, item in value.items()}
    return [_as_lists(item) for item in value] if isinstance(value, list | tuple) else value


def _issuer(issuer: Issuer) -> dict[str, Any]:
    return {
        "legal_name": issuer.legal_name,
        "short_name": issuer.short_name,
        "website": issuer.website,
        "email": issuer.email,
        "head_office": asdict(issuer.head_office) if issuer.head_office else None,
    }


def _ticker(ticker: Ticker) -> dict[str, str | None]:
    return {
        "exchange_text": ticker.exchange_text,
        "exchange": ticker.exchange,
        "mic": ticker.mic,
        "symbol": ticker.symbol,
    }


def _evidence(item: Evidence) -> dict[str, Any]:
    return {
        "zone": item.zone.value,
        "text": item.text,
        "start": item.start,
        "end": item.end,
        "weight": round(item.weight, 4),
        "rule": item.rule,
    }
