"""Decisions and lessons in the store: which hold, which teach, which is in force."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from factories import a_reading, a_stored_release
from feedd.classify import lessons as taught
from feedd.classify.lessons import NOTHING
from feedd.model import Class, Decision
from feedd.store import Connection, Store, decisions, engine, lessons, releases
from feedd.store.releases import Known

MILESTONE, UPDATE = Class.CORPORATE_MILESTONE, Class.OPERATIONAL_UPDATE
LESSON = taught.of({"pier": dict(zip(Class, (0.0, 0.25, 0.0), strict=True))})
OTHER = taught.of({"pier": dict(zip(Class, (0.5, 0.0, 0.0), strict=True))})


@pytest.fixture
def known(store: Store) -> Known:
    with store.begin() as conn:
        return releases.known(conn, a_stored_release(conn))


def ruled(conn: Connection, known: Known, now: dt.datetime, subtopic: str = "corporate.ma") -> None:
    decisions.add(conn, known, MILESTONE, subtopic, "as the board said", now)


def test_a_decision_holds_and_teaches(store: Store, known: Known, now) -> None:
    with store.begin() as conn:
        ruled(conn, known, now)
        pin = decisions.pin(conn, known.id)
        assert decisions.teaching(conn, 9) == decisions.every(conn) == [pin]

    assert pin is not None and pin.decision == Decision(MILESTONE, "corporate.ma")
    assert (pin.short_id, pin.title, pin.version, pin.note, pin.at) == (
        known.short_id, known.title, 1, "as the board said", now,
    )  # fmt: skip


def test_of_several_about_one_release_the_newest_counts(store: Store, known: Known, now) -> None:
    with store.begin() as conn:
        ruled(conn, known, now)
        ruled(conn, known, now, "corporate.award")
        assert [one.subtopic for one in decisions.every(conn)] == ["corporate.award"]


def test_a_forgotten_decision_holds_until_it_is_unpinned(store: Store, known: Known, now) -> None:
    with store.begin() as conn:
        ruled(conn, known, now)
        assert decisions.forget(conn, [known.id], unpin=False) == 1
        assert decisions.teaching(conn, 9) == []
        assert decisions.pin(conn, known.id)
        assert decisions.forget(conn, None, unpin=False) == 0
        assert decisions.forget(conn, None, unpin=True) == 1
        assert decisions.pin(conn, known.id) is None


def test_the_newest_decisions_teach_in_their_order(store: Store, now) -> None:
    with store.begin() as conn:
        for title in ("One", "Two", "Three"):
            ruled(conn, releases.known(conn, a_stored_release(conn, title)), now)
        assert [one.title for one in decisions.teaching(conn, 2)] == ["Two", "Three"]


def test_one_lesson_is_in_force_and_the_others_are_kept(store: Store) -> None:
    with store.begin() as conn:
        assert lessons.in_force(conn) == NOTHING
        for lesson in (LESSON, OTHER, LESSON):
            lessons.put_in_force(conn, lesson)
            assert lessons.in_force(conn) == lesson
        lessons.put_in_force(conn, NOTHING)
        assert lessons.in_force(conn) == lessons.of_version(conn, "") == NOTHING
        assert lessons.of_version(conn, OTHER.version) == OTHER


def test_another_reading_takes_the_place_under_the_same_number(store: Store, known: Known, now) -> None:
    reading = a_reading("Harbour Copper Wins a Prize", MILESTONE, needs_review=True)
    reading = replace(reading, classification=replace(reading.classification, lesson=LESSON.version))
    with store.begin() as conn:
        releases.amend(conn, known, reading, issuer_key="harbour", content_key="x", updated=now + dt.timedelta(days=1))
        after, stored = releases.known(conn, known.id), releases.stored(conn, known.id)
        [entry] = releases.newest(conn, MILESTONE, 9, [])

    assert (after.class_, after.title, after.version, after.guid) == (MILESTONE, reading.release.title, 1, known.guid)
    assert (stored.reading, stored.lesson) == (reading, LESSON.version)
    assert entry.updated - entry.published == dt.timedelta(days=1)


def test_what_waits_for_a_look_is_told_oldest_first(store: Store) -> None:
    with store.begin() as conn:
        a_stored_release(conn, "Clear")
        a_stored_release(conn, "Held", public_at=None, held=("Because.",))
        a_stored_release(conn, "Unsure", needs_review=True)
        found = releases.to_review(conn)

    assert [(known.title, known.state, reading.needs_review) for known, reading in found] == [
        ("Held", "held", False),
        ("Unsure", "public", True),
    ]


def test_a_database_of_the_first_shape_is_brought_to_this_one(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import command

    whole = command.upgrade
    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", lambda settings, _to: whole(settings, "0001"))
        store = Store(store_url)
        store.migrate()
    with store.begin() as conn:
        conn.exec_driver_sql("insert into original values ('a', 1, '')")
        conn.exec_driver_sql(
            "insert into release (id, short_id, guid, folder, slug, title, stated, class, subtopic, format,"
            " needs_review, state, held, first_seen, version) values (1, 'a', 'a', 'a', 'a', 'A', '2026-03-02',"
            " 'operational_update', 'operations.general', 'text', false, 'held', '', '2026-03-02 12:00:00', 1)"
        )
        conn.exec_driver_sql(
            "insert into version (release_id, number, sha256, path, mtime, content_key, rules_version, reading,"
            " committed_at) values (1, 1, 'a', 'a.txt', '2026-03-02 12:00:00', 'a', 'r', '{}', '2026-03-02 12:00:00')"
        )
    store.migrate()
    with store.read() as conn:
        assert engine._revision(conn) == engine.HEAD
        assert conn.exec_driver_sql("select lesson from version").scalar() == ""
    store.close()
