"""Classifying: class, subtopic and the words that decided, by hand-written cues and learned terms.

release ─► passages that count ─► finds of cues and terms ─► sum by class ─► confidence
                                └► marks of a third party ─► held or not

Where the rules are unsure, what people decided about other releases is added to the sum. What a person decided about
this very release stands above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from feedd.classify import labels
from feedd.classify.labels import SUBTOPICS, class_label, codes, subtopic_label
from feedd.classify.lessons import NOTHING, Lesson
from feedd.classify.lexicon import Lexicon, packaged
from feedd.classify.passages import Find
from feedd.classify.sums import Finds, Sums, Weighed, chances, find, sure, weigh
from feedd.classify.teaching import Example, teach
from feedd.model import Class, Classification, Decision, Document, Evidence, Release, RunnerUp, Span, Zone

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


def classify(
    document: Document, release: Release, lexicon: Lexicon | None = None, decision: Decision | None = None
) -> Classification:
    """The class of *release*, whose spans count characters of *document*, by the package's lexicon or another.

    What a person decided about this release is what it is; the words that speak for that are its evidence then.
    """
    lexicon = lexicon or packaged()
    found = weigh(document, release, lexicon)
    best = decision.class_ if decision else found.ranked[0]
    subtopic = (decision and decision.subtopic) or _subtopic(found.sums.subtopics, best)
    return Classification(
        class_=best,
        subtopic=subtopic,
        secondary=_secondary(found.sums.subtopics, subtopic),
        confidence=1.0 if decision else round(found.confidence, 3),
        score=round(found.sums.classes[best], 3),
        runner_up=None if decision else _runner_up(found),
        evidence=_shown(document, release, _speaking(found, best, lexicon)),
        not_issuer=_shown(document, release, found.author) if found.sums.author >= lexicon.learned.held_at else (),
        rules_version=lexicon.version,
        lesson=lexicon.lesson.version,
        decided=decision is not None,
    )


def _subtopic(scores: Mapping[str, float], class_: Class) -> str:
    """The subtopic of *class_* with the highest score; of equal ones the taxonomy's first."""
    own = [subtopic for subtopic in SUBTOPICS if subtopic in scores and labels.class_of(subtopic) is class_]
    return max(own, key=lambda subtopic: scores[subtopic], default=USUAL[class_])


def _secondary(scores: Mapping[str, float], primary: str) -> tuple[str, ...]:
    least = max(SECONDARY_SCORE, SECONDARY_SHARE * scores.get(primary, 0.0))
    others = [t for t in SUBTOPICS if t != primary and scores.get(t, 0.0) >= least]
    return tuple(sorted(others, key=lambda subtopic: -scores[subtopic])[:3])


def _runner_up(found: Weighed) -> RunnerUp | None:
    """The strongest other class that a cue speaks for, with its share of the chance that is left."""
    best, *others = found.ranked
    scores = found.sums.subtopics
    named = {labels.class_of(subtopic) for subtopic in scores}
    second = next((class_ for class_ in others if class_ in named), None)
    if second is None:
        return None
    chance = chances(found.sums.classes)
    share = (1 - round(found.confidence, 3)) / (1 - chance[best])
    return RunnerUp(second, _subtopic(scores, second), round(share * chance[second], 3))


def _speaking(found: Weighed, class_: Class, lexicon: Lexicon) -> Iterator[tuple[Find, float]]:
    """What speaks for *class_* before all others, with what it adds to the sum."""
    learned = lexicon.learned
    for subtopic, finds in found.finds.cues.items():
        if labels.class_of(subtopic) is class_:
            yield from ((find, find.strength * learned.cues[find.rule][class_]) for find in finds)
    for term, finds in found.finds.terms.items():
        if learned.terms[term].speaks_for is class_:
            yield from ((find, find.strength * learned.terms[term].classes[class_]) for find in finds)
    yield from found.taught.get(class_, ())


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
    "NOTHING",
    "SUBTOPICS",
    "Example",
    "Finds",
    "Lesson",
    "Lexicon",
    "Sums",
    "class_label",
    "classify",
    "codes",
    "find",
    "labels",
    "subtopic_label",
    "sure",
    "teach",
]
