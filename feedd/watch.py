"""The watched folder: tells which drops are complete and takes their bytes. The only importer of watchdog.

    events ─► hints ─┐
                     ├─► candidates ─► unchanged and closed for a while ─► open, hash, same as before? ─► Taken
    rescan ──────────┘

Events are only hints: they get lost when the kernel's queue overflows, when a folder is swapped, on network disks.
The rescan is the truth: whatever differs from what the ledger knows is a candidate. So losing a hint, or a crash
anywhere, costs time and never a drop. The folder itself is never changed. Nothing here asks a clock: `now_s` is the
caller's monotonic one, because wall clocks jump and files bring their times along.
"""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import hashlib
import logging
import os
import signal
import stat
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyFullEmitter
from watchdog.observers.inotify_c import InotifyFD

from feedd.errors import WatchError
from feedd.visible import visible_name

Mode = Literal["auto", "events", "poll"]

LARGEST_DROP = 64 * 1024 * 1024  # bytes; the readers have smaller limits of their own
_DEEPEST = 16  # folders below the inbox
_MOST_HINTS = 50_000  # more are a rescan
_AFTER_CLOSE_S = 0.2
_EMPTY_S = 10.0  # an empty file is nearly always one that somebody is about to fill
_STILL_OPEN_S = 1.0  # until a file that is open for writing is looked at again
_LONGEST_PAUSE_S = 60.0  # between two tries at an unreadable file
_STEP = 500  # drops taken in one go, so that the loop comes round
_GATHER_S = 0.02  # lets a burst of hints gather before the loop wakes
_POLL_S = 10.0  # the longest rescan interval where there are no events
_CHECK_S = 5.0  # the longest time until folder and watch are looked after
_RESCAN_GAP_S = 1.0  # between rescans that events ask for
_MISSES = 3  # rescans in a row with a find that no event spoke of

_TEMPORARY_ENDINGS = (
    "~",
    ".tmp",
    ".part",
    ".partial",
    ".filepart",
    ".crdownload",
    ".download",
    ".swp",
    ".swx",
    ".lock",
)
_TEMPORARY_STARTS = (".", "~$", "#")
_SYSTEM_NAMES = frozenset({"thumbs.db", "desktop.ini", "@eadir"})
_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)  # the last two: something else took its place
_NETWORK_DISKS = ("nfs", "cifs", "smb", "9p", "fuse", "afs", "ceph", "gluster", "lustre", "vboxsf", "virtiofs")

# Not each opening and each single write: they fill the kernel's queue, and of 10,000 quick files up to 6,590 were
# lost that way, none with these kinds alone.
_EVENTS: list[type[FileSystemEvent]] = [
    FileClosedEvent,
    FileCreatedEvent,
    FileMovedEvent,
    DirCreatedEvent,
    DirMovedEvent,
]


# ── Values ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Drop:
    """A candidate as last seen: not taken yet, or taken and not yet in the ledger."""

    raw: str  # path below the inbox as the system spells it
    signature: str  # changes whenever the file may have changed
    mtime_ns: int
    due_s: float  # when to look again
    closed: bool = False  # a close or move of these very bytes was seen
    restless: bool = False  # was written again after a close: wait the full time
    tries: int = 0
    reason: str = "has not settled yet"
    lasting: bool = False  # waiting does not help, only another file


