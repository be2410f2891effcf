"""Which words are names: those that running text seldom writes in small letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from feedd.classify.phrases import is_number
from feedd.model import BlockKind, Release, Zone

_WORD = re.compile(r"(?<![\w.])([^\W\d_]+)(?:['’]s)?(?!\w)")
_INSIDE = re.compile(r"[\w,;:)”\"'’%-]\s+\Z")  # what stands before a word that does not begin a sentence


def small_shares(releases: Iterable[Release]) -> dict[str, float]:
    """How often a word stands in small letters in the middle of the sentences of lead and body, 0 to 1."""
    small: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for release in releases:
        for paragraph in release.paragraphs:
            if paragraph.zone in (Zone.LEAD, Zone.BODY) and paragraph.kind is BlockKind.PARAGRAPH:
                for word in _inside(paragraph.text):
                    whole[word.lower()] += 1
                    small[word.lower()] += word.islower()
    return {word: small[word] / count for word, count in whole.items()}


def _inside(text: str) -> Iterable[str]:
    return (
        match[1]
        for match in _WORD.finditer(text)
        if match.start() > 1 and _INSIDE.search(text, max(0, match.start() - 3), match.start())
    )


def small_share(term: str, shares: Mapping[str, float]) -> float:
    """The share of the term's most name-like word; numbers are no names."""
    return min((1.0 if word == "#" or is_number(word) else shares.get(word, 0.0) for word in term.split()), default=0.0)
