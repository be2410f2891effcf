"""Taking one drop: its bytes, if it is closed and the same file before and after. Nothing here changes a file."""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import hashlib
import os
import signal
import stat
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from feedd.visible import visible_name

LARGEST_DROP = 64 * 1024 * 1024  # bytes; the readers have smaller limits of their own
AFTER_CLOSE_S = 0.2
LONGEST_PAUSE_S = 60.0  # between two tries at an unreadable file
_STILL_OPEN_S = 1.0  # until a file that is open for writing is looked at again
_DIGEST = 16  # letters of the hash in a signature

GONE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)  # the last two: something else took its place
TO_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_INTO = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Drop:
    """A candidate as last seen: not taken yet, or taken and not yet in the ledger."""

    raw: str  # path below the inbox as the system spells it
    signature: str  # changes whenever the file may have changed
    size: int
    mtime_ns: int
    due_s: float  # when to look again
    closed: bool = False  # a close or move of these very bytes was seen
    restless: bool = False  # was written again after a close: wait the full time
    tries: int = 0
    reason: str = "has not settled yet"
    lasting: bool = False  # waiting does not help, only another file
    refuted: str | None = None  # what the ledger records, and an audit has found to be other bytes


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


class NotYet(Exception):
    """A drop cannot be taken now; the argument ends the sentence that starts with its path."""

    def __init__(self, reason: str, *, pause_s: float | None = None, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.pause_s, self.lasting = reason, pause_s, lasting


# ── Signatures ──────────────────────────────────────────────────────────────────────────────────────────────────


def signature(status: os.stat_result, *, network: bool) -> str:
    """What changes when a file may have changed. Never an identity: inodes come again.

    ctime is in it because equal size and a restored mtime hide a rewrite. Network disks make up inode and ctime
    anew, so there size and mtime must do; the digest that `take` adds lets an audit find what they hide.
    """
    if network:
        return f"{status.st_size}:{status.st_mtime_ns}"
    return f"{status.st_ino}:{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"


def records(recorded: str | None, seen: str, *, network: bool) -> bool:
    """Whether a signature of the ledger is that of a file with the signature *seen*."""
    return recorded == seen or (network and recorded is not None and recorded.rpartition(":")[0] == seen)


def recorded_size(recorded: str) -> int | None:
    """The size in a signature of the ledger, on whatever disk it was made."""
    parts = recorded.split(":")
    return int(parts[-3]) if len(parts) >= 3 and parts[-3].isdigit() else None


def has_digest_of(recorded: str, data: bytes) -> bool:
    """Whether a network disk's signature was made of these bytes."""
    return recorded.rpartition(":")[2] == hashlib.sha256(data).hexdigest()[:_DIGEST]


# ── Taking ──────────────────────────────────────────────────────────────────────────────────────────────────────


def take(root: Path, drop: Drop, *, network: bool) -> Taken:
    """The bytes of a drop. Raises `NotYet` where it is open, changing or too large, and OSError."""
    with os.fdopen(opened(root, drop.raw), "rb") as file:
        handle = file.fileno()
        _check_same(handle, drop, network=network)
        _check_size(drop.size)
        if is_being_written(handle):
            raise NotYet("is still open for writing", pause_s=_STILL_OPEN_S)
        data = file.read(LARGEST_DROP + 1)
        _check_same(handle, drop, network=network)
    sha256 = hashlib.sha256(data).hexdigest()
    return Taken(
        path=visible_name(drop.raw),
        data=data,
        sha256=sha256,
        mtime=utc(drop.mtime_ns),
        signature=f"{drop.signature}:{sha256[:_DIGEST]}" if network else drop.signature,
    )


def opened(root: Path, raw: str) -> int:
    """A descriptor for reading, reached without following any link below `root` and without waiting on a pipe.

    What is no regular file is as good as not there: FileNotFoundError.
    """
    folder, _, name = raw.rpartition("/")
    at = opened_folder(root, folder)
    try:
        handle = os.open(name, TO_READ, dir_fd=at)
    finally:
        os.close(at)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise FileNotFoundError(errno.ENOENT, "No regular file", raw)
    return handle


def opened_folder(root: Path, raw: str, *, make: bool = False) -> int:
    """A descriptor of a folder below `root`, reached without following any link. With *make*, made where missing."""
    with ExitStack() as stack:
        at = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for name in filter(None, raw.split("/")):
            stack.callback(os.close, at)
            at = _stepped_into(name, at, make=make)
    return at


def _stepped_into(name: str, at: int, *, make: bool) -> int:
    try:
        return os.open(name, _INTO, dir_fd=at)
    except FileNotFoundError:
        if not make:
            raise
        os.mkdir(name, dir_fd=at)
        return os.open(name, _INTO, dir_fd=at)


def _check_same(handle: int, drop: Drop, *, network: bool) -> None:
    if signature(os.fstat(handle), network=network) != drop.signature:
        raise NotYet("is changing", pause_s=AFTER_CLOSE_S)


def _check_size(size: int) -> None:
    if size > LARGEST_DROP:
        reason = f"has {size:,} bytes, more than the {LARGEST_DROP:,} that a drop may have"
        raise NotYet(reason, pause_s=LONGEST_PAUSE_S, lasting=True)


def is_being_written(handle: int) -> bool:
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


def utc(mtime_ns: int) -> dt.datetime:
    """The time of a file; one beyond the calendar becomes its edge."""
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    try:
        return epoch + dt.timedelta(microseconds=mtime_ns // 1000)
    except OverflowError:
        return dt.datetime.max.replace(tzinfo=dt.UTC)
