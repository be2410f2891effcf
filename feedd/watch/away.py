"""Putting a recorded file away into a folder below the inbox: never over another file, never an unrecorded one.

Inside the watched tree, because a move out of it has no second half for the kernel to tell, and watchdog holds all
later events back for half a second while it waits for one.
"""

from __future__ import annotations

import os
import stat
from contextlib import ExitStack
from itertools import count
from pathlib import Path, PurePosixPath

from feedd.watch.taking import GONE, TO_READ, is_being_written, opened_folder, records, signature

_LONGEST_NAME = 255  # bytes
_LONGEST_ENDING = 20  # characters; what is longer is no file type
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


def make_place(root: Path, place: str, folder: str) -> bool:
    """Makes the folder for files of *place*; False when it is there already. Raises OSError."""
    try:
        os.close(opened_folder(root, f"{folder}/{place}"))
    except FileNotFoundError:
        os.close(opened_folder(root, f"{folder}/{place}", make=True))
        return True
    return False


def put_away(root: Path, raw: str, recorded: str, folder: str, *, network: bool) -> bool:
    """Moves one file to the same place below *folder*; False when it is no more the file that was recorded.

    A name that is taken there gets a number. Raises OSError, and then the file is where it was.
    """
    place, _, name = raw.rpartition("/")
    with ExitStack() as stack:
        source = opened_folder(root, place)
        stack.callback(os.close, source)
        try:
            file = os.open(name, TO_READ, dir_fd=source)
        except OSError as error:
            if error.errno in GONE:
                return False
            raise
        stack.callback(os.close, file)
        if not _is_recorded(file, recorded, network=network):
            return False
        goal = opened_folder(root, f"{folder}/{place}", make=True)
        stack.callback(os.close, goal)
        return _move(file, source, name, goal)


def _is_recorded(file: int, recorded: str, *, network: bool) -> bool:
    status = os.fstat(file)
    is_same = stat.S_ISREG(status.st_mode) and records(recorded, signature(status, network=network), network=network)
    return is_same and not is_being_written(file)


def _move(file: int, source: int, name: str, goal: int) -> bool:
    before = os.fstat(file)
    new = _reserved(goal, name)
    try:
        os.rename(name, new, src_dir_fd=source, dst_dir_fd=goal)
    except OSError:
        os.unlink(new, dir_fd=goal)
        raise
    moved = os.stat(new, dir_fd=goal, follow_symlinks=False)
    if _bytes_of(moved) == _bytes_of(before) == _bytes_of(os.fstat(file)) and not is_being_written(file):
        return True
    # Somebody saved it anew between the last look and the move: that is a drop, and drops lie in the inbox.
    os.rename(new, _reserved(source, name), src_dir_fd=goal, dst_dir_fd=source)
    return False


def _bytes_of(status: os.stat_result) -> tuple[int, int, int]:
    """What a move leaves as it is, and writing or another file under the name does not."""
    return status.st_ino, status.st_size, status.st_mtime_ns


def _reserved(at: int, name: str) -> str:
    """A name that is free in the folder *at*, held by an empty file of ours: a move replaces without asking."""
    for number in count(1):
        new = _numbered(name, number)
        try:
            os.close(os.open(new, _NEW, 0o600, dir_fd=at))
        except FileExistsError:
            continue
        return new
    raise AssertionError("counting has no end")


def _numbered(name: str, number: int) -> str:
    """``results (2).txt``, no longer than a name may be."""
    if number == 1:
        return name
    ending = PurePosixPath(name).suffix
    ending = ending if len(ending) <= _LONGEST_ENDING else ""
    tail = os.fsencode(f" ({number}){ending}")
    stem = os.fsencode(name.removesuffix(ending))[: _LONGEST_NAME - len(tail)]
    return os.fsdecode(stem + tail)
