"""Classifying: class, subtopic and the words that decided, by hand-written cues and learned terms.

release ─► passages that count ─► finds of cues and terms ─► sum by class ─► confidence
                                └► marks of a third party ─► held or not
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from feedd.classify import authorship, cues, labels, terms
from feedd.classify.labels import SUBTOPICS, class_label, codes, subtopic_label
from feedd.classify.learned import Learned, load, rules_version
from feedd.classify.passages import Find, passages, total
from feedd.classify.terms import Everything
from feedd.model import Class, Classification, Document, Evidence, Release, RunnerUp, Span, Zone

MOST_EVIDENCE = 40
"""Finds that are shown, strongest first; the rest adds little."""

USUAL = {
    Class.EARNINGS_NOTICE: "earnings.results",
    Class.OPERATIONAL_UPDATE: "operations.general",
    Class.CORPORATE_MILESTONE: "corporate.structure",
}
"""The subtopic of a text whose terms tell the class, though no cue tells the subtopic."""

SECONDARY_SCORE, SECONDARY_SHARE = 1.3, 0.22
"""A secondary subtopic's cues add up to at least this much, and to this share of the primary's."""


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


def classify(document: Document, release: Release, learned: Learned | None = None) -> Classification:
    """The class of *release*, whose spans count characters of *document*, by the package's weights or by others."""
    learned = learned or load()
    finds = find(document, release, learned.terms)
    author = list(authorship.weighed(learned, finds.marks, finds.terms))
    sums = Sums(
        {subtopic: total(found) for subtopic, found in finds.cues.items()},
        _by_class(finds, learned),
        authorship.total(learned, release, finds.marks, author),
    )
    best, *others = sorted(Class, key=lambda class_: -sums.classes[class_])
    chances = _chances(sums.classes)
    confidence = round(sure(learned, sums), 3)
    subtopic = _subtopic(sums.subtopics, best)
    return Classification(
        class_=best,
        subtopic=subtopic,
        secondary=_secondary(sums.subtopics, subtopic),
        confidence=confidence,
        score=round(sums.classes[best], 3),
        runner_up=_runner_up(sums, others, (1 - confidence) / (1 - chances[best])),
        evidence=_shown(document, release, _speaking(finds, best, learned)),
        not_issuer=_shown(document, release, author) if sums.author >= learned.held_at else (),
        rules_version=rules_version(),
    )


def review_below() -> float:
    """The confidence under which a person should look, as training chose it."""
    return load().review_below


def find(document: Document, release: Release, known: Mapping[str, object] | Everything) -> Finds:
    """All that counts in a text; of terms those of *known*."""
    read = passages(document, release.paragraphs)
    marks = cues.find(cues.load("not_issuer.toml"), read.small, (*read.head, *read.tail))
    return Finds(
        cues.find(cues.load("cues.toml"), read.small, read.head),
        terms.find(known, read.small, read.head),
        [find for found in marks.values() for find in found],
    )


def sure(learned: Learned, sums: Sums) -> float:
    """The chance that the best class is right."""
    rule = learned.sureness
    best, second, _ = sorted(sums.classes.values(), reverse=True)
    if best < LEAST_SUM:
        return max(_chances(sums.classes).values())
    chance = min(max(_chances(sums.classes).values()), 1 - _LEAST)
    odds = math.log(chance / (1 - chance))
    lead = (best - second) / best if best else 0.0
    doubt = _logistic(sums.author)
    return min(rule.most, _logistic(rule.constant + rule.odds * odds + rule.lead * lead + rule.doubt * doubt))


_LEAST = 1e-9  # a chance of 1 has no odds


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, value))))


def _by_class(finds: Finds, learned: Learned) -> dict[Class, float]:
    sums = [0.0] * len(Class)  # in the order of all weights: a list, for looking a class up costs more than adding
    for strength, weights in _weighted(finds, learned):
        for place, weight in enumerate(weights.values()):
            sums[place] += strength * weight
    return dict(zip(Class, sums, strict=True))


