"""kill -9 at any moment: nothing lost, nothing doubled, nothing half; the site as if nothing had happened."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import mailbox
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from acceptance.house import PATIENCE_S, House

from factories import a_text, a_wish
from feedd.model import Cadence
from feedd.store import Store, subscribers

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]

START = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
CLOCKED = Path(__file__).with_name("clocked.py")


def steps() -> Iterator[tuple[str, bytes]]:
    """A stream of drops: news, a duplicate, corrections, withdrawals, an embargo, and what is no release."""
    for number in range(4):
        yield f"{number}.txt", a_text(f"Harbour Copper Reports Number {number}", body=f"It made {number} t.")
    yield "copy of 0.txt", a_text("Harbour Copper Reports Number 0", body="It made 0 t.")
    yield "1.txt", a_text("Harbour Copper Reports Number 1", body="It made 11 t.")
    yield "odd.txt", b"\0" * 100
    yield "withdrawn/2.txt", a_text("Harbour Copper Reports Number 2", body="It made 2 t.")
    yield "secret.txt", b"EMBARGOED UNTIL March 2, 2026, 20:00 UTC\n\n" + a_text("Harbour Copper Buys Its Neighbour")
    yield "late.txt", a_text("Harbour Copper Is Content", body="Quite so.")


class Stage:
    """A daemon under the test's clock, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        # Each would make its own address from its port, and the bytes are compared.
        self.house = House(folder, watch__settle_s="0.1", site__base_url="https://news.example.com")
        self.clock = folder / "clock"
        self.kills = 0
        self._process: subprocess.Popen[str] | None = None
        self.set(START)
        store = Store(f"sqlite:///{folder / 'state/feedd.db'}")
        store.migrate()
        with store.begin() as conn:
            subscribers.add(conn, a_wish(cadence=Cadence.AT_ONCE), window_start=START, at=START)
        store.close()

    def set(self, at: dt.datetime, leap: str = "") -> None:
        beside = self.clock.with_suffix(".new")
        beside.write_text(f"{at.isoformat()} {leap}")
        beside.replace(self.clock)

    def start(self, boundary: int = 0) -> None:
        with (self.house.folder / "log").open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, str(CLOCKED), str(self.clock), str(boundary)], cwd=self.house.folder,
                env=self.house.environ, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip

    def await_start(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        assert self._process.stdout.readline() == "running\n"

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._end()
            self.kills += 1

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._end()

    def is_dead(self) -> bool:
        if self._process is not None and self._process.poll() is None:
            return False
        self._end()
        return True

    def _end(self) -> None:
        if self._process is not None:
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process.wait(10)
            self._process = None

    def drop(self, name: str, data: bytes) -> tuple[str, str]:
        place = self.house.inbox / name
        place.parent.mkdir(exist_ok=True)
        beside = place.with_name(f".{place.name}.part")
        beside.write_bytes(data)
        os.utime(beside, (START.timestamp(), START.timestamp()))
        beside.replace(place)
        return name, hashlib.sha256(data).hexdigest()

    def is_done(self, drops: set[tuple[str, str]]) -> bool:
        """Whether all of *drops* (path, hash) are judged and shown, and no letter is due."""
        now = self._now()
        ask = {
            "judged": "SELECT path || ' ' || sha256 FROM 'drop' WHERE state != 'taken'",
            "stale": "SELECT path FROM output WHERE wanted > written",
            "due": f"SELECT key FROM delivery WHERE state NOT IN ('sent', 'ended') AND next_at <= '{now}'",
            "shut": f"SELECT id FROM release WHERE state = 'embargoed' AND embargo_until <= '{now}'",
        }  # fmt: skip
        conn = sqlite3.connect(f"file:{self.house.folder / 'state/feedd.db'}?mode=ro", uri=True)
        found = {what: {row[0] for row in conn.execute(words)} for what, words in ask.items()}
        is_born = conn.execute("SELECT count(*) FROM output").fetchone()[0] > 0
        conn.close()
        return (
            is_born
            and {" ".join(drop) for drop in drops} <= found["judged"]
            and not any(found[what] for what in ("stale", "due", "shut"))
        )

    def _now(self) -> str:
        return self.clock.read_text().split()[0].replace("T", " ").removesuffix("+00:00") + ".000000"

    def letters(self) -> list[str]:
        return sorted(str(letter["Message-ID"]) for letter in mailbox.Maildir(self.house.folder / "state/mail"))


def play(stage: Stage, dice: random.Random | None, kills_a_step: int) -> None:
    """Drops the stream, a minute apart; kills and starts again while each step is worked off."""
    drops: set[tuple[str, str]] = set()
    at = START
    stage.start()
    wait(stage, drops)  # the store is born at this time
    for name, data in [*steps(), *[("", b"")] * 2]:
        at += dt.timedelta(minutes=1) if name else dt.timedelta(hours=8)
        stage.set(at)
        if name:
            drops.add(stage.drop(name, data))
        for _ in range(kills_a_step):
            assert dice is not None
            time.sleep(dice.uniform(0.0, 1.2))
            stage.kill()
            stage.start()
        wait(stage, drops)
    stage.stop()


def wait(stage: Stage, drops: set[tuple[str, str]]) -> bool:
    """Waits until all is done; starts a daemon that has died again, and gives whether one had."""
    died = False
    ends_s = time.monotonic() + PATIENCE_S
    while not stage.is_done(drops):
        if stage.is_dead():
            died = True
            stage.start()
        if time.monotonic() > ends_s:
            stage.kill()
            raise AssertionError((stage.house.folder / "log").read_text()[-4000:])
        time.sleep(0.05)
    return died


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    stage = Stage(tmp_path_factory.mktemp("calm"))
    play(stage, None, 0)
    return stage


def test_the_undisturbed_run_is_what_one_expects(undisturbed: Stage) -> None:
    pages = "".join(data.decode() for path, data in undisturbed.house.bytes().items() if path == "index.html")
    for words in ("Number 0", "Number 1", "Withdrawn", "Buys Its Neighbour", "Is Content"):
        assert words in pages
    assert len(undisturbed.letters()) == 7  # five releases, a correction, an embargo that ended


def disturbed(folder: Path, seed: int, kills_a_step: int) -> Stage:
    stage = Stage(folder)
    play(stage, random.Random(seed), kills_a_step)
    return stage


def compare(stage: Stage, calm: Stage) -> None:
    found, wanted = stage.house.bytes(), calm.house.bytes()
    assert found.keys() == wanted.keys()
    assert [path for path in wanted if found[path] != wanted[path]] == []
    assert set(stage.letters()) == set(calm.letters())


def test_kills_at_random_moments_change_nothing(tmp_path: Path, undisturbed: Stage) -> None:
    stage = disturbed(tmp_path, seed=1, kills_a_step=2)
    assert stage.kills >= 20
    compare(stage, undisturbed)
    assert len(stage.letters()) == len(undisturbed.letters())


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_two_hundred_kills_change_nothing(tmp_path: Path, undisturbed: Stage) -> None:
    kills = 0
    for seed in itertools.count(2):
        stage = disturbed(tmp_path / str(seed), seed, kills_a_step=4)
        compare(stage, undisturbed)
        kills += stage.kills
        if kills >= 200:
            return


def drop_all(stage: Stage) -> set[tuple[str, str]]:
    """The whole stream at once; of two drops under one path the first, or none could tell which was there."""
    first: dict[str, bytes] = {}
    for name, data in steps():
        first.setdefault(name, data)
    return {stage.drop(name, data) for name, data in first.items()}


def die_once(folder: Path, boundary: int) -> tuple[Stage, bool]:
    """A run with one death at *boundary* (0: none), and whether it came to that."""
    stage = Stage(folder)
    drops = drop_all(stage)
    stage.start(boundary)
    died = wait(stage, drops) or stage.is_dead()
    stage.stop()
    return stage, died


@pytest.fixture(scope="module")
def all_at_once(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return die_once(tmp_path_factory.mktemp("at-once"), 0)[0]


@pytest.mark.parametrize("boundary", [1, 3, 4, 6, 9, 14, 25, 40])
def test_a_death_at_a_boundary_changes_nothing(tmp_path: Path, boundary: int, all_at_once: Stage) -> None:
    stage, died = die_once(tmp_path, boundary)
    assert died
    compare(stage, all_at_once)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_death_at_any_boundary_changes_nothing(tmp_path: Path, all_at_once: Stage) -> None:
    for boundary in itertools.count(1):
        stage, died = die_once(tmp_path / str(boundary), boundary)
        compare(stage, all_at_once)
        if not died:
            assert boundary > 30
            return
