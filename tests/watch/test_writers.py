"""No half document: the ways in which real programs put a file into a folder, all at work at once in one inbox.

Each way has a folder of its own below the inbox and says which files are whole there, and with which bytes. A
watch with the usual settings looks on. Every file must be taken, complete, and once.
"""

from __future__ import annotations

import ctypes
import io
import itertools
import mmap
import os
import subprocess
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from watched import PATIENCE_S, World, has_leases

from feedd.watch import Taken, Watch

FIRST = b"Northfield Metals opens a mine\n" * 3000
WHOLE = b"Northfield Metals opens two mines\n" * 4000
HALF = len(WHOLE) // 2
LONG_AGO = 922_320_000  # a day in 1999
SETTLE_S = 2.0  # as configured by default


@dataclass(frozen=True)
class File:
    """What may be taken of one path: these bytes in this order, the last of them surely.

    `fleeting` files are gone again soon and need not be taken at all. `touched` ones may be read again, as their
    times change; the ledger passes over bytes that it has under a path.
    """

    versions: tuple[bytes, ...] = (WHOLE,)
    fleeting: bool = False
    touched: bool = False

    def accepts(self, taken: list[bytes]) -> bool:
        seen = [data for data, _same in itertools.groupby(taken)] if self.touched else taken
        complete = self.fleeting or seen[-1:] == [self.versions[-1]]
        rest = iter(self.versions)
        return complete and all(data in rest for data in seen)  # each once, and in order


Files = dict[str, File]
Way = Callable[[Path, Path], Files]  # the way's folder in the inbox, and one beside the inbox on the same disk
ONE: Files = {"release.txt": File()}
NOTHING: Files = {}


def run(*command: str | Path, data: bytes | None = None, at: Path | None = None) -> None:
    """Raises FileNotFoundError where this machine has no such program."""
    subprocess.run([str(part) for part in command], check=True, input=data, cwd=at, capture_output=True)


def whole(folder: Path, name: str = "release.txt", data: bytes = WHOLE) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def in_two_parts(path: Path, pause_s: float, *, mode: str = "wb", at: int = 0) -> None:
    with path.open(mode) as file:
        file.seek(at)
        file.write(WHOLE[:HALF])
        file.flush()
        time.sleep(pause_s)
        file.write(WHOLE[HALF:])


# ── Quick ones ──────────────────────────────────────────────────────────────────────────────────────────────────


def written_and_closed(place: Path, _aside: Path) -> Files:
    whole(place)
    return ONE


def cp(place: Path, aside: Path) -> Files:
    run("cp", whole(aside), place)
    return ONE


def cp_with_its_old_time(place: Path, aside: Path) -> Files:
    source = whole(aside)
    os.utime(source, (LONG_AGO, LONG_AGO))
    run("cp", "-a", source, place)
    return ONE


def cp_of_nested_folders(place: Path, aside: Path) -> Files:
    names = [f"{a}/{b}/{c}.txt" for a in "xyz" for b in "pqr" for c in "stu"]
    for name in names:
        whole(aside / "tree", name)
    run("cp", "-r", aside / "tree", place)
    return {f"tree/{name}": File() for name in names}


def mv_on_one_disk(place: Path, aside: Path) -> Files:
    run("mv", whole(aside), place)
    return ONE


def mv_from_another_disk(place: Path, _aside: Path) -> Files:
    with tempfile.TemporaryDirectory(dir=next(each for each in ("/dev/shm", "/tmp") if Path(each).is_dir())) as other:
        run("mv", whole(Path(other)), place)
    return ONE


def mv_over_an_older_file(place: Path, aside: Path) -> Files:
    whole(place, data=FIRST)
    run("mv", whole(aside), place)
    return {"release.txt": File((FIRST, WHOLE))}


def mv_of_a_folder(place: Path, aside: Path) -> Files:
    whole(aside / "tree", "deep/er/release.txt")
    run("mv", aside / "tree", place)
    return {"tree/deep/er/release.txt": File()}


def mv_of_a_folder_within_the_inbox(place: Path, _aside: Path) -> Files:
    whole(place, "before/release.txt")
    (place / "before").rename(place / "after")
    return {"before/release.txt": File(fleeting=True), "after/release.txt": File()}


