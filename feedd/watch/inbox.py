"""The candidates of the inbox: which files the ledger does not know, and which of them are settled."""

from __future__ import annotations

import heapq
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from feedd.visible import visible_name
from feedd.watch.audit import Audit, Quiet
from feedd.watch.gone import Gone
from feedd.watch.names import DEEPEST, is_wanted, is_wanted_path
from feedd.watch.taking import (
    AFTER_CLOSE_S,
    GONE,
    LARGEST_DROP,
    LONGEST_PAUSE_S,
    Drop,
    NotYet,
    Taken,
    has_digest_of,
    opened,
    recorded_size,
    records,
    signature,
    take,
)

_EMPTY_S = 10.0  # an empty file is nearly always one that somebody is about to fill
_NETWORK_S = 10.0  # other machines' writers are neither seen nor heard, and their clocks are coarse
_STEP = 500  # drops taken in one go, so that the loop comes round


@dataclass(frozen=True, slots=True)
class Waiting:
    """A drop (or folder) that is present and not taken. `lasting`: waiting longer does not help."""

    path: str
    sentence: str
    lasting: bool = False


@dataclass(slots=True)
class _Seen:
    """What one look at many files found."""

    new: int = 0  # candidates
    paths: set[str] = field(default_factory=set)  # as the ledger has them; only where files gone are counted
    quiet: list[Quiet] = field(default_factory=list)  # only on network disks


@dataclass(frozen=True, slots=True)
class _Given:
    """What was handed out, to be recorded."""

    path: str
    seen: str  # signature of the file
    recorded: str  # and as the ledger is to have it


