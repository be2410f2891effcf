"""The canary: a hidden file in the inbox, touched to hear whether the kernel still tells what happens there."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

NAME = ".feedd-canary"

_SILENT_S = 5.0  # until an event that did not come is missed
_SILENCES = 2  # in a row: the first may be a machine that was asleep


class Canary:
    """Sings every `every_s`; is silent when two songs in a row were not heard."""

    def __init__(self, root: Path, *, every_s: float) -> None:
        self._path, self._every_s = root / NAME, every_s
        self._sang_s = float("-inf")
        self._is_awaited = False
        self._has_sung = False
        self._unheard = 0

    @property
    def is_silent(self) -> bool:
        return self._unheard >= _SILENCES

    def heard(self) -> None:
        self._is_awaited, self._unheard = False, 0

    def sing(self, now_s: float) -> None:
        """Touches the file when it is time. Raises OSError where that cannot be done."""
        pause_s = _SILENT_S if self._is_awaited else self._every_s
        if now_s < self._sang_s + pause_s:
            return
        self._unheard += self._is_awaited
        self._is_awaited, self._sang_s = False, now_s
        os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600))
        self._is_awaited = self._has_sung = True

    def rest(self) -> None:
        """The watch begins anew: nothing is awaited of the old one."""
        self._is_awaited, self._unheard, self._sang_s = False, 0, float("-inf")

    def leave(self) -> None:
        """Takes the file away, if it is ours."""
        if self._has_sung:
            with suppress(OSError):
                self._path.unlink()
