"""To which release that is known a new text belongs: as its correction, its withdrawal, its translation.

Pure: the releases it could belong to come in as values. The rules are those of `DESIGN.md`, *Identity*: a text changes
another by itself only when both are of the same issuer and exactly one fits; else a person decides.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from feedd.model import Reading, Release

LONGEST_BACK = dt.timedelta(days=400)
"""How old a release may be that a text corrects or takes back by itself: an annual one, and some time to notice."""

LEAST_TITLE = 20
"""Letters and digits of a headline that says by itself which release is meant."""

SAME_WORDS = 0.8
"""The share of words in common from which one text is the other, mended."""

LEAST_NUMBERS, SAME_NUMBERS = 4, 0.7
"""Numbers that two texts in different languages share, and their share of all, when one translates the other."""


class Candidate(NamedTuple):
    """A release of the same issuer that a text could belong to."""

    id: int
    reading: Reading


_MENDING = re.compile(
    r"^\W*(?:correct(?:ion|ed|ing)(?:\s+and\s+replac(?:ing|es))?(?:\s+of)?|corrigendum|erratum|update[ds]?|replacement|"
    r"retract(?:ion|s)(?:\s+of)?|withdraw(?:al|s|n)(?:\s+of)?)\b[\s:–—-]*|"
    r"\W*[(\[](?:corrected|correction|updated?|withdrawn)[)\]]\W*$",
    re.IGNORECASE,
)


def occasions(reading: Reading) -> frozenset[str]:
    """What a release is about that can come only once: its events, and the period whose results it reports."""
    period = reading.release.fiscal_period
    events = {event.uid for event in reading.release.events}
    if reading.classification.subtopic == "earnings.results" and period and period.fiscal_year:
        events.add(f"results:{period.fiscal_year}:{period.last_quarter}")
    return frozenset(events)


def is_same_news(reading: Reading, earlier: Reading) -> bool:
    """Whether a text of the same issuer under the same path is *earlier*, changed: the same day or the same occasion.

    A file name used again for the next quarter's news is neither.
    """
    return reading.release.day == earlier.release.day or bool(occasions(reading) & occasions(earlier))


def corrected(reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those of *candidates* that a text with words of correction may mend; exactly one is sure."""
    return _narrowed(
        candidates,
        lambda one: _headline(one.reading.release) == _headline(reading.release),
        lambda one: _names_day(_whole(reading.release), one.reading.release.day),
        lambda one: bool(occasions(reading) & occasions(one.reading)),
        lambda one: _words_in_common(reading.release, one.reading.release) >= SAME_WORDS,
    )


def withdrawn(reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those of *candidates* that a text with words of withdrawal may take back; exactly one is sure."""
    whole = _bare(_whole(reading.release))
    return _narrowed(
        candidates,
        lambda one: _headline(one.reading.release) == _headline(reading.release),
        lambda one: len(title := _bare(one.reading.release.title)) >= LEAST_TITLE and title in whole,
        lambda one: _names_day(_whole(reading.release), one.reading.release.day),
    )


def translated(reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those of *candidates* that *reading* says in another language: the same day, nearly the same numbers."""
    own = _numbers(reading.release) if candidates else frozenset()
    return [
        one
        for one in candidates
        if one.reading.release.day == reading.release.day
        and _language(one.reading.release) != _language(reading.release)
        and _share(own, _numbers(one.reading.release)) >= SAME_NUMBERS
    ]


def _narrowed(candidates: Sequence[Candidate], *rules: Callable[[Candidate], bool]) -> list[Candidate]:
    """What each rule in turn leaves of *candidates*, until one is left; a rule that fits none is passed over."""
    fits_any = False
    left = list(candidates)
    for rule in rules:
        fitting = [one for one in left if rule(one)]
        if fitting:
            left, fits_any = fitting, True
        if fits_any and len(left) == 1:
            break
    return left if fits_any else []


def _headline(release: Release) -> str:
    """A headline without the words that say it is a correction."""
    return _bare(_MENDING.sub("", release.title))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _whole(release: Release) -> str:
    return "\n".join(paragraph.text for paragraph in release.paragraphs)


_SPEAKS_OF_RELEASE = re.compile(
    r"\b(?:release|announcement|statement)\b.*\b(?:dated|issued|published|disseminated|of|on|from)\b", re.IGNORECASE
)
_MENDS = re.compile(
    r"\b(?:correct|replac|amend|restat|retract|withdraw|disregard|error|erroneous|incorrect|mistake)", re.IGNORECASE
)


def _names_day(text: str, day: dt.date) -> bool:
    """Whether a sentence of *text* speaks of the release of *day* as mended or taken back."""
    for spelling in _spellings(day):
        for match in re.finditer(re.escape(spelling), text):
            start = max(text.rfind(". ", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
            end = text.find("\n", match.end())
            sentence = text[start : end if end >= 0 else None]
            if _SPEAKS_OF_RELEASE.search(sentence) and _MENDS.search(sentence):
                return True
    return False


def _spellings(day: dt.date) -> Iterator[str]:
    month = _MONTHS[day.month - 1]
    for name in (month, month.upper(), month[:3], f"{month[:3]}."):
        yield f"{name} {day.day}, {day.year}"
        yield f"{day.day} {name} {day.year}"
    yield day.isoformat()


_MONTHS = "January February March April May June July August September October November December".split()


def _words_in_common(one: Release, other: Release) -> float:
    return _share(_words(one), _words(other))


def _words(release: Release) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", " ".join(paragraph.text for paragraph in release.body).casefold()))


def _numbers(release: Release) -> frozenset[str]:
    """The numbers of a text by their digits alone: 1,234.5 and 1 234,5 are one number in two languages."""
    found = re.findall(r"\d(?:[\d.,\u00a0\u202f ]*\d)", " ".join(paragraph.text for paragraph in release.body))
    numbers = frozenset(re.sub(r"\D", "", number) for number in found)
    return numbers if len(numbers) >= LEAST_NUMBERS else frozenset()


def _share(some: frozenset[str], others: frozenset[str]) -> float:
    """How much of what either has both have; 0 for nothing."""
    return len(some & others) / len(some | others) if some and others else 0.0


def _language(release: Release) -> str:
    return (release.language or "").partition("-")[0]


def only(found: Iterable[Candidate]) -> Candidate | None:
    """The one that fits; None for none, and for several, among which a person must choose."""
    rest = list(found)
    return rest[0] if len(rest) == 1 else None
