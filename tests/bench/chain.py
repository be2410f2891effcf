"""The real daemon as a process: an archive to start from, then one file at a time, timed from its last close."""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import feedd
from feedd import identity, layout
from feedd.understand import understand
from tests.acceptance.house import House
from tests.bench.figures import Figure
from tests.bench.texts import Text

Say = Callable[[str], None]

LOOK_S = 0.001  # between two looks at the disk
BETWEEN_S = 0.25  # so that the daemon is at rest again when the next file comes
PATIENCE_S = 30.0
STARTS = EXPLAINS = 5


# ── The archive ─────────────────────────────────────────────────────────────────────────────────────────────────


def fill(house: House, texts: Iterator[Text], number: int, say: Say) -> Figure:
    """Drops all *texts* and takes them in with one `feedd once`. Raises `SystemExit` unless each became a release."""
    for text in texts:
        (house.inbox / text.name).write_bytes(text.data)
    began_s = time.perf_counter()
    became = _once(house, number, say)
    seconds = time.perf_counter() - began_s
    if became.count("release") != number:
        others = sorted(set(became) - {"release"})
        raise SystemExit(f"Of {number} drops {became.count('release')} became releases, others {others}; see texts.py.")
    return Figure("backfill", f"feedd once: {number:,} releases taken in and published", "/s", [number / seconds])


def _once(house: House, number: int, say: Say) -> list[str]:
    """Runs `feedd once`, saying how far it is; gives what became of each drop."""
    answer = house.folder / "once.json"
    with answer.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "feedd", "once", "--json"], cwd=house.folder, env=house.environ, stdout=out
        )
        try:
            while process.poll() is None:
                say(_progress(house, number))
                time.sleep(0.2)
        finally:
            process.kill()
            process.wait()
    if process.returncode:
        raise SystemExit(f"`feedd once` ended with {process.returncode}.")
    return [drop["became"] for drop in json.loads(answer.read_bytes())["drops"]]


def _progress(house: House, number: int) -> str:
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{database(house)}?mode=ro", uri=True)) as store:
        taken = store.execute('SELECT count(*) FROM "drop"').fetchone()[0]
        stale = store.execute("SELECT count(*) FROM output WHERE wanted > written").fetchone()[0]
        return f"archive: {taken:,} of {number:,} taken in, {stale:,} outputs to publish"
    return "archive: starting"


def database(house: House) -> Path:
    return house.folder / "state/feedd.db"


# ── Starting, explaining ────────────────────────────────────────────────────────────────────────────────────────


def starts(house: House) -> Figure:
    """From the start of the process until it answers over HTTP that all is well."""
    return Figure("ready", "feedd run: ready", "s", [_start_seconds(house) for _ in range(STARTS)], {"p50": 2.0})


def _start_seconds(house: House) -> float:
    began_s = time.perf_counter()
    with house.running():
        until(lambda: is_well(house), "the daemon to be ready")
        seconds = time.perf_counter() - began_s
        house.stop()
    return seconds


def is_well(house: House) -> bool:
    with suppress(ConnectionError), closing(HTTPConnection("127.0.0.1", house.port, timeout=5)) as door:
        door.request("GET", "/healthz")
        return door.getresponse().status == 200
    return False


def explains(house: House, text: Text) -> Figure:
    file = house.folder / text.name
    file.write_bytes(text.data)
    seconds = [_seconds(lambda: house.command("explain", str(file))) for _ in range(EXPLAINS)]
    return Figure("explain", "feedd explain FILE: whole process", "s", seconds, {"p50": 0.6})


# ── Drops ───────────────────────────────────────────────────────────────────────────────────────────────────────


