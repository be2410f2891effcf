"""The learned weights that the package holds."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from feedd.classify import authorship, cues, labels, learned
from feedd.model import Class

ROWS = [line.split("\t") for line in learned.TERMS.read_text("utf-8").splitlines()]


def test_the_columns_are_named() -> None:
    assert tuple(ROWS[0]) == learned.COLUMNS


def test_every_term_occurs_with_three_issuers_at_least() -> None:
    assert all(int(issuers) >= 3 for _, issuers, *_ in ROWS[1:])


def test_no_term_is_a_name() -> None:
    """Running text writes the words of a term in small letters, and no word but # has a sign or a digit in it."""
    for term, _, small, *_ in ROWS[1:]:
        assert float(small) >= 0.3, term
        assert all(word == "#" or word.isalpha() for word in term.split()), term


def test_the_terms_are_few_and_each_is_there_once() -> None:
    names = [row[0] for row in ROWS[1:]]

    assert len(names) == len(set(names)) <= 3000
    assert names == sorted(names)


def test_no_weight_of_a_class_is_negative() -> None:
    found = learned.load()
    tables: list[Mapping[Class, float]] = [*found.cues.values(), *(term.classes for term in found.terms.values())]

    assert all(min(weights.values()) == 0 for weights in tables)


@pytest.mark.parametrize("cue", list(cues.weights("cues.toml")))
def test_a_cue_speaks_for_its_own_class_before_all(cue: str) -> None:
    weights = learned.load().cues[cue]

    assert max(weights, key=lambda class_: weights[class_]) is labels.class_of(cue.partition("/")[0])


def test_every_sign_has_a_weight() -> None:
    assert set(learned.load().signs) == set(authorship.SIGNS)


def test_every_mark_is_a_cue_at_a_place() -> None:
    ids = set(cues.weights("not_issuer.toml"))

    for mark in learned.load().marks:
        cue, _, place = mark.partition("@")
        assert cue in ids
        assert place in ("headline", "lead", "body", "tail")


def test_more_odds_make_surer_and_doubt_does_not() -> None:
    rule = learned.load().sureness

    assert rule.odds > 0 >= rule.doubt
    assert rule.lead >= 0
    assert rule.most < 1


def test_the_threshold_is_a_chance() -> None:
    assert 1 / 3 < learned.load().review_below < learned.load().sureness.most
