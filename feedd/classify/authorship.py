"""Who wrote a text: the issuer, or a third party (law firm, paid article, digest, interview, promotion)?

A sum of its own beside the classes: marks (cues of ``not_issuer.toml`` by where they stand), terms, and signs, which
are what a release of an issuer has and a text lacks. Only marks and terms can be shown in the text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from feedd.classify.lexicon import Lexicon
from feedd.classify.passages import Find
from feedd.model import Release, Zone

LEAST_WORDS = 0.5
"""What the words must add up to before signs count, where no mark is among them."""

SHORT, LEAST_IN_SHORT = 1_500, 1.5
"""Characters up to which a text shows no signs, and what its words must add up to where none admits it: a short release
lacks much that long ones have, and holding the news of an issuer costs more than letting a third party's text by."""

_PLACE_OF = {Zone.HEADLINE: "headline", Zone.SUBHEAD: "lead", Zone.LEAD: "lead", Zone.BODY: "body"}

SIGNS: Mapping[str, Callable[[Release, frozenset[Zone]], bool]] = {
    "no-dateline": lambda release, _: release.dateline is None,
    "no-profile": lambda _, zones: Zone.PROFILE not in zones,
    "no-legal": lambda _, zones: Zone.LEGAL not in zones,
}
"""What an issuer's release seldom lacks."""


def signs(release: Release) -> list[str]:
    """The signs that *release* shows."""
    if is_short(release):
        return []
    zones = frozenset(paragraph.zone for paragraph in release.paragraphs)
    return [name for name, shows in SIGNS.items() if shows(release, zones)]


def is_short(release: Release) -> bool:
    return sum(len(paragraph.text) for paragraph in release.paragraphs) <= SHORT


def is_certain(lexicon: Lexicon, find: Find) -> bool:
    """Whether the words count as written in the cue file and not as learned, because they admit it."""
    return find.rule in lexicon.marks.settings["certain"]


def mark(find: Find) -> str:
    """The id of a mark by which its weight was learned: ``digest/stocks@headline``."""
    return f"{find.rule}@{'tail' if find.is_tail else _PLACE_OF[find.zone]}"


def weighed(
    lexicon: Lexicon, marks: Sequence[Find], terms: Mapping[str, Sequence[Find]]
) -> Iterator[tuple[Find, float]]:
    """Every find that counts, with what it adds to the sum."""
    learned = lexicon.learned
    for find in marks:
        yield find, find.strength if is_certain(lexicon, find) else abs(find.strength) * learned.marks[mark(find)]
    for term, finds in terms.items():
        weight = learned.terms[term].third_party
        for find in finds if weight else ():
            yield find, find.strength * weight


def total(lexicon: Lexicon, release: Release, marks: Sequence[Find], weights: Sequence[tuple[Find, float]]) -> float:
    """The sum: the higher, the more likely a third party wrote the text.

    Minus infinity where no words show a third party: what a text lacks says nothing alone, as short releases lack it
    too.
    """
    words = sum(weight for _, weight in weights)
    if _says_too_little(lexicon, release, marks, words):
        return -math.inf
    learned = lexicon.learned
    return learned.constant + words + sum(learned.signs[name] for name in signs(release))


def _says_too_little(lexicon: Lexicon, release: Release, marks: Sequence[Find], words: float) -> bool:
    if is_short(release):
        return words < LEAST_IN_SHORT and not any(is_certain(lexicon, find) for find in marks)
    return words < LEAST_WORDS and not any(find.strength > 0 for find in marks)
