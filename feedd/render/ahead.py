"""The dated things that a release announces, in the words of its page: what, when, by whose clock, how to take part."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from feedd.model import Event, Release

_WHAT = {
    "results-release": "Results",
    "earnings-call": "Earnings call",
    "meeting": "Meeting",
    "conference": "Conference",
    "other-call": "Call",
}
_SESSIONS = {"before-open": "before the market opens", "after-close": "after the market closes"}
_STATES = {"tentative": "not yet confirmed", "rescheduled": "moved", "cancelled": "cancelled"}


@dataclass(frozen=True, slots=True)
class Ahead:
    """One event as a page shows it. `start` has the stated clock's offset; None where only the day is known."""

    what: str  # "Earnings call"
    state: str  # "moved"; "" when there is nothing to say
    day: dt.date
    start: dt.datetime | None
    session: str  # "after the market closes"; "" where none is stated
    replay_until: dt.date | None
    event: Event


def ahead(release: Release) -> tuple[Ahead, ...]:
    """The events of *release* in their order. A kind that no word is known for is shown under its own name."""
    return tuple(_shown(event) for event in release.events if event.start or event.date)


def _shown(event: Event) -> Ahead:
    start = dt.datetime.fromisoformat(event.start) if event.start else None
    until = event.replay.until if event.replay else None
    return Ahead(
        what=_WHAT.get(event.kind, event.kind.replace("-", " ").capitalize()),
        state=_STATES.get(event.status, ""),
        day=start.date() if start else dt.date.fromisoformat(str(event.date)),
        start=start,
        session=_SESSIONS.get(event.session or "", ""),
        replay_until=dt.date.fromisoformat(until) if until else None,
        event=event,
    )
