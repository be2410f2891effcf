"""All releases are read again with the rules and decisions of now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from test_decide import FILING, HOUR, NOON, NOTICE, SPONSORED, TERMS, entry_of, rule, take

import feedd.reclassify
from factories import a_text, an_unclear_text
from feedd import rules
from feedd.decide import forget
from feedd.ingest import Terms, let_out
from feedd.model import Class
from feedd.reclassify import Reclassified, count, reclassify
from feedd.store import Store, deliveries, lessons, outputs


def again(store: Store, terms: Terms = TERMS, *, dry_run: bool = False) -> list[Reclassified]:
    return [one for batch in reclassify(store, terms, dry_run=dry_run) for one in batch]


@pytest.fixture
def other_rules(tmp_path: Path) -> Terms:
    """Terms by which paper lanterns are a matter of the community."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/cues.toml").write_text('["corporate.community-esg"]\nlanterns = [9, ["paper lanterns"]]\n')
    return replace(TERMS, rules=rules.load(tmp_path / "rules"))


def settled(store: Store) -> None:
    with store.begin() as conn:
        outputs.written(conn, outputs.stale(conn, 999), NOON)


def stale(store: Store) -> Sequence[str]:
    with store.read() as conn:
        return [each.path for each in outputs.stale(conn, 999)]


def test_the_same_rules_change_nothing(store: Store) -> None:
    take(store, "pier.txt", an_unclear_text())
    take(store, "gate.txt", a_text())
    settled(store)

    assert [(one.changed, one.move, one.remark) for one in again(store)] == [(False, None, None)] * 2
    assert stale(store) == []


def test_other_rules_move_what_they_file_elsewhere(store: Store, other_rules: Terms) -> None:
    id = take(store, "pier.txt", an_unclear_text()).release
    before = entry_of(store, "Lakeside")
    settled(store)
    [done] = again(store, other_rules)
    entry = entry_of(store, "Lakeside")

    assert done.move is not None and (done.id, done.move.before.class_) == (id, before.classification.class_)
    assert done.move.after.subtopic == entry.classification.subtopic == "corporate.community-esg"
    assert entry.classification.rules_version == other_rules.rules.version
    assert (entry.version, entry.updated, entry.published) == (1, before.updated, before.published)
    assert f"{entry.path}index.html" in stale(store)
    with store.read() as conn:
        assert deliveries.count_by_state(conn) == {}


def test_a_dry_run_tells_the_same_and_writes_nothing(store: Store, other_rules: Terms) -> None:
    take(store, "pier.txt", an_unclear_text())
    before = entry_of(store, "Lakeside")
    told = again(store, other_rules, dry_run=True)

    assert entry_of(store, "Lakeside") == before
    assert told == again(store, other_rules)


def test_what_a_person_decided_stays(store: Store, other_rules: Terms) -> None:
    rule(store, take(store, "pier.txt", an_unclear_text()).release)
    [done] = again(store, other_rules)
    entry = entry_of(store, "Lakeside")

    assert done.move is None
    assert (entry.classification.subtopic, entry.classification.decided) == (FILING.subtopic, True)
    assert entry.updated == NOON + HOUR and not entry.reading.needs_review


def test_what_decisions_taught_reaches_earlier_releases(store: Store) -> None:
    take(store, "gull.txt", an_unclear_text("Gull Zinc"))
    id = str(take(store, "pier.txt", an_unclear_text()).release)
    rule(store, id)
    again(store)
    assert entry_of(store, "Gull").classification.class_ is NOTICE

    forget(store, id, TERMS, lambda: NOON, unpin=False)
    again(store)
    assert entry_of(store, "Gull").classification.class_ is not NOTICE
    assert entry_of(store, "Gull").classification.lesson == ""


def test_decisions_are_learned_anew_under_other_rules(store: Store, other_rules: Terms) -> None:
    id = take(store, "pier.txt", an_unclear_text()).release
    rule(store, id, replace(FILING, class_=Class.CORPORATE_MILESTONE, subtopic="corporate.community-esg"))
    again(store, other_rules)
    with store.read() as conn:
        assert lessons.in_force(conn).version == ""  # the rules are sure of it now


def test_nothing_held_becomes_public_and_nothing_public_becomes_held(store: Store) -> None:
    id = str(take(store, "pier.txt", an_unclear_text(), terms=replace(TERMS, publish_unsure=False)).release)
    [done] = again(store)
    assert f"{id} stays held" in str(done.remark)
    let_out(store, id, TERMS, lambda: NOON)
    [done] = again(store, replace(TERMS, publish_unsure=False))
    assert f"{id} stays public" in str(done.remark)
    assert entry_of(store, "Lakeside")


def test_a_text_of_a_third_party_that_was_let_out_stays_out(store: Store) -> None:
    id = str(take(store, "paid.txt", an_unclear_text(more=SPONSORED)).release)
    let_out(store, id, TERMS, lambda: NOON)

    assert [one.remark for one in again(store)] == [None]
    assert entry_of(store, "Lakeside")


def test_what_came_meanwhile_is_left_alone(store: Store, other_rules: Terms, monkeypatch: pytest.MonkeyPatch) -> None:
    id = take(store, "pier.txt", an_unclear_text()).release
    whole = feedd.reclassify._again

    def slowly(*words: object) -> object:
        found = whole(*words)
        rule(store, id)
        return found

    monkeypatch.setattr(feedd.reclassify, "_again", slowly)
    assert again(store, other_rules) == []
    assert entry_of(store, "Lakeside").classification.decided


def test_batches_together_are_all_releases(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedd.reclassify, "BATCH", 2)
    for name in ("Gull", "Tern", "Skua"):
        take(store, f"{name}.txt", an_unclear_text(name))

    assert [len(batch) for batch in reclassify(store, TERMS, dry_run=True)] == [2, 1]
    assert count(store) == 3
