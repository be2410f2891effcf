"""Letters: an alert about one release, a digest of a window, the rest of a busy hour.

What a letter says is decided here; how it looks stands in ``templates/letters/``, once as HTML and once as text
that is set in 72 columns; how its bytes are written, in `feedd.render.message`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from css_inline import CSSInliner

from feedd.errors import ConfigError, RenderError
from feedd.model import BEGINNING, Cadence, Change, Class, Entry, Labels, Letter, Site, Subscription, Window
from feedd.render.content import one_line
from feedd.render.difference import in_brief
from feedd.render.message import mailbox, message, message_id, wire_domain
from feedd.render.templates import clock, day, environment, render, weekday

MAX_HTML = 100_000  # bytes; Gmail cuts at 102 kB, and the way to unsubscribe with it
COLUMNS = 72  # of the text part

# Characters that one field may take: no release, however odd, makes a letter that no server takes.
_MAX_SUBJECT = 200
_MAX_HEADLINE = 300
_MAX_COMPANY = 160
_MAX_GIST = 400

_MARKS: Mapping[Class, str] = {
    Class.EARNINGS_NOTICE: "◆",
    Class.OPERATIONAL_UPDATE: "▲",
    Class.CORPORATE_MILESTONE: "●",
}

# What a release may have become by the time its letter is made, as readers see it and as letters count it.
_CORRECTED, _WITHDRAWN = "Corrected", "Withdrawn"
_COUNTED = {"": "release", _CORRECTED: "correction", _WITHDRAWN: "withdrawal"}

_RHYTHMS: Mapping[Cadence, str] = {
    Cadence.AT_ONCE: "as soon as they are public",
    Cadence.DAILY: "every day at {hour} ({zone} time)",
    Cadence.WEEKLY: "every Monday at {hour} ({zone} time)",
}

_INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)  # its defaults: no dark mode, and a fetch


@dataclass(frozen=True, slots=True)
class Teaser:
    """What a letter says of one release, each field on one line. `language` is None where it is the letter's."""

    headline: str
    url: str
    subtopic: str
    company: str  # "Acme Corp. · TSX:ACM"; "" where neither is known
    day: str  # "6 May 2014": the stated day
    gist: str  # "" where nothing was composed and the lead gave no sentence
    became: str  # "Corrected", "Withdrawn"; "" where nothing happened to it
    language: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """The releases of one class in a letter."""

    class_: Class
    mark: str
    label: str
    teasers: tuple[Teaser, ...]


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What one delivery gives its letter besides the contents."""

    key: str
    at: dt.datetime
    unsubscribe_url: str


class Letters:
    """Makes the letters of one *site*.

    *sender* stands in From with the site's title, *reply_to* (or else *sender*) takes the mail of those who
    unsubscribe by mail. Templates are looked for in *overrides* first. Raises `ConfigError` when one of the two is
    not a mail address.
    """

    def __init__(
        self, site: Site, labels: Labels, overrides: Path | None = None, *, sender: str, reply_to: str | None = None
    ) -> None:
        self._site, self._labels = site, labels
        self._sender = _own_address("mail.from", sender)
        self._reply_to = _own_address("mail.reply_to", reply_to) if reply_to else None
        self._templates = environment(overrides)
        self._templates.filters["wrapped"] = wrapped

    def digest(
        self,
        subscription: Subscription,
        window: Window,
        entries: Sequence[Entry],
        *,
        key: str,
        at: dt.datetime,
        unsubscribe_url: str,
    ) -> Letter:
        """The letter about *window*, of at least one entry. The entries of a class keep their order.

        *key* is the delivery's, *at* becomes the Date, *unsubscribe_url* ends with the signed token. Raises
        `RenderError` when the subscriber's address or a template is wrong.
        """
        counts, days = _counts(entries), _days(entries)
        values = {"counts": counts, "days": days, "window": _span(window, subscription.time_zone)}
        subject = f"{counts}, {days}"
        return self._letter("digest", subject, values, entries, subscription, _Stamp(key, at, unsubscribe_url))

    def rest(
        self,
        subscription: Subscription,
        entries: Sequence[Entry],
        *,
        key: str,
        at: dt.datetime,
        unsubscribe_url: str,
    ) -> Letter:
        """One letter about the releases that were too many for alerts of their own. Arguments as for `digest`."""
        counts, days = f"More: {_counts(entries)}", _days(entries)
        values, subject = {"counts": counts, "days": days}, f"{counts}, {days}"
        return self._letter("rest", subject, values, entries, subscription, _Stamp(key, at, unsubscribe_url))

    def alert(
        self,
        subscription: Subscription,
        entry: Entry,
        change: Change | None = None,
        *,
        key: str,
        at: dt.datetime,
        unsubscribe_url: str,
    ) -> Letter:
        """The letter about one release; of a corrected one it tells the newest *change*. Arguments as for `digest`."""
        headline = one_line(entry.release.title)
        subject = ": ".join(filter(None, (_became(entry), headline)))
        told = [_cut(line, _MAX_GIST) for line in in_brief(change)] if change and _became(entry) == _CORRECTED else []
        stamp = _Stamp(key, at, unsubscribe_url)
        return self._letter("alert", subject, {"changes": told}, [entry], subscription, stamp)

    # ── One letter ──────────────────────────────────────────────────────────────────────────────────────────────

    def _letter(
        self,
        kind: str,
        subject: str,
        values: Mapping[str, object],
        entries: Sequence[Entry],
        subscription: Subscription,
        stamp: _Stamp,
    ) -> Letter:
        recipient = _recipient(subscription.address)
        subject = _cut(one_line(subject), _MAX_SUBJECT)
        frame = {
            **values,
            "kind": kind,
            "subject": subject,
            "site": self._site,
            "home": self._site.url(""),
            "imprint": self._site.imprint.strip().splitlines(),
            "address": subscription.address,
            "choice": self._choice(subscription),
            "rhythm": _rhythm(subscription),
            "unsubscribe_url": stamp.unsubscribe_url,
        }
        html, text = self._parts(kind, frame, entries)
        name = message_id(stamp.key, self._sender)
        headers = self._headers(subscription, recipient, subject, name, stamp)
        boundary = f"=_{hashlib.sha256(stamp.key.encode()).hexdigest()[:32]}"
        raw = message(headers, text=text, html=html, language=self._site.language, boundary=boundary)
        return Letter(stamp.key, name, self._sender, recipient, subject, raw)

    def _parts(self, kind: str, frame: Mapping[str, object], entries: Sequence[Entry]) -> tuple[str, str]:
        """HTML and text. Both leave out the same last releases, and say how many, where HTML would be too long."""
        shown = len(entries)
        while True:
            values = {**frame, "sections": self._sections(entries, shown), "left_out": len(entries) - shown}
            html = _INLINER.inline(self._render(f"{kind}.html.j2", kind, values))
            size = len(html.encode()) + html.count("\n")  # in a message every line end is two bytes
            if size <= MAX_HTML or not shown:
                return html, self._render(f"{kind}.txt.j2", kind, values).strip() + "\n"
            shown = min(shown - 1, shown * MAX_HTML // size)

    def _render(self, template: str, kind: str, values: Mapping[str, object]) -> str:
        return render(self._templates, f"letters/{template}", f"the letter {kind!r}", **values)

    # ── What it says ────────────────────────────────────────────────────────────────────────────────────────────

    def _sections(self, entries: Sequence[Entry], shown: int) -> tuple[Section, ...]:
        """The first *shown* of *entries* by class, the classes in the order of `Class`."""
        ordered = [(class_, entry) for class_ in Class for entry in entries if _class(entry) is class_][:shown]
        by_class = {class_: tuple(self._teaser(entry) for its, entry in ordered if its is class_) for class_ in Class}
        return tuple(
            Section(class_, _MARKS[class_], self._labels.classes[class_], teasers)
            for class_, teasers in by_class.items()
            if teasers
        )

    def _teaser(self, entry: Entry) -> Teaser:
        release, subtopic = entry.release, entry.classification.subtopic
        foreign = release.language and release.language != self._site.language
        return Teaser(
            headline=_cut(one_line(release.title), _MAX_HEADLINE),
            url=self._site.url(entry.path),
            subtopic=self._labels.subtopics.get(subtopic, ""),
            company=_cut(one_line(_company(entry)), _MAX_COMPANY),
            day=day(release.day),
            gist=_cut(one_line(_gist(entry)), _MAX_GIST),
            became=_became(entry),
            language=release.language if foreign else None,
        )

    def _choice(self, subscription: Subscription) -> str:
        if not subscription.classes:
            return "all releases"
        return "releases of the kind " + ", ".join(self._labels.classes[its] for its in subscription.classes)

    # ── Headers ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _headers(
        self, subscription: Subscription, recipient: str, subject: str, name: str, stamp: _Stamp
    ) -> list[tuple[str, str | dt.datetime]]:
        title, url = one_line(self._site.title), stamp.unsubscribe_url
        by_mail = f"<mailto:{self._reply_to or self._sender}?subject=unsubscribe%20{quote(_token(url))}>"
        secure = url.startswith("https://")  # RFC 8058: one click only over https
        headers: list[tuple[str, str | dt.datetime]] = [
            ("From", f"{title} <{self._sender}>"),
            ("To", recipient),
            *([("Reply-To", self._reply_to)] if self._reply_to else []),
            ("Subject", subject),
            ("Date", stamp.at.replace(microsecond=0)),
            ("Message-ID", name),
            ("Auto-Submitted", "auto-generated"),
            ("List-Id", f"{title} <{_list_name(subscription)}.{_host(self._site.base_url)}>"),
            ("List-Unsubscribe", f"<{url}>, {by_mail}" if secure else by_mail),
        ]
        return [*headers, *([("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")] if secure else [])]


def wrapped(text: str) -> str:
    """*text* on lines of at most `COLUMNS`; words are never broken, save in writing that has no blanks."""
    wide = any(unicodedata.east_asian_width(char) in "WF" for char in text)
    width = COLUMNS // 2 if wide else COLUMNS  # such a letter takes two columns
    return textwrap.fill(text, width, break_long_words=wide, break_on_hyphens=False)


# ── Words ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _became(entry: Entry) -> str:
    if entry.withdrawn_at:
        return _WITHDRAWN
    return _CORRECTED if entry.corrected_at else ""


def _counts(entries: Sequence[Entry]) -> str:
    """``2 releases and 1 correction``; ``2 releases, 1 correction and 1 withdrawal``."""
    became = Counter(_became(entry) for entry in entries)
    *first, last = (_count(became[what], thing) for what, thing in _COUNTED.items() if became[what])
    return " and ".join(filter(None, (", ".join(first), last)))


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'s' if number > 1 else ''}"


def _days(entries: Sequence[Entry]) -> str:
    """The days stated: ``6 May 2014``, ``5–6 May 2014``, ``30 April – 2 May 2014``, ``31 May 2013 – 6 May 2014``."""
    days = [entry.release.day for entry in entries]
    first, last = min(days), max(days)
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    start = day(first) if first.year != last.year else day(first).removesuffix(f" {first.year}")
    return f"{start} – {day(last)}"


def _span(window: Window, zone: str) -> str:
    """``from Monday 5 May 2014, 06:30 to …``: the window by the subscriber's clock."""
    end = _moment(window.end, zone)
    if window.start <= BEGINNING:
        return f"up to {end} ({zone} time)"
    return f"from {_moment(window.start, zone)} to {end} ({zone} time)"


