"""Where a sentence ends. Abbreviations, initials and numbers carry full stops that end nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

ABBREVIATIONS = frozenset(
    """
    corp inc ltd co cos llc plc lp bros dr mr mrs ms prof st sr jr no nos vs etc e.g i.e approx est fig al ca cf
    u.s u.k u.n u.s.a b.c p.eng p.geo ph.d m.sc b.sc d.c n.y a.m p.m jan feb mar apr jun jul aug sep sept oct nov dec
    tsx.v s.a n.v b.v a.g gen gov sen rep hon messrs dept univ vol art sec par bzw z.b mio mrd ing dipl nr
    """.split()
)

_STOP = re.compile(
    r"[.!?](?:"  # a set of characters at the start is fast to look for
    r"[\"”’'»)\]]*(?=\s+[\"“‘'«(\[]?[A-Z0-9À-Þ$€£])"
    r"|(?<=[a-z]{3}.)(?=[A-Z][a-z]*\s)"  # a blank that an export lost
    r"|[\"”’'»)\]]*\s*$)"
)
_LONGEST_WORD = 1 + max(map(len, ABBREVIATIONS))
"""Characters before a full stop that are looked at: no abbreviation fills them."""

_LAST_WORD = re.compile(r"[^\s(\"“‘'«]+$")


def first_sentence(text: str) -> str:
    """*text* up to the end of its first sentence; all of it when none ends."""
    return text[: first_end(text)].strip()


def first_end(text: str) -> int:
    """The index behind the first sentence's end."""
    return next(_ends(text), len(text))


@lru_cache(maxsize=64)  # events and their dial-ins ask for the same paragraphs
def split(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences of *text* as ``[start, end)``, without blanks at the edges; remembered, so hand in no long text."""
    spans = []
    start = 0
    for end in (*_ends(text), len(text)):
        sentence = text[start:end]
        after = start + len(sentence.rstrip())
        start += len(sentence) - len(sentence.lstrip())
        if start < after:
            spans.append((start, after))
        start = end
    return tuple(spans)


def _ends(text: str) -> Iterator[int]:
    """The index behind each sentence's end."""
    last = len(text.rstrip())
    return (stop.end() for stop in _STOP.finditer(text) if not _is_abbreviation(text, stop, last))


def has_full_stop(text: str) -> bool:
    """Whether *text* ends with a full stop that is not an abbreviation's."""
    if not text.rstrip("\"”’')").endswith("."):
        return False
    words = text.rstrip("\"”’').").lower().rsplit(maxsplit=1)
    return bool(words) and words[-1] not in ABBREVIATIONS


def is_finished(text: str) -> bool:
    """Whether *text* ends the way a sentence, a list's opening or a quotation does."""
    return text.rstrip()[-1:] in set(".!?:;\"”’'»)…")


def _is_abbreviation(text: str, stop: re.Match[str], last: int) -> bool:
    if text[stop.start()] != "." or stop.end() >= last:
        return False
    word = _LAST_WORD.search(text, max(0, stop.start() - _LONGEST_WORD), stop.start())
    if word is None:
        return False
    bare = word.group().lower()
    return bare in ABBREVIATIONS or (len(bare) == 1 and bare.isalpha() and word.group().isupper())
