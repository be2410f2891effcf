"""Measures of a labelled folder: what was answered, and how often that was right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from feedd.classify import classify, learned, lexicon
from feedd.model import Class, Classification
from tests.train.corpus import Sample


@dataclass(frozen=True, slots=True)
class Answer:
    """A labelled text and its reading."""

    sample: Sample
    found: Classification
    review_below: float

    @classmethod
    def of(cls, sample: Sample, weights: learned.Learned) -> Answer:
        """What feedd answers for *sample* with *weights*."""
        return cls(sample, classify(sample.document, sample.release, lexicon.of(weights)), weights.review_below)

    @property
    def is_held(self) -> bool:
        return bool(self.found.not_issuer)

    @property
    def is_filed(self) -> bool:
        """Whether nobody is asked to look."""
        return not self.is_held and self.found.confidence >= self.review_below

    @property
    def is_right(self) -> bool:
        return self.sample.is_right(self.found.class_)


@dataclass(frozen=True, slots=True)
class Classes:
    """Of issuers' texts: accuracy, mean F1 of the classes, and how often each pair (label, answer) was met."""

    accuracy: float
    macro_f1: float
    subtopic_accuracy: float
    pairs: Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Filing:
    """Shares of issuers' texts: filed, right of those, held; of third parties' texts: held, and filed by mistake."""

    filed: float
    right: float
    third_party_filed: float
    third_party_held: float
    issuers_held: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Issuers' texts given a confidence in ``[low, low + 0.1)``: how many, the mean given, the share right."""

    low: float
    number: int
    given: float
    right: float


def of_classes(answers: Iterable[Answer]) -> Classes:
    """The classes of issuers' texts; a second label that can be defended counts as met."""
    own = [answer for answer in answers if answer.sample.class_]
    pairs = Counter((_label(answer), answer.found.class_.value) for answer in own)
    return Classes(
        accuracy=_share(answer.is_right for answer in own),
        macro_f1=round(sum(_f1(pairs, class_.value) for class_ in Class) / len(Class), 4),
        subtopic_accuracy=_share(answer.found.subtopic == answer.sample.row["subtopic"] for answer in own),
        pairs=pairs,
    )


def _label(answer: Answer) -> str:
    return answer.found.class_.value if answer.is_right else answer.sample.label


def _f1(pairs: Counter[tuple[str, str]], name: str) -> float:
    met = pairs[name, name]
    asked = sum(count for (label, _), count in pairs.items() if label == name)
    given = sum(count for (_, answer), count in pairs.items() if answer == name)
    return 2 * met / (asked + given) if asked + given else 1.0


def of_filing(answers: Sequence[Answer]) -> Filing:
    """What is filed and what is held."""
    own = [answer for answer in answers if answer.sample.class_]
    others = [answer for answer in answers if not answer.sample.class_]
    return Filing(
        filed=_share(answer.is_filed for answer in own),
        right=_share(answer.is_right for answer in own if answer.is_filed),
        third_party_filed=_share(answer.is_filed for answer in others),
        third_party_held=_share(answer.is_held for answer in others),
        issuers_held=_share(answer.is_held for answer in own),
    )


def reliability(answers: Iterable[Answer]) -> Iterator[Bin]:
    """Ten bins of confidence, the empty ones left out."""
    bins: dict[int, list[Answer]] = {}
    for answer in answers:
        if answer.sample.class_:
            bins.setdefault(min(9, int(answer.found.confidence * 10)), []).append(answer)
    for place, some in sorted(bins.items()):
        given = sum(answer.found.confidence for answer in some) / len(some)
        yield Bin(place / 10, len(some), round(given, 3), _share(answer.is_right for answer in some))


def _share(truths: Iterable[bool]) -> float:
    """How many are true, 0 to 1, rounded to four places; of none, all."""
    listed = list(truths)
    return round(sum(listed) / len(listed), 4) if listed else 1.0
