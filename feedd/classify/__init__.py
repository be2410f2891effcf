"""Classifying: class, subtopic and the words that decided, by weighted cues from data files.

release ─► stretches that count ─► finds of cues ─► sum by subtopic ─► sum by class ─► confidence
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from feedd.classify import cues, labels
from feedd.classify.labels import SUBTOPICS, class_label, codes, subtopic_label
from feedd.model import Class, Classification, Document, Evidence, Release, RunnerUp, Zone

NOTHING = "operations.general"
"""The subtopic of a text in which no cue was found; its confidence is that of a guess."""

_Finds = Mapping[str, Sequence[Evidence]]


def classify(document: Document, release: Release) -> Classification:
    """The class of *release*, whose spans count characters of *document*."""
    file = cues.load("cues.toml")
    finds = cues.find(file, document.text, cues.stretches(release.paragraphs, file.settings))
    scores = {subtopic: cues.total(found) for subtopic, found in finds.items()}
    by_class = {class_: sum(s for t, s in scores.items() if labels.class_of(t) is class_) for class_ in Class}
    ranked = sorted(Class, key=lambda class_: -by_class[class_])
    chances = _chances(by_class, float(file.settings["temperature"]))
    best = ranked[0] if scores else labels.class_of(NOTHING)
    subtopic = _best_subtopic(scores, best) or NOTHING
    return Classification(
        class_=best,
        subtopic=subtopic,
        secondary=_secondary(scores, subtopic, file.settings),
        confidence=round(min(chances[best], float(file.settings["most_sure"])), 3),
        score=round(by_class[best], 3),
        runner_up=_runner_up(scores, chances, ranked),
        evidence=_evidence(finds, best),
        not_issuer=not_issuer(document, release),
        rules_version=cues.rules_version(),
    )


def review_below() -> float:
    """The confidence under which a person should look, from the rule file."""
    return float(cues.load("cues.toml").settings["review_below"])


def not_issuer(document: Document, release: Release) -> tuple[Evidence, ...]:
    """The words by which a text shows that a third party wrote it; empty below the rule file's threshold."""
    file = cues.load("not_issuer.toml")
    where = (
        cues.Stretch(paragraph.zone, span.start, span.end, 1.0)
        for paragraph in release.paragraphs
        if paragraph.zone is not Zone.FURNITURE
        for span in paragraph.spans
    )
    finds = [item for found in cues.find(file, document.text, where).values() for item in found]
    evidence = sorted((item for item in finds if item.weight > 0), key=lambda item: (-item.weight, item.start))
    return tuple(evidence) if cues.total(finds) >= float(file.settings["threshold"]) else ()


def _chances(by_class: Mapping[Class, float], temperature: float) -> dict[Class, float]:
    top = max(by_class.values())
    odds = {class_: math.exp((score - top) / temperature) for class_, score in by_class.items()}
    return {class_: share / sum(odds.values()) for class_, share in odds.items()}


def _best_subtopic(scores: Mapping[str, float], class_: Class) -> str | None:
    """The subtopic of *class_* with the highest score; of equal ones the taxonomy's first."""
    own = [subtopic for subtopic in SUBTOPICS if subtopic in scores and labels.class_of(subtopic) is class_]
    return max(own, key=lambda subtopic: scores[subtopic], default=None)


def _secondary(scores: Mapping[str, float], primary: str, settings: Mapping[str, float]) -> tuple[str, ...]:
    least = max(settings["secondary_score"], settings["secondary_share"] * scores.get(primary, 0.0))
    others = [t for t in SUBTOPICS if t != primary and scores.get(t, 0.0) >= least]
    return tuple(sorted(others, key=lambda subtopic: -scores[subtopic])[:3])


def _runner_up(scores: Mapping[str, float], chances: Mapping[Class, float], ranked: Sequence[Class]) -> RunnerUp | None:
    second = next((class_ for class_ in ranked[1:] if _best_subtopic(scores, class_)), None)
    subtopic = _best_subtopic(scores, second) if second else None
    if second is None or subtopic is None:
        return None
    return RunnerUp(second, subtopic, round(chances[second], 3))


def _evidence(finds: _Finds, class_: Class) -> tuple[Evidence, ...]:
    own = (item for subtopic, found in finds.items() if labels.class_of(subtopic) is class_ for item in found)
    return tuple(sorted(own, key=lambda item: (-item.weight, item.start)))


__all__ = [
    "SUBTOPICS",
    "class_label",
    "classify",
    "codes",
    "labels",
    "not_issuer",
    "review_below",
    "subtopic_label",
]
