"""The database itself: migrations, transactions, what happens when it is out of reach."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import feedd.store.engine
from feedd.errors import StoreError
from feedd.store import Store, ledger
from feedd.store.tables import metadata


def test_a_migrated_database_has_the_tables_of_the_code(store: Store) -> None:
    with store._engine.connect() as conn:
        differences = compare_metadata(MigrationContext.configure(conn), metadata)
    assert differences == []


def test_migrating_twice_changes_nothing(store: Store, now) -> None:
    with store.begin() as conn:
        ledger.record(conn, "a", "kept", now)
    store.migrate()
    with store.read() as conn:
        assert ledger.when(conn, "a") == now


def test_the_code_names_the_newest_migration() -> None:
    settings = Config()
    settings.set_main_option("script_location", str(Path(feedd.store.engine.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(settings).get_current_head() == feedd.store.engine.HEAD


def test_a_failure_inside_a_transaction_leaves_nothing(store: Store, now) -> None:
    with pytest.raises(RuntimeError), store.begin() as conn:
        ledger.record(conn, "a", "lost", now)
        raise RuntimeError
    with store.read() as conn:
        assert ledger.when(conn, "a") is None


def test_writers_wait_for_one_another(store: Store, now) -> None:
    def write(number: int) -> None:
        with store.begin() as conn:
            ledger.note(conn, "read first")
            ledger.record(conn, f"key-{number}", "written", now)

    writers = [threading.Thread(target=write, args=[number]) for number in range(20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with store.read() as conn:
        assert all(ledger.when(conn, f"key-{number}") for number in range(20))


def test_sqlite_runs_in_wal_mode_and_syncs_each_commit(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'a b' / 'füße.db'}")
    with store.read() as conn:
        assert conn.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert conn.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    store.close()


def test_a_database_that_is_locked_is_a_sentence(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(feedd.store.engine, "BUSY_S", 0.05)
    store, other = Store(f"sqlite:///{tmp_path / 'x.db'}"), Store(f"sqlite:///{tmp_path / 'x.db'}")
    words = r"x\.db cannot be used now \(database is locked\); another program"
    with store.begin(), pytest.raises(StoreError, match=words), other.begin():
        pass
    store.close()
    other.close()


def test_a_database_that_may_not_be_written_says_what_to_do(tmp_path: Path, now) -> None:
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    store.migrate()
    with (
        pytest.raises(StoreError, match=r"x\.db cannot be used now \(.*readonly.*\); let feedd write"),
        store.begin() as conn,
    ):
        conn.exec_driver_sql("PRAGMA query_only = ON")  # as SQLite sees a disk that became read-only
        ledger.record(conn, "a", "lost", now)
    store.close()


def test_whoever_asks_for_trouble_hears_who_holds_the_database(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(feedd.store.engine, "LOOK_S", 0)
    store, other = Store(f"sqlite:///{tmp_path / 'x.db'}"), Store(f"sqlite:///{tmp_path / 'x.db'}")
    assert other.trouble() is None
    with store.begin():
        assert "another program holds it" in (other.trouble() or "")
    assert other.trouble() is None
    store.close()
    other.close()


def test_a_database_that_was_taken_away_is_not_begun_anew(tmp_path: Path) -> None:
    place, away = tmp_path / "x.db", tmp_path / "away.db"
    store = Store(f"sqlite:///{place}")
    store.migrate()
    place.rename(away)
    with pytest.raises(StoreError, match=r"x\.db is not there any more; put it back"), store.begin():
        pass
    assert not place.exists()
    place.touch()
    with pytest.raises(StoreError, match=r"x\.db is another file now"), store.read():
        pass
    away.replace(place)
    with store.begin():
        pass
    store.close()


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be used"):
        Store(f"sqlite:///{tmp_path / 'file' / 'feedd.db'}")


def test_a_password_is_not_shown_in_an_error() -> None:
    store = Store("postgresql+psycopg://ana:secret@127.0.0.1:1/none?connect_timeout=1")
    with pytest.raises(StoreError) as problem, store.read():
        pass
    assert "secret" not in str(problem.value)


@pytest.mark.parametrize(
    "url", ["postgresql+nodriver://ana:secret@db/none", "postgresql+nodriver://db/none?password=secret", "://secret"]
)
def test_neither_is_that_of_a_database_nobody_can_open(url: str) -> None:
    with pytest.raises(StoreError, match="cannot be used") as problem:
        Store(url)
    assert "secret" not in str(problem.value)


def test_times_keep_their_instant_and_naive_ones_are_refused(store: Store, now) -> None:
    import datetime as dt
    from zoneinfo import ZoneInfo

    there = now.astimezone(ZoneInfo("Australia/Sydney"))
    with store.begin() as conn:
        ledger.record(conn, "a", "x", there)
        assert ledger.when(conn, "a") == now
    with pytest.raises(sa.exc.StatementError, match="no time zone"), store.begin() as conn:
        ledger.record(conn, "b", "x", dt.datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_reading_transaction_sees_one_moment(store: Store, now) -> None:
    with store.read() as reading:
        assert ledger.when(reading, "a") is None
        with store.begin() as writing:
            ledger.record(writing, "a", "written meanwhile", now)
        assert ledger.when(reading, "a") is None
    with store.read() as reading:
        assert ledger.when(reading, "a") == now


def test_a_start_on_a_migrated_database_waits_for_no_writer(store: Store, now) -> None:
    other = Store(store.url)
    with store.begin() as conn:
        ledger.record(conn, "a", "in the middle of it", now)
        other.migrate()
    other.close()
