"""What holds for any text: a reading or a refusal, and the same reading however the text is set."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedd.errors import DropError
from feedd.model import Release
from feedd.parse import parse
from feedd.readers import read

MTIME = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
GOLDEN = sorted((Path(__file__).parent.parent / "golden" / "releases").glob("*.txt"))
SOURCES = {path.stem: path.read_text("utf-8") for path in GOLDEN}
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

MARKED = """
    Tern Copper Corp. (TSX: TRN)|May 6, 2014 - |said Ann Ray.|Contact|Email: a@b.example|1-800-555-0100|$4 million|
    25%|effective May 31|EMBARGOED UNTIL 7:00 A.M. ET|About Tern|first quarter 2014|results|Head Office|1.|é|#|
    forward-looking statements|Dr. Ann Ray, President|HALIFAX, NS, |/CNW/ -|:|…|“|”|"|«|»|(|)
"""
SNIPPETS = [*MARKED.replace("\n    ", "").strip().split("|"), "\n\n", "\n", " ", "\t", "\u200b", "|"]


def parsed(source: str, name: str = "drop.txt") -> Release:
    return parse(read(source.encode(), name=name), path=name, mtime=MTIME, time_zone="UTC")


def fields(release: Release) -> dict[str, Any]:
    """All that is understood, without the places in the file; typographic marks as a typewriter has them."""
    found = dataclasses.asdict(release)
    found.pop("paragraphs")
    found["body"] = [paragraph.text for paragraph in release.body]
    return plain(found)  # type: ignore[no-any-return]


MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "–": "-", "—": "-"})


def plain(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.translate(MARKS).split())
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


# ── Any text ────────────────────────────────────────────────────────────────────────────────────────────────────


@QUICK
@given(st.lists(st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=12)), max_size=40).map("".join))
def test_any_text_gives_a_reading_or_a_refusal(source: str) -> None:
    try:
        release = parsed(source)
    except DropError:
        return
    assert release.title


@QUICK
@given(st.sampled_from(sorted(SOURCES)), st.data())
def test_a_release_with_a_hole_gives_a_reading_or_a_refusal(name: str, data: st.DataObject) -> None:
    source = SOURCES[name]
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, len(source)))
    try:
        parsed(source[:start] + source[end:])
    except DropError:
        return


# ── The same text, set otherwise ────────────────────────────────────────────────────────────────────────────────


def paragraphs(source: str) -> Iterator[str]:
    return iter(source.split("\n\n"))


def rewrapped(source: str) -> str:
    """Long paragraphs broken by hand, as mail programs do it."""
    return "\n\n".join(
        textwrap.fill(part, 90, break_long_words=False, break_on_hyphens=False)
        if len(part) > 110 and "\n" not in part.strip()
        else part
        for part in paragraphs(source)
    )


def straightened(source: str) -> str:
    return source.translate(str.maketrans({"“": '"', "”": '"', "’": "'"}))


def dashed(source: str) -> str:
    return source.replace(" - ", " – ")


def spaced(source: str) -> str:
    return source.replace("\n\n", "\n\n\n\n")


def trailing(source: str) -> str:
    return re.sub(r"(?m)$", "  ", source)


@pytest.mark.parametrize("setting", [straightened, dashed, spaced, trailing, rewrapped], ids=lambda one: one.__name__)
@pytest.mark.parametrize("name", sorted(SOURCES))
def test_how_a_text_is_set_changes_no_field(name: str, setting: Any) -> None:
    assert fields(parsed(setting(SOURCES[name]))) == fields(parsed(SOURCES[name]))


# ── Sections of another release ─────────────────────────────────────────────────────────────────────────────────

NEWS = (
    "Tern Copper Reports First Quarter 2014 Results\n\nHalifax, May 6, 2014 - Tern Copper Corp. (TSX: TRN) reports "
    "that revenue rose 4% to $12 million in the first quarter of 2014.\n\n“We dug well,” said Ann Ray, President. The "
    "dividend is effective June 1, 2014."
)
TAILS = (
    "About Tern\n\nTern Copper Corp. mines copper in three provinces.\n\nContact\n\nTom Low\n902-555-0100",
    "About Tern\n\nTern Copper Corp. closed a financing of $90 million in the second quarter of 2011, "
    "effective May 1, 2011, and named Eva Holt as CEO.\n\nContact\n\nEva Holt, "
    "Chair\n902-555-0101\neva@tern.example",
    "About Tern\n\nTern digs.\n\nForward-Looking Statements\n\nCertain statements are forward-looking "
    "statements. Results of the third quarter 2016 may differ by 12%.",
    "About Tern\n\nTern digs.\n\nThe Sable District\n\nSable gave 217 million ounces of silver by 1988. “It "
    "was rich,” said Carl Voss.",
)


@pytest.mark.parametrize("tail", TAILS[1:])
def test_what_stands_behind_the_news_changes_nothing_of_it(tail: str) -> None:
    keys = ("title", "date", "summary", "tickers", "figures", "quotes", "effective_dates", "fiscal_period", "body")
    one, other = fields(parsed(f"{NEWS}\n\n{TAILS[0]}")), fields(parsed(f"{NEWS}\n\n{tail}"))

    assert {key: one[key] for key in keys} == {key: other[key] for key in keys}


# ── Much of one thing ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "A",
        "1",
        " ",
        "(",
        '"',
        "“",
        ".",
        ",",
        "-",
        "$",
        "A. ",
        "Ann ",
        "a@",
        "May ",
        "1,000 ",
        "said ",
        "and ",
        "Inc. ",
        "\n",
        "Contact\n",
    ],
)
def test_a_long_run_of_one_thing_is_read_to_its_end(piece: str) -> None:
    run = piece * (20_000 // len(piece))
    for source in (
        run,
        f"Mill Runs\n\nHalifax, May 6, 2014 - Tern Copper Corp. reports {run}",
        f"{NEWS}\n\nContact\n\n{run}",
    ):
        try:
            parsed(source)
        except DropError:
            continue
