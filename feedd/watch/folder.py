"""Watch: hints, rescans and the health of the folder, joined into what the daemon's loop asks for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Literal

from feedd.errors import WatchError
from feedd.visible import visible_name
from feedd.watch import canary
from feedd.watch.away import make_place, put_away
from feedd.watch.canary import Canary
from feedd.watch.disks import is_network_disk
from feedd.watch.hints import Events, Hints, LossListener
from feedd.watch.inbox import Inbox, Waiting
from feedd.watch.taking import Taken

Mode = Literal["auto", "events", "poll"]

_GATHER_S = 0.02  # lets a burst of hints gather before the loop wakes
_POLL_S = 10.0  # the longest rescan interval where there are no events
_CHECK_S = 5.0  # the longest time until folder and watch are looked after
_RESCAN_GAP_S = 1.0  # between rescans that events ask for
_MISSES = 3  # rescans in a row with a find that no event spoke of
_PUT_AWAY = 500  # files moved in one go


class Watch:
    """The watched folder as the daemon's loop sees it.

        with Watch(folder, settle_s=2, rescan_s=60) as watch:
            while running:
                for taken in watch.settled(known, now_s()):
                    ingest(taken)          # and known[taken.path] = taken.signature
                watch.put_away(known)      # where `after` is set
                watch.vanished(known)      # where `count_gone` is set
                watch.wait(watch.due_in_s(now_s()))

    `known` is a mapping path → signature from the ledger, looked up by path and never copied; it is best kept in
    memory and updated after each commit. *after* is a path below the folder where recorded files are put away, *sing*
    touches a canary, *count_gone* counts files that are gone. All calls come from one thread, except `poke` and
    `waiting`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        mode: Mode = "auto",
        settle_s: float = 2.0,
        rescan_s: float = 60.0,
        after: str | None = None,
        sing: bool = False,
        count_gone: bool = False,
    ) -> None:
        self.folder = folder.absolute()
        self._mode, self._rescan_s, self._after = mode, rescan_s, after
        # Where files are put away, one that is gone says nothing: they leave by themselves.
        self._inbox = Inbox(self.folder, settle_s=settle_s, after=after, count_gone=count_gone and after is None)
        self._hints = Hints()
        self._listener = LossListener(self._hints)
        self._canary = Canary(self.folder, every_s=rescan_s) if sing else None
        self._events: Events | None = None
        self._has_events = mode != "poll"
        self._identity: tuple[int, int] | None = None
        self._troubles: dict[str, str] = {}  # what it is about → sentence
        self._poked = Event()  # rescan at once
        self._asked = False  # rescan soon: hints were lost
        self._rescanned_s = float("-inf")
        self._missed = 0

    @property
    def mode(self) -> Literal["events", "poll"]:
        """How drops are found now."""
        return "events" if self._events else "poll"

    @property
    def trouble(self) -> str | None:
        """What is wrong with the folder at this moment: sentences for the operator."""
        return " ".join(self._troubles.values()) or None

    def start(self) -> None:
        """Begins to listen. Raises `WatchError` when the folder cannot be read; later losses are waited out."""
        self._listener.begin()
        self._look_after()
        if self._identity is None:
            self.stop()
            raise WatchError(self.trouble or f"{self.folder} cannot be watched.")

    def stop(self) -> None:
        self._listener.end()
        self._unwatch()
        if self._canary:
            self._canary.leave()

    def __enter__(self) -> Watch:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def poke(self) -> None:
        """Asks for a rescan at once and wakes `wait`. From any thread."""
        self._poked.set()
        self._hints.woken.set()

    def wait(self, timeout_s: float) -> None:
        """Returns when there is a hint, after `poke`, or when the time is over."""
        if self._hints.woken.wait(timeout_s):
            self._poked.wait(_GATHER_S)
        self._hints.woken.clear()

    def settled(self, known: Mapping[str, str], now_s: float) -> Iterator[Taken]:
        """The drops that are complete now and not in `known`, 500 at most; the rest is due at once after."""
        self._look_after()
        hints, lost = self._hints.drain()
        self._asked |= lost
        self._listen_to_canary(now_s, heard=lost or hints.pop(canary.NAME, None) is not None)
        self._missed = 0 if hints else self._missed
        if self._wants_rescan(now_s):
            self._rescan(known, now_s)
        for raw, closed in hints.items():
            self._inbox.hint(raw, known, now_s, closed=closed)
        return self._inbox.settled(known, now_s)

    def due_in_s(self, now_s: float) -> float:
        """How long the loop may wait before it must call `settled` again."""
        if self._inbox.recorded:
            return _GATHER_S
        asked_s = self._rescanned_s + (_RESCAN_GAP_S if self._asked else self._interval_s)
        times = (asked_s, self._inbox.next_s() or float("inf"), now_s + _CHECK_S)
        return max(0.0, min(times) - now_s)

    def waiting(self, known: Mapping[str, str] | None = None) -> tuple[Waiting, ...]:
        """What is present and not in the ledger. Drops that nobody looked at yet are not in it.

        With *known*, and then from the one thread only, what was recorded since `settled` gave it is not in it either.
        """
        if known is not None:
            self._inbox.let_go(known)
        return self._inbox.waiting()

    def put_away(self, known: Mapping[str, str]) -> int:
        """Moves files that `known` has into the folder *after*, 500 at most; gives how many.

        Whatever was recorded is moved sooner or later, also what a crash left behind. What cannot be moved stays
        where it is, is told as `trouble`, and is tried again after the next rescan.
        """
        if self._after is None:
            return 0
        self._inbox.let_go(known)
        batch = list(islice(self._inbox.recorded.items(), _PUT_AWAY))
        new = {place for place in {_place_of(raw) for raw, _recorded in batch} if self._makes(place, self._after)}
        ready = [(raw, recorded) for raw, recorded in batch if _place_of(raw) not in new]
        return sum(self._put_one_away(raw, recorded, self._after) for raw, recorded in ready)

    def vanished(self, known: Mapping[str, str]) -> tuple[str, ...]:
        """Paths of `known` whose file is gone: in two full rescans in a row, ten seconds apart or more.

        Never because the folder, a disk below it, or a permission was lost, nor where files are put away. A file
        that was moved is among them, when what lies at its new place has been taken. A path is given again until it
        is out of `known`.
        """
        return self._inbox.gone(known)

    # ── Rescans ──

    @property
    def _interval_s(self) -> float:
        return self._rescan_s if self._events else min(self._rescan_s, _POLL_S)

    def _wants_rescan(self, now_s: float) -> bool:
        gap_s = 0.0 if self._poked.is_set() else _RESCAN_GAP_S if self._asked else self._interval_s
        return now_s >= self._rescanned_s + gap_s

    def _rescan(self, known: Mapping[str, str], now_s: float) -> None:
        routine = self._rescanned_s > float("-inf") and not (self._asked or self._poked.is_set())
        self._poked.clear()
        self._asked, self._rescanned_s = False, now_s
        self._troubles.pop("after", None)
        found = self._inbox.reconcile(known, now_s)
        if self._current_identity() != self._identity:
            self._inbox.start_afresh()  # what was not seen may be there in the folder that was meant
        if routine and found and self._events and self._mode == "auto":
            self._count_miss()

    def _count_miss(self) -> None:
        """Some mounts accept a watch and never tell anything: then rescans find what no event spoke of."""
        self._missed += 1
        if self._missed >= _MISSES:
            self._do_without_events("nothing was told of the last ones")

    def _listen_to_canary(self, now_s: float, *, heard: bool) -> None:
        if not self._canary or not self._events:
            return
        if heard:
            self._canary.heard()
        try:
            self._canary.sing(now_s)
        except OSError as error:
            reason = error.strerror or str(error)
            self._troubles["canary"] = f"{self.folder / canary.NAME} cannot be touched ({reason})."
        else:
            self._troubles.pop("canary", None)
        if self._canary.is_silent:
            self._do_without_events(f"nothing was told of {canary.NAME}")

    def _do_without_events(self, why: str) -> None:
        self._unwatch()
        self._has_events = False
        self._asked = True
        self._tell_of_polling(why)

    def _tell_of_polling(self, why: str) -> None:
        self._troubles["events"] = (
            f"The system does not tell of new files in {self.folder} ({why}); "
            f"feedd looks there every {self._interval_s:g} s instead."
        )

    # ── Looking after the folder ──

    def _look_after(self) -> None:
        """Notices a folder that was lost or swapped and a watch that died, and begins afresh."""
        identity = self._current_identity()
        is_well = not self._has_events or (self._events is not None and self._events.is_alive())
        if identity == self._identity and is_well:
            return
        if self._events or (self._identity is not None and identity != self._identity):
            self._inbox.start_afresh()
        self._unwatch()
        self._asked |= identity is not None and identity != self._identity
        self._identity = identity
        if identity is not None:
            self._watch_again()

    def _current_identity(self) -> tuple[int, int] | None:
        try:
            status = self.folder.stat()
            os.scandir(self.folder).close()
        except OSError as error:
            self._troubles["folder"] = (
                f"{self.folder} cannot be read ({error.strerror}); make it a folder that feedd may read."
            )
            return None
        return status.st_dev, status.st_ino

    def _watch_again(self) -> None:
        """The watch starts before the rescan, so what appears in between is seen by one of them."""
        self._troubles.clear()
        self._missed = 0
        self._inbox.network = is_network_disk(self.folder)
        self._has_events = self._mode == "events" or (self._mode == "auto" and not self._inbox.network)
        if not self._has_events:
            return
        if self._canary:
            self._canary.rest()
        try:
            self._events = Events(self.folder, self._hints)
            self._asked = True
        except OSError as error:
            self._has_events = self._mode == "events"
            self._tell_of_polling(error.strerror or str(error))

    def _unwatch(self) -> None:
        if self._events:
            self._events.stop()
            self._events = None

    def _makes(self, place: str, after: str) -> bool:
        """Whether a folder had to be made and files should wait until it is watched: else a move has no second half."""
        try:
            return make_place(self.folder, place, after) and self._events is not None
        except OSError:
            return False  # moving says why

    def _put_one_away(self, raw: str, recorded: str, after: str) -> bool:
        del self._inbox.recorded[raw]
        try:
            return put_away(self.folder, raw, recorded, after, network=self._inbox.network)
        except OSError as error:
            self._troubles["after"] = (
                f"{visible_name(raw)} cannot be put into {self.folder / after} ({error.strerror or error}); "
                "make that a folder that feedd may write."
            )
            return False


def _place_of(raw: str) -> str:
    return raw.rpartition("/")[0]
