"""The life of announced events: whose they are, and what later notices do to them.

    notices in order ─► by uid ─► announced, moved, cancelled, confirmed, settled ─► the calendar's events

Pure: what the store remembers comes in as values, and the same notices give the same events in any order.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from zoneinfo import ZoneInfo

from feedd.model import Event, FiscalPeriod, Release

RESULTS, CALL = "results-release", "earnings-call"

_NOTICES = frozenset({"earnings.date-notice", "earnings.date-change"})
_SETTLING = "earnings.results"


@dataclass(frozen=True, slots=True)
class Notice:
    """What one release says of events. `settles` is the uid of the day of results that a release of results fulfils.

    Notices act in the order of `day`, a correction after what it corrects, then of `guid`.
    """

    guid: str
    day: dt.date
    events: tuple[Event, ...]
    is_correction: bool = False
    settles: str | None = None


# ── Whose event it is ───────────────────────────────────────────────────────────────────────────────────────────


def named(release: Release, issuer_key: str | None) -> tuple[Event, ...]:
    """The events of *release* with names that are the company's own, and the same in each of its notices.

    A company that is not known equals nobody: its events are named after the release's own headline and day.
    """
    owner = _owner(release, issuer_key)
    return tuple(replace(event, uid=f"{event.uid}-{owner}") for event in release.events)


def _owner(release: Release, issuer_key: str | None) -> str:
    key = issuer_key or f"{release.date}\n{release.title}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def notice(
    release: Release, *, guid: str, issuer_key: str | None, subtopic: str, is_correction: bool = False
) -> Notice:
    """What *release*, whose events bear their full names, says of events; a release of results settles its period's."""
    period = release.fiscal_period
    settles = None
    if subtopic == _SETTLING and period and period.fiscal_year:
        settles = f"{RESULTS}-{period.fiscal_year}-q{period.last_quarter}-{_owner(release, issuer_key)}"
    return Notice(guid, release.day, release.events, is_correction, settles)


# ── What later notices do ───────────────────────────────────────────────────────────────────────────────────────


def fold(notices: Sequence[Notice]) -> tuple[Event, ...]:
    """The events that stand after all of *notices*, by start; `sequence` counts what changed in each of them."""
    standing: dict[str, Event] = {}
    settled: set[str] = set()
    for one in sorted(notices, key=lambda n: (n.day, n.is_correction, n.guid)):
        for event in one.events:
            if event.uid not in settled:
                earlier = standing.get(event.uid)
                standing[event.uid] = _after(earlier, event) if earlier else replace(event, sequence=0)
        if one.settles in standing:
            standing[one.settles] = _settled(standing[one.settles], one.day)
            settled.add(one.settles)
    return tuple(sorted(standing.values(), key=lambda event: (event.start_utc or event.date or "", event.uid)))


def _after(earlier: Event, later: Event) -> Event:
    """*earlier* as *later* leaves it: moved, cancelled, confirmed, told more of, or the same."""
    status = _status(earlier, later)
    told = _merged(earlier, later, is_moved=_is_moved(earlier, later) and later.status != "cancelled")
    changed = replace(told, status=status, sequence=earlier.sequence)
    return changed if changed == earlier else replace(changed, sequence=earlier.sequence + 1)


def _status(earlier: Event, later: Event) -> str:
    if later.status == "cancelled":
        return "cancelled"
    if _is_moved(earlier, later) or earlier.status == "cancelled":
        return "rescheduled"
    if earlier.status == "tentative":
        return later.status
    return earlier.status


def _is_moved(earlier: Event, later: Event) -> bool:
    """Whether *later* names another time; a day alone does not contradict an hour of it."""
    if earlier.start_utc and later.start_utc:
        return earlier.start_utc != later.start_utc
    return _day(earlier) != _day(later)


_WHEN = ("date", "start", "zone", "start_utc", "zone_text", "weekday_text", "weekday_ok", "second_time_agrees")
_WHEN_ALSO = ("second_zone", "second_zone_text")
_LASTING = frozenset({"kind", "uid", "status", "sequence"})


