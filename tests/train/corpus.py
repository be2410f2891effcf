"""Labelled folders: ``labels.jsonl`` beside ``files/``, read and parsed once for training and measuring."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feedd.classify import Finds, find, lexicon
from feedd.classify.terms import Everything
from feedd.errors import FeeddError
from feedd.model import Class, Document, Release
from feedd.parse import parse
from feedd.readers import read

OTHER = "other"
"""The label of a text that no issuer wrote."""

_MTIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A labelled text as read. `issuer` is what folds are grouped by; `row` is the line of ``labels.jsonl``."""

    path: Path
    row: dict[str, Any]
    issuer: str
    document: Document
    release: Release
    finds: Finds  # of every term, whether it has a weight or not

    @property
    def label(self) -> str:
        return str(self.row["label"])

    @property
    def class_(self) -> Class | None:
        """The labelled class; None for a third party's text."""
        return None if self.label == OTHER else Class(self.label)

    def is_right(self, class_: Class) -> bool:
        """Whether *class_* is the label, or a second one that can be defended."""
        return class_ in (self.label, *self.row["also_ok"])


def samples(folders: Sequence[Path]) -> list[Sample]:
    """All texts of the labelled *folders* that can be read."""
    rows = [(folder / "files" / row["file"], row) for folder in folders for row in labels(folder)]
    found = [sample for path, row in rows if (sample := _sample(path, row))]
    return _of_one_company(found)


def labels(folder: Path) -> list[dict[str, Any]]:
    """The rows of a labelled folder."""
    return [json.loads(line) for line in (folder / "labels.jsonl").read_text("utf-8").splitlines() if line.strip()]


def mark(folder: Path) -> str:
    """A hash that tells whether a labelled folder is one that was trained with."""
    return hashlib.sha256((folder / "labels.jsonl").read_bytes()).hexdigest()[:16]


def _sample(path: Path, row: dict[str, Any]) -> Sample | None:
    try:
        document = read(path.read_bytes(), name=path.name)
        release = parse(document, path=path.name, mtime=_MTIME, time_zone="UTC")
    except FeeddError:
        return None
    finds = find(document, release, lexicon.packaged(), Everything())
    return Sample(path, row, _issuer(row, release), document, release, finds)


def _issuer(row: dict[str, Any], release: Release) -> str:
    symbol = release.tickers[0].symbol if release.tickers else None
    return str(row.get("issuer_key") or symbol or row.get("issuer") or row["file"]).lower()


def _of_one_company(found: list[Sample]) -> list[Sample]:
    """The samples with one issuer for all texts whose legal name is the same, so that no company is in two folds."""
    by_name: dict[str, str] = {}
    return [_renamed(sample, by_name) for sample in found]


def _renamed(sample: Sample, by_name: dict[str, str]) -> Sample:
    issuer = sample.release.issuer
    if issuer is None:
        return sample
    key = by_name.setdefault(issuer.legal_name.casefold().rstrip("."), sample.issuer)
    return Sample(sample.path, sample.row, key, sample.document, sample.release, sample.finds)


def folds(some: Sequence[Sample], number: int = 5) -> Iterator[tuple[list[Sample], list[Sample]]]:
    """*some* as training and test samples, *number* times; every issuer is in one test fold, classes are spread."""
    from sklearn.model_selection import StratifiedGroupKFold

    split = StratifiedGroupKFold(number, shuffle=True, random_state=0)
    kinds, issuers = [sample.label for sample in some], [sample.issuer for sample in some]
    for train, test in split.split(kinds, kinds, issuers):
        yield [some[i] for i in train], [some[i] for i in test]
