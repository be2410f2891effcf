"""Releases and their versions: identity, lists by time, and the `Entry` that feeds, pages and letters show."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import TypeAdapter

from feedd import layout
from feedd.errors import UnknownId
from feedd.model import Alternate, Change, Class, Entry, Past, Reading
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
    state: str  # held, embargoed, public, withdrawn, retired
    held: tuple[str, ...]  # why
    embargo_until: dt.datetime | None
    first_seen: dt.datetime
    public_at: dt.datetime | None
    published: dt.datetime | None
    version: int
    stated_version: str | None
    translation_of: int | None
    version_of: int | None
    imported: bool

    @property
    def is_out(self) -> bool:
        """Whether it has a page that anybody may see, be it to say that the release was withdrawn."""
        return self.state in OUT


OUT = ("public", "withdrawn")
WAITING = ("held", "embargoed")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a version's words come from: the drop's hash, path and mtime, and when they became true."""

    sha256: str
    path: str
    mtime: dt.datetime
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How a release that is not public yet stands: why a person must let it out, and when it opens by itself."""

    held: tuple[str, ...] = ()
    embargo_until: dt.datetime | None = None

    @property
    def state(self) -> str:
        return "held" if self.held else "embargoed"


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
class Name:
    """What a release is called for ever, made at first sight."""

    short_id: str
    guid: str
    folder: str
    slug: str


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
    name: Name,
    *,
    issuer_key: str | None,
    content_key: str,
    opening: Times | Standing,
    translation_of: int | None = None,
    version_of: int | None = None,
    imported: bool = False,
    json: str | None = None,
) -> int:
    """A new release with its first version: public by its times, or waiting as it stands, and nothing of it public.

    *json* is the reading as text, where it came as such.
    """
    values = {
        **_shown(reading, issuer_key),
        "short_id": name.short_id,
        "guid": name.guid,
        "folder": name.folder,
        "slug": name.slug,
        "first_seen": source.at,
        "version": 1,
        "translation_of": translation_of,
        "version_of": version_of,
        "imported": imported,
        **(_public(opening, 1, translation_of) if isinstance(opening, Times) else _waiting(opening)),
    }
    id = int(conn.execute(_ADD, values).inserted_primary_key[0])  # type: ignore[index]
    _add_version(conn, id, 1, reading, source, content_key, json)
    return id


_ADD, _ADD_VERSION = sa.insert(release), sa.insert(version)
_CHANGE = sa.update(release).where(release.c.id == sa.bindparam("a_id"))


def add_version(
    conn: sa.Connection,
    known: Known,
    reading: Reading,
    source: Source,
    *,
    issuer_key: str | None,
    content_key: str,
    standing: Standing | None = None,
    json: str | None = None,
) -> int:
    """The next version of a release; GUID, folder and `published` stay. Gives its number.

    *standing* is how a release that waits stands from now on; a public one has none. *json* as for `add`.
    """
    number = known.version + 1
    changes = {**_shown(reading, issuer_key), "version": number}
    if known.state == "public":
        changes["updated"] = source.at.replace(microsecond=0)
    if standing:
        changes |= _waiting(standing)
    conn.execute(_CHANGE, {"a_id": known.id, **changes})
    _add_version(conn, known.id, number, reading, source, content_key, json)
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
    """All releases that read by their own words, oldest first: a translation is of the class of what it translates."""
    own = release.c.state != "retired", release.c.translation_of.is_(None)
    return list(conn.scalars(sa.select(release.c.id).where(*own).order_by(release.c.id)))


def to_review(conn: sa.Connection) -> list[tuple[Known, Reading]]:
    """Releases that a person should look at, and held ones, with what was understood of them: oldest first."""
    query = (
        sa.select(release, version.c.reading)
        .join(version, sa.and_(version.c.release_id == release.c.id, version.c.number == release.c.version))
        .where(release.c.state.in_(("public", *WAITING)), sa.or_(release.c.needs_review, release.c.state == "held"))
        .order_by(release.c.first_seen, release.c.id)
    )
    return [(_known(row), _readings().validate_json(row.reading)) for row in conn.execute(query)]


class Exported(NamedTuple):
    """One version of a release with all that is known of both."""

    known: Known
    number: int
    reading: Reading
    source: Source


def every_version(conn: sa.Connection) -> Iterator[Exported]:
    """Every version of every release, in the order in which the releases came, without holding all in memory."""
    numbers = version.c.number.label("number"), version.c.reading, version.c.committed_at
    query = (
        sa.select(release, *numbers, version.c.sha256, version.c.path, version.c.mtime)
        .join(version, version.c.release_id == release.c.id)
        .order_by(release.c.id, version.c.number)
    )
    for row in conn.execute(query.execution_options(yield_per=200)):
        source = Source(row.sha256, row.path, row.mtime, row.committed_at)
        yield Exported(_known(row), row.number, _readings().validate_json(row.reading), source)


def let_wait(conn: sa.Connection, id: int, standing: Standing) -> None:
    """Changes why, or until when, a release that is not public waits."""
    conn.execute(sa.update(release).where(release.c.id == id, release.c.state.in_(WAITING)).values(_waiting(standing)))


def open_(conn: sa.Connection, known: Known, times: Times) -> None:
    """Makes a release public that waited, or that was withdrawn; what was seen first of it stays what it was."""
    seen_first = sa.func.coalesce(release.c.public_version, known.version)
    opened = _public(times, known.version, known.translation_of) | {
        "withdrawn_at": None,
        "notice": None,
        "public_version": seen_first,
    }
    conn.execute(sa.update(release).where(release.c.id == known.id).values(opened))


def withdraw(conn: sa.Connection, id: int, at: dt.datetime, notice: Reading | None = None) -> None:
    """Takes back a release that is out; it stays listed, marked."""
    taken_back = {"state": "withdrawn", "withdrawn_at": at, "updated": at.replace(microsecond=0)}
    words = _readings().dump_json(notice).decode() if notice else None
    conn.execute(sa.update(release).where(release.c.id == id).values(**taken_back, notice=words))


def retire(conn: sa.Connection, id: int) -> None:
    """Ends a release that waited: taken back before anybody saw it, or become a version of another."""
    conn.execute(sa.update(release).where(release.c.id == id).values(state="retired", held="", embargo_until=None))


def make_translation(conn: sa.Connection, id: int, of: int) -> None:
    """Makes a release that was listed the translation of another, which stands in the lists from now on."""
    conn.execute(sa.update(release).where(release.c.id == id).values(translation_of=of, listed=False))


def due(conn: sa.Connection, at: dt.datetime) -> list[Known]:
    """Releases whose embargo has ended by *at*, in the order of their instants."""
    query = sa.select(release).where(release.c.state == "embargoed", release.c.embargo_until <= at)
    return [_known(row) for row in conn.execute(query.order_by(release.c.embargo_until, release.c.id))]


def next_embargo(conn: sa.Connection) -> dt.datetime | None:
    """The next instant at which an embargo ends."""
    instant: dt.datetime | None = conn.scalar(
        sa.select(release.c.embargo_until)
        .where(release.c.state == "embargoed")
        .order_by(release.c.embargo_until)
        .limit(1)
    )
    return instant


def of_issuer(conn: sa.Connection, issuer_key: str, since: dt.date, until: dt.date) -> list[tuple[Known, Reading]]:
    """Releases of one issuer stated between two days, both included, that are not withdrawn; with their readings."""
    which = {"issuer_key": issuer_key, "since": since.isoformat(), "until": until.isoformat()}
    return [(_known(row), _kept.reading(row.reading)) for row in conn.execute(_OF_ISSUER, which)]


_LIVING_OF_ISSUER = (
    sa.select(release, version.c.reading)
    .join(version, sa.and_(version.c.release_id == release.c.id, version.c.number == release.c.version))
    .where(release.c.issuer_key == sa.bindparam("issuer_key"), release.c.state.in_(("public", *WAITING)))
    .order_by(release.c.id)
)
_OF_ISSUER = _LIVING_OF_ISSUER.where(release.c.stated.between(sa.bindparam("since"), sa.bindparam("until")))
_IN_OTHER_LANGUAGES = _LIVING_OF_ISSUER.where(
    release.c.stated == sa.bindparam("day"), release.c.language.is_distinct_from(sa.bindparam("language"))
)


def in_other_languages(
    conn: sa.Connection, issuer_key: str, day: dt.date, language: str | None
) -> list[tuple[Known, Reading]]:
    """As `of_issuer` of one day, without those in *language*."""
    which = {"issuer_key": issuer_key, "day": day.isoformat(), "language": language}
    return [(_known(row), _kept.reading(row.reading)) for row in conn.execute(_IN_OTHER_LANGUAGES, which)]


def with_guid(conn: sa.Connection, stated_guid: str) -> int | None:
    """The release whose sender calls it *stated_guid*."""
    return conn.scalar(_WITH_GUID, {"stated_guid": stated_guid})


_WITH_GUID = (
    sa.select(release.c.id)
    .where(release.c.stated_guid == sa.bindparam("stated_guid"), release.c.state != "retired")
    .order_by(release.c.id)
    .limit(1)
)


def every_out(conn: sa.Connection) -> Iterator[Known]:
    """Every release that has a page, in no order, without holding all in memory."""
    query = sa.select(release).where(release.c.state.in_(OUT))
    # Said of the query, not of the connection: there it would stay, and PostgreSQL then takes no rows in bulk.
    return (_known(row) for row in conn.execute(query.execution_options(yield_per=1000)))


def known(conn: sa.Connection, id: int) -> Known:
    return _known(conn.execute(_KNOWN, {"id": id}).one())


_KNOWN = sa.select(release).where(release.c.id == sa.bindparam("id"))


def find(conn: sa.Connection, given: str) -> Known:
    """The release whose short id or slug is *given*; raises `UnknownId` when it is not exactly one."""
    query = sa.select(release).where(sa.or_(release.c.short_id == given, release.c.slug == given))
    rows = conn.execute(query.limit(2)).all()
    if len(rows) != 1:
        raise UnknownId(given)
    return _known(rows[0])


def with_bytes(conn: sa.Connection, sha256: str) -> int | None:
    """The release that has these very bytes as a version."""
    return conn.scalar(_WITH_BYTES, {"sha256": sha256})


def with_content(conn: sa.Connection, content_key: str) -> int | None:
    """The release that says the same."""
    return conn.scalar(_WITH_CONTENT, {"content_key": content_key})


_FIRST_RELEASE = sa.select(version.c.release_id).order_by(version.c.id).limit(1)
_WITH_BYTES = _FIRST_RELEASE.where(version.c.sha256 == sa.bindparam("sha256"))
_WITH_CONTENT = _FIRST_RELEASE.where(version.c.content_key == sa.bindparam("content_key"))


def folder_taken(conn: sa.Connection, folder: str) -> bool:
    return conn.scalar(_WITH_FOLDER, {"folder": folder}) is not None


_WITH_FOLDER = sa.select(release.c.id).where(release.c.folder == sa.bindparam("folder"))


def waiting(conn: sa.Connection, state: str) -> list[Known]:
    """Releases that wait as *state* says (``held``, ``embargoed``), oldest first."""
    query = sa.select(release).where(release.c.state == state).order_by(release.c.first_seen, release.c.id)
    return [_known(row) for row in conn.execute(query)]


def counts(conn: sa.Connection) -> dict[str, int]:
    """Releases by class (public ones), and under ``held``, ``needs_review``."""
    query = sa.select(release.c["class"], sa.func.count()).where(release.c.state == "public")
    by_class = {row[0]: row[1] for row in conn.execute(query.group_by(release.c["class"]))}
    return {c.value: by_class.get(c.value, 0) for c in Class} | {
        "held": _count(conn, release.c.state == "held"),
        "embargoed": _count(conn, release.c.state == "embargoed"),
        "withdrawn": _count(conn, release.c.state == "withdrawn"),
        "needs_review": _count(conn, release.c.needs_review, release.c.state == "public"),
    }


def public_between(conn: sa.Connection, start: dt.datetime, end: dt.datetime) -> list[Publicised]:
    """Releases whose public time lies in ``[start, end)``: what a letter may tell of, so none that was imported."""
    query = sa.select(release.c.id, release.c.version, release.c["class"], release.c.stated, release.c.public_at).where(
        release.c.state == "public",
        release.c.public_at >= start,
        release.c.public_at < end,
        release.c.translation_of.is_(None),
        release.c.imported.is_(sa.false()),
    )
    rows = conn.execute(query.order_by(release.c.public_at, release.c.id))
    return [Publicised(r[0], r[1], Class(r[2]), dt.date.fromisoformat(r[3]), r[4]) for r in rows]


def newest(conn: sa.Connection, class_: Class | None, limit: int, originals: Collection[str]) -> list[Entry]:
    """The newest listed releases by `published`, ties by GUID: a window of a feed."""
    query, which = (_NEWEST_OF_CLASS, {"class": class_.value}) if class_ else (_NEWEST, {})
    return [_entry(row, originals) for row in conn.execute(query, {"most": limit, **which})]


def entry(conn: sa.Connection, id: int, originals: Collection[str]) -> Entry | None:
    """One release that is out; None when it is not."""
    row = conn.execute(_ENTRY_OUT, {"id": id}).first()
    return _entry(row, originals) if row else None


def entries_out(conn: sa.Connection, ids: Collection[int], originals: Collection[str]) -> dict[int, Entry]:
    """Those of these releases that are out, by their number."""
    return {row.id: _entry(row, originals) for row in conn.execute(_ENTRIES_OUT, {"ids": list(ids)})}


def with_past(conn: sa.Connection, ids: Collection[int]) -> set[int]:
    """Those of these releases that were changed, taken back, or have a translation: of which `past` tells something."""
    return set(conn.scalars(_WITH_PAST, {"ids": list(ids)}))


def newest_original(conn: sa.Connection, id: int) -> bytes:
    """The bytes of the newest version's drop."""
    data: bytes = conn.execute(_NEWEST_ORIGINAL, {"id": id}).scalar_one()
    return data


