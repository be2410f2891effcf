"""The database itself: SQLite in WAL mode or PostgreSQL, transactions, migrations. Dialect words live only here.

In this room a statement that runs for every drop is a constant with its values left open: to run one costs 35 µs, to
put it together each time another 100, and a drop needs some fifteen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedd.errors import StoreError

HEAD = "0003"  # the newest migration; a start that finds it does not load Alembic
BUSY_S = 10  # how long a writer waits for another
LOOK_S = 2  # the same for one who only wants to know
# Any fixed numbers: PostgreSQL's advisory locks. Where SQLite has one writer and the kernel's lock, these do the same.
_MIGRATION_LOCK, _TURN_LOCK, _OUTPUTS_LOCK = 7_245_333, 7_245_334, 7_245_335


_WISHES = (  # words of SQLite → what a person can do
    ("disk is full", "make room on its disk"),
    ("readonly", "let feedd write in its folder, and mount its disk for writing"),
    ("locked", "another program holds it; end that program if this lasts"),
    ("unable to open", "see whether its folder is there and feedd may write in it"),
    ("disk I/O", "see whether its disk is well"),
    ("malformed", "stop feedd and take it back from a backup"),
    ("not a database", "stop feedd and take it back from a backup"),
)


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

    @contextmanager
    def in_turn(self) -> Iterator[sa.Connection]:
        """A writing transaction that no other of its kind overlaps, whichever process makes it.

        The order of times asked inside is the order of commits: a window never closes over a release that becomes
        public before its end, and the same text dropped twice at once is seen twice, one after the other.
        """
        with self.begin() as conn:
            if conn.dialect.name == "postgresql":
                conn.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURN_LOCK)))
            yield conn

    @contextmanager
    def writing_outputs(self) -> Iterator[None]:
        """Waits until no other process writes outputs: two at once could leave the older bytes, marked as new.

        On SQLite the kernel's lock beside the database has seen to that.
        """
        if self._engine.dialect.name != "postgresql":
            yield
            return
        with _as_store_errors(self.url), self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(sa.select(sa.func.pg_advisory_lock(_OUTPUTS_LOCK)))
            try:
                yield
            finally:
                conn.execute(sa.select(sa.func.pg_advisory_unlock(_OUTPUTS_LOCK)))

    def trouble(self) -> str | None:
        """Why nothing can be written at this moment, as a sentence; None when it can. Changes nothing."""
        try:
            with _as_store_errors(self.url), self._engine.connect().execution_options(feedd_looks=True) as conn:
                conn.begin().rollback()
        except StoreError as error:
            return str(error)
        return None

    def migrate(self) -> None:
        """Brings the tables to the newest shape; nothing to do costs one query."""
        with self.read() as conn:  # as a reader: `feedd status` must not wait for a writer
            if _revision(conn) == HEAD:
                return
        with _as_store_errors(self.url), self._engine.connect() as conn:
            _upgrade(conn)

    def close(self) -> None:
        self._engine.dispose()


def insert_once(conn: sa.Connection, table: sa.Table, **values: Any) -> bool:
    """Inserts a row unless one with the same unique key stands. Gives whether it was new."""
    return conn.execute(_once(conn.dialect.name, table), values).first() is not None


class Upsert:
    """Inserts rows of *table*; where the primary key stands already, that row is changed instead.

    *changes* are the names of columns that take the new row's value, or of columns with what they become.
    """

    def __init__(self, table: sa.Table, changes: Collection[str] | Mapping[str, Any]) -> None:
        self._statements = {dialect: _upserting(insert(table), changes) for dialect, insert in _INSERTS.items()}

    def __call__(self, conn: sa.Connection, rows: list[dict[str, Any]]) -> None:
        if rows:
            conn.execute(self._statements[conn.dialect.name], rows)


_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@cache
def _once(dialect: str, table: sa.Table) -> Any:
    return _INSERTS[dialect](table).on_conflict_do_nothing().returning(*table.primary_key.columns)


def _upserting(statement: Any, changes: Collection[str] | Mapping[str, Any]) -> Any:
    new = changes if isinstance(changes, Mapping) else {name: statement.excluded[name] for name in changes}
    keys = [column.name for column in statement.table.primary_key.columns]
    return statement.on_conflict_do_update(index_elements=keys, set_=new)


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
        raise StoreError(f"The database {_shown(url)} cannot be used: {error}") from error


def _sqlite(url: sa.URL) -> sa.Engine:
    file = _File(url.database) if url.database else None
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_S})

    @sa.event.listens_for(engine, "do_connect")
    def _look(*_: Any) -> None:
        if file:
            file.refuse_another()

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, see below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(conn: sa.Connection) -> None:
        # A writer takes the lock at its first word: a transaction that reads first and writes later would fail with
        # "database is locked" at once, without waiting, when another wrote in between.
        if file:
            file.refuse_another()
        options = conn.get_execution_options()
        if options.get("feedd_looks"):
            conn.exec_driver_sql(f"PRAGMA busy_timeout = {LOOK_S * 1000}")
        conn.exec_driver_sql("BEGIN" if options.get("feedd_reads") else "BEGIN IMMEDIATE")

    return engine


class _File:
    """The database's file, its folder made. SQLite goes on with one that was taken away, and all would be lost."""

    def __init__(self, place: str) -> None:
        self._place = Path(place)
        self._place.parent.mkdir(parents=True, exist_ok=True)
        self._first: tuple[int, int] | None = None

    def refuse_another(self) -> None:
        """Raises `StoreError` when the file is not the one that was there first."""
        now = self._identity()
        self._first = self._first or now
        if now != self._first:
            what = "is another file now" if now else "is not there any more"
            raise StoreError(
                f"The database {self._place} {what}; put it back, or stop feedd and take it back from a backup."
            )

    def _identity(self) -> tuple[int, int] | None:
        try:
            status = self._place.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino


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
        why = " ".join(str(error.orig).split())
        wish = next((wish for words, wish in _WISHES if words in why), "see whether it runs and feedd may reach it")
        raise StoreError(f"The database {_shown(url)} cannot be used now ({why}); {wish}.") from error


def _shown(url: str) -> str:
    """The file; or the address without what may hold a password: its own place, and what follows the question mark."""
    try:
        parsed = sa.make_url(url).set(query={})
        is_file = parsed.get_backend_name() == "sqlite" and parsed.database
        return str(parsed.database) if is_file else parsed.render_as_string(hide_password=True)
    except sa.exc.ArgumentError:
        return "of store.url"
