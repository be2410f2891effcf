"""A release that is known is read again: by other rules, by what decisions taught, or by what a person ruled."""

from __future__ import annotations

import datetime as dt

from feedd import identity
from feedd.classify import Lesson
from feedd.ingest import going_public
from feedd.ingest.terms import Terms
from feedd.model import Decision, Document, Reading
from feedd.rules import Rules, packaged
from feedd.store import Connection, releases
from feedd.understand import understand


def rules_of(terms: Terms) -> Rules:
    """The rules by which drops are read."""
    return terms.rules or packaged()


def issuer_key(reading: Reading, terms: Terms) -> str | None:
    """What equal companies share, by the operator's names."""
    return identity.issuer_key(reading.release, rules_of(terms).names)


def read(
    data: bytes, path: str, mtime: dt.datetime, terms: Terms, lesson: Lesson, decision: Decision | None = None
) -> tuple[Document, Reading]:
    """What *data* says, in this process. Raises `DropError`."""
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


def read_again(
    stored: releases.Stored, terms: Terms, lesson: Lesson, decision: Decision | None = None
) -> tuple[Document, Reading]:
    """A stored version's document and reading, by the rules of now and *lesson*. Raises `DropError`."""
    return read(stored.data, stored.path, stored.mtime, terms, lesson, decision)


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
    key = issuer_key(reading, terms)
    releases.amend(conn, known, reading, issuer_key=key, content_key=content_key, updated=updated)
    if known.is_out and is_shown:
        going_public.show(conn, known.id, {known.class_, reading.classification.class_}, terms, before=known)
