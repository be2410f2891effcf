"""Why a release stands where it stands: the words that decided, marked in their sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from feedd.model import Entry, Evidence, Paragraph, Zone
from feedd.render.content import one_line

MOST = 8  # pieces of evidence shown, the strongest
_AROUND = 160  # characters kept on each side of the marked words in a long sentence

# A sentence ends at . ! or ? when a capital follows, but not after one letter ("J. Smith", "11 a.m. Eastern") nor
# after the commonest abbreviations. It only chooses how much is shown, so a miss costs little.
_SENTENCE_END = re.compile(
    r"(?<=\w\w[.!?])(?<!Corp\.)(?<!Inc\.)(?<!Ltd\.)(?<!Mr\.)(?<!Ms\.)(?<!Dr\.)(?<!No\.)"
    r"[”\"’']?\s+(?=[“\"‘']?[A-Z])"
)

_PLACES = {
    Zone.LABEL: "label",
    Zone.HEADLINE: "headline",
    Zone.SUBHEAD: "subhead",
    Zone.DATELINE: "dateline",
    Zone.LEAD: "first paragraph",
    Zone.BODY: "text",
}


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that counted, their weight as stated, and as a share (0–100) of the strongest."""

    words: str
    weight: float
    percent: int
    taught: bool = False  # by decisions of people


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence with the deciding words marked, where it stands, and the words one by one."""

    sentence: Markup
    place: str
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    evidence: Evidence
    paragraph: int  # its place in the release
    start: int  # of the sentence, in the paragraph's text
    sentence: str


def reasons(entry: Entry) -> tuple[Reason, ...]:
    """The strongest evidence for the class, a sentence each, in the order of the text."""
    evidence = [e for e in entry.classification.evidence if e.weight > 0][:MOST]
    strongest = max((e.weight for e in evidence), default=1.0)
    found = sorted(_find(evidence, entry.release.paragraphs), key=lambda f: (f.paragraph, f.start, f.evidence.start))
    by_sentence = groupby(found, key=lambda f: (f.paragraph, f.start, f.sentence))
    return tuple(
        _reason(sentence, tuple(f.evidence for f in members), strongest)
        for (_paragraph, _start, sentence), members in by_sentence
    )


def is_taught(rule: str) -> bool:
    """Whether a piece of evidence with this rule comes from what people decided."""
    return rule.startswith("decided/")


def _find(evidence: Sequence[Evidence], paragraphs: Sequence[Paragraph]) -> Iterator[_Found]:
    spans = [(span.start, span.end, place) for place, each in enumerate(paragraphs) for span in each.spans]
    texts: dict[int, tuple[str, list[int]]] = {}
    for piece in evidence:
        place = next((place for start, end, place in spans if start <= piece.start < end), None)
        if place is None:
            continue
        if place not in texts:
            text = one_line(paragraphs[place].text)
            texts[place] = text, [end.end() for end in _SENTENCE_END.finditer(text)]
        yield _Found(piece, place, *_sentence(*texts[place], paragraphs[place].spans[0].start, piece))


def _sentence(text: str, ends: Sequence[int], begins: int, piece: Evidence) -> tuple[int, str]:
    """The sentence of *text* with the words, after its start; the whole text when they are not there.

    *ends* are those of its sentences. The text has its white space joined, so places in the document, where it
    *begins*, are only near places in it: of equal words, the nearest are meant.
    """
    hits = list(_places(text, one_line(piece.text)))
    if not hits:
        return 0, text
    hit = min(hits, key=lambda start: abs(start - (piece.start - begins)))
    start = max((end for end in ends if end <= hit), default=0)
    return start, text[start : min((end for end in ends if end > hit), default=len(text))]


def _places(text: str, words: str) -> Iterator[int]:
    """Where *words* begin in *text*, one after the other. Patterns of them would each have to be compiled."""
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + max(len(words), 1))


def _reason(sentence: str, evidence: Sequence[Evidence], strongest: float) -> Reason:
    return Reason(
        sentence=_marked(sentence, [piece.text for piece in evidence]),
        place=_PLACES.get(evidence[0].zone, "text"),
        cues=tuple(
            Cue(one_line(piece.text), piece.weight, round(100 * piece.weight / strongest), is_taught(piece.rule))
            for piece in sorted(evidence, key=lambda piece: -piece.weight)
        ),
    )


def _marked(sentence: str, words: Sequence[str]) -> Markup:
    """The sentence as HTML with *words* in ``<mark>``, far text on both sides left out."""
    longest_first = sorted({one_line(each) for each in words if each.split()}, key=lambda each: (-len(each), each))
    pieces = list(_split(sentence, longest_first))
    last = len(pieces) - 1
    return Markup("".join(  # noqa: S704 - every piece is escaped
        f"<mark>{escape(piece)}</mark>" if number % 2 else escape(_shortened(piece, number, last))
        for number, piece in enumerate(pieces)
    ))  # fmt: skip


def _split(text: str, words: Sequence[str]) -> Iterator[str]:
    """*text* in pieces, every second of them one of *words*: always the next, and of several the first."""
    done = 0
    while True:
        hits = [(at, order) for order, each in enumerate(words) if (at := text.find(each, done)) >= 0]
        if not hits:
            yield text[done:]
            return
        at, order = min(hits)
        yield text[done:at]
        yield words[order]
        done = at + len(words[order])


def _shortened(text: str, number: int, last: int) -> str:
    """The text beside a mark: before the first its end, after the last its beginning, between both."""
    if number == 0 and len(text) > _AROUND:
        return "… " + text[-_AROUND:].partition(" ")[2]
    if number == last and len(text) > _AROUND:
        return text[:_AROUND].rpartition(" ")[0] + " …"
    return text
