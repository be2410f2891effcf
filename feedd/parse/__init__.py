"""Parsing: a document becomes a release, field by field, each field only from the zones where it belongs.

document ─► zones ─► headline, dateline ─► date ─► issuers ─► tickers, contacts ─► quotes ─► people
                                                └─► summary, period, figures, effective dates, events ─► release
"""

from __future__ import annotations

import datetime as dt
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from pathlib import PurePath
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feedd.model import Document, Issuer, Paragraph, Release, Stated, Zone
from feedd.parse import (
    contacts,
    dateline,
    effective,
    embargo,
    events,
    figures,
    headline,
    issuer,
    people,
    period,
    quotes,
    sentences,
    tickers,
    zones,
)
from feedd.parse.tickers import Venues
from feedd.parse.zones import headed

LONGEST_SUMMARY = 2_000
"""Characters. It stands in feeds, lists and letters; a text without a full stop must not fill them."""

LONGEST_SHORT_SUMMARY = 140
"""Characters of the line that alerts and lists show."""


_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class _Dated(NamedTuple):
    day: dt.date
    source: str

    @property
    def on_paper(self) -> dt.date | None:
        """The day if the paper itself states it."""
        return self.day if self.source in ("dateline", "label") else None


def parse(
    document: Document, *, path: str, mtime: dt.datetime, time_zone: str, venues: Venues | None = None
) -> Release:
    """The release in *document*, whose drop lay at *path* with *mtime* (aware); `time_zone` is the site's.

    `venues` are those of the package unless others are given.

    Raises `ParseError` with code ``no-headline``.
    """
    division = zones.divide(document)
    paragraphs = division.paragraphs
    opening = _opening(paragraphs)
    news = _news(paragraphs, opening)
    issuers = issuer.find(paragraphs, _introduced(paragraphs, news), venues)
    found = issuers[0] if issuers else None
    region = _region(found)
    asked = contacts.find(paragraphs, region, found.legal_name if found else "")
    dated = _date(paragraphs, opening, document.stated, path, mtime, time_zone)
    embargoed = embargo.of(paragraphs, document.stated, path, day=dated.on_paper, zone=time_zone)
    summary = _summary(news, venues)
    company = found.legal_name if found else ""
    said = quotes.find(paragraphs, company)
    persons = people.find(paragraphs, asked, said, company)
    fiscal = period.find(paragraphs, news, dated.day)
    announced = events.find(
        paragraphs,
        released=None if dated.source == "mtime" else dated.day,
        place=opening.dateline if opening else None,
        issuer=found,
        period=fiscal,
        region=region,
    )
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
        embargo_text=embargoed.text if embargoed else None,
        embargo_until=embargoed.until.isoformat() if embargoed and embargoed.until else None,
        issuer=found,
        issuers=issuers,
        tickers=tickers.find(paragraphs, [one.legal_name for one in issuers], venues),
        summary=summary,
        summary_short=_shortened(summary, LONGEST_SHORT_SUMMARY),
        contacts=asked,
        phones_e164=contacts.phones(asked),
        fax_e164=contacts.faxes(paragraphs, region),
        paragraphs=paragraphs,
        removed=division.removed,
        warnings=(*_warnings(dated, opening, paragraphs), *announced.warnings),
        people=persons,
        quotes=people.attributed(said, persons),
        figures=figures.find(paragraphs),
        effective_dates=effective.find(paragraphs, dated.day),
        fiscal_period=fiscal,
        events=announced.events,
        contradictions=announced.contradictions,
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
    stated: Stated,
    path: str,
    mtime: dt.datetime,
    time_zone: str,
) -> _Dated:
    """Dateline before labelled date (also one that the format states) before file name before mtime.

    Never a date from the body.
    """
    labels = (p.text for p in paragraphs if p.zone is Zone.LABEL and headline.is_date_line(p.text))
    rows = (
        (opening.day if opening else None, "dateline"),
        (next((day for day in map(dateline.find_date, labels) if day), None), "label"),
        (dt.date.fromisoformat(stated.date[:10]) if stated.date else None, "label"),
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


def _introduced(paragraphs: Iterable[Paragraph], news: str) -> str:
    """*news* behind what the line of the dateline says of the company, where that line stands alone."""
    lines = (p.text for p in paragraphs if p.zone is Zone.DATELINE)
    openings = ((line, dateline.find(line)) for line in lines)
    rest = next((line[found.end :].strip() for line, found in openings if found), "")
    return f"{rest} {news}" if rest else news


def _summary(news: str, venues: Venues | None) -> str | None:
    return _shortened(sentences.first_sentence(tickers.without(news, venues)) or None, LONGEST_SUMMARY)


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
    "en": "the and of to in for that with its has will is are by from this was at be",
    "fr": "le la les des et une est dans pour que sur du au aux par qui ses sont avec l'exercice",
    "de": "der die das und den mit von für ist eine wird im dem auf sich des nicht ein zum zur",
    "es": "el los las una que del por con para su al y como más sus fue",
    "it": "il di che della per è un una nel con gli dei del alla sono",
    "pt": "o os que do da em uma para com não dos das ao pela são",
    "nl": "het een van en voor met zijn wordt op te dat bij aan heeft naar",
    "sv": "och att som av för på är med till en ett har inte den från",
    "da": "og at som af for på er med til en et har ikke den fra",
    "no": "og å som av for på er med til en et har ikke den fra",
    "fi": "ja on että se ovat oli yhtiön mukaan sekä vuoden joka kuin",
}
_LANGUAGES_OF: dict[str, tuple[str, ...]] = {}
for _code, _words in _FUNCTION_WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF[_word] = (*_LANGUAGES_OF.get(_word, ()), _code)

_ENOUGH_WORDS = 400
"""Words of the body that are asked for their language."""


def language(paragraphs: Iterable[Paragraph]) -> str | None:
    """The language of the body by its small words; None when there are too few of them."""
    words: list[str] = []
    for paragraph in paragraphs:
        if paragraph.zone in (Zone.LEAD, Zone.BODY, Zone.HEADLINE) and len(words) < _ENOUGH_WORDS:
            words += paragraph.text.lower().split()
    known = filter(None, map(_LANGUAGES_OF.get, words[:_ENOUGH_WORDS]))
    best = Counter(chain.from_iterable(known)).most_common(1)
    return best[0][0] if best and best[0][1] >= 2 else None


__all__ = ["headed", "language", "parse", "title"]
