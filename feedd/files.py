"""The only writer to disk beside the database: outputs, the secret, the lock, the samples.

Everything is written beside its place and renamed into it, so a reader sees the old bytes or the new, never a
half. Nothing is written outside the folder that was named.
"""

from __future__ import annotations

import errno
import fcntl
import gzip
import os
import secrets as random_keys
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from types import TracebackType

from feedd.errors import ConfigError, InUseError, OutputError

_TEMPORARY = (".feedd-", ".tmp")  # how a file begins and ends until it is whole
_PUBLIC_FILE, _PUBLIC_FOLDER = 0o644, 0o755  # said in full: the service runs under UMask=0077
_GZIP_LEVEL = 1  # 4 ms for 18 windows of real text; level 6 takes 14
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

    `path` is relative, with slashes. Missing folders are made. Files whose bytes are equal stay untouched, so their
    times and ETags stay too; changed ones become at least a whole second younger than what they replace. On any
    failure `OutputError` names the path, and the last good file stays.
    """
    with _told(folder / path):
        place = _place(folder, path)
        changed = [each for each in _contents(place, data, gz=gz) if not _holds(*each)]
        if changed:
            _replace_all(place.parent, changed)
        return bool(changed)


def remove(folder: Path, path: str) -> bool:
    """Takes `path` below `folder` and its ``.gz`` away; says whether there was one. Raises `OutputError`."""
    with _told(folder / path):
        place = _place(folder, path, make=False)
        return any([_unlinked(place), _unlinked(_zipped(place))])


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
        wish = _WISHES.get(error.errno or 0, "see whether its folder and disk are well")
        raise OutputError(f"{path} could not be written ({error.strerror or error}); {wish}.") from error


def _place(folder: Path, path: str, *, make: bool = True) -> Path:
    """Where `path` lies on disk, its folder made. No way leads out of `folder`, also not by symbolic links."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\0" in path:
        raise OutputError(f"{path!r} is no path below {folder}; give one that stays inside.")
    root = folder.resolve()
    parent = root.joinpath(*parts[:-1])
    if not parent.resolve().is_relative_to(root):
        raise OutputError(f"{path} leads out of {folder} by a link; take the link away.")
    if make:
        _make_folder(parent)
    return parent / parts[-1]


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir()
        folder.chmod(_PUBLIC_FOLDER)


def _contents(place: Path, data: bytes, *, gz: bool) -> list[tuple[Path, bytes]]:
    zipped = [(_zipped(place), gzip.compress(data, _GZIP_LEVEL, mtime=0))] if gz else []
    return [(place, data), *zipped]


def _zipped(place: Path) -> Path:
    return place.with_name(place.name + ".gz")


def _holds(place: Path, data: bytes) -> bool:
    """Whether a regular file with exactly `data` stands there already."""
    try:
        return not place.is_symlink() and place.stat().st_size == len(data) and place.read_bytes() == data
    except FileNotFoundError:
        return False


def _replace_all(parent: Path, contents: list[tuple[Path, bytes]]) -> None:
    """Writes all beside, then renames all: between a file and its ``.gz`` lies only one rename."""
    written: list[Path] = []
    try:
        for place, data in contents:
            written.append(_written_beside(place, data))
        for temporary, (place, _) in zip(written, contents, strict=True):
            temporary.replace(place)
    finally:
        for temporary in written:
            temporary.unlink(missing_ok=True)
    _sync_folder(parent)


def _written_beside(place: Path, data: bytes) -> Path:
    """A whole, synced file beside `place`, younger than what stands there; gone again if that fails."""
    start, end = _TEMPORARY
    handle, name = tempfile.mkstemp(prefix=start, suffix=end, dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(handle, _PUBLIC_FILE)
            _make_younger(handle, than=place)
            os.fsync(handle)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _make_younger(handle: int, *, than: Path) -> None:
    """nginx makes ETags of seconds and size: a changed digit within one second would be answered with 304."""
    with suppress(FileNotFoundError):
        soonest = (than.lstat().st_mtime_ns // _SECOND_NS + 1) * _SECOND_NS
        own = os.fstat(handle).st_mtime_ns
        os.utime(handle, ns=(own, max(own, soonest)))


def _sync_folder(folder: Path) -> None:
    """Makes the renames last through a power cut; the store counts them as done from now on."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
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
