"""The measures, on answers made by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from feedd.classify import Finds, learned
from feedd.model import Class, Evidence, Zone
from feedd.parse import parse
from feedd.readers import read
from tests.eval.measures import Answer, of_classes, of_filing, reliability
from tests.train.corpus import Sample

SOURCE = b"Tern Declares Dividend\n\nHalifax, May 6, 2014 - Tern Corp. (TSX:TRN) declared a quarterly dividend."
MARK = Evidence(Zone.LEAD, "Tern", 0, 4, 1.0, "digest/stocks")


def answer(label: str, given: Class, confidence: float = 0.9, *, is_held: bool = False, also_ok: str = "") -> Answer:
    document = read(SOURCE, name="a.txt")
    release = parse(document, path="a.txt", mtime=dt.datetime(2014, 7, 1, tzinfo=dt.UTC), time_zone="UTC")
    row = {"label": label, "subtopic": "corporate.capital", "also_ok": [also_ok] if also_ok else []}
    sample = Sample(Path("a.txt"), row, "tern", document, release, Finds({}, {}, ()))
    found = Answer.of(sample, learned.load()).found
    found = replace(found, class_=given, confidence=confidence, not_issuer=(MARK,) if is_held else ())
    return Answer(sample, found, review_below=0.8)


def test_accuracy_is_the_share_of_right_classes() -> None:
    answers = [
        answer("corporate_milestone", Class.CORPORATE_MILESTONE),
        answer("corporate_milestone", Class.EARNINGS_NOTICE),
    ]

    assert of_classes(answers).accuracy == 0.5


def test_a_second_label_that_can_be_defended_is_right() -> None:
    one = answer("earnings_notice", Class.CORPORATE_MILESTONE, also_ok="corporate_milestone")

    assert of_classes([one]).accuracy == 1.0


def test_a_third_partys_text_is_held_or_filed_by_mistake() -> None:
    answers = [answer("other", Class.EARNINGS_NOTICE), answer("other", Class.EARNINGS_NOTICE, is_held=True)]
    filing = of_filing(answers)

    assert (filing.third_party_filed, filing.third_party_held) == (0.5, 0.5)


def test_the_unsure_and_the_held_are_not_filed() -> None:
    answers = [
        answer("corporate_milestone", Class.CORPORATE_MILESTONE, 0.9),
        answer("corporate_milestone", Class.EARNINGS_NOTICE, 0.5),
        answer("corporate_milestone", Class.CORPORATE_MILESTONE, 0.9, is_held=True),
    ]

    assert (of_filing(answers).filed, of_filing(answers).right) == (0.3333, 1.0)


def test_reliability_compares_what_was_given_with_what_was_right() -> None:
    answers = [
        answer("corporate_milestone", Class.CORPORATE_MILESTONE, 0.95),
        answer("corporate_milestone", Class.EARNINGS_NOTICE, 0.97),
        answer("corporate_milestone", Class.EARNINGS_NOTICE, 0.45),
    ]
    low, high = reliability(answers)

    assert (low.number, low.given, low.right) == (1, 0.45, 0.0)
    assert (high.number, high.given, high.right) == (2, 0.96, 0.5)
