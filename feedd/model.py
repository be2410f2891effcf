"""The words of the house as frozen values. Nothing here reads a disk, a clock or a network.

A thing changes its type when more is known of it: bytes of a *drop* become a `Document` (text, no meaning), a
document becomes a `Release` (understood), release and `Classification` become a `Reading` (with reasons to doubt
or hold it), and what the store adds (lasting name, address, times) makes an `Entry`, the thing that feeds, pages
and letters show.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Zone(StrEnum):
    """A part of a document, by what it is for. Evidence is only taken from the zones where it belongs."""

    LABEL = "label"  # "News Release" and the like, above the headline
    HEADLINE = "headline"
    SUBHEAD = "subhead"  # decks and bullets between headline and dateline
    DATELINE = "dateline"
    LEAD = "lead"  # the paragraph that opens with the dateline
    BODY = "body"
    PROFILE = "profile"  # "About X"
    BACKGROUND = "background"  # further headed history after the profile
    CONTACT = "contact"
    LEGAL = "legal"  # forward-looking and other statements for lawyers
    FURNITURE = "furniture"  # letterhead, page numbers: cut out wherever it lands
    FOOTER = "footer"  # the wire's own closing lines


class Class(StrEnum):
    """What a release is: exactly one of three."""

    EARNINGS_NOTICE = "earnings_notice"
    OPERATIONAL_UPDATE = "operational_update"
    CORPORATE_MILESTONE = "corporate_milestone"


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"  # of a list
    TABLE = "table"  # one row a line, cells split by tabs
    LINE = "line"  # one line of a group that is not running text: an address, a dial-in row


# ── Document: what a reader took out of a drop ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document's text: characters ``[start, end)`` of `Document.text`, without blank edges.

    `group` counts the blocks of the source (blank-line separated paragraphs, lists, tables): lines and items of
    one source block share it. `level` is 1–6 for headings, else 0.
    """

    kind: BlockKind
    start: int
    end: int
    group: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Stated:
    """What a format says of its item beside the text, as far as it does: NITF, NewsML-G2, a mail, front matter.

    `status` is ``usable``, ``withheld`` or ``canceled`` (the IPTC's words). `date` and `embargo` are ISO, a day or a
    time; a time without offset is in the site's zone.
    """

    guid: str | None = None  # the sender's lasting name of the item
    version: str | None = None
    status: str | None = None
    date: str | None = None
    embargo: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document inside another one: a PDF that came with a mail. `name` is the sender's, not to be trusted."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """Text blocks and the few facts a reader took out of a drop; no meaning yet.

    `text` is the whole plain text, exactly what ``feedd explain --text`` prints: NFC is *not* applied, line ends are
    ``\\n``, control characters are gone. All spans of the house count characters of it.
    """

    format: str  # "text", "pdf": the ids of `feedd explain --json`
    text: str
    blocks: tuple[Block, ...]
    title: str | None = None  # where the format states one
    language: str | None = None  # BCP 47, where the format states one
    stated: Stated = Stated()
    attachments: tuple[Attachment, ...] = ()
    doubts: tuple[str, ...] = ()  # sentences: why a person must see it before anybody else does


# ── Release: understood ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``[start, end)`` of `Document.text`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, heading, list item, table or line with its zone.

    `text` is made of the document's `spans` in order, hard wraps and the joints between spans as one blank;
    several spans mean that furniture was cut out of its middle. In a table `text` keeps tabs and line ends.
    """

    zone: Zone
    kind: BlockKind
    text: str
    spans: tuple[Span, ...]
    group: int = 0  # lines and items of one source block share it
    level: int = 0  # 1–6 for headings


@dataclass(frozen=True, slots=True)
class Dateline:
    """As written: ``Vancouver, BC, May 6, 2014 (Wire) --`` gives city, region, date text, wire, separator."""

    city: str | None
    region: str | None
    wire: str | None
    date_text: str | None
    separator: str | None


@dataclass(frozen=True, slots=True)
class Ticker:
    """A symbol on an exchange. `mic` is the ISO 10383 code, None where the venue is unknown."""

    exchange_text: str  # as written: "NYSE-MKT"
    exchange: str  # its name: "NYSE American (then NYSE MKT / NYSE Amex)"
    mic: str | None
    symbol: str
    code: str = ""  # the venue's current short code for addresses and categories: "TSX"

    @property
    def label(self) -> str:
        """``TSX:AXR``, as people and category terms write it."""
        return f"{self.code or self.exchange_text}:{self.symbol}"


@dataclass(frozen=True, slots=True)
class HeadOffice:
    name: str | None = None
    street: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    phone: str | None = None  # E.164
    phone_text: str | None = None
    fax: str | None = None  # E.164
    fax_text: str | None = None


