"""One window of a feed, built in this process: by feedgen alone as its manual shows, and by feedd.

Both get the same entries with the same texts. feedgen alone writes titles, links, times, summary, HTML and categories,
one generator for RSS and Atom; what feedd adds to that (and mends) is its price.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import feedgen.entry
import feedgen.feed
import feedgen.util

from feedd.ingest import judge, take_in
from feedd.model import Entry, Site
from feedd.parts import Parts
from feedd.publish import publish
from feedd.render.atom import atom
from feedd.render.content import feed_html
from feedd.render.rss import rss
from feedd.render.syndication import categories, company, headline, summary
from feedd.store import releases
from feedd.watch import Taken
from tests.bench.figures import Figure, percentile


def measure(parts: Parts, fresh: Iterator[Taken], rounds: int) -> Iterator[Figure]:
    """Builds windows by both, by turns; between them feedd takes in and publishes a new release."""
    kinds: dict[str, list[float]] = {"pass": [], "bare": [], "all": [], "one": []}
    for number in range(rounds + 1):
        for kind, seconds in _round(parts, fresh, number).items():
            kinds[kind].append(seconds * 1000)
    # The first round fills every cache.
    yield from _figures(**{f"{kind}_ms": samples[1:] for kind, samples in kinds.items()})


def _round(parts: Parts, fresh: Iterator[Taken], number: int) -> dict[str, float]:
    """Seconds of one publish pass and of three builds. What is built but not timed is published, too."""
    _take_in(parts, fresh)
    seconds = {"pass": _seconds(lambda: _publish(parts))}
    entries = _window(parts)
    renamed = replace(parts.press.site, title=f"News {number}")  # stands in every entry: none can be kept
    seconds["bare"] = _bare_seconds(parts, entries)
    seconds["all"] = _seconds(lambda: _own(parts, entries, renamed))
    _take_in(parts, fresh)
    entries = _window(parts)
    seconds["one"] = _seconds(lambda: _own(parts, entries, parts.press.site))
    _publish(parts)
    return seconds


def _figures(
    pass_ms: Sequence[float], bare_ms: Sequence[float], all_ms: Sequence[float], one_ms: Sequence[float]
) -> Iterator[Figure]:
    yield Figure("bare_window", "feedgen alone: RSS + Atom of one window", "ms", bare_ms)
    yield Figure("own_window", "feedd: the same, every entry new", "ms", all_ms)
    yield Figure("own_window_one_new", "feedd: the same, one entry new", "ms", one_ms)
    yield Figure("publish_pass", "feedd: publish pass after one new release", "ms", pass_ms)
    yield _ratio("own_to_bare", "  every entry new ÷ feedgen alone", all_ms, bare_ms, {"p50": 1.3})
    yield _ratio("one_new_to_bare", "  one entry new ÷ feedgen alone", one_ms, bare_ms, {"p50": 0.3})
    yield _ratio("pass_to_bare", "  publish pass ÷ feedgen alone", pass_ms, bare_ms, {})


def _ratio(key: str, name: str, own: Sequence[float], bare: Sequence[float], limits: Mapping[str, float]) -> Figure:
    """Of the medians."""
    return Figure(key, name, "×", [percentile(own, 50) / percentile(bare, 50)], limits)


def _take_in(parts: Parts, fresh: Iterator[Taken]) -> None:
    take_in(parts.store, [next(fresh)], parts.now)
    list(judge(parts.store, parts.read, parts.terms, parts.now))


def _publish(parts: Parts) -> None:
    published = publish(parts.store, parts.press, parts.now)
    if published.troubles:
        raise SystemExit(f"Publishing failed: {published.troubles[0]}")


def _window(parts: Parts) -> list[Entry]:
    with parts.store.read() as conn:
        return releases.newest(conn, None, parts.press.window, parts.press.originals)


def _own(parts: Parts, entries: Sequence[Entry], site: Site) -> None:
    press, born = parts.press, parts.now()
    for form in (rss, atom):
        form(press.feeds[0], entries, site, press.labels, born=born)


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
    item.summary(summary(entry, parts.press.site))
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
