"""RSS 2.0, by the Best Practices Profile: for the readers that know nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from markupsafe import escape

from feedd.model import Entry, Feed, Labels, Site
from feedd.render.syndication import Syndicated, added, categories, started, summary

MEDIA_TYPE = "application/rss+xml"


def path(feed: Feed) -> str:
    """Where the feed stands below ``out/``."""
    return f"feeds/{feed.name}.rss"


def rss(feed: Feed, entries: Sequence[Entry], site: Site, labels: Labels, *, born: dt.datetime) -> bytes:
    """The feed as UTF-8 bytes. *entries* come newest first and cut to the window; they keep their order.

    *born* is the feed's `lastBuildDate` while it is empty. Equal arguments give equal bytes.
    """
    of = Syndicated(feed, entries, site, labels, born)
    made = started(of, path(feed), MEDIA_TYPE)
    for entry in entries:
        _fill(added(made, entry, site), entry, of)
    return bytes(made.rss_str(pretty=True))


def _fill(item: Any, entry: Entry, of: Syndicated) -> None:
    item.link(href=of.site.url(entry.path), rel="alternate")
    # Readers take an RSS description as HTML, an RSS title as plain text.
    item.description(str(escape(summary(entry, of.site))), isSummary=True)
    item.category([_term(category) for category in categories(entry, of.site, of.labels)])
    if entry.original and not entry.withdrawn_at:
        original = entry.original
        item.enclosure(of.site.url(original.path), str(original.length), original.media_type)


def _term(category: dict[str, str]) -> dict[str, str]:
    """Without its label, which feedgen would write in the term's place."""
    return {"term": category["term"], "scheme": category["scheme"]}
