"""What goes through the sandbox's sockets: frames of a kind, a length and plain bytes."""

from __future__ import annotations

import socket
import struct
import time
from enum import Enum

_HEAD = struct.Struct("!cQ")  # kind, length of what follows
HEAD_SIZE = _HEAD.size


class Kind(Enum):
    """What a frame is."""

    PREPARE = b"p"  # to the server: what to import, as JSON
    WARM_UP = b"w"  # to the server: a harmless job, done once
    FORK = b"f"  # to the server: a child at the socket that comes with it
    END = b"e"  # to the server: end the child with this number and let go of it
    DONE = b"d"  # from the server: it is done; a number or nothing
    LIMITS = b"l"  # from a new child: the limits in force, and those that the kernel refused, as JSON
    JOB = b"j"  # to a child
    ANSWER = b"a"  # from a child: what the function made
    FAULT = b"x"  # from a child or the server: an exception, as its traceback
    TOO_LONG = b"o"  # from a child: the answer is longer than allowed
    NO_MEMORY = b"m"  # from a child: the limit of memory was met


def send(sock: socket.socket, kind: Kind, body: bytes = b"", *, fd: int | None = None) -> None:
    """Sends one frame, with a descriptor if *fd* is given. Raises OSError, TimeoutError by the socket's time-out."""
    head = _HEAD.pack(kind.value, len(body))
    if fd is not None:
        socket.send_fds(sock, [head], [fd])
    else:
        sock.sendall(head)
    sock.sendall(body)


def receive(sock: socket.socket, *, longest: int, until: float | None = None) -> tuple[Kind, bytes]:
    """The next frame. Raises EOFError at the end, TimeoutError at *until* (monotonic), OSError.

    A body of more than *longest* bytes, or an unknown kind, is an EOFError too: nobody can talk with such a peer.
    """
    return body_of(sock, _exactly(sock, HEAD_SIZE, until), longest=longest, until=until)


def body_of(sock: socket.socket, head: bytes, *, longest: int, until: float | None = None) -> tuple[Kind, bytes]:
    """As `receive`, for a frame whose head was received already."""
    letter, length = _HEAD.unpack(head)
    if length > longest or letter not in {kind.value for kind in Kind}:
        raise EOFError(f"a frame of kind {letter!r} with {length} bytes is none of ours")
    return Kind(letter), _exactly(sock, length, until)


def wait_no_longer(sock: socket.socket, until: float | None) -> None:
    """The socket's next call ends at *until*. Raises TimeoutError if that has passed."""
    if until is None:
        sock.settimeout(None)
        return
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    sock.settimeout(left)


def _exactly(sock: socket.socket, size: int, until: float | None) -> bytes:
    data = bytearray(size)
    rest = memoryview(data)
    while rest:
        wait_no_longer(sock, until)
        count = sock.recv_into(rest)
        if not count:
            raise EOFError("the other side is gone")
        rest = rest[count:]
    return bytes(data)
