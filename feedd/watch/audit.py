"""Whose bytes are read anew on a network disk, where size and mtime are too coarse to tell every rewrite."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

_EVERY_S = 60.0
_NEWEST = 20  # files of each audit: what was written lately is most likely written again
_TURN = 180  # further ones, in order of their paths, so that every file comes round
_TURN_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Quiet:
    """A file whose size and mtime are as recorded."""

    raw: str  # path below the inbox
    size: int
    mtime_ns: int


class Audit:
    """Remembers how far it came."""

    def __init__(self) -> None:
        self._reached, self._looked_s = "", float("-inf")

    def turn(self, quiet: Sequence[Quiet], now_s: float) -> list[str]:
        """The raw paths to be read now; none within a minute of the last ones."""
        if now_s < self._looked_s + _EVERY_S:
            return []
        self._looked_s = now_s
        newest = heapq.nlargest(_NEWEST, quiet, key=lambda each: each.mtime_ns)
        ahead = heapq.nsmallest(_TURN, (each for each in quiet if each.raw > self._reached), key=lambda each: each.raw)
        turn = _affordable(ahead)
        came_round = len(turn) == len(ahead) < _TURN
        self._reached = "" if came_round else turn[-1].raw
        return sorted({each.raw for each in (*newest, *turn)})


def _affordable(ahead: Sequence[Quiet]) -> list[Quiet]:
    """As many as the bytes allow, and one at least."""
    spent = 0
    for number, each in enumerate(ahead):
        spent += each.size
        if spent > _TURN_BYTES and number:
            return list(ahead[:number])
    return list(ahead)