def entries(conn: sa.Connection, ids: Sequence[int], originals: Collection[str]) -> list[Entry]:
    """Public releases, newest by `published` first; those withdrawn meanwhile are left out."""
    query = _ENTRIES.where(release.c.id.in_(ids), release.c.state == "public").order_by(*_BY_PUBLISHED)
    return [_entry(row, originals) for row in conn.execute(query)]


_BY_PUBLISHED = release.c.published.desc(), release.c.guid
_ENTRIES = (
    sa.select(
        release.c.short_id,
        release.c.guid,
        release.c.folder,
        release.c.version,
        release.c.published,
        release.c.updated,
        version.c.reading,
        release.c.format,
        release.c.state,
        release.c.public_version,
        release.c.withdrawn_at,
        version.c.committed_at,
        original.c.size,
    )
    .join(version, sa.and_(version.c.release_id == release.c.id, version.c.number == release.c.version))
    .join(original, original.c.sha256 == version.c.sha256)
)
_NEWEST = _ENTRIES.where(release.c.listed).order_by(*_BY_PUBLISHED).limit(sa.bindparam("most"))
_NEWEST_OF_CLASS = _NEWEST.where(release.c["class"] == sa.bindparam("class"))
_ENTRIES_OUT = _ENTRIES.add_columns(release.c.id).where(
    release.c.id.in_(sa.bindparam("ids", expanding=True)), release.c.state.in_(OUT)
)
_TRANSLATION = sa.alias(release)
_WITH_PAST = sa.select(release.c.id).where(
    release.c.id.in_(sa.bindparam("ids", expanding=True)),
    sa.or_(
        release.c.version > release.c.public_version,
        release.c.withdrawn_at.is_not(None),
        release.c.translation_of.is_not(None),
        sa.exists().where(_TRANSLATION.c.translation_of == release.c.id),
    ),
)
_ENTRY_OUT = _ENTRIES.where(release.c.id == sa.bindparam("id"), release.c.state.in_(OUT))


