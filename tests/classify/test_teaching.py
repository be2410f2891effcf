"""What decisions teach, and what they cannot."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from factories import an_unclear_text
from feedd.classify import Example, classify, lessons, lexicon, teach
from feedd.classify.lessons import MOST, NOTHING, Lesson
from feedd.classify.sums import weigh
from feedd.classify.teaching import MARGIN, MOST_OF_TERM, MOST_TERMS, TERMS_OF_ONE
from feedd.model import Class, Classification, Decision, Document, Release
from feedd.parse import parse
from feedd.readers import read

MTIME = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
MILESTONE, UPDATE, NOTICE = Class.CORPORATE_MILESTONE, Class.OPERATIONAL_UPDATE, Class.EARNINGS_NOTICE
RULES = lexicon.packaged()
CLEAR = (
    b"Tern Reports Second Quarter Results\n\nHalifax, March 2, 2026 - Tern Corp. (TSX: TRN) today reported financial "
    b"results for the second quarter. Net income rose to $3 million on the lanterns and the pier, with soup and songs."
)


def parsed(data: bytes) -> tuple[Document, Release]:
    document = read(data, name="drop.txt")
    return document, parse(document, path="drop.txt", mtime=MTIME, time_zone="UTC")


def decided(class_: Class, *texts: bytes) -> list[Example]:
    return [Example(*parsed(text), class_) for text in texts]


def classified(data: bytes, lesson: Lesson = NOTHING, decision: Decision | None = None) -> Classification:
    return classify(*parsed(data), RULES.taught(lesson), decision)


SIMILAR = an_unclear_text("Gull Zinc", more=" Bread was there too.")


def test_a_similar_unsure_release_follows_a_decision() -> None:
    lesson = teach(decided(NOTICE, an_unclear_text()), RULES)

    assert classified(SIMILAR).class_ is not NOTICE
    assert classified(SIMILAR, lesson).class_ is NOTICE


def test_what_was_learned_is_shown_as_such_and_its_words_count() -> None:
    lesson = teach(decided(NOTICE, an_unclear_text()), RULES)
    whole = classified(SIMILAR, lesson)
    taught = [item for item in whole.evidence if item.rule.startswith("decided/")]
    text = read(SIMILAR, name="drop.txt").text

    assert taught and whole.lesson == lesson.version
    for item in taught:
        assert text[item.start : item.end] == item.text
        document, release = parsed(SIMILAR)
        cut = Document("text", text[: item.start] + "x" * len(item.text) + text[item.end :], document.blocks)
        assert classify(cut, release, RULES.taught(lesson)).score < whole.score


@pytest.mark.parametrize("times", [1, 50])
def test_a_clear_release_is_never_overruled(times: int) -> None:
    texts = [an_unclear_text(more=f" Net income rose in the quarter {number}.") for number in range(times)]
    lesson = teach(decided(MILESTONE, *texts, CLEAR), RULES)

    assert classified(CLEAR).confidence >= RULES.learned.review_below
    assert classified(CLEAR, lesson) == replace(classified(CLEAR), lesson=lesson.version)


def test_what_is_taught_stays_small() -> None:
    lesson = teach(decided(NOTICE, *(an_unclear_text(f"Gull {name}") for name in ("Zinc", "Tin", "Lead") * 30)), RULES)
    added = lessons.added(lesson, weigh(*parsed(SIMILAR), RULES.taught(lesson)).finds.terms)

    assert max(max(weights.values()) for weights in lesson.weights.values()) <= MOST_OF_TERM
    assert len(lesson.weights) <= MOST_TERMS
    assert sum(weight for _, weight in added[NOTICE]) < MOST


def test_one_decision_teaches_few_terms_and_no_further_than_needed() -> None:
    once = teach(decided(NOTICE, an_unclear_text()), RULES)
    again = teach(decided(NOTICE, *[an_unclear_text()] * 9), RULES)
    sums = weigh(*parsed(an_unclear_text()), RULES.taught(again)).sums.classes

    assert 0 < len(once.weights) <= TERMS_OF_ONE
    assert sums[NOTICE] - max(sums[MILESTONE], sums[UPDATE]) < MARGIN + 0.1


def test_a_release_that_the_rules_are_sure_of_teaches_nothing() -> None:
    assert classified(CLEAR).class_ is NOTICE
    assert teach(decided(NOTICE, CLEAR), RULES) == NOTHING


def test_names_small_words_and_words_of_every_release_teach_nothing() -> None:
    words = {word for term in teach(decided(NOTICE, an_unclear_text()), RULES).weights for word in term.split()}

    assert {"lanterns", "pier"} <= words
    assert not {"lakeside", "copper", "inc", "winnipeg", "with", "and", "the"} & words


def test_a_later_decision_takes_back_what_an_earlier_one_taught() -> None:
    both = [*decided(NOTICE, an_unclear_text()), *decided(MILESTONE, an_unclear_text())]

    assert classified(an_unclear_text(), teach(both, RULES)).class_ is MILESTONE
    assert min(min(weights.values()) for weights in teach(both, RULES).weights.values()) >= 0


def test_equal_decisions_teach_equal_lessons() -> None:
    examples = [*decided(NOTICE, an_unclear_text()), *decided(UPDATE, SIMILAR)]

    assert teach(examples, RULES) == teach(examples, RULES)
    assert teach(examples, RULES).version != teach(examples[:1], RULES).version


def test_nothing_decided_is_nothing_taught() -> None:
    assert teach([], RULES) == NOTHING
    assert RULES.taught(NOTHING) is RULES


def test_a_lesson_reads_back_as_it_was_written() -> None:
    lesson = teach(decided(NOTICE, an_unclear_text()), RULES)

    assert lessons.read(lessons.written(lesson)) == lesson
    assert len(lesson.version) == 10


def test_more_words_add_more_and_never_the_most() -> None:
    assert 0 == lessons.squeezed(0) < lessons.squeezed(1) < lessons.squeezed(50) < MOST


# ── A decision about the release itself ───────────────────────────────────────────────────────────────────────


def test_what_a_person_decided_is_what_it_is() -> None:
    found = classified(CLEAR, decision=Decision(MILESTONE, "corporate.award"))

    assert (found.class_, found.subtopic, found.confidence, found.decided) == (MILESTONE, "corporate.award", 1.0, True)
    assert found.runner_up is None
    assert not any(item.rule.startswith("earnings.") for item in found.evidence)


def test_a_class_alone_keeps_its_best_subtopic() -> None:
    assert classified(CLEAR, decision=Decision(NOTICE)).subtopic == classified(CLEAR).subtopic
    assert classified(CLEAR, decision=Decision(MILESTONE)).subtopic == "corporate.structure"
