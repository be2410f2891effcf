"""Trouble outside: the last good outputs stay, what waits is kept, a sentence says why, and it ends by itself."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from acceptance.house import House, until

from factories import a_text

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]


@contextmanager
def a_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A small disk of its own at *place*, which only root may mount."""
    place.mkdir(parents=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "feedd-test", str(place)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("only root may mount a disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def filled(place: Path) -> Path:
    """Takes all room of the disk at *place*."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 16, 1):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                continue
    return ballast


def remounted(place: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(place)], check=True)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running daemon whose site and state lie on small disks of their own."""
    house = House(tmp_path_factory.mktemp("trouble") / "house", watch__settle_s="0.2")
    with a_disk(house.out, 32), a_disk(house.folder / "state", 32), house.running():
        drop(house, "Harbour Copper Opens Its Gate")
        until(lambda: house.json("status")["stale_outputs"] == 0 and house.titles(), "the whole site")
        yield house


def drop(house: House, title: str) -> None:
    """News of a size that finds no room in what is left over on a full disk."""
    (house.inbox / f"{title}.txt").write_bytes(a_text(title, body="It swings well. " * 10_000))


def told(house: House, *words: str) -> None:
    """Waits until /healthz and `feedd status` both say *words* in a sentence; the log says them too."""

    def says(text: str) -> bool:
        return all(word in text for word in words)

    def asked() -> str:
        done = house.command("status")
        return done.stdout + done.stderr

    until(lambda: (h := house.get("healthz")).status_code == 503 and says(" ".join(h.json()["troubles"])), "health")
    until(lambda: says(asked()), "the status")
    assert says((house.folder / "log").read_text())


def over(house: House, title: str) -> None:
    """Waits until all is well again, without a person: the news is out, and nobody says otherwise."""
    until(lambda: title in house.titles(), "what waited")
    until(lambda: house.get("healthz").status_code == 200, "health")
    until(lambda: "trouble" not in (said := house.command("status").stdout) and " 0 outputs stale" in said, "status")


def outputs(house: House) -> dict[str, bytes]:
    return {path: data for path, data in house.bytes().items() if path != "ballast"}


def test_a_full_disk_below_the_site(house: House) -> None:
    before = outputs(house)
    ballast = filled(house.out)
    drop(house, "Harbour Copper Fills Its Yard")
    told(house, "No space left on device", "make room on the disk")
    assert {path: data for path, data in outputs(house).items() if path in before} == before
    ballast.unlink()
    over(house, "Harbour Copper Fills Its Yard")


def test_a_full_disk_below_the_database(house: House) -> None:
    before = outputs(house)
    ballast = filled(house.folder / "state")
    drop(house, "Harbour Copper Fills Its Store")
    told(house, "state", "make room on")
    assert outputs(house) == before
    ballast.unlink()
    over(house, "Harbour Copper Fills Its Store")


def test_a_site_that_is_read_only(house: House) -> None:
    before = outputs(house)
    remounted(house.out, "ro")
    drop(house, "Harbour Copper Reads")
    told(house, "Read-only file system", "mount the disk for writing")
    assert outputs(house) == before
    remounted(house.out, "rw")
    over(house, "Harbour Copper Reads")


def test_a_folder_that_is_away_for_a_while(house: House) -> None:
    before = outputs(house)
    away = house.inbox.rename(house.folder / "away")
    told(house, "inbox cannot be read", "make it a folder that feedd may read")
    assert outputs(house) == before
    (away / "back.txt").write_bytes(a_text("Harbour Copper Is Back"))
    away.rename(house.inbox)
    over(house, "Harbour Copper Is Back")


def test_a_database_file_that_is_away_for_a_while(house: House) -> None:
    before, place = outputs(house), house.folder / "state/feedd.db"
    away = place.rename(place.with_name("away.db"))
    drop(house, "Harbour Copper Looks for Its Papers")
    told(house, "feedd.db is not there any more", "put it back")
    assert outputs(house) == before and not place.exists()
    away.rename(place)
    over(house, "Harbour Copper Looks for Its Papers")


@pytest.mark.long
def test_a_database_that_another_program_holds(house: House) -> None:
    before = outputs(house)
    with closing(sqlite3.connect(house.folder / "state/feedd.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        drop(house, "Harbour Copper Waits Its Turn")
        told(house, "feedd.db", "another program")
        assert outputs(house) == before
        other.execute("ROLLBACK")
    over(house, "Harbour Copper Waits Its Turn")


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    house = House(tmp_path)
    shut = house.inbox / "shut.txt"
    shut.write_bytes(a_text("Harbour Copper Shuts Its Gate"))
    shut.chmod(0)
    with house.running():
        until(lambda: "shut.txt cannot be read" in house.command("status").stdout, "the status", 90)
        assert "shut.txt" not in house.get("healthz").text  # a name may tell what is in it
        shut.chmod(0o644)
        until(lambda: house.titles() == ["Harbour Copper Shuts Its Gate"], "the release", 90)
        until(lambda: house.get("healthz").status_code == 200, "health")


def test_after_all_of_it_the_site_is_what_the_store_would_write(house: House) -> None:
    assert house.command("publish", "--check").returncode == 0
    assert house.command("verify").returncode == 0
