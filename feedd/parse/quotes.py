"""What people are quoted with, and who says it: marks of all kinds, split, continued, attributed anywhere.

Titles of books, defined terms (``the "Company"``) and words in marks are no quotations: nobody says them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from feedd.model import BlockKind, Paragraph, Quote, Zone
from feedd.parse import names, sentences

_VERB = (
    r"(?:sa(?:id|ys|ying)|comment(?:ed|s|ing)|stat(?:ed|es|ing)|add(?:ed|s|ing)|continu(?:ed|es|ing)|not(?:ed|"
    r"es|ing)|explain(?:ed|s|ing)|"
    r"conclud(?:ed|es|ing)|remark(?:ed|s|ing)|declar(?:ed|es)|emphasi[sz](?:ed|es)|highlight(?:ed|s)|"
    r"underlin(?:ed|es)|underscor(?:ed|es)|"
    r"observ(?:ed|es)|affirm(?:ed|s)|shared|reported|wrote|reflect(?:ed|s)|went\s+on(?:\s+to\s+say)?|"
    r"told\s+\w+(?:\s\w+){0,3}|"
    r"(?:a\s|ont\s)?(?:déclaré|ajouté|commenté|affirmé|indiqué|souligné|expliqué|précisé|conclu)|déclare|"
    r"ajoute|commente|affirme|souligne|explique|"
    r"sagte?|erklärte?|kommentierte?|betonte?|ergänzte?|dijo|afirmó|comentó|señaló|añadió|säger|kommenterar|zegt|aldus)"
)
_MARK = re.compile(r'["“”„«»]')
_VERB_THEN_WHO = re.compile(
    rf"[\s,–—-]*\b(?P<verb>{_VERB}|according\s+to)\b(?:\s+(?:today|in\s+a\s+statement))?[\s,:]*(?P<who>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WHO_THEN_VERB = re.compile(
    rf"[\s,–—-]*(?P<who>(?!and\b|but\b|or\b|which\b|that\b|is\b|are\b|was\b|"
    rf"to\b)\S.{{1,150}}?)[\s,]+(?P<verb>{_VERB})\b(?P<rest>.{{0,60}})",
    re.IGNORECASE | re.DOTALL,
)
_SIGNED = re.compile(r"\s*(?:[–—~]|--?)\s*(?P<who>[A-ZÀ-Þ][^!?;:]{3,140}?)\.?\s*$")
_LEADS_IN = re.compile(rf"(?:^\s*(?i:{_VERB})|\b{_VERB})\b")  # "States" is no verb within a sentence
_ACCORDING = re.compile(r"\s*according\s+to\s+(?P<who>[^:]{3,140}),\s*$", re.IGNORECASE)
_PRONOUN = re.compile(r"(?:he|she|they|il|elle|er|sie|él|ella)\b", re.IGNORECASE)
_TERM = re.compile(
    r"(?:^|[\s(])(?:the|collectively|or|our|each|as|an?|called|titled|entitled|named|termed|book|film|song|"
    r"album|like|so-called|under|symbol|ticker|of|hereinafter)[\s,]*$",
    re.IGNORECASE,
)

_LONGEST_TERM = 60
"""Characters before a mark that show that it opens a term."""

_MOST_MARKS = 200
"""Marks of one paragraph that are looked at: no paragraph for readers has more."""

_LEAST_ALONE = 8
"""Words from which a paragraph's opening passage in marks is a quotation though nobody is named."""

_LEAST = 3
"""Words of a quotation with a speaker."""


class _Passage(NamedTuple):
    """``text[start:end]`` between marks that begin at `left` and end at `right`."""

    left: int
    start: int
    end: int
    right: int
    is_closed: bool


class _Source(NamedTuple):
    """Who says it, as written; `end` is where the attribution ends in the text behind the passage."""

    text: str | None
    named: names.Named | None
    verb: str | None
    end: int = 0
    is_pronoun: bool = False


def find(paragraphs: Sequence[Paragraph], company: str = "") -> tuple[Quote, ...]:
    """The quotations of the news in reading order.

    `speaker` is the name as its place gives it (see `people.attributed`); *company* is the issuer's name.
    """
    reader = _Reader(company)
    for paragraph in paragraphs:
        if paragraph.zone in (Zone.LEAD, Zone.BODY) and paragraph.kind is not BlockKind.TABLE:
            reader.take(paragraph.text)
    return tuple(reader.found)


