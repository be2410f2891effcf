"""Atom (RFC 4287): the main format of the feeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from feedd.model import Entry, Feed, Labels, Site
from feedd.render.syndication import Syndicated, added, categories, company, started, summary

MEDIA_TYPE = "application/atom+xml"


def path(feed: Feed) -> str:
    """Where the feed stands below ``out/``."""
    return f"feeds/{feed.name}.atom"


def atom(feed: Feed, entries: Sequence[Entry], site: Site, labels: Labels, *, born: dt.datetime) -> bytes:
    """The feed as UTF-8 bytes. *entries* come newest first and cut to the window; they keep their order.

    *born* is the feed's `updated` while it is empty. Equal arguments give equal bytes.
    """
    of = Syndicated(feed, entries, site, labels, born)
    made = started(of, path(feed), MEDIA_TYPE)
    for entry in entries:
        _fill(added(made, entry, site), entry, of)
    return bytes(made.atom_str(pretty=True))


def _fill(item: Any, entry: Entry, of: Syndicated) -> None:
    item.author(name=company(entry, of.site))
    item.summary(summary(entry, of.site))
    item.category(list(categories(entry, of.site, of.labels)))
    item.feedd.links = tuple(_links(entry, of.site))


def _links(entry: Entry, site: Site) -> Iterator[dict[str, str]]:
    yield {"href": site.url(entry.path), "rel": "alternate", "type": "text/html"}
    if entry.original and not entry.withdrawn_at:
        yield {
            "href": site.url(entry.original.path),
            "rel": "enclosure",
            "type": entry.original.media_type,
            "length": str(entry.original.length),
        }
