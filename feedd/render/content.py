"""A release's body as HTML: paragraphs, headings, lists, tables and groups of lines, all text escaped.

The same HTML stands on the release's page and in every feed, so it carries no class, style or script.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup, escape

from feedd.model import BlockKind, Entry, Paragraph, Release, Site
from feedd.render.templates import linked, local, minute

# Bytes of HTML. A feed of 50 such releases is 10 MB, about what feed readers still take in one piece.
MAX_FEED_BYTES = 200_000

# XML 1.0 (section 2.2) forbids most control characters and lone surrogates; C1 controls, non-characters and
# the replacement character are allowed, but break or disfigure readers.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_PARTS_WORDS = frozenset("\x0b\x0c\x1c\x1d\x1e\x1f\x85")  # separators among them leave a blank


def clean(text: str) -> str:
    """*text* without the characters that XML forbids or that break readers of feeds."""
    return text if _is_clean(text) else _UNWANTED.sub(_replacement, text)


def _is_clean(text: str) -> bool:
    """A quick look, which nearly every text passes: of what can be printed all is wanted but U+FFFD.

    A page of 15 kB takes 0.02 ms so, and with the pattern 0.4 ms.
    """
    return "\ufffd" not in text and text.replace("\n", "").replace("\xa0", "").isprintable()


def _replacement(unwanted: re.Match[str]) -> str:
    return " " if unwanted.group() in _PARTS_WORDS else ""


def one_line(text: str) -> str:
    """*text* clean, white space runs as one blank: for titles, names and labels."""
    return _short_line(text) if len(text) <= _SHORT else _line(text)


def _line(text: str) -> str:
    return " ".join(clean(text).split())


_SHORT = 100  # characters: names and labels, of which a page has forty and most stand in many
_short_line = lru_cache(maxsize=4096)(_line)


def body_html(release: Release) -> Markup:
    """The HTML of the release's body, a block a line."""
    return _html(release.body)


def feed_html(entry: Entry, site: Site, *, max_bytes: int = MAX_FEED_BYTES) -> Markup:
    """What a feed carries of an entry: notice of a correction, body, links to page and original.

    All links are absolute. A body of more than *max_bytes* is cut, and says so with a link. Of a withdrawn release
    nothing is left but a sentence.
    """
    if entry.withdrawn_at:
        when = minute(local(entry.withdrawn_at, site.time_zone))
        return Markup("<p>This release was withdrawn on {}, and its text is no longer published.</p>").format(when)
    whole = body_html(entry.release)
    body = whole if _size(whole) <= max_bytes else _cut(entry.release.body, max_bytes)
    parts = (_correction(entry, site), body, _links(entry, site, cut=body is not whole))
    return Markup("\n".join(part for part in parts if part))  # noqa: S704 - each part is HTML


# ── Blocks ────────────────────────────────────────────────────────────────────────────────────────────────
# Below, HTML is plain `str`, which is much quicker to put together than Markup: `_text` alone makes it from text.


# A release stands in four feeds and on its page, and a window shows the same fifty again and again.
@lru_cache(maxsize=256)
def _html(paragraphs: tuple[Paragraph, ...]) -> Markup:
    return Markup("\n".join(_blocks(paragraphs)))  # noqa: S704 - every text in it went through `_text`


def _blocks(paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    levels = _heading_levels(paragraphs)
    for (kind, _), members in groupby(paragraphs, key=_block):
        if kind is BlockKind.HEADING:
            yield from (_heading(p, next(levels)) for p in members)
        else:
            yield _WRITERS[kind]([p.text for p in members])


def _block(paragraph: Paragraph) -> tuple[BlockKind, int]:
    """Neighbours with equal keys are one HTML block: the items of a list, the lines of an address."""
    return paragraph.kind, paragraph.group


def _heading_levels(paragraphs: Sequence[Paragraph]) -> Iterator[int]:
    """2 to 6 for each heading in turn: the highest is h2, and no level is left out on the way down."""
    stated = [p.level or 1 for p in paragraphs if p.kind is BlockKind.HEADING]
    top, before = min(stated, default=1), 1
    for level in stated:
        before = min(level - top + 2, before + 1, 6)
        yield before


def _heading(paragraph: Paragraph, level: int) -> str:
    return f"<h{level}>{_text(paragraph.text)}</h{level}>"


def _paragraphs(texts: Sequence[str]) -> str:
    return "\n".join(f"<p>{_text(text)}</p>" for text in texts)


def _list(texts: Sequence[str]) -> str:
    items = "\n".join(f"<li>{_text(text)}</li>" for text in texts)
    return f"<ul>\n{items}\n</ul>"


def _table(texts: Sequence[str]) -> str:
    rows = "\n".join(_row(row) for text in texts for row in text.split("\n"))
    return f"<table>\n{rows}\n</table>"


def _row(text: str) -> str:
    cells = "".join(f"<td>{_text(cell.strip())}</td>" for cell in text.split("\t"))
    return f"<tr>{cells}</tr>"


def _lines(texts: Sequence[str]) -> str:
    lines = "<br>\n".join(_text(text) for text in texts)
    return f"<p>{lines}</p>"


def _text(text: str) -> str:
    return str(linked(clean(text)))


_WRITERS: Mapping[BlockKind, Callable[[Sequence[str]], str]] = {
    BlockKind.PARAGRAPH: _paragraphs,
    BlockKind.ITEM: _list,
    BlockKind.TABLE: _table,
    BlockKind.LINE: _lines,
}


# ── Cutting, and what follows the body in a feed ──────────────────────────────────────────────────────────


def _size(html: Markup) -> int:
    return len(html.encode())


def _cut(paragraphs: tuple[Paragraph, ...], max_bytes: int) -> Markup:
    """The beginning of the paragraphs whose HTML fits, by the mean cost of a character."""
    wanted = sum(len(p.text) for p in paragraphs)
    html = _html(paragraphs)
    while wanted and _size(html) > max_bytes:
        wanted = int(wanted * max_bytes / _size(html) * 0.98)
        html = _html(tuple(_first(paragraphs, wanted)))
    return html


def _first(paragraphs: Iterable[Paragraph], characters: int) -> Iterator[Paragraph]:
    for paragraph in paragraphs:
        if len(paragraph.text) > characters:
            yield replace(paragraph, text=paragraph.text[:characters].rstrip() + " …")
            return
        characters -= len(paragraph.text)
        yield paragraph


def _correction(entry: Entry, site: Site) -> str:
    """The notice that heads a corrected release; empty for one that nobody saw otherwise."""
    if entry.corrected_at is None:
        return ""
    when = escape(minute(local(entry.corrected_at, site.time_zone)))
    page = f'<a href="{escape(site.url(entry.path))}">its page</a>'
    return f"<p><strong>Corrected on {when}.</strong> What changed stands on {page}.</p>"


def _links(entry: Entry, site: Site, *, cut: bool) -> str:
    words = "Read the rest of this release" if cut else "This release"
    page = f'<a href="{escape(site.url(entry.path))}">{words}</a> on {escape(one_line(site.title))}'
    return f"<p>{page}{_original(entry, site)}</p>"


def _original(entry: Entry, site: Site) -> str:
    if entry.original is None:
        return ""
    return f' · <a href="{escape(site.url(entry.original.path))}">The original file</a>'
