"""Recorded files are put away: each once, none over another, none that is not recorded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from watched import drop, watching

from feedd.watch import Watch, away
from feedd.watch.away import put_away
from feedd.watch.taking import signature


def recorded(path: Path) -> str:
    return signature(path.stat(), network=False)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_file_goes_to_the_same_place_below(folder: Path) -> None:
    path = drop(folder, "acme/q1/release.txt")
    assert put_away(folder, "acme/q1/release.txt", recorded(path), "done", network=False)
    assert names(folder) == ["done/acme/q1/release.txt"]


@pytest.mark.parametrize(
    ("name", "second", "third"),
    [
        ("release.txt", "release (2).txt", "release (3).txt"),
        ("release", "release (2)", "release (3)"),
        ("é" * 125 + ".html", "é" * 123 + " (2).html", "é" * 123 + " (3).html"),
    ],
)
def test_a_name_that_is_taken_gets_a_number(folder: Path, name: str, second: str, third: str) -> None:
    for text in ("first", "second", "third"):
        path = drop(folder, name, text)
        assert put_away(folder, name, recorded(path), "done", network=False)
    assert [(folder / "done" / each).read_text() for each in (name, second, third)] == ["first", "second", "third"]


def test_a_file_that_changed_since_it_was_recorded_stays(folder: Path) -> None:
    path = drop(folder)
    before = recorded(path)
    path.write_text("a correction", encoding="utf-8")
    assert not put_away(folder, "release.txt", before, "done", network=False)
    assert names(folder) == ["release.txt"]


def test_a_file_that_is_open_for_writing_stays(folder: Path) -> None:
    path = drop(folder)
    with path.open("a"):
        assert not put_away(folder, "release.txt", recorded(path), "done", network=False)
    assert names(folder) == ["release.txt"]


def test_a_file_that_is_gone_or_no_file_is_no_trouble(folder: Path) -> None:
    path = drop(folder)
    before = recorded(path)
    path.unlink()
    assert not put_away(folder, "release.txt", before, "done", network=False)
    path.symlink_to("/etc/hostname")
    assert not put_away(folder, "release.txt", before, "done", network=False)
    assert path.is_symlink()


def test_a_correction_saved_in_the_last_moment_is_brought_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop(folder)
    before = recorded(path)
    really = os.rename

    def saved_just_before(*names: str, **at: int) -> None:
        monkeypatch.undo()
        drop(folder, ".new", "a correction").replace(path)
        really(*names, **at)

    monkeypatch.setattr(away.os, "rename", saved_just_before)
    assert not put_away(folder, "release.txt", before, "done", network=False)
    assert (names(folder), path.read_text()) == (["release.txt"], "a correction")


def test_a_link_in_place_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (folder / "done").symlink_to(tmp_path / "outside")
    path = drop(folder)
    with pytest.raises(OSError, match="Not a directory"):
        put_away(folder, "release.txt", recorded(path), "done", network=False)
    assert path.exists()


def test_a_move_that_fails_leaves_the_file_and_nothing_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop(folder)

    def refused(*_: object, **__: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(away.os, "rename", refused)
    with pytest.raises(OSError, match="cross-device"):
        put_away(folder, "release.txt", recorded(path), "done", network=False)
    assert names(folder) == ["release.txt"]


# ── As the watch does it ────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_recorded_is_moved_and_never_taken_again(folder: Path) -> None:
    drop(folder, "one.txt")
    with watching(folder, after="done", settle_s=0.2, rescan_s=1) as world:
        world.run_until(lambda: world.moved == 1)
        drop(folder, "one.txt", "the next one")
        world.run_until(lambda: world.moved == 2)
        world.watch.poke()
        world.tick()
        assert world.paths == ["one.txt", "one.txt"]
        assert names(folder) == ["done/one (2).txt", "done/one.txt"]


def test_what_a_crash_left_between_recording_and_moving_is_moved_later(folder: Path) -> None:
    known = {"a.txt": recorded(drop(folder, "a.txt"))}
    with Watch(folder, mode="poll", after="done") as watch:
        assert list(watch.settled(known, 0.0)) == []
        assert watch.put_away(known) == 1
    assert names(folder) == ["done/a.txt"]


def test_a_great_many_are_moved_in_steps(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedd.watch.folder._PUT_AWAY", 2)
    known = {f"{number}.txt": recorded(drop(folder, f"{number}.txt")) for number in range(5)}
    with Watch(folder, mode="poll", after="done") as watch:
        list(watch.settled(known, 0.0))
        assert watch.due_in_s(0.0) < 0.1
        assert [watch.put_away(known) for _ in range(4)] == [2, 2, 1, 0]
        assert watch.due_in_s(0.0) > 0.1


def test_a_file_waits_until_its_new_folder_is_watched(folder: Path) -> None:
    known = {"acme/a.txt": recorded(drop(folder, "acme/a.txt"))}
    with Watch(folder, mode="events", after="done") as watch:
        list(watch.settled(known, 0.0))
        assert watch.put_away(known) == 0
        assert (folder / "done/acme").is_dir()
        assert watch.put_away(known) == 1
    assert names(folder) == ["done/acme/a.txt"]


def test_a_failure_is_a_sentence_and_is_tried_again(folder: Path) -> None:
    known = {"a.txt": recorded(drop(folder, "a.txt"))}
    obstacle = drop(folder, "done", "a file where a folder should be")
    known["done"] = recorded(obstacle)
    with Watch(folder, mode="poll", after="done") as watch:
        list(watch.settled(known, 0.0))
        assert watch.put_away(known) == 0
        assert watch.trouble == (
            f"a.txt cannot be put into {folder / 'done'} (Not a directory); make that a folder that feedd may write."
        )
        obstacle.unlink()
        list(watch.settled(known, 60.0))
        assert watch.put_away(known) == 1
        assert watch.trouble is None
    assert names(folder) == ["done/a.txt"]


def test_a_file_put_away_is_not_gone(folder: Path) -> None:
    known = {"a.txt": recorded(drop(folder, "a.txt")), "b.txt": "an earlier one"}
    with Watch(folder, mode="poll", after="done", count_gone=True) as watch:
        for now_s in (0.0, 60.0, 120.0):
            list(watch.settled(known, now_s))
            watch.put_away(known)
        assert watch.vanished(known) == ()


def test_a_watch_that_puts_nothing_away_leaves_everything(folder: Path) -> None:
    known = {"done/a.txt": recorded(drop(folder, "done/a.txt"))}
    with Watch(folder, mode="poll") as watch:
        list(watch.settled(known, 0.0))
        assert watch.put_away(known) == 0
        assert watch.due_in_s(0.0) > 0.1
