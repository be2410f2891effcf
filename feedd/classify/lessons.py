"""What decisions of people taught: a small further weight of words, beside what was written and learned before.

It acts only where the rules alone are unsure, and what it adds to a text's sums is less than `MOST`. So it can tip a
text that stands on the edge, and never overrules one that is clear.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from feedd.classify.learned import Weights
from feedd.classify.passages import Find
from feedd.model import Class

MOST = 2.0
"""What decisions add to the sum of a class stays below this, whatever they were. Of the labelled texts that the rules
are unsure of, half lead by less; of those that they are sure of, none does."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """The weights of terms that decisions taught, and their version: a short hash, "" where nothing was taught.

    No weight is negative, so that every word that is taken out lowers a sum.
    """

    weights: Mapping[str, Weights] = field(default_factory=dict)
    version: str = ""


NOTHING = Lesson()


def of(weights: Mapping[str, Weights]) -> Lesson:
    """The lesson with these weights, to four digits; equal ones have equal versions."""
    rows = {term: [round(by_class[class_], 4) for class_ in Class] for term, by_class in sorted(weights.items())}
    return read(json.dumps({term: values for term, values in rows.items() if any(values)}, ensure_ascii=False))


def written(lesson: Lesson) -> str:
    """The weights as JSON: a term's three, in the order of `Class`."""
    return json.dumps({term: list(by_class.values()) for term, by_class in lesson.weights.items()}, ensure_ascii=False)


@lru_cache(maxsize=8)  # every drop asks for the same one
def read(text: str) -> Lesson:
    """The lesson that `written` wrote."""
    rows = json.loads(text)
    weights = {term: dict(zip(Class, values, strict=True)) for term, values in rows.items()}
    return Lesson(weights, hashlib.sha256(text.encode()).hexdigest()[:10]) if weights else NOTHING


def rule(term: str) -> str:
    """The id that evidence shows for a taught *term*."""
    return f"decided/{term}"


def added(lesson: Lesson, finds: Mapping[str, Sequence[Find]]) -> dict[Class, list[tuple[Find, float]]]:
    """What the taught terms among *finds* add to each class's sum, find by find."""
    raw = {class_: list(_raw(lesson, finds, class_)) for class_ in Class}
    return {class_: _squeezed(weighed) for class_, weighed in raw.items()}


def squeezed(whole: float) -> float:
    """A sum of taught weights as it counts: ever more, never `MOST`. A plain limit would silence some words."""
    return MOST * whole / (MOST + whole)


def _raw(lesson: Lesson, finds: Mapping[str, Sequence[Find]], class_: Class) -> Iterator[tuple[Find, float]]:
    for term, found in finds.items():
        weight = lesson.weights[term][class_] if term in lesson.weights else 0.0
        yield from ((find._replace(rule=rule(term)), find.strength * weight) for find in found if weight)


def _squeezed(weighed: list[tuple[Find, float]]) -> list[tuple[Find, float]]:
    whole = sum(weight for _, weight in weighed)
    return [(find, weight * squeezed(whole) / whole) for find, weight in weighed]
