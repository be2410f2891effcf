"""Releases and versions: what goes in comes out, in the right order, under its lasting name."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from factories import NOON, a_reading, a_stored_release
from feedd.errors import UnknownId
from feedd.model import Class
from feedd.store import Store, drops, outputs, releases
from feedd.store.outputs import Output
from feedd.store.releases import Source, Times
from feedd.store.tables import version

HOUR = dt.timedelta(hours=1)


def test_a_reading_comes_back_as_it_went_in(store: Store) -> None:
    with store.begin() as conn:
        id = a_stored_release(conn, "Größe \u2028 & <b> “quoted”", needs_review=True)
        assert releases.newest_reading(conn, id) == a_reading("Größe \u2028 & <b> “quoted”", needs_review=True)


def test_an_entry_carries_name_address_times_and_original(store: Store) -> None:
    with store.begin() as conn:
        entry = releases.entry(conn, a_stored_release(conn, "Twelve letters"), ["text"])
    assert entry is not None
    assert (entry.version, entry.published, entry.updated) == (1, NOON, NOON)
    assert entry.original is not None
    assert entry.original.path == entry.path + "original.txt"
    assert entry.original.length == len("Twelve letters")


def test_originals_of_other_formats_stay_private(store: Store) -> None:
    with store.begin() as conn:
        entry = releases.entry(conn, a_stored_release(conn), ["pdf"])
    assert entry is not None
    assert entry.original is None


def test_a_held_release_is_in_no_list_and_no_entry(store: Store) -> None:
    with store.begin() as conn:
        id = a_stored_release(conn, public_at=None, held=("Embargo words.",))
        assert releases.entry(conn, id, []) is None
        assert releases.newest(conn, None, 10, []) == []
        assert releases.public_between(conn, NOON - HOUR, NOON + HOUR) == []
        assert [known.held for known in releases.waiting(conn, "held")] == [("Embargo words.",)]


def test_letting_out_makes_it_public(store: Store) -> None:
    with store.begin() as conn:
        id = a_stored_release(conn, public_at=None, held=("Embargo words.",))
        releases.open_(conn, releases.known(conn, id), Times(NOON, NOON, NOON))
        assert [entry.title for entry in [e.release for e in releases.newest(conn, None, 10, [])]]
        assert releases.waiting(conn, "held") == []


def test_the_newest_come_first_and_ties_go_by_guid(store: Store) -> None:
    with store.begin() as conn:
        for title, hours in [("One", 1), ("Two", 3), ("Three", 3), ("Four", 2)]:
            a_stored_release(conn, title, public_at=NOON + hours * HOUR)
        found = releases.newest(conn, None, 3, [])
    assert [e.published for e in found] == [NOON + 3 * HOUR, NOON + 3 * HOUR, NOON + 2 * HOUR]
    assert found[0].guid < found[1].guid


def test_a_class_has_its_own_window(store: Store) -> None:
    with store.begin() as conn:
        a_stored_release(conn, "Results on Friday", class_=Class.EARNINGS_NOTICE)
        a_stored_release(conn, "A plant runs")
        found = releases.newest(conn, Class.EARNINGS_NOTICE, 10, [])
    assert [e.release.title for e in found] == ["Results on Friday"]


def test_public_time_spans_are_half_open(store: Store) -> None:
    with store.begin() as conn:
        first, second = a_stored_release(conn, "A"), a_stored_release(conn, "B", public_at=NOON + HOUR)
        assert [r.id for r in releases.public_between(conn, NOON, NOON + HOUR)] == [first]
        assert [r.id for r in releases.public_between(conn, NOON + HOUR, NOON + 2 * HOUR)] == [second]


def test_a_version_keeps_guid_folder_and_published(store: Store) -> None:
    with store.begin() as conn:
        id = a_stored_release(conn)
        before = releases.entry(conn, id, [])
        drops.keep_original(conn, "f" * 64, b"again")
        releases.add_version(
            conn, releases.known(conn, id), a_reading("Corrected"), Source("f" * 64, "a.txt", NOON, NOON + HOUR),
            issuer_key="harbour copper", content_key="c",
        )  # fmt: skip
        after = releases.entry(conn, id, [])
    assert before is not None and after is not None
    assert (after.guid, after.path, after.published) == (before.guid, before.path, before.published)
    assert (after.version, after.updated, after.release.title) == (2, NOON + HOUR, "Corrected")


def test_the_same_bytes_or_words_are_found(store: Store) -> None:
    with store.begin() as conn:
        id = a_stored_release(conn)
        sha256 = releases.newest_version(conn, id)[1].sha256
        assert releases.with_bytes(conn, sha256) == id
        assert releases.with_content(conn, sha256) == id
        assert releases.with_content(conn, "other") is None


def test_a_release_is_found_by_short_id_or_slug(store: Store) -> None:
    with store.begin() as conn:
        id = a_stored_release(conn)
        known = releases.known(conn, id)
        assert releases.find(conn, known.short_id).id == releases.find(conn, known.slug).id == id


def test_an_unknown_id_is_a_sentence(store: Store) -> None:
    with pytest.raises(UnknownId, match="No release has the id 'nothing'; give the first 10"), store.read() as conn:
        releases.find(conn, "nothing")


def test_counts_tell_classes_held_and_unsure(store: Store) -> None:
    with store.begin() as conn:
        a_stored_release(conn, "A", needs_review=True)
        a_stored_release(conn, "B", class_=Class.EARNINGS_NOTICE)
        a_stored_release(conn, "C", public_at=None, held=("x",))
        assert releases.counts(conn) == {
            "earnings_notice": 1, "operational_update": 1, "corporate_milestone": 0, "held": 1, "embargoed": 0,
            "withdrawn": 0, "needs_review": 1,
        }  # fmt: skip


def test_walking_through_all_releases_leaves_the_connection_fit_for_writing_in_bulk(store: Store) -> None:
    with store.begin() as conn:
        a_stored_release(conn)
        outputs.mark(conn, [Output(f"{known.folder}{end}", 1) for known in releases.every_out(conn) for end in "ab"])
        outputs.mark(conn, [Output("a", 1), Output("b", 1)])
        assert len(outputs.paths(conn)) == 4


def test_the_same_companys_texts_of_a_day_in_other_languages_are_found(store: Store) -> None:
    with store.begin() as conn:
        a_stored_release(conn, "In English", language="en")
        french = a_stored_release(conn, "En français", language="fr")
        day = releases.known(conn, french).stated
        [(known, reading)] = releases.in_other_languages(conn, "harbour copper", day, "en")
        assert (known.id, reading.release.title) == (french, "En français")
        assert releases.in_other_languages(conn, "harbour copper", day + dt.timedelta(days=1), "en") == []


def test_a_reading_that_came_as_text_is_stored_as_that_text(store: Store) -> None:
    with store.begin() as conn:
        id = a_stored_release(conn)
        reading, source, _key = releases.newest_version(conn, id)
        text = " " + releases._readings().dump_json(reading).decode()
        known = releases.known(conn, id)
        releases.add_version(conn, known, reading, source, issuer_key=None, content_key="b", json=text)
        assert conn.scalar(sa.select(version.c.reading).where(version.c.number == 2)) == text


def test_only_so_many_readings_are_kept() -> None:
    kept = releases._Kept(most=2)
    for text in "abc":
        kept.keep(text, a_reading(text))
    assert list(kept._readings) == ["b", "c"]
