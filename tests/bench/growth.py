"""What one more release costs in a small archive and in a large one: taken, judged and published, in this process.

The archives are written straight into the store, with short texts and nothing on disk: what could grow with their
number are the store's tables and what is asked of them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, islice
from pathlib import Path

from feedd import identity, layout
from feedd.config import load
from feedd.ingest import judge, take_in
from feedd.model import Reading
from feedd.parts import Parts, assemble
from feedd.publish import fit, publish
from feedd.store import Connection, drops, outputs, releases
from feedd.understand import understand
from feedd.watch import Taken
from tests.bench.chain import Say
from tests.bench.figures import Figure, percentile
from tests.bench.texts import COMPANIES, Text

AT_ONCE = 1_000  # releases in one transaction while an archive is filled
HANDFUL, ROUNDS = 16, 12


def measure(folder: Path, sizes: Sequence[int], fresh: Iterator[Text], say: Say) -> Iterator[Figure]:
    """Figures of each archive, by turns, and how much more the last costs than the first."""
    archives = [_filled(folder / str(size), size, say) for size in sizes]
    costs: list[list[float]] = [[] for _ in sizes]
    try:
        for number in range(ROUNDS + 1):
            say(f"one more release: round {number} of {ROUNDS}")
            taken = [_taken(text) for text in islice(fresh, HANDFUL)]
            for parts, samples in zip(archives, costs, strict=True):
                samples.append(_ms(parts, taken))
    finally:
        for parts in archives:
            parts.close()
    for size, samples in zip(sizes, costs, strict=True):
        yield Figure(f"one_more_{size}", f"one more release, {size:,} in the archive", "ms", samples[1:])
    ratio = percentile(costs[-1][1:], 50) / percentile(costs[0][1:], 50)
    yield Figure("growth", f"  {sizes[-1]:,} ÷ {sizes[0]:,}", "×", [ratio], {"p50": 1.3})


def _ms(parts: Parts, taken: Sequence[Taken]) -> float:
    """Processor time of this process and of those that read, for each of *taken*; the waiting for the disk is none."""
    began_s = time.process_time()
    take_in(parts.store, taken, parts.now)
    outcomes = list(judge(parts.store, parts.read, parts.terms, parts.now))
    published = publish(parts.store, parts.press, parts.now)
    if published.troubles or [each.became for each in outcomes] != ["release"] * len(taken):
        raise SystemExit(f"One more release went wrong: {published.troubles} {outcomes}")
    return (time.process_time() - began_s) * 1000 / len(taken)


def _filled(folder: Path, size: int, say: Say) -> Parts:
    folder.mkdir(parents=True)
    parts = assemble(load(None, environ={}, folder=folder))
    fit(parts.store, parts.press, parts.now)
    patterns = _patterns()
    for start in range(0, size, AT_ONCE):
        say(f"archive of {size:,}: {start:,}")
        with parts.store.begin() as conn:
            for number in range(start, min(start + AT_ONCE, size)):
                _add(conn, parts, patterns[number % len(patterns)], number, size)
    publish(parts.store, parts.press, parts.now)
    return parts


def _patterns() -> list[Reading]:
    """A reading of each class, cut short."""
    found = []
    day = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    for text in _short_texts():
        reading = understand(text, path="a.txt", mtime=day)[1]
        found.append(replace(reading, classification=replace(reading.classification, evidence=())))
    return found


def _short_texts() -> Iterator[bytes]:
    lead = "HALIFAX, January 1, 2020 - Bracken Copper Corp. (TSX: BRC) "
    yield f"Bracken Copper to Report Results\n\n{lead}will report its results on February 3, 2020.".encode()
    yield f"Bracken Copper Reports Production\n\n{lead}produced 4,100 tonnes of copper in the quarter.".encode()
    yield f"Bracken Copper Appoints a Director\n\n{lead}appointed a director to its board.".encode()


def _add(conn: Connection, parts: Parts, pattern: Reading, number: int, size: int) -> None:
    """A release that was published long ago, as if it had come as a file."""
    day = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=2 + (size - number) * 1095 // size)
    company = COMPANIES[number * 7 % len(COMPANIES)].legal
    issuer = replace(pattern.release.issuer, legal_name=company) if pattern.release.issuer else None
    release = replace(pattern.release, title=f"{company} Tells {number}", date=day.isoformat(), issuer=issuer)
    reading = replace(pattern, release=release)
    data = f"{release.title} {number}".encode()
    sha256 = hashlib.sha256(data).hexdigest()
    at = dt.datetime.combine(day, dt.time(), dt.UTC)
    drops.take(conn, drops.Seen(f"{number}.txt", sha256, sha256, at, at), data)
    slug = identity.slug(release.title, sha256)
    folder = layout.folder(day, slug)
    name = releases.Name(sha256[:10], identity.guid("http://bench.example", day, sha256), folder, slug)
    id = releases.add(
        conn, reading, releases.Source(sha256, f"{number}.txt", at, at), name,
        issuer_key=identity.issuer_key(release), content_key=sha256, opening=releases.Times(at, at, at),
    )  # fmt: skip
    drops.judge(conn, number + 1, "release", release_id=id)
    own = layout.release_outputs(folder, release.format, parts.press.originals)
    outputs.mark(conn, [outputs.Output(path, layout.RANK_RELEASE, id) for path in own])
    outputs.written(conn, [outputs.Stale(path, layout.RANK_RELEASE, id, 1) for path in own], at)


_numbers = count()


def _taken(text: Text) -> Taken:
    return Taken(f"{next(_numbers)}-{text.name}", text.data, text.sha256, dt.datetime.now(dt.UTC), text.sha256)
