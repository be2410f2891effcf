"""The pages people see: index, release, feeds, and the few the server shows (not found, unsubscribe).

Pages are static and need no script. Those of ``out/`` link each other relatively, so they also work opened from
a disk; those the server may show at any address link from the site's root.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

from feedd.model import Class, Entry, Feed, Labels, Site
from feedd.render import atom, rss
from feedd.render.ahead import ahead
from feedd.render.content import body_html, clean, one_line
from feedd.render.linked_data import news_article
from feedd.render.reasons import reasons
from feedd.render.syndication import headline
from feedd.render.templates import environment, local, relative, render

# What each class is called by in the stylesheet, and its mark: classes show by word, shape and colour together.
_MARKS = {Class.EARNINGS_NOTICE: "◆", Class.OPERATIONAL_UPDATE: "▲", Class.CORPORATE_MILESTONE: "●"}

# Sections of the source that are not the news, but belong to the release: what readers call them.
_SECTIONS = {
    "issuer_profile": "About the company",
    "background": "Background",
    "forward_looking": "Forward-looking statements",
    "legal": "Legal notices",
}
_CONTACT = {"contact": "Contact"}


class Pages:
    """The pages of one site. Every method gives the UTF-8 bytes of a whole page.

    *feeds* are those that exist, in the order readers see them. Templates in the folder *overrides* come before
    feedd's own. Raises `RenderError` when a template is wrong.
    """

    def __init__(self, site: Site, feeds: Sequence[Feed], labels: Labels, overrides: Path | None = None) -> None:
        self._site, self._feeds, self._labels = site, tuple(feeds), labels
        self._templates = environment(overrides)
        self._templates.globals.update(
            site=site, feeds=self._feeds, labels=labels, marks=_MARKS,
            atom_path=atom.path, rss_path=rss.path, headline=headline, one_line=one_line,
        )  # fmt: skip

    # ── Of out/ ───────────────────────────────────────────────────────────────────────────────────────────

    def index(self, entries: Sequence[Entry], *, born: dt.datetime) -> bytes:
        """The newest releases by day. *entries* newest first; *born* is when this site began, for an empty one."""
        days = tuple(self._days(entries))
        return self._page("index.html.j2", here="", days=days, born=local(born, self._site.time_zone))

    def release(self, entry: Entry) -> bytes:
        """The page of one release; it stands in the folder ``entry.path``."""
        return self._page(
            "release.html.j2",
            here=entry.path,
            entry=entry,
            release=entry.release,
            filed=entry.classification,
            stated=stated_time(entry),
            published=local(entry.published, self._site.time_zone),
            corrected=local(entry.corrected_at or entry.updated, self._site.time_zone),
            ahead=ahead(entry.release),
            body=body_html(entry.release),
            reasons=reasons(entry),
            sections=tuple(_sections(entry)),
            linked_data=news_article(entry, self._site, self._labels),
        )

    def feeds(self) -> bytes:
        """``feeds/index.html``: what each feed holds, its addresses, how to subscribe."""
        return self._page("feeds.html.j2", here="feeds/")

    def stylesheet(self) -> bytes:
        """``style.css``."""
        return self._page("style.css")

    # ── Shown by the server at any address ────────────────────────────────────────────────────────────────

    def not_found(self) -> bytes:
        """``404.html``."""
        return self._page("not_found.html.j2")

    def unsubscribe(self, address: str, what: str, action: str) -> bytes:
        """Asks whether *address* shall get no more of *what* (``the daily digest of …``).

        One button, which posts to *action*; to look at the page changes nothing.
        """
        return self._page("unsubscribe.html.j2", address=address, what=what, action=action)

    def unsubscribed(self, what: str) -> bytes:
        """Says that nothing more of *what* will be sent."""
        return self._page("unsubscribed.html.j2", what=what)

    def link_problem(self, sentence: str) -> bytes:
        """For a signed link that is forged, damaged or too old; *sentence* says which."""
        return self._page("link_problem.html.j2", sentence=sentence)

    # ── How ───────────────────────────────────────────────────────────────────────────────────────────────

    def _page(self, template: str, *, here: str | None = None, **values: object) -> bytes:
        link = self._link_from(here)
        text = render(self._templates, template, f"The page {template.removesuffix('.j2')}", link=link, **values)
        return clean(text).encode()

    def _link_from(self, here: str | None) -> Callable[[str], str]:
        if here is None:
            root = urlsplit(self._site.base_url).path
            return lambda path: f"{root}/{path}"
        return lambda path: relative(path, here)

    def _days(self, entries: Sequence[Entry]) -> Iterator[tuple[dt.date, tuple[Row, ...]]]:
        rows = (Row(entry, local(entry.published, self._site.time_zone)) for entry in entries)
        for day, members in groupby(rows, key=lambda row: row.when.date()):
            yield day, tuple(members)


@dataclass(frozen=True, slots=True)
class Row:
    """One release in a list; `when` it was published, by the site's clocks."""

    entry: Entry
    when: dt.datetime

    @property
    def shows_time(self) -> bool:
        """Midnight stands for "some time on that day", unless the release states it."""
        return self.when.time() != dt.time() or self.entry.release.date_precision == "minute"


def stated_time(entry: Entry) -> dt.datetime | None:
    """The minute that the release states, with its own offset; None when it states a day."""
    release = entry.release
    return dt.datetime.fromisoformat(release.date) if release.date_precision == "minute" else None


def _sections(entry: Entry) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Heading and paragraphs of what follows the news: the company's profile, background, legal notices.

    The contact section is one of them only where nobody could be read out of it.
    """
    shown = _SECTIONS if entry.release.contacts else _SECTIONS | _CONTACT
    for part in entry.release.removed:
        between = "\n" if part.kind in _CONTACT else "\n\n"
        paragraphs = tuple(text for text in map(str.strip, part.text.split(between)) if text)
        if part.kind in shown and paragraphs:
            yield part.heading or shown[part.kind], paragraphs