def mv_of_a_hidden_folder_that_is_ready(place: Path, _aside: Path) -> Files:
    whole(place, ".uploading/release.txt")
    (place / ".uploading").rename(place / "ready")
    return {"ready/release.txt": File()}


def a_hard_link(place: Path, aside: Path) -> Files:
    run("ln", whole(aside), place / "release.txt")
    return ONE


def a_link(place: Path, aside: Path) -> Files:
    run("ln", "-s", whole(aside), place / "release.txt")
    return NOTHING


def a_link_to_a_folder(place: Path, aside: Path) -> Files:
    whole(aside / "tree")
    run("ln", "-s", aside / "tree", place / "tree")
    return NOTHING


def install(place: Path, aside: Path) -> Files:
    run("install", "-m", "640", whole(aside), place)
    return ONE


def rsync(place: Path, aside: Path) -> Files:
    whole(aside)
    whole(aside, "deep/release.txt")
    run("rsync", "-a", f"{aside}/", place)
    return {"release.txt": File(), "deep/release.txt": File()}


def rsync_in_place(place: Path, aside: Path) -> Files:
    whole(place, data=FIRST)
    run("rsync", "--inplace", "--no-whole-file", whole(aside), place)
    return {"release.txt": File((FIRST, WHOLE))}


def scp_or_sftp_by_a_temporary_name(place: Path, _aside: Path) -> Files:
    part = place / "release.txt.filepart"
    in_two_parts(part, 0.4)
    part.rename(place / "release.txt")
    return ONE


def sync_tool_by_a_hidden_name(place: Path, _aside: Path) -> Files:
    part = place / ".release.txt.Xa81bQ"
    in_two_parts(part, 0.4)
    part.rename(place / "release.txt")
    return ONE


def browser_by_its_download_name(place: Path, _aside: Path) -> Files:
    part = place / "release.txt.crdownload"
    in_two_parts(part, 0.4)
    part.rename(place / "release.txt")
    return ONE


def browser_that_holds_the_name_with_an_empty_file(place: Path, _aside: Path) -> Files:
    whole(place, data=b"")
    part = place / "release.txt.part"
    in_two_parts(part, 1.0)
    part.rename(place / "release.txt")
    return ONE


def vim(place: Path, *settings: str) -> Files:
    path = whole(place, data=FIRST)
    commands = [part for each in (*settings, "%s/a mine/a dam/") for part in ("-c", each)]
    run("vim", "-Nes", "-u", "NONE", *commands, "-c", "wq", path)
    return {"release.txt": File((FIRST, FIRST.replace(b"a mine", b"a dam")))}


def vim_in_place(place: Path, _aside: Path) -> Files:
    return vim(place, "set swapfile backupcopy=yes writebackup")


def vim_by_rename(place: Path, _aside: Path) -> Files:
    return vim(place, "set swapfile backupcopy=no writebackup backup backupext=~")


def emacs(place: Path, _aside: Path) -> Files:
    """It saves itself now and then as #x#, links a lock .#x, and keeps what was there as x~."""
    path = whole(place, data=FIRST)
    whole(place, "#release.txt#", WHOLE[:HALF])
    (place / ".#release.txt").symlink_to("somebody@desk.4711")
    path.rename(place / "release.txt~")
    whole(place)
    (place / "#release.txt#").unlink()
    (place / ".#release.txt").unlink()
    return {"release.txt": File((FIRST, WHOLE))}


def sed(place: Path, _aside: Path) -> Files:
    run("sed", "-i", "s/a mine/a dam/", whole(place, data=FIRST))
    return {"release.txt": File((FIRST, FIRST.replace(b"a mine", b"a dam")))}


def dd_into_what_is_there(place: Path, aside: Path) -> Files:
    path, source = whole(place, data=WHOLE[::-1]), whole(aside)
    run("dd", f"if={source}", f"of={path}", "bs=64k", "conv=notrunc")
    return {"release.txt": File((WHOLE[::-1], WHOLE))}


def mmap_writer(place: Path, _aside: Path) -> Files:
    with (place / "release.txt").open("wb+") as file:
        file.truncate(len(WHOLE))
        with mmap.mmap(file.fileno(), len(WHOLE)) as memory:
            file.close()  # the mapping alone keeps it open
            memory[:HALF] = WHOLE[:HALF]
            time.sleep(0.4)
            memory[HALF:] = WHOLE[HALF:]
    return ONE