def _merged(earlier: Event, later: Event, *, is_moved: bool) -> Event:
    """*earlier* with what *later* adds; what that leaves out still holds, except the hour of a moved event."""
    when = {*_WHEN, *_WHEN_ALSO}
    is_finer = bool(later.start) and not earlier.start
    values = {}
    for field in fields(Event):
        new = getattr(later, field.name)
        if field.name in _LASTING:
            continue
        if field.name in when:
            if is_moved or (is_finer and later.status != "cancelled"):
                values[field.name] = new
        elif new not in (None, ()):
            values[field.name] = new
    return replace(earlier, **values)


def _settled(event: Event, day: dt.date) -> Event:
    """The day of results once they are out: no longer in doubt, and on *day* if it was called off before."""
    if event.status == "cancelled":
        return replace(_on(event, day), status="confirmed", sequence=event.sequence + 1)
    if event.status == "tentative":
        return replace(event, status="confirmed", sequence=event.sequence + 1)
    return event


def _on(event: Event, day: dt.date) -> Event:
    return Event(kind=event.kind, status=event.status, uid=event.uid, date=day.isoformat(), sequence=event.sequence)


def _day(event: Event) -> str:
    return (event.start or event.date or "")[:10]


# ── In one line ─────────────────────────────────────────────────────────────────────────────────────────────────

_SESSIONS = {"after-close": "after market close", "before-open": "before market open"}
_STATUS = {"rescheduled": "New date: ", "cancelled": "Cancelled: ", "tentative": "Not yet fixed: "}
_WORDS_OF_TIME = frozenset({"time", "standard", "daylight", "savings", "saving", "prevailing"})


def in_short(release: Release, subtopic: str) -> str | None:
    """The line that alerts and lists show of a notice of results: what and when. None for any other release.

    ``Q1 2014 results Thu 15 May 2014 after market close; call Fri 16 May 2014 11:00 Eastern / 08:00 Pacific.``
    """
    events = [event for event in release.events if event.kind in (RESULTS, CALL)]
    if subtopic not in _NOTICES or not events:
        return None
    line = "; ".join(_told(event) for event in _first_of_each(events))
    period = _period(release.fiscal_period)
    return f"{_STATUS.get(events[-1].status, '')}{f'{period} {line}' if period else line[0].upper() + line[1:]}."


def _first_of_each(events: Iterable[Event]) -> Iterator[Event]:
    seen: set[str] = set()
    for event in events:
        if event.kind not in seen:
            seen.add(event.kind)
            yield event


def _told(event: Event) -> str:
    name = "results" if event.kind == RESULTS else "call"
    day = dt.date.fromisoformat(_day(event))
    when = [f"{name} {day:%a} {day.day} {day:%b %Y}"]
    if event.start:
        when.append(_hours(event))
    elif event.session:
        when.append(_SESSIONS[event.session])
    return " ".join(when)


def _hours(event: Event) -> str:
    start = dt.datetime.fromisoformat(event.start or "")
    hours = [f"{start:%H:%M} {_bare(event.zone_text or event.zone or '')}"]
    if event.second_zone:
        second = start.astimezone(ZoneInfo(event.second_zone))
        hours.append(f"{second:%H:%M} {_bare(event.second_zone_text or event.second_zone)}")
    return " / ".join(hours)


def _bare(zone_text: str) -> str:
    """``Eastern`` of ``Eastern Time``; letters stay."""
    return " ".join(word for word in zone_text.split() if word.lower() not in _WORDS_OF_TIME)


def _period(period: FiscalPeriod | None) -> str:
    if period is None or period.fiscal_year is None:
        return ""
    if period.quarter and not period.is_nine_months:
        return f"Q{period.quarter} {period.fiscal_year}"
    if period.half:
        return f"H{period.half} {period.fiscal_year}"
    return f"{'9M' if period.is_nine_months else 'FY'} {period.fiscal_year}"


__all__ = ["Notice", "fold", "in_short", "named", "notice"]
