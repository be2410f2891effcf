"""Bursts: more files at once than the kernel's queue, or ours, has room for. None is missing, none comes twice."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from watched import drop, watching

from feedd.watch import Inbox

MANY = 20_000


def test_two_thousand_files_of_which_nobody_told_are_found_by_the_next_rescan(folder: Path) -> None:
    with watching(folder, settle_s=0.2) as world:
        world.watch._hints.dispatch = lambda event: None  # type: ignore[method-assign]
        names = [drop(folder, f"{number % 20}/{number}.txt").relative_to(folder).as_posix() for number in range(2000)]
        logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; events were lost")
        world.run_until(lambda: len(world.taken) >= 2000)
        assert sorted(world.paths) == sorted(names)


def test_two_thousand_files_of_which_everybody_told_come_once(folder: Path) -> None:
    with watching(folder, settle_s=0.2) as world:
        names = [drop(folder, f"{number}.txt").name for number in range(2000)]
        world.run_until(lambda: len(world.taken) >= 2000)
        world.tick()
        assert sorted(world.paths) == sorted(names)


def test_a_rescan_looks_at_each_file_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(300):
        drop(folder, f"{number % 3}/{number}.txt")
    first, second = Inbox(folder, settle_s=0), Inbox(folder, settle_s=0)
    first.reconcile({}, 0.0)
    known = {taken.path: taken.signature for taken in first.settled({}, 0.0)}
    looked: list[str] = []
    really = os.lstat

    def lstat(path: str) -> os.stat_result:
        looked.append(path)
        return really(path)

    monkeypatch.setattr(os, "lstat", lstat)
    assert second.reconcile(known, 1.0) == 0
    assert len(looked) == len(set(looked)) == 300 + 3


WATCHER = """
import sys, time
from pathlib import Path
from feedd.watch import Watch

known = {}
with Watch(Path(sys.argv[1]), rescan_s=5) as watch:
    while True:
        for taken in watch.settled(known, time.monotonic()):
            known[taken.path] = taken.signature
            print(taken.path)
        print("tick", flush=True)
        watch.wait(watch.due_in_s(time.monotonic()))
"""


@pytest.mark.long
def test_twenty_thousand_files_dropped_while_the_watch_was_frozen_are_all_found(folder: Path) -> None:
    command = [sys.executable, "-c", WATCHER, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as watcher:
        try:
            assert watcher.stdout and watcher.stdout.readline() == "tick\n"
            watcher.send_signal(signal.SIGSTOP)
            for number in range(MANY):
                drop(folder, f"{number % 50}/{number}.txt", f"Northfield opens mine {number}")
            watcher.send_signal(signal.SIGCONT)
            taken: list[str] = []
            deadline_s = time.monotonic() + 100
            while len(taken) < MANY and time.monotonic() < deadline_s:
                line = watcher.stdout.readline().strip()
                taken += [line] if line != "tick" else []
            assert sorted(taken) == sorted(f"{number % 50}/{number}.txt" for number in range(MANY))
        finally:
            watcher.kill()
