"""The lexicon: all that counts words, as one value. The package's own, or with an operator's cues, or with a lesson."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from statistics import median
from typing import Any

from feedd.classify import cues, labels, learned
from feedd.classify.cues import CueFile
from feedd.classify.learned import Learned, Weights
from feedd.classify.lessons import NOTHING, Lesson
from feedd.model import Class

CUES, MARKS = "cues.toml", "not_issuer.toml"

PLACES = ("headline", "lead", "body", "tail")
"""Where a mark can stand."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Cues, the marks of a third party, what was learned of them, and what decisions taught.

    `known` are the terms that are looked for, `version` a short hash of the files, without the lesson.
    """

    cues: CueFile
    marks: CueFile
    learned: Learned
    known: Container[str]
    version: str
    lesson: Lesson = NOTHING

    def taught(self, lesson: Lesson) -> Lexicon:
        """The same with *lesson* in the place of what was taught before."""
        if lesson == self.lesson:
            return self
        known = {*self.learned.terms, *lesson.weights} if lesson.weights else self.learned.terms
        return replace(self, lesson=lesson, known=known)


@cache
def packaged() -> Lexicon:
    """The lexicon of this package."""
    return of(learned.load())


def of(weights: Learned) -> Lexicon:
    """The cues of this package with other learned *weights*."""
    return Lexicon(cues.load(CUES), cues.load(MARKS), weights, weights.terms, learned.rules_version())


def make(cue_rows: Mapping[str, Any], mark_rows: Mapping[str, Any], version: str) -> Lexicon:
    """The lexicon of these cues and marks, with the weights of this package.

    A cue of which nothing was learned says of its class what a point of the others says in the middle.
    """
    found, marks = cues.make(cue_rows), cues.make(mark_rows)
    known = learned.load()
    weights = replace(
        known,
        cues={**_usual_cues(known, cues.ids(found)), **known.cues},
        marks={**_usual_marks(known, cues.ids(marks)), **known.marks},
    )
    return Lexicon(found, marks, weights, weights.terms, version)


def _usual_cues(known: Learned, ids: Iterable[str]) -> dict[str, Weights]:
    usual = {class_: median(w[class_] for id, w in known.cues.items() if _class_of(id) is class_) for class_ in Class}
    return {id: {class_: usual[class_] * (class_ is _class_of(id)) for class_ in Class} for id in ids}


def _usual_marks(known: Learned, weights: Mapping[str, float]) -> dict[str, float]:
    usual = median(weight for weight in known.marks.values() if weight > 0)
    return {f"{id}@{place}": usual if weight > 0 else -usual for id, weight in weights.items() for place in PLACES}


def _class_of(cue: str) -> Class:
    return labels.class_of(cue.partition("/")[0])