class _Reader:
    """Walks the paragraphs; remembers the quotation that is still open, and who spoke last."""

    def __init__(self, company: str) -> None:
        self.company = company
        self.found: list[Quote] = []
        self.last: names.Named | None = None
        self.is_open = False
        self.before = ""

    def take(self, text: str) -> None:
        passages = list(_passages(text)) if _MARK.search(text) else []
        was_open, self.is_open = self.is_open, False
        continued = False  # the last quotation may go on in the next passage
        for index, passage in enumerate(passages):
            gap = text[passages[index - 1].right if index else 0 : passage.left]
            behind = text[passage.right : passages[index + 1].left if index + 1 < len(passages) else len(text)]
            carried = was_open and index == 0 and not gap.strip()
            continued = self._passage(text, passage, gap, behind, carried=carried, continued=continued)
        self.before = text

    def _passage(self, text: str, passage: _Passage, gap: str, behind: str, *, carried: bool, continued: bool) -> bool:
        """Takes one passage; says whether the attribution behind it may be followed by more of the same."""
        words = text[passage.start : passage.end]
        after = self._after(behind) if _can_end(words, behind) else None
        if carried and self.found:
            self._extend(words)
            if after and self.found[-1].speaker is None:
                self._attribute(after)
        elif continued and after is None:
            self._extend(words)
        else:
            source = after or self._ahead(gap, opens=not gap.strip(), words=words)
            if source is None or _is_term(words, gap, source):
                return False
            self._add(words, source)
        self.is_open = not passage.is_closed
        return (after is not None and not behind[after.end :].strip()) or (carried and not behind.strip())

    def _extend(self, words: str) -> None:
        self.found[-1] = replace(self.found[-1], fragments=(*self.found[-1].fragments, words))

    def _attribute(self, source: _Source) -> None:
        self.found[-1] = self._quote(self.found[-1].fragments, source)

    def _add(self, words: str, source: _Source) -> None:
        self.found.append(self._quote((words,), source))

    def _quote(self, fragments: tuple[str, ...], source: _Source) -> Quote:
        named = self._named(source)
        return Quote(
            speaker=named.name if named else None,
            speaker_text=source.text,
            role=named.role if named else None,
            verb=source.verb,
            fragments=fragments,
        )

    def _named(self, source: _Source) -> names.Named | None:
        named = self.last if source.is_pronoun else source.named
        self.last = named or self.last
        return named

    def _after(self, behind: str) -> _Source | None:
        """The attribution right behind a passage: ``said Ann Ray.``, ``Ray added.``, ``– Ann Ray, CEO``."""
        end = sentences.first_end(behind)
        sentence = behind[:end]
        if len(sentence) > 400 or not sentence.strip():
            return None
        match = _VERB_THEN_WHO.match(sentence) or _WHO_THEN_VERB.match(sentence) or _SIGNED.match(behind)
        if match is None:
            return None
        who = match["who"].strip()
        verb = match.groupdict().get("verb")
        return self._source(who, verb, end) if who else None

    def _source(self, who: str, verb: str | None, end: int) -> _Source | None:
        pronoun = _PRONOUN.match(who)
        if pronoun:
            return _Source(pronoun.group(), None, verb, end, is_pronoun=True)
        named = names.read(who, self.company)
        if named is None and verb is None:
            return None
        text = named.text if named else who
        return _Source(text.strip(" ,.:") or None, named, verb, end)

    def _ahead(self, gap: str, *, opens: bool, words: str) -> _Source | None:
        """The attribution before a passage; for one that opens its paragraph, the paragraph above may lead in."""
        if not opens:
            return self._leading(gap[_last_start(gap) :])
        if self.before.rstrip().endswith(":"):
            led = self._leading(self.before[_last_start(self.before) :])
            if led:
                return led
        return _Source(None, None, None) if _stands_alone(words) else None

    def _leading(self, sentence: str) -> _Source | None:
        """``Ann Ray, CEO, said``; ``Ray said that …, adding``; ``Said Ann Ray:``; ``Ann Ray:``"""
        if not sentence.rstrip().endswith((",", ":", "that", "that,")) and len(sentence) > 200:
            return None
        according = _ACCORDING.match(sentence)
        if according:
            return self._source(according["who"], "according to", 0)
        verbs = list(_LEADS_IN.finditer(sentence))
        if not verbs:
            named = (
                names.read(sentence, self.company) if sentence.rstrip().endswith(":") and len(sentence) < 160 else None
            )
            return _Source(named.text, named, None) if named else None
        first, last = verbs[0], verbs[-1]
        who = sentence[: first.start()].strip(" ,")
        rest = sentence[last.end() :].strip(" ,:")
        if not who:
            who = rest
        return self._source(who, last.group().strip(), 0) if who else None


