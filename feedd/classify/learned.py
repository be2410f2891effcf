"""What was learned from labelled releases, read from the two files that ``make train`` writes.

``learned.toml`` holds the weights of cues and signs, the calibration and the recipe; ``terms.tsv`` the terms' weights.
No weight of a class is negative: what speaks against one class speaks for the others, which gives the same chances and
lets every word that is taken out lower the sum.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from feedd.model import Class

HERE = Path(__file__).parent
FILE, TERMS = HERE / "learned.toml", HERE / "terms.tsv"
FILES = ("cues.toml", "not_issuer.toml", "taxonomy.toml", "learned.toml", "terms.tsv")
COLUMNS = ("term", "issuers", "small", *Class, "third_party")

Weights = Mapping[Class, float]
"""By class, every one in the order of `Class`."""


class Term(NamedTuple):
    """What a term says of each class, and (`third_party`, negative too) of who wrote the text."""

    classes: Weights
    third_party: float
    speaks_for: Class


class Sureness(NamedTuple):
    """How the chance that the class is right follows from the sums.

    `odds` weighs those of the best class, `lead` how far the second lies behind it (0 to 1: a short text has low sums,
    and may yet say one thing only), `doubt` the chance that a third party wrote the text.
    """

    constant: float
    odds: float
    lead: float
    doubt: float
    most: float  # no sum of words makes surer than this


@dataclass(frozen=True, slots=True)
class Learned:
    """All weights. `cues` by id; `marks` of a third party by ``<cue>@<place>``, `signs` by name."""

    cues: Mapping[str, Weights]
    terms: Mapping[str, Term]
    marks: Mapping[str, float]
    signs: Mapping[str, float]
    constant: float  # of the sum that tells a third party
    held_at: float  # that sum from which a text is held
    sureness: Sureness
    review_below: float


@cache
def load() -> Learned:
    """The weights of this package."""
    rows = (line.split("\t") for line in TERMS.read_text("utf-8").splitlines()[1:])
    return make(tomllib.loads(FILE.read_text("utf-8")), {row[0]: tuple(map(float, row[3:])) for row in rows})


def trained_with() -> set[str]:
    """The marks of the labelled folders that the weights were learned from."""
    return set(tomllib.loads(FILE.read_text("utf-8"))["recipe"]["folders"])


def make(settings: Mapping[str, Any], terms: Mapping[str, tuple[float, ...]]) -> Learned:
    """The weights from the values of the two files: *terms* has the classes in their order, then the third party."""
    author = settings["third-party"]
    return Learned(
        cues={cue: _weights(values) for cue, values in settings["cues"].items()},
        terms={term: _term(values) for term, values in terms.items()},
        marks=author["marks"],
        signs=author["signs"],
        constant=author["constant"],
        held_at=author["held_at"],
        sureness=Sureness(**settings["sureness"]),
        review_below=settings["review_below"],
    )


def _weights(values: tuple[float, ...]) -> Weights:
    return dict(zip(Class, values, strict=True))


def _term(values: tuple[float, ...]) -> Term:
    classes = _weights(values[:-1])
    return Term(classes, values[-1], max(classes, key=lambda class_: classes[class_]))


@cache
def rules_version() -> str:
    """A short hash of all rule files and weights: the same files give the same reading."""
    together = hashlib.sha256()
    for name in FILES:
        together.update((HERE / name).read_bytes())
    return together.hexdigest()[:10]
