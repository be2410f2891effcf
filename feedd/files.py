"""The only writer to disk beside the database: outputs, the secret, the lock, the samples.

Everything is written beside its place and renamed into it, so a reader sees the old bytes or the new, never a
half. Nothing is written outside the folder that was named.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import gzip
import os
import secrets as random_keys
import shutil
import stat
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import TracebackType

from feedd.errors import ConfigError, InUseError, OutputError

_TEMPORARY = (".feedd-", ".tmp")  # how a file begins and ends until it is whole
_ZIPPED = ".gz"
_PUBLIC_FILE, _PUBLIC_FOLDER = 0o644, 0o755  # said in full: the service runs under UMask=0077
_GZIP_LEVEL = 1  # 4 ms for 18 windows of real text; level 6 takes 14
_MANY = 4  # files from which on it is quicker to sync their whole disk
_SECOND_NS = 1_000_000_000
_LITTLE = 65_536  # bytes that a disk with room takes
_SHORTEST_KEY = 16  # characters
_LOCK_TRIES, _LOCK_PAUSE_S = 5, 0.02

_WISHES = {
    errno.EACCES: "let the account that runs feedd write there",
    errno.EPERM: "let the account that runs feedd write there",
    errno.EROFS: "mount the disk for writing",
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "raise the quota or make room",
    errno.ENOTDIR: "take away the file that stands where a folder belongs",
    errno.EISDIR: "take away the folder that stands where a file belongs",
    errno.ENAMETOOLONG: "choose a shorter folder name",
}


# ── Outputs ─────────────────────────────────────────────────────────────────────────────────────────────────────


def write(folder: Path, path: str, data: bytes, *, gz: bool = False) -> bool:
    """Makes `path` below `folder` hold `data`, and with `gz` also ``path.gz``; says whether anything changed.

    As `Batch.write`; on any failure `OutputError` names the path, and the last good file stays.
    """
    with Batch(folder) as batch:
        batch.write(path, data, gz=gz)
        for error in batch.go_public().values():
            raise error
    return bool(batch.changed)


def remove(folder: Path, path: str) -> bool:
    """Takes `path` below `folder` and its ``.gz`` away; says whether there was one. Raises `OutputError`."""
    with Batch(folder) as batch:
        batch.remove(path)
        for error in batch.go_public().values():
            raise error
    return bool(batch.changed)


class Batch:
    """Outputs below *folder* that go public together, in their order; few syncs for many files.

        write ─► beside its place … ─► go_public: all of them made to last ─► renamed one by one ─► the renames, too

    What was not renamed when the ``with`` block ends is taken away. `changed` counts the outputs that became others.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changes: list[_Change] = []
        self._places: dict[str, str] = {}  # folder below the root → its place, where it is known to be there
        self._word, self._number = random_keys.token_hex(4), 0
        self.changed = 0

    def __enter__(self) -> Batch:
        return self

    def __exit__(self, *_: object) -> None:
        for change in self._changes:
            change.forget()

    def write(self, path: str, data: bytes, *, gz: bool = False) -> None:
        """Gets ready that `path` holds `data`, and with `gz` also ``path.gz``.

        `path` is relative, with slashes. Missing folders are made. Files whose bytes are equal stay untouched, so
        their times and ETags stay too; changed ones become at least a whole second younger than what they replace.
        Raises `OutputError` that names the path, and the last good file stays.
        """
        change = _Change(path)
        with _told(self._folder / path):
            place = self._place(path)
            try:
                for each, content in _contents(place, data, gz=gz):
                    if not _holds(each, content):
                        change.renames.append((self._written_beside(each, content), each))
            except BaseException:
                change.forget()
                raise
        if change.renames:
            self._changes.append(change)

    def remove(self, path: str) -> None:
        """Gets ready to take `path` and its ``.gz`` away. Raises `OutputError`."""
        with _told(self._folder / path):
            place = str(_place(self._folder, path))
        self._changes.append(_Change(path, takes_away=(place, place + _ZIPPED)))

    def go_public(self) -> dict[str, OutputError]:
        """Puts all in their places; gives what could not be put there, by path."""
        changes, self._changes = self._changes, []
        try:
            return self._put(changes)
        finally:
            for change in changes:
                change.forget()

    def _put(self, changes: Sequence[_Change]) -> dict[str, OutputError]:
        failed: dict[str, OutputError] = {}
        folders = dict.fromkeys(os.path.dirname(place) for change in changes for _temporary, place in change.renames)
        try:
            self._sync([temporary for change in changes for temporary, _place in change.renames])
            for change in changes:
                try:
                    self.changed += change.act()
                except OSError as error:
                    failed[change.path] = self._failure(change, error)
            self._sync(folders)
        except OSError as error:
            return {change.path: self._failure(change, error) for change in changes}
        return failed

    def _failure(self, change: _Change, error: OSError) -> OutputError:
        return _failure(self._folder / change.path, error)

    # Places are plain text here: with a Path for each, a new page took twice as long to write.

    def _place(self, path: str) -> str:
        """Where `path` lies on disk, its folder made. No way leads out of the root, also not by symbolic links."""
        folder, slash, name = path.rpartition("/")
        if name in ("", ".", "..") or "\0" in name or (slash and not folder):
            raise _outside(self._folder, path)
        if folder not in self._places:
            self._places[folder] = self._made(folder)
        return f"{self._places[folder]}/{name}"

    def _made(self, folder: str) -> str:
        if not folder:
            _make_folder(self._folder)
            return str(self._folder.resolve())
        place = self._place(folder)
        with suppress(FileExistsError):
            os.mkdir(place)
            os.chmod(place, _PUBLIC_FOLDER)
        if os.path.islink(place):
            _place(self._folder, f"{folder}/x")  # refuses a link that leads out
        return place

    def _written_beside(self, place: str, data: bytes) -> str:
        """A whole file beside `place`, younger than what stands there; gone again if that fails."""
        self._number += 1
        start, end = _TEMPORARY
        temporary = f"{os.path.dirname(place)}/{start}{self._word}-{self._number}{end}"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PUBLIC_FILE)
        try:
            _write_all(handle, data)
            os.fchmod(handle, _PUBLIC_FILE)
            _make_younger(handle, than=place)
        except BaseException:
            os.unlink(temporary)
            raise
        finally:
            os.close(handle)
        return temporary

    def _sync(self, paths: Collection[str]) -> None:
        """Makes files and folders last through a power cut: a few one by one, many with all else on their disk."""
        if len(paths) < _MANY or not _sync_disk(self._folder):
            for path in paths:
                _sync_one(path)


