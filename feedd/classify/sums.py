"""What counts in a text, what it adds up to by class, and how sure the best class is. The plain arithmetic."""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from feedd.classify import authorship, cues, lessons, terms
from feedd.classify.learned import Learned
from feedd.classify.lexicon import Lexicon
from feedd.classify.passages import Find, passages, total
from feedd.model import Class, Document, Release

LEAST_SUM = 1.0
"""Below this sum of weights the words say next to nothing: hardly a labelled release was there to be calibrated by."""


@dataclass(frozen=True, slots=True)
class Finds:
    """All that was found in a text: cues by subtopic, terms, and the marks of a third party."""

    cues: Mapping[str, Sequence[Find]]
    terms: Mapping[str, Sequence[Find]]
    marks: Sequence[Find]


@dataclass(frozen=True, slots=True)
class Sums:
    """What the finds add up to: by subtopic by hand-written weights, by class by learned ones, and of the author."""

    subtopics: Mapping[str, float]
    classes: Mapping[Class, float]
    author: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """A text's finds and sums, how sure its best class is, and what decisions added, find by find."""

    finds: Finds
    sums: Sums
    confidence: float
    author: Sequence[tuple[Find, float]]
    taught: Mapping[Class, Sequence[tuple[Find, float]]]

    @property
    def ranked(self) -> list[Class]:
        """The classes, the likeliest first."""
        return sorted(Class, key=lambda class_: -self.sums.classes[class_])


def weigh(document: Document, release: Release, lexicon: Lexicon) -> Weighed:
    """*release* by the rules, and where they alone are unsure with what decisions taught."""
    everything = find(document, release, lexicon)
    by_rules = _by_rules(everything, release, lexicon)
    if not lexicon.lesson.weights or by_rules.confidence >= lexicon.learned.review_below:
        return by_rules
    return _with_lesson(by_rules, everything, lexicon)


def find(document: Document, release: Release, lexicon: Lexicon, known: Container[str] | None = None) -> Finds:
    """All that counts in a text; of terms those of *known*, else those of the lexicon."""
    read = passages(document, release.paragraphs)
    marks = cues.find(lexicon.marks, read.small, (*read.head, *read.tail))
    return Finds(
        cues.find(lexicon.cues, read.small, read.head),
        terms.find(lexicon.known if known is None else known, read.small, read.head),
        [find for found in marks.values() for find in found],
    )


def chances(sums: Mapping[Class, float]) -> dict[Class, float]:
    """The chance of each class as its sum says it, before calibration."""
    top = max(sums.values())
    odds = {class_: math.exp(value - top) for class_, value in sums.items()}
    whole = sum(odds.values())
    return {class_: share / whole for class_, share in odds.items()}


def sure(learned: Learned, sums: Sums) -> float:
    """The chance that the best class is right."""
    rule = learned.sureness
    best, second, _ = sorted(sums.classes.values(), reverse=True)
    if best < LEAST_SUM:
        return max(chances(sums.classes).values())
    chance = min(max(chances(sums.classes).values()), 1 - _LEAST)
    odds = math.log(chance / (1 - chance))
    lead = (best - second) / best if best else 0.0
    doubt = _logistic(sums.author)
    return min(rule.most, _logistic(rule.constant + rule.odds * odds + rule.lead * lead + rule.doubt * doubt))


_LEAST = 1e-9  # a chance of 1 has no odds


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, value))))


def _by_rules(everything: Finds, release: Release, lexicon: Lexicon) -> Weighed:
    learned = lexicon.learned
    finds = _of_rules(everything, lexicon)
    author = list(authorship.weighed(lexicon, finds.marks, finds.terms))
    sums = Sums(
        {subtopic: total(found) for subtopic, found in finds.cues.items()},
        _by_class(finds, learned),
        authorship.total(lexicon, release, finds.marks, author),
    )
    return Weighed(finds, sums, sure(learned, sums), author, {})


def _of_rules(finds: Finds, lexicon: Lexicon) -> Finds:
    """*finds* without terms of which only decisions speak."""
    if not lexicon.lesson.weights:
        return finds
    return replace(finds, terms={term: found for term, found in finds.terms.items() if term in lexicon.learned.terms})


def _with_lesson(by_rules: Weighed, everything: Finds, lexicon: Lexicon) -> Weighed:
    taught = lessons.added(lexicon.lesson, everything.terms)
    before = by_rules.sums
    classes = {class_: before.classes[class_] + sum(weight for _, weight in taught[class_]) for class_ in Class}
    sums = replace(before, classes=classes)
    return replace(by_rules, sums=sums, confidence=sure(lexicon.learned, sums), taught=taught)


def _by_class(finds: Finds, learned: Learned) -> dict[Class, float]:
    sums = [0.0] * len(Class)  # in the order of all weights: a list, for looking a class up costs more than adding
    for strength, weights in _weighted(finds, learned):
        for place, weight in enumerate(weights.values()):
            sums[place] += strength * weight
    return dict(zip(Class, sums, strict=True))


def _weighted(finds: Finds, learned: Learned) -> Iterator[tuple[float, Mapping[Class, float]]]:
    yield from ((find.strength, learned.cues[find.rule]) for found in finds.cues.values() for find in found)
    yield from ((total(found), learned.terms[term].classes) for term, found in finds.terms.items())
