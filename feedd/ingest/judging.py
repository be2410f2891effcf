"""A drop that was taken is judged: understood, told from what is known, and recorded in one transaction.

    taken drop ─► understood ─► same bytes, same words? same path, guid, words of correction? ─┬─► release or version
                      │                                                                       ├─► duplicate
                      └─► not understood ─► quarantine                                        └─► withdrawal

The commit is the only moment at which something becomes true. A crash before it repeats this drop with the same
result.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from feedd import identity, layout, lineage
from feedd.classify.lessons import NOTHING, Lesson
from feedd.errors import DropError
from feedd.ingest import again, going_public
from feedd.ingest.opening import go_public, take_back_now, times_of
from feedd.ingest.terms import Now, Terms
from feedd.model import Attachment, Reading
from feedd.store import Connection, Store, decisions, drops, ledger, lessons, releases
from feedd.store.releases import Known, Name, Source, Standing
from feedd.visible import visible_name

OWN_FAULT = "parse-error"
"""The code of what feedd itself did wrong on a drop."""

MOST_AT_ONCE = 64
"""Drops that are taken, or judged, in one go, before others get their turn."""

PAGE = 64
"""Drops that are fetched from the store, and recorded, together; of 7 kB each they need half a megabyte."""

LONGEST_TURN_S = 0.2
"""A turn of the store ends after this time even if more drops of the burst are still being read."""

LARGEST_ASIDE = 25_000_000
"""Bytes of a drop that are kept while it is set aside. Archives are full of scans, and the folder has them too."""

LONGEST_COVER = 1_500
"""Characters of a mail's own words up to which they only go with what is attached."""


