"""Limits are in force as far as the kernel allows, and what it refuses is told. Each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from feedd.sandbox.limits import Limits

CONFINED = """
import json, resource
from feedd.sandbox import limits
def refuse(*_): raise {error}
if {refused!r}: setattr(limits, {refused!r}, refuse)
told = limits.confine(limits.Limits(files=20, memory=300 << 20))
names = ("AS", "NOFILE", "FSIZE", "CORE")
print(json.dumps([*told, *(resource.getrlimit(getattr(resource, "RLIMIT_" + name))[0] for name in names)]))
"""


def confined(refused: str = "", error: str = "OSError", shell: str = "") -> tuple[list[str], list[str], list[int]]:
    """What a new process tells of its limits, and the limits as the kernel has them."""
    program = [sys.executable, "-c", CONFINED.format(refused=refused, error=error)]
    command = ["/bin/sh", "-c", f'{shell}exec "$@"', "sh", *program]
    done = subprocess.run(command, check=True, capture_output=True)
    told, refusals, *values = json.loads(done.stdout)
    return told, refusals, values


def test_what_is_in_force_is_what_the_kernel_says() -> None:
    told, refused, values = confined()

    assert values == [300 << 20, 20, 0, 0]
    assert {"300 MiB of memory", "20 open files", "no byte written to a file", "no core file"} <= set(told)
    assert not set(told) & set(refused)


@pytest.mark.parametrize("error", ["OSError", "ValueError", "AttributeError"])
def test_what_the_kernel_refuses_is_told_and_the_rest_is_in_force(error: str) -> None:
    told, refused, values = confined("_leave_network", error)

    assert ("no network" in refused, "no network" in told) == (True, False)
    assert values == [300 << 20, 20, 0, 0]


def test_a_process_that_may_set_no_limit_works_all_the_same() -> None:
    told, refused, _ = confined("_at_most", "OSError")

    assert "300 MiB of memory" in refused
    assert "15 s in all" in told


def test_a_tighter_limit_of_the_machine_stays() -> None:
    assert confined(shell="ulimit -n 15; ")[2] == [300 << 20, 15, 0, 0]


def test_the_limits_of_every_day_leave_room_for_what_is_large() -> None:
    limits = Limits()

    assert limits.cpu_s < limits.wall_s
    assert limits.answer < limits.memory
