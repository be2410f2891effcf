"""A person decides while the daemon runs, and the next drop like it is filed that way."""

from __future__ import annotations

from pathlib import Path

import pytest
from acceptance.house import House, until

from factories import an_unclear_text

pytestmark = pytest.mark.acceptance


def test_a_decision_shows_at_once_and_is_learned(tmp_path: Path) -> None:
    house = House(tmp_path)
    with house.running():
        (house.inbox / "pier.txt").write_bytes(an_unclear_text())
        until(lambda: house.titles("operational_update.atom"), "the unsure release")
        [row] = house.json("review")
        done = house.command("decide", row["id"], "corporate.community-esg", "--note", "a feast")
        assert done.returncode == 0, done.stderr
        until(lambda: house.titles("corporate_milestone.atom"), "the decided release in its feed")
        until(lambda: not house.titles("operational_update.atom"), "and no longer in the other")
        [entry] = house.entries()
        page = until(
            lambda: "A person decided that." in house.get(entry.link.partition(f":{house.port}/")[2]).text, "the page"
        )
        assert page and house.json("review") == []

        (house.inbox / "gull.txt").write_bytes(an_unclear_text("Gull Zinc"))
        until(lambda: len(house.titles("corporate_milestone.atom")) == 2, "the similar release in the same feed")
        [similar] = house.json("review")
        assert similar["class"] == "corporate_milestone" and not similar["decided"]
        assert house.stop() == 0
