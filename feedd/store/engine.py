"""The database itself: SQLite in WAL mode or PostgreSQL, transactions, migrations. Dialect words live only here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedd.errors import StoreError

HEAD = "0001"  # the newest migration; a start that finds it does not load Alembic
BUSY_S = 10  # how long a writer waits for another
_MIGRATION_LOCK = 7_245_333  # any fixed number: one PostgreSQL advisory lock for all starts


class Store:
    """The database behind *url*. `begin` gives a writing transaction, `read` a reading one.

    Whatever happens inside `begin` becomes true together at its end, or not at all. Both raise `StoreError` with a
    sentence when the database is out of reach, locked, full or read-only.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = _engine(url)
        # What one reading transaction sees stays the same to its end: a feed made in it cannot list a release whose
        # page was not stale yet when the list of stale outputs was asked. SQLite does so by itself.
        self._reading: dict[str, Any] = {"feedd_reads": True}
        if self._engine.dialect.name == "postgresql":
            self._reading["isolation_level"] = "REPEATABLE READ"

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        with _as_store_errors(self.url), self._engine.begin() as conn:
            yield conn

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        with (
            _as_store_errors(self.url),
            self._engine.connect().execution_options(**self._reading) as conn,
            conn.begin(),
        ):
            yield conn

    def migrate(self) -> None:
        """Brings the tables to the newest shape; nothing to do costs one query."""
        with _as_store_errors(self.url), self._engine.connect() as conn:
            if _revision(conn) != HEAD:
                conn.rollback()
                _upgrade(conn)

    def close(self) -> None:
        self._engine.dispose()


def insert_once(conn: sa.Connection, table: sa.Table, **values: Any) -> bool:
    """Inserts a row unless one with the same unique key stands. Gives whether it was new."""
    dialects: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    statement = dialects[conn.dialect.name](table).values(**values).on_conflict_do_nothing()
    return conn.execute(statement.returning(*table.primary_key.columns)).first() is not None


def upsert(conn: sa.Connection, table: sa.Table, rows: list[dict[str, Any]], changes: dict[str, Any]) -> None:
    """Inserts *rows*; where the primary key stands already, *changes* are made to that row instead."""
    if not rows:
        return
    dialects: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    statement = dialects[conn.dialect.name](table)
    keys = [column.name for column in table.primary_key.columns]
    conn.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), rows)


def claimable(query: sa.Select[Any], conn: sa.Connection) -> sa.Select[Any]:
    """*query* with the rows locked that nobody else holds. SQLite has one writer and needs no words for it."""
    return query.with_for_update(skip_locked=True) if conn.dialect.name == "postgresql" else query


def _engine(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed)
        return sa.create_engine(parsed, pool_pre_ping=True)
    except (sa.exc.ArgumentError, ImportError, OSError) as error:
        raise StoreError(f"The database {url!r} cannot be used: {error}") from error


def _sqlite(url: sa.URL) -> sa.Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_S})

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, see below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(conn: sa.Connection) -> None:
        # A writer takes the lock at its first word: a transaction that reads first and writes later would fail with
        # "database is locked" at once, without waiting, when another wrote in between.
        reads = conn.get_execution_options().get("feedd_reads")
        conn.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _revision(conn: sa.Connection) -> str | None:
    if not sa.inspect(conn).has_table("alembic_version"):
        return None
    return conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def _upgrade(conn: sa.Connection) -> None:
    from alembic import command  # 90 ms of import that a usual start does not pay
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    settings.attributes["connection"] = conn
    with conn.begin():
        if conn.dialect.name == "postgresql":
            conn.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        command.upgrade(settings, "head")


@contextmanager
def _as_store_errors(url: str) -> Iterator[None]:
    try:
        yield
    except sa.exc.DBAPIError as error:
        if isinstance(error, sa.exc.IntegrityError | sa.exc.ProgrammingError):
            raise  # a broken promise of our own
        shown = sa.make_url(url).render_as_string(hide_password=True)
        raise StoreError(f"The database {shown} cannot be used now: {error.orig}") from error
