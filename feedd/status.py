"""How things stand, for an operator: one question to the store, one value."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from feedd.store import Store, deliveries, drops, outputs, releases, troubles
from feedd.store.drops import Quarantined
from feedd.store.releases import Known


@dataclass(frozen=True, slots=True)
class Status:
    """Counts by class and state, what waits for a person, what is wrong outside."""

    daemon: str | None  # who holds the lock, in words; None: nobody
    releases: dict[str, int]  # by class, and held, needs_review
    held: tuple[Known, ...]
    embargoed: tuple[Known, ...]
    quarantined: tuple[Quarantined, ...]
    stale_outputs: int
    letters: dict[str, int]  # deliveries by state
    oldest_unsent: dt.datetime | None
    troubles: tuple[tuple[str, str, dt.datetime], ...]  # name, sentence, since


def status(store: Store, daemon: str | None) -> Status:
    with store.read() as conn:
        return Status(
            daemon=daemon,
            releases=releases.counts(conn),
            held=tuple(releases.waiting(conn, "held")),
            embargoed=tuple(releases.waiting(conn, "embargoed")),
            quarantined=tuple(drops.quarantined(conn)),
            stale_outputs=outputs.count_stale(conn),
            letters=deliveries.count_by_state(conn),
            oldest_unsent=deliveries.oldest_unsent(conn),
            troubles=tuple(troubles.present(conn)),
        )
