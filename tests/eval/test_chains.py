"""Events of a labelled folder: texts for themselves, and chains of notices."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.eval import events

NOTICE = (
    "Tern Copper to Hold Second Quarter 2014 Call\n\nHalifax, July {day}, 2014 - Tern Copper Corp. (TSX:TRN) will hold "
    "a conference call on its second quarter 2014 results on {when} at 11:00 a.m. ET."
)
FIRST, THEN = "2014-08-08T11:00 America/Toronto", "2014-08-11T11:00 America/Toronto"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.txt").write_text(NOTICE.format(day=21, when="Friday, August 8, 2014"), "utf-8")
    (tmp_path / "files" / "b.txt").write_text(NOTICE.format(day=24, when="Monday, August 11, 2014"), "utf-8")
    return tmp_path


def outcomes(folder: Path, *cases: dict[str, Any]) -> list[tuple[str, str]]:
    (folder / "events.jsonl").write_text("\n".join(map(json.dumps, cases)), "utf-8")
    return [(told.what, told.outcome) for told in events.of([folder])]


def chain(*steps: tuple[str, str, int, str]) -> dict[str, Any]:
    keys = ("file", "call_start", "sequence", "status")
    return {"kind": "chain", "files": [dict(zip(keys, step, strict=True)) for step in steps]}


def test_a_call_is_right_missed_or_wrong(folder: Path) -> None:
    case = {"kind": "notice", "file": "a.txt"}

    assert outcomes(folder, {**case, "call_start": FIRST}) == [("call", "right")]
    assert outcomes(folder, {**case, "call_start": THEN}) == [("call", "wrong")]
    assert outcomes(folder, {**case, "results_date": "2014-08-07"}) == [("results day", "missed")]


def test_a_chain_is_right_when_the_one_event_moves_along(folder: Path) -> None:
    case = chain(("a.txt", FIRST, 0, "CONFIRMED"), ("b.txt", THEN, 1, "CONFIRMED"))

    assert [one for one in outcomes(folder, case) if one[0] == "chain"] == [("chain", "right")] * 2


@pytest.mark.parametrize("second", [(THEN, 0, "CONFIRMED"), (THEN, 1, "CANCELLED"), (FIRST, 1, "CONFIRMED")])
def test_a_chain_with_another_time_sequence_or_status_is_wrong(folder: Path, second: tuple[str, int, str]) -> None:
    case = chain(("a.txt", FIRST, 0, "CONFIRMED"), ("b.txt", *second))

    assert outcomes(folder, case)[-1] == ("chain", "wrong")


def test_an_event_where_none_may_be_is_wrong(folder: Path) -> None:
    assert outcomes(folder, {"kind": "not_event", "file": "a.txt", "reason": "none"}) == [("no event", "wrong")]
