"""What is wrong costs one file and one sentence, never the daemon."""

from __future__ import annotations

import random
import socket
from pathlib import Path

import pytest
from acceptance.house import House, until

from factories import a_text

pytestmark = pytest.mark.acceptance


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def drop_bad_files(house: House) -> None:
    (house.inbox / "empty.txt").write_bytes(b"")
    (house.inbox / "noise.txt").write_bytes(random.Random(1).randbytes(200_000))
    (house.inbox / "headless.txt").write_text("March 2, 2026 - Harbour Copper Corp. reports that all is well today.\n")


def test_bad_files_are_set_aside_with_a_sentence_and_the_next_good_one_goes_through(house: House) -> None:
    with house.running():
        drop_bad_files(house)
        until(lambda: len(house.json("quarantine", "list")) == 3, "the quarantine")
        (house.inbox / "good.txt").write_bytes(a_text("Harbour Copper Opens Its Gate"))
        until(lambda: house.titles() == ["Harbour Copper Opens Its Gate"], "the good file")
        found = {row["path"]: row for row in house.json("quarantine", "list")}
        assert found["empty.txt"]["code"] == "empty"
        assert found["noise.txt"]["code"] == "binary"
        assert found["headless.txt"]["code"] == "no-headline"
        assert all(row["reason"].endswith(".") and row["wish"] for row in found.values())
        said = house.command("status").stdout
        assert all(name in said for name in found)


def test_a_mended_file_leaves_the_quarantine(house: House) -> None:
    (house.inbox / "news.txt").write_text("March 2, 2026 - Harbour Copper Corp. reports that all is well today.\n")
    house.command("once")
    assert len(house.json("quarantine", "list")) == 1
    (house.inbox / "news.txt").write_bytes(a_text())
    house.command("once")
    assert house.json("quarantine", "list") == []


def test_quarantined_drops_leave_exit_0(house: House) -> None:
    (house.inbox / "headless.txt").write_text("March 2, 2026 - Harbour Copper Corp. reports that all is well today.\n")
    done = house.command("once")
    assert done.returncode == 0
    assert "headless.txt" in done.stdout


def test_an_embargo_holds_the_drop_and_nothing_of_it_is_anywhere_until_a_person_lets_it_out(house: House) -> None:
    text = b"EMBARGOED UNTIL THE MARKET OPENS\n\n" + a_text("Harbour Copper Buys Its Neighbour")
    (house.inbox / "secret.txt").write_bytes(text)
    with house.running():
        [held] = until(lambda: house.json("status")["held"], "the held release")
        assert not any(b"Neighbour" in data for data in house.bytes().values())
        assert not any("neighbour" in path for path in house.bytes())
        assert "Neighbour" not in (house.folder / "log").read_text()
        assert house.titles() == []
        done = house.command("release", held["short_id"], "--yes")
        assert done.returncode == 0, done.stderr
        until(lambda: house.titles() == ["Harbour Copper Buys Its Neighbour"], "the entry")


def test_a_port_in_use_is_one_sentence_and_exit_1(house: House) -> None:
    with socket.create_server(("127.0.0.1", house.port)):
        done = house.command("run")
    assert done.returncode == 1
    assert str(house.port) in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_an_unknown_key_is_one_sentence_and_exit_2(house: House) -> None:
    (house.folder / "feedd.toml").write_text("[watch]\nsetle_s = 3\n")
    done = house.command("run")
    assert done.returncode == 2
    assert "setle_s" in done.stderr and "settle_s" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(("name", "value"), [("FEEDD_SERVE__PORT", "http"), ("FEEDD_WATCH__RESCAN_S", "soon")])
def test_a_wrong_variable_is_one_sentence_and_exit_2(house: House, name: str, value: str) -> None:
    done = house.command("status", **{name: value})
    assert done.returncode == 2
    assert name in done.stderr and value in done.stderr and "give" in done.stderr


def test_a_wrong_call_is_exit_2(house: House) -> None:
    assert house.command("run", "--roles", "sing").returncode == 2
    assert house.command("nonsense").returncode == 2


def test_an_unwritable_site_fails_once_and_publish_with_1(house: House) -> None:
    house.out.write_text("a file in the way")
    for words in (["once"], ["publish", "--full"]):
        done = house.command(*words)
        assert done.returncode == 1
        assert str(house.out) in done.stderr


def test_the_daemon_stays_when_the_site_cannot_be_written_says_so_and_recovers(house: House) -> None:
    house.out.write_text("a file in the way")
    (house.inbox / "news.txt").write_bytes(a_text("Harbour Copper Opens Its Gate"))
    with house.running():
        health = until(lambda: (h := house.get("healthz")).status_code == 503 and h, "the trouble")
        assert "could not be written" in health.json()["troubles"][0]
        until(lambda: "could not be written" in house.command("status").stdout, "the status")
        house.out.unlink()
        until(lambda: house.out.is_dir() and house.titles() == ["Harbour Copper Opens Its Gate"], "the entry")
        until(lambda: house.get("healthz").status_code == 200, "health")
        assert house.json("status")["troubles"] == []
