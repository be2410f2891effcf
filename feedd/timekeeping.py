"""Whether the clock may be believed about embargoes: what was last seen of it stands in the store, across restarts."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable

from feedd import jumps
from feedd.jumps import Jump, Tick
from feedd.store import Store, ledger

_SEEN = "clock:seen"
NOTED_EVERY = dt.timedelta(seconds=5)


class Timekeeper:
    """Compares the clocks at every `look`. *tick* reads them."""

    def __init__(self, store: Store, tick: Callable[[], Tick]) -> None:
        self._store, self._tick = store, tick
        self._looking = threading.Lock()
        self._last: Tick | None = None
        self._noted: Tick | None = None
        self.jump: Jump | None = None

    def look(self) -> Jump | None:
        """The leap of the clock that nobody has confirmed, None when all is well. From any thread."""
        with self._looking:
            return self._compared()

    def _compared(self) -> Jump | None:
        if self._last is None:
            self._last, self.jump = self._remembered()
        now = self._tick()
        jump = jumps.standing(self.jump, self._last, now)
        has_news = jump != self.jump or self._noted is None or abs(now.wall - self._noted.wall) >= NOTED_EVERY
        self._last, self.jump = now, jump
        if has_news:
            self._note(now)
        return jump

    def is_shut(self, instant: dt.datetime) -> bool:
        """Whether an embargo's end lies where the clock leapt."""
        return self.jump is not None and self.jump.covers(instant)

    def _note(self, now: Tick) -> None:
        jump = [self.jump.start.isoformat(), self.jump.end.isoformat()] if self.jump else None
        words = json.dumps([now.wall.isoformat(), now.boot_s, now.boot_id, jump])
        with self._store.begin() as conn:
            ledger.restate(conn, _SEEN, "the clocks as last seen", now.wall, words)
        self._noted = now

    def _remembered(self) -> tuple[Tick | None, Jump | None]:
        with self._store.read() as conn:
            words = ledger.note(conn, _SEEN)
        if words is None:
            return None, None
        wall, boot_s, boot_id, jump = json.loads(words)
        time = dt.datetime.fromisoformat
        return Tick(time(wall), boot_s, boot_id, False), Jump(time(jump[0]), time(jump[1])) if jump else None
