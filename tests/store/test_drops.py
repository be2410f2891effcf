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


def put(conn: Connection, what: drops.Seen, state: str, **why) -> int:
    """A drop that was taken and judged; gives its row's id."""
    drops.take(conn, what, what.sha256.encode())
    [waiting] = drops.taken(conn, 9)
    drops.judge(conn, waiting.id, state, refusal=drops.Refusal(**why) if why else None, by="1.0")
    return waiting.id


EMPTY = {"code": "empty", "reason": "It is empty.", "wish": "Save it again."}


def test_a_drop_waits_to_be_judged_once_and_its_signature_is_remembered(conn: Connection) -> None:
    assert drops.take(conn, seen(), b"x")
    assert not drops.take(conn, seen(), b"x")
    assert drops.signatures(conn) == {"q2.txt": "1:2:3:4"}
    [waiting] = drops.taken(conn, 9)
    assert (waiting.path, waiting.data, drops.still_taken(conn, [waiting.id])) == ("q2.txt", A.encode(), {waiting.id})
    drops.judge(conn, waiting.id, "duplicate")
    assert drops.taken(conn, 9) == [] and not drops.still_taken(conn, [waiting.id])


def test_the_bytes_of_a_large_drop_are_left_where_they_are(conn: Connection) -> None:
    drops.take(conn, seen("large.pdf", sha256="c" * 64), b"x" * drops.LARGE)
    [waiting] = drops.taken(conn, 9)
    assert (waiting.data, waiting.size) == (None, drops.LARGE)


def test_drops_wait_in_the_order_in_which_they_were_taken(conn: Connection) -> None:
    for name in ("b", "a", "c"):
        drops.take(conn, seen(f"{name}.txt"), b"x")
    assert [waiting.path for waiting in drops.taken(conn, 2)] == ["b.txt", "a.txt"]


def test_bytes_that_were_too_large_to_keep_come_back_when_they_are_dropped_again(conn: Connection) -> None:
    id = put(conn, seen(), "quarantined", **EMPTY)
    drops.forget_bytes(conn, A)
    [found] = drops.quarantined(conn)
    assert (found.kept, found.size) == (False, len(A))
    assert [sha256 for sha256, _data in drops.originals(conn)] == [B]
    assert not drops.retry(conn, id) and not drops.retry_faults(conn, ["empty"], "2.0")
    assert drops.take(conn, seen(), A.encode())
    assert drops.original_bytes(conn, A) == A.encode()


def test_bytes_that_another_drop_needs_are_kept(conn: Connection) -> None:
    put(conn, seen("public.txt"), "release")
    put(conn, seen("aside.txt"), "quarantined", **EMPTY)
    drops.forget_bytes(conn, A)
    assert drops.original_bytes(conn, A) == A.encode()


def test_a_new_version_does_not_retry_what_was_replaced(conn: Connection) -> None:
    put(conn, seen(), "quarantined", **EMPTY)
    put(conn, seen(sha256=B), "release")
    assert drops.retry_faults(conn, ["empty"], "2.0") == 0


def test_what_was_set_aside_may_be_retried_or_discarded(conn: Connection) -> None:
    id = put(conn, seen(), "quarantined", **EMPTY)
    assert drops.retry(conn, id) and not drops.retry(conn, id)
    drops.judge(conn, id, "quarantined", refusal=drops.Refusal(**EMPTY), by="1.0")
    assert drops.discard(conn, id) and drops.quarantined(conn) == []
    assert drops.take(conn, seen(), b"x")


def test_another_version_tries_again_what_a_reader_failed_on(conn: Connection) -> None:
    put(conn, seen(), "quarantined", **{**EMPTY, "code": "corrupt"})
    put(conn, seen("b.txt"), "quarantined", **EMPTY)
    assert drops.retry_faults(conn, ["corrupt"], "1.0") == 0
    assert drops.retry_faults(conn, ["corrupt"], "1.1") == 1
    assert [waiting.path for waiting in drops.taken(conn, 9)] == ["q2.txt"]


def test_a_touched_file_is_the_same_drop(conn: Connection) -> None:
    put(conn, seen(), "release")
    assert not drops.take(conn, replace(seen(), signature="touched"), b"")
    assert drops.signatures(conn) == {"q2.txt": "touched"}


def test_other_bytes_under_a_path_take_its_place(conn: Connection) -> None:
    put(conn, seen(), "release")
    put(conn, seen(sha256=B, signature="5"), "duplicate")
    assert drops.signatures(conn) == {"q2.txt": "5"}
    assert drops.take(conn, replace(seen(), signature="back"), b"")
    assert drops.signatures(conn) == {"q2.txt": "back"}


def test_the_quarantine_says_what_and_why(conn: Connection) -> None:
    put(conn, seen(), "quarantined", **EMPTY)
    [waiting] = drops.quarantined(conn)
    assert (waiting.path, waiting.code, waiting.reason, waiting.wish) == (
        "q2.txt", "empty", "It is empty.", "Save it again.",
    )  # fmt: skip
    assert waiting.size == 64
    assert drops.quarantined_one(conn, waiting.id) == waiting
    assert drops.quarantined_one(conn, waiting.id + 1) is None


def test_a_mended_file_under_the_same_path_leaves_the_quarantine(conn: Connection) -> None:
    put(conn, seen(), "quarantined", **EMPTY)
    put(conn, seen(sha256=B), "release")
    assert drops.quarantined(conn) == []


def test_counts_are_of_what_lies_in_the_folder_now(conn: Connection) -> None:
    put(conn, seen(), "quarantined", **EMPTY)
    put(conn, seen(sha256=B), "release")
    put(conn, seen("other.txt"), "duplicate")
    assert drops.count_by_state(conn) == {"release": 1, "duplicate": 1}
