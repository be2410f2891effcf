"""Why a release stands where it stands: the words that decided, marked in their sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from feedd.model import Entry, Evidence, Paragraph, Zone
from feedd.render.content import clean, one_line

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
    end: int


def reasons(entry: Entry) -> tuple[Reason, ...]:
    """The strongest evidence for the class, a sentence each, in the order of the text."""
    evidence = [e for e in entry.classification.evidence if e.weight > 0][:MOST]
    strongest = max((e.weight for e in evidence), default=1.0)
    paragraphs = entry.release.paragraphs
    found = sorted(_find(evidence, paragraphs), key=lambda f: (f.paragraph, f.start, f.evidence.start))
    by_sentence = groupby(found, key=lambda f: (f.paragraph, f.start, f.end))
    return tuple(
        _reason(paragraphs[place].text[start:end], tuple(f.evidence for f in members), strongest)
        for (place, start, end), members in by_sentence
    )


def is_taught(rule: str) -> bool:
    """Whether a piece of evidence with this rule comes from what people decided."""
    return rule.startswith("decided/")


def _find(evidence: Sequence[Evidence], paragraphs: Sequence[Paragraph]) -> Iterator[_Found]:
    for piece in evidence:
        for place, paragraph in enumerate(paragraphs):
            if any(span.start <= piece.start < span.end for span in paragraph.spans):
                yield _Found(piece, place, *_sentence(paragraph, piece))
                break


def _sentence(paragraph: Paragraph, piece: Evidence) -> tuple[int, int]:
    """Where the sentence with the words lies in the paragraph's text; the whole text when they are not there.

    The paragraph's text has its line ends joined, so places in the document are only near places in it: of equal
    words, the nearest are meant.
    """
    words = _pattern(piece.text)
    near = piece.start - paragraph.spans[0].start
    hits = [hit.start() for hit in re.finditer(words, paragraph.text)]
    if not hits:
        return 0, len(paragraph.text)
    hit = min(hits, key=lambda start: abs(start - near))
    ends = [end.end() for end in _SENTENCE_END.finditer(paragraph.text)]
    return (
        max((end for end in ends if end <= hit), default=0),
        min((end for end in ends if end > hit), default=len(paragraph.text)),
    )


def _pattern(words: str) -> str:
    return r"\s+".join(re.escape(word) for word in words.split())


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
    longest_first = sorted({_pattern(clean(w)) for w in words if w.split()}, key=lambda p: (-len(p), p))
    pieces = re.split("(" + "|".join(longest_first) + ")", sentence) if longest_first else [sentence]
    last = len(pieces) - 1
    return Markup("").join(
        Markup("<mark>{}</mark>").format(one_line(piece)) if number % 2 else _shortened(piece, number, last)
        for number, piece in enumerate(pieces)
    )


def _shortened(text: str, number: int, last: int) -> str:
    """The text beside a mark: before the first its end, after the last its beginning, between both."""
    text = re.sub(r"\s+", " ", clean(text))
    if number == 0 and len(text) > _AROUND:
        return "… " + text[-_AROUND:].partition(" ")[2]
    if number == last and len(text) > _AROUND:
        return text[:_AROUND].rpartition(" ")[0] + " …"
    return text
