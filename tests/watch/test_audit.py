"""Network disks: coarse signatures, and the audit that finds what they hide."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from watched import drop, paths

from feedd.watch import Inbox, audit
from feedd.watch.audit import Audit, Quiet


@pytest.fixture
def inbox(folder: Path) -> Inbox:
    inbox = Inbox(folder, settle_s=2.0)
    inbox.network = True
    return inbox


def taken_in(inbox: Inbox, known: dict[str, str], now_s: float) -> list[str]:
    """Rescans, waits ten seconds, takes and records."""
    inbox.reconcile(known, now_s)
    drops = list(inbox.settled(known, now_s + 10))
    known |= {taken.path: taken.signature for taken in drops}
    return paths(drops)


def rewrite_unseen(path: Path, text: str) -> None:
    """Equal size and equal time: what a disk that counts whole seconds hides."""
    before = path.stat()
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_network_disk_gets_ten_seconds_to_settle(folder: Path, inbox: Inbox) -> None:
    drop(folder)
    inbox.reconcile({}, 0.0)
    assert paths(inbox.settled({}, 9.9)) == []
    assert paths(inbox.settled({}, 10.0)) == ["release.txt"]


def test_a_new_inode_and_ctime_are_no_change_there(folder: Path, inbox: Inbox) -> None:
    path, known = drop(folder), dict[str, str]()
    taken_in(inbox, known, 0.0)
    time_ns = path.stat().st_mtime_ns
    path.unlink()
    drop(folder)
    os.utime(path, ns=(time_ns, time_ns))
    assert taken_in(inbox, known, 20.0) == []
    assert inbox.waiting() == ()


def test_a_rewrite_that_size_and_time_hide_is_found_by_an_audit(folder: Path, inbox: Inbox) -> None:
    path, known = drop(folder, text="profit 1.2"), dict[str, str]()
    taken_in(inbox, known, 0.0)
    rewrite_unseen(path, "profit 1.3")
    assert inbox.reconcile(known, 30.0) == 0
    assert inbox.reconcile(known, 60.0) == 1
    assert inbox.reconcile(known, 65.0) == 0  # and is not dismissed as known meanwhile
    (taken,) = inbox.settled(known, 70.0)
    assert taken.data == b"profit 1.3"
    known[taken.path] = taken.signature
    assert inbox.reconcile(known, 200.0) == 0
    assert inbox.waiting() == ()


def test_an_audit_that_finds_what_was_recorded_changes_nothing(folder: Path, inbox: Inbox) -> None:
    known: dict[str, str] = {}
    drop(folder)
    taken_in(inbox, known, 0.0)
    assert taken_in(inbox, known, 100.0) == []
    assert inbox.next_s() is None


def test_a_file_that_moves_to_a_network_disk_is_read_once_more(folder: Path, inbox: Inbox) -> None:
    known: dict[str, str] = {}
    drop(folder)
    inbox.network = False
    taken_in(inbox, known, 0.0)
    inbox.network = True
    assert taken_in(inbox, known, 100.0) == ["release.txt"]
    assert taken_in(inbox, known, 200.0) == []


def quiet(count: int, size: int = 10) -> list[Quiet]:
    return [Quiet(f"{number:03}", size, mtime_ns=1000 - number) for number in range(count)]


def test_every_file_comes_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_NEWEST", 0)
    monkeypatch.setattr(audit, "_TURN", 4)
    rounds = Audit()
    turns = [rounds.turn(quiet(10), minute * 60.0) for minute in range(4)]
    assert [len(turn) for turn in turns] == [4, 4, 2, 4]
    assert turns[0] + turns[1] + turns[2] == [each.raw for each in quiet(10)]
    assert turns[3] == turns[0]


def test_the_newest_are_always_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_NEWEST", 1)
    monkeypatch.setattr(audit, "_TURN", 2)
    rounds = Audit()
    assert rounds.turn(quiet(9), 0.0) == ["000", "001"]
    assert rounds.turn(quiet(9), 60.0) == ["000", "002", "003"]


def test_large_files_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_NEWEST", 0)
    rounds, large = Audit(), quiet(3, size=audit._TURN_BYTES)
    assert [rounds.turn(large, minute * 60.0) for minute in range(4)] == [["000"], ["001"], ["002"], ["000"]]


def test_audits_are_a_minute_apart() -> None:
    rounds = Audit()
    assert rounds.turn(quiet(1), 0.0)
    assert not rounds.turn(quiet(1), 59.0)
    assert rounds.turn(quiet(1), 60.0)
