"""A person decides: what changes at once, what later drops learn, what is forgotten."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace

import pytest

import feedd.decide
from factories import NOON, a_text, a_wish, an_unclear_text
from feedd import layout
from feedd.classify.labels import labels
from feedd.decide import Decided, decide, forget
from feedd.errors import UnknownId
from feedd.ingest import Outcome, Terms, judge, let_out, take_in
from feedd.ingest.reading import in_process
from feedd.model import Cadence, Class, Decision, Entry
from feedd.store import Store, decisions, deliveries, ledger, lessons, outputs, releases, subscribers
from feedd.watch import Taken

TERMS = Terms(
    base_url="https://news.example.com", time_zone="UTC", language="en", feeds=layout.feeds(labels(), "News"),
    originals=["text"], alert_max_age=dt.timedelta(days=3), alerts_per_hour=5, version="1.0",
)  # fmt: skip
HOUR = dt.timedelta(hours=1)
NOTICE, MILESTONE = Class.EARNINGS_NOTICE, Class.CORPORATE_MILESTONE
FILING = Decision(NOTICE, "earnings.filing")
SPONSORED = "\n\nThis article was paid for. Sponsored content."


def take(store: Store, path: str, data: bytes, at: dt.datetime = NOON, terms: Terms = TERMS) -> Outcome:
    sha256 = hashlib.sha256(data).hexdigest()
    take_in(store, [Taken(path, data, sha256, NOON, sha256[:8])], lambda: at)
    [outcome] = judge(store, in_process(terms), terms, lambda: at)
    return outcome


def rule(
    store: Store, id: str | None, ruling: Decision = FILING, note: str = "", at: dt.datetime = NOON + HOUR
) -> Decided:
    return decide(store, str(id), ruling, note, TERMS, lambda: at)


def entry_of(store: Store, title: str) -> Entry:
    with store.read() as conn:
        return next(entry for entry in releases.newest(conn, None, 50, []) if title in entry.release.title)


@pytest.fixture
def unsure(store: Store) -> str:
    """The short id of a public release of which the rules are not sure."""
    outcome = take(store, "pier.txt", an_unclear_text())
    assert outcome.became == "release" and entry_of(store, "Lakeside").reading.needs_review
    return str(outcome.release)


# ── At once ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_decided_release_is_filed_anew_and_needs_no_look(store: Store, unsure: str) -> None:
    before = entry_of(store, "Lakeside")
    done = rule(store, unsure)
    entry = entry_of(store, "Lakeside")

    assert (done.before, done.is_new) == ((before.classification.class_, before.classification.subtopic), True)
    assert (entry.classification.class_, entry.classification.subtopic) == (NOTICE, "earnings.filing")
    assert (entry.classification.decided, entry.classification.confidence) == (True, 1.0)
    assert not entry.reading.needs_review and not entry.reading.review_reasons
    assert (entry.guid, entry.path, entry.version, entry.published) == (
        before.guid, before.path, 1, before.published,
    )  # fmt: skip
    assert entry.updated == NOON + HOUR


def test_it_may_be_named_by_its_slug(store: Store, unsure: str) -> None:
    assert rule(store, "lakeside-copper-lights-paper-lanterns-on-the-pier").known.short_id == unsure


def test_page_and_feeds_of_both_classes_become_stale_and_no_letter_is_planned(store: Store) -> None:
    with store.begin() as conn:
        subscribers.add(conn, a_wish(cadence=Cadence.AT_ONCE), window_start=NOON, at=NOON)
        outputs.mark(conn, [outputs.Output(path, rank) for path, rank in layout.site_outputs(TERMS.feeds)])
    id = take(store, "pier.txt", an_unclear_text()).release
    with store.begin() as conn:
        outputs.written(conn, outputs.stale(conn, 99), NOON)
        letters = deliveries.count_by_state(conn)
    rule(store, id)
    with store.read() as conn:
        stale = {each.path for each in outputs.stale(conn, 99)}
        assert deliveries.count_by_state(conn) == letters

    assert "releases/2026/03/lakeside-copper-lights-paper-lanterns-on-the-pier/index.html" in stale
    assert {"index.html", "feeds/all.atom", "feeds/earnings_notice.atom", "feeds/operational_update.rss"} <= stale
    assert "feeds/corporate_milestone.atom" not in stale


def test_it_stands_in_the_ledger_with_the_words(store: Store, unsure: str) -> None:
    done = rule(store, unsure, note="as the lawyer wrote")
    with store.read() as conn:
        [ruled] = decisions.every(conn)
        assert ledger.note(conn, f"decision:{done.known.guid}:{ruled.id}") == "as the lawyer wrote"


def test_the_same_decision_again_does_nothing(store: Store, unsure: str) -> None:
    rule(store, unsure, note="once")
    again = rule(store, unsure, at=NOON + 2 * HOUR)

    assert not again.is_new
    assert entry_of(store, "Lakeside").updated == NOON + HOUR


def test_a_forgotten_decision_can_be_taken_again(store: Store, unsure: str) -> None:
    learned = rule(store, unsure).terms
    forget(store, unsure, TERMS, lambda: NOON + 2 * HOUR, unpin=False)

    assert rule(store, unsure, at=NOON + 3 * HOUR).terms == learned > 0


def test_another_decision_takes_the_place(store: Store, unsure: str) -> None:
    rule(store, unsure)
    rule(store, unsure, Decision(MILESTONE), at=NOON + 2 * HOUR)

    assert entry_of(store, "Lakeside").classification.class_ is MILESTONE


def test_nothing_is_decided_about_a_release_that_is_not_there(store: Store) -> None:
    with pytest.raises(UnknownId, match="nowhere"):
        rule(store, "nowhere")


def test_a_new_version_keeps_the_decision(store: Store, unsure: str) -> None:
    rule(store, unsure)
    outcome = take(store, "pier.txt", an_unclear_text(more=" Bread too."), NOON + 2 * HOUR)
    entry = entry_of(store, "Lakeside")

    assert outcome.became == "version"
    assert (entry.version, entry.classification.subtopic, entry.reading.needs_review) == (2, "earnings.filing", False)
    assert entry.corrected_at == NOON + 2 * HOUR


def test_a_decision_about_a_corrected_release_is_no_correction(store: Store, unsure: str) -> None:
    take(store, "pier.txt", an_unclear_text(more=" Bread too."), NOON + HOUR)
    rule(store, unsure, at=NOON + 5 * HOUR)
    entry = entry_of(store, "Lakeside")

    assert (entry.corrected_at, entry.updated) == (NOON + HOUR, NOON + 5 * HOUR)


def test_another_release_under_the_same_path_is_not_decided(store: Store, unsure: str) -> None:
    rule(store, unsure)
    take(store, "pier.txt", a_text("Harbour Copper Opens Its Gate"))

    assert not entry_of(store, "Harbour").classification.decided


def test_a_held_text_of_a_third_party_stays_held(store: Store) -> None:
    id = take(store, "paid.txt", an_unclear_text(more=SPONSORED)).release
    done = rule(store, id, Decision(MILESTONE))
    assert done.third_party and done.known.state == "held" and not done.known.needs_review

    let_out(store, str(id), TERMS, lambda: NOON + 2 * HOUR)
    assert entry_of(store, "Lakeside").classification.class_ is MILESTONE


# ── What is learned ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_later_unsure_drop_follows_and_keeps_the_version_of_what_was_learned(store: Store, unsure: str) -> None:
    done = rule(store, unsure)
    take(store, "gull.txt", an_unclear_text("Gull Zinc"))
    found = entry_of(store, "Gull").classification
    with store.read() as conn:
        lesson = lessons.in_force(conn)

    assert done.terms == len(lesson.weights) > 0
    assert found.class_ is NOTICE and not found.decided
    assert found.lesson == lesson.version
    assert any(item.rule.startswith("decided/") for item in found.evidence)


def test_earlier_releases_stay_as_they_are(store: Store, unsure: str) -> None:
    take(store, "gull.txt", an_unclear_text("Gull Zinc"))
    before = entry_of(store, "Gull")
    rule(store, unsure)

    assert entry_of(store, "Gull") == before


def test_only_the_newest_decisions_teach(store: Store, unsure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedd.decide, "MOST_DECISIONS", 1)
    rule(store, unsure)
    other = take(store, "harbour.txt", a_text("Harbour Copper Speaks of Quilts", body="There are quilts for all."))
    rule(store, other.release, Decision(MILESTONE))
    with store.read() as conn:
        assert not any("lanterns" in term for term in lessons.in_force(conn).weights)


# ── What is forgotten ─────────────────────────────────────────────────────────────────────────────────────────


def test_what_one_decision_taught_is_forgotten_and_the_release_stays(store: Store, unsure: str) -> None:
    rule(store, unsure)
    done = forget(store, unsure, TERMS, lambda: NOON + 2 * HOUR, unpin=False)
    take(store, "gull.txt", an_unclear_text("Gull Zinc"))

    assert done.decisions == 1 and done.terms > 0
    assert entry_of(store, "Lakeside").classification.class_ is NOTICE
    assert entry_of(store, "Gull").classification.class_ is not NOTICE
    assert entry_of(store, "Gull").classification.lesson == ""


def test_a_ruling_that_is_taken_back_leaves_the_release_to_the_rules(store: Store, unsure: str) -> None:
    before = entry_of(store, "Lakeside")
    rule(store, unsure)
    forget(store, unsure, TERMS, lambda: NOON + 2 * HOUR, unpin=True)

    assert entry_of(store, "Lakeside") == replace(before, updated=NOON + 2 * HOUR)


def test_all_can_be_forgotten(store: Store, unsure: str) -> None:
    rule(store, unsure)
    rule(store, take(store, "gull.txt", an_unclear_text("Gull Zinc")).release)
    done = forget(store, None, TERMS, lambda: NOON + 2 * HOUR, unpin=True)

    assert done.decisions == 2
    with store.read() as conn:
        assert lessons.in_force(conn).version == "" and decisions.every(conn) == []
    assert forget(store, None, TERMS, lambda: NOON, unpin=True).decisions == 0
