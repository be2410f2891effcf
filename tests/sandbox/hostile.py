"""What a hostile document may make its reader do. Each job is a word of `DEEDS`, and what follows a blank."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import feedd


def hang(rest: str) -> str:
    time.sleep(600)
    return rest


def spin(rest: str) -> str:
    while True:
        pass


def spin_for(rest: str) -> str:
    end = time.process_time() + float(rest)
    while time.process_time() < end:
        pass
    return rest


def eat(rest: str) -> str:
    eaten = []
    while True:
        eaten.append(bytearray(16 << 20))


def recurse(rest: str) -> str:
    return recurse(rest)


def trip(rest: str) -> str:
    raise ValueError(rest)


def leave(rest: str) -> str:
    os._exit(int(rest))


def chatter(rest: str) -> str:
    os.write(1, rest.encode())
    os.write(2, rest.encode())
    return os.read(0, 100).decode()


def write(rest: str) -> str:
    with Path(rest).open("wb") as file:
        file.write(b"x" * 100_000)
    return rest


def remove(rest: str) -> str:
    Path(rest).unlink()
    return rest


def call(rest: str) -> str:
    socket.create_connection(("127.0.0.1", int(rest)), timeout=5).close()
    return "answered"


def open_many(rest: str) -> str:
    files = [os.open("/dev/null", os.O_RDONLY) for _ in range(int(rest))]
    return str(len(files))


DEEDS: dict[str, Callable[[str], str]] = {
    "hang": hang,
    "spin": spin,
    "spin_for": spin_for,
    "eat": eat,
    "recurse": recurse,
    "trip": trip,
    "leave": leave,
    "chatter": chatter,
    "write": write,
    "remove": remove,
    "call": call,
    "open": open_many,
    "abort": lambda rest: str(os.abort()),
    "exit": lambda rest: sys.exit(rest),
    "repeat": lambda rest: "x" * int(rest),
    "say": lambda rest: rest,
    "number": lambda rest: str(os.getpid()),
    "server": lambda rest: str(os.getppid()),
    "surroundings": lambda rest: repr(sorted(os.environ)),
    "signal": lambda rest: str(os.kill(os.getppid(), 0)),
    "run": lambda rest: os.execv(rest, [rest]),
    "home": lambda rest: str(Path(feedd.__file__).parent.parent),
}
said: list[str] = []


def work(job: bytes) -> bytes:
    deed, _, rest = job.decode().partition(" ")
    said.append(rest)
    if deed == "heard":
        return " ".join(said).encode()
    return DEEDS[deed](rest).encode()
