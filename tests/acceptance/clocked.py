"""The daemon under a clock that a test sets, to be killed at a boundary that a test names: a program of its own.

    python clocked.py CLOCK [BOUNDARY]

CLOCK is a file that holds an ISO time; BOUNDARY counts commits and renames, and at that one the process kills itself.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import signal
import sys
import threading
from pathlib import Path

import sqlalchemy as sa

from feedd.cli.log import log_to_stderr
from feedd.config import load
from feedd.daemon import Daemon
from feedd.jumps import Tick
from feedd.parts import assemble

_START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Clock:
    """The time that stands in a file. The clock since the start goes with it unless ``leap`` is noted beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self._path.read_text().split()[0])

    def tick(self) -> Tick:
        wall, *leap = self._path.read_text().split()
        now = dt.datetime.fromisoformat(wall)
        return Tick(now, (now - _START).total_seconds() - float(leap[0] if leap else 0), "test", False)


def die_at(boundary: int) -> None:
    """Kills this process at its *boundary*-th commit or rename: before it, as a power cut would."""
    passed = itertools.count(1)

    def count() -> None:
        if next(passed) == boundary:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.Engine, "commit", lambda conn: count())
    sys.addaudithook(lambda event, args: count() if event == "os.rename" else None)


def main(clock_file: str, boundary: str = "0") -> None:
    log_to_stderr()
    clock = Clock(Path(clock_file))
    parts = assemble(load(None, environ=os.environ, folder=Path.cwd()), clock.now, clock.tick)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    if int(boundary):
        die_at(int(boundary))
    assert parts.lock is not None
    with parts.lock.acquire("test"):
        running = Daemon(parts)
        running.start()
        print("running", flush=True)
        ended.wait()
        running.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
