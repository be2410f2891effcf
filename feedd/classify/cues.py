"""Cues: what the hand-written data files say about words, and where a text has those words.

What a find is worth is a plain product that anyone can check: cue weight × share of the zone, halved for every earlier
find of the same cue.
"""

from __future__ import annotations

import tomllib
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from feedd.classify.passages import Find, Passage, halved
from feedd.classify.phrases import Index

HERE = Path(__file__).parent

_SETTINGS = "zones void".split()


class Cue(NamedTuple):
    """A rule: what it speaks for (a subtopic, or a kind of third party), its id, its weight."""

    subject: str
    id: str
    weight: float


class Void(NamedTuple):
    """Words in which the phrases of `subject` (a subtopic, or the word before its dot) do not count."""

    subject: str


@dataclass(frozen=True, slots=True)
class CueFile:
    """A data file of cues as read: its settings, the share of each zone, and the index of its phrases."""

    settings: Mapping[str, Any]
    shares: Mapping[str, float]
    index: Index[Cue | Void]


@cache
def load(name: str) -> CueFile:
    """The cue file *name* of this room."""
    return make(rows(name))


def rows(name: str) -> dict[str, Any]:
    """The values of the cue file *name* of this room."""
    return tomllib.loads((HERE / name).read_text("utf-8"))


def make(rows: Mapping[str, Any]) -> CueFile:
    """The cue file with these values. A cue whose weight is 0 is not looked for."""
    found = [(phrase, row) for phrase, row in _cues(rows) if row.weight]
    return CueFile(rows, rows.get("zones", {}), Index([*found, *_voids(rows)]))


def _cues(rows: Mapping[str, Any]) -> Iterator[tuple[str, Cue]]:
    for subject, table in rows.items():
        if not isinstance(table, dict) or subject in _SETTINGS:
            continue
        for name, (weight, phrases) in table.items():
            for phrase in phrases:
                yield phrase, Cue(subject, f"{subject}/{name}", float(weight))


def _voids(rows: Mapping[str, Any]) -> Iterator[tuple[str, Cue | Void]]:
    for subject, phrases in rows.get("void", {}).items():
        for phrase in phrases:
            yield phrase, Void(subject)


def weights(name: str) -> dict[str, float]:
    """The hand-written weight of every cue of the file *name* by its id, in the file's order."""
    return ids(load(name))


def ids(file: CueFile) -> dict[str, float]:
    """The hand-written weight of every cue of *file* by its id, in the file's order."""
    return {row.id: row.weight for _, row in _cues(file.settings)}


def find(file: CueFile, small: str, where: Iterable[Passage]) -> dict[str, list[Find]]:
    """The finds for every subject in a text in small letters. A zone without a share in the file counts in full."""
    finds: dict[Cue, list[Find]] = {}
    for passage in where:
        share = file.shares.get(passage.zone, 1.0)
        for cue, start, end in _counted(file, small, passage):
            found = Find(cue.id, passage.zone, start, end, cue.weight * share, passage.is_tail)
            finds.setdefault(cue, []).append(found)
    subjects: dict[str, list[Find]] = {}
    for cue, found_ones in finds.items():
        subjects.setdefault(cue.subject, []).extend(halved(found_ones))
    return subjects


def _counted(file: CueFile, small: str, passage: Passage) -> Iterator[tuple[Cue, int, int]]:
    cues: dict[Cue, list[tuple[int, int]]] = {}
    voids: dict[str, list[tuple[int, int]]] = {}
    for row, start, end in file.index.walk(small, passage.words, passage.bare, passage.at_hand):
        if isinstance(row, Cue):
            cues.setdefault(row, []).append((start, end))
        else:
            voids.setdefault(row.subject, []).append((start, end))
    if not voids:
        for cue, spans in cues.items():
            yield from ((cue, start, end) for start, end in _apart(spans))
        return
    silencing: list[tuple[int, int]] = []
    kept: list[tuple[Cue, tuple[int, int]]] = []
    for cue, spans in cues.items():
        void = _together(voids.get(cue.subject, []) + voids.get(cue.subject.partition(".")[0], []))
        for span in _apart(spans):
            silent = _touching(span, void)
            silencing += silent
            if not silent:
                kept.append((cue, span))
    wide = _together(silencing)
    for cue, span in kept:
        yield cue, *_widened(span, wide)


def _widened(span: tuple[int, int], silencing: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """*span* with the words that it silences: "drill" with the "results" that are none of a quarter.

    Taken out together they leave nothing that would count then.
    """
    places = [span, *_touching(span, silencing)]
    return min(start for start, _ in places), max(end for _, end in places)


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping finds of one cue as one: the longest stands for all."""
    if len(spans) == 1:
        return spans
    kept: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: (span[0] - span[1], span)):
        if not _touches(span, kept):
            kept.insert(bisect(kept, span), span)
    return kept


def _together(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The characters of all *spans*, in order, what overlaps joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _touches(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return bool(_touching(span, others))


def _touching(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those next to *span* of *others* that overlap it; they stand in order and apart: only neighbours need a look.

    A text of one phrase repeated has 20,000 finds; comparing all with all took minutes.
    """
    if not others:
        return []
    at = bisect(others, span)
    return [(start, end) for start, end in others[max(at - 1, 0) : at + 1] if span[0] < end and start < span[1]]