def _passages(text: str) -> Iterator[_Passage]:
    """What stands between marks, in order. A passage that never closes ends with its paragraph."""
    left: re.Match[str] | None = None
    for mark in islice(_MARK.finditer(text), _MOST_MARKS):
        if left is None:
            if _can_open(text, mark):
                left = mark
        elif _can_close(text, mark, left.group()):
            if not _is_nickname(text, left, mark):
                yield _passage(text, left, mark.start(), mark.end(), is_closed=True)
            left = None
        elif mark.group() in "“„«":
            left = mark if left.end() == len(text) else left
    if left is not None:
        yield _passage(text, left, len(text), len(text), is_closed=False)


def _is_nickname(text: str, left: re.Match[str], right: re.Match[str]) -> bool:
    """Whether the marks stand in somebody's name: ``Robert “Bob” Low``."""
    return (
        right.start() - left.end() <= 16
        and text[left.end() : right.start()].isalpha()
        and bool(re.search(r"[A-Z][a-z]+\s\(?$", text[max(0, left.start() - 12) : left.start()]))
        and bool(re.match(r"\)?\s[A-Z][a-z]", text[right.end() : right.end() + 4]))
    )


def _passage(text: str, left: re.Match[str], end: int, right: int, *, is_closed: bool) -> _Passage:
    start = left.end()
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return _Passage(left.start(), start, max(start, len(text[:end].rstrip())), right, is_closed)


def _can_open(text: str, mark: re.Match[str]) -> bool:
    if mark.group() == "»":
        return text[mark.end() : mark.end() + 1].isalnum() and text.find("«", 0, mark.start()) < 0
    if mark.group() == "”" and "“" in text:
        return False
    before, after = text[max(0, mark.start() - 1) : mark.start()], text[mark.end() : mark.end() + 1]
    return not before.isalnum() and bool(after) and (not after.isspace() or mark.group() == "«")


def _can_close(text: str, mark: re.Match[str], opener: str) -> bool:
    if opener == "«":
        return mark.group() == "»"
    if opener == "»":
        return mark.group() == "«"
    if mark.group() == "„" or (mark.group() == "“" and opener in '“"'):
        return False
    after = text[mark.end() : mark.end() + 1]
    return not after.isalnum() and mark.group() not in "«"


def _can_end(words: str, behind: str) -> bool:
    """Whether an attribution can follow: a mark closes the words or opens what follows, or the words are many."""
    return bool(re.search(r"[,.!?…–—-]$", words)) or bool(re.match(r"\s*[,–—-]", behind)) or len(words.split()) > 6


def _stands_alone(words: str) -> bool:
    return len(words.split()) >= _LEAST_ALONE and words[:1].isupper() and bool(re.search(r"[.!?,…]$|\w$", words))


def _is_term(words: str, gap: str, source: _Source) -> bool:
    """Whether the marks hold a term, a title, a name."""
    count = len(words.split())
    if count < _LEAST and not re.search(r"[,.!?]$", words):
        return True
    return (
        gap.rstrip().endswith("(")
        or (not source.end and bool(_TERM.search(gap, max(0, len(gap) - _LONGEST_TERM))))
        or (count < 4 and not source.end and not gap.rstrip().endswith((",", ":")))
    )


def _last_start(text: str) -> int:
    """Where the last sentence of *text* begins."""
    spans = sentences.split(text[-600:])
    return max(0, len(text) - 600) + spans[-1][0] if spans else 0
