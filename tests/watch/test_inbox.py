"""Which drops are settled: real files, and time as a number."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import socket
import stat
from pathlib import Path

import pytest
from watched import drop, has_leases, paths

from feedd.watch import Inbox, taking
from feedd.watch import inbox as inbox_module


@pytest.fixture
def inbox(folder: Path) -> Inbox:
    return Inbox(folder, settle_s=2.0)


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


def test_drops_recorded_together_after_they_were_handed_over_are_done(folder: Path, inbox: Inbox) -> None:
    for number in range(3):
        drop(folder, f"{number}.txt")
    inbox.reconcile({}, 0.0)
    known = {taken.path: taken.signature for taken in inbox.settled({}, 2.0)}
    inbox.let_go(known)
    assert inbox.waiting() == ()


def test_a_drop_that_changed_before_it_was_recorded_stays_a_candidate(folder: Path, inbox: Inbox) -> None:
    path = drop(folder)
    inbox.reconcile({}, 0.0)
    known = {taken.path: taken.signature for taken in inbox.settled({}, 2.0)}
    path.write_text("a correction", encoding="utf-8")
    inbox.hint("release.txt", known, 2.1, closed=True)
    inbox.let_go(known)
    assert [taken.data for taken in inbox.settled(known, 9.0)] == [b"a correction"]


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
    monkeypatch.setattr(inbox_module, "_STEP", 4)
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


def test_sockets_and_devices_are_passed_over(folder: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)  # a socket's path has room for 107 bytes
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.txt")
        if os.geteuid() == 0:
            with contextlib.suppress(PermissionError):  # a container may forbid it
                os.mknod("device.txt", stat.S_IFCHR | 0o666, os.makedev(1, 3))
        for raw in ("socket.txt", "device.txt"):
            inbox.hint(raw, {}, 0.0, closed=True)
        assert inbox.reconcile({}, 0.0) == 0
        assert inbox.waiting() == ()


def test_folders_that_mean_something_are_folders_like_others(folder: Path, inbox: Inbox) -> None:
    for name in ("withdrawn/a.txt", "embargo/2026-07-30T0600-0400/b.txt"):
        drop(folder, name)
    inbox.reconcile({}, 0.0)
    assert sorted(paths(inbox.settled({}, 2.0))) == ["embargo/2026-07-30T0600-0400/b.txt", "withdrawn/a.txt"]


def test_a_folder_in_place_of_a_file_between_two_looks_is_no_file(
    folder: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(folder)
    inbox.reconcile({}, 0.0)
    really = taking.opened_folder

    def swapped_just_before(*given: object, **how: object) -> int:
        path.unlink()
        path.mkdir()
        return really(*given, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(taking, "opened_folder", swapped_just_before)
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert paths(inbox.settled({}, 2.0)) == []
    assert inbox.waiting() == ()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


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


@pytest.mark.parametrize(
    "name",
    [
        b"two\nlines.txt",
        b"bell\x07 and \x1b[2J escape.txt",
        "turned \u202etxt.exe".encode(),
        "Übersicht – 日本.txt".encode(),
        b"not \xff\xfe UTF-8.txt",
        b"back\\slash.txt",
        b"up\\..\\..\\etc\\passwd",
        b" ",
        b"-rf *",
        b"x" * 255,
        "é".encode() * 127,
    ],
)
def test_a_drop_of_any_name_is_taken_and_known_again(folder: Path, inbox: Inbox, name: bytes) -> None:
    raw = os.fsdecode(name)
    drop(folder, raw)
    inbox.hint(raw, {}, 0.0, closed=True)
    (taken,) = inbox.settled({}, 0.2)
    assert taken.path.isprintable() and taken.path.encode()
    assert inbox.reconcile({taken.path: taken.signature}, 3.0) == 0
    assert inbox.waiting() == ()


def test_a_name_that_is_no_utf_8_is_shown_as_text(folder: Path, inbox: Inbox) -> None:
    drop(folder, os.fsdecode(b"r\xe9sultats.txt"))
    inbox.reconcile({}, 0.0)
    (taken,) = inbox.settled({}, 2.0)
    assert taken.path == "r\\xe9sultats.txt"
    assert taken.path.encode("utf-8")
    assert inbox.reconcile({taken.path: taken.signature}, 3.0) == 0


def test_a_file_beyond_the_calendar_gets_its_last_day(folder: Path, inbox: Inbox) -> None:
    assert taking.utc(2**63 - 1).year == 2262
    assert taking.utc(2**70).year == 9999


def test_a_file_open_for_writing_is_not_taken(folder: Path, inbox: Inbox) -> None:
    if not has_leases(folder):
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

    monkeypatch.setattr(taking, "is_being_written", writes_meanwhile)
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


def _refuse_to_open(monkeypatch: pytest.MonkeyPatch, name: str, error: OSError) -> None:
    """Root may read everything, so the kernel's refusal is played."""
    really = taking.opened

    def opened(root: Path, raw: str) -> int:
        if raw == name:
            raise error
        return really(root, raw)

    monkeypatch.setattr(taking, "opened", opened)