def _weighted(finds: Finds, learned: Learned) -> Iterator[tuple[float, Mapping[Class, float]]]:
    yield from ((find.strength, learned.cues[find.rule]) for found in finds.cues.values() for find in found)
    yield from ((total(found), learned.terms[term].classes) for term, found in finds.terms.items())


def _chances(sums: Mapping[Class, float]) -> dict[Class, float]:
    top = max(sums.values())
    odds = {class_: math.exp(value - top) for class_, value in sums.items()}
    whole = sum(odds.values())
    return {class_: share / whole for class_, share in odds.items()}


def _subtopic(scores: Mapping[str, float], class_: Class) -> str:
    """The subtopic of *class_* with the highest score; of equal ones the taxonomy's first."""
    own = [subtopic for subtopic in SUBTOPICS if subtopic in scores and labels.class_of(subtopic) is class_]
    return max(own, key=lambda subtopic: scores[subtopic], default=USUAL[class_])


def _secondary(scores: Mapping[str, float], primary: str) -> tuple[str, ...]:
    least = max(SECONDARY_SCORE, SECONDARY_SHARE * scores.get(primary, 0.0))
    others = [t for t in SUBTOPICS if t != primary and scores.get(t, 0.0) >= least]
    return tuple(sorted(others, key=lambda subtopic: -scores[subtopic])[:3])


def _runner_up(sums: Sums, others: Sequence[Class], share: float) -> RunnerUp | None:
    """The strongest of *others* that a cue speaks for, with its *share* of the chance that is left."""
    named = {labels.class_of(subtopic) for subtopic in sums.subtopics}
    second = next((class_ for class_ in others if class_ in named), None)
    if second is None:
        return None
    return RunnerUp(second, _subtopic(sums.subtopics, second), round(share * _chances(sums.classes)[second], 3))


def _speaking(finds: Finds, class_: Class, learned: Learned) -> Iterator[tuple[Find, float]]:
    """What speaks for *class_* before all others, with what it adds to the sum."""
    for subtopic, found in finds.cues.items():
        if labels.class_of(subtopic) is class_:
            yield from ((find, find.strength * learned.cues[find.rule][class_]) for find in found)
    for term, found in finds.terms.items():
        if learned.terms[term].speaks_for is class_:
            yield from ((find, find.strength * learned.terms[term].classes[class_]) for find in found)


def _shown(document: Document, release: Release, weighed: Iterable[tuple[Find, float]]) -> tuple[Evidence, ...]:
    """The strongest of what adds to a sum, with the words as they stand in the text."""
    strongest = sorted((item for item in weighed if item[1] > 0), key=lambda item: (-item[1], item[0].start))
    spans = [span for p in release.paragraphs if p.zone is Zone.HEADLINE for span in p.spans]
    headline = Span(spans[0].start, spans[-1].end)
    return tuple(_evidence(document.text, headline, *item) for item in strongest[:MOST_EVIDENCE])


def _evidence(text: str, headline: Span, find: Find, weight: float) -> Evidence:
    start = _start(text, headline, find)
    return Evidence(find.zone, text[start : find.end], start, find.end, weight, find.rule)


_FIRST_WORD = re.compile(r"\w\S*\s+(?=\w)")


def _start(text: str, headline: Span, find: Find) -> int:
    """Where the words of *find* begin; behind the first of them where they are all of the headline.

    Without the others the phrase does not stand there, and the text still has the headline that it needs.
    """
    if find.zone is not Zone.HEADLINE or any(c.isalnum() for c in text[headline.start : find.start]):
        return find.start
    first = _FIRST_WORD.match(text, find.start, find.end)
    is_all = not any(c.isalnum() for c in text[find.end : headline.end])
    return first.end() if first and is_all else find.start


__all__ = [
    "SUBTOPICS",
    "class_label",
    "classify",
    "codes",
    "labels",
    "review_below",
    "subtopic_label",
]