class Job(NamedTuple):
    """A drop to be understood, with what decisions had taught when it came to be judged."""

    drop: drops.Waiting
    lesson: Lesson
    store: Store

    @property
    def data(self) -> bytes:
        """The bytes of the drop. Raises `StoreError`."""
        if self.drop.data is not None:
            return self.drop.data
        with self.store.read() as conn:
            return drops.original_bytes(conn, self.drop.sha256)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a drop says: its reading, or why there is none; and the documents that came inside it."""

    reading: Reading | None
    refusal: DropError | None = None
    attachments: tuple[Attachment, ...] = ()
    json: str | None = None  # the reading as text, where it came as such


Read = Callable[[Iterable[Job]], Iterator[tuple[Job, Understood]]]
"""Understands drops and gives each with its answer; one that takes long is overtaken. May ask for drops ahead."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a drop.

    `became`: ``release``, ``version``, ``duplicate``, ``embargoed``, ``held``, ``withdrawal``, ``carrier``,
    ``quarantined``, ``seen``. `fault` is the exception when it was our own and not the drop's.
    """

    path: str
    became: str
    sentence: str
    release: str | None = None  # short id
    fault: BaseException | None = None
    is_secret: bool = False  # what it belongs to is not public: not even the file's name may be told


def judge(
    store: Store,
    read: Read,
    terms: Terms,
    now: Now,
    *,
    most: int = MOST_AT_ONCE,
    more: Callable[[], bool] = lambda: False,
) -> Iterator[Outcome]:
    """Judges the drops that wait, *most* of them; gives each outcome once it is true. Raises only `StoreError`.

    When few wait, *more* may take in others, and says whether it did; so whoever reads them need not pause.
    """
    for turn in _turns((job.drop, understood) for job, understood in read(_waiting(store, most, more))):
        with store.in_turn() as conn:
            still = drops.still_taken(conn, [drop.id for drop, _found in turn])
            outcomes = [
                _judged(conn, drop, found, terms, now()) if drop.id in still else _seen(drop) for drop, found in turn
            ]
        yield from outcomes


def _waiting(store: Store, most: int, more: Callable[[], bool]) -> Iterator[Job]:
    """The drops that wait, a page at a time: a burst of any size is never in memory as a whole."""
    after = 0
    while most > 0:
        with store.read() as conn:
            page = drops.taken(conn, min(most, PAGE), after=after)
            lesson = lessons.in_force(conn) if page else NOTHING
        yield from (Job(drop, lesson, store) for drop in page)
        if len(page) < PAGE and not more():
            return
        after, most = page[-1].id if page else after, most - len(page)


def _turns(
    answers: Iterable[tuple[drops.Waiting, Understood]],
) -> Iterator[list[tuple[drops.Waiting, Understood]]]:
    """The answers in groups, each for one transaction: what came within a short time."""
    group: list[tuple[drops.Waiting, Understood]] = []
    began_s = time.monotonic()
    for answer in answers:
        group.append(answer)
        if time.monotonic() - began_s > LONGEST_TURN_S or len(group) >= PAGE:
            yield group
            group, began_s = [], time.monotonic()
    if group:
        yield group


# ── One drop ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Case:
    """All that is asked about one drop while it is judged."""

    conn: Connection
    drop: drops.Waiting
    reading: Reading
    terms: Terms
    at: dt.datetime
    issuer_key: str | None
    content_key: str
    json: str | None  # `reading` as text, where it came as such and nothing was added

    @property
    def source(self) -> Source:
        return Source(self.drop.sha256, self.drop.path, self.drop.mtime, self.at)

    @property
    def standing(self) -> Standing | None:
        """Why the text itself may not be public yet; None when it may."""
        until = _instant(self.reading.release.embargo_until)
        standing = Standing(self.reading.held, until if until and until > self.at else None)
        return standing if standing.held or standing.embargo_until else None

    def with_doubt(self, sentence: str, *, hold: bool = False) -> _Case:
        """The same, with one more reason why a person should look, or must."""
        doubted = replace(
            self.reading,
            needs_review=True,
            review_reasons=(*self.reading.review_reasons, sentence),
            held=(*self.reading.held, sentence) if hold else self.reading.held,
        )
        return self.with_reading(doubted)

    def with_reading(self, reading: Reading) -> _Case:
        return replace(self, reading=reading, json=None)


def _seen(drop: drops.Waiting) -> Outcome:
    return Outcome(drop.path, "seen", "Another process has judged it.")


def _judged(conn: Connection, drop: drops.Waiting, found: Understood, terms: Terms, at: dt.datetime) -> Outcome:
    for name, data in _named_apart(found.attachments):
        _take_attachment(conn, drop, name, data, at)
    if found.attachments and _is_cover(found.reading):
        drops.judge(conn, drop.id, "carrier")
        return Outcome(drop.path, "carrier", f"It carries {len(found.attachments)} attached; they are read.")
    if found.reading is None:
        assert found.refusal is not None  # noqa: S101 - the one or the other, by `Understood`
        return _set_aside(conn, drop, found.refusal, terms)
    reading = found.reading
    keys = again.issuer_key(reading, terms), identity.content_key(reading.release)
    return _told_apart(_Case(conn, drop, reading, terms, at, *keys, found.json))


def _told_apart(case: _Case) -> Outcome:
    """What the text is to those that are known. The first question that knows an answer decides."""
    for question in (_as_known_words, _as_stated_by_its_sender, _as_withdrawal, _as_file_used_again, _as_correction):
        answer = question(case)
        if isinstance(answer, Outcome):
            return answer
        case = answer
    return _as_new(case)


def _as_known_words(case: _Case) -> Outcome | _Case:
    same = releases.with_bytes(case.conn, case.drop.sha256) or releases.with_content(case.conn, case.content_key)
    if same is None:
        return case
    known = _living(case.conn, same)
    if "withdrawn" in case.reading.flags:
        return _withdrawal(case, known, notice=False)
    if known.is_out and _was_put_back(case, known):
        return _version(case, known)
    return _duplicate(case, known, f"It says the same as {known.short_id}, {known.title!r}.")


def _as_stated_by_its_sender(case: _Case) -> Outcome | _Case:
    """News formats name the item and count its versions."""
    stated = case.reading.stated
    same = releases.with_guid(case.conn, stated.guid) if stated.guid else None
    if same is None:
        return case
    known = releases.known(case.conn, same)
    if stated.status == "canceled":
        return _withdrawal(case, known, notice=True)
    if _is_older(stated.version, known.stated_version):
        return _duplicate(case, known, f"It is an earlier version of {known.short_id}, {known.title!r}.")
    return _version(case, known)


def _as_withdrawal(case: _Case) -> Outcome | _Case:
    if "withdrawn" not in case.reading.flags:
        return case
    found = lineage.withdrawn(case.reading, _candidates(case))
    one = lineage.only(found)
    if one:
        return _withdrawal(case, releases.known(case.conn, one.id), notice=True)
    how_many = f"{len(found)} releases" if found else "no release"
    return case.with_doubt(f"It takes a release back, but {how_many} of its company fit; `feedd withdraw ID` takes "
                           "back the one that is meant.", hold=True)  # fmt: skip


def _as_file_used_again(case: _Case) -> Outcome | _Case:
    """Under a path that gave a release before: that release changed, or other news in a file of the same name."""
    id = drops.release_at(case.conn, case.drop.path)
    if id is None:
        return case
    known = _living(case.conn, id)
    if case.issuer_key is None or known.issuer_key != case.issuer_key:
        return case
    if not lineage.is_same_news(case.reading, releases.newest_reading(case.conn, known.id)):
        return case
    if drops.is_overtaken(case.conn, case.drop.path, case.drop.id, known.id):
        return _duplicate(case, known, f"It took so long to read that a newer file of its name is {known.short_id}.")
    return _version(case, known)


def _as_correction(case: _Case) -> Outcome | _Case:
    if "correction" not in case.reading.flags:
        return case
    found = lineage.corrected(case.reading, _candidates(case))
    one = lineage.only(found)
    if one:
        return _version(case, releases.known(case.conn, one.id))
    if found:
        return case.with_doubt(f"It corrects a release, but {len(found)} of its company fit.")
    return case.with_doubt("It says that it corrects a release, and none of its company fits.")


def _candidates(case: _Case) -> list[lineage.Candidate]:
    """The releases of the same issuer that the text may speak of."""
    if case.issuer_key is None:
        return []
    day = case.reading.release.day
    since = day - lineage.LONGEST_BACK if day - dt.date.min > lineage.LONGEST_BACK else dt.date.min
    found = releases.of_issuer(case.conn, case.issuer_key, since, day)
    return [lineage.Candidate(known.id, reading) for known, reading in found]


def _in_other_languages(case: _Case) -> list[lineage.Candidate]:
    """The releases of the same issuer and day that the text may translate. Asked of every text, so few are read."""
    if case.issuer_key is None:
        return []
    release = case.reading.release
    found = releases.in_other_languages(case.conn, case.issuer_key, release.day, release.language)
    return [lineage.Candidate(known.id, reading) for known, reading in found]


# ── What it became ──────────────────────────────────────────────────────────────────────────────────────────────


def _set_aside(conn: Connection, drop: drops.Waiting, refusal: DropError, terms: Terms) -> Outcome:
    why = drops.Refusal(refusal.code, refusal.reason, refusal.wish)
    drops.judge(conn, drop.id, "quarantined", refusal=why, by=terms.version)
    if drop.size > LARGEST_ASIDE:
        drops.forget_bytes(conn, drop.sha256)
    return Outcome(drop.path, "quarantined", refusal.reason, fault=refusal.__cause__)


def _duplicate(case: _Case, known: Known, sentence: str) -> Outcome:
    """Nothing changes, but that an embargo of any copy holds: none lifts or shortens another's."""
    drops.judge(case.conn, case.drop.id, "duplicate", release_id=known.id)
    if known.state in releases.WAITING and case.standing:
        releases.let_wait(case.conn, known.id, _together(known, case.standing))
    return Outcome(case.drop.path, "duplicate", sentence, known.short_id, is_secret=not known.is_out)