class Inbox:
    """The candidates of one folder. Knows nothing of events or threads; its owner brings hints, rescans and time.

    `known` maps path → signature as the ledger has them. A drop stays a candidate until `known` has its signature:
    not in the ledger, it did not happen. What lies below *after*, a path below the root, is passed over, and what is
    recorded outside of it is gathered in `recorded` to be put there. With *count_gone*, `gone` tells what vanished.
    """

    def __init__(self, root: Path, *, settle_s: float, after: str | None = None, count_gone: bool = False) -> None:
        self.network = False  # whether the folder lies on a network disk
        self.recorded: dict[str, str] = {}  # raw path → signature in the ledger; only with `after`
        self._root, self._settle_s, self._after = root, settle_s, after
        self._prefix = f"{root}/"  # plain text: a Path made anew for each file doubles the rescan's time
        self._drops: dict[str, Drop] = {}
        self._given: dict[str, _Given] = {}  # raw path → what the last step gave
        self._shut: dict[str, str] = {}  # folders and files that cannot be looked at → why
        self._gone = Gone(root) if count_gone else None
        self._audit = Audit()

    def reconcile(self, known: Mapping[str, str], now_s: float) -> int:
        """Looks at every file of the folder; gives how many candidates are new."""
        self._shut.clear()
        for raw in [raw for raw in self._drops if self._status(raw) is None]:
            del self._drops[raw]
        seen = self._consider_below("", known, now_s)
        if self._gone:
            self._gone.look(known.keys(), seen.paths, now_s)
        refuted = [self._refute(raw, known, now_s) for raw in self._audit.turn(seen.quiet, now_s)]
        return seen.new + sum(refuted)

    def hint(self, raw: str, known: Mapping[str, str], now_s: float, *, closed: bool) -> None:
        """Looks at one path that an event named. `closed`: the event says that its bytes are complete."""
        status = self._status(raw) if is_wanted_path(raw) and not self._is_put_away(raw) else None
        if status and stat.S_ISDIR(status.st_mode):
            self._consider_below(raw, known, now_s)
        elif status and stat.S_ISREG(status.st_mode):
            self._consider(raw, status, known, now_s, closed=closed)

    def settled(self, known: Mapping[str, str], now_s: float) -> Iterator[Taken]:
        """Takes what is due, oldest mtime first so that a correction follows what it corrects.

        One drop that cannot be read never stops the others. What the caller does not record comes again later.
        """
        self.let_go(known)
        due = [drop for drop in self._drops.values() if drop.due_s <= now_s]
        for drop in heapq.nsmallest(_STEP, due, key=lambda each: (each.mtime_ns, each.raw)):
            taken = self._taken(drop, known, now_s)
            if taken:
                self._given[drop.raw] = _Given(taken.path, drop.signature, taken.signature)
                yield taken
                self._let_go_of(drop.raw, known)

    def let_go(self, known: Mapping[str, str]) -> None:
        """Ends the candidacy of drops that were given last and are recorded by now."""
        for raw in list(self._given):
            self._let_go_of(raw, known)
        self._given.clear()

    def next_s(self) -> float | None:
        """When the next candidate is due; None without candidates."""
        return min((drop.due_s for drop in self._drops.values()), default=None)

    def waiting(self) -> tuple[Waiting, ...]:
        """What is present and not in the ledger, by path, with the reason."""
        drops = [(visible_name(drop.raw), drop.reason, drop.lasting) for drop in list(self._drops.values())]
        shut = [(visible_name(raw), f"cannot be read ({why})", False) for raw, why in list(self._shut.items())]
        return tuple(
            Waiting(path or ".", f"{path or 'The folder'} {reason}.", lasting)
            for path, reason, lasting in sorted(drops + shut)
        )

    def gone(self, known: Mapping[str, str]) -> tuple[str, ...]:
        """Paths of `known` without a file in two full rescans in a row; none while the file may lie elsewhere.

        A candidate of the same size may be the very file under another name, and is taken first.
        """
        sizes = {drop.size for drop in self._drops.values()}
        paths = self._gone.paths() if self._gone else []
        return tuple(sorted(path for path in paths if path in known and recorded_size(known[path]) not in sizes))

    def start_afresh(self) -> None:
        """The folder may be another one now."""
        self.recorded.clear()
        if self._gone:
            self._gone.start_afresh()

    # ── Looking ──

    def _consider_below(self, raw: str, known: Mapping[str, str], now_s: float) -> _Seen:
        seen = _Seen()
        for path, status in self._files_below(raw):
            if self._consider(path, status, known, now_s, closed=False):
                seen.new += 1
            if self._gone:
                seen.paths.add(visible_name(path))
            if self.network and path not in self._drops:
                seen.quiet.append(Quiet(path, status.st_size, status.st_mtime_ns))
        return seen

    def _files_below(self, raw: str) -> Iterator[tuple[str, os.stat_result]]:
        """Every regular file with a wanted name; links are not followed, neither to files nor to folders."""
        folders = [raw]
        while folders:
            folder = folders.pop()
            for path in self._paths_in(folder):
                status = self._status(path)
                if status and stat.S_ISREG(status.st_mode):
                    yield path, status
                elif status and stat.S_ISDIR(status.st_mode) and path.count("/") < DEEPEST:
                    folders.append(path)

    def _paths_in(self, folder: str) -> list[str]:
        try:
            with os.scandir(self._prefix + folder) as entries:
                names = [entry.name for entry in entries]
            if self._gone and names:
                status = Path(self._prefix + folder).stat()
                self._gone.held(folder, (status.st_dev, status.st_ino))
        except OSError as error:
            self._note_shut(folder, error)
            return []
        paths = [f"{folder}/{name}" if folder else name for name in names if is_wanted(name)]
        return [path for path in paths if path != self._after]

    def _is_put_away(self, raw: str) -> bool:
        return self._after is not None and f"{raw}/".startswith(f"{self._after}/")

    def _status(self, raw: str) -> os.stat_result | None:
        try:
            return os.lstat(self._prefix + raw)
        except OSError as error:
            self._note_shut(raw, error)
            return None

    def _note_shut(self, raw: str, error: OSError) -> None:
        if error.errno not in GONE:
            self._shut[raw] = error.strerror or str(error)

    # ── Judging ──

    def _consider(
        self, raw: str, status: os.stat_result, known: Mapping[str, str], now_s: float, *, closed: bool
    ) -> bool:
        """Makes a file a candidate, or its time shorter or longer; says whether it is a new one."""
        seen, before = signature(status, network=self.network), self._drops.get(raw)
        if self._is_known(raw, seen, before, known):
            self._dismiss(raw, known)
            return False
        if before and before.signature == seen:
            if closed and not before.closed:
                due_s = min(before.due_s, now_s + self._quiet_s(status.st_size, closed=not before.restless))
                self._drops[raw] = replace(before, closed=True, due_s=due_s)
            return False
        restless = before is not None and (before.closed or before.restless)
        due_s = now_s + self._quiet_s(status.st_size, closed=closed and not restless)
        self._drops[raw] = Drop(
            raw, seen, status.st_size, status.st_mtime_ns, due_s, closed=closed, restless=restless
        )  # fmt: skip
        return before is None

    def _is_known(self, raw: str, seen: str, drop: Drop | None, known: Mapping[str, str]) -> bool:
        recorded = known.get(visible_name(raw))
        return records(recorded, seen, network=self.network) and (drop is None or drop.refuted != recorded)

    def _dismiss(self, raw: str, known: Mapping[str, str]) -> None:
        self._drops.pop(raw, None)
        self._given.pop(raw, None)
        if self._after is not None:
            self.recorded[raw] = known[visible_name(raw)]

    def _quiet_s(self, size: int, *, closed: bool) -> float:
        """How long a file must stay as it is."""
        settle_s = max(self._settle_s, _NETWORK_S) if self.network else self._settle_s
        settle_s = min(AFTER_CLOSE_S, settle_s) if closed else settle_s
        return settle_s if size else max(settle_s, _EMPTY_S)

    def _let_go_of(self, raw: str, known: Mapping[str, str]) -> None:
        drop, given = self._drops.get(raw), self._given[raw]
        if drop and drop.signature == given.seen and known.get(given.path) == given.recorded:
            self._dismiss(raw, known)

    def _refute(self, raw: str, known: Mapping[str, str], now_s: float) -> bool:
        """Makes a recorded file a candidate if its bytes are not those that were recorded; says whether."""
        recorded = known[visible_name(raw)]
        try:
            with os.fdopen(opened(self._root, raw), "rb") as file:
                status, data = os.fstat(file.fileno()), file.read(LARGEST_DROP + 1)
        except OSError:
            return False  # the next rescan sees what became of it
        if has_digest_of(recorded, data):
            return False
        seen, due_s = signature(status, network=True), now_s + self._quiet_s(status.st_size, closed=False)
        self._drops[raw] = Drop(raw, seen, status.st_size, status.st_mtime_ns, due_s, refuted=recorded)
        self._given.pop(raw, None)
        return True

    # ── Taking ──

    def _taken(self, drop: Drop, known: Mapping[str, str], now_s: float) -> Taken | None:
        status = self._status(drop.raw)
        if status is None or not stat.S_ISREG(status.st_mode):
            del self._drops[drop.raw]
            return None
        seen = signature(status, network=self.network)
        if seen != drop.signature or self._is_known(drop.raw, seen, drop, known):
            self._consider(drop.raw, status, known, now_s, closed=False)
            return None
        try:
            taken = take(self._root, drop, network=self.network)
        except NotYet as error:
            self._put_off(drop, now_s, error)
            return None
        except OSError as error:
            if error.errno in GONE:
                del self._drops[drop.raw]
            else:
                self._put_off(drop, now_s, NotYet(f"cannot be read ({error.strerror or error})"))
            return None
        self._put_off(drop, now_s, NotYet("was read and is not recorded yet"))
        return taken

    def _put_off(self, drop: Drop, now_s: float, why: NotYet) -> None:
        """Keeps a candidate for later: always, so that no failure anywhere can block or lose it."""
        pause_s = why.pause_s or min(2.0 ** min(drop.tries, 10), LONGEST_PAUSE_S)
        self._drops[drop.raw] = replace(
            drop, due_s=now_s + pause_s, tries=drop.tries + 1, reason=why.reason, lasting=why.lasting
        )
