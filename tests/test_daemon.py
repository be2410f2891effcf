"""The loops in this process: what they do, what they say when something outside fails, how they end."""

from __future__ import annotations

import datetime as dt
import errno
import threading
import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import httpx
import pytest
from acceptance.house import free_port, until

import feedd.sandbox.processes
from factories import a_text, a_wish
from feedd import daemon
from feedd.config import Config, load
from feedd.daemon import Daemon, once
from feedd.errors import InUseError, StoreError
from feedd.ingest.reading import in_sandbox
from feedd.jobs import Job
from feedd.jumps import Tick
from feedd.model import Cadence
from feedd.parts import Parts, assemble
from feedd.sandbox import Sandbox
from feedd.store import deliveries, releases, subscribers, troubles

BOOT = feedd.sandbox.processes._boot


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load(None, environ={"FEEDD_SERVE__PORT": str(free_port())}, folder=tmp_path)


@pytest.fixture
def parts(config: Config):
    parts = assemble(config)
    yield parts
    parts.store.close()


@pytest.fixture
def running(parts: Parts):
    """Starts daemons on these parts and stops them at the end."""
    started: list[Daemon] = []

    def start(*roles: str, samples: bool = False, of: Parts = parts) -> Daemon:
        made = Daemon(of, roles or daemon.ROLES, samples=samples)
        started.append(made)
        made.start()
        return made

    yield start
    for each in started:
        each.stop()


def drop(parts: Parts, name: str, data: bytes) -> None:
    parts.config.watch.folder.mkdir(exist_ok=True)
    (parts.config.watch.folder / name).write_bytes(data)


def public(parts: Parts) -> list[str]:
    with parts.store.read() as conn:
        return [entry.release.title for entry in releases.newest(conn, None, 50, [])]


def noted(parts: Parts) -> list[str]:
    """The names of the troubles that `feedd status` tells."""
    with parts.store.read() as conn:
        return [name for name, _sentence, _since in troubles.present(conn)]


def test_a_drop_is_on_the_web_within_moments(parts: Parts, running) -> None:
    port = running().port
    drop(parts, "gate.txt", a_text("Harbour Copper Opens Its Gate"))
    until(lambda: "Opens Its Gate" in httpx.get(f"http://127.0.0.1:{port}/feeds/all.atom").text, "the entry")


