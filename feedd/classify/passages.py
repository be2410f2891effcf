"""Passages: the words of a release that are asked what it is about, and those that show who wrote it.

The head (headline, decks, lead, beginning of the body) says what a release is about; profile, contacts and lawyers'
text say nothing. The tail, the last words of the paper, is where a third party owns up to itself. Both are cut off, so
that a long text costs what a short one does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from feedd.classify.phrases import Token, tokens
from feedd.model import Document, Paragraph, Zone

REACH = {Zone.HEADLINE: 700, Zone.SUBHEAD: 700, Zone.LEAD: 700, Zone.BODY: 2500}
"""How many characters of each zone of the head count."""

TAIL_REACH = 1500
"""Characters behind the head that count, from the end of the paper backwards."""


_UNREAD = (Zone.FURNITURE, Zone.FOOTER)
"""Zones that are neither head nor tail: what pages and wires add, a long list of links among it."""


class Passage(NamedTuple):
    """Words that follow one another in one zone; `is_tail` for those behind the head."""

    zone: Zone
    words: Sequence[Token]
    bare: Sequence[str]  # the same words without their places
    at_hand: frozenset[str]  # these as a set
    is_tail: bool = False


class Find(NamedTuple):
    """Something found at characters ``[start, end)``: the rule's id, and with how much of its weight it counts."""

    rule: str
    zone: Zone
    start: int
    end: int
    strength: float
    is_tail: bool = False


@dataclass(frozen=True, slots=True)
class Passages:
    """All that is looked at of a text. `small` is its text in small letters, character for character."""

    small: str
    head: tuple[Passage, ...]
    tail: tuple[Passage, ...]


def passages(document: Document, paragraphs: Sequence[Paragraph]) -> Passages:
    """The head and the tail of a text; no character is in both."""
    small = small_letters(document.text)
    head, rest = _divided(paragraphs)
    head = [part for stretch in head for part in _undescribed(small, stretch)]
    return Passages(
        small,
        tuple(passage(small, *stretch) for stretch in head),
        tuple(passage(small, *stretch, is_tail=True) for stretch in _last(rest)),
    )


def passage(small: str, zone: Zone, start: int, end: int, *, is_tail: bool = False) -> Passage:
    """The words of ``small[start:end]``."""
    words = tokens(small, start, end)
    bare = [word for word, _, _ in words]
    return Passage(zone, words, bare, frozenset(bare), is_tail)


def small_letters(text: str) -> str:
    """*text* in small letters, character for character: a letter whose small form has two characters stays."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


_Stretch = tuple[Zone, int, int]


def _divided(paragraphs: Iterable[Paragraph]) -> tuple[list[_Stretch], list[_Stretch]]:
    head: list[_Stretch] = []
    rest: list[_Stretch] = []
    left = dict(REACH)
    for zone, start, end in _spans(paragraphs):
        cut = min(end, start + left.get(zone, 0))
        if start < cut:
            left[zone] -= cut - start
            head.append((zone, start, cut))
        if cut < end:
            rest.append((zone, cut, end))
    return head, rest


def _spans(paragraphs: Iterable[Paragraph]) -> Iterator[_Stretch]:
    return (
        (paragraph.zone, span.start, span.end)
        for paragraph in paragraphs
        if paragraph.zone not in _UNREAD
        for span in paragraph.spans
    )


_SAYS = re.compile(
    r"[,)]\s(?:today\s|has\s|have\s|is\s|are\s|will\s|to\s|hereby\s)*"
    r"(?:announce|report|pleased|proud|excited|delighted|thrilled|happy|glad|provide|release|publish|declare|received|signed|"
    r"entered|complete|host|hold|present|participate)"
)
_DESCRIBES = re.compile(r"[,)]\s(?:an?|the|one of|which is)\s")


def _undescribed(small: str, stretch: _Stretch) -> list[_Stretch]:
    """A lead without what the company says of itself between its name and its verb.

    "Acme (TSX: ACM), a maker of vaccines and pumps, today announced" is no news of vaccines or pumps.
    """
    zone, start, end = stretch
    says = _SAYS.search(small, start, end) if zone is Zone.LEAD else None
    describes = _DESCRIBES.search(small, start, says.start()) if says else None
    if says is None or describes is None:
        return [stretch]
    return [(zone, start, describes.start()), (zone, says.start(), end)]


def _last(rest: Sequence[_Stretch]) -> list[_Stretch]:
    """The end of *rest*, in reading order."""
    kept: list[_Stretch] = []
    left = TAIL_REACH
    for zone, start, end in reversed(rest):
        if left <= 0:
            break
        kept.append((zone, max(start, end - left), end))
        left -= end - start
    return kept[::-1]


def halved(finds: Iterable[Find]) -> list[Find]:
    """The finds of one rule, strongest first, every one worth half of what its rank before would make it.

    So that no word wins by being repeated, and yet each find adds something: taking any of them out lowers the sum.
    """
    listed = list(finds)
    if len(listed) == 1:
        return listed
    listed.sort(key=lambda find: (-find.strength, find.start))
    share = 1.0
    for rank, (rule, zone, start, end, strength, is_tail) in enumerate(listed):
        listed[rank] = Find(rule, zone, start, end, strength * share, is_tail)
        share /= 2
    return listed


def total(finds: Sequence[Find]) -> float:
    """The sum of the strengths."""
    return finds[0].strength if len(finds) == 1 else sum([find.strength for find in finds])