@dataclass(frozen=True, slots=True)
class Issuer:
    """The company that speaks."""

    legal_name: str
    short_name: str | None = None
    website: str | None = None  # absolute address
    email: str | None = None
    head_office: HeadOffice | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """People to ask, who share a phone or an address. Every field as far as the text states it."""

    names: tuple[str, ...]
    roles: tuple[str, ...] = ()  # beside `names`; "" where none is stated
    phone_text: str | None = None
    phone: str | None = None  # E.164
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named with a role, a quotation, or a contact line. `name` is the fullest form in the text."""

    name: str
    variants: tuple[str, ...]  # other forms in the text, in order of appearance
    role: str | None
    speaker: bool  # is quoted
    contact: bool  # is named as a contact


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody is quoted with: `fragments` without the outer quotation marks, in order.

    `speaker` is the person's fullest name, `speaker_text` the attribution as written, `verb` "said", "adding" …
    """

    speaker: str | None
    speaker_text: str | None
    role: str | None
    verb: str | None
    fragments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit as the text states it. `currency` is ISO 4217, None unless stated."""

    text: str
    what: str | None
    value: float | None
    unit: str | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class EffectiveDate:
    """A date from which something holds. `date` is an ISO day."""

    what: str | None
    text: str
    date: str
    year_inferred: bool


_NINE_MONTHS = re.compile(r"nine|neun|neuf|9\s?m|q1\s?[-–—]\s?q?3|\b(?:jan|ene).*\bsep", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class FiscalPeriod:
    """The period of the results reported or announced. `period_end` is an ISO day where stated."""

    text: str
    quarter: int | None
    half: int | None
    fiscal_year: int | None
    period_end: str | None

    @property
    def last_quarter(self) -> int:
        """The last quarter covered: of a year the fourth, of a half the second, of nine months the third."""
        if self.quarter or self.half:
            return self.quarter or 2 * (self.half or 0)
        return 3 if self.is_nine_months else 4

    @property
    def is_nine_months(self) -> bool:
        return bool(_NINE_MONTHS.search(self.text))


@dataclass(frozen=True, slots=True)
class DialIn:
    """One row of numbers. `phone` is E.164, None where it could not be read."""

    audience: str | None
    toll_free: bool | None
    text: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Replay:
    """How to hear a call afterwards. `until` is an ISO day."""

    until: str | None
    dial_in: tuple[DialIn, ...]
    conference_id: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """A dated thing a release announces. Keys, types and rules are those of `feedd explain --json`.

    With an exact time `start` (ISO with offset), `zone` (IANA) and `start_utc` are set and `date` is None; with a day
    only it is the other way round.
    """

    kind: str  # results-release, earnings-call, meeting, conference, other-call
    status: str  # confirmed, tentative, rescheduled, cancelled
    uid: str
    date: str | None = None
    session: str | None = None  # before-open, after-close
    start: str | None = None
    zone: str | None = None
    start_utc: str | None = None
    zone_text: str | None = None
    weekday_text: str | None = None
    weekday_ok: bool | None = None
    second_time_agrees: bool | None = None
    duration: str | None = None
    dial_in: tuple[DialIn, ...] = ()
    live_passcode: str | None = None
    webcast: str | None = None
    replay: Replay | None = None
    sequence: int = 0
    second_zone: str | None = None  # IANA, of a second hour in the text
    second_zone_text: str | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A section that is not part of the body. `kind` as in ``feedd explain --json``: ``issuer_profile`` …"""

    kind: str
    heading: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Release:
    """One news release, understood: headline, issuer, tickers, date, body. The centre of the house.

    `date` is an ISO date, or with `date_precision` ``minute`` an ISO time with offset. `paragraphs` are all of the
    document in reading order, each with its zone; the body is what `body` gives.
    """

    format: str
    language: str | None
    doc_label: str | None
    title: str
    subtitle: str | None
    dateline: Dateline | None
    date: str
    date_precision: str  # "day", "minute"
    date_source: str  # "dateline", "label", "file-name", "mtime"
    embargo_text: str | None  # the words that speak of an embargo, as written
    issuer: Issuer | None
    tickers: tuple[Ticker, ...]
    summary: str | None
    summary_short: str | None
    contacts: tuple[Contact, ...]
    phones_e164: tuple[str, ...]
    fax_e164: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    removed: tuple[Removed, ...]
    warnings: tuple[str, ...] = ()
    embargo_until: str | None = None  # ISO time with offset
    issuers: tuple[Issuer, ...] = ()  # all of a joint release; the first equals `issuer`
    people: tuple[Person, ...] = ()
    fiscal_period: FiscalPeriod | None = None
    events: tuple[Event, ...] = ()
    effective_dates: tuple[EffectiveDate, ...] = ()
    quotes: tuple[Quote, ...] = ()
    figures: tuple[Figure, ...] = ()
    contradictions: tuple[str, ...] = ()  # those of `warnings` that kept an event out: a person should look

    @property
    def day(self) -> dt.date:
        """The stated day."""
        return dt.date.fromisoformat(self.date[:10])

    @property
    def body(self) -> tuple[Paragraph, ...]:
        """Lead and body paragraphs: from the dateline to the first section that is not the news."""
        return tuple(p for p in self.paragraphs if p.zone in (Zone.LEAD, Zone.BODY))


