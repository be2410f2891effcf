"""A folder of old files becomes an archive: each with its true date, no letter, nothing new at the top of any feed.

    folder ─► taken, a handful at a time ─► judged, on all cores ─► published now and then ─► report

What was done stands in the store; killed and started again, it goes on with what is left.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from feedd.ingest import Read, Terms, judge, take_in
from feedd.ingest.terms import Now
from feedd.store import Store, drops
from feedd.visible import visible_name
from feedd.watch import Inbox, Taken

HANDFUL, HANDFUL_BYTES = 512, 16_000_000
"""Files, and bytes, that are taken before they are judged."""

PUBLISH_EVERY_S = 15.0
"""A back-fill of hours shows early what it has."""

_AT_ONCE = float("1e12")  # seconds: files of an archive need not settle
_ALL = 1 << 60


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a back-fill has come: files of the folder, those done before it began, those done by now."""

    total: int
    before: int
    done: int


@dataclass(frozen=True, slots=True)
class Aside:
    """A file that was not understood."""

    path: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a folder's files, all runs together. `review` counts releases at which a person should look."""

    releases: int = 0  # and versions of them
    duplicates: int = 0
    held: int = 0
    review: int = 0
    quarantined: tuple[Aside, ...] = ()
    unread: tuple[str, ...] = ()  # sentences about files that could not be opened
    codes: dict[str, int] = field(default_factory=dict)  # of `quarantined`, most frequent first


def backfill(
    store: Store,
    folder: Path,
    read: Read,
    terms: Terms,
    now: Now,
    *,
    publish: Callable[[], None],
    told: Callable[[Progress], None],
) -> Report:
    """Takes in every file of *folder* that was not before. *publish* is called now and then and at the end."""
    prefix = prefix_of(folder)
    with store.read() as conn:
        known = drops.imported_signatures(conn, prefix)
    inbox = Inbox(folder.absolute(), settle_s=0.0)
    before = len(known)
    total = before + inbox.reconcile(known, 0.0)
    work = _Work(store, read, terms, now)
    done = 0
    for taken in _handfuls(inbox, known):
        work.take(taken, prefix)
        known.update((each.path, each.signature) for each in taken)
        for count in work.judge():
            told(Progress(total, before, min(done + count, done + len(taken))))
        done += len(taken)
        if work.wants_publishing():
            publish()
    publish()
    inbox.reconcile(known, 0.0)  # forgets what is done
    return _report(store, prefix, tuple(each.sentence for each in inbox.waiting()))


def prefix_of(folder: Path) -> str:
    """What stands before the paths of a folder's drops: its own path, so that two archives never meet."""
    return visible_name(str(folder.resolve())) + "/"


class _Work:
    """The steps of a back-fill, with what they share."""

    def __init__(self, store: Store, read: Read, terms: Terms, now: Now) -> None:
        self._store, self._read, self._terms, self._now = store, read, terms, now
        self._published_s = time.monotonic()

    def take(self, taken: list[Taken], prefix: str) -> None:
        named = [replace(each, path=prefix + each.path) for each in taken]
        take_in(self._store, named, self._now, imported=True)

    def judge(self) -> Iterator[int]:
        """Judges all that waits, what an earlier run left behind too; counts."""
        outcomes = judge(self._store, self._read, self._terms, self._now, most=_ALL)
        yield from (number for number, _ in enumerate(outcomes, start=1))

    def wants_publishing(self) -> bool:
        is_time = time.monotonic() - self._published_s > PUBLISH_EVERY_S
        if is_time:
            self._published_s = time.monotonic()
        return is_time


def _handfuls(inbox: Inbox, known: dict[str, str]) -> Iterator[list[Taken]]:
    """The files that are left, in groups; also an empty one, so that what waits from an earlier run is judged."""
    group: list[Taken] = []
    while True:
        came = False
        for taken in inbox.settled(known, _AT_ONCE):
            came = True
            group.append(taken)
            if len(group) >= HANDFUL or sum(len(each.data) for each in group) >= HANDFUL_BYTES:
                yield group
                group = []
        if not came:
            break
    yield group


def _report(store: Store, prefix: str, unread: tuple[str, ...]) -> Report:
    with store.read() as conn:
        rows = drops.imported(conn, prefix)
    states = Counter(row.state for row in rows)
    aside = tuple(Aside(row.path, row.code or "", row.reason or "") for row in rows if row.state == "quarantined")
    return Report(
        releases=states["release"],
        duplicates=states["duplicate"],
        held=states["held"],
        review=sum(row.needs_review for row in rows if row.state in ("release", "held")),
        quarantined=aside,
        unread=unread,
        codes=dict(Counter(each.code for each in aside).most_common()),
    )
