"""What the tests of the watch share: files to drop, and a running watch with what it gave so far."""

from __future__ import annotations

import contextlib
import fcntl
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from feedd.watch import Taken, Watch

PATIENCE_S = 30.0


def drop(folder: Path, name: str = "release.txt", text: str = "Northfield opens a mine") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def paths(drops: Iterable[Taken]) -> list[str]:
    return [taken.path for taken in drops]


def has_leases(folder: Path) -> bool:
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".") as file, Path(file.name).open("rb") as reader:
        try:
            fcntl.fcntl(reader.fileno(), fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except BlockingIOError:
            return True
        except OSError:
            return False
    return False


class World:
    """A running watch and what it gave so far, driven as the daemon's loop drives it."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.known: dict[str, str] = {}
        self.taken: list[Taken] = []
        self.moved = 0

    def tick(self) -> None:
        for taken in self.watch.settled(self.known, time.monotonic()):
            self.taken.append(taken)
            self.known[taken.path] = taken.signature
        self.moved += self.watch.put_away(self.known)

    def run_until(self, done: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while not done():
            assert time.monotonic() < deadline_s, f"taken: {self.paths}, waiting: {self.watch.waiting()}"
            self.watch.wait(min(0.1, self.watch.due_in_s(time.monotonic())))
            self.tick()

    def run_until_taken(self, *names: str) -> None:
        self.run_until(lambda: set(names) <= set(self.paths))

    @property
    def paths(self) -> list[str]:
        return paths(self.taken)

    def text(self, path: str) -> str:
        return next(taken for taken in reversed(self.taken) if taken.path == path).data.decode()


@contextlib.contextmanager
def watching(folder: Path, *, settle_s: float = 0.6, rescan_s: float = 3600.0, **how: Any) -> Iterator[World]:
    """Rescans are an hour apart, so what is found was told by an event, unless a test says otherwise."""
    with Watch(folder, mode="events", settle_s=settle_s, rescan_s=rescan_s, **how) as watch:
        world = World(watch)
        world.tick()
        yield world
