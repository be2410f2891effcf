"""Drops: seen once, superseded, quarantined."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories import NOON
from feedd.store import Connection, Store, drops
from feedd.store.drops import Seen

A, B = "a" * 64, "b" * 64


def seen(path: str = "q2.txt", sha256: str = A, signature: str = "1:2:3:4") -> Seen:
    return Seen(path, sha256, signature, NOON, NOON)


@pytest.fixture
def conn(store: Store):
    with store.begin() as conn:
        for sha256 in (A, B):
            drops.keep_original(conn, sha256, sha256.encode())
        yield conn


def test_the_bytes_are_kept_once_and_come_back(conn: Connection) -> None:
    drops.keep_original(conn, A, b"other bytes under the same hash cannot be")
    assert drops.original_bytes(conn, A) == A.encode()


def test_a_recorded_drop_is_known_and_its_signature_remembered(conn: Connection) -> None:
    assert not drops.known(conn, "q2.txt", A)
    drops.record(conn, seen(), state="release")
    assert drops.known(conn, "q2.txt", A)
    assert drops.signatures(conn) == {"q2.txt": "1:2:3:4"}


def test_a_touched_file_is_the_same_drop(conn: Connection) -> None:
    drops.record(conn, seen(), state="release")
    drops.seen_again(conn, replace(seen(), signature="touched"))
    assert drops.signatures(conn) == {"q2.txt": "touched"}


def test_other_bytes_under_a_path_take_its_place(conn: Connection) -> None:
    drops.record(conn, seen(), state="release")
    drops.record(conn, seen(sha256=B, signature="5"), state="duplicate")
    assert drops.signatures(conn) == {"q2.txt": "5"}
    drops.seen_again(conn, replace(seen(), signature="back"))
    assert drops.signatures(conn) == {"q2.txt": "back"}


def test_the_quarantine_says_what_and_why(conn: Connection) -> None:
    drops.record(conn, seen(), state="quarantined", code="empty", reason="It is empty.", wish="Save it again.")
    [waiting] = drops.quarantined(conn)
    assert (waiting.path, waiting.code, waiting.reason, waiting.wish) == (
        "q2.txt", "empty", "It is empty.", "Save it again.",
    )  # fmt: skip
    assert waiting.size == 64
    assert drops.quarantined_one(conn, waiting.id) == waiting
    assert drops.quarantined_one(conn, waiting.id + 1) is None


def test_a_mended_file_under_the_same_path_leaves_the_quarantine(conn: Connection) -> None:
    drops.record(conn, seen(), state="quarantined", code="empty", reason="It is empty.", wish="")
    drops.record(conn, seen(sha256=B), state="release")
    assert drops.quarantined(conn) == []


def test_counts_are_of_what_lies_in_the_folder_now(conn: Connection) -> None:
    drops.record(conn, seen(), state="quarantined", code="empty", reason="It is empty.", wish="")
    drops.record(conn, seen(sha256=B), state="release")
    drops.record(conn, seen("other.txt"), state="duplicate")
    assert drops.count_by_state(conn) == {"release": 1, "duplicate": 1}
