"""What holds for any text: a reading or a refusal, the same reading however it is set, and evidence that is true."""

from __future__ import annotations

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
from feedd.model import Document, Reading, Release, Zone
from feedd.render.explain import as_contract
from feedd.understand import understand

HERE = Path(__file__).parent
MTIME = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
GOLDEN = [*sorted((HERE / "golden" / "releases").glob("*.[tm][xd]*")), *sorted((HERE.parent / "seeds").glob("*.*"))]
SOURCES = {path.name: path.read_text("utf-8") for path in GOLDEN}
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

MARKED = """
    Tern Copper Corp. (TSX: TRN)|May 6, 2014 - |said Ann Ray.|Contact|Email: a@b.example|1-800-555-0100|$4 million|
    25%|effective May 31|EMBARGOED UNTIL 7:00 A.M. ET|About Tern|first quarter 2014|results|Head Office|1.|é|#|
    forward-looking statements|Dr. Ann Ray, President|HALIFAX, NS, |/CNW/ -|:|…|“|”|"|«|»|(|)
"""
SNIPPETS = [*MARKED.replace("\n    ", "").strip().split("|"), "\n\n", "\n", " ", "\t", "\u200b", "|"]


def understood(source: str, name: str = "drop.txt") -> tuple[Document, Reading]:
    return understand(source.encode(), path=name, mtime=MTIME)


def parsed(source: str) -> Release:
    return understood(source)[1].release


def fields(source: str, name: str = "drop.txt") -> dict[str, Any]:
    """All that ``explain --json`` says, but for places in the file; typographic marks as a typewriter has them."""
    found = as_contract(name, "", *understood(source, name), codes={})
    for item in found["evidence"]:
        item.pop("start")
        item.pop("end")
    return plain(found)  # type: ignore[no-any-return]


MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "–": "-", "—": "-"})


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
        if len(part) > 110 and "\n" not in part.strip() and not part.startswith(("#", "*", "-", "|"))
        else part
        for part in paragraphs(source)
    )


def straightened(source: str) -> str:
    return source.translate(str.maketrans({"“": '"', "”": '"', "’": "'"}))


def dashed(source: str) -> str:
    return source.replace(" - ", " – ")


def long_dashed(source: str) -> str:
    return re.sub(r"(?<=\S) [-–] (?=\S)", " — ", source)


def hyphened(source: str) -> str:
    return source.replace("–", "-").replace("—", "-")


def curled(source: str) -> str:
    """Straight marks as a printer sets them."""
    opened = re.sub(r"(^|[\s(\[—–-])\"(?=\S)", r"\1“", source, flags=re.MULTILINE)
    return re.sub(r"(?<=\S)\"", "”", re.sub(r"(?<=\w)'(?=\w)", "’", opened))


def spaced(source: str) -> str:
    return source.replace("\n\n", "\n\n\n\n")


def trailing(source: str) -> str:
    return re.sub(r"(?m)$", "  ", source)


SETTINGS = (straightened, curled, dashed, long_dashed, hyphened, spaced, trailing, rewrapped)


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_how_a_text_is_set_changes_no_field(name: str) -> None:
    expected = fields(SOURCES[name], name)
    others = {setting.__name__: setting(SOURCES[name]) for setting in SETTINGS}

    assert [how for how, text in others.items() if text != SOURCES[name] and fields(text, name) != expected] == []


def test_paragraphs_wrapped_beside_long_lines_are_one() -> None:
    deck = (
        "A deck that runs on without an end of its line, far beyond the column at which the paragraphs are broken, here"
    )
    source = f"Tern Restarts Mill\n\n{deck}\n\n{LEAD} {LEAD}\n\nContact\n\nAnn Ray\nTern Copper Corp.\n902-555-0100"

    assert fields(rewrapped(source)) == fields(source)


LEAD = (
    "Halifax, May 6, 2014 - Tern Copper Corp. (TSX: TRN) has restarted the mill at Cold Creek, which had stood still "
    "since the flood of the autumn, and expects it to reach its full rate of 900 tonnes a day within the month of June."
)


