"""Releases and their versions: identity, lists by time, and the `Entry` that feeds, pages and letters show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from feedd import layout
from feedd.errors import UnknownId
from feedd.model import Class, Entry, Reading
from feedd.store.tables import original, release, version


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of a release besides its text."""

    id: int
    short_id: str
    guid: str
    folder: str
    slug: str
    title: str
    issuer_key: str | None
    stated: dt.date
    class_: Class
    subtopic: str
    format: str
    needs_review: bool
    state: str  # held, public
    held: tuple[str, ...]  # why
    first_seen: dt.datetime
    public_at: dt.datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a version's words come from: the drop's hash, path and mtime, and when they became true."""

    sha256: str
    path: str
    mtime: dt.datetime
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a public release, UTC; `published` and `updated` are whole seconds."""

    public_at: dt.datetime
    published: dt.datetime
    updated: dt.datetime


@dataclass(frozen=True, slots=True)
class Publicised:
    """One release that became public: what a selection asks for."""

    id: int
    version: int
    class_: Class
    stated: dt.date
    public_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """A release's version with all that is needed to read it again: its bytes, and what was noted when it was taken."""

    known: Known
    data: bytes
    path: str
    mtime: dt.datetime
    lesson: str  # version of what decisions taught by then
    reading: Reading


def add(
    conn: sa.Connection,
    reading: Reading,
    source: Source,
    *,
    short_id: str,
    guid: str,
    folder: str,
    slug: str,
    issuer_key: str | None,
    content_key: str,
    times: Times | None,
) -> int:
    """A new release with its first version; held, and nothing of it public, when *times* is None."""
    values = {
        **_shown(reading, issuer_key),
        "short_id": short_id,
        "guid": guid,
        "folder": folder,
        "slug": slug,
        "state": "public" if times else "held",
        "held": "" if times else "\n".join(reading.held),
        "first_seen": source.at,
        "version": 1,
        **_times(times),
    }
    result = conn.execute(sa.insert(release).values(values))
    id = int(result.inserted_primary_key[0])  # type: ignore[index]
    _add_version(conn, id, 1, reading, source, content_key)
    return id


def add_version(
    conn: sa.Connection,
    known: Known,
    reading: Reading,
    source: Source,
    *,
    issuer_key: str | None,
    content_key: str,
) -> int:
    """The next version of a release; GUID, folder and `published` stay. Gives its number."""
    number = known.version + 1
    changes = {**_shown(reading, issuer_key), "version": number, "updated": source.at.replace(microsecond=0)}
    if known.state == "held":
        changes |= {"updated": None, "held": "\n".join(dict.fromkeys((*known.held, *reading.held)))}
    conn.execute(sa.update(release).where(release.c.id == known.id).values(changes))
    _add_version(conn, known.id, number, reading, source, content_key)
    return number


def amend(
    conn: sa.Connection,
    known: Known,
    reading: Reading,
    *,
    issuer_key: str | None,
    content_key: str,
    updated: dt.datetime | None = None,
) -> None:
    """Another reading of a release's newest version, under the same number. State and times stay, but for *updated*."""
    changes = _shown(reading, issuer_key)
    if updated is not None and known.state == "public":
        changes["updated"] = updated.replace(microsecond=0)
    conn.execute(sa.update(release).where(release.c.id == known.id).values(changes))
    same = version.c.release_id == known.id, version.c.number == known.version
    conn.execute(sa.update(version).where(*same).values(content_key=content_key, **_read(reading)))


def stored(conn: sa.Connection, id: int, number: int | None = None) -> Stored:
    """A version of a release, the newest unless *number* says otherwise."""
    row = conn.execute(
        sa.select(release, original.c.data, version.c.path, version.c.mtime, version.c.lesson, version.c.reading)
        .join(version, version.c.release_id == release.c.id)
        .join(original, original.c.sha256 == version.c.sha256)
        .where(release.c.id == id, version.c.number == (release.c.version if number is None else number))
    ).one()
    return Stored(_known(row), row.data, row.path, row.mtime, row.lesson, _readings().validate_json(row.reading))


def ids(conn: sa.Connection) -> list[int]:
    """All releases, oldest first."""
    return list(conn.scalars(sa.select(release.c.id).order_by(release.c.id)))


