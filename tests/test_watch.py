"""The inbox core with a clock of its own, and the watch with real folders, real events and real writers."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from feedd import watch as watch_module
from feedd.errors import WatchError
from feedd.watch import Inbox, Taken, Watch

PATIENCE_S = 30.0


# ── The core: no events, time is a number ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "inbox"
    path.mkdir()
    return path


@pytest.fixture
def inbox(folder: Path) -> Inbox:
    return Inbox(folder, settle_s=2.0)


def drop(folder: Path, name: str = "release.txt", text: str = "Northfield opens a mine") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def paths(drops: Iterator[Taken]) -> list[str]:
    return [taken.path for taken in drops]


def test_a_file_found_by_a_rescan_is_taken_after_the_settle_time(folder: Path, inbox: Inbox) -> None:
    drop(folder)
    assert inbox.reconcile({}, 100.0) == 1
    assert paths(inbox.settled({}, 101.9)) == []
    assert paths(inbox.settled({}, 102.0)) == ["release.txt"]


def test_what_is_taken_carries_bytes_hash_time_and_signature(folder: Path, inbox: Inbox) -> None:
    path = drop(folder, "a/b/née.txt", "Zürich")
    os.utime(path, (0, 922_320_000))
    inbox.reconcile({}, 0.0)
    (taken,) = inbox.settled({}, 2.0)
    assert (taken.path, taken.data) == ("a/b/née.txt", "Zürich".encode())
    assert taken.sha256 == hashlib.sha256(taken.data).hexdigest()
    assert taken.mtime == dt.datetime(1999, 3, 25, tzinfo=dt.UTC)
    assert str(path.stat().st_ctime_ns) in taken.signature


def test_a_close_makes_the_wait_short(folder: Path, inbox: Inbox) -> None:
    drop(folder)
    inbox.hint("release.txt", {}, 10.0, closed=True)
    assert inbox.next_s() == pytest.approx(10.2)
    assert paths(inbox.settled({}, 10.2)) == ["release.txt"]


def test_a_close_that_comes_after_the_rescan_shortens_the_wait(folder: Path, inbox: Inbox) -> None:
    drop(folder)
    inbox.reconcile({}, 10.0)
    inbox.hint("release.txt", {}, 10.5, closed=True)
    assert inbox.next_s() == pytest.approx(10.7)


def test_a_later_hint_never_makes_the_wait_longer(folder: Path, inbox: Inbox) -> None:
    drop(folder)
    inbox.hint("release.txt", {}, 10.0, closed=False)
    inbox.hint("release.txt", {}, 11.9, closed=True)
    assert inbox.next_s() == pytest.approx(12.0)


def test_a_file_that_changed_waits_anew(folder: Path, inbox: Inbox) -> None:
    path = drop(folder)
    inbox.reconcile({}, 0.0)
    path.write_text("Northfield opens two mines", encoding="utf-8")
    assert paths(inbox.settled({}, 2.0)) == []
    assert paths(inbox.settled({}, 3.9)) == []
    (taken,) = inbox.settled({}, 4.0)
    assert b"two mines" in taken.data


def test_a_writer_that_closes_and_reopens_must_rest_the_full_time(folder: Path, inbox: Inbox) -> None:
    path = drop(folder, text="one")
    inbox.hint("release.txt", {}, 0.0, closed=True)
    path.write_text("one two", encoding="utf-8")
    inbox.hint("release.txt", {}, 0.1, closed=True)
    assert paths(inbox.settled({}, 0.5)) == []
    path.write_text("one two three", encoding="utf-8")
    inbox.hint("release.txt", {}, 1.0, closed=True)
    assert paths(inbox.settled({}, 2.9)) == []
    (taken,) = inbox.settled({}, 3.0)
    assert taken.data == b"one two three"


def test_a_rewrite_of_equal_size_with_its_mtime_restored_is_seen(folder: Path, inbox: Inbox) -> None:
    path = drop(folder, text="profit 1.2")
    inbox.reconcile({}, 0.0)
    (first,) = inbox.settled({}, 2.0)
    known = {first.path: first.signature}
    before = path.stat()
    path.write_text("profit 1.3", encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    inbox.reconcile(known, 10.0)
    (second,) = inbox.settled(known, 12.0)
    assert second.data == b"profit 1.3"


def test_an_empty_file_gets_ten_seconds_of_grace(folder: Path, inbox: Inbox) -> None:
    drop(folder, text="")
    inbox.hint("release.txt", {}, 0.0, closed=True)
    assert paths(inbox.settled({}, 9.9)) == []
    assert paths(inbox.settled({}, 10.0)) == ["release.txt"]


def test_what_the_ledger_knows_is_no_candidate(folder: Path, inbox: Inbox) -> None:
    drop(folder)
    inbox.reconcile({}, 0.0)
    known = {taken.path: taken.signature for taken in inbox.settled({}, 2.0)}
    other = Inbox(folder, settle_s=2.0)
    assert other.reconcile(known, 0.0) == 0
    assert other.next_s() is None


def test_a_drop_recorded_while_it_is_handed_over_is_done(folder: Path, inbox: Inbox) -> None:
    drop(folder)
    known: dict[str, str] = {}
    inbox.reconcile(known, 0.0)
    for taken in inbox.settled(known, 2.0):
        known[taken.path] = taken.signature
    assert inbox.waiting() == ()
    assert inbox.next_s() is None


def test_a_drop_that_was_not_recorded_comes_again_with_growing_pauses(folder: Path, inbox: Inbox) -> None:
    drop(folder)
    inbox.reconcile({}, 0.0)
    times, now_s = [], 2.0
    for _ in range(9):
        assert paths(inbox.settled({}, now_s)) == ["release.txt"]
        times.append((inbox.next_s() or 0) - now_s)
        now_s = inbox.next_s() or 0
    assert times == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_an_error_in_the_middle_leaves_every_drop_a_candidate(folder: Path, inbox: Inbox) -> None:
    for number in range(3):
        drop(folder, f"{number}.txt")
    inbox.reconcile({}, 0.0)
    for _ in inbox.settled({}, 2.0):
        break
    assert len(inbox.waiting()) == 3


def test_a_drop_recorded_late_is_forgotten_without_being_taken_again(folder: Path, inbox: Inbox) -> None:
    drop(folder)
    inbox.reconcile({}, 0.0)
    known = {taken.path: taken.signature for taken in inbox.settled({}, 2.0)}
    assert paths(inbox.settled(known, 60.0)) == []
    assert inbox.waiting() == ()


def test_a_touched_file_is_given_again_with_the_same_hash(folder: Path, inbox: Inbox) -> None:
    path = drop(folder)
    inbox.reconcile({}, 0.0)
    (first,) = inbox.settled({}, 2.0)
    path.touch()
    inbox.reconcile({first.path: first.signature}, 10.0)
    (second,) = inbox.settled({first.path: first.signature}, 12.0)
    assert second.sha256 == first.sha256
    assert second.signature != first.signature


def test_older_files_come_first_so_that_corrections_follow(folder: Path, inbox: Inbox) -> None:
    for name, time_s in (("b.txt", 100), ("a.txt", 200), ("c.txt", 50)):
        os.utime(drop(folder, name), (time_s, time_s))
    inbox.reconcile({}, 0.0)
    assert paths(inbox.settled({}, 2.0)) == ["c.txt", "b.txt", "a.txt"]


def test_a_great_many_drops_come_in_steps(folder: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_module, "_STEP", 4)
    for number in range(10):
        drop(folder, f"{number}.txt")
    known: dict[str, str] = {}
    inbox.reconcile(known, 0.0)
    steps = []
    while inbox.next_s() is not None:
        step = [known.setdefault(taken.path, taken.signature) for taken in inbox.settled(known, 2.0)]
        steps.append(len(step))
    assert steps == [4, 4, 2]


@pytest.mark.parametrize(
    "name",
    [
        ".release.txt",
        "._release.txt",
        "release.txt~",
        "~$release.docx",
        "#release.txt#",
        "release.txt.tmp",
        "release.PART",
        "release.txt.partial",
        "release.filepart",
        "release.txt.crdownload",
        "release.download",
        ".release.txt.swp",
        "release.swx",
        "release.lock",
        "Thumbs.db",
        "desktop.ini",
        ".git/release.txt",
        "@eaDir/release.txt",
        "upload.tmp/release.txt",
    ],
)
def test_temporary_and_hidden_names_are_passed_over(folder: Path, inbox: Inbox, name: str) -> None:
    drop(folder, name)
    inbox.hint(name, {}, 0.0, closed=True)
    assert inbox.reconcile({}, 0.0) == 0
    assert inbox.waiting() == ()


def test_links_pipes_and_what_hides_behind_linked_folders_are_passed_over(
    folder: Path, inbox: Inbox, tmp_path: Path
) -> None:
    outside = drop(tmp_path / "outside", "private.txt")
    (folder / "link.txt").symlink_to(outside)
    (folder / "linked").symlink_to(outside.parent)
    os.mkfifo(folder / "pipe.txt")
    for raw in ("link.txt", "linked", "pipe.txt", "linked/private.txt"):
        inbox.hint(raw, {}, 0.0, closed=True)
    inbox.reconcile({}, 0.0)
    assert paths(inbox.settled({}, 20.0)) == []


def test_a_file_swapped_for_a_link_between_two_looks_is_not_followed(
    folder: Path, inbox: Inbox, tmp_path: Path
) -> None:
    outside = drop(tmp_path / "outside", "private.txt")
    path = drop(folder)
    inbox.reconcile({}, 0.0)
    path.unlink()
    path.symlink_to(outside)
    assert paths(inbox.settled({}, 20.0)) == []
    assert inbox.waiting() == ()


def test_folders_are_entered_down_to_a_limit(folder: Path, inbox: Inbox) -> None:
    drop(folder, "/".join(["d"] * 16) + "/in.txt")
    drop(folder, "/".join(["d"] * 17) + "/too-deep.txt")
    inbox.reconcile({}, 0.0)
    assert [taken.path[-6:] for taken in inbox.settled({}, 2.0)] == ["in.txt"]


def test_a_hint_at_a_folder_finds_what_is_below(folder: Path, inbox: Inbox) -> None:
    drop(folder, "moved/in/release.txt")
    inbox.hint("moved", {}, 0.0, closed=True)
    assert paths(inbox.settled({}, 2.0)) == ["moved/in/release.txt"]


def test_a_file_that_vanished_is_no_longer_waiting(folder: Path, inbox: Inbox) -> None:
    path = drop(folder)
    inbox.reconcile({}, 0.0)
    path.unlink()
    inbox.reconcile({}, 1.0)
    assert inbox.waiting() == ()


def test_no_name_passes_for_another_that_holds_odd_bytes(folder: Path, inbox: Inbox) -> None:
    drop(folder, "gate\\xff\\x0a.txt")
    drop(folder, os.fsdecode(b"gate\xff\n.txt"))
    inbox.reconcile({}, 0.0)
    assert sorted(paths(inbox.settled({}, 2.0))) == ["gate\\\\xff\\\\x0a.txt", "gate\\xff\\x0a.txt"]


def test_a_name_that_is_no_utf_8_is_shown_as_text(folder: Path, inbox: Inbox) -> None:
    drop(folder, os.fsdecode(b"r\xe9sultats.txt"))
    inbox.reconcile({}, 0.0)
    (taken,) = inbox.settled({}, 2.0)
    assert taken.path == "r\\xe9sultats.txt"
    assert taken.path.encode("utf-8")
    assert inbox.reconcile({taken.path: taken.signature}, 3.0) == 0


def test_a_file_beyond_the_calendar_gets_its_last_day(folder: Path, inbox: Inbox) -> None:
    assert watch_module._utc(2**63 - 1).year == 2262
    assert watch_module._utc(2**70).year == 9999


def test_a_file_open_for_writing_is_not_taken(folder: Path, inbox: Inbox) -> None:
    if not _has_leases(folder):
        pytest.skip("this disk has no leases; the settle time alone decides")
    path = drop(folder)
    with path.open("a", encoding="utf-8") as file:
        inbox.reconcile({}, 0.0)
        assert paths(inbox.settled({}, 2.0)) == []
        (waiting,) = inbox.waiting()
        assert waiting.sentence == "release.txt is still open for writing."
        file.write("!")
    assert paths(inbox.settled({}, 3.0)) == []  # it changed: settles anew
    assert paths(inbox.settled({}, 5.0)) == ["release.txt"]


def test_a_reader_does_not_keep_a_file_from_being_taken(folder: Path, inbox: Inbox) -> None:
    with drop(folder).open(encoding="utf-8"):
        inbox.reconcile({}, 0.0)
        assert paths(inbox.settled({}, 2.0)) == ["release.txt"]


def test_a_file_that_cannot_be_read_waits_and_stops_no_other(
    folder: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(folder, "a.txt")
    drop(folder, "b.txt")
    _refuse_to_open(monkeypatch, "a.txt", PermissionError(13, "Permission denied"))
    inbox.reconcile({}, 0.0)
    known = {taken.path: taken.signature for taken in inbox.settled({}, 2.0)}
    assert list(known) == ["b.txt"]
    assert [each.sentence for each in inbox.waiting() if each.path == "a.txt"] == [
        "a.txt cannot be read (Permission denied)."
    ]
    monkeypatch.undo()
    assert paths(inbox.settled(known, 3.0)) == ["a.txt"]


def test_a_folder_without_permission_is_shown_and_stops_no_other(
    folder: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(folder, "closed/hidden.txt")
    drop(folder, "open/release.txt")
    really = os.scandir

    def scandir(path: str) -> object:  # root may read everything, so the kernel's refusal is played
        if path.endswith("/closed"):
            raise PermissionError(13, "Permission denied")
        return really(path)

    monkeypatch.setattr(os, "scandir", scandir)
    inbox.reconcile({}, 0.0)
    assert [each.sentence for each in inbox.waiting()] == [
        "closed cannot be read (Permission denied).",
        "open/release.txt has not settled yet.",
    ]


def test_a_file_too_large_for_any_reader_is_never_read(folder: Path, inbox: Inbox) -> None:
    with drop(folder).open("wb") as file:
        file.truncate(2**40)  # sparse
    inbox.reconcile({}, 0.0)
    assert paths(inbox.settled({}, 2.0)) == []
    (waiting,) = inbox.waiting()
    assert waiting.lasting
    assert "1,099,511,627,776 bytes, more than the 67,108,864" in waiting.sentence


def test_a_file_that_changes_under_the_reading_eye_is_not_taken(
    folder: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(folder)
    inbox.reconcile({}, 0.0)

    def writes_meanwhile(handle: int) -> bool:
        path.write_text("something else entirely", encoding="utf-8")
        return False

    monkeypatch.setattr(watch_module, "_is_being_written", writes_meanwhile)
    assert paths(inbox.settled({}, 2.0)) == []
    assert inbox.waiting()[0].sentence == "release.txt is changing."


def test_taking_leaves_the_file_as_it_was(folder: Path, inbox: Inbox) -> None:
    path = drop(folder)
    before = path.stat()
    inbox.reconcile({}, 0.0)
    assert paths(inbox.settled({}, 2.0)) == ["release.txt"]
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_ctime_ns) == (
        before.st_ino,
        before.st_mtime_ns,
        before.st_ctime_ns,
    )
    assert [entry.name for entry in folder.iterdir()] == ["release.txt"]


def test_the_lease_is_given_back(folder: Path, inbox: Inbox) -> None:
    path = drop(folder)
    inbox.reconcile({}, 0.0)
    assert paths(inbox.settled({}, 2.0)) == ["release.txt"]
    os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))  # would fail with EWOULDBLOCK under a lease


def _has_leases(folder: Path) -> bool:
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".") as file, Path(file.name).open("rb") as reader:
        try:
            fcntl.fcntl(reader.fileno(), fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except BlockingIOError:
            return True
        except OSError:
            return False
    return False


def _refuse_to_open(monkeypatch: pytest.MonkeyPatch, name: str, error: OSError) -> None:
    """Root may read everything, so the kernel's refusal is played."""
    really = watch_module._opened

    def opened(root: Path, raw: str) -> int:
        if raw == name:
            raise error
        return really(root, raw)

    monkeypatch.setattr(watch_module, "_opened", opened)