def drops(house: House, texts: Iterator[Text], number: int, say: Say) -> Iterator[Figure]:
    """*number* files, one after the other, to a running daemon with one subscriber who wants alerts."""
    house.command("subscribers", "add", "reader@example.com", "--cadence", "at-once")
    site_s, letter_s = [], []
    with house.running():
        until(lambda: is_well(house), "the daemon to be ready")
        for done in range(-1, number):  # the first one warms it up
            say(f"drops: {max(done, 0)} of {number}")
            seen = _drop(house, next(texts))
            if done >= 0:
                site_s.append(seen["site"])
                letter_s.append(seen["letter"])
            time.sleep(BETWEEN_S)
        pss_mib = _pss_mib(house)
        house.stop()
    yield Figure("drop_to_site", "last close → page and feeds on disk", "s", site_s, {"p50": 0.5, "p99": 1.0})
    yield Figure("drop_to_letter", "last close → alert in the mailbox", "s", letter_s, {"p50": 0.5, "p99": 2.0})
    if pss_mib:
        yield Figure("memory", "feedd run: memory at rest (PSS)", "MiB", [pss_mib], {"p50": 200.0})


def _drop(house: House, text: Text) -> Mapping[str, float]:
    """Writes one file; seconds from its close until each sight was seen first."""
    sights = _sights(house, text)
    with (house.inbox / text.name).open("wb") as file:
        file.write(text.data)
    closed_s = time.perf_counter()
    seen: dict[str, float] = {}
    while len(seen) < len(sights):
        for name in [name for name, is_there in sights.items() if name not in seen and is_there()]:
            seen[name] = time.perf_counter() - closed_s
        if time.perf_counter() - closed_s > PATIENCE_S:
            raise SystemExit(f"{text.name}: only {sorted(seen)} after {PATIENCE_S:g} s.")
        time.sleep(LOOK_S)
    return seen


def _sights(house: House, text: Text) -> Mapping[str, Callable[[], bool]]:
    """What shows that a text arrived. ``site``: its page stands, and all four of its feeds carry its GUID."""
    _document, reading = understand(text.data, path=text.name, mtime=dt.datetime.now(dt.UTC))
    release, class_ = reading.release, reading.classification.class_.value
    sha256 = text.sha256
    page = house.out / layout.page(layout.folder(release.day, identity.slug(release.title, fallback=sha256[:10])))
    guid = sha256[:32].encode()
    feeds = [_Feed(house.out / f"feeds/{name}{suffix}", guid) for name in ("all", class_) for suffix in layout.SUFFIXES]
    letters = len(house.letters())
    return {
        "site": lambda: all(feed.is_there() for feed in feeds) and page.is_file(),
        "letter": lambda: len(house.letters()) > letters,
    }


class _Feed:
    """A feed's file, read again only when it is another one."""

    def __init__(self, path: Path, guid: bytes) -> None:
        self._path, self._guid = path, guid
        self._looked_at = -1
        self._found = False

    def is_there(self) -> bool:
        if not self._found and self._path.is_file() and (inode := self._path.stat().st_ino) != self._looked_at:
            self._looked_at = inode
            self._found = self._guid in self._path.read_bytes()
        return self._found


def _pss_mib(house: House) -> float | None:
    """The daemon's share of memory with that of its children, MiB; None where the system does not tell."""
    assert house.process is not None
    number = house.process.pid
    try:
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
        return sum(_pss_kib(each) for each in [str(number), *children]) / 1024
    except OSError:
        return None


def _pss_kib(process: str) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def until(look: Callable[[], bool], what: str) -> None:
    """Looks every millisecond. Raises `SystemExit` naming *what* when it does not come."""
    ends_s = time.monotonic() + PATIENCE_S
    while not look():
        if time.monotonic() > ends_s:
            raise SystemExit(f"Waited {PATIENCE_S:g} s for {what}.")
        time.sleep(LOOK_S)


def _seconds(act: Callable[[], subprocess.CompletedProcess[str]]) -> float:
    began_s = time.perf_counter()
    act().check_returncode()
    return time.perf_counter() - began_s


def house_in(folder: Path) -> House:
    """A house whose program is this checkout's, with no settings but its own, and an alert for every drop."""
    for name in [name for name in os.environ if name.startswith("FEEDD_")]:
        del os.environ[name]
    (folder / "feedd.toml").touch()  # comes before one for the whole machine
    house = House(folder, notify__alerts_per_hour="1000")
    house.environ["PYTHONPATH"] = str(Path(feedd.__file__).parent.parent)
    return house
