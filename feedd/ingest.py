"""A drop becomes a release: understood, told from what is known, and recorded in one transaction.

    taken drop ─► understand ─► same bytes, same words, same path? ─┬─► release or version ─► stale marks, alerts
                      │                                             ├─► duplicate
                      └─► not understood ─► quarantine              └─► held, when a person must decide first

The commit is the only moment at which something becomes true. A crash before it repeats this drop with the same
result; what comes after it (`publish`, `deliver`) works off what stands in the store.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from feedd import digest, identity, layout
from feedd.classify import Lesson
from feedd.errors import DropError
from feedd.model import Cadence, Class, Decision, Document, Feed, Reading
from feedd.rules import Rules, packaged
from feedd.store import (
    Connection,
    Store,
    decisions,
    deliveries,
    drops,
    ledger,
    lessons,
    outputs,
    releases,
    subscribers,
)
from feedd.understand import understand
from feedd.watch import Taken

Now = Callable[[], dt.datetime]
_OWN_FAULT = "parse-error"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the configuration says about taking drops in."""

    base_url: str
    time_zone: str  # the site's, IANA
    feeds: tuple[Feed, ...]
    originals: Collection[str]  # formats whose originals are published
    review_below: float | None  # None: the number in the rule file
    publish_unsure: bool
    alert_max_age: dt.timedelta
    alerts_per_hour: int
    rules: Rules | None = None  # None: the package's own, read when the first drop comes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a drop. `became`: ``release``, ``version``, ``duplicate``, ``held``, ``quarantined``, ``seen``.

    `fault` is the exception when it was our own and not the drop's.
    """

    path: str
    became: str
    sentence: str
    release: str | None = None  # short id
    fault: Exception | None = None


def ingest(store: Store, taken: Taken, terms: Terms, now: Now) -> Outcome:
    """Takes one drop in. Leaves behind its original, a drop row, and what it became. Raises only `StoreError`."""
    with store.read() as conn:
        lesson = lessons.in_force(conn)
    try:
        reading = _understood(taken, terms, lesson)
    except DropError as problem:
        return _quarantine(store, taken, problem, now)
    with store.in_turn() as conn:
        return _record(conn, taken, _seen(taken, now), reading, terms, lesson)


def let_out(store: Store, given: str, terms: Terms, now: Now) -> bool:
    """Publishes a held release, named by short id or slug; False when it is public already. Raises `UnknownId`."""
    with store.in_turn() as conn:
        known = releases.find(conn, given)
        at = now()
        if known.state != "held" or not ledger.record(conn, f"let-out:{known.guid}", "let out by a person", at):
            return False
        releases.let_out(conn, known.id, _times(releases.newest_reading(conn, known.id), at, terms))
        _go_public(conn, known.id, {known.class_}, at, terms)
        return True


def read_again(
    stored: releases.Stored, terms: Terms, lesson: Lesson, decision: Decision | None = None
) -> tuple[Document, Reading]:
    """A stored version's document and reading, by the rules of now and *lesson*. Raises `DropError`."""
    return _read(stored.data, stored.path, stored.mtime, terms, lesson, decision)


def amend(
    conn: Connection,
    known: releases.Known,
    reading: Reading,
    terms: Terms,
    *,
    updated: dt.datetime | None = None,
    is_shown: bool = True,
) -> None:
    """Another reading of a release's newest version; what shows it becomes stale, where it shows. Plans no letter."""
    content_key = identity.content_key(reading.release)
    releases.amend(
        conn, known, reading, issuer_key=_issuer_key(reading, terms), content_key=content_key, updated=updated
    )
    if known.state == "public" and is_shown:
        outputs.mark_paths(conn, layout.release_outputs(known.folder, known.format, terms.originals))
        _mark(conn, releases.known(conn, known.id), {known.class_, reading.classification.class_}, terms)


def rules_of(terms: Terms) -> Rules:
    """The rules by which drops are read."""
    return terms.rules or packaged()


def _issuer_key(reading: Reading, terms: Terms) -> str | None:
    return identity.issuer_key(reading.release, rules_of(terms).names)


