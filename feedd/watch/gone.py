"""Which files of the ledger are gone for good, told from those that a lost disk or a swapped folder hides."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection, Set
from pathlib import Path

from feedd.visible import raw_name

_GONE_S = 10.0  # at least between the two looks; saving or syncing a file may take it away for a moment
_ABSENT = (errno.ENOENT, errno.ENOTDIR)

Identity = tuple[int, int]  # device and inode of a folder


class Gone:
    """Remembers what two full rescans in a row did not find.

    A file counts as gone only when its folder, or the nearest one above that is still there, held something in this
    very place before: a disk that is not mounted looks like an empty folder, and nobody emptied that. In an inbox
    that took another's place while we watched, only what was seen there can be gone from there.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._held: dict[str, Identity] = {}  # folder below the root → which one it was when it held something
        self._present: set[str] | None = None  # paths seen since the inbox was swapped; None: it never was
        self._since: dict[str, float] = {}  # path as the ledger has it → first rescan without it
        self._looked_s = float("-inf")

    def held(self, folder: str, identity: Identity) -> None:
        """A rescan saw something in this folder."""
        self._held[folder] = identity

    def look(self, known: Collection[str], present: Set[str], now_s: float) -> None:
        """The end of a full rescan: paths of the ledger, and those it saw, as the ledger spells them."""
        if self._present is not None:
            self._present |= present
            known = self._present.intersection(known)
        missing = (path for path in known if path not in present)
        self._since = {path: self._since.get(path, now_s) for path in missing if self._is_gone(raw_name(path))}
        self._looked_s = now_s

    def paths(self) -> list[str]:
        return [path for path, since_s in self._since.items() if self._looked_s - since_s >= _GONE_S]

    def start_afresh(self) -> None:
        """The inbox may be another folder now: nothing that was seen before counts."""
        self._held.clear()
        self._present = set()
        self._since.clear()

    def _is_gone(self, raw: str) -> bool:
        """No error but absence itself is absence."""
        try:
            os.lstat(self._root / raw)
        except OSError as error:
            return error.errno in _ABSENT and self._held_something(raw.rpartition("/")[0])
        return False

    def _held_something(self, folder: str) -> bool:
        try:
            status = os.lstat(self._root / folder) if folder else self._root.stat()
        except OSError as error:
            return bool(folder) and error.errno in _ABSENT and self._held_something(folder.rpartition("/")[0])
        return stat.S_ISDIR(status.st_mode) and self._held.get(folder) == (status.st_dev, status.st_ino)