def _withdrawal(case: _Case, known: Known, *, notice: bool) -> Outcome:
    drops.judge(case.conn, case.drop.id, "release", release_id=known.id)
    take_back_now(case.conn, known, case.reading if notice else None, case.at, case.terms)
    sentence = f"It takes back {known.short_id}."
    return Outcome(case.drop.path, "withdrawal", sentence, known.short_id, is_secret=not known.is_out)


def _version(case: _Case, known: Known) -> Outcome:
    case = _as_ruled(case, known)
    if known.state == "withdrawn":
        return _waiting_version(case.with_doubt("It changes a release that was withdrawn.", hold=True), known)
    if known.state == "public" and case.standing:
        return _waiting_version(case, known)
    standing = _together(known, case.standing or Standing()) if known.state in releases.WAITING else None
    number = releases.add_version(
        case.conn, known, case.reading, case.source,
        issuer_key=case.issuer_key, content_key=case.content_key, standing=standing, json=case.json,
    )  # fmt: skip
    drops.judge(case.conn, case.drop.id, "held" if standing else "release", release_id=known.id)
    ledger.record(case.conn, f"version:{known.guid}:{number}", "new version", case.at, case.drop.path)
    if known.state == "public":
        classes = {known.class_, case.reading.classification.class_}
        shown = going_public.show(case.conn, known.id, classes, case.terms, before=known)
        going_public.tell(case.conn, shown, case.at, case.terms)
    sentence = f"Version {number} of {known.short_id}."
    return Outcome(case.drop.path, "version", sentence, known.short_id, is_secret=not known.is_out)


def _as_ruled(case: _Case, known: Known) -> _Case:
    """The same read with what a person ruled about the release, which holds for its versions too."""
    pin = decisions.pin(case.conn, known.id)
    if pin is None:
        return case
    lesson = lessons.of_version(case.conn, case.reading.classification.lesson)
    drop, data = case.drop, drops.original_bytes(case.conn, case.drop.sha256)
    return case.with_reading(again.read(data, drop.path, drop.mtime, case.terms, lesson, pin.decision)[1])


def _waiting_version(case: _Case, known: Known) -> Outcome:
    """A change that may not be seen yet waits as a release of its own, and joins *known* when it opens."""
    return _added(case, case.standing or Standing(), version_of=known.id)


