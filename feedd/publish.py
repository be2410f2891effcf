"""What is stale in ``out/`` is made anew: originals and pages first, then feeds, then the lists.

    store: stale? ─► make the bytes ─► write beside, rename, only when they differ ─► store: written ─► letters wake

``out/`` is a function of the store and the site's settings alone. A crash anywhere leaves the rest stale, and the
next pass makes it; a file that cannot be written leaves the last good one standing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from feedd import files, layout
from feedd.errors import FeeddError, OutputError, RenderError
from feedd.model import Feed, Labels, Site
from feedd.render.atom import atom
from feedd.render.pages import Pages
from feedd.render.rss import rss
from feedd.store import Connection, DatabaseFault, Store, deliveries, drops, ledger, outputs, releases
from feedd.store.outputs import Output, Stale

BATCH = 100  # outputs made between two records of what is written
GIVE_UP_AFTER = 3  # files in a row that cannot be written: the folder itself is in trouble, not one file

_FITTED = "outputs:fingerprint"
_FORMATS = {".atom": atom, ".rss": rss}


@dataclass(frozen=True, slots=True)
class Press:
    """What is needed to make any output from the store.

    `window` is the number of entries in a feed or list, `originals` the formats whose originals are published,
    `fingerprint` changes with everything outside the store that changes the bytes.
    """

    out: Path
    site: Site
    feeds: tuple[Feed, ...]
    labels: Labels
    pages: Pages
    window: int
    originals: Collection[str]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Published:
    """One pass: how many outputs it made, how many files changed, and the sentences of what failed."""

    made: int
    changed: int
    troubles: tuple[str, ...]


def publish(store: Store, press: Press, now: Callable[[], dt.datetime]) -> Published:
    """Makes every stale output and wakes the letters that waited for it. Failures are values, not exceptions."""
    with store.writing_outputs():
        this = _Pass(store, press, now)
        while this.makes_a_batch():
            pass
        if this.made:
            with store.in_turn() as conn:
                deliveries.wake(conn)
    return Published(this.made, this.changed, tuple(dict.fromkeys(this.troubles)))


@dataclass(slots=True)
class _Pass:
    """What one pass came to so far. What failed is not tried again in it."""

    store: Store
    press: Press
    now: Callable[[], dt.datetime]
    made: int = 0
    changed: int = 0
    troubles: list[str] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    in_a_row: int = 0

    def makes_a_batch(self) -> bool:
        """Makes the next outputs and records them; gives whether more may follow."""
        with self.store.read() as conn:
            stale = outputs.stale(conn, BATCH + len(self.failed))
            batch = [each for each in stale if each.path not in self.failed][:BATCH]
            born = ledger.when(conn, "store:born") or self.now()
            done = [each for each in batch if self._makes(conn, each, born)]
        self.made += len(done)
        if done:
            with self.store.in_turn() as conn:
                outputs.written(conn, done, self.now())
                outputs.forget(conn, [each.path for each in done if _is_left_over(conn, self.press, each)])
        return bool(batch) and not self._gives_up()

    def _makes(self, conn: Connection, stale: Stale, born: dt.datetime) -> bool:
        if self._gives_up():
            return False
        try:
            self.changed += _make(conn, self.press, stale, born)
        except (OutputError, RenderError) as error:
            self.troubles.append(str(error))
            self.failed.add(stale.path)
            self.in_a_row += isinstance(error, OutputError)
            return False
        self.in_a_row = 0
        return True

    def _gives_up(self) -> bool:
        return self.in_a_row >= GIVE_UP_AFTER


def fit(store: Store, press: Press, now: Callable[[], dt.datetime], *, full: bool = False) -> None:
    """Brings the list of outputs up to the settings and marks stale what they change.

    After the first start, a new title, address or template, or with *full*, that is everything; what is published no
    longer (an original whose format became private) goes. Otherwise only what is missing in ``out/``.
    """
    with store.in_turn() as conn:
        ledger.born(conn, now())
        if full or ledger.note(conn, _FITTED) != press.fingerprint:
            _fit_all(conn, press)
            ledger.restate(conn, _FITTED, "outputs fitted to the settings", now(), press.fingerprint)
        else:
            missing = [path for path in outputs.paths(conn) if not (press.out / path).is_file()]
            outputs.mark_paths(conn, missing)


def check(store: Store, press: Press) -> list[str]:
    """The outputs whose file differs from what the store would write, or is not there."""
    with store.read() as conn:
        born = ledger.when(conn, "store:born") or dt.datetime.fromtimestamp(0, dt.UTC)
        known = [Stale(path, release_id, 0) for path, release_id in outputs.owners(conn)]
        return [stale.path for stale in known if _differs(conn, press, stale, born)]


def _make(conn: Connection, press: Press, stale: Stale, born: dt.datetime) -> bool:
    if _is_left_over(conn, press, stale):
        return files.remove(press.out, stale.path)
    data = _bytes(conn, press, stale, born)
    return files.write(press.out, stale.path, data, gz=stale.release_id is None or _is_page(stale.path))


def _bytes(conn: Connection, press: Press, stale: Stale, born: dt.datetime) -> bytes:
    """What shall stand there. A fault of our own in one output must not stop all others: it is a `RenderError` too."""
    try:
        return _made(conn, press, stale, born)
    except (FeeddError, DatabaseFault):
        raise
    except Exception as fault:
        raise RenderError(stale.path, None, f"feedd itself failed ({type(fault).__name__}: {fault}).") from fault


def _made(conn: Connection, press: Press, stale: Stale, born: dt.datetime) -> bytes:
    if stale.release_id is None:
        return _makers(press)[stale.path](conn, born)
    if not _is_page(stale.path):
        return drops.original_bytes(conn, releases.sha256_of(conn, stale.release_id))
    entry = releases.entry(conn, stale.release_id, press.originals)
    if entry is None:
        raise RenderError(stale.path, None, "its release is not public")
    return press.pages.release(entry, releases.past(conn, stale.release_id))


def _is_left_over(conn: Connection, press: Press, stale: Stale) -> bool:
    """Whether it is an original under the name of a format that its release's newest version has no more."""
    if stale.release_id is None or _is_page(stale.path):
        return False
    return stale.path not in _outputs_of(releases.known(conn, stale.release_id), press)


