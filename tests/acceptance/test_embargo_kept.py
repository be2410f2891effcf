"""An embargo ends at its second: before it nothing is anywhere, from it everything is there within two seconds."""

from __future__ import annotations

import datetime as dt
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from acceptance.house import House, until
from acceptance.test_kills import START, Stage

from factories import a_text

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]

SECRET = "Harbour Copper Buys Its Neighbour"
TELLTALE = re.compile(rb"buys[- ]its[- ]neighbour", re.IGNORECASE)
PAGE = "releases/2026/03/harbour-copper-buys-its-neighbour/"
ADDRESSES = ["", "feeds/", "feeds/all.atom", "feeds/all.rss", "feeds/corporate_milestone.atom", PAGE, "healthz"]
NEVER = dt.timedelta(hours=8)


def leaks(house: House) -> list[str]:
    """Every place where the secret shows: names and bytes of all outputs, letters, the log, every address."""
    found = [str(path) for path in house.out.rglob("*") if TELLTALE.search(str(path).encode())]
    found += [path for path, data in house.bytes().items() if TELLTALE.search(data)]
    found += [str(path) for path in house.letters() if TELLTALE.search(path.read_bytes())]
    found += ["log"] if TELLTALE.search((house.folder / "log").read_bytes()) else []
    for address in ADDRESSES:
        answer = house.get(address)
        if TELLTALE.search(answer.content) or (address == PAGE and answer.status_code != 404):
            found.append(address)
    return found


@pytest.fixture
def stage(tmp_path: Path):
    stage = Stage(tmp_path)
    stage.house.environ["FEEDD_SERVE__PORT"] = str(stage.house.port)
    stage.start()
    stage.await_start()
    until(lambda: (stage.house.out / "index.html").exists(), "the site")
    yield stage
    stage.kill()


def embargoed(stage: Stage) -> None:
    text = f"EMBARGOED UNTIL March 2, 2026, 18:00 UTC\n\n{a_text(SECRET).decode()}"
    stage.drop("secret buys-its-neighbour.txt", text.encode())
    until(lambda: "1 embargoed" in stage.house.command("status").stdout, "the reading")


OPENS = START + dt.timedelta(hours=6)


def restarted(stage: Stage) -> None:
    stage.kill()
    stage.start()
    stage.await_start()


def set_back(stage: Stage) -> None:
    stage.set(OPENS - dt.timedelta(seconds=2))
    time.sleep(1.5)
    stage.set(START - NEVER)
    time.sleep(1.5)


@pytest.mark.parametrize("between", [restarted, set_back, lambda stage: None], ids=["restart", "set back", "quiet"])
def test_nothing_is_anywhere_before_and_all_is_there_after(stage: Stage, between: Callable[[Stage], None]) -> None:
    embargoed(stage)
    between(stage)
    stage.set(OPENS - dt.timedelta(microseconds=1))
    time.sleep(1.5)
    assert leaks(stage.house) == []
    stage.set(OPENS)
    until(lambda: stage.house.get(PAGE).status_code == 200, "the page")
    until(lambda: SECRET in stage.house.titles() and SECRET in stage.house.get("").text, "the feed and the index")
    until(lambda: any(TELLTALE.search(path.read_bytes()) for path in stage.house.letters()), "the alert")
    [entry] = stage.house.entries()
    assert entry.published == "2026-03-02T18:00:00+00:00"


def test_a_clock_that_leapt_over_the_second_opens_nothing_until_it_is_set_right(stage: Stage) -> None:
    embargoed(stage)
    stage.set(OPENS + dt.timedelta(hours=1), leap="25200")
    until(lambda: "clock leapt" in stage.house.command("status").stdout, "the sentence")
    assert leaks(stage.house) == []
    stage.set(START)
    until(lambda: "clock leapt" not in stage.house.command("status").stdout, "the end of it")
    stage.set(OPENS)
    until(lambda: SECRET in stage.house.titles(), "the feed")


def test_a_person_opens_it_early(stage: Stage) -> None:
    embargoed(stage)
    [line] = [line for line in stage.house.command("status").stdout.splitlines() if SECRET in line]
    short_id = line.split(": ")[1].split()[0]
    assert stage.house.command("release", short_id, "--yes").returncode == 0
    until(lambda: SECRET in stage.house.titles(), "the feed")


def test_in_real_time_the_second_is_kept(tmp_path: Path) -> None:
    house = House(tmp_path)
    (tmp_path / "log").touch()
    with house.running():
        until(lambda: house.get("feeds/all.atom").status_code == 200, "the start")
        opens = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(seconds=8)
        folder = house.inbox / f"embargo/{opens:%Y-%m-%dT%H%M%S}Z"
        folder.mkdir(parents=True)
        (folder / "neighbour.txt").write_bytes(a_text(SECRET, day=f"{opens:%B} {opens.day}, {opens.year}"))
        early: list[str] = []
        seen = threading.Event()

        def hammer() -> None:
            while not seen.is_set():
                before = dt.datetime.now(dt.UTC)
                shown = TELLTALE.search(house.get("feeds/all.atom").content) or any(
                    TELLTALE.search(str(path).encode()) for path in house.out.rglob("*")
                )
                if shown and dt.datetime.now(dt.UTC) < opens:
                    early.append(f"{before}")
                if shown:
                    seen.set()

        thread = threading.Thread(target=hammer)
        thread.start()
        until(seen.is_set, "the release")
        thread.join()
        until(lambda: SECRET in house.titles(), "the feed")
    assert early == []
