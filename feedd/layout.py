"""The layout of ``out/``: which outputs there are, which of them show a release, in which order they go public.

Pure decisions; `publish` acts on them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from feedd.model import Class, Feed, Labels, Original

INDEX = "index.html"
FEEDS_PAGE = "feeds/index.html"
NOT_FOUND = "404.html"
STYLE = "style.css"
SUFFIXES = (".atom", ".rss")

# The order of going public: what others link to first, then the feeds, then the lists.
RANK_SITE, RANK_RELEASE, RANK_FEED, RANK_LIST = 0, 1, 2, 3

_EXTENSIONS = {
    "text": ("txt", "text/plain"),
    "markdown": ("md", "text/markdown"),
    "pdf": ("pdf", "application/pdf"),
}


def feeds(labels: Labels, site_title: str) -> tuple[Feed, ...]:
    """All releases, then one feed a class."""
    by_class = (Feed(c.value, f"{site_title}: {labels.classes[c]}", c) for c in Class)
    return (Feed("all", site_title), *by_class)


def site_outputs(feeds: Collection[Feed]) -> list[tuple[str, int]]:
    """Path and rank of every output that is there without any release."""
    files = [(f"feeds/{feed.name}{suffix}", RANK_FEED) for feed in feeds for suffix in SUFFIXES]
    return [(STYLE, RANK_SITE), (NOT_FOUND, RANK_SITE), *files, (FEEDS_PAGE, RANK_LIST), (INDEX, RANK_LIST)]


def lists_showing(feeds: Collection[Feed], classes: Collection[Class]) -> list[str]:
    """Paths of the feeds and lists that show releases of *classes*."""
    shown = [feed.name for feed in feeds if feed.class_ is None or feed.class_ in classes]
    return [f"feeds/{name}{suffix}" for name in shown for suffix in SUFFIXES] + [INDEX]


def folder(stated: dt.date, slug: str) -> str:
    """The release's folder below ``out/``."""
    return f"releases/{stated:%Y/%m}/{slug}/"


def release_outputs(folder: str, format: str, published: Collection[str]) -> list[str]:
    """Paths of what belongs to one release: the original where it is published, and the page."""
    beside = original(folder, format, 0, published)
    return [*([beside.path] if beside else []), page(folder)]


def page(folder: str) -> str:
    return f"{folder}index.html"


def original(folder: str, format: str, length: int, published: Collection[str]) -> Original | None:
    """The original as an output, or None where originals of its *format* stay private."""
    if format not in published:
        return None
    extension, media_type = _EXTENSIONS[format]
    return Original(f"{folder}original.{extension}", length, media_type)
