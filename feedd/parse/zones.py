"""Zones: which paragraph is headline, news, profile, contact, lawyers' text, page furniture.

The order matters: furniture first, because it lands anywhere, also in the middle of a sentence; then the sentences it
broke are joined; then the opening is found; then the rest is walked from section to section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from feedd.errors import ParseError
from feedd.model import Block, BlockKind, Document, Paragraph, Removed, Span, Zone
from feedd.parse import headline, sentences, tables

LONGEST_HEADING = 130
"""Characters of a line that can be a section's heading."""

_SHORT = 40
"""Characters up to which an open line is a label, and no broken sentence."""

_LONG = 300
"""Characters of a paragraph that is surely running text."""

KINDS = {
    Zone.LABEL: "doc_label",
    Zone.FURNITURE: "furniture",
    Zone.PROFILE: "issuer_profile",
    Zone.BACKGROUND: "background",
    Zone.CONTACT: "contact",
    Zone.FOOTER: "wire_footer",
    Zone.LEGAL: "legal",
}
"""What ``removed_sections`` calls a zone; lawyers' text about the future is ``forward_looking``."""

_HEADED = (  # asked in this order
    (Zone.LEGAL, "legal"),
    (Zone.CONTACT, "contact"),
    (Zone.PROFILE, "profile"),
)
_SECTIONS = frozenset(zone for zone, _ in _HEADED)
_OPENED = (
    (Zone.LEGAL, "legal"),
    (Zone.CONTACT, "contact"),
)
_NEWS = frozenset({Zone.LEAD, Zone.BODY})
_LETTERHEAD_KEYS = ("phone", "number", "web", "street", "postal", "country")
_FORWARD = re.compile(r"forward[- ]looking|prospecti(?:f|ve)s?\b|zukunftsgerichtet", re.IGNORECASE)
_VALUE = re.compile(r"\d{3}[-. ]\d{4}|@|www\.|https?:|:$|: ")
_RUN_IN = re.compile(r"(about [^:.\n]{2,80}):\s+(?=[A-Z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Division:
    """All paragraphs with their zones, the headline's among them, and what is not part of the body."""

    paragraphs: tuple[Paragraph, ...]
    removed: tuple[Removed, ...]


def headed(document: Document) -> Document:
    """*document* with the title that its format states before the text, where the text has no headline of its own."""
    if not document.title or not document.blocks or _has_headline(document):
        return document
    title = " ".join(document.title.split())
    shift = len(title) + 2
    first = Block(BlockKind.HEADING, 0, len(title), group=0, level=1)
    moved = (replace(b, start=b.start + shift, end=b.end + shift, group=b.group + 1) for b in document.blocks)
    return replace(document, text=f"{title}\n\n{document.text}", blocks=(first, *moved))


def _has_headline(document: Document) -> bool:
    try:
        headline.find(_joined(document))
    except ParseError:
        return False
    return True


def divide(document: Document) -> Division:
    """The zones of *document*. Raises `ParseError` when there is no headline."""
    paragraphs = _joined(document)
    opening = headline.find(paragraphs)
    zoned = [_in_zone(paragraph, opening.zones.get(index)) for index, paragraph in enumerate(paragraphs)]
    walked = zoned if opening.lead is None else zoned[: opening.lead + 1] + _walk(zoned[opening.lead + 1 :])
    return Division(tuple(walked), tuple(_removed(walked)))


# ── From blocks to paragraphs ───────────────────────────────────────────────────────────────────────────────────


def _joined(document: Document) -> list[Paragraph]:
    """The paragraphs of *document* with furniture marked, and the sentences that it broke put together."""
    return _rejoin(_mark_furniture(_paragraphs(document)))


def _paragraphs(document: Document) -> list[Paragraph]:
    return [
        Paragraph(
            Zone.BODY,
            block.kind,
            _plain(document.text[block.start : block.end], block.kind),
            (Span(block.start, block.end),),
            block.group,
            block.level,
        )
        for block in document.blocks
    ]


def _plain(text: str, kind: BlockKind) -> str:
    if kind is BlockKind.TABLE:
        return "\n".join(re.sub(r"\s*\t\s*| {3,}", "\t", line.strip()) for line in text.split("\n"))
    return " ".join(text.split())


# ── Furniture ───────────────────────────────────────────────────────────────────────────────────────────────────


def _mark_furniture(paragraphs: list[Paragraph]) -> list[Paragraph]:
    furniture = {i for i, p in enumerate(paragraphs) if tables.is_whole("furniture", "whole", p.text)}
    furniture |= _letterheads(paragraphs)
    furniture |= _page_heads(paragraphs)
    return [_in_zone(p, Zone.FURNITURE if i in furniture else None) for i, p in enumerate(paragraphs)]


def _letterheads(paragraphs: Sequence[Paragraph]) -> set[int]:
    """Runs of address lines under a letterhead's label, in whatever order its parts fell out of the page."""
    found: set[int] = set()
    for index, paragraph in enumerate(paragraphs):
        if index not in found and tables.is_whole("furniture", "letterhead", paragraph.text.rstrip(":")):
            run = _address_run(paragraphs, index + 1)
            if len(run) >= 2 and any(_is_postal(paragraphs[i].text) for i in run):
                found |= {index, *run}
    return found


def _is_postal(text: str) -> bool:
    return tables.is_whole("furniture", "postal", text) or tables.is_whole("furniture", "street", text)


def _address_run(paragraphs: Sequence[Paragraph], start: int) -> list[int]:
    run = []
    for index in range(start, min(start + 12, len(paragraphs))):
        paragraph = paragraphs[index]
        if paragraph.kind is not BlockKind.LINE or not (is_address(paragraph.text) or _is_name(paragraphs, index)):
            break
        run.append(index)
    return run


def is_address(text: str) -> bool:
    """Whether a line is a part of an address: street, place with postal code, country, phone, web."""
    return len(text) <= 80 and any(tables.is_whole("furniture", key, text) for key in _LETTERHEAD_KEYS)


def _is_name(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Whether a line is the name above an address: the next line of the same block is a part of one."""
    following = paragraphs[index + 1 : index + 2]
    return bool(following) and following[0].group == paragraphs[index].group and is_address(following[0].text)


def _page_heads(paragraphs: Sequence[Paragraph]) -> set[int]:
    """Lines that repeat and break a sentence at least once: the head of every page."""
    seen: dict[str, list[int]] = {}
    for index, paragraph in enumerate(paragraphs):
        if paragraph.kind is BlockKind.LINE and len(paragraph.text) <= LONGEST_HEADING:
            seen.setdefault(paragraph.text, []).append(index)
    return {
        index
        for indexes in seen.values()
        if len(indexes) > 1 and any(_breaks_sentence(paragraphs, i) for i in indexes)
        for index in indexes[0 if not _is_first(paragraphs, indexes[0]) else 1 :]
    }


def _is_first(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """The first line of a paper may be the headline that later pages repeat."""
    return index <= 1


def _breaks_sentence(paragraphs: Sequence[Paragraph], index: int) -> bool:
    return 0 < index < len(paragraphs) - 1 and _continues(paragraphs[index - 1], paragraphs[index + 1])


def _continues(above: Paragraph, below: Paragraph) -> bool:
    """Whether *below* carries on the sentence that *above* leaves open."""
    return (
        above.kind is below.kind is BlockKind.PARAGRAPH or (above.kind is BlockKind.LINE and len(above.text) > _SHORT)
    ) and (below.text[0].islower() and not sentences.is_finished(above.text))


def _rejoin(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Paragraphs with the sentences that furniture broke put together again; the furniture follows them."""
    joined: list[Paragraph] = []
    pending: list[Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.zone is Zone.FURNITURE:
            pending.append(paragraph)
        elif pending and joined and _continues(joined[-1], paragraph):
            joined[-1] = _join(joined[-1], paragraph)
        else:
            joined += [*pending, paragraph]
            pending = []
    return joined + pending


def _join(above: Paragraph, below: Paragraph) -> Paragraph:
    return replace(above, kind=BlockKind.PARAGRAPH, text=f"{above.text} {below.text}", spans=above.spans + below.spans)


# ── Sections after the lead ─────────────────────────────────────────────────────────────────────────────────────


def _walk(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    zone = Zone.BODY
    walked = []
    last = _last_news(paragraphs)
    for index, paragraph in enumerate(paragraphs):
        if paragraph.zone is not Zone.FURNITURE:
            zone = _next_zone(zone, paragraph, is_over=index > last)
            paragraph = _placed(paragraph, zone, paragraphs[index + 1 : index + 2])
        walked.append(paragraph)
    return walked


def _last_news(paragraphs: Sequence[Paragraph]) -> int:
    """The index of the last long paragraph before the first heading of a section that is not the news.

    Lines such as "Source: …" stand below figures too; the wire's own lines come behind all of the news.
    """
    last = -1
    for index, paragraph in enumerate(paragraphs):
        if _can_head(paragraph) and _headed(paragraph.text.rstrip(":")):
            break
        if len(paragraph.text) > _LONG and not tables.starts("legal", "start", paragraph.text):
            last = index
    return last


def _next_zone(zone: Zone, paragraph: Paragraph, *, is_over: bool) -> Zone:
    text = paragraph.text
    if is_over and len(text) <= _LONG and tables.starts("footer", "start", text):
        return Zone.FOOTER
    if _can_head(paragraph):
        headed = _headed(text.rstrip(":"))
        if headed:
            return headed
    opened = _opened(text)
    if opened is not None and not (opened is Zone.CONTACT and zone in _NEWS and len(text) > 400):
        return opened
    return _unheaded(zone, paragraph)


def _can_head(paragraph: Paragraph) -> bool:
    if paragraph.kind is BlockKind.HEADING:
        return True
    return (
        paragraph.kind in (BlockKind.LINE, BlockKind.PARAGRAPH)
        and len(paragraph.text) <= LONGEST_HEADING
        and not sentences.has_full_stop(paragraph.text)
    )


def _headed(text: str) -> Zone | None:
    for zone, form in _zone_forms("heading"):  # asked of every line: a generator would cost as much as the forms
        if form.fullmatch(text):
            return zone
    return None


def _opened(text: str) -> Zone | None:
    if _RUN_IN.match(text):
        return Zone.PROFILE
    for zone, form in _zone_forms("start"):
        if form.match(text):
            return zone
    return None


@cache
def _zone_forms(key: str) -> tuple[tuple[Zone, re.Pattern[str]], ...]:
    return tuple((zone, tables.forms(part, key)) for zone, part in (_HEADED if key == "heading" else _OPENED))


def _unheaded(zone: Zone, paragraph: Paragraph) -> Zone:
    """The zone of a paragraph that opens no section by itself."""
    is_behind = zone in (Zone.PROFILE, Zone.BACKGROUND) and paragraph.kind is not BlockKind.PARAGRAPH
    if is_behind and _can_head(paragraph) and not _VALUE.search(paragraph.text):
        return Zone.BACKGROUND
    if zone is Zone.FOOTER and len(paragraph.text) > _LONG:
        return Zone.BACKGROUND
    if zone in (Zone.CONTACT, Zone.PROFILE, Zone.BACKGROUND) and len(_FORWARD.findall(paragraph.text)) > 1:
        return Zone.LEGAL
    return zone


def _placed(paragraph: Paragraph, zone: Zone, following: Sequence[Paragraph]) -> Paragraph:
    is_heading = paragraph.kind is BlockKind.LINE and _is_heading(paragraph, zone, following)
    if is_heading:
        return replace(paragraph, zone=zone, kind=BlockKind.HEADING, level=2)
    return _in_zone(paragraph, zone)


def _in_zone(paragraph: Paragraph, zone: Zone | None) -> Paragraph:
    """*paragraph* in *zone*; None leaves it where it is. Made by hand: `replace` costs three times as much."""
    if zone is None or zone is paragraph.zone:
        return paragraph
    return Paragraph(zone, paragraph.kind, paragraph.text, paragraph.spans, paragraph.group, paragraph.level)


def _is_heading(paragraph: Paragraph, zone: Zone, following: Sequence[Paragraph]) -> bool:
    text = paragraph.text
    if zone in _SECTIONS and _headed(text.rstrip(":")) is zone and not _VALUE.search(text.rstrip(":")):
        return True
    stands_alone = not following or following[0].group != paragraph.group
    return (
        zone in (Zone.BODY, Zone.BACKGROUND)
        and stands_alone
        and bool(following)
        and len(text) <= LONGEST_HEADING
        and following[0].kind is not BlockKind.LINE
        and not _VALUE.search(text)
    )


# ── What is not part of the body ────────────────────────────────────────────────────────────────────────────────


def _removed(paragraphs: Sequence[Paragraph]) -> Iterator[Removed]:
    for run in _sections(paragraphs):
        text = "\n\n".join(p.text for p in run)
        heading = _heading_of(run)
        yield Removed(_kind(run[0].zone, text), heading, text.removeprefix(heading or "").strip())


def _sections(paragraphs: Sequence[Paragraph]) -> Iterator[list[Paragraph]]:
    """Runs of one removed zone; a heading begins a new one. Furniture inside a section does not end it."""
    for furniture in (False, True):
        run: list[Paragraph] = []
        for paragraph in (p for p in paragraphs if p.zone in KINDS and (p.zone is Zone.FURNITURE) == furniture):
            if run and (paragraph.zone is not run[-1].zone or _begins(paragraph)):
                yield run
                run = []
            run.append(paragraph)
        if run:
            yield run


def _begins(paragraph: Paragraph) -> bool:
    if paragraph.zone is Zone.FURNITURE:
        return tables.is_whole("furniture", "letterhead", paragraph.text.rstrip(":"))
    return paragraph.kind is BlockKind.HEADING or paragraph.zone is Zone.LABEL


def _heading_of(run: Sequence[Paragraph]) -> str | None:
    first = run[0]
    is_headed = first.kind is BlockKind.HEADING or (first.zone is Zone.FURNITURE and _begins(first))
    return first.text if is_headed and len(run) > 1 else None


def _kind(zone: Zone, text: str) -> str:
    return "forward_looking" if zone is Zone.LEGAL and _FORWARD.search(text) else KINDS[zone]
