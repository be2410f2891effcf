"""The server and its children as the daemon holds them: sockets, numbers, and how each of them ended."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from feedd.errors import DropError
from feedd.sandbox import frames
from feedd.sandbox.frames import Kind
from feedd.sandbox.limits import Limits

_PATIENCE_S = 60  # for the server's own answers: it may have to import everything from a slow disk first
_LONGEST_WORD = 1 << 20  # bytes of an answer from the server

# Python puts the working folder first (-P leaves it out), and does not know a checkout. So the server is told from
# where to import as arguments, which keep any letters whatever the locale is. Its environment is empty, because
# others may hold passwords there.
_BOOT = "import sys; sys.path[:] = sys.argv[1:]; from feedd.sandbox.server import main; main()"

_SIMPLER = "Drop the text of the release in a simpler file."
_REPORT = "Nothing is wrong with dropping it again after an update; please report it."

# Most that crash under a limit of memory do so because an allocation failed: C libraries abort then, or trap; and
# SIGKILL comes from the kernel when the whole machine has no memory left.
_OUT_OF_MEMORY = {signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGKILL}


class Fault(Exception):
    """An exception inside a child; its message is the traceback there. The cause of a refusal as ``parse-error``."""


class Lost(Exception):
    """A child is gone in the middle of a job; `refusal` is what to say when the next one goes as well."""

    def __init__(self, refusal: DropError) -> None:
        self.refusal = refusal
        super().__init__(refusal.reason)


class Gone(Exception):
    """The server is gone, or never came up. The message says why, its first line in short."""

    @property
    def in_short(self) -> str:
        return str(self).partition("\n")[0]


class Server:
    """The process that forks children. Starts at once and gets ready by itself; the first `fork` waits for that."""

    def __init__(self, work: str, warm_up: Sequence[bytes], limits: Limits) -> None:
        self._limits = limits
        self._asking = threading.Lock()
        self._ready = False
        self._control, theirs = socket.socketpair()
        try:
            with theirs:
                self._process = _boot(theirs)
        except OSError:
            self._control.close()
            raise
        self._control.settimeout(_PATIENCE_S)
        order = {"work": work, "warm_up": len(warm_up), "limits": asdict(limits)}
        with contextlib.suppress(OSError):  # whoever asks it first hears why it is gone
            frames.send(self._control, Kind.PREPARE, json.dumps(order).encode())
            for job in warm_up:
                frames.send(self._control, Kind.WARM_UP, job)

    def fork(self) -> Child:
        """A new child. Raises `Gone`."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                number = self._ask(Kind.FORK, fd=theirs.fileno())
            return Child(ours, number, self.end, self._limits)
        except (Gone, EOFError, OSError) as error:
            ours.close()
            raise Gone(str(error)) from error

    def end(self, number: int) -> int | None:
        """Ends a child; gives its exit code, a signal as a negative number. None when the server is gone."""
        try:
            return self._ask(Kind.END, b"%d" % number)
        except Gone:
            return None

    def hang_up(self) -> None:
        """Tells the server to end, and whoever waits for it that it is gone. For any thread."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Ends the server and with it all children, and waits for it."""
        self.hang_up()
        with self._asking:
            self._control.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()  # its children asked the kernel to end with it
            self._process.wait()

    def _ask(self, kind: Kind, body: bytes = b"", *, fd: int | None = None) -> int:
        """The number that the server answers with."""
        with self._asking:
            until = time.monotonic() + _PATIENCE_S
            try:
                if not self._ready:
                    self._word(until)
                    self._ready = True
                frames.wait_no_longer(self._control, until)
                frames.send(self._control, kind, body, fd=fd)
                return int(self._word(until))
            except (EOFError, OSError) as error:
                raise Gone(str(error) or "it does not answer") from error

    def _word(self, until: float) -> bytes:
        kind, word = frames.receive(self._control, longest=_LONGEST_WORD, until=until)
        if kind is Kind.FAULT:
            raise Gone(word.decode())
        return word


class Child:
    """One process under limits. Not for several threads at once."""

    def __init__(self, channel: socket.socket, number: int, end: Callable[[int], int | None], limits: Limits) -> None:
        self._channel, self._number, self._end, self._limits = channel, number, end, limits
        self._jobs = 0
        self._ended = False
        until = time.monotonic() + _PATIENCE_S
        self.in_force, self.refused = json.loads(frames.receive(channel, longest=_LONGEST_WORD, until=until)[1])

    @property
    def is_spent(self) -> bool:
        """It is ended, or has done its share."""
        return self._ended or self._jobs >= self._limits.jobs

    def run(self, job: bytes) -> bytes:
        """What the function makes of *job*. Raises `DropError`, or `Lost`; then the child is ended."""
        self._jobs += 1
        until = time.monotonic() + self._limits.wall_s
        try:
            frames.wait_no_longer(self._channel, until)
            frames.send(self._channel, Kind.JOB, job)
            kind, answer = frames.receive(self._channel, longest=self._limits.answer, until=until)
        except TimeoutError:
            self.end()
            raise Lost(_too_slow(self._limits)) from None
        except (EOFError, OSError):
            raise Lost(_crashed(self.end(), self._limits)) from None
        if kind is Kind.NO_MEMORY:
            self.end()
            raise Lost(_too_much(self._limits))
        if kind is not Kind.ANSWER:
            raise _refusal(kind, answer, self._limits)
        return answer

    def end(self) -> int | None:
        """Ends the process; gives its exit code, a signal as a negative number, or None where nobody knows."""
        self._channel.close()
        code = None if self._ended else self._end(self._number)
        self._ended = True
        return code


def _boot(control: socket.socket) -> subprocess.Popen[bytes]:
    places = [str(Path(place).absolute()) for place in sys.path]
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-P", "-c", _BOOT, *places],
        stdin=control.fileno(),
        stdout=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,  # Ctrl-C in the daemon's terminal is for the daemon
    )


# ── What is said of a job that did not end well ───────────────────────────────────────────────────────────────


def _too_slow(limits: Limits) -> DropError:
    return DropError("parse-timeout", f"Reading it takes longer than {limits.wall_s:g} seconds.", _SIMPLER)


def _too_much(limits: Limits) -> DropError:
    return DropError("resource-limit", f"Reading it needs more than {limits.memory >> 20} MiB of memory.", _SIMPLER)


def _crashed(code: int | None, limits: Limits) -> DropError:
    if code == -signal.SIGXCPU:
        spent = f"Reading it takes more than {limits.cpu_s} seconds of processor time."
        return DropError("resource-limit", spent, _SIMPLER)
    if code is not None and -code in _OUT_OF_MEMORY:
        return DropError("resource-limit", f"Reading it was ended ({_name(code)}), most likely for memory.", _SIMPLER)
    return DropError("parse-error", f"It makes what reads it crash ({_name(code)}).", _REPORT)


def _refusal(kind: Kind, answer: bytes, limits: Limits) -> DropError:
    if kind is Kind.TOO_LONG:
        return DropError("resource-limit", f"It gives more than {limits.answer >> 20} MiB of text.", _SIMPLER)
    line, _, story = answer.decode("utf-8", "replace").partition("\n")
    refusal = DropError("parse-error", f"feedd itself failed on this file ({line}).", _REPORT)
    refusal.__cause__ = Fault(story)
    return refusal


def _name(code: int | None) -> str:
    """How a process ended, for people."""
    if code is None:
        return "nobody knows how"
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
