"""Files that are gone, and disks and folders that only look as if they were."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from watched import drop

from feedd.watch import Inbox, Watch

Known = dict[str, str]


@pytest.fixture
def inbox(folder: Path) -> Inbox:
    return Inbox(folder, settle_s=2.0, count_gone=True)


@pytest.fixture
def known(folder: Path, inbox: Inbox) -> Known:
    """Four drops in the ledger, seen by one rescan at second 0."""
    for name in ("a.txt", "b.txt", "acme/q1.txt", "acme/old/q0.txt"):
        drop(folder, name, text=name)
    known: Known = {}
    inbox.reconcile(known, 0.0)
    known |= {taken.path: taken.signature for taken in inbox.settled(known, 2.0)}
    inbox.reconcile(known, 3.0)
    return known


def gone(inbox: Inbox, known: Known, *times_s: float) -> tuple[str, ...]:
    for now_s in times_s:
        inbox.reconcile(known, now_s)
    return inbox.gone(known)


def test_a_deleted_file_is_gone_after_two_rescans(folder: Path, inbox: Inbox, known: Known) -> None:
    (folder / "a.txt").unlink()
    assert gone(inbox, known, 60) == ()
    assert gone(inbox, known, 120) == ("a.txt",)


def test_it_is_told_until_it_is_out_of_the_ledger(folder: Path, inbox: Inbox, known: Known) -> None:
    (folder / "a.txt").unlink()
    assert gone(inbox, known, 60, 120, 180) == ("a.txt",)
    del known["a.txt"]
    assert inbox.gone(known) == ()


def test_rescans_in_quick_succession_do_not_count_as_two(folder: Path, inbox: Inbox, known: Known) -> None:
    (folder / "a.txt").unlink()
    assert gone(inbox, known, 60, 61, 69) == ()
    assert gone(inbox, known, 70) == ("a.txt",)


def test_a_file_that_came_back_starts_afresh(folder: Path, inbox: Inbox, known: Known) -> None:
    (folder / "a.txt").rename(folder / ".aside")
    gone(inbox, known, 60)
    (folder / ".aside").rename(folder / "a.txt")
    gone(inbox, known, 120)
    (folder / "a.txt").unlink()
    assert gone(inbox, known, 180) == ()


def test_a_file_deleted_while_nobody_watched_is_gone_too(folder: Path, known: Known) -> None:
    (folder / "acme/q1.txt").unlink()
    assert gone(Inbox(folder, settle_s=2.0, count_gone=True), known, 0, 60) == ("acme/q1.txt",)


def test_a_folder_deleted_with_all_below_is_gone(folder: Path, inbox: Inbox, known: Known) -> None:
    shutil.rmtree(folder / "acme")
    assert gone(inbox, known, 60, 120) == ("acme/old/q0.txt", "acme/q1.txt")


def test_the_last_file_of_a_folder_that_we_saw_full_is_gone(folder: Path, inbox: Inbox, known: Known) -> None:
    (folder / "acme/old/q0.txt").unlink()
    assert gone(inbox, known, 60, 120) == ("acme/old/q0.txt",)


def test_a_name_of_odd_bytes_is_looked_for_as_it_is_spelled(folder: Path, inbox: Inbox) -> None:
    path = drop(folder, "odd\n\\x0a\udcff.txt")
    known: Known = {}
    inbox.reconcile(known, 0.0)
    known |= {taken.path: taken.signature for taken in inbox.settled(known, 2.0)}
    assert gone(inbox, known, 60, 120) == ()
    path.unlink()
    assert gone(inbox, known, 180, 240) == ("odd\\x0a\\\\x0a\\xff.txt",)


def test_a_file_that_may_lie_elsewhere_is_not_gone_before_that_one_is_taken(
    folder: Path, inbox: Inbox, known: Known
) -> None:
    (folder / "a.txt").rename(folder / "renamed.txt")
    assert gone(inbox, known, 60, 120) == ()
    known |= {taken.path: taken.signature for taken in inbox.settled(known, 122.0)}
    assert gone(inbox, known, 180) == ("a.txt",)


def make_a_link(folder: Path) -> None:
    (folder / "a.txt").symlink_to("/nowhere")


def make_a_folder(folder: Path) -> None:
    drop(folder, "a.txt/inside.txt")


@pytest.mark.parametrize("instead", [make_a_link, make_a_folder])
def test_what_something_else_stands_in_for_is_not_gone(
    folder: Path, inbox: Inbox, known: Known, instead: Callable[[Path], None]
) -> None:
    (folder / "a.txt").unlink()
    instead(folder)
    assert gone(inbox, known, 60, 120) == ()


def swap(folder: Path, other: Path) -> None:
    """As a disk that is unmounted: the folder's place is taken by another one."""
    other.mkdir()
    folder.rename(other.with_name("aside"))
    other.rename(folder)


@pytest.mark.parametrize("below", ["", "acme"])
def test_an_empty_folder_in_place_of_a_full_one_takes_nothing(
    folder: Path, inbox: Inbox, known: Known, tmp_path: Path, below: str
) -> None:
    swap(folder / below, tmp_path / "empty")
    assert gone(inbox, known, 60, 120, 180) == ()


def test_an_empty_folder_at_the_start_takes_nothing(folder: Path, inbox: Inbox, known: Known) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    assert gone(Inbox(folder, settle_s=2.0, count_gone=True), known, 0, 60, 120) == ()


def test_a_folder_that_is_not_there_takes_nothing(folder: Path, inbox: Inbox, known: Known) -> None:
    folder.rename(folder.with_name("aside"))
    assert gone(inbox, known, 60, 120, 180) == ()


def test_what_cannot_be_looked_at_is_not_gone(
    folder: Path, inbox: Inbox, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.txt").unlink()

    def refused(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("os.lstat", refused)
    assert gone(inbox, known, 60, 120) == ()


def test_only_what_was_seen_in_a_swapped_folder_is_gone_from_there(folder: Path, tmp_path: Path) -> None:
    drop(folder, "a.txt")
    drop(folder, "b.txt")
    known: Known = {}

    def look(*times_s: float) -> None:
        for now_s in times_s:
            known.update({taken.path: taken.signature for taken in watch.settled(known, now_s)})

    with Watch(folder, mode="poll", count_gone=True) as watch:
        look(0, 2)
        (folder / "a.txt").unlink()
        look(10)
        swap(folder, tmp_path / "other")
        drop(folder, "b.txt")
        look(20, 22, 40, 60)
        assert watch.vanished(known) == ()
        (folder / "b.txt").unlink()
        look(80, 100)
        assert watch.vanished(known) == ("b.txt",)


def test_nothing_is_counted_unless_it_was_asked_for(folder: Path, known: Known) -> None:
    (folder / "a.txt").unlink()
    assert gone(Inbox(folder, settle_s=2.0), known, 60, 120) == ()