def _moment(instant: dt.datetime, zone: str) -> str:
    when = instant.astimezone(ZoneInfo(zone))
    return f"{weekday(when)} {day(when)}, {clock(when)}"


def _rhythm(subscription: Subscription) -> str:
    hour = f"{subscription.digest_hour:%H:%M}"
    return _RHYTHMS[subscription.cadence].format(hour=hour, zone=subscription.time_zone)


def _company(entry: Entry) -> str:
    """``Acme Corp. · TSX:ACM, NYSE:ACM``, as far as it is known."""
    issuer, tickers = entry.release.issuer, ", ".join(ticker.label for ticker in entry.release.tickers)
    return " · ".join(filter(None, [issuer.legal_name if issuer else "", tickers]))


def _gist(entry: Entry) -> str:
    """One sentence; none of what was taken back."""
    return "" if entry.withdrawn_at else entry.release.summary_short or entry.release.summary or ""


def _class(entry: Entry) -> Class:
    return entry.classification.class_


def _cut(text: str, length: int) -> str:
    """*text*, or its beginning with an ellipsis, at most *length* characters."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


# ── Names for machines ──────────────────────────────────────────────────────────────────────────────────────────


def _own_address(setting: str, given: str) -> str:
    try:
        return mailbox(given)
    except ValueError as error:
        raise ConfigError(setting, given, "give one mail address, such as news@example.org") from error


def _recipient(given: str) -> str:
    try:
        return mailbox(given)
    except ValueError as error:
        raise RenderError(f"The letter to {given!r}", None, str(error)) from error


def _list_name(subscription: Subscription) -> str:
    return ".".join(its.value for its in Class if its in subscription.classes) or "all"


def _host(base_url: str) -> str:
    """The site's host as a name with dots; ``localhost`` where it is this machine (RFC 2919, section 3)."""
    host = urlsplit(base_url).hostname or "localhost"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return wire_domain(host) or "localhost"
    return "localhost" if address.is_loopback else host.replace(":", "-")


def _token(unsubscribe_url: str) -> str:
    return unsubscribe_url.rstrip("/").rpartition("/")[2]