@dataclass(slots=True)
class _Change:
    """What one output becomes: files written beside with their places, or places that shall be empty."""

    path: str
    renames: list[tuple[str, str]] = field(default_factory=list)
    takes_away: tuple[str, ...] = ()

    def act(self) -> bool:
        """Says whether anything changed. Between a file and its ``.gz`` lies only one rename."""
        while self.renames:
            temporary, place = self.renames[0]
            os.rename(temporary, place)
            del self.renames[0]
        return not self.takes_away or sum(_unlinked(Path(place)) for place in self.takes_away) > 0

    def forget(self) -> None:
        """Takes away what was not renamed."""
        for temporary, _place in self.renames:
            with suppress(OSError):
                os.unlink(temporary)


def sweep(folder: Path) -> int:
    """Removes what a killed writer left half-made below `folder`; gives their number. Only under the lock."""
    start, end = _TEMPORARY
    left = [path for path in folder.rglob(f"{start}*{end}") if path.is_file() and not path.is_symlink()]
    with _told(folder):
        return sum(_unlinked(path) for path in left)


def make_folder(folder: Path) -> None:
    """Makes `folder` and what is missing above it, readable for a web server. Raises `OutputError`."""
    with _told(folder):
        _make_folder(folder)
        os.scandir(folder).close()  # fails where a file stands in its place