# ── Disks ───────────────────────────────────────────────────────────────────────────────────────────────────────

MOUNTS = [
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
    "31 22 0:40 / /srv/share rw,relatime shared:9 master:2 - nfs4 box:/share rw",
    r"32 22 0:41 / /srv/two\040words rw - fuse.sshfs box: rw",
    "33 31 8:2 / /srv/share/local rw - xfs /dev/sdb rw",
]


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/inbox", "ext4"),
        ("/srv/share/inbox", "nfs4"),
        ("/srv/two words/inbox", "fuse.sshfs"),
        ("/srv/share/local/inbox", "xfs"),
        ("/srv/shared", "ext4"),
    ],
)
def test_the_disk_of_a_folder_is_its_deepest_mount(folder: str, kind: str) -> None:
    assert watch_module._disk_kind(Path(folder), MOUNTS) == kind


def test_a_folder_on_a_network_disk_is_polled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_module, "_disk_kind", lambda *_: "nfs4")
    with Watch(folder) as watch:
        assert watch.mode == "poll"
        drop(folder)
        assert paths(watch.settled({}, 0.0)) == []
        assert paths(watch.settled({}, 2.0)) == ["release.txt"]


# ── The watch: real events ──────────────────────────────────────────────────────────────────────────────────────


class World:
    """A running watch and what it gave so far, driven as the daemon's loop drives it."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.known: dict[str, str] = {}
        self.taken: list[Taken] = []

    def tick(self) -> None:
        for taken in self.watch.settled(self.known, time.monotonic()):
            self.taken.append(taken)
            self.known[taken.path] = taken.signature

    def run_until(self, done: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while not done():
            assert time.monotonic() < deadline_s, f"taken: {self.paths}, waiting: {self.watch.waiting()}"
            self.watch.wait(min(0.1, self.watch.due_in_s(time.monotonic())))
            self.tick()

    def run_until_taken(self, *names: str) -> None:
        self.run_until(lambda: set(names) <= set(self.paths))

    @property
    def paths(self) -> list[str]:
        return [taken.path for taken in self.taken]

    def text(self, path: str) -> str:
        return next(taken for taken in reversed(self.taken) if taken.path == path).data.decode()


@contextlib.contextmanager
def watching(folder: Path, *, settle_s: float = 0.6, rescan_s: float = 3600.0) -> Iterator[World]:
    """Rescans are an hour apart, so what is found was told by an event, unless a test says otherwise."""
    with Watch(folder, mode="events", settle_s=settle_s, rescan_s=rescan_s) as watch:
        world = World(watch)
        world.tick()
        yield world


def test_what_lay_there_before_the_start_is_taken(folder: Path) -> None:
    drop(folder, "old/one.txt")
    with watching(folder) as world:
        world.run_until_taken("old/one.txt")


def test_a_copied_file_is_taken_once(folder: Path, tmp_path: Path) -> None:
    source = drop(tmp_path, "source.txt")
    with watching(folder) as world:
        shutil.copy(source, folder / "copy.txt")
        world.run_until_taken("copy.txt")
        world.tick()
        assert world.paths == ["copy.txt"]


def test_a_file_moved_in_is_taken_soon_and_needs_no_settle_time(folder: Path, tmp_path: Path) -> None:
    source = drop(tmp_path, "source.txt")
    with watching(folder, settle_s=3600) as world:
        source.rename(folder / "moved.txt")
        world.run_until_taken("moved.txt")


def test_a_hard_link_is_taken(folder: Path, tmp_path: Path) -> None:
    source = drop(tmp_path, "source.txt")
    with watching(folder) as world:
        os.link(source, folder / "linked.txt")
        world.run_until_taken("linked.txt")


def test_a_sync_tools_temporary_name_is_passed_over_and_its_final_one_taken(folder: Path) -> None:
    with watching(folder, settle_s=3600) as world:
        drop(folder, ".release.txt.Xa81bQ").rename(folder / "release.txt")
        world.run_until_taken("release.txt")
        assert world.paths == ["release.txt"]


def test_a_folder_moved_in_is_taken_with_all_below(folder: Path, tmp_path: Path) -> None:
    for name in ("one.txt", "deep/two.txt", "deep/er/three.txt"):
        drop(tmp_path / "tree", name)
    with watching(folder) as world:
        (tmp_path / "tree").rename(folder / "tree")
        world.run_until_taken("tree/one.txt", "tree/deep/two.txt", "tree/deep/er/three.txt")


def test_a_tree_copied_in_is_taken_whole_and_quietly(folder: Path, tmp_path: Path) -> None:
    names = [f"{outer}/{inner}.txt" for outer in range(20) for inner in range(10)]
    for name in names:
        drop(tmp_path / "tree", name)
    with watching(folder) as world:
        shutil.copytree(tmp_path / "tree", folder / "tree")
        world.run_until_taken(*(f"tree/{name}" for name in names))
        assert len(world.paths) == len(names)


def test_a_folder_made_later_is_watched_too(folder: Path) -> None:
    with watching(folder) as world:
        (folder / "later").mkdir()
        world.tick()
        drop(folder, "later/release.txt")
        world.run_until_taken("later/release.txt")


SLOW_WRITER = """
import sys
with open(sys.argv[1], "w") as file:
    for part in ("first ", "second ", "third"):
        file.write(part)
        file.flush()
        print("written", flush=True)
        sys.stdin.readline()
