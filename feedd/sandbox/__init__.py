"""Processes with limits, in which one function of ours works on bytes from outside: bytes in, bytes out.

    Sandbox ─ fork, end ─► server: imports the function once ─► children ◄─ job, answer ─► Sandbox

What reads a drop may hang, spin, eat memory or crash. Here that costs this one drop: its child is ended, another
takes the place, and the others go on. The server does no more than import the function and fork, so a new child costs
milliseconds and shares its memory with the others. It is a program of its own, because a fork of the daemon, which
has threads, may come up with a lock held for ever. And it is ours, because the standard library's pools cannot end a
job that hangs, lose every job when one crashes, and do not find a package in a checkout.

No outside data is pickled: frames of plain bytes go to and fro. Only the server waits for children, and only when
told; until then the kernel gives a child's number to nobody else, so that no stranger is ever ended by mistake.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Self, TypeVar

from feedd.errors import DropError, SandboxError
from feedd.sandbox.limits import Limits
from feedd.sandbox.processes import Child, Fault, Gone, Lost, Server

__all__ = ["Fault", "Limits", "Sandbox"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_WISH = "see whether the machine has memory left and lets feedd start processes"

PATIENCE_S = 1.0
"""What a job may take before those behind it overtake."""


AHEAD = 64
"""Jobs that are begun before the answers to those before them are asked for."""


class Sandbox:
    """Runs one function of bytes in processes with limits. May be used by many threads.

    *work* names the function, ``feedd.jobs:understood``. *warm_up* are harmless jobs that the server does
    once, so that all children share what they load. No process is started before `start` or the first job.
    """

    def __init__(
        self, work: str, *, warm_up: Sequence[bytes] = (), children: int = 2, limits: Limits | None = None
    ) -> None:
        self._work, self._warm_up, self._limits = work, tuple(warm_up), limits or Limits()
        self._server: Server | None = None
        self._starting = threading.Lock()
        self._closed = False
        self._places = [_Place(self._fork) for _ in range(children)]
        # The last one back is the first to go out again: where little is to do, one child does it.
        self._free: queue.LifoQueue[_Place] = queue.LifoQueue()
        for place in self._places:
            self._free.put(place)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Begins to get ready and returns at once; a job that comes before that waits. Raises `SandboxError`."""
        with self._starting:
            self._running()

    def run(self, job: bytes) -> bytes:
        """What the function makes of *job*. Waits for a free child and for its answer.

        Raises `DropError` with code ``resource-limit`` (memory, processor time, size of the answer),
        ``parse-timeout``, or ``parse-error`` (a crash, or an exception, which then is the cause: a `Fault`). When a
        child is lost, another tries the same job once more, since the trouble may have come from outside. Raises
        `SandboxError` when no process can be had, whatever the job is.
        """
        with self._place() as place:
            try:
                return place.child().run(job)
            except Lost:
                pass
            try:
                return place.child().run(job)
            except Lost as lost:
                raise lost.refusal from None

    def map(self, items: Iterable[Item], job: Callable[[Item], bytes]) -> Iterator[tuple[Item, bytes | DropError]]:
        """Each item with what the function makes of its job, in order, with all children at work.

        A refusal is a value, also one that `job` raises, which runs in threads. At most `AHEAD` items are taken
        before their turn, so that the children have work while the caller is busy with answers. One that takes longer
        than `PATIENCE_S` is overtaken, so that a drop that hangs stops no other.
        """

        def outcome(item: Item) -> bytes | DropError:
            try:
                return self.run(job(item))
            except DropError as refusal:
                return refusal

        waiting: dict[Future[bytes | DropError], Item] = {}  # in the order of the items
        late: set[Future[bytes | DropError]] = set()
        with ThreadPoolExecutor(len(self._places), "sandbox") as pool:
            try:
                for item in items:
                    waiting[pool.submit(outcome, item)] = item
                    if len(waiting) > AHEAD:
                        yield _next_settled(waiting, late)
                while waiting:
                    yield _next_settled(waiting, late)
            finally:
                for future in waiting:
                    future.cancel()

    def describe(self) -> str:
        """A sentence: the limits in force, and those that the kernel refused. Waits for a child, as `run` does."""
        with self._place() as place:
            child = place.child()
            refused = f"; the kernel refused: {', '.join(child.refused)}" if child.refused else ""
            return f"Drops are read in {len(self._places)} processes with limits: {', '.join(child.in_force)}{refused}."

    def close(self) -> None:
        """Ends server and children, at work or not, and waits until they are gone. May be called again."""
        self._closed = True
        server = self._server
        if server is not None:
            server.hang_up()  # whoever waits for it does so no longer
        with self._starting:
            self._drop_server()
        for place in [self._free.get() for _ in self._places]:
            place.clear()
            self._free.put(place)

    @contextlib.contextmanager
    def _place(self) -> Iterator[_Place]:
        """A place that nobody else uses meanwhile."""
        place = self._free.get()
        try:
            self._refuse_closed()
            yield place
        finally:
            self._free.put(place)

    def _fork(self) -> Child:
        """A new child; from a new server, if the old one is gone."""
        with self._starting:
            try:
                return self._running().fork()
            except Gone:
                self._drop_server()
            try:
                return self._running().fork()
            except Gone as why:
                self._drop_server()
                raise SandboxError(f"The process that reads drops does not start ({why.in_short}); {_WISH}.") from why

    def _running(self) -> Server:
        self._refuse_closed()
        if self._server is None:
            try:
                self._server = Server(self._work, self._warm_up, self._limits)
            except OSError as why:
                raise SandboxError(
                    f"The process that reads drops cannot be started ({why.strerror or why}); {_WISH}."
                ) from why
        return self._server

    def _refuse_closed(self) -> None:
        if self._closed:
            raise SandboxError("The processes that read drops are closed.")

    def _drop_server(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


class _Place:
    """A place for one child: who stands there may change, how many there are does not."""

    def __init__(self, fork: Callable[[], Child]) -> None:
        self._fork = fork
        self._child: Child | None = None

    def child(self) -> Child:
        """The child here, another one if it is lost or has done its share. Raises `SandboxError`."""
        if self._child is not None and self._child.is_spent:
            self.clear()
        if self._child is None:
            self._child = self._fork()
        return self._child

    def clear(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


def _next_settled(waiting: dict[Future[Result], Item], late: set[Future[Result]]) -> tuple[Item, Result]:
    """Takes the first that is done out of *waiting*; the very first, if it comes soon enough.

    One that did not is in *late* from then on, and the others need not wait for it again.
    """
    first = next(iter(waiting))
    if not first.done() and (first in late or not wait([first], PATIENCE_S).done):
        late.add(first)
        done = wait(waiting, return_when=FIRST_COMPLETED).done
        first = next(future for future in waiting if future in done)
    return waiting.pop(first), first.result()
