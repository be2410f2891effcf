"""Events against ``events.jsonl`` of a labelled folder: right, missed, or wrong, which is the worst.

A chain is several notices of the same event: after each of them the events are folded, and the one event that then
stands must have the stated time, sequence and status.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from feedd import events, identity
from feedd.errors import FeeddError
from feedd.model import Event, Reading
from feedd.understand import understand

_MTIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


_CALENDAR = {"confirmed": "CONFIRMED", "rescheduled": "CONFIRMED", "tentative": "TENTATIVE", "cancelled": "CANCELLED"}
"""What a calendar calls the status of an event (RFC 5545); one that moved is confirmed for its new time."""


class Told(NamedTuple):
    """One case: `outcome` is right, missed, or wrong; `what` says which instant or day was asked for."""

    file: str
    what: str
    outcome: str
    label: str
    found: str


def of(folders: Iterable[Path]) -> list[Told]:
    """The outcome of every results day, call, must-not-be-an-event and chain of the *folders* that list them."""
    cases = [(folder, case) for folder in folders for case in _cases(folder)]
    texts = (told for folder, case in cases for row in _rows(case) for told in _told(folder, row))
    return [*texts, *(told for folder, case in cases if case["kind"] == "chain" for told in _chain(folder, case))]


def _cases(folder: Path) -> list[dict[str, Any]]:
    file = folder / "events.jsonl"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def _rows(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The texts of a case, a chain's each for itself: there a release of results has no results day to announce."""
    for step in case.get("files", [case]):
        is_out = step.get("subtopic") == "earnings.results"
        yield {"kind": "notice", **step, **({"results_date": None} if is_out else {})}


def _read(folder: Path, file: str) -> Reading | None:
    path = folder / "files" / file
    try:
        return understand(path.read_bytes(), path=path.name, mtime=_MTIME)[1]
    except FeeddError:
        return None


def _told(folder: Path, row: dict[str, Any]) -> Iterator[Told]:
    path, reading = Path(row["file"]), _read(folder, row["file"])
    found = reading.release.events if reading else ()
    own = [event for event in found if event.kind in ("results-release", "earnings-call")]
    if row["kind"] == "not_event":
        yield Told(path.name, "no event", "wrong" if own else "right", row.get("reason", ""), _listed(own))
        return
    if row.get("call_start"):
        yield _call(path.name, row["call_start"], [event for event in own if event.kind == "earnings-call"])
    if row.get("results_date"):
        yield _results(path.name, row["results_date"], [event for event in own if event.kind == "results-release"])


def _chain(folder: Path, case: dict[str, Any]) -> Iterator[Told]:
    """The outcome of every step: what stands after the notices up to it."""
    notices: list[events.Notice] = []
    for number, step in enumerate(case["files"]):
        reading = _read(folder, step["file"])
        if reading:
            notices.append(_notice(reading, number))
        standing = events.fold(notices)
        for kind, key in ((events.CALL, "call_start"), (events.RESULTS, "results_date")):
            if step.get(key):
                yield _step(step, step[key], [event for event in standing if event.kind == kind])


def _notice(reading: Reading, number: int) -> events.Notice:
    release = reading.release
    key, subtopic = identity.issuer_key(release), reading.classification.subtopic
    return events.notice(release, guid=f"{number:03}", issuer_key=key, subtopic=subtopic)


def _step(step: dict[str, Any], when: str, standing: Sequence[Event]) -> Told:
    label = f"{when}, {step['sequence']}, {step['status']}"
    is_right = (
        len(standing) == 1
        and _is_at(standing[0], when)
        and (standing[0].sequence, _CALENDAR[standing[0].status]) == (step["sequence"], step["status"])
    )
    outcome = "right" if is_right else "wrong" if standing else "missed"
    found = ", ".join(f"{one.start or one.date}, {one.sequence}, {_CALENDAR[one.status]}" for one in standing)
    return Told(step["file"], "chain", outcome, label, found)


def _is_at(event: Event, when: str) -> bool:
    if " " not in when:
        return (event.start or event.date or "")[:10] == when
    return event.start is not None and dt.datetime.fromisoformat(event.start) == _instant(when)


def _instant(label: str) -> dt.datetime:
    """The instant of ``2024-11-12T16:30 America/New_York``."""
    local, zone = label.rsplit(" ", 1)
    return dt.datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))


def _call(file: str, label: str, found: Sequence[Event]) -> Told:
    asked = _instant(label)
    times = [dt.datetime.fromisoformat(event.start) for event in found if event.start]
    outcome = "right" if any(time == asked for time in times) else "wrong" if times else "missed"
    return Told(file, "call", outcome, label, _listed(found))


def _results(file: str, label: str, found: Sequence[Event]) -> Told:
    days = [(event.start or event.date or "")[:10] for event in found]
    outcome = "right" if label in days else "wrong" if days else "missed"
    return Told(file, "results day", outcome, label, _listed(found))


def _listed(found: Iterable[Event]) -> str:
    return ", ".join(f"{event.kind} {event.start or event.date}" for event in found)


def table(told: Sequence[Told]) -> list[str]:
    """Right, missed and wrong for each kind as lines."""
    counts = Counter((one.what, one.outcome) for one in told)
    return [
        f"  {what:12} " + "   ".join(f"{outcome} {counts[what, outcome]}" for outcome in ("right", "missed", "wrong"))
        for what in dict.fromkeys(one.what for one in told)
    ]


def misses(told: Iterable[Told]) -> Iterator[str]:
    """The cases not read rightly."""
    for one in told:
        if one.outcome != "right":
            yield f"{one.file}: {one.what} {one.outcome}: {one.label!r}, found {one.found or 'none'}"
