"""When a clock leapt, and how long that counts."""

from __future__ import annotations

import datetime as dt

from factories import NOON
from feedd.jumps import Jump, Tick, standing

SECOND, HOUR = dt.timedelta(seconds=1), dt.timedelta(hours=1)


def tick(wall: dt.datetime, boot_s: float, boot_id: str = "a", *, synchronised: bool = False) -> Tick:
    return Tick(wall, boot_s, boot_id, synchronised)


def test_time_that_goes_by_is_no_jump() -> None:
    assert standing(None, tick(NOON, 0), tick(NOON + 8 * HOUR, 8 * 3600)) is None


def test_a_machine_that_slept_did_not_jump() -> None:
    """The clock since the start counts the sleep."""
    assert standing(None, tick(NOON, 0), tick(NOON + HOUR, 3600.5)) is None


def test_the_first_look_has_nothing_to_compare() -> None:
    assert standing(None, None, tick(NOON, 0)) is None


def test_a_step_forward_is_a_jump_over_the_time_that_did_not_go_by() -> None:
    jump = standing(None, tick(NOON, 0), tick(NOON + HOUR, 60))
    assert jump == Jump(NOON + 60 * SECOND, NOON + HOUR)
    assert jump.covers(NOON + HOUR) and jump.covers(NOON + HOUR / 2)
    assert not jump.covers(NOON + 60 * SECOND) and not jump.covers(NOON + HOUR + SECOND)


def test_small_steps_are_no_jump() -> None:
    assert standing(None, tick(NOON, 0), tick(NOON + 10 * SECOND, 0)) is None


def test_a_jump_stands_while_nothing_is_known() -> None:
    jump = Jump(NOON, NOON + HOUR)
    assert standing(jump, tick(NOON + HOUR, 0), tick(NOON + 2 * HOUR, 3600)) == jump


def test_a_synchronised_clock_ends_it_and_begins_none() -> None:
    jump = Jump(NOON, NOON + HOUR)
    right = tick(NOON + HOUR, 0, synchronised=True)
    assert standing(jump, tick(NOON + HOUR, 0), right) is None
    assert standing(None, tick(NOON, 0), right) is None


def test_a_step_back_ends_it() -> None:
    assert standing(Jump(NOON, NOON + HOUR), tick(NOON + HOUR, 0), tick(NOON, 1)) is None


def test_two_jumps_are_one_long_one() -> None:
    jump = standing(Jump(NOON, NOON + HOUR), tick(NOON + 2 * HOUR, 0), tick(NOON + 3 * HOUR, 0))
    assert jump == Jump(NOON, NOON + 3 * HOUR)


def test_another_start_of_the_machine_cannot_be_compared() -> None:
    assert standing(None, tick(NOON, 9999, "a"), tick(NOON + HOUR, 5, "b")) is None
