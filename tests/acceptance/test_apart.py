"""Roles in several processes on one PostgreSQL: nothing is lost, nothing goes out twice, one may die at any time."""

from __future__ import annotations

import datetime as dt
import signal
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest
from acceptance.house import House, until

from factories import a_text

pytestmark = pytest.mark.acceptance


def test_two_processes_share_the_work_and_one_is_killed(tmp_path: Path, postgres_url: str) -> None:
    settings = {"store__url": postgres_url, "watch__settle_s": "0.2", "notify__alerts_per_hour": "1000"}
    # Each would make its own address from its port, and the site belongs to both.
    one, two = (House(tmp_path, **settings, site__base_url="https://news.example.com") for _ in range(2))
    one.command("subscribers", "add", "ann@example.org", "--cadence", "at-once")
    today = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)
    with ExitStack() as both:
        for house in (one, two):
            both.enter_context(house.running())
        for number in range(12):
            text = a_text(f"Harbour Copper {number}", day=f"{today:%B} {today.day}, {today.year}")
            (one.inbox / f"{number}.txt").write_bytes(text)
            (one.inbox / f"{number} again.txt").write_bytes(text.replace(b"today", b"today "))
            if number == 6:
                two.stop(signal.SIGKILL)
                two.start()
        until(lambda: len(one.letters()) == 12, "twelve letters")
        until(lambda: len(two.titles()) == 12, "twelve entries")
        assert Counter(one.titles()) == Counter(f"Harbour Copper {number}" for number in range(12))
        assert one.stop() == two.stop() == 0
    assert len(one.letters()) == 12
    assert one.command("publish", "--check").returncode == 0
