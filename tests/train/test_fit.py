"""Learning weights from a few invented texts; needs scikit-learn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn")

from feedd.classify import classify, lexicon
from feedd.model import Class
from tests.train import fit
from tests.train.corpus import Sample, folds, samples

KINDS = {
    "earnings_notice": ("Posts Its Quarter", "net income of the quarter rose to 3 million and margins widened"),
    "operational_update": ("Digs Deeper", "the drill reached new veins of copper below the old shaft of the mine"),
    "corporate_milestone": ("Names Its Chief", "the board appointed a chief who joins from a bank in the spring"),
    "other": ("Could Soar, Say Watchers", "these stocks to watch are soaring and this article was paid for by others"),
}
NAMES = "Tern Gull Sable Heron Plover Petrel Avocet Curlew Dunlin Knot".split()


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    folder = tmp_path_factory.mktemp("labelled")
    (folder / "files").mkdir()
    rows = [_written(folder, name, label) for name in NAMES for label in KINDS]
    (folder / "labels.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return samples([folder])


def _written(folder: Path, name: str, label: str) -> dict[str, object]:
    title, lead = KINDS[label]
    file = f"{name}-{label}.txt".lower()
    text = f"{name} {title}\n\nHalifax, May 6, 2014 - At {name} {lead}."
    (folder / "files" / file).write_text(text, "utf-8")
    return {"file": file, "issuer_key": name, "label": label, "subtopic": "corporate.people", "also_ok": []}


def test_no_issuer_is_in_two_folds(some: list[Sample]) -> None:
    for train, test in folds(some):
        assert not {sample.issuer for sample in train} & {sample.issuer for sample in test}


def test_terms_are_words_of_several_issuers_and_no_names(some: list[Sample]) -> None:
    known = fit.vocabulary(some)

    assert "appointed" in known
    assert not {name.lower() for name in NAMES} & set(known)


def test_what_was_learned_classifies(some: list[Sample]) -> None:
    learned = fit.fit(some).learned

    for sample in some:
        if sample.class_:
            assert classify(sample.document, sample.release, lexicon.of(learned)).class_ is sample.class_


def test_no_weight_of_a_class_is_negative(some: list[Sample]) -> None:
    learned = fit.weights(some).learned

    assert all(min(term.classes.values()) == 0 for term in learned.terms.values())
    assert all(set(term.classes) == set(Class) for term in learned.terms.values())


def test_equal_texts_teach_equal_weights(some: list[Sample]) -> None:
    assert fit.weights(some) == fit.weights(some)