def to_review(conn: sa.Connection) -> list[tuple[Known, Reading]]:
    """Releases that a person should look at, and held ones, with what was understood of them: oldest first."""
    query = (
        sa.select(release, version.c.reading)
        .join(version, sa.and_(version.c.release_id == release.c.id, version.c.number == release.c.version))
        .where(sa.or_(release.c.needs_review, release.c.state == "held"))
        .order_by(release.c.first_seen, release.c.id)
    )
    return [(_known(row), _readings().validate_json(row.reading)) for row in conn.execute(query)]


def every_public(conn: sa.Connection) -> Iterator[Known]:
    """Every public release, in no order, without holding all in memory."""
    query = sa.select(release).where(release.c.state == "public")
    # Said of the query, not of the connection: there it would stay, and PostgreSQL then takes no rows in bulk.
    return (_known(row) for row in conn.execute(query.execution_options(yield_per=1000)))


def let_out(conn: sa.Connection, id: int, times: Times) -> None:
    """Makes a held release public."""
    conn.execute(sa.update(release).where(release.c.id == id).values(state="public", held="", **_times(times)))


def known(conn: sa.Connection, id: int) -> Known:
    return _known(conn.execute(sa.select(release).where(release.c.id == id)).one())


def find(conn: sa.Connection, given: str) -> Known:
    """The release whose short id or slug is *given*; raises `UnknownId` when it is not exactly one."""
    query = sa.select(release).where(sa.or_(release.c.short_id == given, release.c.slug == given))
    rows = conn.execute(query.limit(2)).all()
    if len(rows) != 1:
        raise UnknownId(given)
    return _known(rows[0])


def with_bytes(conn: sa.Connection, sha256: str) -> int | None:
    """The release that has these very bytes as a version."""
    return _first_release(conn, version.c.sha256 == sha256)


def with_content(conn: sa.Connection, content_key: str) -> int | None:
    """The release that says the same."""
    return _first_release(conn, version.c.content_key == content_key)


def folder_taken(conn: sa.Connection, folder: str) -> bool:
    return conn.execute(sa.select(release.c.id).where(release.c.folder == folder)).first() is not None


def held(conn: sa.Connection) -> list[Known]:
    """Held releases, oldest first."""
    query = sa.select(release).where(release.c.state == "held").order_by(release.c.first_seen, release.c.id)
    return [_known(row) for row in conn.execute(query)]


def counts(conn: sa.Connection) -> dict[str, int]:
    """Releases by class (public ones), and under ``held``, ``needs_review``."""
    query = sa.select(release.c["class"], sa.func.count()).where(release.c.state == "public")
    by_class = {row[0]: row[1] for row in conn.execute(query.group_by(release.c["class"]))}
    return {c.value: by_class.get(c.value, 0) for c in Class} | {
        "held": _count(conn, release.c.state == "held"),
        "needs_review": _count(conn, release.c.needs_review, release.c.state == "public"),
    }


def public_between(conn: sa.Connection, start: dt.datetime, end: dt.datetime) -> list[Publicised]:
    """Releases whose public time lies in ``[start, end)``."""
    query = sa.select(release.c.id, release.c.version, release.c["class"], release.c.stated, release.c.public_at).where(
        release.c.state == "public", release.c.public_at >= start, release.c.public_at < end
    )
    rows = conn.execute(query.order_by(release.c.public_at, release.c.id))
    return [Publicised(r[0], r[1], Class(r[2]), dt.date.fromisoformat(r[3]), r[4]) for r in rows]


def newest(conn: sa.Connection, class_: Class | None, limit: int, originals: Collection[str]) -> list[Entry]:
    """The newest public releases by `published`, ties by GUID: a window of a feed."""
    query = _entries().order_by(release.c.published.desc(), release.c.guid).limit(limit)
    if class_:
        query = query.where(release.c["class"] == class_.value)
    return [_entry(row, originals) for row in conn.execute(query)]


def entry(conn: sa.Connection, id: int, originals: Collection[str]) -> Entry | None:
    """One public release; None when it is not public."""
    row = conn.execute(_entries().where(release.c.id == id)).first()
    return _entry(row, originals) if row else None


def entries(conn: sa.Connection, ids: Sequence[int], originals: Collection[str]) -> list[Entry]:
    """Public releases, newest by `published` first."""
    query = _entries().where(release.c.id.in_(ids)).order_by(release.c.published.desc(), release.c.guid)
    return [_entry(row, originals) for row in conn.execute(query)]


