"""The far side of the sandbox: the server that forks children, and what a child does all its life.

Runs as a program of its own, with its control socket as standard input and an empty environment. It lives as long
as that socket's other end, so nothing outlives the daemon, however that ends.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from feedd.sandbox import frames
from feedd.sandbox.frames import HEAD_SIZE, Kind
from feedd.sandbox.limits import Limits, allow_cpu, confine

Work = Callable[[bytes], bytes]

_ANY_SIZE = sys.maxsize  # what comes from the daemon is trusted
_LONGEST_LINE, _LONGEST_TRACEBACK = 300, 20_000  # characters


def main() -> None:
    """Prepares, says so, and forks until the daemon is gone."""
    # Whoever interrupts the daemon leaves it the time to end us in order.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    with socket.socket(fileno=os.dup(0)) as control, contextlib.suppress(EOFError, OSError):
        _silence(0)
        try:
            work, limits = _prepare(control)
        except Exception as fault:
            frames.send(control, Kind.FAULT, _story(fault))
            return
        frames.send(control, Kind.DONE)
        _serve(control, work, limits)


def _prepare(control: socket.socket) -> tuple[Work, Limits]:
    """Imports the function and does the jobs that warm it up, so that all children share what that loads."""
    _, order = frames.receive(control, longest=_ANY_SIZE)
    words: dict[str, Any] = json.loads(order)
    module, _, name = words["work"].partition(":")
    work: Work = getattr(importlib.import_module(module), name)
    for _ in range(words["warm_up"]):
        work(frames.receive(control, longest=_ANY_SIZE)[1])
    gc.collect()
    gc.freeze()  # the collector touches what it counts, and a touched page is shared no more
    return work, Limits(**words["limits"])


def _serve(control: socket.socket, work: Work, limits: Limits) -> None:
    children: set[int] = set()
    try:
        for kind, body, channel in _orders(control):
            if kind is Kind.FORK and channel is not None:
                with channel:
                    child = _fork(control, channel, work, limits)
                children.add(child)
                frames.send(control, Kind.DONE, b"%d" % child)
            elif kind is Kind.END:
                children.remove(int(body))
                frames.send(control, Kind.DONE, b"%d" % _end(int(body)))
    finally:
        for child in children:
            _end(child)


def _orders(control: socket.socket) -> Iterator[tuple[Kind, bytes, socket.socket | None]]:
    """What the daemon wants, one after the other, until it is gone (EOFError)."""
    while True:
        head, fds, _, _ = socket.recv_fds(control, HEAD_SIZE, 1)
        if len(head) < HEAD_SIZE:
            raise EOFError("the daemon is gone")
        kind, body = frames.body_of(control, head, longest=_ANY_SIZE)
        yield kind, body, socket.socket(fileno=fds[0]) if fds else None


def _fork(control: socket.socket, channel: socket.socket, work: Work, limits: Limits) -> int:
    """The number of a new child that works at *channel*."""
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    try:
        control.close()
        _live(channel, work, limits, parent)
    finally:
        os._exit(1)


def _end(child: int) -> int:
    """Ends a child for good. Gives how it ended: a negative number is the signal."""
    os.kill(child, signal.SIGKILL)  # it is not waited for before, so the number is still its own
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


# ── A child ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _live(channel: socket.socket, work: Work, limits: Limits, parent: int) -> NoReturn:
    for number in (1, 2):
        _silence(number)  # C libraries talk to the terminal
    in_force, refused = confine(limits)
    if os.getppid() != parent:  # it ended before we could ask to end with it
        os._exit(0)
    frames.send(channel, Kind.LIMITS, json.dumps([in_force, refused]).encode())
    with contextlib.suppress(EOFError, OSError):
        while True:
            _, job = frames.receive(channel, longest=_ANY_SIZE)
            with contextlib.suppress(OSError, ValueError):
                allow_cpu(limits.cpu_s)
            frames.send(channel, *_answer(work, job, limits.answer))
    os._exit(0)


def _answer(work: Work, job: bytes, longest: int) -> tuple[Kind, bytes]:
    try:
        answer = work(job)
    except MemoryError:
        return Kind.NO_MEMORY, b""
    except BaseException as fault:  # also of a library that calls sys.exit
        return Kind.FAULT, _story(fault)
    return (Kind.ANSWER, answer) if len(answer) <= longest else (Kind.TOO_LONG, b"")


def _story(fault: BaseException) -> bytes:
    """What happened, in one line, and then the end of the traceback."""
    line = " ".join(f"{type(fault).__name__}: {fault}".split())[:_LONGEST_LINE]
    return f"{line}\n{traceback.format_exc()[-_LONGEST_TRACEBACK:]}".encode("utf-8", "backslashreplace")


def _silence(number: int) -> None:
    """Puts nothing in the place of a standard stream."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, number)
    os.close(nothing)