def _as_new(case: _Case) -> Outcome:
    standing = case.standing
    twin = lineage.only(lineage.translated(case.reading, _in_other_languages(case)))
    if twin is None:
        return _added(case, standing)
    of = releases.known(case.conn, twin.id)
    if of.translation_of is not None:
        of = releases.known(case.conn, of.translation_of)
    if _speaks(case.reading, case.terms.language) and of.state == "public":
        return _added(case, standing, translated_by=of)
    return _added(case.with_reading(_as_translation(case.reading, twin.reading)), standing, translation_of=of.id)


def _added(
    case: _Case,
    standing: Standing | None,
    *,
    translation_of: int | None = None,
    version_of: int | None = None,
    translated_by: Known | None = None,
) -> Outcome:
    """A release of its own. `translated_by` is one that was listed till now and is this one's translation."""
    conn, reading = case.conn, case.reading
    name = _name(case)
    id = releases.add(
        conn, reading, case.source, name,
        issuer_key=case.issuer_key, content_key=case.content_key,
        opening=standing or times_of(reading.release, case.at, case.terms, imported=case.drop.imported),
        translation_of=translation_of, version_of=version_of, imported=case.drop.imported, json=case.json,
    )  # fmt: skip
    drops.judge(conn, case.drop.id, "held" if standing else "release", release_id=id)
    ledger.record(conn, f"release:{case.drop.sha256}", standing.state if standing else "release", case.at,
                  case.drop.path)  # fmt: skip
    if translated_by and not standing:
        releases.make_translation(conn, translated_by.id, id)
        going_public.show(conn, translated_by.id, {translated_by.class_}, case.terms)
    if standing:
        sentence = standing.held[0] if standing.held else "It opens by itself when its embargo ends."
        return Outcome(case.drop.path, standing.state, sentence, name.short_id, is_secret=True)
    go_public(conn, id, case.at, case.terms)
    return Outcome(case.drop.path, "release", reading.release.title, name.short_id)


def _name(case: _Case) -> Name:
    release, sha256 = case.reading.release, case.drop.sha256
    short_id = identity.short_id(sha256)
    slug = identity.slug(release.title, fallback=short_id)
    if releases.folder_taken(case.conn, layout.folder(release.day, slug)):
        slug = f"{slug}-{short_id}"
    guid = identity.guid(case.terms.base_url, release.day, sha256)
    return Name(short_id, guid, layout.folder(release.day, slug), slug)


# ── Small questions ─────────────────────────────────────────────────────────────────────────────────────────────


def _was_put_back(case: _Case, known: Known) -> bool:
    """Whether the file whose words are public has the words of an earlier version again."""
    _reading, source, content_key = releases.newest_version(case.conn, known.id)
    return source.path == case.drop.path and content_key != case.content_key


def _living(conn: Connection, id: int) -> Known:
    """The release *id*; where it has become a version of another, that one."""
    known = releases.known(conn, id)
    is_gone = known.state == "retired" and known.version_of is not None
    return releases.known(conn, known.version_of) if is_gone and known.version_of is not None else known


def _together(known: Known, standing: Standing) -> Standing:
    """How a waiting release stands after another text of it: every reason holds, and the latest instant."""
    instants = [instant for instant in (known.embargo_until, standing.embargo_until) if instant]
    return Standing(tuple(dict.fromkeys((*known.held, *standing.held))), max(instants, default=None))


def _instant(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _is_older(version: str | None, known: str | None) -> bool:
    """Whether a sender's count says that a later version is known already."""
    return bool(version and known and version.isdigit() and known.isdigit() and int(version) < int(known))


def _speaks(reading: Reading, language: str) -> bool:
    return (reading.release.language or "").partition("-")[0] == language.partition("-")[0]


def _as_translation(reading: Reading, of: Reading) -> Reading:
    """A translation is of the class that the text it translates has; no words of its own say so."""
    told = replace(of.classification, evidence=())
    doubts = reading.release.contradictions
    return replace(
        reading,
        classification=told,
        needs_review=bool(doubts),
        review_reasons=doubts,
        flags=(*reading.flags, "translation-of"),
    )


def _is_cover(reading: Reading | None) -> bool:
    """Whether a mail's own words only go with what is attached."""
    if reading is None:
        return True
    length = sum(len(paragraph.text) for paragraph in reading.release.body)
    return reading.release.dateline is None and length <= LONGEST_COVER


def _named_apart(attachments: Iterable[Attachment]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each. Two of one name get numbers: else the second would pass for a version of the first."""
    seen: Counter[str] = Counter()
    for each in attachments:
        name = visible_name(each.name.replace("/", "_"))
        seen[name] += 1
        yield name if seen[name] == 1 else f"{seen[name]} {name}", each.data


def _take_attachment(conn: Connection, drop: drops.Waiting, name: str, data: bytes, at: dt.datetime) -> None:
    seen = drops.Seen(f"{drop.path}/{name}", hashlib.sha256(data).hexdigest(), drops.NO_FILE, drop.mtime, at)
    drops.take(conn, seen, data, imported=drop.imported)