def sha256_of(conn: sa.Connection, id: int) -> str:
    """The hash of the newest version's original."""
    query = sa.select(version.c.sha256).where(version.c.release_id == id).order_by(version.c.number.desc()).limit(1)
    sha256: str = conn.execute(query).scalar_one()
    return sha256


def newest_reading(conn: sa.Connection, id: int) -> Reading:
    """What was understood of a release's newest version, public or not."""
    query = sa.select(version.c.reading).where(version.c.release_id == id)
    text: str = conn.execute(query.order_by(version.c.number.desc()).limit(1)).scalar_one()
    return _readings().validate_json(text)


@cache
def _readings() -> TypeAdapter[Reading]:
    return TypeAdapter(Reading)


@lru_cache(maxsize=256)
def _kept_reading(text: str) -> Reading:
    """The reading that *text* holds. Feeds and lists show the same ones again and again; making one costs 0.1 ms."""
    return _readings().validate_json(text)


def _shown(reading: Reading, issuer_key: str | None) -> dict[str, Any]:
    return {
        "title": reading.release.title,
        "stated": reading.release.day.isoformat(),
        "issuer_key": issuer_key,
        "class": reading.classification.class_.value,
        "subtopic": reading.classification.subtopic,
        "format": reading.release.format,
        "needs_review": reading.needs_review,
    }


def _times(times: Times | None) -> dict[str, dt.datetime | None]:
    if times is None:
        return {"public_at": None, "published": None, "updated": None}
    return {"public_at": times.public_at, "published": times.published, "updated": times.updated}


def _add_version(conn: sa.Connection, id: int, number: int, reading: Reading, source: Source, content_key: str) -> None:
    conn.execute(
        sa.insert(version).values(
            release_id=id,
            number=number,
            sha256=source.sha256,
            path=source.path,
            mtime=source.mtime,
            content_key=content_key,
            committed_at=source.at,
            **_read(reading),
        )
    )


def _read(reading: Reading) -> dict[str, Any]:
    return {
        "rules_version": reading.classification.rules_version,
        "lesson": reading.classification.lesson,
        "reading": _readings().dump_json(reading).decode(),
    }


def _first_release(conn: sa.Connection, condition: sa.ColumnElement[bool]) -> int | None:
    return conn.scalar(sa.select(version.c.release_id).where(condition).order_by(version.c.id).limit(1))


def _count(conn: sa.Connection, *conditions: sa.ColumnElement[bool]) -> int:
    return conn.scalar(sa.select(sa.func.count()).select_from(release).where(*conditions)) or 0


def _entries() -> sa.Select[Any]:
    newest_version = sa.and_(version.c.release_id == release.c.id, version.c.number == release.c.version)
    return (
        sa.select(
            release.c.short_id,
            release.c.guid,
            release.c.folder,
            release.c.version,
            release.c.published,
            release.c.updated,
            version.c.reading,
            version.c.committed_at,
            release.c.public_at,
            release.c.format,
            original.c.size,
        )
        .join(version, newest_version)
        .join(original, original.c.sha256 == version.c.sha256)
        .where(release.c.state == "public")
    )


def _entry(row: sa.Row[Any], originals: Collection[str]) -> Entry:
    return Entry(
        id=row.short_id,
        guid=row.guid,
        path=row.folder,
        version=row.version,
        published=row.published,
        updated=row.updated,
        reading=_kept_reading(row.reading),
        original=layout.original(row.folder, row.format, row.size, originals),
        corrected_at=max(row.committed_at, row.public_at).replace(microsecond=0) if row.version > 1 else None,
    )


def _known(row: sa.Row[Any]) -> Known:
    values = row._mapping
    return Known(
        id=values["id"],
        short_id=values["short_id"],
        guid=values["guid"],
        folder=values["folder"],
        slug=values["slug"],
        title=values["title"],
        issuer_key=values["issuer_key"],
        stated=dt.date.fromisoformat(values["stated"]),
        class_=Class(values["class"]),
        subtopic=values["subtopic"],
        format=values["format"],
        needs_review=values["needs_review"],
        state=values["state"],
        held=tuple(filter(None, values["held"].split("\n"))),
        first_seen=values["first_seen"],
        public_at=values["public_at"],
        version=values["version"],
    )
