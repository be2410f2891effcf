"""The clockwork: a short tick, and a job at the next instant that is known. Both only ask the store what is due.

The only importer of APScheduler. Its memory store is on purpose: its persistent ones lose, double or drop runs, and
what is due is decided by unique keys in the database, so a tick too many does nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

TICK_S = 30


class Schedule:
    """Calls *act* every `TICK_S` seconds and at the instant that *next_instant* gives (UTC, or None).

    Both run in the scheduler's thread and must not raise. After each call the next instant is asked anew.
    """

    def __init__(self, act: Callable[[], None], next_instant: Callable[[], dt.datetime | None]) -> None:
        self._act, self._next_instant = act, next_instant
        settings = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        self._scheduler = BackgroundScheduler(timezone=dt.UTC, job_defaults=settings, daemon=True)

    def start(self) -> None:
        self._scheduler.add_job(self._run, IntervalTrigger(seconds=TICK_S, timezone=dt.UTC), id="tick")
        self._scheduler.start()
        self._look_ahead()

    def stop(self) -> None:
        # Shutting down while it looks at a job that is over makes its thread fail over that job: so it is paused, and
        # taking the jobs away waits until it has looked.
        self._scheduler.pause()
        self._scheduler.remove_all_jobs()
        self._scheduler.shutdown(wait=False)

    def _run(self) -> None:
        self._act()
        self._look_ahead()

    def _look_ahead(self) -> None:
        at = self._next_instant()
        if at is not None and self._scheduler.running:
            # An id of its own for each instant: the scheduler takes a job that ran off its list by id, and would take
            # the one that followed under the same id, or fail over it.
            self._scheduler.add_job(self._run, DateTrigger(at), id=at.isoformat(), replace_existing=True)
