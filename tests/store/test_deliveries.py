"""Deliveries: planned once, awake when the pages stand, claimed by one, given back by a lease."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from factories import NOON, a_letter, a_stored_release, a_wish
from feedd.store import Store, deliveries, outputs, subscribers
from feedd.store.outputs import Output

MINUTE = dt.timedelta(minutes=1)
LEASE = 10 * MINUTE


@pytest.fixture
def planned(store: Store) -> Store:
    """One alert about one release whose page is not written yet."""
    with store.begin() as conn:
        id = a_stored_release(conn)
        outputs.mark(conn, [Output("releases/x/index.html", 1, id)])
        subscribers.add(conn, a_wish(), window_start=NOON, at=NOON)
        deliveries.plan(conn, "alert:1", "alert", 1, [(id, 1)], at=NOON)
    return store


@pytest.fixture
def ready(planned: Store) -> Store:
    with planned.begin() as conn:
        outputs.written(conn, outputs.stale(conn, 9), NOON)
        deliveries.wake(conn)
    return planned


def claim(store: Store, now: dt.datetime = NOON, *, resend: bool = True) -> deliveries.Claimed | None:
    with store.begin() as conn:
        return deliveries.claim(conn, "me", now, LEASE, resend_uncertain=resend)


def states(store: Store) -> dict[str, int]:
    with store.read() as conn:
        return deliveries.count_by_state(conn)


def test_planning_twice_plans_once(planned: Store) -> None:
    with planned.begin() as conn:
        assert not deliveries.plan(conn, "alert:1", "alert", 1, [(1, 1)], at=NOON)
    assert states(planned) == {"waiting": 1}


def test_a_letter_waits_for_its_page(planned: Store) -> None:
    with planned.begin() as conn:
        assert deliveries.wake(conn) == 0
    assert claim(planned) is None


def test_it_is_due_when_the_page_stands(ready: Store) -> None:
    claimed = claim(ready)
    assert claimed is not None
    assert (claimed.key, claimed.kind, claimed.attempts, len(claimed.releases)) == ("alert:1", "alert", 1, 1)
    assert claimed.letter is None and not claimed.uncertain


def test_what_is_claimed_is_nobody_elses(ready: Store) -> None:
    assert claim(ready) is not None
    assert claim(ready) is None


def test_many_senders_claim_each_letter_once(ready: Store) -> None:
    with ready.begin() as conn:
        for number in range(20):
            deliveries.plan(conn, f"more:{number}", "alert", 1, [], at=NOON)
        deliveries.wake(conn)
    got: list[str] = []

    def send() -> None:
        while claimed := claim(ready):
            got.append(claimed.key)

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(got) == len(set(got)) == 21


def test_a_lease_that_ran_out_gives_it_back(ready: Store) -> None:
    claim(ready)
    assert claim(ready, NOON + LEASE) is None
    again = claim(ready, NOON + LEASE + MINUTE)
    assert again is not None and again.attempts == 2


def test_what_broke_off_while_sending_is_sent_again_only_where_wanted(ready: Store) -> None:
    claimed = claim(ready)
    assert claimed is not None
    with ready.begin() as conn:
        deliveries.about_to(conn, claimed.id)
    later = NOON + 2 * LEASE
    assert claim(ready, later, resend=False) is None
    again = claim(ready, later)
    assert again is not None and again.uncertain


def test_every_attempt_has_the_same_letter(ready: Store) -> None:
    claimed = claim(ready)
    assert claimed is not None
    with ready.begin() as conn:
        deliveries.made(conn, claimed.id, a_letter())
        deliveries.postponed(conn, claimed.id, "451 later", NOON + MINUTE)
    assert claim(ready) is None
    again = claim(ready, NOON + MINUTE)
    assert again is not None and again.letter == a_letter()


@pytest.mark.parametrize("finish", ["sent", "failed", "ended"])
def test_what_is_over_is_never_claimed_again(ready: Store, finish: str) -> None:
    claimed = claim(ready)
    assert claimed is not None
    with ready.begin() as conn:
        words = {"sent": ("250 ok", NOON), "failed": ("550 no",), "ended": ()}[finish]
        getattr(deliveries, finish)(conn, claimed.id, *words)
    assert states(ready) == {finish: 1}
    assert claim(ready, NOON + 9 * LEASE) is None


def test_a_gathering_letter_waits_anew_for_each_page_that_joins(ready: Store) -> None:
    with ready.begin() as conn:
        other = a_stored_release(conn, "Another")
        outputs.mark(conn, [Output("releases/y/index.html", 1, other)])
        deliveries.plan(conn, "alert:1", "alert", 1, [(other, 1)], at=NOON)
        deliveries.wake(conn)
    assert claim(ready) is None


def test_a_start_takes_back_what_the_last_one_held(ready: Store) -> None:
    claim(ready)
    with ready.begin() as conn:
        deliveries.give_back(conn)
    assert claim(ready) is not None


def test_the_next_due_time_is_known(ready: Store) -> None:
    with ready.read() as conn:
        assert deliveries.next_due(conn, resend_uncertain=True) == NOON
        assert deliveries.oldest_unsent(conn) == NOON
    claim(ready)
    with ready.read() as conn:
        assert deliveries.next_due(conn, resend_uncertain=True) == NOON + LEASE


def test_letters_planned_in_the_last_hour_are_counted(ready: Store) -> None:
    with ready.read() as conn:
        assert deliveries.planned_since(conn, 1, "alert", NOON - MINUTE) == 1
        assert deliveries.planned_since(conn, 1, "alert", NOON) == 0
        assert deliveries.planned_since(conn, 1, "rest", NOON - MINUTE) == 0


def test_what_a_person_must_judge_is_never_due_by_itself(ready: Store) -> None:
    with ready.begin() as conn:
        claimed = deliveries.claim(conn, "me", NOON, LEASE, resend_uncertain=False)
        assert claimed is not None
        deliveries.about_to(conn, claimed.id)
        assert deliveries.next_due(conn, resend_uncertain=False) is None
