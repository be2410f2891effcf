"""What the configuration says about taking drops in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from feedd.model import Feed
from feedd.rules import Rules

Now = Callable[[], dt.datetime]
"""Gives the time, UTC. Asked inside a transaction, so that the order of times is the order of commits."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every drop. `version` is feedd's own, noted beside what it set aside."""

    base_url: str
    time_zone: str  # the site's, IANA
    language: str  # the site's, BCP 47
    feeds: tuple[Feed, ...]
    originals: Collection[str]  # formats whose originals are published
    alert_max_age: dt.timedelta
    alerts_per_hour: int
    version: str
    review_below: float | None = None  # None: the number in the rule file
    publish_unsure: bool = True
    rules: Rules | None = None  # None: the package's own, read when the first drop comes
