"""Words that build a world: releases, readings, entries, letters, all of invented companies."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import Any

from feedd.model import (
    BlockKind,
    Cadence,
    Class,
    Classification,
    Dateline,
    Entry,
    Evidence,
    Issuer,
    Letter,
    Paragraph,
    Reading,
    Release,
    RunnerUp,
    Span,
    Subscription,
    Ticker,
    Zone,
)
from feedd.store import releases
from feedd.store.subscribers import Wish

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)

_SUBTOPICS = {
    Class.EARNINGS_NOTICE: "earnings.date-notice",
    Class.OPERATIONAL_UPDATE: "operations.production",
    Class.CORPORATE_MILESTONE: "corporate.award",
}


def a_text(
    title: str = "Harbour Copper Pours Its First Cathode", *, day: str = "March 2, 2026", body: str = ""
) -> bytes:
    """A whole news release as a file's bytes."""
    more = f"\n\n{body}" if body else ""
    return (
        f"News Release\n\n{title}\n\n"
        f"{day} - Harbour Copper Corp. (TSX:HBC) today reports that its plant on the coast is running and that the "
        f"team is content with the first weeks.{more}\n\n"
        "About Harbour Copper\n\nHarbour Copper Corp. owns a copper plant.\n\n"
        "Contact\n\nMaria Lund, President\nPhone: (604) 555-0123\nEmail: news@harbourcopper.example\n"
    ).encode()


def an_unclear_text(company: str = "Lakeside Copper", *, day: str = "March 2, 2026", more: str = "") -> bytes:
    """A news release whose words say nothing of any class."""
    return (
        f"{company} Lights Paper Lanterns on the Pier\n\n"
        f"Winnipeg, {day} - {company} Inc. (TSX: LKC) lit lanterns along the pier, and neighbours came with soup and "
        f"songs. The lanterns stay until spring.{more}\n\nAbout {company}\n\n{company} Inc. has a house there.\n"
    ).encode()


def a_release(title: str = "Harbour Copper Pours Its First Cathode", **changes: Any) -> Release:
    lead = f"March 2, 2026 - Harbour Copper Corp. reports: {title}."
    made = Release(
        format="text", language="en", doc_label="News Release", title=title, subtitle=None,
        dateline=Dateline(None, None, None, "March 2, 2026", " - "),
        date="2026-03-02", date_precision="day", date_source="dateline", embargo_text=None,
        issuer=Issuer("Harbour Copper Corp.", "Harbour Copper"),
        tickers=(Ticker("TSX", "Toronto Stock Exchange", "XTSE", "HBC", "TSX"),),
        summary=f"Harbour Copper Corp. reports: {title}.", summary_short=None,
        contacts=(), phones_e164=(), fax_e164=(),
        paragraphs=(
            Paragraph(Zone.HEADLINE, BlockKind.PARAGRAPH, title, (Span(0, len(title)),)),
            Paragraph(Zone.LEAD, BlockKind.PARAGRAPH, lead, (Span(len(title) + 2, len(title) + 2 + len(lead)),)),
        ),
        removed=(),
    )  # fmt: skip
    return replace(made, **changes)


def a_reading(
    title: str = "Harbour Copper Pours Its First Cathode",
    class_: Class = Class.OPERATIONAL_UPDATE,
    *,
    held: tuple[str, ...] = (),
    needs_review: bool = False,
    **changes: Any,
) -> Reading:
    release = a_release(title, **changes)
    word = title.split()[0]
    classification = Classification(
        class_=class_, subtopic=_SUBTOPICS[class_], secondary=(), confidence=0.93, score=4.2,
        runner_up=RunnerUp(Class.CORPORATE_MILESTONE, "corporate.award", 0.05),
        evidence=(Evidence(Zone.HEADLINE, word, 0, len(word), 2.0, "headline.first-word"),),
        not_issuer=(), rules_version="0" * 8,
    )  # fmt: skip
    return Reading(release, classification, needs_review, (), held, ())


def an_entry(title: str = "Harbour Copper Pours Its First Cathode", *, version: int = 1, **changes: Any) -> Entry:
    reading = a_reading(title, **changes)
    digest = hashlib.sha256(title.encode()).hexdigest()
    return Entry(
        id=digest[:10], guid=f"tag:news.example.com,2026-03-02:{digest[:32]}",
        path=f"releases/2026/03/{digest[:10]}/", version=version, published=NOON, updated=NOON,
        reading=reading, original=None,
    )  # fmt: skip


def a_stored_release(conn: Any, title: str = "Harbour Copper Pours Its First Cathode", **changes: Any) -> int:
    """A release in the store, public at noon unless `public_at` says otherwise (None: held). Gives its row's id."""
    from feedd.store import drops

    public_at = changes.pop("public_at", NOON)
    reading = a_reading(title, **changes)
    data = title.encode()
    sha256 = hashlib.sha256(data).hexdigest()
    drops.keep_original(conn, sha256, data)
    opening = releases.Times(public_at, public_at, public_at) if public_at else releases.Standing(reading.held)
    name = releases.Name(
        sha256[:10], f"tag:news.example.com,2026-03-02:{sha256[:32]}", f"releases/2026/03/{sha256[:10]}/", sha256[:10]
    )
    return releases.add(
        conn, reading, releases.Source(sha256, f"{sha256[:6]}.txt", NOON, NOON), name,
        issuer_key="harbour copper", content_key=sha256, opening=opening,
    )  # fmt: skip


def a_wish(address: str = "ana@example.com", *classes: Class, cadence: Cadence = Cadence.DAILY, **changes: Any) -> Wish:
    return replace(Wish(address, classes, cadence, "America/Toronto", dt.time(6, 30), "en"), **changes)


def a_subscription(address: str = "ana@example.com", **changes: Any) -> Subscription:
    made = Subscription(
        id=1, token_id="t0", address=address, classes=(), cadence=Cadence.DAILY, time_zone="America/Toronto",
        digest_hour=dt.time(6, 30), language="en", window_start=NOON - dt.timedelta(days=1),
    )  # fmt: skip
    return replace(made, **changes)


def a_letter(key: str = "alert:1", recipient: str = "ana@example.com") -> Letter:
    raw = f"From: feedd@example.com\r\nTo: {recipient}\r\nSubject: News\r\nMessage-ID: <{key}@x>\r\n\r\nHello.\r\n"
    return Letter(key, f"<{key}@x>", "feedd@example.com", recipient, "News", raw.encode())
