"""Terms: single words and pairs of words of a text's head, for which weights were learned.

A number is the word ``#``, whatever it counts. A pair never crosses the end of a sentence.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from feedd.classify.passages import Find, Passage, halved
from feedd.classify.phrases import Token, is_joint, is_number
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
    finds: dict[str, list[Find]] = {}
    for passage in where:
        zone, share = passage.zone, SHARES[passage.zone]
        for term, start, end in _terms(known, small, passage.words):
            finds.setdefault(term, []).append(Find(rule(term), zone, start, end, share))
    return {term: halved(found) for term, found in finds.items()}


def rule(term: str) -> str:
    """The id that evidence shows for *term*."""
    return f"term/{term}"


def _terms(known: Container[str], small: str, words: Iterable[Token]) -> Iterator[tuple[str, int, int]]:
    before, began, ended = "", 0, 0
    for token, start, end in words:
        word = token if token.isalpha() or not is_number(token) else NUMBER  # nine in ten are plain
        if word in known:
            yield word, start, end
        pair = f"{before} {word}"
        if pair in known and before and is_joint(small, ended, start):
            yield pair, began, end
        before, began, ended = word, start, end