_NEWEST_VERSION = (
    sa.select(version).where(version.c.release_id == sa.bindparam("id")).order_by(version.c.number.desc()).limit(1)
)
_NEWEST_ORIGINAL = _NEWEST_VERSION.with_only_columns(original.c.data).join(
    original, original.c.sha256 == version.c.sha256
)


def past(conn: sa.Connection, id: int) -> Past:
    """What the page of a release that is out tells beside its newest words."""
    row = conn.execute(sa.select(release).where(release.c.id == id)).one()
    return Past(
        changes=tuple(_changes(conn, id, row.public_version)) if row.version > row.public_version else (),
        notice=_readings().validate_json(row.notice).release if row.notice else None,
        alternates=tuple(_alternates(conn, release.c.translation_of == id)),
        translation_of=next(_alternates(conn, release.c.id == row.translation_of), None)
        if row.translation_of
        else None,
    )


def _changes(conn: sa.Connection, id: int, first: int) -> Iterator[Change]:
    query = sa.select(version.c.reading, version.c.committed_at).order_by(version.c.number)
    rows = conn.execute(query.where(version.c.release_id == id, version.c.number >= first))
    for before, after in pairwise(rows.all()):
        was, now = _readings().validate_json(before.reading), _readings().validate_json(after.reading)
        yield Change(after.committed_at, was.release, now.release)


