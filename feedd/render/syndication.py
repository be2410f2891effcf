"""feedgen with its faults mended: what Atom and RSS have in common. The only importer of feedgen.

Three habits of feedgen 1.0.0 would spoil our feeds. It drops rel, type and length of every link of an Atom
entry, so that readers open the original instead of the page; it switches the locale of the whole process for
every RSS date; it takes "now" wherever no time is given, so that no two builds are equal. Here an extension
writes the links, dates go through the standard library, and every time is given. All text is cleaned on its
way in: one forbidden character would raise, and lose the whole feed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any

import feedgen.entry
import feedgen.feed
from feedgen.util import xml_elem  # after feedgen.feed: alone it fails for want of lxml.etree

from feedd.model import Entry, Feed, Labels, Site
from feedd.render.content import feed_html, one_line
from feedd.render.templates import local, minute

IPTC_SCHEME = "http://cv.iptc.org/newscodes/mediatopic/"
_DC = "http://purl.org/dc/elements/1.1/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")  #  BCP 47, its shape only

# feedgen looks this name up when it writes a date; its own version calls setlocale three times a date, and a
# second thread may leave the process in the wrong locale for good.
feedgen.feed.formatRFC2822 = feedgen.entry.formatRFC2822 = format_datetime


class _FeedExtension:
    """feedgen asks an extension these three things; ours only names a namespace."""

    def extend_ns(self) -> dict[str, str]:
        return {"dc": _DC}

    def extend_atom(self, element: Any) -> Any:
        return element

    def extend_rss(self, element: Any) -> Any:
        return element


class _EntryExtension(_FeedExtension):
    """Writes what feedgen loses or does not know: an Atom entry's links, who speaks, its language."""

    links: Sequence[Mapping[str, str]] = ()
    creator: str = ""
    language: str | None = None

    def extend_atom(self, element: Any) -> Any:
        for link in self.links:
            xml_elem("link", element, **link)
        if self.language:
            element.set(_XML_LANG, self.language)
        return element

    def extend_rss(self, element: Any) -> Any:
        xml_elem(f"{{{_DC}}}creator", element).text = self.creator
        if self.language:
            xml_elem(f"{{{_DC}}}language", element).text = self.language
        return element


@dataclass(frozen=True, slots=True)
class Syndicated:
    """A feed to be made: what it is, what is in it (newest first), and the names things have."""

    feed: Feed
    entries: Sequence[Entry]
    site: Site
    labels: Labels
    born: dt.datetime  # the feed's `updated` while it is empty


def started(of: Syndicated, path: str, media_type: str) -> Any:
    """A feedgen generator with the feed's own facts, no entries yet, to stand at *path* below ``out/``.

    The feed's `updated` is that of the entry changed last.
    """
    site = of.site
    made = feedgen.feed.FeedGenerator()
    made.register_extension("feedd", _FeedExtension, _EntryExtension)
    made.id(site.url(path))
    made.title(one_line(of.feed.title))
    made.description(_about(of.feed, of.labels))
    made.language(site.language)
    made.author(_author(site))
    made.generator("feedd")
    made.updated(_whole_seconds(max((entry.updated for entry in of.entries), default=of.born)))
    # The site's own link comes last: feedgen makes the last one the link of the RSS channel.
    made.link(href=site.url(path), rel="self", type=media_type)
    made.link(href=site.url(""), rel="alternate", type="text/html")
    return made


def added(made: Any, entry: Entry, site: Site) -> Any:
    """The feedgen entry for *entry*, put behind those already there, with all that both formats say alike."""
    item = made.add_entry(order="append")
    item.id(entry.guid)
    item.title(marked_headline(entry))
    item.published(_whole_seconds(entry.published))
    item.updated(_whole_seconds(entry.updated))
    item.content(str(feed_html(entry, site)), type="html")
    item.feedd.creator = company(entry, site)
    item.feedd.language = _own_language(entry, site)
    return item


def categories(entry: Entry, site: Site, labels: Labels) -> Iterator[dict[str, str]]:
    """Class, subtopics, tickers, IPTC media topics, flags, in this order: term, scheme and label, if any."""
    of = entry.classification
    yield _category(of.class_, site.url("taxonomy/class"), labels.classes.get(of.class_))
    for subtopic in (of.subtopic, *of.secondary):
        yield _category(subtopic, site.url("taxonomy/subtopic"), labels.subtopics.get(subtopic))
    for ticker in entry.release.tickers:
        yield _category(one_line(ticker.label), site.url("taxonomy/ticker"))
    for code in labels.iptc.get(of.subtopic, ()):
        yield _category(code, IPTC_SCHEME)
    for flag in entry.reading.flags:
        yield _category(flag, site.url("taxonomy/flag"))


def summary(entry: Entry, site: Site) -> str:
    """One plain sentence about the release: shorter than its content, never empty; of a withdrawn one that it is."""
    if entry.withdrawn_at:
        return f"Withdrawn on {minute(local(entry.withdrawn_at, site.time_zone))}."
    release = entry.release
    return one_line(release.summary or release.summary_short or "") or headline(entry)


def headline(entry: Entry) -> str:
    """The headline, clean. One that holds nothing printable still gets a name: feeds may not go without."""
    return one_line(entry.release.title) or "Release without a headline"


def marked_headline(entry: Entry) -> str:
    """The headline after what became of it: readers show a changed entry anew when its title changes, if ever."""
    if entry.withdrawn_at:
        return f"WITHDRAWN: {headline(entry)}"
    return f"CORRECTED: {headline(entry)}" if entry.corrected_at else headline(entry)


def company(entry: Entry, site: Site) -> str:
    """Who speaks: the company, or the site where the text names none."""
    issuer = entry.release.issuer
    return one_line(issuer.legal_name if issuer else "") or _author(site)["name"]


def _author(site: Site) -> dict[str, str]:
    name = one_line(site.author_name) or one_line(site.title)
    return {"name": name, **({"email": site.author_email} if site.author_email else {})}


def _own_language(entry: Entry, site: Site) -> str | None:
    """The entry's language where it differs from the feed's and has the shape of a language tag."""
    language = entry.release.language
    if not language or language == site.language or not _LANGUAGE.fullmatch(language):
        return None
    return language


def _category(term: str, scheme: str, label: str | None = None) -> dict[str, str]:
    return {"term": str(term), "scheme": scheme, **({"label": label} if label else {})}


def _about(feed: Feed, labels: Labels) -> str:
    if feed.class_ is None:
        return "All news releases, newest first, with their full text."
    label = labels.classes[feed.class_].lower()
    return f"News releases filed as {label}, newest first, with their full text."


def _whole_seconds(when: dt.datetime) -> dt.datetime:
    return when.astimezone(dt.UTC).replace(microsecond=0)