"""


def test_a_slow_writer_that_holds_its_file_open_is_never_taken_half(folder: Path) -> None:
    if not _has_leases(folder):
        pytest.skip("this disk has no leases; the settle time alone decides")
    with watching(folder, settle_s=0.1) as world, _slow_writer(folder / "slow.txt") as writer:
        assert writer.stdin and writer.stdout
        for _ in range(3):
            writer.stdout.readline()
            world.run_until(lambda: "still open" in "".join(each.sentence for each in world.watch.waiting()))
            writer.stdin.write("\n")
            writer.stdin.flush()
        writer.wait(PATIENCE_S)
        world.run_until_taken("slow.txt")
        assert [taken.data for taken in world.taken] == [b"first second third"]


@contextlib.contextmanager
def _slow_writer(path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SLOW_WRITER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        yield writer


def test_a_corrected_file_is_given_again(folder: Path) -> None:
    with watching(folder) as world:
        drop(folder, text="call at 9:00")
        world.run_until_taken("release.txt")
        drop(folder, text="call at 8:00")
        world.run_until(lambda: len(world.taken) == 2)
        assert world.text("release.txt") == "call at 8:00"


def test_a_rescan_finds_what_no_event_told(folder: Path) -> None:
    with watching(folder, rescan_s=1) as world:
        world.watch._hints.dispatch = lambda event: None  # type: ignore[method-assign]
        drop(folder)
        world.run_until_taken("release.txt")


def test_lost_events_bring_a_rescan(folder: Path) -> None:
    with watching(folder) as world:
        world.watch._hints.dispatch = lambda event: None  # type: ignore[method-assign]
        drop(folder)
        logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; events were lost")
        world.run_until_taken("release.txt")


def test_more_hints_than_are_kept_bring_a_rescan(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_module, "_MOST_HINTS", 5)
    with watching(folder) as world:
        names = [drop(folder, f"{number}.txt").name for number in range(20)]
        world.run_until_taken(*names)


def test_a_poke_brings_a_rescan_and_wakes_the_loop(folder: Path) -> None:
    with watching(folder, settle_s=0.1) as world:
        world.watch._hints.dispatch = lambda event: None  # type: ignore[method-assign]
        drop(folder)
        world.watch.poke()
        world.watch.wait(PATIENCE_S)
        world.tick()
        assert world.watch.waiting()
        world.run_until_taken("release.txt")


def test_events_that_never_come_turn_auto_into_polling(folder: Path) -> None:
    with Watch(folder, settle_s=0.1, rescan_s=60) as watch:
        watch._hints.dispatch = lambda event: None  # type: ignore[method-assign]
        for minute in range(4):
            assert watch.mode == "events"
            list(watch.settled({}, minute * 60.0))
            drop(folder, f"{minute}.txt")
        assert paths(watch.settled({}, 300.0))
        assert watch.mode == "poll"
        assert "tells nothing of new files" in (watch.trouble or "")


def test_a_folder_removed_and_made_again_is_watched_again(folder: Path) -> None:
    with watching(folder) as world:
        shutil.rmtree(folder)
        world.run_until(lambda: world.watch.trouble is not None)
        assert "cannot be read (No such file or directory)" in (world.watch.trouble or "")
        folder.mkdir()
        world.run_until(lambda: world.watch.trouble is None)
        drop(folder)
        world.run_until_taken("release.txt")


def test_a_folder_swapped_for_another_is_watched_again(folder: Path, tmp_path: Path) -> None:
    drop(tmp_path / "other", "inside.txt")
    with watching(folder) as world:
        folder.rename(tmp_path / "aside")
        (tmp_path / "other").rename(folder)
        world.run_until_taken("inside.txt")
        drop(folder, "after.txt")
        world.run_until_taken("after.txt")


def test_a_watch_that_died_is_made_anew(folder: Path) -> None:
    with watching(folder) as world:
        events = world.watch._events
        assert events
        events._kernel.stop()
        events._kernel.join()
        drop(folder)
        world.run_until_taken("release.txt")
        assert world.watch._events is not events


def test_a_kernel_that_gives_no_watch_leaves_polling_with_a_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(watch_module, "_Events", refused)
    with Watch(folder) as watch:
        assert watch.mode == "poll"
        assert watch.trouble == f"{folder} gives no events (inotify watch limit reached); it is read every 10 s."


def test_a_missing_folder_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(WatchError, match="inbox cannot be read"), Watch(tmp_path / "inbox"):
        pass


def test_the_loop_may_sleep_until_something_is_due(folder: Path) -> None:
    drop(folder)
    with Watch(folder, mode="poll", settle_s=2.0, rescan_s=3.0) as watch:
        assert watch.due_in_s(100.0) == 0.0
        assert paths(watch.settled({}, 100.0)) == []
        assert watch.due_in_s(100.0) == pytest.approx(2.0)
        assert watch.due_in_s(110.0) == 0.0


def test_stopping_ends_every_thread_and_leaves_no_listener(folder: Path) -> None:
    log = logging.getLogger("watchdog.observers.inotify_c")
    with watching(folder) as world:
        events = world.watch._events
        assert events and log.handlers
    assert not events.is_alive()
    assert not log.handlers