def _read(
    data: bytes, path: str, mtime: dt.datetime, terms: Terms, lesson: Lesson, decision: Decision | None
) -> tuple[Document, Reading]:
    return understand(
        data,
        path=path,
        mtime=mtime,
        time_zone=terms.time_zone,
        review_below=terms.review_below,
        publish_unsure=terms.publish_unsure,
        by=rules_of(terms).taught(lesson),
        decision=decision,
    )


def _understood(taken: Taken, terms: Terms, lesson: Lesson, decision: Decision | None = None) -> Reading:
    try:
        return _read(taken.data, taken.path, taken.mtime, terms, lesson, decision)[1]
    except DropError:
        raise
    except Exception as fault:
        raise DropError(
            _OWN_FAULT,
            f"feedd itself failed on this file ({type(fault).__name__}: {fault}).",
            "Nothing is wrong with dropping it again after an update; please report it.",
        ) from fault


def _quarantine(store: Store, taken: Taken, problem: DropError, now: Now) -> Outcome:
    with store.in_turn() as conn:
        seen = _seen(taken, now)
        drops.keep_original(conn, taken.sha256, taken.data)
        if drops.known(conn, seen.path, seen.sha256):
            drops.seen_again(conn, seen)
        else:
            drops.record(conn, seen, state="quarantined", code=problem.code, reason=problem.reason, wish=problem.wish)
    fault = problem.__cause__ if problem.code == _OWN_FAULT and isinstance(problem.__cause__, Exception) else None
    return Outcome(taken.path, "quarantined", problem.reason, fault=fault)


def _seen(taken: Taken, now: Now) -> drops.Seen:
    """The drop for the store; the time is asked inside the transaction, so that order of times is order of commits."""
    return drops.Seen(taken.path, taken.sha256, taken.signature, taken.mtime, now())


def _record(
    conn: Connection, taken: Taken, seen: drops.Seen, reading: Reading, terms: Terms, lesson: Lesson
) -> Outcome:
    if drops.known(conn, seen.path, seen.sha256):
        drops.seen_again(conn, seen)
        return Outcome(seen.path, "seen", "These bytes were dropped here before.")
    drops.keep_original(conn, taken.sha256, taken.data)
    content_key = identity.content_key(reading.release)
    same = releases.with_bytes(conn, seen.sha256) or releases.with_content(conn, content_key)
    if same is not None:
        return _duplicate(conn, seen, releases.known(conn, same))
    earlier = _earlier(conn, seen, reading, terms)
    if earlier is not None:
        pin = decisions.pin(conn, earlier.id)
        ruled = _understood(taken, terms, lesson, pin.decision) if pin else reading
        if not (ruled.held and earlier.state == "public"):
            return _version(conn, seen, ruled, earlier, content_key, terms)
        # A person must see it first, and what is public stays as it is meanwhile.
    return _release(conn, seen, reading, content_key, terms)


def _duplicate(conn: Connection, seen: drops.Seen, known: releases.Known) -> Outcome:
    drops.record(conn, seen, state="duplicate", release_id=known.id)
    return Outcome(seen.path, "duplicate", f"It says the same as {known.short_id}, {known.title!r}.", known.short_id)


def _earlier(conn: Connection, seen: drops.Seen, reading: Reading, terms: Terms) -> releases.Known | None:
    """The release of which this drop is a new version."""
    id = drops.release_at(conn, seen.path)
    if id is None:
        return None
    known = releases.known(conn, id)
    changed = identity.is_new_version(
        issuer=_issuer_key(reading, terms),
        stated=reading.release.day,
        earlier_issuer=known.issuer_key,
        earlier_stated=known.stated,
    )
    return known if changed else None


