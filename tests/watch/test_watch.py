"""The watch with real folders, real events and real writers."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from watched import PATIENCE_S, drop, has_leases, paths, watching

from feedd.errors import WatchError
from feedd.watch import Watch, disks, hints
from feedd.watch import folder as folder_module


def test_a_folder_on_a_network_disk_is_polled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disks, "disk_kind", lambda *_: "nfs4")
    with Watch(folder) as watch:
        assert watch.mode == "poll"
        drop(folder)
        assert paths(watch.settled({}, 0.0)) == []
        assert paths(watch.settled({}, 9.9)) == []
        assert paths(watch.settled({}, 10.0)) == ["release.txt"]


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
    if not has_leases(folder):
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
    monkeypatch.setattr(hints, "_MOST_HINTS", 5)
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
        assert watch.trouble == (
            f"The system does not tell of new files in {folder} (nothing was told of the last ones); "
            "feedd looks there every 10 s instead."
        )


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

    monkeypatch.setattr(folder_module, "Events", refused)
    with Watch(folder) as watch:
        assert watch.mode == "poll"
        assert "does not tell of new files" in (watch.trouble or "")
        assert "(inotify watch limit reached)" in (watch.trouble or "")


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


def test_an_inbox_that_is_a_link_is_watched_where_it_leads(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    with watching(tmp_path / "link") as world:
        drop(folder, "one.txt")
        world.run_until_taken("one.txt")
        (tmp_path / "second").mkdir()
        (tmp_path / "link").unlink()
        (tmp_path / "link").symlink_to(tmp_path / "second")
        world.tick()
        drop(tmp_path / "second", "two.txt")
        world.run_until_taken("two.txt")