@dataclass(frozen=True, slots=True)
class Taken:
    """A settled drop, whole. `path` is relative with slashes, as `visible_name` gives it.

    `signature` is what the ledger records beside the path: with it known, the drop is not given again.
    """

    path: str
    data: bytes
    sha256: str  # hexadecimal
    mtime: dt.datetime  # UTC
    signature: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A drop (or folder) that is present and not taken. `lasting`: waiting longer does not help."""

    path: str
    sentence: str
    lasting: bool = False


class _NotYet(Exception):
    """A drop cannot be taken now; the argument ends the sentence that starts with its path."""

    def __init__(self, reason: str, *, pause_s: float | None = None, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.pause_s, self.lasting = reason, pause_s, lasting


# ── Inbox: which drops are settled ──────────────────────────────────────────────────────────────────────────────


class Inbox:
    """The candidates of one folder. Knows nothing of events or threads; its owner brings hints, rescans and time.

    `known` maps path → signature as the ledger has them. A drop stays a candidate until `known` has its signature:
    not in the ledger, it did not happen.
    """

    def __init__(self, root: Path, *, settle_s: float) -> None:
        self._root, self._settle_s = root, settle_s
        self._prefix = f"{root}/"  # plain text: a Path made anew for each file doubles the rescan's time
        self._drops: dict[str, Drop] = {}
        self._shut: dict[str, str] = {}  # folders and files that cannot be looked at → why

    def reconcile(self, known: Mapping[str, str], now_s: float) -> int:
        """Looks at every file of the folder; gives how many candidates are new."""
        self._shut.clear()
        for raw in [raw for raw in self._drops if self._status(raw) is None]:
            del self._drops[raw]
        return self._reconcile_below("", known, now_s)

    def hint(self, raw: str, known: Mapping[str, str], now_s: float, *, closed: bool) -> None:
        """Looks at one path that an event named. `closed`: the event says that its bytes are complete."""
        status = self._status(raw) if _is_wanted_path(raw) else None
        if status and stat.S_ISDIR(status.st_mode):
            self._reconcile_below(raw, known, now_s)
        elif status and stat.S_ISREG(status.st_mode):
            self._consider(raw, status, known, now_s, closed=closed)

    def settled(self, known: Mapping[str, str], now_s: float) -> Iterator[Taken]:
        """Takes what is due, oldest mtime first so that a correction follows what it corrects.

        One drop that cannot be read never stops the others. What the caller does not record comes again later.
        """
        due = [drop for drop in self._drops.values() if drop.due_s <= now_s]
        for drop in sorted(due, key=lambda each: (each.mtime_ns, each.raw))[:_STEP]:
            taken = self._taken(drop, known, now_s)
            if taken:
                yield taken
                self._forget_if_known(drop, known)

    def next_s(self) -> float | None:
        """When the next candidate is due; None without candidates."""
        return min((drop.due_s for drop in self._drops.values()), default=None)

    def waiting(self) -> tuple[Waiting, ...]:
        """What is present and not in the ledger, by path, with the reason."""
        drops = [(drop.raw, drop.reason, drop.lasting) for drop in list(self._drops.values())]
        shut = [(raw, f"cannot be read ({why})", False) for raw, why in list(self._shut.items())]
        return tuple(
            Waiting(visible_name(raw) or ".", f"{visible_name(raw) or 'The folder'} {reason}.", lasting)
            for raw, reason, lasting in sorted(drops + shut)
        )

    def _reconcile_below(self, raw: str, known: Mapping[str, str], now_s: float) -> int:
        return sum(self._consider(path, status, known, now_s, closed=False) for path, status in self._files_below(raw))

    def _files_below(self, raw: str) -> Iterator[tuple[str, os.stat_result]]:
        """Every regular file with a wanted name; links are not followed, neither to files nor to folders."""
        folders = [raw]
        while folders:
            folder = folders.pop()
            for path in self._paths_in(folder):
                status = self._status(path)
                if status and stat.S_ISREG(status.st_mode):
                    yield path, status
                elif status and stat.S_ISDIR(status.st_mode) and path.count("/") < _DEEPEST:
                    folders.append(path)

    def _paths_in(self, folder: str) -> list[str]:
        try:
            with os.scandir(self._prefix + folder) as entries:
                names = [entry.name for entry in entries]
        except OSError as error:
            self._note_shut(folder, error)
            return []
        return [f"{folder}/{name}" if folder else name for name in names if _is_wanted(name)]

    def _status(self, raw: str) -> os.stat_result | None:
        try:
            return os.lstat(self._prefix + raw)
        except OSError as error:
            self._note_shut(raw, error)
            return None

    def _note_shut(self, raw: str, error: OSError) -> None:
        if error.errno not in _GONE:
            self._shut[raw] = error.strerror or str(error)

    def _consider(
        self, raw: str, status: os.stat_result, known: Mapping[str, str], now_s: float, *, closed: bool
    ) -> bool:
        """Makes a file a candidate, or its time shorter or longer; says whether it is a new one."""
        signature, before = _signature(status), self._drops.get(raw)
        if known.get(visible_name(raw)) == signature:
            self._drops.pop(raw, None)
            return False
        if before and before.signature == signature:
            if closed and not before.closed:
                due_s = min(before.due_s, now_s + self._quiet_s(status, closed=not before.restless))
                self._drops[raw] = replace(before, closed=True, due_s=due_s)
            return False
        restless = before is not None and (before.closed or before.restless)
        due_s = now_s + self._quiet_s(status, closed=closed and not restless)
        self._drops[raw] = Drop(raw, signature, status.st_mtime_ns, due_s, closed=closed, restless=restless)
        return before is None

    def _quiet_s(self, status: os.stat_result, *, closed: bool) -> float:
        """How long a file must stay as it is."""
        settle_s = min(_AFTER_CLOSE_S, self._settle_s) if closed else self._settle_s
        return settle_s if status.st_size else max(settle_s, _EMPTY_S)

    def _taken(self, drop: Drop, known: Mapping[str, str], now_s: float) -> Taken | None:
        status = self._status(drop.raw)
        if status is None or not stat.S_ISREG(status.st_mode):
            del self._drops[drop.raw]
            return None
        if _signature(status) != drop.signature or known.get(visible_name(drop.raw)) == drop.signature:
            self._consider(drop.raw, status, known, now_s, closed=False)
            return None
        try:
            taken = _take(self._root, drop)
        except _NotYet as error:
            self._put_off(drop, now_s, error)
            return None
        except OSError as error:
            if error.errno in _GONE:
                del self._drops[drop.raw]
            else:
                self._put_off(drop, now_s, _NotYet(f"cannot be read ({error.strerror or error})"))
            return None
        self._put_off(drop, now_s, _NotYet("was read and is not recorded yet"))
        return taken

    def _put_off(self, drop: Drop, now_s: float, why: _NotYet) -> None:
        """Keeps a candidate for later: always, so that no failure anywhere can block or lose it."""
        pause_s = why.pause_s or min(2.0 ** min(drop.tries, 10), _LONGEST_PAUSE_S)
        self._drops[drop.raw] = replace(
            drop, due_s=now_s + pause_s, tries=drop.tries + 1, reason=why.reason, lasting=why.lasting
        )

    def _forget_if_known(self, drop: Drop, known: Mapping[str, str]) -> None:
        if known.get(visible_name(drop.raw)) == drop.signature:
            self._drops.pop(drop.raw, None)


def _is_wanted(name: str) -> bool:
    """Not hidden, and not the temporary name of an editor, a browser or a sync tool."""
    low = name.lower()
    return not (low.startswith(_TEMPORARY_STARTS) or low.endswith(_TEMPORARY_ENDINGS) or low in _SYSTEM_NAMES)


def _is_wanted_path(raw: str) -> bool:
    return raw.count("/") <= _DEEPEST and all(map(_is_wanted, raw.split("/")))


def _signature(status: os.stat_result) -> str:
    """ctime is in it because equal size and a restored mtime hide a rewrite. Never an identity: inodes come again."""
    return f"{status.st_ino}:{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"


# ── Taking ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _take(root: Path, drop: Drop) -> Taken:
    """The bytes of a drop, if it is the same regular file before and after. Raises `_NotYet` and `OSError`."""
    with open(_opened(root, drop.raw), "rb", closefd=True) as file:
        handle = file.fileno()
        _check_same(handle, drop)
        _check_size(handle)
        if _is_being_written(handle):
            raise _NotYet("is still open for writing", pause_s=_STILL_OPEN_S)
        data = file.read(LARGEST_DROP + 1)
        _check_same(handle, drop)
    return Taken(
        path=visible_name(drop.raw),
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        mtime=_utc(drop.mtime_ns),
        signature=drop.signature,
    )


def _opened(root: Path, raw: str) -> int:
    """A descriptor for reading, reached without following any link below `root` and without waiting on a pipe."""
    *folders, name = raw.split("/")
    with ExitStack() as stack:
        at = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        stack.callback(os.close, at)
        for folder in folders:
            at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=at)
            stack.callback(os.close, at)
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=at)


def _check_same(handle: int, drop: Drop) -> None:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or _signature(status) != drop.signature:
        raise _NotYet("is changing", pause_s=_AFTER_CLOSE_S)


def _check_size(handle: int) -> None:
    size = os.fstat(handle).st_size
    if size > LARGEST_DROP:
        reason = f"has {size:,} bytes, more than the {LARGEST_DROP:,} that a drop may have"
        raise _NotYet(reason, pause_s=_LONGEST_PAUSE_S, lasting=True)


def _is_being_written(handle: int) -> bool:
    """Whether anybody has the file open for writing, as far as the system lets us ask.

    A read lease is refused while there is a writer (fcntl(2), F_SETLEASE). Files of other accounts need CAP_LEASE
    and network disks have no leases: then False, and the settle time alone decides. The lease is given back at
    once; should a writer come in that moment, the kernel's notice is a signal that does nothing by default.
    """
    try:
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def _utc(mtime_ns: int) -> dt.datetime:
    """The time of a file; one beyond the calendar becomes its edge."""
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    try:
        return epoch + dt.timedelta(microseconds=mtime_ns // 1000)
    except OverflowError:
        return dt.datetime.max.replace(tzinfo=dt.UTC)


# ── Watch: hints from events ────────────────────────────────────────────────────────────────────────────────────


class _Hints(FileSystemEventHandler):
    """What events named since it was last asked. The one thing that watchdog's threads touch; it does no work."""

    def __init__(self, root: str) -> None:
        self._prefix = f"{root}/"
        self._lock = threading.Lock()
        self._closed: dict[str, bool] = {}  # path below the root → its bytes are complete
        self._overflowed = False
        self.woken = threading.Event()

    def dispatch(self, event: FileSystemEvent) -> None:
        path = os.fsdecode(event.dest_path or event.src_path)
        # A move out of the folder has no destination; its source gives a hint that finds nothing.
        if path.startswith(self._prefix):
            self.add(path.removeprefix(self._prefix), closed=isinstance(event, FileClosedEvent | FileMovedEvent))

    def add(self, raw: str, *, closed: bool) -> None:
        with self._lock:
            if len(self._closed) < _MOST_HINTS:
                self._closed[raw] = closed or self._closed.get(raw, False)
            else:
                self._overflowed = True
        self.woken.set()

    def overflow(self) -> None:
        """Events were lost."""
        with self._lock:
            self._overflowed = True
        self.woken.set()

    def drain(self) -> tuple[dict[str, bool], bool]:
        """All hints, and whether some were lost; both start afresh."""
        with self._lock:
            drained = self._closed, self._overflowed
            self._closed, self._overflowed = {}, False
        return drained


