"""The canary: heard, the watch goes on; silent, the folder is polled."""

from __future__ import annotations

from pathlib import Path

import pytest
from watched import drop, watching

from feedd.watch import Watch, canary
from feedd.watch.canary import Canary


def test_two_silences_in_a_row_make_it_silent(folder: Path) -> None:
    bird = Canary(folder, every_s=60)
    bird.sing(0.0)
    bird.sing(4.9)
    bird.sing(5.0)
    assert not bird.is_silent
    bird.sing(10.0)
    assert bird.is_silent


def test_a_late_echo_is_enough(folder: Path) -> None:
    bird = Canary(folder, every_s=60)
    bird.sing(0.0)
    bird.sing(5.0)
    bird.heard()
    bird.sing(10.0)
    bird.sing(65.0)
    assert not bird.is_silent
    bird.sing(70.0)
    assert not bird.is_silent


def test_what_cannot_be_touched_is_not_waited_for(folder: Path) -> None:
    (folder / canary.NAME).mkdir()
    bird = Canary(folder, every_s=60)
    for now_s in (0.0, 60.0, 120.0):
        with pytest.raises(IsADirectoryError):
            bird.sing(now_s)
    assert not bird.is_silent


def test_a_watch_whose_events_come_hears_it_and_takes_it_away_at_the_end(folder: Path) -> None:
    with watching(folder, sing=True, settle_s=0.1) as world:
        bird = world.watch._canary
        assert bird and (folder / canary.NAME).exists()
        world.run_until(lambda: not bird._is_awaited)
        drop(folder)
        world.run_until_taken("release.txt")
        assert world.paths == ["release.txt"]
        assert (world.watch.mode, world.watch.trouble) == ("events", None)
    assert not (folder / canary.NAME).exists()


def test_a_watch_without_events_turns_to_polling_and_says_so(folder: Path) -> None:
    with Watch(folder, sing=True) as watch:
        watch._hints.dispatch = lambda event: None  # type: ignore[method-assign]
        for now_s in (0.0, 5.0, 10.0):
            list(watch.settled({}, now_s))
        assert watch.mode == "poll"
        assert "(nothing was told of .feedd-canary); feedd looks there every 10 s instead." in (watch.trouble or "")


def test_events_that_were_lost_are_events(folder: Path) -> None:
    with Watch(folder, sing=True) as watch:
        watch._hints.dispatch = lambda event: None  # type: ignore[method-assign]
        for now_s in (0.0, 5.0, 10.0, 15.0):
            watch._hints.overflow()
            list(watch.settled({}, now_s))
        assert watch.mode == "events"


def test_a_folder_that_may_not_be_written_is_told(folder: Path) -> None:
    (folder / canary.NAME).mkdir()
    with Watch(folder, sing=True) as watch:
        list(watch.settled({}, 0.0))
        assert watch.trouble == f"{folder / canary.NAME} cannot be touched (Is a directory)."


def test_nothing_is_touched_unless_it_was_asked_for(folder: Path) -> None:
    with watching(folder) as world:
        world.tick()
        assert list(folder.iterdir()) == []
