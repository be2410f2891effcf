"""A person decides: what a release is, what later drops learn from it, and what is forgotten again.

    decision ─► read again with it ─► pinned, stale marks ─► every decision that teaches ─► lesson for later drops

One transaction. What was learned never changes a release that is there; `reclassify` does that, when it is asked to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from feedd.classify import Example, Lesson, teach
from feedd.errors import DropError
from feedd.ingest import Terms, amend, read_again, rules_of
from feedd.model import Class, Classification, Decision
from feedd.store import Connection, Store, decisions, ledger, lessons, releases

MOST_DECISIONS = 200
"""Decisions that teach, the newest: each new one reads their releases again, a second or two for so many."""

Now = Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a decision. `terms` is the number of terms whose weights it changed, `before` class and subtopic.

    `is_new` is False where the same was decided already, and nothing was done.
    """

    known: releases.Known
    before: tuple[Class, str]
    is_new: bool
    terms: int
    third_party: bool  # it is held as a third party's text, and stays so


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was forgotten: decisions that taught or held, and the number of terms whose weights changed."""

    decisions: int
    terms: int


def decide(store: Store, given: str, ruling: Decision, note: str, terms: Terms, now: Now) -> Decided:
    """Rules that the release *given* (short id or slug) is of this class, for good. Raises `UnknownId`, `DropError`."""
    with store.in_turn() as conn:
        known = releases.find(conn, given)
        at = now()
        stored = releases.stored(conn, known.id)
        reading = read_again(stored, terms, lessons.of_version(conn, stored.lesson), ruling)[1]
        reading = replace(reading, needs_review=False, review_reasons=())
        filed = reading.classification
        before = known.class_, known.subtopic
        third_party = known.state == "held" and bool(filed.not_issuer)
        if _stands(conn, known, filed, note):
            return Decided(known, before, False, 0, third_party)
        number = decisions.add(conn, known, filed.class_, filed.subtopic, note, at)
        ledger.record(conn, f"decision:{known.guid}:{number}", f"decided: {filed.subtopic}", at, note)
        amend(conn, known, reading, terms, updated=at)
        return Decided(releases.known(conn, known.id), before, True, relearn(conn, terms), third_party)


def forget(store: Store, given: str | None, terms: Terms, now: Now, *, unpin: bool) -> Forgotten:
    """Takes back what the decision about a release taught, None: all decisions; with *unpin* the ruling itself too.

    A release whose ruling is taken back is filed by the rules again. Raises `UnknownId`.
    """
    with store.in_turn() as conn:
        known = releases.find(conn, given) if given is not None else None
        about = [one for one in decisions.every(conn) if known is None or one.release_id == known.id]
        number = decisions.forget(conn, [known.id] if known else None, unpin=unpin)
        if not number:
            return Forgotten(0, 0)
        at = now()
        ledger.record(conn, f"forgotten:{known.guid if known else 'all'}:{at.isoformat()}", "decision forgotten", at)
        for one in about:
            if unpin and one.pins:
                _file_by_rules(conn, one.release_id, terms, at)
        return Forgotten(number, relearn(conn, terms))


def _stands(conn: Connection, known: releases.Known, filed: Classification, note: str) -> bool:
    """Whether the same was decided already, teaches, and nothing has come since that needs a look."""
    pin = decisions.pin(conn, known.id)
    if pin is None or not pin.teaches or known.needs_review:
        return False
    return (pin.class_, pin.subtopic, pin.note) == (filed.class_, filed.subtopic, note or pin.note)


def learned(conn: Connection, terms: Terms) -> Lesson:
    """What the decisions teach under the rules of now."""
    return teach(_examples(conn, terms), rules_of(terms).lexicon)


def relearn(conn: Connection, terms: Terms) -> int:
    """Puts in force what the decisions teach now; gives the number of terms whose weights that changes."""
    before, after = lessons.in_force(conn), learned(conn, terms)
    if before == after:
        return 0
    lessons.put_in_force(conn, after)
    both = {*before.weights, *after.weights}
    return sum(before.weights.get(term) != after.weights.get(term) for term in both)


def _file_by_rules(conn: Connection, id: int, terms: Terms, at: dt.datetime) -> None:
    stored = releases.stored(conn, id)
    try:
        reading = read_again(stored, terms, lessons.of_version(conn, stored.lesson))[1]
    except DropError:  # the rules of now cannot read it: it stays where it is
        return
    amend(conn, stored.known, reading, terms, updated=at)


def _examples(conn: Connection, terms: Terms) -> Iterator[Example]:
    """The releases of the decisions that teach, at the version that was looked at; those that can still be read."""
    for ruled in decisions.teaching(conn, MOST_DECISIONS):
        stored = releases.stored(conn, ruled.release_id, ruled.version)
        try:
            document, reading = read_again(stored, terms, Lesson())
        except DropError:
            continue
        yield Example(document, reading.release, ruled.class_)
