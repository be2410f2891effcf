"""When digests are due: one slot a local day (or Monday) at the subscriber's hour, whatever the clocks do.

A slot belongs to a local day. Where the clocks jump over the hour, the slot is the same time counted without
the jump (02:30 becomes 03:30), or with it where that would land on the next day; where the hour comes twice,
the slot is the first. A day that a zone left out of its calendar has no slot.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from feedd.model import Cadence

_WEEKDAYS: Mapping[Cadence, frozenset[int]] = {
    Cadence.DAILY: frozenset(range(7)),
    Cadence.WEEKLY: frozenset({0}),  # Mondays
}
_DAY = dt.timedelta(days=1)


def last_slot(now: dt.datetime, *, hour: dt.time, zone: str, cadence: Cadence) -> dt.datetime:
    """The latest slot that is not after *now*, in UTC.

    *hour* is local, *zone* an IANA name. Raises `ValueError` for the cadence at once, which has no slots.
    """
    return next(slot for slot in _slots(now, -_DAY, hour, ZoneInfo(zone), cadence) if slot <= now)


def next_slot(now: dt.datetime, *, hour: dt.time, zone: str, cadence: Cadence) -> dt.datetime:
    """The first slot after *now*, in UTC. Arguments and errors as for `last_slot`."""
    return next(slot for slot in _slots(now, _DAY, hour, ZoneInfo(zone), cadence) if slot > now)


def _slots(
    now: dt.datetime, step: dt.timedelta, hour: dt.time, zone: ZoneInfo, cadence: Cadence
) -> Iterator[dt.datetime]:
    """Slots day by day in the direction of *step*, from the far side of *now*'s local day."""
    if cadence not in _WEEKDAYS:
        raise ValueError(f"The cadence {cadence.value!r} has no slots; give daily or weekly.")
    start = now.astimezone(zone).date() - step
    for count in itertools.count():
        day = start + count * step
        slot = _slot(day, hour, zone) if day.weekday() in _WEEKDAYS[cadence] else None
        if slot is not None:
            yield slot


def _slot(day: dt.date, hour: dt.time, zone: ZoneInfo) -> dt.datetime | None:
    """The instant of *hour* on the local *day*; None when the zone left that day out (Apia, 2011-12-30)."""
    for fold in (0, 1):  # PEP 495: in a gap, fold 0 counts from before it, fold 1 from after it
        instant = dt.datetime.combine(day, hour.replace(fold=fold), zone).astimezone(dt.UTC)
        if instant.astimezone(zone).date() == day:
            return instant
    return None