def _alternates(conn: sa.Connection, which: sa.ColumnElement[bool]) -> Iterator[Alternate]:
    columns = release.c.language, release.c.folder, release.c.title
    rows = conn.execute(sa.select(*columns).where(which, release.c.state == "public").order_by(release.c.id))
    return (Alternate(row.language or "und", row.folder, row.title) for row in rows)


def translations(conn: sa.Connection, id: int) -> list[Known]:
    """The public translations of a release."""
    return [_known(row) for row in conn.execute(_TRANSLATIONS, {"id": id})]


_TRANSLATIONS = (
    sa.select(release)
    .where(release.c.translation_of == sa.bindparam("id"), release.c.state == "public")
    .order_by(release.c.id)
)


def newest_reading(conn: sa.Connection, id: int) -> Reading:
    """What was understood of a release's newest version, public or not."""
    return newest_version(conn, id)[0]


def newest_version(conn: sa.Connection, id: int) -> tuple[Reading, Source, str]:
    """The reading of a release's newest version, where it came from, and its content key."""
    row = conn.execute(_NEWEST_VERSION, {"id": id}).one()
    source = Source(row.sha256, row.path, row.mtime, row.committed_at)
    return _kept.reading(row.reading), source, row.content_key


@cache
def _readings() -> TypeAdapter[Reading]:
    return TypeAdapter(Reading)


