"""The benchmark's own parts: its invented releases are what they claim to be, its figures say what was measured."""

from __future__ import annotations

import datetime as dt
from itertools import islice

import pytest
from bench.figures import Figure, as_json, percentile, table
from bench.profile import profile
from bench.texts import COMPANIES, LEAST_BYTES, MOST_BYTES, archive, fresh

from feedd.identity import content_key
from feedd.model import Class, Reading
from feedd.understand import understand

DAY = dt.date(2026, 3, 2)
NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
TEXTS = list(archive(30, DAY))


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    return [understand(text.data, path=text.name, mtime=NOON)[1] for text in TEXTS]


# ── Profile ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_profile_names_the_functions_at_work() -> None:
    def work() -> None:
        for _ in range(20):
            understand(TEXTS[0].data, path=TEXTS[0].name, mtime=NOON)

    each_ms, rows = profile(work, 20)
    assert each_ms > 0
    assert any(row.name.startswith(("parse/", "classify/")) for row in rows)


# ── Invented releases ───────────────────────────────────────────────────────────────────────────────────────────


def test_there_are_two_hundred_companies_of_different_names() -> None:
    assert len({company.legal for company in COMPANIES}) == 200


def test_every_text_is_six_to_nine_kilobytes_long() -> None:
    assert all(LEAST_BYTES <= len(text.data) <= MOST_BYTES for text in TEXTS)


def test_the_three_classes_come_by_turns(readings: list[Reading]) -> None:
    assert [reading.classification.class_ for reading in readings] == list(Class) * 10


def test_nothing_is_held_or_doubted(readings: list[Reading]) -> None:
    assert not any(reading.held or reading.needs_review for reading in readings)


def test_each_release_names_a_company_and_its_ticker(readings: list[Reading]) -> None:
    names = {company.legal for company in COMPANIES}

    assert all(reading.release.issuer and reading.release.issuer.legal_name in names for reading in readings)
    assert all(reading.release.tickers for reading in readings)


def test_no_two_say_the_same(readings: list[Reading]) -> None:
    assert len({content_key(reading.release) for reading in readings}) == len(TEXTS)


def test_an_archive_ends_at_the_day_it_was_asked_for(readings: list[Reading]) -> None:
    days = [reading.release.day for reading in readings]

    assert days == sorted(days)
    assert days[-1] == DAY


def test_an_archive_of_one_is_possible() -> None:
    assert len(list(archive(1, DAY))) == 1


def test_equal_seeds_give_equal_texts_and_others_do_not() -> None:
    def some(seed: int) -> list[bytes]:
        return [text.data for text in islice(fresh(DAY, seed=seed), 5)]

    assert some(7) == some(7)
    assert not set(some(7)) & set(some(8))


# ── Figures ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (99, 99), (100, 100), (1, 1)])
def test_a_percentile_is_a_sample_by_the_nearest_rank(percent: float, value: float) -> None:
    assert percentile(range(100, 0, -1), percent) == value


def test_of_few_samples_the_greatest_is_the_99th() -> None:
    assert percentile([0.3, 0.1, 0.2], 99) == 0.3


def test_a_time_keeps_its_limit_from_below_and_a_rate_from_above() -> None:
    assert Figure("ready", "ready", "s", [1.0], {"p50": 2.0}).met
    assert not Figure("ready", "ready", "s", [3.0], {"p50": 2.0}).met
    assert Figure("understand", "understood", "/s", [400.0], {"p50": 300.0}).met
    assert not Figure("understand", "understood", "/s", [200.0], {"p50": 300.0}).met


def test_one_limit_of_two_missed_is_missed() -> None:
    assert Figure("drop", "drop", "s", [0.1, 0.1, 2.0], {"p50": 0.5, "p99": 1.0}).met is False


def test_a_figure_without_limits_is_neither_kept_nor_missed() -> None:
    assert Figure("memory", "memory", "MiB", [80.0]).met is None


def test_the_table_is_aligned_and_says_what_was_missed() -> None:
    figures = [
        Figure("drop", "last close → feed", "s", [0.25, 0.3501, 0.5], {"p50": 0.5, "p99": 0.4}),
        Figure("memory", "memory", "MiB", [1234.5]),
    ]

    assert table(figures).splitlines() == [
        "                     p50    p99    max       n  limit",
        "last close → feed  0.350  0.500  0.500  s    3  p50 ≤ 0.5, p99 ≤ 0.4  MISSED",
        "memory             1,234                MiB",
    ]


def test_programs_get_every_number_unrounded() -> None:
    [row] = as_json([Figure("drop", "last close → feed", "s", [0.25, 0.3501, 0.5], {"p50": 0.5})])

    assert row == {
        "key": "drop", "name": "last close → feed", "unit": "s", "n": 3,
        "p50": 0.3501, "p99": 0.5, "max": 0.5, "limits": {"p50": 0.5}, "met": True,
    }  # fmt: skip