class _OverflowListener(logging.Handler):
    """watchdog tells of lost events by a warning in its log, and nowhere else."""

    def __init__(self, hints: _Hints) -> None:
        super().__init__(logging.WARNING)
        self._hints = hints

    def emit(self, record: logging.LogRecord) -> None:
        self._hints.overflow()


class _Events:
    """One running observer. `is_alive` sees what its own does not: an emitter or the inotify thread that died."""

    def __init__(self, root: str, hints: _Hints) -> None:
        """Raises OSError when the kernel gives no watch."""
        self._kernel = InotifyFD()
        self._observer = BaseObserver(InotifyFullEmitter, inotify_fd=self._kernel)
        self._kernel.start()
        try:
            self._observer.schedule(hints, root, recursive=True, event_filter=_EVENTS)
            self._observer.start()
        except BaseException:
            self.stop()
            raise

    def is_alive(self) -> bool:
        threads = (self._observer, self._kernel, *self._observer.emitters)
        return len(threads) > 2 and all(thread.is_alive() for thread in threads)

    def stop(self) -> None:
        for thread in (self._observer, self._kernel):
            thread.stop()
            if thread.ident is not None:
                thread.join()


class Watch:
    """The watched folder as the daemon's loop sees it.

        with Watch(folder, settle_s=2, rescan_s=60) as watch:
            while running:
                for taken in watch.settled(known, now_s()):
                    ingest(taken)          # and known[taken.path] = taken.signature
                watch.wait(watch.due_in_s(now_s()))

    `known` is a mapping path → signature from the ledger, looked up by path and never copied; it is best kept in
    memory and updated after each commit. All calls come from one thread, except `poke` and `waiting`.
    """

    def __init__(self, folder: Path, *, mode: Mode = "auto", settle_s: float = 2.0, rescan_s: float = 60.0) -> None:
        self.folder = folder.absolute()
        self.trouble: str | None = None  # a sentence for the operator while something is wrong
        self._mode, self._rescan_s = mode, rescan_s
        self._inbox = Inbox(self.folder, settle_s=settle_s)
        self._hints = _Hints(str(self.folder))
        self._listener = _OverflowListener(self._hints)
        self._events: _Events | None = None
        self._has_events = mode != "poll"
        self._identity: tuple[int, int] | None = None
        self._poked = threading.Event()  # rescan at once
        self._asked = False  # rescan soon: hints were lost
        self._rescanned_s = float("-inf")
        self._missed = 0

    @property
    def mode(self) -> Literal["events", "poll"]:
        """How drops are found now."""
        return "events" if self._events else "poll"

    def start(self) -> None:
        """Begins to listen. Raises `WatchError` when the folder cannot be read; later losses are waited out."""
        # Copying a tree makes watchdog warn with its whole table each time: 7 MB for ten copies of 300 folders.
        warnings.filterwarnings("ignore", r"Callback with id", RuntimeWarning)
        overflow_log = logging.getLogger("watchdog.observers.inotify_c")
        overflow_log.setLevel(logging.WARNING)
        overflow_log.addHandler(self._listener)
        self._look_after()
        if self._identity is None:
            self.stop()
            raise WatchError(self.trouble or f"{self.folder} cannot be watched.")

    def stop(self) -> None:
        logging.getLogger("watchdog.observers.inotify_c").removeHandler(self._listener)
        self._unwatch()

    def __enter__(self) -> Watch:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def poke(self) -> None:
        """Asks for a rescan at once and wakes `wait`. From any thread."""
        self._poked.set()
        self._hints.woken.set()

    def wait(self, timeout_s: float) -> None:
        """Returns when there is a hint, after `poke`, or when the time is over."""
        if self._hints.woken.wait(timeout_s):
            self._poked.wait(_GATHER_S)
        self._hints.woken.clear()

    def settled(self, known: Mapping[str, str], now_s: float) -> Iterator[Taken]:
        """The drops that are complete now and not in `known`, 500 at most; the rest is due at once after."""
        self._look_after()
        hints, lost = self._hints.drain()
        self._asked |= lost
        self._missed = 0 if hints else self._missed
        if self._wants_rescan(now_s):
            self._rescan(known, now_s)
        for raw, closed in hints.items():
            self._inbox.hint(raw, known, now_s, closed=closed)
        return self._inbox.settled(known, now_s)

    def due_in_s(self, now_s: float) -> float:
        """How long the loop may wait before it must call `settled` again."""
        asked_s = self._rescanned_s + (_RESCAN_GAP_S if self._asked else self._interval_s)
        times = (asked_s, self._inbox.next_s() or float("inf"), now_s + _CHECK_S)
        return max(0.0, min(times) - now_s)

    def waiting(self) -> tuple[Waiting, ...]:
        """What is present and not in the ledger. Drops that nobody looked at yet are not in it."""
        return self._inbox.waiting()

    @property
    def _interval_s(self) -> float:
        return self._rescan_s if self._events else min(self._rescan_s, _POLL_S)

    def _wants_rescan(self, now_s: float) -> bool:
        gap_s = 0.0 if self._poked.is_set() else _RESCAN_GAP_S if self._asked else self._interval_s
        return now_s >= self._rescanned_s + gap_s

    def _rescan(self, known: Mapping[str, str], now_s: float) -> None:
        routine = self._rescanned_s > float("-inf") and not (self._asked or self._poked.is_set())
        self._poked.clear()
        self._asked, self._rescanned_s = False, now_s
        found = self._inbox.reconcile(known, now_s)
        if routine and found and self._events and self._mode == "auto":
            self._count_miss()

    def _count_miss(self) -> None:
        """Some mounts accept a watch and never tell anything: then rescans find what no event spoke of."""
        self._missed += 1
        if self._missed >= _MISSES:
            self._unwatch()
            self._has_events = False
            self.trouble = f"{self.folder} tells nothing of new files; it is read every {self._interval_s:g} s."

    def _look_after(self) -> None:
        """Notices a folder that was lost or swapped and a watch that died, and begins afresh."""
        identity = self._current_identity()
        is_well = not self._has_events or (self._events is not None and self._events.is_alive())
        if identity == self._identity and is_well:
            return
        self._unwatch()
        self._asked |= identity is not None and identity != self._identity
        self._identity = identity
        if identity is not None:
            self._watch_again()

    def _current_identity(self) -> tuple[int, int] | None:
        try:
            status = self.folder.stat()
            os.scandir(self.folder).close()
        except OSError as error:
            self.trouble = f"{self.folder} cannot be read ({error.strerror}); make it a folder that feedd may read."
            return None
        return status.st_dev, status.st_ino

    def _watch_again(self) -> None:
        """The watch starts before the rescan, so what appears in between is seen by one of them."""
        self.trouble = None
        self._has_events = self._mode == "events" or (self._mode == "auto" and not _is_network_disk(self.folder))
        if not self._has_events:
            return
        try:
            self._events = _Events(str(self.folder), self._hints)
            self._asked = True
        except OSError as error:
            self._has_events = self._mode == "events"
            self.trouble = (
                f"{self.folder} gives no events ({error.strerror or error}); it is read every {self._interval_s:g} s."
            )

    def _unwatch(self) -> None:
        if self._events:
            self._events.stop()
            self._events = None


def _is_network_disk(folder: Path) -> bool:
    """Whether the folder's disk belongs to a kind that tells nothing of what other machines do."""
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return _disk_kind(folder.resolve(), mounts).startswith(_NETWORK_DISKS)


def _disk_kind(folder: Path, mounts: list[str]) -> str:
    """The file system of the deepest mount that holds `folder`; lines as in proc_pid_mountinfo(5)."""
    rows = [(Path(_unescaped(left.split()[4])), right.split()[0]) for left, _, right in map(_halves, mounts) if right]
    held = [(len(point.parts), kind) for point, kind in rows if folder.is_relative_to(point)]
    return max(held, key=lambda row: row[0], default=(0, ""))[1]


def _halves(line: str) -> tuple[str, str, str]:
    return line.partition(" - ")


def _unescaped(point: str) -> str:
    return point.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
