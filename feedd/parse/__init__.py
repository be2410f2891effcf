"""Parsing: a document becomes a release, field by field, each field only from the zones where it belongs.

document ─► zones ─► headline, dateline ─► date ─► tickers, issuer ─► summary ─► contacts ─► release
"""

from __future__ import annotations

import datetime as dt
import html
import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePath
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feedd.model import Document, Issuer, Paragraph, Release, Zone
from feedd.parse import contacts, dateline, embargo, headline, issuer, sentences, tickers, zones

LONGEST_SUMMARY = 2_000
"""Characters. It stands in feeds, lists and letters; a text without a full stop must not fill them."""

LONGEST_SHORT_SUMMARY = 140
"""Characters of the line that alerts and lists show."""


_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class _Dated(NamedTuple):
    day: dt.date
    source: str


def parse(document: Document, *, path: str, mtime: dt.datetime, time_zone: str) -> Release:
    """The release in *document*, whose drop lay at *path* with *mtime* (aware); `time_zone` is the site's.

    Raises `ParseError` with code ``no-headline``.
    """
    division = zones.divide(document)
    paragraphs = division.paragraphs
    opening = _opening(paragraphs)
    news = _news(paragraphs, opening)
    found = issuer.find(paragraphs, news)
    region = _region(found)
    asked = contacts.find(paragraphs, region)
    dated = _date(paragraphs, opening, path, mtime, time_zone)
    summary = _summary(news)
    return Release(
        format=document.format,
        language=document.language or language(paragraphs),
        doc_label=_joined(paragraphs, Zone.LABEL, limit=1),
        title=title(_joined(paragraphs, Zone.HEADLINE) or ""),
        subtitle=_joined(paragraphs, Zone.SUBHEAD, separator="\n"),
        dateline=opening.dateline if opening else None,
        date=dated.day.isoformat(),
        date_precision="day",
        date_source=dated.source,
        embargo_text=embargo.find(paragraphs),
        issuer=found,
        tickers=tickers.find(paragraphs),
        summary=summary,
        summary_short=_shortened(summary, LONGEST_SHORT_SUMMARY),
        contacts=asked,
        phones_e164=contacts.phones(asked),
        fax_e164=contacts.faxes(paragraphs, region),
        paragraphs=paragraphs,
        removed=division.removed,
        warnings=tuple(_warnings(dated, opening, paragraphs)),
    )


def title(text: str) -> str:
    """*text* as a headline: entities that an export left behind decoded (twice at most), NFC, one line.

    No entity brings back what the reader took out, such as a mark that turns the reading direction.
    """
    decoded = _TURNING.sub("", html.unescape(html.unescape(text)))
    return unicodedata.normalize("NFC", " ".join(decoded.split()))


# ── Date ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _opening(paragraphs: Iterable[Paragraph]) -> dateline.Opening | None:
    for paragraph in paragraphs:
        if paragraph.zone in (Zone.DATELINE, Zone.LEAD):
            found = dateline.find(paragraph.text)
            if found:
                return found
    return None


def _date(
    paragraphs: Iterable[Paragraph],
    opening: dateline.Opening | None,
    path: str,
    mtime: dt.datetime,
    time_zone: str,
) -> _Dated:
    """Dateline before labelled date before file name before mtime; never a date from the body."""
    labels = (p.text for p in paragraphs if p.zone is Zone.LABEL and headline.is_date_line(p.text))
    rows = (
        (opening.day if opening else None, "dateline"),
        (next((day for day in map(dateline.find_date, labels) if day), None), "label"),
        (dateline.file_name_date(PurePath(path).name), "file-name"),
    )
    found = next(((day, source) for day, source in rows if day), None)
    return _Dated(*found) if found else _Dated(mtime.astimezone(ZoneInfo(time_zone)).date(), "mtime")


def _warnings(dated: _Dated, opening: dateline.Opening | None, paragraphs: Iterable[Paragraph]) -> Iterable[str]:
    if dated.source == "mtime":
        yield "date: the text states none; the file's own time was taken."
    if opening and opening.dateline.date_text and opening.day is None:
        yield f"date: the dateline says {opening.dateline.date_text!r}, a day that no calendar has."
    if not any(paragraph.zone is Zone.LEAD for paragraph in paragraphs):
        yield "body: no paragraph of running text was found."


# ── Words ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _news(paragraphs: Iterable[Paragraph], opening: dateline.Opening | None) -> str:
    """The lead behind its dateline."""
    lead = next((p.text for p in paragraphs if p.zone is Zone.LEAD), "")
    own = dateline.find(lead) if opening else None
    return lead[own.end :] if own else lead


def _summary(news: str) -> str | None:
    return _shortened(sentences.first_sentence(tickers.without(news)) or None, LONGEST_SUMMARY)


def _shortened(summary: str | None, length: int) -> str | None:
    if summary is None or len(summary) <= length:
        return summary
    return summary[:length].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def _joined(
    paragraphs: Iterable[Paragraph], zone: Zone, *, separator: str = " ", limit: int | None = None
) -> str | None:
    texts = [p.text for p in paragraphs if p.zone is zone]
    return separator.join(texts[:limit]) or None


def _region(found: Issuer | None) -> str:
    office = found.head_office if found else None
    return contacts.region(office.country, office.postal_code) if office else "US"


_FUNCTION_WORDS = {
    "en": frozenset("the and of to in for that with its has will".split()),
    "fr": frozenset("le la les des et une est dans pour que sur du".split()),
    "de": frozenset("der die das und den mit von für ist eine wird".split()),
    "es": frozenset("el los las una que del por con para su".split()),
}


def language(paragraphs: Iterable[Paragraph]) -> str | None:
    """The language of the body by its small words; None when there are too few of them."""
    words = (
        " ".join(p.text for p in paragraphs if p.zone in (Zone.LEAD, Zone.BODY, Zone.HEADLINE)).lower().split()[:600]
    )
    counts = {code: sum(map(known.__contains__, words)) for code, known in _FUNCTION_WORDS.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= 2 else None


__all__ = ["language", "parse", "title"]
