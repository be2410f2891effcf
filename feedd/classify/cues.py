"""Cues: what the data files say about words, and the points they give a text.

The score is a plain sum that anyone can check: cue weight × share of the zone, halved for every earlier find of the
same cue. So each find adds something, and taking any of them out lowers the sum.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from feedd.classify.phrases import Index
from feedd.model import Evidence, Paragraph, Zone

HERE = Path(__file__).parent
FILES = ("cues.toml", "not_issuer.toml", "taxonomy.toml")

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
class Stretch:
    """Characters ``[start, end)`` of a zone that count with `share` of a cue's weight."""

    zone: Zone
    start: int
    end: int
    share: float


@dataclass(frozen=True, slots=True)
class CueFile:
    """A data file of cues as read: its settings, and the index of its phrases."""

    settings: Mapping[str, Any]
    index: Index[Cue | Void]


@cache
def load(name: str) -> CueFile:
    """The cue file *name* of this room."""
    rows = tomllib.loads((HERE / name).read_text("utf-8"))
    return CueFile(rows, Index([*_cues(rows), *_voids(rows)]))


def _cues(rows: Mapping[str, Any]) -> Iterator[tuple[str, Cue | Void]]:
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


@cache
def rules_version() -> str:
    """A short hash of the rule files: the same files give the same reading."""
    together = hashlib.sha256()
    for name in FILES:
        together.update((HERE / name).read_bytes())
    return together.hexdigest()[:10]


# ── Where words count ───────────────────────────────────────────────────────────────────────────────────────────


def stretches(paragraphs: Sequence[Paragraph], settings: Mapping[str, Any]) -> Iterator[Stretch]:
    """The parts of a release that say what it is about; profile, contacts and lawyers' text say nothing."""
    shares: dict[str, float] = settings["zones"]
    left: int = settings["body_reach"]
    for paragraph in paragraphs:
        reach = settings["lead_reach"] if paragraph.zone is Zone.LEAD else None
        for span in paragraph.spans if paragraph.zone in shares else ():
            end = span.end if reach is None else min(span.end, span.start + reach)
            if paragraph.zone is Zone.BODY:
                end = min(end, span.start + left)
                left -= end - span.start
            if end > span.start:
                yield Stretch(paragraph.zone, span.start, end, shares[paragraph.zone])


# ── What counts ─────────────────────────────────────────────────────────────────────────────────────────────────


def find(file: CueFile, text: str, where: Iterable[Stretch]) -> dict[str, list[Evidence]]:
    """The evidence for every subject, each list strongest first."""
    finds: dict[Cue, list[Evidence]] = {}
    small = small_letters(text)
    for stretch in where:
        for cue, start, end in _counted(file, small, stretch):
            finds.setdefault(cue, []).append(
                Evidence(stretch.zone, text[start:end], start, end, cue.weight * stretch.share, cue.id)
            )
    subjects: dict[str, list[Evidence]] = {}
    for cue, found in finds.items():
        subjects.setdefault(cue.subject, []).extend(_halved(found))
    return {subject: sorted(found, key=_strongest) for subject, found in subjects.items()}


def small_letters(text: str) -> str:
    """*text* in small letters, character for character: a letter whose small form has two characters stays."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def _counted(file: CueFile, text: str, stretch: Stretch) -> Iterator[tuple[Cue, int, int]]:
    cues: dict[Cue, list[tuple[int, int]]] = {}
    voids: dict[str, list[tuple[int, int]]] = {}
    for row, start, end in file.index.find(text, stretch.start, stretch.end):
        if isinstance(row, Cue):
            cues.setdefault(row, []).append((start, end))
        else:
            voids.setdefault(row.subject, []).append((start, end))
    for cue, spans in cues.items():
        void = _together(voids.get(cue.subject, []) + voids.get(cue.subject.partition(".")[0], []))
        for span in _apart(spans):
            if not _touches(span, void):
                yield cue, *span


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping finds of one cue as one: the longest stands for all."""
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
    """Whether *span* overlaps one of *others*, which stand in order and apart: only its neighbours need a look.

    A text of one phrase repeated has 20,000 finds; comparing all with all took minutes.
    """
    at = bisect(others, span)
    return any(span[0] < end and start < span[1] for start, end in others[max(at - 1, 0) : at + 1])


def _halved(found: Sequence[Evidence]) -> Iterator[Evidence]:
    for rank, item in enumerate(sorted(found, key=_strongest)):
        weight = math.ldexp(item.weight, -rank)  # a plain power of two is no float any more from 1024 finds on
        yield Evidence(item.zone, item.text, item.start, item.end, weight, item.rule)


def _strongest(item: Evidence) -> tuple[float, int]:
    return -item.weight, item.start


def total(evidence: Iterable[Evidence]) -> float:
    """The sum of the weights."""
    return sum(item.weight for item in evidence)
