"""``python -m tests.train FOLDER…``: learns the weights from labelled folders and writes them into the package.

Needs scikit-learn, which feedd itself never imports. The same folders give the same files.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from feedd.classify import learned
from tests.eval.measures import Answer, of_classes, of_filing
from tests.train import fit
from tests.train.corpus import Sample, folds, mark, samples

HEAD = """\
# Learned weights, written by `make train`: change the recipe in tests/train/fit.py, not this file. The terms' weights
# stand in terms.tsv, and docs/understanding.md tells how all of it is used.
"""


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.train", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="holds labels.jsonl and files/")
    folders = parser.parse_args(words).folders
    some = samples(folders)
    figures = cross_validated(some)
    fitted = fit.fit(some)
    settings = {
        "review_below": fitted.settings["review_below"],
        "recipe": recipe(some, fitted, folders),
        "cross-validated": figures,
        **fitted.settings,
    }
    learned.FILE.write_text(HEAD + "".join(_toml(settings)), "utf-8")
    learned.TERMS.write_text("".join(_table(fitted.terms)), "utf-8")
    print(f"{len(fitted.terms)} terms from {len(some)} texts; held out by issuer:")
    print("\n".join(f"  {name:28} {value}" for name, value in figures.items()))


def recipe(some: Sequence[Sample], fitted: fit.Fitted, folders: Sequence[Path]) -> dict[str, Any]:
    """How the weights were made, for people and for telling training data from other texts."""
    return {
        "texts": len(some),
        "issuers": len({sample.issuer for sample in some}),
        "labels": dict(sorted(Counter(sample.label for sample in some).items())),
        "folders": sorted(mark(folder) for folder in folders),
        "terms": len(fitted.terms),
        "least_issuers": fit.LEAST_ISSUERS,
        "least_small": fit.LEAST_SMALL,
        "model": "logistic regression, L2, by class (balanced) and by author; numbers as #; grouped folds: 5",
        "penalty": fit.PENALTY,
        "scales": {"cue": fit.CUE_SCALE, "class": fit.CLASS_SCALE, "term": fit.TERM_SCALE, "mark": fit.MARK_SCALE},
        "wrongly_held": fit.WRONGLY_HELD,
        "right": fit.RIGHT,
    }


def cross_validated(some: Sequence[Sample]) -> dict[str, float]:
    """What the whole recipe, thresholds too, is worth on issuers it has not seen."""
    answers = list(held_out(some))
    classes, filing = of_classes(answers), of_filing(answers)
    return {
        "class_accuracy": classes.accuracy,
        "macro_f1": classes.macro_f1,
        "filed": filing.filed,
        "right_of_filed": filing.right,
        "third_party_filed": filing.third_party_filed,
        "third_party_held": filing.third_party_held,
        "issuers_held": filing.issuers_held,
    }


def held_out(some: Sequence[Sample]) -> Iterator[Answer]:
    """The answer for every sample by weights that were learned from other issuers' texts."""
    for train, test in folds(some):
        weights = fit.fit(train).learned
        yield from (Answer.of(sample, weights) for sample in test)


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _toml(table: Mapping[str, Any], name: str = "") -> Iterator[str]:
    """*table* as TOML: values first, then the tables below it, one value a line."""
    if name:
        yield f"\n[{name}]\n"
    for key, value in table.items():
        if not _is_section(value):
            yield f"{_key(key)} = {_value(value)}\n"
    for key, value in table.items():
        if _is_section(value):
            yield from _toml(value, f"{name}.{_key(key)}" if name else _key(key))


def _is_section(value: object) -> bool:
    return isinstance(value, dict)


def _key(key: str) -> str:
    return key if key.replace("-", "").replace("_", "").isalnum() else json.dumps(key)


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _table(rows: Iterable[fit.TermRow]) -> Iterator[str]:
    yield "\t".join(learned.COLUMNS) + "\n"
    for row in rows:
        yield "\t".join(map(str, (row.term, row.issuers, row.small, *row.weights))) + "\n"


if __name__ == "__main__":
    main()
