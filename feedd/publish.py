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
from itertools import groupby
from pathlib import Path

from feedd import files, layout
from feedd.errors import FeeddError, OutputError, RenderError
from feedd.model import Class, Entry, Feed, Labels, Past, Site
from feedd.render.atom import atom
from feedd.render.pages import Pages
from feedd.render.rss import rss
from feedd.store import Connection, DatabaseFault, Store, deliveries, ledger, outputs, releases
from feedd.store.outputs import Output, Stale

BATCH = 200  # outputs that go public between two records of what is written
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


def publish(store: Store, press: Press, now: Callable[[], dt.datetime], *, up_to: int = layout.RANK_LIST) -> Published:
    """Makes every stale output and wakes the letters that waited for it. Failures are values, not exceptions.

    *up_to* leaves those of a higher rank for another pass: feeds and lists need not follow every handful of pages.
    """
    with store.writing_outputs():
        this = _Pass(store, press, now, up_to)
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
    last_rank: int
    made: int = 0
    changed: int = 0
    troubles: list[str] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    in_a_row: int = 0

    def makes_a_batch(self) -> bool:
        """Makes the next outputs and records them; gives whether more may follow.

        Pages come first in every batch and all is made of one view of the store. So a feed, which stands in a batch
        that is not full, lists no release whose page is still missing; and in a burst it is made once a pass.
        """
        with self.store.read() as conn:
            stale = outputs.stale(conn, BATCH + len(self.failed), up_to=self.last_rank)
            batch = [each for each in stale if each.path not in self.failed][:BATCH]
            desk = _Desk(conn, self.press, ledger.when(conn, "store:born") or self.now())
            desk.look_up(batch)
            groups = groupby(batch, key=lambda each: each.rank)
            done = [each for _rank, group in groups for each in self._go_public(desk, list(group))]
        self.made += len(done)
        if done:
            with self.store.in_turn() as conn:
                outputs.written(conn, done, self.now())
                outputs.forget(conn, [each.path for each in done if each.path in desk.left_over])
        return len(batch) == BATCH and not self._gives_up()

    def _go_public(self, desk: _Desk, group: list[Stale]) -> list[Stale]:
        """Puts the outputs of one rank in their places, together; gives those that stand there now."""
        with files.Batch(self.press.out) as batch:
            ready = [each for each in group if self._gets_ready(desk, batch, each)]
            failed = batch.go_public()
        for path, error in failed.items():
            self._fail(path, error)
        self.changed += batch.changed
        return [each for each in ready if each.path not in failed]

    def _gets_ready(self, desk: _Desk, batch: files.Batch, stale: Stale) -> bool:
        if self._gives_up():
            return False
        try:
            desk.make(batch, stale)
        except (OutputError, RenderError) as error:
            self._fail(stale.path, error)
            return False
        self.in_a_row = 0
        return True

    def _fail(self, path: str, error: OutputError | RenderError) -> None:
        self.troubles.append(str(error))
        self.failed.add(path)
        self.in_a_row += isinstance(error, OutputError)

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
        desk = _Desk(conn, press, ledger.when(conn, "store:born") or dt.datetime.fromtimestamp(0, dt.UTC))
        return [path for path, release_id in outputs.owners(conn) if _differs(desk, path, release_id)]


class _Desk:
    """Makes outputs of one view of the store. *born* is when the site began; `left_over` are paths that go."""

    def __init__(self, conn: Connection, press: Press, born: dt.datetime) -> None:
        self._conn, self._press, self._born = conn, press, born
        self.out = press.out
        self._windows: dict[Class | None, list[Entry]] = {}
        self._makers = self._site_makers()
        self._entries: dict[int, Entry | None] = {}
        self._with_past: set[int] = set()
        self.left_over: set[str] = set()

    def look_up(self, batch: Collection[Stale]) -> None:
        """Gets all releases of *batch* at once."""
        ids = {each.release_id for each in batch if each.release_id is not None}
        self._entries = {**dict.fromkeys(ids), **releases.entries_out(self._conn, ids, self._press.originals)}
        self._with_past = releases.with_past(self._conn, ids)

    def make(self, batch: files.Batch, stale: Stale) -> None:
        if self._is_left_over(stale.path, stale.release_id):
            self.left_over.add(stale.path)
            batch.remove(stale.path)
            return
        data = self.content(stale.path, stale.release_id)
        batch.write(stale.path, data, gz=stale.release_id is None or _is_page(stale.path))

    def content(self, path: str, release_id: int | None) -> bytes:
        """What shall stand there. A fault of our own in one output must not stop all others: a `RenderError` too."""
        try:
            return self._makers[path]() if release_id is None else self._of_release(path, release_id)
        except (FeeddError, DatabaseFault):
            raise
        except Exception as fault:
            raise RenderError(path, None, f"feedd itself failed ({type(fault).__name__}: {fault}).") from fault

    def _of_release(self, path: str, release_id: int) -> bytes:
        if not _is_page(path):
            return releases.newest_original(self._conn, release_id)
        entry = self._entry(release_id)
        if entry is None:
            raise RenderError(path, None, "its release is not public")
        past = releases.past(self._conn, release_id) if self._has_past(release_id) else Past()
        return self._press.pages.release(entry, past)

    def _has_past(self, release_id: int) -> bool:
        """Whether there is more to tell than the newest words; of those that were looked up that is known."""
        return release_id not in self._entries or release_id in self._with_past

    def _is_left_over(self, path: str, release_id: int | None) -> bool:
        """Whether it is an original under the name of a format that its release's newest version has no more."""
        if release_id is None or _is_page(path):
            return False
        entry = self._entry(release_id)
        return entry is None or entry.original is None or entry.original.path != path

    def _entry(self, release_id: int) -> Entry | None:
        if release_id in self._entries:
            return self._entries[release_id]
        return releases.entry(self._conn, release_id, self._press.originals)

    def _site_makers(self) -> dict[str, Callable[[], bytes]]:
        """Path → how it is made, for every output that belongs to no single release."""
        pages = self._press.pages
        fixed: dict[str, Callable[[], bytes]] = {
            layout.STYLE: pages.stylesheet,
            layout.NOT_FOUND: pages.not_found,
            layout.FEEDS_PAGE: pages.feeds,
            layout.INDEX: lambda: pages.index(self._window(None), born=self._born),
        }
        return fixed | {
            f"feeds/{feed.name}{suffix}": partial(self._feed, feed, suffix)
            for feed in self._press.feeds
            for suffix in layout.SUFFIXES
        }

    def _feed(self, feed: Feed, suffix: str) -> bytes:
        press = self._press
        return _FORMATS[suffix](feed, self._window(feed.class_), press.site, press.labels, born=self._born)

    def _window(self, class_: Class | None) -> list[Entry]:
        if class_ not in self._windows:
            press = self._press
            self._windows[class_] = releases.newest(self._conn, class_, press.window, press.originals)
        return self._windows[class_]


def _outputs_of(known: releases.Known, press: Press) -> list[str]:
    """What belongs to one release: of a withdrawn one the page alone, which says so."""
    originals = press.originals if known.state == "public" else ()
    return layout.release_outputs(known.folder, known.format, originals)


def _is_page(path: str) -> bool:
    return path.endswith(".html")


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


def _differs(desk: _Desk, path: str, release_id: int | None) -> bool:
    try:
        return (desk.out / path).read_bytes() != desk.content(path, release_id)
    except OSError:
        return True