def preallocated_then_filled(place: Path, _aside: Path) -> Files:
    with (place / "release.txt").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, len(WHOLE))
        time.sleep(0.4)
        file.write(WHOLE)
    return ONE


def a_nameless_file_that_is_linked(place: Path, _aside: Path, pause_s: float = 0.0) -> Files:
    handle = os.open(place, os.O_TMPFILE | os.O_WRONLY, 0o644)
    os.write(handle, WHOLE[:HALF])
    libc = ctypes.CDLL(None, use_errno=True)
    to_here, follow = -100, 0x400
    name = os.fsencode(place / "release.txt")
    assert libc.linkat(to_here, f"/proc/self/fd/{handle}".encode(), to_here, name, follow) == 0, ctypes.get_errno()
    time.sleep(pause_s)
    os.write(handle, WHOLE[HALF:])
    os.close(handle)
    return ONE


def truncated_and_rewritten(place: Path, _aside: Path) -> Files:
    path = whole(place, data=FIRST)
    in_two_parts(path, 0.4)
    return {"release.txt": File((FIRST, WHOLE))}


def appended_line_by_line(place: Path, _aside: Path) -> Files:
    """A shell's ``>>``: it closes the file after each line."""
    parts = [WHOLE[at : at + 20_000] for at in range(0, len(WHOLE), 20_000)]
    for part in parts:
        with (place / "release.txt").open("ab") as file:
            file.write(part)
        time.sleep(0.1)
    return ONE


def held_open_with_pauses(place: Path, _aside: Path) -> Files:
    in_two_parts(place / "release.txt", 1.5)
    return ONE


def a_slow_pipe_into_a_file(place: Path, aside: Path) -> Files:
    source = whole(aside)
    script = f'(head -c {HALF} "$1"; sleep 1; tail -c +{HALF + 1} "$1") > "$2"'
    run("sh", "-c", script, "sh", source, place / "release.txt")
    return ONE


def two_writers_at_once(place: Path, _aside: Path) -> Files:
    path = place / "release.txt"
    with path.open("wb") as first, path.open("rb+") as second:
        first.write(WHOLE[:HALF])
        first.close()
        time.sleep(1.2)
        second.seek(HALF)
        second.write(WHOLE[HALF:])
    return ONE


def copy_file_range(place: Path, aside: Path) -> Files:
    with whole(aside).open("rb") as source, (place / "release.txt").open("wb") as goal:
        while os.copy_file_range(source.fileno(), goal.fileno(), 50_000):
            time.sleep(0.1)
    return ONE


def sendfile(place: Path, aside: Path) -> Files:
    with whole(aside).open("rb") as source, (place / "release.txt").open("wb") as goal:
        while os.sendfile(goal.fileno(), source.fileno(), None, 50_000):
            time.sleep(0.1)
    return ONE


def a_temporary_file_that_replaces(place: Path, _aside: Path) -> Files:
    whole(place, data=FIRST)
    with tempfile.NamedTemporaryFile(dir=place, suffix=".tmp", delete=False) as file:
        file.write(WHOLE)
    Path(file.name).replace(place / "release.txt")
    return {"release.txt": File((FIRST, WHOLE))}


def tar(place: Path, aside: Path) -> Files:
    names = [f"{folder}/{number}.txt" for folder in ("one", "one/two") for number in range(5)]
    with tarfile.open(aside / "all.tar", "w") as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(WHOLE), LONG_AGO
            archive.addfile(member, io.BytesIO(WHOLE))
    run("tar", "xf", aside / "all.tar", "-C", place)
    return {name: File() for name in names}


