"""A small newsroom for the tests of feeds and pages: its site, labels and feeds, and entries of all shapes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from factories import NOON, a_release, an_entry
from feedd.model import (
    Alternate,
    BlockKind,
    Change,
    Class,
    Contact,
    Entry,
    Evidence,
    Feed,
    HeadOffice,
    Issuer,
    Labels,
    Original,
    Paragraph,
    Past,
    Release,
    Removed,
    Site,
    Span,
    Ticker,
    Zone,
)

BORN = NOON - dt.timedelta(days=400)

SITE = Site(
    title="Harbour News",
    base_url="https://news.example.com",
    author_name="The Harbour Desk",
    author_email="desk@example.com",
    language="en",
    time_zone="America/Toronto",
    imprint="Harbour News, 1 Pier Street, Halifax",
)

LABELS = Labels(
    classes={
        Class.EARNINGS_NOTICE: "Earnings notice",
        Class.OPERATIONAL_UPDATE: "Operational update",
        Class.CORPORATE_MILESTONE: "Corporate milestone",
    },
    subtopics={
        "earnings.date-notice": "Results date",
        "operations.production": "Production",
        "operations.guidance": "Operating outlook",
        "corporate.award": "Awards",
    },
    iptc={"operations.production": ("20000360", "20000316")},
)

ALL = Feed("all", "Harbour News")
FEEDS = (ALL, *(Feed(c.value, f"Harbour News: {label}", c) for c, label in LABELS.classes.items()))


def changed(entry: Entry, **changes: Any) -> Entry:
    """*entry* with another title, body, language … of its release."""
    reading = entry.reading
    return replace(entry, reading=replace(reading, release=replace(reading.release, **changes)))


def filed(entry: Entry, **changes: Any) -> Entry:
    """*entry* with another class, subtopic, evidence … of its classification."""
    reading = entry.reading
    return replace(entry, reading=replace(reading, classification=replace(reading.classification, **changes)))


def corrected(entry: Entry, at: dt.datetime = NOON) -> Entry:
    return replace(entry, version=2, corrected_at=at, updated=at)


def withdrawn(entry: Entry, at: dt.datetime = NOON) -> Entry:
    return replace(entry, withdrawn_at=at, updated=at)


def a_change(before: Release, at: dt.datetime = NOON, **changes: Any) -> Change:
    """A correction that gave *before* another title, body, date …"""
    return Change(at, before, replace(before, **changes))


def a_past(entry: Entry) -> Past:
    """The entry was corrected twice, and is told in French too."""
    title, body = entry.release.title, entry.release.paragraphs
    first = a_change(replace(entry.release, title=f"{title} of the Year", paragraphs=body[:-1]), title=title)
    body = tuple(replace(p, text=p.text.replace("1,204", "1,240")) for p in body)
    second = Change(NOON + dt.timedelta(hours=2), replace(entry.release, paragraphs=body), entry.release)
    french = Alternate("fr", "releases/2026/03/coule/", "Little Esk Tin coule 1 204 tonnes")
    return Past((first, second), alternates=(french,))


def a_notice() -> Release:
    """The text that takes a release back."""
    body = "Halifax, May 7, 2026 - Little Esk Tin Corp. withdraws its news release. The figures had not been audited."
    return a_release("Little Esk Tin Withdraws News Release", paragraphs=a_body((BlockKind.PARAGRAPH, body)))


def with_original(entry: Entry) -> Entry:
    return replace(entry, original=Original(f"{entry.path}original.txt", 8155, "text/plain"))


def a_body(*parts: tuple[BlockKind, str] | tuple[BlockKind, str, int], zone: Zone = Zone.BODY) -> tuple[Paragraph, ...]:
    """Paragraphs of these kinds and texts, and a level for headings; equal neighbours share a group."""
    made: list[Paragraph] = []
    for kind, text, *level in parts:
        same = bool(made) and made[-1].kind is kind
        group = made[-1].group + (not same) if made else 0
        made.append(Paragraph(zone, kind, text, (), group, level[0] if level else 0))
    return tuple(made)


def text_of(*parts: Any) -> Release:
    """A release whose body is these blocks."""
    return replace(an_entry().release, paragraphs=a_body(*parts))


def a_rich_entry() -> Entry:
    """An entry with everything a page can show: stated minute, deck, lists, table, contacts, correction, doubt."""
    title = "Little Esk Tin Pours 1,204 Tonnes in First Quarter"
    lead = "Halifax, May 6, 2026 - Little Esk Tin Corp. reports tin output of 1,204 t. More at www.esk.example.com."
    start = len(title) + 2
    entry = with_original(an_entry(title, needs_review=True))
    entry = changed(
        corrected(entry),
        date="2026-05-06T06:30:00-04:00",
        date_precision="minute",
        summary="Little Esk Tin Corp. reports tin output of 1,204 t.",
        subtitle="Mill availability was the best since the Harrow shaft was reopened",
        issuer=Issuer(
            "Little Esk Tin Corp.",
            "Little Esk",
            "http://www.esk.example.com",
            "ir@esk.example.com",
            HeadOffice(street="1 Pier Street", city="Halifax", region="NS", postal_code="B3J 1A1", country="Canada"),
        ),
        tickers=(
            Ticker("TSX", "Toronto Stock Exchange", "XTSE", "LET", "TSX"),
            Ticker("NYSE-MKT", "NYSE American (then NYSE MKT)", "XASE", "LETX", "AMEX"),
        ),
        contacts=(
            Contact(("Ida Blum", "Jon Rao"), ("President", ""), "(902) 555-0100", "+19025550100"),
            Contact((), (), None, None, "ir@esk.example.com"),
        ),
        removed=(
            Removed("doc_label", None, "News Release"),
            Removed("issuer_profile", "About Little Esk", "Little Esk digs tin.\n\nIt has dug since 1902."),
            Removed("forward_looking", None, "Some statements look forward."),
        ),
        paragraphs=(
            Paragraph(Zone.HEADLINE, BlockKind.PARAGRAPH, title, (Span(0, len(title)),)),
            Paragraph(Zone.LEAD, BlockKind.PARAGRAPH, lead, (Span(start, start + len(lead)),), 1),
            Paragraph(Zone.BODY, BlockKind.HEADING, "Output by mine", (), 2, 3),
            Paragraph(Zone.BODY, BlockKind.TABLE, _TABLE, (), 3),
            Paragraph(Zone.BODY, BlockKind.HEADING, "Outlook", (), 4, 2),
            Paragraph(Zone.BODY, BlockKind.ITEM, "Second quarter: more of the same", (), 5),
            Paragraph(Zone.BODY, BlockKind.ITEM, "Webcast: https://esk.example.com/" + "long-" * 30, (), 5),
        ),
    )
    words = ("Pours 1,204 Tonnes", 0, Zone.HEADLINE, 3.0), ("tin output", start, Zone.LEAD, 1.5)
    return filed(
        entry,
        evidence=tuple(_evidence(title + "\n\n" + lead, *word) for word in words),
        secondary=("operations.guidance",),
    )


_TABLE = "\n".join(
    [
        "Mine\tOre milled (t)\tHead grade (%)\tRecovery (%)\tTin produced (t)\tCash cost (US$/t)",
        "Harrow\t148,200\t0.71\t74.2\t781\t11,420",
        "Little Esk\t61,900\t0.98\t69.7\t423\t12,905",
    ]
)


def _evidence(text: str, words: str, after: int, zone: Zone, weight: float) -> Evidence:
    start = text.index(words, after)
    return Evidence(zone, words, start, start + len(words), weight, f"{zone}.{weight}")
