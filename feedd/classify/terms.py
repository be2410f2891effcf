"""Terms: single words and pairs of words of a text's head, for which weights were learned.

A number is the word ``#``, whatever it counts. A pair never crosses the end of a sentence.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import chain, pairwise

from feedd.classify.passages import Find, Passage
from feedd.classify.phrases import is_joint, is_number
from feedd.model import Zone

SHARES: Mapping[Zone, float] = {Zone.HEADLINE: 1.0, Zone.SUBHEAD: 0.4, Zone.LEAD: 0.4, Zone.BODY: 0.2}
"""With how much of its weight a term counts in each zone."""

NUMBER = "#"


class Everything:
    """Knows every term: what training asks with."""

    def __contains__(self, term: object) -> bool:
        return True


def find(known: Container[str], small: str, where: Iterable[Passage]) -> dict[str, list[Find]]:
    """The finds of every term of *known* in a text in small letters."""
    places: dict[str, list[_Place]] = {}
    for passage in where:
        zone, share = passage.zone, SHARES[passage.zone]
        for term, start, end in _terms(known, small, passage):
            places.setdefault(term, []).append((-share, start, end, zone))
    return {term: _finds(rule(term), found) for term, found in places.items()}


_Place = tuple[float, int, int, Zone]
"""Share with its sign turned, start, end, zone: places sort as `halved` sorts, and cost a third of a find."""


def _finds(rule: str, places: list[_Place]) -> list[Find]:
    """What `halved` gives for the same places."""
    places.sort()
    return [Find(rule, zone, start, end, -less * 0.5**rank) for rank, (less, start, end, zone) in enumerate(places)]


def rule(term: str) -> str:
    """The id that evidence shows for *term*."""
    return f"term/{term}"


def _terms(known: Container[str], small: str, passage: Passage) -> Iterator[tuple[str, int, int]]:
    places = passage.words
    words = [word if word.isalpha() or not is_number(word) else NUMBER for word in passage.bare]  # most are plain
    pairs = chain(("",), map(" ".join, pairwise(words)))  # beside its second word
    for place, (word, pair) in enumerate(zip(words, pairs, strict=False)):
        if word in known:
            yield word, places[place][1], places[place][2]
        if pair in known and pair:
            _, began, ended = places[place - 1]
            _, start, end = places[place]
            if is_joint(small, ended, start):
                yield pair, began, end