def unzip(place: Path, aside: Path) -> Files:
    names = [f"{folder}/{number}.txt" for folder in ("one", "one/two") for number in range(5)]
    with zipfile.ZipFile(aside / "all.zip", "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, (1999, 3, 25, 0, 0, 0)), WHOLE)
    with zipfile.ZipFile(aside / "all.zip") as archive:
        archive.extractall(place)
    return {name: File() for name in names}


def mkdir_and_written_at_once(place: Path, _aside: Path) -> Files:
    names = [f"{number}/deep/er/release.txt" for number in range(20)]
    for name in names:
        whole(place, name)
    return {name: File() for name in names}


def touched_and_permitted_later(place: Path, _aside: Path) -> Files:
    path = whole(place)
    time.sleep(1.0)
    path.touch()
    path.chmod(0o600)
    time.sleep(0.5)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return {"release.txt": File(touched=True)}


QUICK: tuple[Way, ...] = (
    written_and_closed,
    cp,
    cp_with_its_old_time,
    cp_of_nested_folders,
    mv_on_one_disk,
    mv_from_another_disk,
    mv_over_an_older_file,
    mv_of_a_folder,
    mv_of_a_folder_within_the_inbox,
    mv_of_a_hidden_folder_that_is_ready,
    a_hard_link,
    a_link,
    a_link_to_a_folder,
    install,
    rsync,
    rsync_in_place,
    scp_or_sftp_by_a_temporary_name,
    sync_tool_by_a_hidden_name,
    browser_by_its_download_name,
    browser_that_holds_the_name_with_an_empty_file,
    vim_in_place,
    vim_by_rename,
    emacs,
    sed,
    dd_into_what_is_there,
    mmap_writer,
    preallocated_then_filled,
    a_nameless_file_that_is_linked,
    truncated_and_rewritten,
    appended_line_by_line,
    held_open_with_pauses,
    a_slow_pipe_into_a_file,
    two_writers_at_once,
    copy_file_range,
    sendfile,
    a_temporary_file_that_replaces,
    tar,
    unzip,
    mkdir_and_written_at_once,
    touched_and_permitted_later,
)


# ── Slow ones: pauses beyond the settle time ────────────────────────────────────────────────────────────────────


def held_open_for_long(place: Path, _aside: Path) -> Files:
    in_two_parts(place / "release.txt", 5.0)
    return ONE


def held_open_and_flushed_often(place: Path, _aside: Path) -> Files:
    with (place / "release.txt").open("wb") as file:
        for at in range(0, len(WHOLE), 30_000):
            file.write(WHOLE[at : at + 30_000])
            file.flush()
            time.sleep(1.5)
    return ONE


def emptied_and_written_later(place: Path, _aside: Path) -> Files:
    path = whole(place, data=FIRST)
    time.sleep(3.0)
    path.write_bytes(b"")
    time.sleep(3.0)
    whole(place)
    return {"release.txt": File((FIRST, WHOLE))}


def emptied_and_held_open(place: Path, _aside: Path) -> Files:
    with whole(place, data=FIRST).open("wb") as file:
        time.sleep(3.0)
        file.write(WHOLE)
    return {"release.txt": File((FIRST, WHOLE))}


def preallocated_and_filled_late(place: Path, _aside: Path) -> Files:
    with (place / "release.txt").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, len(WHOLE))
        time.sleep(5.0)
        file.write(WHOLE)
    return ONE


def mapped_and_filled_late(place: Path, _aside: Path) -> Files:
    with (place / "release.txt").open("wb+") as file:
        file.truncate(len(WHOLE))
        with mmap.mmap(file.fileno(), len(WHOLE)) as memory:
            file.close()
            memory[:HALF] = WHOLE[:HALF]
            time.sleep(5.0)
            memory[HALF:] = WHOLE[HALF:]
    return ONE


def linked_before_it_is_whole(place: Path, aside: Path) -> Files:
    return a_nameless_file_that_is_linked(place, aside, pause_s=4.0)


def moved_in_before_it_is_whole(place: Path, aside: Path) -> Files:
    with (aside / "release.txt").open("wb") as file:
        file.write(WHOLE[:HALF])
        file.flush()
        (aside / "release.txt").rename(place / "release.txt")
        time.sleep(5.0)
        file.write(WHOLE[HALF:])
    return ONE


def folder_moved_in_before_it_is_whole(place: Path, aside: Path) -> Files:
    (aside / "tree").mkdir()
    with (aside / "tree/release.txt").open("wb") as file:
        file.write(WHOLE[:HALF])
        file.flush()
        (aside / "tree").rename(place / "tree")
        time.sleep(5.0)
        file.write(WHOLE[HALF:])
    return {"tree/release.txt": File()}


def rsync_over_a_slow_line(place: Path, aside: Path) -> Files:
    whole(place, data=FIRST)
    run("rsync", "--inplace", "--bwlimit=20", whole(aside), place)
    return {"release.txt": File((FIRST, WHOLE))}


