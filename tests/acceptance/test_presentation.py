"""How a file lies there is not what it says: after touch, chmod, copies, clocks and restarts no byte and no letter."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from acceptance.house import until
from acceptance.test_kills import START, Stage, wait

from factories import a_text

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]

DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A daemon that has published two releases and sent their alerts."""
    stage = Stage(tmp_path_factory.mktemp("presentation"))
    stage.house.environ |= {"FEEDD_WATCH__RESCAN_S": "1", "FEEDD_SERVE__PORT": str(stage.house.port)}
    stage.start()
    drops = {stage.drop(f"{name}.txt", a_text(f"Harbour Copper {name}")) for name in ("Opens", "Closes")}
    wait(stage, drops)
    yield stage
    stage.kill()


def rows(stage: Stage) -> dict[str, tuple[str, str]]:
    """Signature and state of each file that the ledger has."""
    with closing(sqlite3.connect(stage.house.folder / "state/feedd.db")) as conn:
        return {path: tuple(row) for path, *row in conn.execute("SELECT path, signature, state FROM 'drop'")}


def noticed(stage: Stage, change: Callable[[Path], object], name: str = "Opens.txt") -> None:
    """Does something to the file of a release, and waits until the ledger knows what stands at *name* then."""
    before = rows(stage).get(name)
    change(stage.house.inbox / "Opens.txt")
    until(lambda: name in rows(stage) and rows(stage)[name] != before and rows(stage)[name][1] != "taken", "the look")


def touched(stage: Stage) -> None:
    noticed(stage, os.utime)


def made_older(stage: Stage) -> None:
    noticed(stage, lambda path: os.utime(path, (0, 0)))


def made_private(stage: Stage) -> None:
    noticed(stage, lambda path: path.chmod(0o600))


def copied(stage: Stage) -> None:
    noticed(stage, lambda path: shutil.copyfile(path, path.with_name("copy.txt")), "copy.txt")


def written_again(stage: Stage) -> None:
    noticed(stage, lambda path: path.write_bytes(path.read_bytes()))


def renamed(stage: Stage) -> None:
    noticed(stage, lambda path: path.rename(path.with_name("other.txt")), "other.txt")
    (stage.house.inbox / "other.txt").rename(stage.house.inbox / "Opens.txt")


def moved_into_a_folder(stage: Stage) -> None:
    (stage.house.inbox / "2026").mkdir()
    noticed(stage, lambda path: path.rename(path.parent / "2026" / path.name), "2026/Opens.txt")


def restarted(stage: Stage, **environ: str) -> None:
    stage.stop()
    stage.house.environ |= environ
    stage.start()
    stage.await_start()
    done = stage.house.command("status")  # the daemon's own loops have come round by then
    assert "0 outputs stale" in done.stdout, done.stderr


def restarted_in_another_zone(stage: Stage) -> None:
    restarted(stage, TZ="Asia/Kolkata", LC_ALL="C")


def a_day_later(stage: Stage) -> None:
    stage.set(START + DAY, leap=str(DAY.total_seconds()))
    until(lambda: "clock leapt" in stage.house.get("healthz").text, "the leap")
    stage.set(START)
    until(lambda: stage.house.get("healthz").status_code == 200, "the end of it")


def a_day_earlier(stage: Stage) -> None:
    stage.set(START - DAY)
    restarted(stage)
    stage.set(START)


@pytest.mark.parametrize(
    "act",
    [
        *(touched, made_older, made_private, copied, written_again, renamed, moved_into_a_folder),
        *(restarted_in_another_zone, a_day_later, a_day_earlier),
    ],
    ids=lambda act: act.__name__,
)
def test_not_one_byte_or_letter_changes_when_all_that_happened_is(act: Callable[[Stage], None], stage: Stage) -> None:
    before, letters = stage.house.tree(), stage.letters()
    assert len(letters) == 2 and len(before) > 20
    act(stage)
    until(lambda: stage.is_done(set()), "the work")
    assert stage.house.tree() == before
    assert stage.letters() == letters
