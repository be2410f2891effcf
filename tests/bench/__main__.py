"""``python -m tests.bench``: from a dropped file to its page, feeds and letter, beside feedgen alone.

Everything happens in a temporary folder and on the loopback address, with programs that are started and ended here.
What the figures mean stands in ``docs/performance.md``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from feedd.config import load
from feedd.parts import assemble
from feedd.understand import understand
from feedd.watch import Taken
from tests.acceptance.house import House
from tests.bench import bulk, chain, growth, profile, texts, window
from tests.bench.figures import Figure, as_json, table
from tests.bench.texts import Text

ROUNDS = 15  # of building a window
UNDERSTOOD = 200  # texts
PROFILED = 5  # times each of them


def main(words: Sequence[str] | None = None) -> None:
    options = _options(words)
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # ends what was started here, too
    if options.what == "profile":
        print(profile.table(*profile.profile(*_understood(_sevens() * PROFILED))))
        return
    began_s = time.monotonic()
    machine = {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}  # before anything is started here
    with tempfile.TemporaryDirectory(prefix="feedd-bench-") as folder:
        figures = list(_measure(chain.house_in(Path(folder)), options.archive, options.drops))
        figures += _many(Path(folder), options)
    _say("")
    if options.json:
        print(json.dumps({**machine, "archive": options.archive, "figures": as_json(figures)}, indent=1))
        return
    print(f"{options.archive:,} releases in the archive, {options.drops} drops one at a time; "
          f"{machine['cores']} cores, load {machine['load']} before\n")  # fmt: skip
    print(table(figures))
    print(f"\n{time.monotonic() - began_s:.0f} s in all.")


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measures feedd on this machine.")
    parser.add_argument(
        "what", nargs="?", choices=("all", "profile"), default="all", help="all, or where understanding spends its time"
    )
    parser.add_argument("--archive", type=_positive, default=1000, metavar="N", help="releases to start from (1000)")
    parser.add_argument("--drops", type=_positive, default=40, metavar="N", help="files to drop, one at a time (40)")
    parser.add_argument("--bulk", type=int, default=10_000, metavar="N", help="files at once (10,000); 0 for none")
    parser.add_argument("--large", type=int, default=100_000, metavar="N", help="a large archive (100,000); 0 for none")
    parser.add_argument("--pelican", type=Path, metavar="PYTHON", help="one that has Pelican, to measure it too")
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser.parse_args(words)


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def _measure(house: House, archive: int, number: int) -> Iterator[Figure]:
    today = dt.datetime.now(dt.UTC).date()
    fresh = texts.fresh(today)
    yield chain.fill(house, texts.archive(archive, today - dt.timedelta(days=1)), archive, _say)
    _say("understanding")
    yield _understanding(_sevens())
    _say("building windows")
    yield from _window(house, fresh)
    _say("starting and explaining")
    yield chain.starts(house)
    yield chain.explains(house, next(fresh))
    yield from chain.drops(house, fresh, number, _say)


def _many(folder: Path, options: argparse.Namespace) -> Iterator[Figure]:
    """What stands in houses of its own: imports, bursts, and one more release in archives of two sizes."""
    today = dt.datetime.now(dt.UTC).date()
    if options.bulk:
        some = list(texts.archive(options.bulk, today, seed=4))
        yield from bulk.imports(_house(folder / "import"), some, options.pelican, _say)
        yield from bulk.burst(_house(folder / "burst"), some, _say)
    if options.large:
        yield from growth.measure(folder / "growth", (1_000, options.large), texts.fresh(today, seed=5), _say)


def _house(folder: Path) -> House:
    folder.mkdir()
    return chain.house_in(folder)


def _sevens() -> list[Text]:
    """Texts of 7 kB, always the same ones on one day."""
    return list(islice(texts.fresh(dt.datetime.now(dt.UTC).date(), seed=3), UNDERSTOOD))


def _understood(some: Sequence[Text]) -> tuple[Callable[[], None], int]:
    """The work of understanding *some* texts, with the rule files read already, and how many there are."""
    now = dt.datetime.now(dt.UTC)

    def work() -> None:
        for text in some:
            understand(text.data, path=text.name, mtime=now)

    understand(some[0].data, path=some[0].name, mtime=now)
    return work, len(some)


def _understanding(some: Sequence[Text]) -> Figure:
    work, number = _understood(some)
    began_s = time.perf_counter()
    work()
    rate = number / (time.perf_counter() - began_s)
    return Figure("understand", "parse and classify, one core", "/s", [rate], {"p50": 300.0})


def _window(house: House, fresh: Iterator[Text]) -> Iterator[Figure]:
    environ = {key: value for key, value in house.environ.items() if key.startswith("FEEDD_")}
    parts = assemble(load(None, environ=environ, folder=house.folder))
    assert parts.lock is not None
    with parts.lock.acquire("bench"):
        yield from window.measure(parts, map(_taken, fresh), ROUNDS)
    parts.store.close()


def _taken(text: Text) -> Taken:
    return Taken(text.name, text.data, text.sha256, dt.datetime.now(dt.UTC), signature=text.sha256)


def _say(progress: str) -> None:
    """How far it is, on one line of a terminal; elsewhere nothing."""
    if sys.stderr.isatty():
        print(f"\r\033[K{progress}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