def try_out(folder: Path) -> None:
    """Writes a little below `folder` and takes it away again. Raises `OutputError` when that cannot be done."""
    with _told(folder), tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        file.write(bytes(_LITTLE))
        os.fsync(file.fileno())


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turns what the disk answers into a sentence that names the path and what to do."""
    try:
        yield
    except OSError as error:
        raise _failure(path, error) from error


def _failure(path: Path, error: OSError) -> OutputError:
    wish = _WISHES.get(error.errno or 0, "see whether its folder and disk are well")
    failure = OutputError(f"{path} could not be written ({error.strerror or error}); {wish}.")
    failure.__cause__ = error
    return failure


def _place(folder: Path, path: str) -> Path:
    """Where `path` lies below `folder`. No way leads out of it, also not by symbolic links."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\0" in path:
        raise _outside(folder, path)
    root = folder.resolve()
    parent = root.joinpath(*parts[:-1])
    if not parent.resolve().is_relative_to(root):
        raise OutputError(f"{path} leads out of {folder} by a link; take the link away.")
    return parent / parts[-1]


def _outside(folder: Path, path: str) -> OutputError:
    return OutputError(f"{path!r} is no path below {folder}; give one that stays inside.")


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir()
        folder.chmod(_PUBLIC_FOLDER)


def _contents(place: str, data: bytes, *, gz: bool) -> list[tuple[str, bytes]]:
    zipped = [(place + _ZIPPED, gzip.compress(data, _GZIP_LEVEL, mtime=0))] if gz else []
    return [(place, data), *zipped]


def _holds(place: str, data: bytes) -> bool:
    """Whether a regular file with exactly `data` stands there already."""
    try:
        status = os.lstat(place)
    except FileNotFoundError:
        return False
    is_like_it = stat.S_ISREG(status.st_mode) and status.st_size == len(data)
    return is_like_it and Path(place).read_bytes() == data


