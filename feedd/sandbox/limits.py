"""The limits of a process that works on bytes from outside, each as far as the kernel allows it."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use. The longest of 12,000 real releases takes a tenth of a second and a few megabytes."""

    memory: int = 768 << 20  # bytes of address space
    cpu_s: int = 10  # of processor time, a job
    wall_s: float = 15  # from sending a job to the end of its answer
    answer: int = 64 << 20  # bytes
    files: int = 32  # open at the same time
    jobs: int = 200  # then another child takes the place, so that nothing piles up


# From <linux/prctl.h>, <linux/sched.h>, <linux/landlock.h>, and the system calls of every architecture since 2019.
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_ALL_BUT_READING = (1 << 13) - 1 & ~_READ_FILE & ~_READ_DIR  # run, write, make, remove: its first version's rights
_TCP = 0b11  # bind and connect
_SIGNALS = 1 << 1


def confine(limits: Limits) -> tuple[list[str], list[str]]:
    """Puts this process under *limits*, for ever. Gives those in force, and those that the kernel refused, as words.

    A hardened service may forbid some; the others are in force all the same, and the time-out needs no kernel.
    """
    wishes: tuple[tuple[str, Callable[[], None]], ...] = (
        ("no process of its own", _start_no_process),
        ("no network", _leave_network),
        ("no new rights", lambda: _prctl(_PR_SET_NO_NEW_PRIVS, 1)),
        ("no file made, changed or run", lambda: _forbid(files=_ALL_BUT_READING)),
        ("no TCP", lambda: _forbid(network=_TCP)),
        ("no signal to others", lambda: _forbid(scope=_SIGNALS)),
        ("an end with the daemon", lambda: _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)),
        (f"{limits.memory >> 20} MiB of memory", lambda: _at_most(resource.RLIMIT_AS, limits.memory)),
        (f"{limits.cpu_s} s of processor time for each drop", lambda: allow_cpu(limits.cpu_s)),
        (f"{limits.files} open files", lambda: _at_most(resource.RLIMIT_NOFILE, limits.files)),
        ("no byte written to a file", lambda: _at_most(resource.RLIMIT_FSIZE, 0)),
        ("no core file", lambda: _at_most(resource.RLIMIT_CORE, 0)),
    )
    in_force: list[str] = []
    refused: list[str] = []
    for words, wish in wishes:
        (in_force if _granted(wish) else refused).append(words)
    return [*in_force, f"{limits.wall_s:g} s in all"], refused


def allow_cpu(seconds: int) -> None:
    """From now on this process may use *seconds* more of processor time; then the kernel ends it by SIGXCPU."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + seconds, hard))


def _granted(wish: Callable[[], None]) -> bool:
    try:
        wish()
    except (OSError, ValueError, AttributeError):  # refused, out of range, unknown to this C library
        return False
    return True


def _at_most(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    least = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (least, least))


def _start_no_process() -> None:
    if os.getuid() == 0:
        raise PermissionError("the kernel does not count the processes of root")
    _at_most(resource.RLIMIT_NPROC, 0)


def _leave_network() -> None:
    """Into a network of its own with nothing in it; as another user inside, which also takes root's rights away."""
    try:
        _libc("unshare", _CLONE_NEWUSER | _CLONE_NEWNET)
    except OSError:
        _libc("unshare", _CLONE_NEWNET)


def _prctl(option: int, value: int) -> None:
    _libc("prctl", option, value, 0, 0, 0)


def _forbid(*, files: int = 0, network: int = 0, scope: int = 0) -> None:
    """Forbids these rights everywhere, by Landlock, which also stands where a service may have no namespaces.

    Files since Linux 5.13, network since 6.7, scope since 6.12. An older kernel takes zeros for what it does not know.
    """
    rights = struct.pack("QQQ", files, network, scope)
    ruleset = _libc("syscall", _LANDLOCK_CREATE_RULESET, rights, len(rights), 0)
    try:
        _libc("syscall", _LANDLOCK_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _libc(name: str, *arguments: int | bytes) -> int:
    """Calls the C library. Raises OSError when it gives a negative number."""
    call = getattr(ctypes.CDLL(None, use_errno=True), name)
    call.restype = ctypes.c_long
    result: int = call(*(ctypes.c_ulong(each) if isinstance(each, int) else each for each in arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), name)
    return result