def _outputs_of(known: releases.Known, press: Press) -> list[str]:
    """What belongs to one release: of a withdrawn one the page alone, which says so."""
    originals = press.originals if known.state == "public" else ()
    return layout.release_outputs(known.folder, known.format, originals)


def _is_page(path: str) -> bool:
    return path.endswith(".html")


def _makers(press: Press) -> dict[str, Callable[[Connection, dt.datetime], bytes]]:
    """Path → how it is made, for every output that belongs to no single release."""
    pages = press.pages
    fixed: dict[str, Callable[[Connection, dt.datetime], bytes]] = {
        layout.STYLE: lambda conn, born: pages.stylesheet(),
        layout.NOT_FOUND: lambda conn, born: pages.not_found(),
        layout.FEEDS_PAGE: lambda conn, born: pages.feeds(),
        layout.INDEX: lambda conn, born: pages.index(
            releases.newest(conn, None, press.window, press.originals), born=born
        ),
    }
    return fixed | {
        f"feeds/{feed.name}{suffix}": partial(_feed, press, feed, suffix)
        for feed in press.feeds
        for suffix in layout.SUFFIXES
    }


def _feed(press: Press, feed: Feed, suffix: str, conn: Connection, born: dt.datetime) -> bytes:
    entries = releases.newest(conn, feed.class_, press.window, press.originals)
    return _FORMATS[suffix](feed, entries, press.site, press.labels, born=born)


def _fit_all(conn: Connection, press: Press) -> None:
    before = set(outputs.paths(conn))
    wanted = [Output(path, rank) for path, rank in layout.site_outputs(press.feeds)]
    wanted += _of_releases(conn, press)
    outputs.mark(conn, wanted)
    gone = sorted(before - {output.path for output in wanted})
    outputs.forget(conn, gone)
    for path in gone:
        files.remove(press.out, path)


def _of_releases(conn: Connection, press: Press) -> Iterator[Output]:
    for known in releases.every_out(conn):
        for path in _outputs_of(known, press):
            yield Output(path, layout.RANK_RELEASE, known.id)


def _differs(conn: Connection, press: Press, stale: Stale, born: dt.datetime) -> bool:
    try:
        return (press.out / stale.path).read_bytes() != _bytes(conn, press, stale, born)
    except OSError:
        return True
