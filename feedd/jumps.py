"""When a clock leaps forward, and how long what lies in the leap must wait. Pure: readings of the clock come in.

A wall clock can be wrong: set by hand, by a virtual machine that woke, by a battery that died. An embargo that it
passed in one leap may still hold out there. The clock that counts since the machine started, sleep included, tells a
leap from time that went by.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

LEAST_STEP = dt.timedelta(seconds=10)
"""What the two clocks may drift apart between two looks; services that keep time correct by less at once."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One look at the clocks: the wall (UTC), seconds since the machine started as *boot_id*, and the kernel's word
    on whether the wall is kept in time by another clock."""

    wall: dt.datetime
    boot_s: float
    boot_id: str
    synchronised: bool


@dataclass(frozen=True, slots=True)
class Jump:
    """A span (UTC) that the wall clock passed in one step, and nobody has said yet that it was right."""

    start: dt.datetime
    end: dt.datetime

    def covers(self, instant: dt.datetime) -> bool:
        return self.start < instant <= self.end


def standing(jump: Jump | None, before: Tick | None, now: Tick) -> Jump | None:
    """The jump that stands after *now*, when *jump* stood at *before*.

    A new one begins with a step forward; it ends when the kernel calls its clock synchronised, or steps back. Across a
    start of the machine nothing can be compared.
    """
    step = _step(before, now) if before and before.boot_id == now.boot_id else dt.timedelta()
    if now.synchronised or step < -LEAST_STEP:
        return None
    if step <= LEAST_STEP:
        return jump
    start = now.wall - step
    return Jump(min(start, jump.start) if jump else start, now.wall)


def _step(before: Tick, now: Tick) -> dt.timedelta:
    """By how much the wall went further than time did."""
    return (now.wall - before.wall) - dt.timedelta(seconds=now.boot_s - before.boot_s)