def test_a_burst_is_published_whole(parts: Parts, running, monkeypatch) -> None:
    monkeypatch.setattr(daemon, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(daemon, "LISTS_EVERY_S", 600.0)
    for number in range(12):
        drop(parts, f"{number}.txt", a_text(f"Harbour Copper Opens Gate Number {number}"))
    running("watch", "publish")
    until(lambda: (parts.press.out / "feeds/all.rss").is_file(), "the feed")
    until(lambda: (parts.press.out / "feeds/all.rss").read_text().count("<item>") == 12, "all entries")
    assert len(list(parts.press.out.glob("releases/*/*/*/index.html"))) == 12


def test_roles_run_apart(parts: Parts, running) -> None:
    watching = running("watch")
    assert watching.port is None
    drop(parts, "gate.txt", a_text("Harbour Copper Opens Its Gate"))
    until(lambda: public(parts), "the release")
    assert not parts.press.out.exists()
    running("publish")
    until((parts.press.out / "index.html").is_file, "the site")


def test_the_three_samples_are_there_and_their_digest_is_sent(parts: Parts, running) -> None:
    running(samples=True)
    until(lambda: len(public(parts)) == 3, "the samples")
    until(lambda: list(parts.config.mail.maildir.glob("new/*")), "the letter")

    def letters() -> dict[str, int]:
        with parts.store.read() as conn:
            return deliveries.count_by_state(conn)

    until(lambda: letters() == {"sent": 1}, "the record of it")


def test_an_inbox_with_files_gets_no_samples(parts: Parts, running) -> None:
    drop(parts, "own.txt", a_text("Our Own News"))
    running(samples=True)
    until(lambda: public(parts) == ["Our Own News"], "our release")
    assert [path.name for path in parts.config.watch.folder.iterdir()] == ["own.txt"]


def test_what_another_command_changed_is_published_soon(parts: Parts, running) -> None:
    from feedd.ingest import let_out

    drop(parts, "secret.txt", b"EMBARGOED UNTIL THE MARKET OPENS\n\n" + a_text("Harbour Buys"))
    running()

    def held() -> list:
        with parts.store.read() as conn:
            return releases.waiting(conn, "held")

    [known] = until(held, "the held release")
    let_out(parts.store, known.short_id, parts.terms, parts.now)
    until(lambda: "Harbour Buys" in (parts.press.out / "index.html").read_text(), "the page")


def test_a_port_in_use_stops_the_start(parts: Parts, running) -> None:
    running("serve")
    with pytest.raises(InUseError, match=str(parts.config.serve.port)):
        Daemon(parts, ["serve"]).start()


def test_a_loop_that_fails_says_so_and_goes_on(parts: Parts, running, monkeypatch) -> None:
    monkeypatch.setattr(daemon, "RETRY_S", 0.05)
    real, broken = daemon.publish, threading.Event()

    def publish(*args, **how):
        if broken.is_set():
            raise StoreError("The database cannot be used now: disk full.")
        return real(*args, **how)

    monkeypatch.setattr(daemon, "publish", publish)
    broken.set()
    made = running("publish")
    until(lambda: made.troubles() == ["The database cannot be used now: disk full."], "the trouble")
    until(lambda: noted(parts) == ["publish"], "the note of it")
    broken.clear()
    until(lambda: made.troubles() == [], "the end of it")
    until(lambda: noted(parts) == [], "the note of its end")
    assert (parts.press.out / "index.html").is_file()


def test_a_trouble_that_could_not_be_noted_is_noted_when_the_store_is_back(parts: Parts, running, monkeypatch) -> None:
    monkeypatch.setattr(daemon, "RETRY_S", 0.05)
    real, broken = daemon._note, threading.Event()

    def note(*args):
        if broken.is_set():
            raise StoreError("The database cannot be used now: disk full.")
        real(*args)

    monkeypatch.setattr(daemon, "_note", note)
    broken.set()
    parts.press.out.write_text("a file in the way")
    made = running("publish")
    until(made.troubles, "the trouble")
    assert noted(parts) == []
    broken.clear()
    until(lambda: noted(parts) == ["out"], "the note of it")


def test_drops_wait_while_no_process_can_be_had_to_read_them(parts: Parts, running, monkeypatch) -> None:
    def boot(_control: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(daemon, "RETRY_S", 0.05)
    monkeypatch.setattr(feedd.sandbox.processes, "_boot", real := Mock(side_effect=boot))
    box = Sandbox("feedd.jobs:understood")
    read = in_sandbox(box, lambda each: Job(each.data, each.drop.path, each.drop.mtime).packed())
    made = running(of=replace(parts, sandbox=box, read=read))
    drop(parts, "gate.txt", a_text("Harbour Copper Opens Its Gate"))
    [sentence] = until(made.troubles, "the trouble")
    assert "cannot be started (Resource temporarily unavailable); see whether the machine has memory" in sentence
    assert httpx.get(f"http://127.0.0.1:{made.port}/healthz").status_code == 503
    real.side_effect = BOOT
    until(lambda: public(parts), "the release")
    until(lambda: made.troubles() == [], "the end of it")


def test_troubles_that_a_killed_daemon_left_noted_end_when_all_is_well(parts: Parts, running) -> None:
    with parts.store.begin() as conn:
        for name in ("watch-folder", "drop:slow.txt", "out"):
            troubles.begin(conn, name, f"{name} is in trouble.", parts.now())
    running("watch", "schedule")
    until(lambda: noted(parts) == ["out"], "the end of its own troubles, and of no others")


def test_a_fault_of_our_own_in_a_loop_does_not_end_it(parts: Parts, running, monkeypatch) -> None:
    monkeypatch.setattr(daemon, "RETRY_S", 0.05)
    calls = []

    def publish(*_args, **_how):
        calls.append(1)
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(daemon, "publish", publish)
    made = running("publish")
    until(lambda: len(calls) > 2, "three tries")
    assert made.troubles() == ["The publish loop failed (ZeroDivisionError: oh); it is tried again."]


def test_health_tells_the_troubles(parts: Parts, running) -> None:
    parts.press.out.write_text("a file in the way")
    made = running()
    url = f"http://127.0.0.1:{made.port}/healthz"
    answer = until(lambda: (a := httpx.get(url)).status_code == 503 and a, "the trouble")
    assert "could not be written" in answer.json()["troubles"][0]


def test_a_file_that_stays_open_is_told_after_a_while(parts: Parts, running, monkeypatch) -> None:
    monkeypatch.setattr(daemon, "LATE_S", 0.2)
    parts.config.watch.folder.mkdir()
    with (parts.config.watch.folder / "slow.txt").open("wb") as slow:
        slow.write(a_text()[:80])
        slow.flush()
        made = running()
        until(lambda: any("slow.txt" in sentence for sentence in made.troubles()), "the sentence")
        health = httpx.get(f"http://127.0.0.1:{made.port}/healthz").json()
        assert health["troubles"] == ["1 of the files dropped cannot be taken in yet."]  # its name is not public
        slow.write(a_text()[80:])
    until(lambda: public(parts), "the release")
    until(lambda: made.troubles() == [], "the end of it")


def test_stopping_takes_moments_and_may_be_repeated(parts: Parts) -> None:
    made = Daemon(parts)
    made.start()
    began_s = time.monotonic()
    made.stop()
    assert time.monotonic() - began_s < 5
    assert [thread.name for thread in threading.enumerate() if thread.name in daemon.ROLES] == []


def test_a_letter_that_a_dead_daemon_held_goes_out_at_the_next_start(parts: Parts, running) -> None:
    with parts.store.begin() as conn:
        subscribers.add(conn, a_wish(cadence=Cadence.AT_ONCE), window_start=parts.now(), at=parts.now())
    today = parts.now()
    drop(parts, "gate.txt", a_text(day=f"{today:%B} {today.day}, {today.year}"))
    daemon._take_all(parts, 30)
    daemon.publish_all(parts)
    with parts.store.begin() as conn:
        assert deliveries.claim(conn, "dead", parts.now(), dt.timedelta(hours=9), resend_uncertain=True)
    running("deliver")
    until(lambda: list(parts.config.mail.maildir.glob("new/*")), "the letter")


def test_once_reports_a_drop_that_stays_open_and_takes_the_others(parts: Parts) -> None:
    drop(parts, "good.txt", a_text("Harbour Copper Opens Its Gate"))
    with (parts.config.watch.folder / "open.txt").open("wb") as slow:
        slow.write(b"half of it")
        slow.flush()
        done = once(parts, patience_s=4)
    assert [outcome.path for outcome in done.outcomes] == ["good.txt"]
    assert len(done.waiting) == 1 and "open.txt" in done.waiting[0]
    assert public(parts) == ["Harbour Copper Opens Its Gate"]


def test_a_window_does_not_close_over_an_embargo_that_ended_in_it_while_nobody_looked(config: Config) -> None:
    clock = [dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)]
    parts = assemble(config, lambda: clock[0], lambda: Tick(clock[0], clock[0].timestamp(), "a", False))
    with parts.store.begin() as conn:
        subscribers.add(conn, a_wish(cadence=Cadence.DAILY), window_start=clock[0], at=clock[0])
    drop(parts, "secret.txt", b"EMBARGOED UNTIL 10:00 UTC, March 3, 2026\n\n" + a_text("Harbour Buys"))
    once(parts)
    clock[0] += dt.timedelta(days=1)
    Daemon(parts)._tick()
    with parts.store.read() as conn:
        assert deliveries.count_by_state(conn) == {"waiting": 1}
    parts.close()