def tar_from_a_slow_pipe(place: Path, aside: Path) -> Files:
    tar(aside, aside)
    script = f'(head -c {2 * HALF} "$1"; sleep 4; tail -c +{2 * HALF + 1} "$1") | tar x -C "$2"'
    run("sh", "-c", script, "sh", aside / "all.tar", place)
    return {f"{folder}/{number}.txt": File() for folder in ("one", "one/two") for number in range(5)}


SLOW: tuple[Way, ...] = (
    held_open_for_long,
    held_open_and_flushed_often,
    emptied_and_written_later,
    emptied_and_held_open,
    preallocated_and_filled_late,
    mapped_and_filled_late,
    linked_before_it_is_whole,
    moved_in_before_it_is_whole,
    folder_moved_in_before_it_is_whole,
    rsync_over_a_slow_line,
    tar_from_a_slow_pipe,
)


# ── The inbox in which they all write ───────────────────────────────────────────────────────────────────────────


class Harvest:
    """What was taken while some ways were at work at once, and what they said is whole."""

    def __init__(self, folder: Path, taken: list[Taken], ways: dict[Way, Future[Files]]) -> None:
        self._folder, self._taken, self._ways = folder, taken, ways

    def of(self, way: Way) -> tuple[Files, dict[str, list[bytes]]]:
        """Files by their paths below the way's folder, and what was taken there."""
        files = self._ways[way].result()
        taken: dict[str, list[bytes]] = {}
        for each in self._taken:
            place, _, name = each.path.partition("/")
            if place == way.__name__:
                taken.setdefault(name, []).append(each.data)
        return files, taken


def harvest(folder: Path, ways: tuple[Way, ...]) -> Harvest:
    for way in ways:
        (folder / "inbox" / way.__name__).mkdir(parents=True)
        (folder / "aside" / way.__name__).mkdir(parents=True)
    with Watch(folder / "inbox", settle_s=SETTLE_S, rescan_s=1) as watch, ThreadPoolExecutor(len(ways)) as pool:
        world = World(watch)
        world.tick()
        work = {way: pool.submit(way, folder / "inbox" / way.__name__, folder / "aside" / way.__name__) for way in ways}
        world.run_until(lambda: all(each.done() for each in work.values()))
        run_until_quiet(world)
    return Harvest(folder, world.taken, work)


def run_until_quiet(world: World) -> None:
    """Nothing waits any more, and nothing new comes for longer than it takes to settle."""
    quiet_since_s, count = time.monotonic(), len(world.taken)

    def is_quiet() -> bool:
        nonlocal quiet_since_s, count
        if world.watch.waiting() or count != len(world.taken):
            quiet_since_s, count = time.monotonic(), len(world.taken)
        return time.monotonic() - quiet_since_s > 1.5

    assert PATIENCE_S > 10
    world.run_until(is_quiet)


def check(harvest: Harvest, way: Way, folder: Path) -> None:
    try:
        files, taken = harvest.of(way)
    except FileNotFoundError as missing:
        pytest.skip(f"{missing.filename} is not installed")
    assert set(taken) <= set(files)
    for name, file in files.items():
        versions = [
            f"version {file.versions.index(data)}" if data in file.versions else f"{len(data)} other bytes"
            for data in taken.get(name, [])
        ]
        assert file.accepts(taken.get(name, [])), f"{name}: {versions}"


def needs_leases(folder: Path) -> None:
    if not has_leases(folder):
        pytest.skip("this disk has no leases; the settle time alone decides")


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Harvest:
    return harvest(tmp_path_factory.mktemp("quick"), QUICK)


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Harvest:
    return harvest(tmp_path_factory.mktemp("slow"), SLOW)


def name_of(way: Way) -> str:
    return way.__name__


@pytest.mark.parametrize("way", QUICK, ids=name_of)
def test_each_file_is_taken_whole_and_once(quick: Harvest, way: Way, tmp_path: Path) -> None:
    check(quick, way, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("way", SLOW, ids=name_of)
def test_each_slow_file_is_taken_whole_and_once(slow: Harvest, way: Way, tmp_path: Path) -> None:
    needs_leases(tmp_path)
    check(slow, way, tmp_path)
