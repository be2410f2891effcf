"""The clockwork: a tick, and the next instant that is known."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from feedd import schedule
from feedd.schedule import Schedule


@pytest.fixture
def started():
    made: list[Schedule] = []

    def start(act, next_instant) -> Schedule:
        made.append(Schedule(act, next_instant))
        made[-1].start()
        return made[-1]

    yield start
    for each in made:
        each.stop()


def test_the_tick_asks_again_and_again(started, monkeypatch) -> None:
    monkeypatch.setattr(schedule, "TICK_S", 0.05)
    asked = threading.Semaphore(0)
    started(asked.release, lambda: None)
    assert all(asked.acquire(timeout=10) for _ in range(3))


def test_the_next_instant_is_met_long_before_the_tick(started) -> None:
    met = threading.Event()
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=0.2)
    instants = iter([soon])
    started(met.set, lambda: next(instants, None))
    assert met.wait(10)


def test_after_one_instant_the_next_is_looked_up(started) -> None:
    met = threading.Semaphore(0)
    begin = dt.datetime.now(dt.UTC)
    instants = iter([begin + dt.timedelta(seconds=0.2), begin + dt.timedelta(seconds=0.4)])
    started(met.release, lambda: next(instants, None))
    assert met.acquire(timeout=10) and met.acquire(timeout=10)


def test_an_instant_that_is_past_is_met_at_once(started) -> None:
    met = threading.Event()
    instants = iter([dt.datetime.now(dt.UTC) - dt.timedelta(days=3)])
    started(met.set, lambda: next(instants, None))
    assert met.wait(10)


def test_stopping_ends_the_asking(started, monkeypatch) -> None:
    monkeypatch.setattr(schedule, "TICK_S", 0.05)
    asked = threading.Semaphore(0)
    made = Schedule(asked.release, lambda: None)
    made.start()
    assert asked.acquire(timeout=10)
    made.stop()
    while asked.acquire(timeout=0.2):
        pass
    assert not asked.acquire(timeout=0.2)


def test_stopping_while_an_instant_passes_fails_over_nothing() -> None:
    for _ in range(30):  # the moment is short: a thread that fails in it fails this test
        soon = iter([dt.datetime.now(dt.UTC)])
        made = Schedule(lambda: None, lambda soon=soon: next(soon, None))
        made.start()
        made.stop()
