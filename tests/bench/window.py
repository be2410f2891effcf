"""One window of a feed, built in this process: by feedgen alone as its manual shows, and by feedd.

Both get the same entries with the same texts. feedgen alone writes titles, links, times, summary, HTML and categories,
one generator for RSS and Atom; what feedd adds to that (and mends) is its price.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

import feedgen.entry
import feedgen.feed
import feedgen.util

from feedd.ingest import ingest
from feedd.model import Entry, Site
from feedd.parts import Parts
from feedd.publish import publish
from feedd.render.atom import atom
from feedd.render.content import feed_html
from feedd.render.rss import rss
from feedd.render.syndication import categories, company, headline, summary
from feedd.store import releases
from feedd.watch import Taken
from tests.bench.figures import Figure


def measure(parts: Parts, fresh: Iterator[Taken], rounds: int) -> Iterator[Figure]:
    """Builds the window by both, by turns, and lets feedd publish one new release a round."""
    bare_s, own_s, pass_s = [], [], []
    for _ in range(rounds + 1):
        ingest(parts.store, next(fresh), parts.terms, parts.now)
        pass_s.append(_seconds(lambda: publish(parts.store, parts.press, parts.now)))
        entries = _window(parts)
        bare_s.append(_bare_seconds(parts, entries))
        own_s.append(_seconds(lambda entries=entries: _own(parts, entries)))  # type: ignore[misc]
    yield from _figures(bare_s[1:], own_s[1:], pass_s[1:])  # the first round fills every cache


def _figures(bare_s: Sequence[float], own_s: Sequence[float], pass_s: Sequence[float]) -> Iterator[Figure]:
    yield Figure("bare_window", "feedgen alone: RSS + Atom of one window", "ms", _milli(bare_s))
    yield Figure("own_window", "feedd: RSS + Atom of the same window", "ms", _milli(own_s))
    yield Figure("publish_pass", "feedd: publish pass after one new release", "ms", _milli(pass_s))
    own = Figure("", "", "", own_s).p50 / Figure("", "", "", bare_s).p50
    whole = Figure("", "", "", pass_s).p50 / Figure("", "", "", bare_s).p50
    yield Figure("own_to_bare", "  window, feedd ÷ feedgen alone", "×", [own], {"p50": 1.3})
    yield Figure("pass_to_bare", "  publish pass ÷ feedgen alone", "×", [whole])


def _window(parts: Parts) -> list[Entry]:
    with parts.store.read() as conn:
        return releases.newest(conn, None, parts.press.window, parts.press.originals)


def _own(parts: Parts, entries: Sequence[Entry]) -> None:
    press, born = parts.press, parts.now()
    for form in (rss, atom):
        form(press.feeds[0], entries, press.site, press.labels, born=born)


def _bare_seconds(parts: Parts, entries: Sequence[Entry]) -> float:
    texts = [str(feed_html(entry, parts.press.site)) for entry in entries]
    with _as_shipped():
        return _seconds(lambda: _bare(parts, entries, texts))


def _bare(parts: Parts, entries: Sequence[Entry], texts: Sequence[str]) -> None:
    site = parts.press.site
    made = feedgen.feed.FeedGenerator()
    made.id(site.url("feeds/all.atom"))
    made.title(site.title)
    made.description(site.title)
    made.link(href=site.url(""), rel="alternate")
    for entry, html in zip(entries, texts, strict=True):
        _add(made, entry, html, site, parts)
    made.rss_str(pretty=True)
    made.atom_str(pretty=True)


def _add(made: feedgen.feed.FeedGenerator, entry: Entry, html: str, site: Site, parts: Parts) -> None:
    item = made.add_entry(order="append")
    item.id(entry.guid)
    item.title(headline(entry))
    item.link(href=site.url(entry.path))
    item.published(entry.published)
    item.updated(entry.updated)
    item.summary(summary(entry))
    item.content(html, type="html")
    item.author(name=company(entry, site))
    item.category(list(categories(entry, site, parts.press.labels)))


@contextmanager
def _as_shipped() -> Iterator[None]:
    """feedgen with its own writing of dates, which feedd replaces."""
    own = feedgen.util.formatRFC2822
    with patch.object(feedgen.feed, "formatRFC2822", own), patch.object(feedgen.entry, "formatRFC2822", own):
        yield


def _seconds(act: Callable[[], object]) -> float:
    gc.collect()
    began_s = time.perf_counter()
    act()
    return time.perf_counter() - began_s


def _milli(seconds: Sequence[float]) -> list[float]:
    return [each * 1000 for each in seconds]
