"""An article as news formats part it, and its elements as pieces of a page.

Shared by NITF and NewsML-G2, whose texts are made of the same few elements that XHTML has.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from feedd.model import BlockKind
from feedd.readers import tables
from feedd.readers.page import Page, Piece, refuse_lines
from feedd.readers.xml import local_name, whole_text


@dataclass(frozen=True, slots=True)
class Article:
    """What a format keeps apart and a reader wants as one text."""

    headline: str = ""
    subheads: tuple[str, ...] = ()
    dateline: str = ""  # place, or place and date, with whatever parts it from the news
    body: tuple[Piece, ...] = ()

    def page(self) -> Page:
        """Headline, subheads, and the body, whose first paragraph opens with the dateline."""
        page = Page()
        page.add(BlockKind.HEADING, self.headline, level=1)
        for subhead in self.subheads:
            page.add(BlockKind.HEADING, subhead, level=2)
        for kind, content, level in _with_dateline(self._without_headline(), self.dateline):
            page.add(kind, content, level=level)
        return page

    def _without_headline(self) -> Sequence[Piece]:
        """The body, less the headline where that stands there too."""
        repeats = bool(self.body) and self.body[0].content.casefold() == self.headline.casefold()
        return self.body[1:] if repeats else self.body


_DASHES = "-–—"


def _with_dateline(pieces: Sequence[Piece], dateline: str) -> list[Piece]:
    """*pieces* with the *dateline* before the first paragraph, unless that opens with its place already."""
    place = dateline.partition(",")[0].strip(" " + _DASHES)
    for index, piece in enumerate(pieces):
        if piece.kind is BlockKind.PARAGRAPH:
            if not place or piece.content.casefold().startswith(place.casefold()):
                return list(pieces)
            parting = " " if dateline[-1] in _DASHES or piece.content[0] in _DASHES else " – "
            return [*pieces[:index], piece._replace(content=dateline + parting + piece.content), *pieces[index + 1 :]]
    return [*pieces, Piece(BlockKind.PARAGRAPH, dateline)]


# ── Elements ────────────────────────────────────────────────────────────────────────────────────────────────────

_PLAIN = (BlockKind.PARAGRAPH, 0)
_BLOCKS: dict[str, tuple[BlockKind, int]] = {
    **{f"h{level}": (BlockKind.HEADING, level) for level in range(1, 7)},
    **dict.fromkeys(("hl1", "hl2"), (BlockKind.HEADING, 2)),  # inside a body both part it; the headline stands above
    **dict.fromkeys(("li", "dd"), (BlockKind.ITEM, 0)),
    **dict.fromkeys(
        "address article block blockquote body bq caption center credit div dl dt footer header main ol p section "
        "table td th tr ul".split(),
        _PLAIN,
    ),
}
_UNSEEN = frozenset(
    "aside button fn figure form head iframe img input media nav noscript object pronounce script select style svg "
    "template textarea video".split()
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def pieces(element: etree._Element) -> tuple[Piece, ...]:
    """The blocks below *element* in order, white space as a browser shows it; pictures, scripts and notes left out."""
    reader = _Reader()
    reader.read(element, _PLAIN)
    reader.end(_PLAIN)
    return tuple(reader.pieces)


def words(element: etree._Element | None) -> str:
    """The text of *element* on one line; "" for none."""
    return "" if element is None else " ".join(piece.content.replace("\n", " ") for piece in pieces(element))


class _Reader:
    """Walks the elements. What was said since the last block began waits until the next one begins."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._said: list[str] = []

    def read(self, element: etree._Element, standing: tuple[BlockKind, int]) -> None:
        """Takes what is below *element*; text outside any block stands as `standing` says: kind and level."""
        self._say(element.text)
        for child in element:
            self._enter(child, local_name(child), standing)
            self._say(child.tail)

    def _enter(self, child: etree._Element, name: str, standing: tuple[BlockKind, int]) -> None:
        if not name or name in _UNSEEN:
            return
        if name == "br":
            self._said.append("\n")
        elif name == "pre":
            self.end(standing)
            self.pieces.append(Piece(BlockKind.PARAGRAPH, whole_text(child).strip("\n")))
        elif name == "table":
            self.end(standing)
            self.pieces += _table(child)
        elif name in _BLOCKS:
            self.end(standing)
            inside = _inside(_BLOCKS[name], standing)
            self.read(child, inside)
            self.end(inside)
        else:
            self.read(child, standing)

    def _say(self, text: str | None) -> None:
        self._said.append(_BLANKS.sub(" ", text or ""))

    def end(self, standing: tuple[BlockKind, int]) -> None:
        """What was said becomes a block."""
        lines = (_BLANKS.sub(" ", line).strip() for line in "".join(self._said).split("\n"))
        text = "\n".join(line for line in lines if line)
        self._said.clear()
        if text:
            refuse_lines(len(self.pieces))  # before a million elements have been walked
            self.pieces.append(Piece(standing[0], text, standing[1]))


def _inside(block: tuple[BlockKind, int], around: tuple[BlockKind, int]) -> tuple[BlockKind, int]:
    """How a block stands in another one: a paragraph of an item is the item."""
    return around if block == _PLAIN else block


def _table(table: etree._Element) -> Iterator[Piece]:
    yield from (Piece(BlockKind.PARAGRAPH, words(caption)) for caption in table.iterchildren("{*}caption"))
    rows = [row for row in table.iter("{*}tr") if _belongs(row, table)]
    refuse_lines(len(rows))
    yield from tables.told([[pieces(cell) for cell in row.iterchildren("{*}td", "{*}th")] for row in rows])


def _belongs(row: etree._Element, table: etree._Element) -> bool:
    return next(row.iterancestors("{*}table")) is table


# ── Facts ───────────────────────────────────────────────────────────────────────────────────────────────────────

STATUSES = {
    "usable": "usable",
    "withheld": "withheld",
    "canceled": "canceled",
    "cancelled": "canceled",
}
"""How the formats write a status → the IPTC's word."""


def moment(text: str | None) -> str | None:
    """*text* as an ISO day or time, from ISO's long or short form (``20260714T0600-0400``); None for anything else."""
    for parse in (dt.date.fromisoformat, dt.datetime.fromisoformat):
        try:
            return parse((text or "").strip()).isoformat()
        except ValueError:
            pass
    return None


def embargo_doubt(text: str) -> str:
    """The sentence for an embargo whose time cannot be read from *text*."""
    if not text.strip():
        return "It is marked as embargoed and does not say until when."
    return f"It is embargoed until “{' '.join(text.split())[:80]}”, which is no time that can be read."
