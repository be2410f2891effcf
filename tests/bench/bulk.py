"""Many at once: an archive imported, beside Pelican's build of the same texts; a burst into a running daemon.

Both write every release as a page, and feeds. Pelican, with its own theme and no plugin, gets the texts as Markdown
with title, day and class in the header; it neither understands nor stores nor mails.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from feedd.model import Class
from tests.acceptance.house import House
from tests.bench.chain import Say, database, is_well, until
from tests.bench.figures import Figure
from tests.bench.texts import Text

IMPORT_S, BURST_S = 1800.0, 600.0  # patience
LOOK_S = 0.5  # between two looks at memory and health

_SETTINGS = """\
SITENAME = 'News'
SITEURL = 'http://127.0.0.1:8080'
TIMEZONE = 'UTC'
DEFAULT_LANG = 'en'
FEED_ALL_ATOM, FEED_ALL_RSS = 'feeds/all.atom.xml', 'feeds/all.rss.xml'
CATEGORY_FEED_ATOM, CATEGORY_FEED_RSS = 'feeds/{slug}.atom.xml', 'feeds/{slug}.rss.xml'
"""


# ── Import ──────────────────────────────────────────────────────────────────────────────────────────────────────


def imports(house: House, texts: Sequence[Text], pelican: Path | None, say: Say) -> Iterator[Figure]:
    """`feedd import`, then the build of Pelican, which *pelican* has. Raises `SystemExit` unless all have pages."""
    archive, number = house.folder / "archive", len(texts)
    archive.mkdir()
    for text in texts:
        (archive / text.name).write_bytes(text.data)
    say(f"importing {number:,} releases")
    with closing(_Watched()) as watched:
        own_s = _seconds([sys.executable, "-m", "feedd", "import", str(archive)], house, watched)
    _expect(number, len(list(house.out.glob("releases/*/*/*/index.html"))), "pages of feedd")
    _expect(0, len(house.letters()), "letters")
    yield Figure("import", f"feedd import: {number:,} releases, everything published", "/s", [number / own_s])
    if watched.pss_mib:
        yield _memory("import_memory", watched)
    if pelican is not None:
        say(f"Pelican builds {number:,} pages")
        peer_s = _pelican_seconds(house, pelican, texts)
        yield Figure("pelican", "Pelican: full build of the same texts", "/s", [number / peer_s])
        yield Figure("import_to_pelican", "  time of feedd ÷ Pelican", "×", [own_s / peer_s], {"p50": 1.0})


def _pelican_seconds(house: House, pelican: Path, texts: Sequence[Text]) -> float:
    site = _pelican_site(house.folder / "pelican", texts)
    words = ["content", "--output", "output", "--settings", "settings.py", "--fatal", "errors"]
    seconds = _seconds([str(pelican.absolute()), "-W", "ignore", "-m", "pelican", *words], house, cwd=site)
    _expect(len(texts), len(list((site / "output").glob("headline-*.html"))), "pages of Pelican")
    return seconds


def _pelican_site(folder: Path, texts: Sequence[Text]) -> Path:
    (folder / "content").mkdir(parents=True)
    (folder / "settings.py").write_text(_SETTINGS)
    for number, text in enumerate(texts):
        _label, title, body = text.data.decode().split("\n\n", 2)
        day, class_ = text.name[:8], tuple(Class)[number % len(Class)].value
        header = f"Title: {title}\nDate: {day[:4]}-{day[4:6]}-{day[6:]}\nCategory: {class_}\nSlug: headline-{number}\n"
        (folder / "content" / f"{number}.md").write_text(f"{header}\n{body}")
    return folder


def _seconds(command: list[str], house: House, watched: _Watched | None = None, *, cwd: Path | None = None) -> float:
    with (house.folder / "bulk.log").open("ab") as log:
        began_s = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd or house.folder, env=house.environ, stdout=log, stderr=log)
        try:
            if watched:
                watched.follow(process.pid)
            process.wait(IMPORT_S)
        finally:
            process.kill()
            process.wait()
        seconds = time.perf_counter() - began_s
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}; see {log.name}.")
    return seconds


def _expect(wanted: int, found: int, what: str) -> None:
    if wanted != found:
        raise SystemExit(f"{found} {what}, not {wanted}.")


# ── Burst ───────────────────────────────────────────────────────────────────────────────────────────────────────


def burst(house: House, texts: Sequence[Text], say: Say) -> Iterator[Figure]:
    """All *texts* dropped into a running daemon as fast as they can be written, until all stand in ``out/``."""
    number = len(texts)
    with house.running(), closing(_Watched(house.port)) as watched:
        until(lambda: is_well(house), "the daemon to be ready")
        assert house.process is not None
        before = _released(house)
        watched.follow(house.process.pid)
        say(f"burst: dropping {number:,} files")
        began_s = time.perf_counter()
        for text in texts:
            (house.inbox / text.name).write_bytes(text.data)
        dropped_s = time.perf_counter() - began_s
        while (left := number - (_released(house) - before)) or _stale(house):
            say(f"burst: {left:,} of {number:,} to be judged, {_stale(house):,} outputs to be published")
            if time.perf_counter() - began_s > BURST_S:
                raise SystemExit(f"The burst is not published after {BURST_S:g} s: {left} are missing.")
            time.sleep(LOOK_S)
        seconds = time.perf_counter() - began_s
        house.stop()
    yield Figure("burst_dropped", f"{number:,} files written into the inbox in", "s", [dropped_s])
    yield Figure("burst", "  until all of them are published", "s", [seconds], {"p50": 60.0})
    yield Figure("burst_health", "  /healthz meanwhile", "s", watched.health_s, {"p99": 1.0})
    if watched.pss_mib:
        yield _memory("burst_memory", watched)


def _released(house: House) -> int:
    return _count(house, "SELECT count(*) FROM release WHERE state = 'public'")


def _stale(house: House) -> int:
    return _count(house, "SELECT count(*) FROM output WHERE wanted > written")


def _count(house: House, query: str) -> int:
    with closing(sqlite3.connect(f"file:{database(house)}?mode=ro", uri=True, timeout=10)) as store:
        number: int = store.execute(query).fetchone()[0]
        return number


# ── Memory and health meanwhile ─────────────────────────────────────────────────────────────────────────────────


@dataclass
class _Watched:
    """Looks at a process with its children, and at ``/healthz`` of *port*, again and again until it is closed."""

    port: int | None = None
    pss_mib: list[float] = field(default_factory=list)
    health_s: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def follow(self, process: int) -> None:
        looks = [lambda: self.pss_mib.extend(_pss_mib(process))]
        if self.port:
            looks.append(lambda: self.health_s.append(self._health_s()))
        self._threads = [threading.Thread(target=self._repeat, args=[look]) for look in looks]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, look: object) -> None:
        assert callable(look)
        while not self._over.wait(LOOK_S):
            with suppress(OSError):
                look()

    def _health_s(self) -> float:
        began_s = time.perf_counter()
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as door:
            door.request("GET", "/healthz")
            door.getresponse().read()
        return time.perf_counter() - began_s


def _memory(key: str, watched: _Watched) -> Figure:
    return Figure(key, "  memory of all processes (PSS), peak", "MiB", [max(watched.pss_mib)], {"p50": 350.0})


def _pss_mib(process: int) -> Iterator[float]:
    """The memory of a process and all below it; nothing where the system does not tell."""
    if kib := sum(_pss_kib(each) for each in family(str(process))):
        yield kib / 1024


def family(process: str) -> Iterator[str]:
    """The number of a process and of all that it and its children started."""
    yield process
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from family(child)


def _pss_kib(process: str) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has just ended
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
