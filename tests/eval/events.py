"""Events against ``events.jsonl`` of a labelled folder: right, missed, or wrong, which is the worst."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from feedd.errors import FeeddError
from feedd.model import Event
from feedd.understand import understand

_MTIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class Told(NamedTuple):
    """One case: `outcome` is right, missed, or wrong; `what` says which instant or day was asked for."""

    file: str
    what: str
    outcome: str
    label: str
    found: str


def of(folders: Iterable[Path]) -> list[Told]:
    """The outcome of every results day, call time and must-not-be-an-event of the *folders* that list them."""
    return [
        told
        for folder in folders
        if (folder / "events.jsonl").exists()
        for line in (folder / "events.jsonl").read_text("utf-8").splitlines()
        for row in _rows(json.loads(line))
        for told in _told(folder, row)
    ]


def _rows(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The texts of a case; a chain has several, and what moves between them is for `events.fold` to tell."""
    yield from ({"kind": "notice", **step} for step in case.get("files", [case]))


def _told(folder: Path, row: dict[str, Any]) -> Iterator[Told]:
    path = folder / "files" / row["file"]
    try:
        _, reading = understand(path.read_bytes(), path=path.name, mtime=_MTIME)
        found = reading.release.events
    except FeeddError:
        found = ()
    own = [event for event in found if event.kind in ("results-release", "earnings-call")]
    if row["kind"] == "not_event":
        yield Told(path.name, "no event", "wrong" if own else "right", row.get("reason", ""), _listed(own))
        return
    if row.get("call_start"):
        yield _call(path.name, row["call_start"], [event for event in own if event.kind == "earnings-call"])
    if row.get("results_date"):
        yield _results(path.name, row["results_date"], [event for event in own if event.kind == "results-release"])


def _call(file: str, label: str, found: Sequence[Event]) -> Told:
    local, zone = label.rsplit(" ", 1)
    asked = dt.datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
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