# ── Evidence ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_evidence_stands_where_it_says(name: str) -> None:
    document, reading = understood(SOURCES[name], name)
    items = (*reading.classification.evidence, *reading.classification.not_issuer)

    assert [item for item in items if document.text[item.start : item.end] != item.text] == []


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_without_the_words_of_the_first_rule_the_score_is_lower(name: str) -> None:
    document, reading = understood(SOURCES[name], name)
    before = reading.classification
    spans = {(item.start, item.end) for item in before.evidence if item.rule == before.evidence[0].rule}
    rest = document.text
    for start, end in sorted(spans, reverse=True):
        rest = rest[:start] + rest[end:]

    assert not spans or understood(rest, name)[1].classification.score < before.score


def test_a_phrase_that_is_the_whole_headline_leaves_a_word_of_it() -> None:
    source = "Changes on Supervisory Board\n\nHalifax, May 6, 2014 - Ann Ray is to become Chair of Tern Copper Corp."
    first = understood(source)[1].classification.evidence[0]

    assert first.text == "on Supervisory Board"


# ── Sections of another release ─────────────────────────────────────────────────────────────────────────────────

SECTIONS = (Zone.PROFILE, Zone.BACKGROUND, Zone.CONTACT, Zone.LEGAL)
NEWS_KEYS = "class subtopic title date summary body_paragraphs events figures effective_dates fiscal_period".split()


def parted(source: str, name: str) -> tuple[str, str]:
    """The text without its sections, and the sections, where nothing else stands behind the news; else nothing."""
    document, reading = understood(source, name)
    paragraphs = reading.release.paragraphs
    first = next((i for i, p in enumerate(paragraphs) if p.zone in SECTIONS), len(paragraphs))
    behind = paragraphs[first:]
    if not behind or not all(p.zone in SECTIONS for p in behind):
        return "", ""
    start = min(span.start for span in behind[0].spans)
    return document.text[:start], document.text[start:]


PARTED = {name: parts for name, source in SOURCES.items() if all(parts := parted(source, name))}
SENTENCES = (
    "Tern Corp. will release its results for the third quarter of 2031 after the close on November 4, 2031.",
    "Forward-looking statements could cause actual results to differ from those expected by 12%.",
    "The board has appointed a new Chief Executive Officer and closed a financing of $40 million.",
    "“We drilled 4,000 metres,” said Carl Voss, Chairman.",
    "Conference call: 1-800-555-0199, passcode 4411, on May 9, 2031 at 10:00 a.m. ET.",
)
HEADS = ("About Tern", "Forward-Looking Statements", "Contact", "Cautionary Note")


def news(name: str, tail: str) -> dict[str, Any]:
    found = fields(f"{PARTED[name][0].rstrip()}\n\n{tail}", name)
    for event in found["events"]:
        event.pop("uid")  # names the company by the key of its legal name, which a profile may spell out
    return {key: found[key] for key in NEWS_KEYS}


@QUICK
@given(st.sampled_from(sorted(PARTED)), st.sampled_from(sorted(PARTED)))
def test_sections_of_another_release_change_nothing_of_the_news(name: str, other: str) -> None:
    assert news(name, PARTED[other][1]) == news(name, PARTED[name][1])


@QUICK
@given(
    st.sampled_from(sorted(PARTED)),
    st.lists(st.tuples(st.sampled_from(HEADS), st.sampled_from(SENTENCES)), min_size=1, max_size=4),
)
def test_invented_sections_change_nothing_of_the_news(name: str, sections: list[tuple[str, str]]) -> None:
    tail = "\n\n".join(f"{head}\n\n{sentence}" for head, sentence in sections)

    assert news(name, tail) == news(name, PARTED[name][1])


def test_many_golden_releases_have_sections() -> None:
    assert len(PARTED) >= 12


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
    keys = (
        "title",
        "date",
        "summary",
        "tickers",
        "figures",
        "quotes",
        "effective_dates",
        "fiscal_period",
        "body_paragraphs",
    )
    one, other = fields(f"{NEWS}\n\n{TAILS[0]}"), fields(f"{NEWS}\n\n{tail}")

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