def _write_all(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:  # a full disk may take a part
        rest = rest[os.write(handle, rest) :]


def _make_younger(handle: int, *, than: str) -> None:
    """nginx makes ETags of seconds and size: a changed digit within one second would be answered with 304."""
    with suppress(FileNotFoundError):
        soonest = (os.lstat(than).st_mtime_ns // _SECOND_NS + 1) * _SECOND_NS
        own = os.fstat(handle).st_mtime_ns
        os.utime(handle, ns=(own, max(own, soonest)))


def _sync_one(path: str) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_disk(folder: Path) -> bool:
    """Everything that is to be written on the disk of *folder*, at once (syncfs(2)); False where that is unknown.

    150 files take 10 ms that way; one by one, half a second.
    """
    sync = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if sync is None:
        return False
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if sync(handle):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return True
    finally:
        os.close(handle)


def _unlinked(place: Path) -> bool:
    try:
        place.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


# ── Export ──────────────────────────────────────────────────────────────────────────────────────────────────────


def export(folder: Path, lines: Mapping[str, Iterable[bytes]], originals: Iterable[tuple[str, bytes]]) -> int:
    """Writes files of *lines* by name, and *originals* by hash below ``originals/``; gives how many those are.

    What stands there under the same name is replaced. Nobody but the account itself may read it. Raises `OutputError`.
    """
    number = 0
    with _told(folder):
        below = folder / "originals"
        below.mkdir(parents=True, exist_ok=True)
        for name, rows in lines.items():
            with (folder / name).open("wb") as file:
                file.writelines(rows)
        for sha256, data in originals:
            (below / sha256).write_bytes(data)
            number += 1
    return number


# ── Secrets ─────────────────────────────────────────────────────────────────────────────────────────────────────


def secrets(path: Path) -> list[str]:
    """The signing keys in `path`, one a line; the first signs, all verify. Blank lines and ``#`` lines do not count.

    At first use the file is made with one random key, mode 0600. Raises `ConfigError` when it cannot be made or
    read, holds no key, or holds one of fewer than 16 characters.
    """
    try:
        _make_secret(path)
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        wish = f"give the path of a file that feedd can make or read ({error})"
        raise ConfigError("site.secret_file", str(path), wish) from error
    keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not keys or min(map(len, keys)) < _SHORTEST_KEY:
        wish = f"let each line of it be a random key of {_SHORTEST_KEY} or more characters, or take the file away"
        raise ConfigError("site.secret_file", str(path), wish)
    return keys


def password(path: Path) -> str:
    """The first line of `path`. Raises `ConfigError`."""
    try:
        return (path.read_text(encoding="utf-8").splitlines() or [""])[0]
    except (OSError, UnicodeDecodeError) as error:
        wish = f"give the path of a file that feedd can read ({error})"
        raise ConfigError("mail.password_file", str(path), wish) from error


def _make_secret(path: Path) -> None:
    """A file with one new key, unless there is one. Linked when whole, so nobody ever reads an empty one."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_TEMPORARY[0], suffix=_TEMPORARY[1], dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(random_keys.token_urlsafe(32) + "\n")
            file.flush()
            os.fsync(handle)
        with suppress(FileExistsError):  # another process was quicker: its key counts
            os.link(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


# ── The lock ────────────────────────────────────────────────────────────────────────────────────────────────────


class Lock:
    """A kernel lock on a file beside the database, free again whenever its holder ends, however that is.

    The file stays for ever and names the holder while there is one. ``with Lock(path).acquire("feedd run"): …``
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def acquire(self, command: str) -> Lock:
        """Holds the lock until `release`. Raises `InUseError` that names the holder when another process has it."""
        handle = self._opened()
        if not _locked(handle):
            holder = _holder(handle)
            os.close(handle)
            raise InUseError(f"{holder or 'Another process'} holds {self.path}; stop it first.")
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()} {command}\n".encode(), 0)
        self._handle = handle
        return self

    def release(self) -> None:
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None

    def holder(self) -> str | None:
        """The words for who holds the lock: command and process; None when it is free."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return _holder(handle) or "Another process"
        else:
            return None
        finally:
            os.close(handle)

    def __enter__(self) -> Lock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _opened(self) -> int:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            wish = _WISHES.get(error.errno or 0, "see whether its folder and disk are well")
            raise InUseError(f"{self.path} cannot be locked ({error.strerror}); {wish}.") from error


def _locked(handle: int) -> bool:
    """Tries for the lock, a few times: one who only asks for the holder has it for a moment."""
    for _ in range(_LOCK_TRIES):
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(_LOCK_PAUSE_S)
    return False


def _holder(handle: int) -> str:
    """The holder as it wrote itself down; empty when it did not (yet)."""
    process, _, command = os.pread(handle, 1000, 0).decode("utf-8", "replace").strip().partition(" ")
    return f"`{command}` (process {process})" if command else ""


# ── Samples ─────────────────────────────────────────────────────────────────────────────────────────────────────


def copy_samples(inbox: Path, samples: Path) -> int:
    """Fills an empty or missing `inbox` with the text files of `samples`; gives how many were copied.

    An inbox with anything visible in it is left alone and gives 0. Each file appears whole. Raises `OutputError`.
    """
    with _told(inbox):
        inbox.mkdir(parents=True, exist_ok=True)
        if any(not entry.name.startswith(".") for entry in inbox.iterdir()):
            return 0
        return sum(_copied(sample, inbox) for sample in sorted(samples.glob("*.txt")))


def _copied(sample: Path, inbox: Path) -> bool:
    temporary = inbox / f"{_TEMPORARY[0]}{sample.name}{_TEMPORARY[1]}"
    shutil.copyfile(sample, temporary)
    temporary.replace(inbox / sample.name)
    return True
