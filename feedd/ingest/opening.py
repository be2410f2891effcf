"""What waits becomes public, by itself at its embargo's instant or by a person; what is public is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from feedd import identity
from feedd.ingest import again, going_public
from feedd.ingest.terms import Now, Terms
from feedd.model import Reading, Release
from feedd.store import Connection, Store, deliveries, drops, ledger, releases
from feedd.store.releases import Known, Source, Standing, Times


def open_due(store: Store, terms: Terms, now: Now, is_shut: Callable[[dt.datetime], bool]) -> list[str]:
    """Makes public whatever's embargo has ended; gives the short ids.

    *is_shut* says of an instant that the clock passed it in a way that cannot be trusted: those wait on.
    """
    with store.read() as conn:  # nearly always nothing is due, and a reader stops nobody
        if not releases.due(conn, now()):
            return []
    with store.in_turn() as conn:
        due = [known for known in releases.due(conn, now()) if not is_shut(_until(known))]
        for known in due:
            _open(conn, known, _until(known), terms, "its embargo ended")
    return [known.short_id for known in due]


def let_out(store: Store, given: str, terms: Terms, now: Now, *, keep_embargo: bool = False) -> str:
    """Publishes what waits, or what was withdrawn at any time, named by short id or slug; gives its state from now on.

    With *keep_embargo* a person clears why it is held, and its embargo goes on. Raises `UnknownId`.
    """
    with store.in_turn() as conn:
        known = releases.find(conn, given)
        at = now()
        if known.state == "withdrawn":
            _put_back(conn, known, at, terms)
        elif known.state == "retired" and known.version_of is None:
            _open(conn, known, at, terms, "put back by a person")
        elif known.state not in releases.WAITING:
            return known.state
        elif keep_embargo and known.embargo_until and known.embargo_until > at:
            releases.let_wait(conn, known.id, Standing((), known.embargo_until))
            _note(conn, known, "cleared by a person, until its embargo ends", at)
            return "embargoed"
        else:
            _open(conn, known, at, terms, "let out by a person")
    return "public"


def take_back(store: Store, given: str, terms: Terms, now: Now) -> str:
    """Withdraws a release; gives its state from now on. One that nobody saw yet is never shown."""
    with store.in_turn() as conn:
        known = releases.find(conn, given)
        return take_back_now(conn, known, None, now(), terms)


def sources_gone(store: Store, paths: Iterable[str], terms: Terms, now: Now) -> int:
    """Withdraws the releases whose last file was deleted, where the operator wants that; gives how many."""
    withdrawn = 0
    with store.in_turn() as conn:
        for path in paths:
            id = drops.gone(conn, path)
            if id is not None:
                withdrawn += take_back_now(conn, releases.known(conn, id), None, now(), terms) != "public"
    return withdrawn


def take_back_now(conn: Connection, known: Known, notice: Reading | None, at: dt.datetime, terms: Terms) -> str:
    """Withdraws *known* in this transaction; *notice* are the words of the text that asked for it."""
    if known.state in releases.WAITING:
        releases.retire(conn, known.id)
        _note(conn, known, "withdrawn before it was public", at)
        return "retired"
    if known.state == "public":
        releases.withdraw(conn, known.id, at, notice)
        deliveries.end_alerts(conn, known.id)
        _note(conn, known, "withdrawn", at)
        going_public.show(conn, known.id, {known.class_}, terms, before=known)
        return "withdrawn"
    return known.state


def go_public(conn: Connection, id: int, at: dt.datetime, terms: Terms) -> None:
    """Marks stale what shows a release that has just become public at *at*, and plans its alerts."""
    known = releases.known(conn, id)
    going_public.tell(conn, going_public.show(conn, id, {known.class_}, terms), at, terms)


def times_of(release: Release, at: dt.datetime, terms: Terms, *, imported: bool = False) -> Times:
    """The times of a release that becomes public at *at*; of a back-fill's, its own."""
    if imported:
        stated = identity.published_of_old(release, at, terms.time_zone)
        return Times(stated, stated, stated)
    return Times(at, identity.published(release, at, terms.time_zone), at.replace(microsecond=0))


def _open(conn: Connection, known: Known, at: dt.datetime, terms: Terms, why: str) -> None:
    """Makes *known* public as of *at*, alone or as the version of another that it waited to become."""
    _note(conn, known, why, at)
    reading, source, content_key = releases.newest_version(conn, known.id)
    if known.version_of is not None:
        _join(conn, known, releases.known(conn, known.version_of), reading, source, content_key, at, terms)
        return
    drops.set_state(conn, known.id, "held", "release")
    releases.open_(conn, known, times_of(reading.release, at, terms, imported=known.imported))
    go_public(conn, known.id, at, terms)


def _join(
    conn: Connection, known: Known, of: Known, reading: Reading, source: Source, content_key: str,
    at: dt.datetime, terms: Terms,
) -> None:  # fmt: skip
    """*known* becomes the newest version of the release *of*, which is public again if it was withdrawn."""
    if of.state == "withdrawn":
        _put_back(conn, of, at, terms)
        of = releases.known(conn, of.id)
    releases.retire(conn, known.id)
    came = Source(source.sha256, source.path, source.mtime, at)
    releases.add_version(conn, of, reading, came, issuer_key=again.issuer_key(reading, terms), content_key=content_key)
    drops.set_state(conn, known.id, "held", "release")
    drops.move_release(conn, known.id, of.id)
    shown = going_public.show(conn, of.id, {of.class_, known.class_}, terms, before=of)
    going_public.tell(conn, shown, at, terms)


def _put_back(conn: Connection, known: Known, at: dt.datetime, terms: Terms) -> None:
    """Makes public again what was withdrawn; it keeps its place in the lists."""
    assert known.public_at is not None and known.published is not None  # noqa: S101 - it was public
    releases.open_(conn, known, Times(known.public_at, known.published, at.replace(microsecond=0)))
    _note(conn, known, "put back by a person", at)
    going_public.show(conn, known.id, {known.class_}, terms)


def _until(known: Known) -> dt.datetime:
    assert known.embargo_until is not None  # noqa: S101 - only such are due
    return known.embargo_until


def _note(conn: Connection, known: Known, what: str, at: dt.datetime) -> None:
    ledger.record(conn, f"opening:{known.guid}:{at.isoformat()}", what, at)
