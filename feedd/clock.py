"""The machine's clocks: the wall, the one that counts since the start, and whether another clock keeps them right."""

from __future__ import annotations

import ctypes
import datetime as dt
import time
from functools import cache
from pathlib import Path

from feedd.jumps import Tick

_UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)


def tick(wall: dt.datetime) -> Tick:
    """All clocks at once; *wall* is the time now, UTC, as the rest of the process has it."""
    return Tick(wall, time.clock_gettime(time.CLOCK_BOOTTIME), _boot_id(), _is_synchronised())


@cache
def _boot_id() -> str:
    """What the kernel calls this start of the machine; "" where it does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


class _Timex(ctypes.Structure):
    """``struct timex`` by its size alone: all zero asks and changes nothing."""

    _fields_ = [("zeros", ctypes.c_byte * 512)]


def _is_synchronised() -> bool:
    """Whether the kernel says that a time service keeps its clock; False where it cannot be asked."""
    try:
        state: int = ctypes.CDLL(None).adjtimex(ctypes.byref(_Timex()))
    except (OSError, AttributeError):
        return False
    return 0 <= state < _UNSYNCHRONISED
