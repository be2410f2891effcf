"""Where a release begins: labels, headline, decks, and the paragraph that opens the news."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from feedd.errors import ParseError
from feedd.model import BlockKind, Paragraph, Zone
from feedd.parse import dateline, sentences, tables, tickers

LONGEST = 300
"""Characters of a headline; longer ones are text."""

REACH = 16
"""Paragraphs after the headline among which the dateline is looked for; eight decks have been seen."""

_RUNNING_TEXT = 60
"""Characters from which a paragraph that ends like a sentence can be the lead."""


_NEAR = 400
"""Characters of a paragraph in which a company that speaks stands with its tickers."""


class Opening(NamedTuple):
    """Zones of the first paragraphs, up to and with the lead; `headline` are the indexes that make the title."""

    zones: dict[int, Zone]
    headline: tuple[int, ...]
    lead: int | None


def find(paragraphs: Sequence[Paragraph]) -> Opening:
    """The opening of a document. Raises `ParseError` with code ``no-headline``."""
    zones: dict[int, Zone] = {}
    first = _first_of_substance(paragraphs, zones)
    headline = _headline(paragraphs, first)
    zones.update((index, Zone.HEADLINE) for index in headline)
    lead = _lead(paragraphs, headline[-1] + 1)
    for index in range(headline[-1] + 1, len(paragraphs) if lead is None else lead):
        if paragraphs[index].zone is not Zone.FURNITURE:
            zones[index] = _between(paragraphs[index])
    if lead is not None:
        zones[lead] = Zone.LEAD
    return Opening(zones, headline, lead)


def is_label(text: str) -> bool:
    """Whether a line says what the paper is, when it may be shown or who distributes it, not what happened."""
    return tables.is_whole("label", "whole", text) or is_date_line(text) or _is_embargo(text)


def is_date_line(text: str) -> bool:
    """Whether a line is a date and nothing else but its label."""
    if len(text) > 60:
        return False
    match = dateline.DATE.search(text)
    if match is None or len(text) - match.end() > 20:
        return False
    before = text[: match.start()].strip(" ,:–—-")
    return not before or tables.is_whole("date_label", "start", before)


def _is_embargo(text: str) -> bool:
    return (
        len(text) <= 200
        and re.match(r"\W*(?:strictly )?(?:embargo|under embargo|hold for|not for release|sperrfrist)", text, re.I)
        is not None
    )


def _first_of_substance(paragraphs: Sequence[Paragraph], zones: dict[int, Zone]) -> int:
    stated = _stated(paragraphs)
    for index, paragraph in enumerate(paragraphs):
        if paragraph.zone is Zone.FURNITURE:
            continue
        if index != stated and (is_label(paragraph.text) or (stated is not None and index < stated)):
            zones[index] = Zone.LABEL
            continue
        return index
    raise _no_headline("holds labels and page marks only")


def _stated(paragraphs: Sequence[Paragraph]) -> int | None:
    """The heading of the first level that a format marks, if it is not a label."""
    for index, paragraph in enumerate(paragraphs[:REACH]):
        if paragraph.kind is BlockKind.HEADING and paragraph.level == 1 and not is_label(paragraph.text):
            return index
    return None


def _headline(paragraphs: Sequence[Paragraph], first: int) -> tuple[int, ...]:
    _refuse_text(paragraphs, first)
    indexes = [first]
    for index in range(first + 1, len(paragraphs)):
        if not _is_wrapped(paragraphs[indexes[-1]], paragraphs[index]):
            break
        indexes.append(index)
    return tuple(indexes)


def _refuse_text(paragraphs: Sequence[Paragraph], first: int) -> None:
    paragraph = paragraphs[first]
    if paragraph.kind is BlockKind.HEADING and len(paragraph.text) <= LONGEST:
        return
    if dateline.find(paragraph.text) is not None:
        raise _no_headline("opens with its dateline")
    if len(paragraph.text) > LONGEST:
        raise _no_headline(f"opens with a paragraph of {len(paragraph.text)} characters")
    if paragraph.kind in (BlockKind.TABLE, BlockKind.ITEM):
        raise _no_headline(f"opens with a {'table' if paragraph.kind is BlockKind.TABLE else 'list'}")
    if sentences.has_full_stop(paragraph.text) and not _leads_to_news(paragraphs, first):
        raise _no_headline("opens with a sentence of running text")


def _leads_to_news(paragraphs: Sequence[Paragraph], first: int) -> bool:
    """Whether a dateline or a company with its tickers follows: then even a sentence is a headline."""
    if len(sentences.split(paragraphs[first].text)) > 1:
        return False
    texts = [paragraph.text for paragraph in paragraphs[first + 1 : first + REACH]]
    return any(dateline.find(text) or any(tickers.groups(text[:_NEAR])) for text in texts)


def _is_wrapped(above: Paragraph, below: Paragraph) -> bool:
    """Whether the line *below* carries on the headline's last line: same block, same look."""
    if below.group != above.group or below.kind is not BlockKind.LINE or above.kind is not BlockKind.LINE:
        return False
    if is_label(below.text) or dateline.find(below.text):
        return False
    shouted = above.text.isupper() and below.text.isupper()
    return shouted or below.text[0].islower() or above.text[-1] in ",-–—&" or len(above.text) >= 40


def _lead(paragraphs: Sequence[Paragraph], start: int) -> int | None:
    reach = range(start, min(start + REACH, len(paragraphs)))
    with_dateline = (index for index in reach if _opens_with_dateline(paragraphs[index]))
    running = (index for index in range(start, len(paragraphs)) if _is_running_text(paragraphs[index]))
    found = next(with_dateline, None)
    if found is None:
        return next(running, None)
    return found if len(paragraphs[found].text) > 80 else next((i for i in running if i >= found), found)


def _opens_with_dateline(paragraph: Paragraph) -> bool:
    return (
        paragraph.kind in (BlockKind.PARAGRAPH, BlockKind.LINE)
        and paragraph.zone is not Zone.FURNITURE
        and not is_label(paragraph.text)
        and dateline.find(paragraph.text) is not None
    )


def _is_running_text(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return (
        paragraph.kind is BlockKind.PARAGRAPH
        and paragraph.zone is not Zone.FURNITURE
        and len(text) >= _RUNNING_TEXT
        and sentences.is_finished(text)
        and not tables.starts("label", "whole", text)
    )


def _between(paragraph: Paragraph) -> Zone:
    """The zone of a paragraph between headline and lead."""
    if is_label(paragraph.text):
        return Zone.LABEL
    return Zone.DATELINE if dateline.find(paragraph.text) else Zone.SUBHEAD


def _no_headline(what: str) -> ParseError:
    return ParseError(
        "no-headline",
        f"No headline was found: the text {what}.",
        "Put the headline on a line of its own before the first paragraph.",
    )
