"""Settled drops are taken: their bytes stand in the store, and from then on the files may vanish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from feedd.ingest.terms import Now, Terms
from feedd.store import Store, drops
from feedd.watch import Taken


def take_in(store: Store, taken: Iterable[Taken], now: Now, *, imported: bool = False) -> int:
    """Keeps drops in one transaction; gives how many wait to be judged now. The others were seen before."""
    fresh = 0
    with store.in_turn() as conn:
        for each in taken:
            seen = drops.Seen(each.path, each.sha256, each.signature, each.mtime, now())
            fresh += drops.take(conn, seen, each.data, imported=imported)
    return fresh


def handfuls(taken: Iterable[Taken], most: int, most_bytes: int) -> Iterator[list[Taken]]:
    """Drops in groups, each for one transaction: *most* of them, or fewer when they come to *most_bytes*."""
    group: list[Taken] = []
    size = 0
    for each in taken:
        group.append(each)
        size += len(each.data)
        if len(group) >= most or size >= most_bytes:
            yield group
            group, size = [], 0
    if group:
        yield group


OWN_FAULTS = (
    *("parse-error", "parse-timeout", "resource-limit", "corrupt"),  # a reader failed
    *("unsupported-type", "binary-doc"),  # there was none
    *("no-text", "no-headline"),  # it found too little
)
"""Codes that may be feedd's own fault: the next version tries again what an earlier one set aside with them."""


def retry_faults(store: Store, terms: Terms) -> int:
    """Lets drops be judged again that another version of feedd failed on; gives how many."""
    with store.in_turn() as conn:
        return drops.retry_faults(conn, OWN_FAULTS, terms.version)
