"""Where the time of understanding goes: which function of feedd is at work, asked at every tick of processor time.

What a function calls outside feedd, regular expressions above all, counts as its own work.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import feedd

PACKAGE = str(Path(feedd.__file__).parent)
TICK_S = 0.001
ROWS = 10


class Row(NamedTuple):
    """One function with its share of all time, and the microseconds of each text that it takes."""

    name: str
    share: float
    us: float


def profile(work: Callable[[], object], texts: int) -> tuple[float, list[Row]]:
    """The milliseconds that *work* takes for each of its *texts*, and its functions, the costliest first."""
    ticks: Counter[str] = Counter()
    signal.signal(signal.SIGPROF, lambda _number, frame: ticks.update([_at_work(frame)]))
    began_s = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, TICK_S, TICK_S)
    try:
        work()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    each_us = (time.process_time() - began_s) / texts * 1e6
    shares = ((name, count / ticks.total()) for name, count in ticks.most_common())
    return each_us / 1000, [Row(name, share, share * each_us) for name, share in shares]


def _at_work(frame: FrameType | None) -> str:
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(PACKAGE):
            return f"{Path(code.co_filename).relative_to(PACKAGE).as_posix()} {code.co_qualname}"
        frame = frame.f_back
    return "outside"


def table(each_ms: float, rows: Iterable[Row]) -> str:
    """The first `ROWS` of *rows*, and what all of them together take."""
    lines = [f"{row.name:<44}{row.share:>6.1%}{row.us:>8.0f} µs" for row in list(rows)[:ROWS]]
    return "\n".join([*lines, f"{'all of one text':<44}{'':>6}{each_ms * 1000:>8.0f} µs"])