def _version(
    conn: Connection, seen: drops.Seen, reading: Reading, known: releases.Known, content_key: str, terms: Terms
) -> Outcome:
    number = releases.add_version(
        conn, known, reading, _source(seen), issuer_key=_issuer_key(reading, terms), content_key=content_key
    )
    drops.record(conn, seen, state="held" if known.state == "held" else "release", release_id=known.id)
    ledger.record(conn, f"version:{known.guid}:{number}", "new version", seen.first_seen, seen.path)
    if known.state == "public":
        # Also under its old name, which goes where another format gives the original another.
        outputs.mark_paths(conn, layout.release_outputs(known.folder, known.format, terms.originals))
        _go_public(conn, known.id, {known.class_, reading.classification.class_}, seen.first_seen, terms)
    return Outcome(seen.path, "version", f"Version {number} of {known.short_id}.", known.short_id)


def _release(conn: Connection, seen: drops.Seen, reading: Reading, content_key: str, terms: Terms) -> Outcome:
    short_id = identity.short_id(seen.sha256)
    slug, folder = _address(conn, reading, short_id)
    id = releases.add(
        conn,
        reading,
        _source(seen),
        short_id=short_id,
        guid=identity.guid(terms.base_url, reading.release.day, seen.sha256),
        folder=folder,
        slug=slug,
        issuer_key=_issuer_key(reading, terms),
        content_key=content_key,
        times=None if reading.held else _times(reading, seen.first_seen, terms),
    )
    state = "held" if reading.held else "release"
    drops.record(conn, seen, state=state, release_id=id)
    ledger.record(conn, f"release:{seen.sha256}", state, seen.first_seen, seen.path)
    if reading.held:
        return Outcome(seen.path, "held", reading.held[0], short_id)
    _go_public(conn, id, {reading.classification.class_}, seen.first_seen, terms)
    return Outcome(seen.path, "release", reading.release.title, short_id)


def _address(conn: Connection, reading: Reading, short_id: str) -> tuple[str, str]:
    slug = identity.slug(reading.release.title, fallback=short_id)
    folder = layout.folder(reading.release.day, slug)
    if releases.folder_taken(conn, folder):
        slug = f"{slug}-{short_id}"
        folder = layout.folder(reading.release.day, slug)
    return slug, folder


def _source(seen: drops.Seen) -> releases.Source:
    return releases.Source(seen.sha256, seen.path, seen.mtime, seen.first_seen)


def _times(reading: Reading, at: dt.datetime, terms: Terms) -> releases.Times:
    published = identity.published(reading.release, at, terms.time_zone)
    return releases.Times(public_at=at, published=published, updated=at.replace(microsecond=0))


def _go_public(conn: Connection, id: int, classes: set[Class], at: dt.datetime, terms: Terms) -> None:
    """Marks stale what shows the release, and plans the letters of those who want it at once."""
    known = releases.known(conn, id)
    _mark(conn, known, classes, terms)
    for subscription in subscribers.active(conn, [Cadence.AT_ONCE]):
        if digest.wants_alert(subscription, known.class_, known.stated, at, terms.alert_max_age):
            _plan_alert(conn, subscription.id, known, at, terms.alerts_per_hour)


def _mark(conn: Connection, known: releases.Known, classes: set[Class], terms: Terms) -> None:
    own = layout.release_outputs(known.folder, known.format, terms.originals)
    outputs.mark(conn, [outputs.Output(path, layout.RANK_RELEASE, known.id) for path in own])
    outputs.mark_paths(conn, layout.lists_showing(terms.feeds, classes))


def _plan_alert(conn: Connection, subscription_id: int, known: releases.Known, at: dt.datetime, per_hour: int) -> None:
    """An alert, or in a storm a place in the one letter that follows at the end of the hour."""
    deliveries.supersede(conn, subscription_id, known.id)
    about = [(known.id, known.version)]
    hour = dt.timedelta(hours=1)
    if deliveries.planned_since(conn, subscription_id, "alert", at - hour) < per_hour:
        key = f"alert:{known.guid}:{known.version}:{subscription_id}"
        deliveries.plan(conn, key, "alert", subscription_id, about, at=at)
        return
    ends = at.replace(minute=0, second=0, microsecond=0) + hour
    deliveries.plan(
        conn, f"rest:{subscription_id}:{ends.isoformat()}", "rest", subscription_id, about, at=at, next_at=ends
    )
