"""All releases are read again with the rules and lessons of now; what a person decided stays as it is.

    releases in batches ─► read again ─► differs? ─► one transaction a batch: same version, new reading, stale marks

Nothing held becomes public by it and nothing public becomes held. It plans no letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from feedd.classify import Lesson
from feedd.decide import learned, relearn
from feedd.errors import DropError
from feedd.ingest import Terms, amend, read_again
from feedd.model import Class, Reading
from feedd.store import Store, decisions, lessons, releases
from feedd.store.decisions import Ruled
from feedd.store.releases import Stored

BATCH = 100


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a release stands: class, subtopic, and how sure that is."""

    class_: Class
    subtopic: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Move:
    """A release that is filed elsewhere."""

    id: str  # short id
    title: str
    before: Filed
    after: Filed


@dataclass(frozen=True, slots=True)
class Reclassified:
    """What came of one release: whether its reading changed, its move if it moves, and a sentence if one is needed."""

    id: str
    changed: bool
    move: Move | None = None
    remark: str | None = None


def reclassify(store: Store, terms: Terms, *, dry_run: bool) -> Iterator[Sequence[Reclassified]]:
    """Reads every release again, batch by batch, oldest first; a batch is given when it is committed.

    With *dry_run* nothing is written, not even what the decisions teach under the rules of now.
    """
    lesson = _lesson(store, terms, dry_run=dry_run)
    with store.read() as conn:
        ids = releases.ids(conn)
    for start in range(0, len(ids), BATCH):
        yield _batch(store, ids[start : start + BATCH], terms, lesson, dry_run=dry_run)


def count(store: Store) -> int:
    """How many releases there are to be read."""
    with store.read() as conn:
        return len(releases.ids(conn))


def _lesson(store: Store, terms: Terms, *, dry_run: bool) -> Lesson:
    if dry_run:
        with store.read() as conn:
            return learned(conn, terms)
    with store.in_turn() as conn:
        relearn(conn, terms)
        return lessons.in_force(conn)


def _batch(store: Store, ids: Sequence[int], terms: Terms, lesson: Lesson, *, dry_run: bool) -> Sequence[Reclassified]:
    with store.read() as conn:
        pins = decisions.pinned(conn, ids)
        before = [releases.stored(conn, id) for id in ids]
    read = [(stored, _again(stored, terms, lesson, pins.get(stored.known.id))) for stored in before]
    if dry_run:
        return [_outcome(stored, again) for stored, again in read]
    with store.in_turn() as conn:
        still = decisions.pinned(conn, ids)
        done = []
        for stored, again in read:
            id = stored.known.id
            # A version or a decision that came meanwhile was made with the rules of now.
            if releases.known(conn, id) != stored.known or still.get(id) != pins.get(id):
                continue
            if isinstance(again, Reading) and again != stored.reading:
                amend(conn, stored.known, again, terms, is_shown=_shown(again) != _shown(stored.reading))
            done.append(_outcome(stored, again))
    return done


def _again(stored: Stored, terms: Terms, lesson: Lesson, pin: Ruled | None) -> Reading | DropError:
    try:
        reading = read_again(stored, terms, lesson, pin.decision if pin else None)[1]
    except DropError as refusal:
        return refusal
    if pin:  # a person has looked at it, whatever the rules doubt
        before = stored.reading
        return replace(reading, needs_review=before.needs_review, review_reasons=before.review_reasons)
    return reading


def _shown(reading: Reading) -> Reading:
    """*reading* without what no output shows."""
    return replace(reading, classification=replace(reading.classification, rules_version="", lesson=""))


def _outcome(stored: Stored, again: Reading | DropError) -> Reclassified:
    known = stored.known
    if isinstance(again, DropError):
        remark = f"{known.short_id} stays as it is, for the rules of now cannot read it: {again.reason}"
        return Reclassified(known.short_id, False, remark=remark)
    before, after = _filed(stored.reading), _filed(again)
    is_move = (before.class_, before.subtopic) != (after.class_, after.subtopic)
    return Reclassified(
        known.short_id,
        changed=_shown(again) != _shown(stored.reading),
        move=Move(known.short_id, known.title, before, after) if is_move else None,
        remark=_remark(stored, again),
    )


def _filed(reading: Reading) -> Filed:
    found = reading.classification
    return Filed(found.class_, found.subtopic, found.confidence)


def _remark(stored: Stored, again: Reading) -> str | None:
    """Where the rules of now would publish or hold what they did not."""
    known = stored.known
    if known.state == "public" and again.held and not stored.reading.held:
        return f"{known.short_id} stays public, though a drop like it would be held now: {again.held[0]}"
    if known.state == "held" and not again.held:
        return (
            f"{known.short_id} stays held, though a drop like it would be published now; `feedd release` lets it out."
        )
    return None
