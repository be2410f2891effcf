"""The ledger and the troubles."""

from __future__ import annotations

import datetime as dt

from factories import NOON
from feedd.store import Store, ledger, troubles

DAY = dt.timedelta(days=1)


def test_a_key_is_recorded_once(store: Store) -> None:
    with store.begin() as conn:
        assert ledger.record(conn, "let-out:1", "let out", NOON, "by hand")
        assert not ledger.record(conn, "let-out:1", "let out", NOON + DAY, "again")
        assert (ledger.when(conn, "let-out:1"), ledger.note(conn, "let-out:1")) == (NOON, "by hand")


def test_what_is_not_there_did_not_happen(store: Store) -> None:
    with store.read() as conn:
        assert ledger.when(conn, "x") is None
        assert ledger.note(conn, "x") is None


def test_a_restatement_takes_the_place(store: Store) -> None:
    with store.begin() as conn:
        ledger.restate(conn, "k", "fitted", NOON, "one")
        ledger.restate(conn, "k", "fitted", NOON + DAY, "two")
        assert (ledger.when(conn, "k"), ledger.note(conn, "k")) == (NOON + DAY, "two")


def test_a_store_is_born_once(store: Store) -> None:
    with store.begin() as conn:
        assert ledger.born(conn, NOON + dt.timedelta(microseconds=7)) == NOON
        assert ledger.born(conn, NOON + DAY) == NOON


def test_a_trouble_keeps_its_first_time_and_its_newest_words(store: Store) -> None:
    with store.begin() as conn:
        troubles.begin(conn, "out", "No space.", NOON)
        troubles.begin(conn, "out", "Still no space.", NOON + DAY)
        assert troubles.present(conn) == [("out", "Still no space.", NOON)]
        troubles.end(conn, "out")
        assert troubles.present(conn) == []