class _Kept:
    """The readings that were stored or asked for last, by their text: to make one of it costs 0.3 ms.

    What is published was judged a moment before, and feeds and lists show the same ones again and again.
    """

    def __init__(self, most: int) -> None:
        self._readings: OrderedDict[str, Reading] = OrderedDict()
        self._most = most
        self._changing = threading.Lock()

    def reading(self, text: str) -> Reading:
        found = self._readings.get(text) or _readings().validate_json(text)
        self.keep(text, found)
        return found

    def keep(self, text: str, reading: Reading) -> None:
        with self._changing:
            self._readings[text] = reading
            self._readings.move_to_end(text)
            if len(self._readings) > self._most:
                self._readings.popitem(last=False)


_kept = _Kept(most=256)


def _shown(reading: Reading, issuer_key: str | None) -> dict[str, Any]:
    return {
        "title": reading.release.title,
        "stated": reading.release.day.isoformat(),
        "issuer_key": issuer_key,
        "class": reading.classification.class_.value,
        "subtopic": reading.classification.subtopic,
        "format": reading.release.format,
        "needs_review": reading.needs_review,
        "language": reading.release.language,
        "stated_guid": reading.stated.guid,
        "stated_version": reading.stated.version,
    }


def _public(times: Times, version: int, translation_of: int | None) -> dict[str, Any]:
    return {
        "state": "public",
        "held": "",
        "embargo_until": None,
        "listed": translation_of is None,  # who reads one language does not want the same news in two
        "public_version": version,
        "public_at": times.public_at,
        "published": times.published,
        "updated": times.updated,
    }


def _waiting(standing: Standing) -> dict[str, Any]:
    return {"state": standing.state, "held": "\n".join(standing.held), "embargo_until": standing.embargo_until}


def _add_version(
    conn: sa.Connection, id: int, number: int, reading: Reading, source: Source, content_key: str, json: str | None
) -> None:
    values = {
        "release_id": id,
        "number": number,
        "sha256": source.sha256,
        "path": source.path,
        "mtime": source.mtime,
        "content_key": content_key,
        "committed_at": source.at,
        **_read(reading, json),
    }
    conn.execute(_ADD_VERSION, values)
    if json:
        _kept.keep(json, reading)


def _read(reading: Reading, json: str | None = None) -> dict[str, Any]:
    return {
        "rules_version": reading.classification.rules_version,
        "lesson": reading.classification.lesson,
        "reading": json or _readings().dump_json(reading).decode(),
    }


def _count(conn: sa.Connection, *conditions: sa.ColumnElement[bool]) -> int:
    return conn.scalar(sa.select(sa.func.count()).select_from(release).where(*conditions)) or 0


def _entry(row: Any, originals: Collection[str]) -> Entry:
    return Entry(
        id=row.short_id,
        guid=row.guid,
        path=row.folder,
        version=row.version,
        published=row.published,
        updated=row.updated,
        reading=_kept.reading(row.reading),
        original=layout.original(row.folder, row.format, row.size, () if row.withdrawn_at else originals),
        corrected_at=row.committed_at if row.version > row.public_version else None,
        withdrawn_at=row.withdrawn_at,
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
        embargo_until=values["embargo_until"],
        first_seen=values["first_seen"],
        public_at=values["public_at"],
        published=values["published"],
        version=values["version"],
        stated_version=values["stated_version"],
        translation_of=values["translation_of"],
        version_of=values["version_of"],
        imported=values["imported"],
    )
