"""How things stand, for an operator: one question to the store, one value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from feedd import files
from feedd.errors import OutputError
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
    troubles: tuple[tuple[str, str, dt.datetime | None], ...]  # name, sentence, since; None: found just now


def status(store: Store, daemon: str | None, folders: Iterable[Path] = ()) -> Status:
    """How things stand. The database and *folders* are tried out: who cannot write can note no trouble either."""
    found = tuple(_found(store, folders))
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
            troubles=(*troubles.present(conn), *found),
        )


def _found(store: Store, folders: Iterable[Path]) -> Iterator[tuple[str, str, None]]:
    if sentence := store.trouble():
        yield "store", sentence, None
    for folder in folders:
        try:
            files.try_out(folder)
        except OutputError as error:
            yield folder.name, str(error), None
