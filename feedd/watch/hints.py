"""Hints from the kernel's events, by way of watchdog. Nothing is decided here, and any of them may be lost."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyFullEmitter
from watchdog.observers.inotify_c import InotifyFD

_MOST_HINTS = 50_000  # more are a rescan
_LOST_LOG = "watchdog.observers.inotify_c"

# Not each opening and each single write: they fill the kernel's queue, and of 10,000 quick files up to 6,590 were
# lost that way, none with these kinds alone.
_EVENTS: list[type[FileSystemEvent]] = [
    FileClosedEvent,
    FileCreatedEvent,
    FileMovedEvent,
    DirCreatedEvent,
    DirMovedEvent,
]


class Hints(FileSystemEventHandler):
    """What events named since it was last asked. The one thing that watchdog's threads touch; it does no work."""

    def __init__(self) -> None:
        self._prefix = "/"
        self._lock = threading.Lock()
        self._closed: dict[str, bool] = {}  # path below the root → its bytes are complete
        self._overflowed = False
        self.woken = threading.Event()

    def listen_below(self, root: str) -> None:
        """From now on events name paths below this folder."""
        self._prefix = f"{root}/"

    def dispatch(self, event: FileSystemEvent) -> None:
        path = os.fsdecode(event.dest_path or event.src_path)
        # A move out of the folder has no destination; its source gives a hint that finds nothing.
        if path.startswith(self._prefix):
            self.add(path.removeprefix(self._prefix), closed=isinstance(event, FileClosedEvent | FileMovedEvent))

    def add(self, raw: str, *, closed: bool) -> None:
        with self._lock:
            if len(self._closed) < _MOST_HINTS:
                self._closed[raw] = closed or self._closed.get(raw, False)
            else:
                self._overflowed = True
        self.woken.set()

    def overflow(self) -> None:
        """Events were lost."""
        with self._lock:
            self._overflowed = True
        self.woken.set()

    def drain(self) -> tuple[dict[str, bool], bool]:
        """All hints, and whether some were lost; both start afresh."""
        with self._lock:
            drained = self._closed, self._overflowed
            self._closed, self._overflowed = {}, False
        return drained


class LossListener(logging.Handler):
    """watchdog tells of lost events by a warning in its log, and nowhere else."""

    def __init__(self, hints: Hints) -> None:
        super().__init__(logging.WARNING)
        self._hints = hints

    def emit(self, record: logging.LogRecord) -> None:
        self._hints.overflow()

    def begin(self) -> None:
        # Copying a tree makes watchdog warn with its whole table each time: 7 MB for ten copies of 300 folders.
        warnings.filterwarnings("ignore", r"Callback with id", RuntimeWarning)
        log = logging.getLogger(_LOST_LOG)
        log.setLevel(logging.WARNING)
        log.addHandler(self)

    def end(self) -> None:
        logging.getLogger(_LOST_LOG).removeHandler(self)


class Events:
    """One running observer. `is_alive` sees what its own does not: an emitter or the inotify thread that died."""

    def __init__(self, folder: Path, hints: Hints) -> None:
        """Raises OSError when the kernel gives no watch."""
        root = str(folder.resolve())  # of a link itself nothing is ever told
        hints.listen_below(root)
        self._kernel = InotifyFD()
        self._observer = BaseObserver(InotifyFullEmitter, inotify_fd=self._kernel)
        self._kernel.start()
        try:
            self._observer.schedule(hints, root, recursive=True, event_filter=_EVENTS)
            self._observer.start()
        except BaseException:
            self.stop()
            raise

    def is_alive(self) -> bool:
        threads = (self._observer, self._kernel, *self._observer.emitters)
        return len(threads) > 2 and all(thread.is_alive() for thread in threads)

    def stop(self) -> None:
        for thread in (self._observer, self._kernel):
            thread.stop()
            if thread.ident is not None:
                thread.join()