# ── Classification: class, subtopic, and why ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that counted. `text` is ``Document.text[start:end]``; taking them out lowers the score."""

    zone: Zone
    text: str
    start: int
    end: int
    weight: float
    rule: str  # the cue's id in its data file


@dataclass(frozen=True, slots=True)
class RunnerUp:
    class_: Class
    subtopic: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person ruled about a release. `subtopic` None: the one of the class that fits best."""

    class_: Class
    subtopic: str | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """Class, primary subtopic, and the evidence, strongest first. `confidence` is 0–1, `score` the plain sum.

    Where a person `decided`, confidence is 1 and the evidence is what speaks for their class.
    """

    class_: Class
    subtopic: str  # "operations.cost-workforce"
    secondary: tuple[str, ...]
    confidence: float
    score: float
    runner_up: RunnerUp | None
    evidence: tuple[Evidence, ...]
    not_issuer: tuple[Evidence, ...]  # why it looks like a third party's text; empty when it does not
    rules_version: str  # short hash of the rule files that made it
    lesson: str = ""  # version of what decisions taught by then; "" is nothing
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """All that feedd understands of one drop: a function of bytes, rule files, path below the inbox and mtime.

    `held` are the sentences why nothing of it may be published before a person lets it out (an embargo word, a
    third party's text); `review_reasons` why a person should look, published or not.
    """

    release: Release
    classification: Classification
    needs_review: bool
    review_reasons: tuple[str, ...]
    held: tuple[str, ...]
    flags: tuple[str, ...]  # "correction", "embargoed", "not-issuer" …
    stated: Stated = Stated()  # what the format says of the item


# ── Entry: what feeds, pages and letters show ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes as dropped, as an output: `path` below ``out/``, length in bytes, media type."""

    path: str
    length: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A public release with what the store gave it: lasting name, address, times.

    `path` is the page's folder below ``out/`` (``releases/2014/05/slug/``). `published` and `updated` are UTC, whole
    seconds, by the rules of `DESIGN.md` (*Times*). `original` is None where originals of its format stay private;
    `corrected_at` is when the newest version came, None where it is the first.
    """

    id: str  # short id: first 10 of its hash
    guid: str  # tag: URI, stored at first sight
    path: str
    version: int
    published: dt.datetime
    updated: dt.datetime
    reading: Reading
    original: Original | None
    corrected_at: dt.datetime | None = None  # when a version after the first public one became true
    withdrawn_at: dt.datetime | None = None

    @property
    def release(self) -> Release:
        return self.reading.release

    @property
    def classification(self) -> Classification:
        return self.reading.classification


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction changed: the words before and after, and when it became true (UTC)."""

    at: dt.datetime
    before: Release
    after: Release


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same release in another language. `language` is BCP 47; `path` is its page's folder below ``out/``."""

    language: str
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Past:
    """What a page tells beside the newest words: corrections oldest first, why it was withdrawn, its translations.

    `notice` are the words of the text that withdrew it; `translation_of` is set on the page of a translation.
    """

    changes: tuple[Change, ...] = ()
    notice: Release | None = None
    alternates: tuple[Alternate, ...] = ()
    translation_of: Alternate | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """Who publishes, as configured (`site.*`). `base_url` has no slash at its end."""

    title: str
    base_url: str
    author_name: str
    author_email: str
    language: str
    time_zone: str  # IANA
    imprint: str

    def url(self, path: str) -> str:
        """The absolute address of a path below ``out/``."""
        return f"{self.base_url}/{path}"


@dataclass(frozen=True, slots=True)
class Labels:
    """What readers call classes and subtopics, and the IPTC media topics of a subtopic (eight digits each)."""

    classes: Mapping[Class, str]
    subtopics: Mapping[str, str]
    iptc: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Feed:
    """A named selection of releases: ``all``, or one class."""

    name: str  # file name without suffix: "all", "earnings_notice"
    title: str
    class_: Class | None = None  # None: all releases


# ── Letters ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Cadence(StrEnum):
    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"  # Mondays


@dataclass(frozen=True, slots=True)
class Subscription:
    """Subscriber × selection × cadence. `window_start` is where the next window begins, UTC."""

    id: int
    token_id: str  # what signed links carry: random, says nothing
    address: str
    classes: tuple[Class, ...]  # empty: all
    cadence: Cadence
    time_zone: str  # IANA, the subscriber's
    digest_hour: dt.time  # local
    language: str
    window_start: dt.datetime
    any_age: bool = False  # the sample subscription: `notify.digest_max_age` does not count


BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""Of time, for a window: only the sample subscription starts there."""


@dataclass(frozen=True, slots=True)
class Window:
    """The half-open span ``[start, end)`` of public time that a digest covers, UTC."""

    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A message made from templates, ready to be sent: the whole RFC 5322 bytes and the envelope."""

    key: str  # the delivery's unique key
    message_id: str
    sender: str  # envelope
    recipient: str  # envelope
    subject: str
    raw: bytes
