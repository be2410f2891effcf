"""What was seen of the clocks outlives the process."""

from __future__ import annotations

import datetime as dt

from factories import NOON
from feedd import clock
from feedd.jumps import Jump, Tick
from feedd.store import Store
from feedd.timekeeping import Timekeeper

HOUR = dt.timedelta(hours=1)


class Clocks:
    """Clocks that show what a test says."""

    def __init__(self) -> None:
        self.wall, self.boot_s, self.synchronised = NOON, 0.0, False

    def go(self, seconds: float, *, wall: dt.timedelta | None = None) -> None:
        self.boot_s += seconds
        self.wall += dt.timedelta(seconds=seconds) if wall is None else wall

    def __call__(self) -> Tick:
        return Tick(self.wall, self.boot_s, "a", self.synchronised)


def test_a_leap_shuts_what_lies_in_it_until_a_time_service_speaks(store: Store) -> None:
    clocks = Clocks()
    keeper = Timekeeper(store, clocks)
    keeper.look()
    clocks.go(1, wall=HOUR)
    assert keeper.look() == Jump(NOON + dt.timedelta(seconds=1), NOON + HOUR)
    assert keeper.is_shut(NOON + HOUR / 2) and not keeper.is_shut(NOON + 2 * HOUR)
    clocks.go(5)
    clocks.synchronised = True
    assert keeper.look() is None and not keeper.is_shut(NOON + HOUR / 2)


def test_a_leap_while_nobody_looked_is_seen_at_the_next_start(store: Store) -> None:
    clocks = Clocks()
    Timekeeper(store, clocks).look()
    clocks.go(60, wall=HOUR)
    assert Timekeeper(store, clocks).look() is not None


def test_a_leap_is_remembered_by_the_next_start(store: Store) -> None:
    clocks = Clocks()
    first = Timekeeper(store, clocks)
    first.look()
    clocks.go(1, wall=HOUR)
    jump = first.look()
    clocks.go(60)
    assert jump is not None and Timekeeper(store, clocks).look() == jump


def test_the_machines_clocks_can_be_read() -> None:
    first, second = clock.tick(NOON), clock.tick(NOON)
    assert first.wall == NOON and second.boot_s >= first.boot_s > 0 and first.boot_id == second.boot_id
