"""Nothing from outside steers a terminal or forges a line."""

from __future__ import annotations

import json
import os

import pytest

from feedd.visible import raw_name, visible, visible_json, visible_name


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("gate\x1b[2Jopens", "gate\\x1b[2Jopens"),
        ("gate\x9b2Jopens", "gate\\x9b2Jopens"),
        ("gate\ropens", "gate\\x0dopens"),
        ("gate\u202eopens", "gate\\u202eopens"),
        ("gate\u2028opens", "gate\\u2028opens"),
        ("gate\udcffopens", "gate\\udcffopens"),
        ("Übersicht – 日本\nline two", "Übersicht – 日本\nline two"),
    ],
)
def test_what_would_steer_a_terminal_is_shown(given: str, shown: str) -> None:
    assert visible(given) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"sub/gate opens.txt", "sub/gate opens.txt"),
        ("Grüße.txt".encode(), "Grüße.txt"),
        (b"gate\xff.txt", "gate\\xff.txt"),
        (b"gate\nstatus: all well.txt", "gate\\x0astatus: all well.txt"),
        (b"gate\x1b]0;x\x07.txt", "gate\\x1b]0;x\\x07.txt"),
        (b"gate\\xff.txt", "gate\\\\xff.txt"),
    ],
)
def test_a_name_of_any_bytes_is_one_line(raw: bytes, shown: str) -> None:
    assert visible_name(os.fsdecode(raw)) == shown


def test_different_names_stay_different() -> None:
    raws = [b"a\xff", b"a\\xff", b"a\\\\xff", b"a\n", b"a\\x0a", b"a\\n", b"a\x85", b"a\xc2\x85", b"a\\u0085"]
    assert len({visible_name(os.fsdecode(raw)) for raw in raws}) == len(raws)


@pytest.mark.parametrize(
    "raw",
    [b"sub/gate.txt", "Grüße\u202e\u2028\x85.txt".encode(), bytes(range(1, 256)), b"a\\\\x0a\\", b"\\u202e\\x1b"],
)
def test_a_name_is_found_again_by_what_is_shown_of_it(raw: bytes) -> None:
    assert os.fsencode(raw_name(visible_name(os.fsdecode(raw)))) == raw


def test_json_reads_back_as_it_was() -> None:
    value = {"path": "gate\x9b\u202e\udcff\x7f\n.txt"}
    text = visible_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(text) == value
    assert text.isascii() and text.isprintable()
