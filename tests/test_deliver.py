"""Letters leave once: into a real Maildir, by a real mail server, through crashes and refusals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from factories import NOON, a_letter, a_wish
from feedd.channels import MaildirChannel
from feedd.deliver import GIVE_UP_AFTER, LEASE, Delivered, Sender, deliver_one
from feedd.errors import DeliveryError, RenderError
from feedd.model import Letter
from feedd.store import Store, deliveries, subscribers

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


class Refusing:
    """A mail server's answers, one after the other; an answer that is no error takes the letter."""

    def __init__(self, *answers: DeliveryError | str) -> None:
        self.answers, self.taken = list(answers), list[Letter]()

    def send(self, letter: Letter, *, about_to: Callable[[], None]) -> str:
        answer = self.answers.pop(0)
        about_to()
        if isinstance(answer, DeliveryError):
            raise answer
        self.taken.append(letter)
        return answer

    def close(self) -> None:
        pass


@pytest.fixture
def planned(store: Store) -> Store:
    with store.begin() as conn:
        subscribers.add(conn, a_wish(), window_start=NOON, at=NOON)
        deliveries.plan(conn, "alert:1", "alert", 1, [], at=NOON)
        deliveries.wake(conn)
    return store


def compose(_conn, claimed) -> Letter:
    return a_letter(claimed.key)


def send(store: Store, channel, at: dt.datetime = NOON, *, resend: bool = True, make=compose) -> Delivered | None:
    return deliver_one(store, Sender(channel, make, "me", resend), lambda: at)


def test_a_letter_goes_into_the_maildir_and_is_done(planned: Store, tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path / "mail")
    done = send(planned, channel)
    assert done == Delivered("alert:1", "sent", "News")
    [file] = (tmp_path / "mail/new").iterdir()
    assert file.read_bytes() == a_letter().raw.replace(b"\r\n", b"\n")
    assert send(planned, channel) is None


def test_with_nothing_due_nothing_happens(store: Store, tmp_path: Path) -> None:
    assert send(store, MaildirChannel(tmp_path / "mail")) is None


def test_a_passing_refusal_is_tried_again_later_with_the_same_letter(planned: Store) -> None:
    server = Refusing(DeliveryError("alert:1", "451 busy", permanent=False), "250 ok")
    assert send(planned, server) == Delivered("alert:1", "postponed", "451 busy")
    assert send(planned, server) is None
    done = send(planned, server, NOON + 2 * MINUTE, make=None)  # what was made is not made again
    assert done is not None and done.became == "sent"
    assert server.taken == [a_letter()]


def test_a_final_refusal_is_never_tried_again(planned: Store) -> None:
    server = Refusing(DeliveryError("alert:1", "550 unknown", permanent=True))
    assert send(planned, server) == Delivered("alert:1", "failed", "550 unknown")
    assert send(planned, server, NOON + 10 * LEASE) is None


def test_patience_ends_after_a_day(planned: Store) -> None:
    at, became = NOON, []
    while not became or became[-1] == "postponed":
        done = send(planned, Refusing(DeliveryError("alert:1", "451 busy", permanent=False)), at)
        became.append(done and done.became)
        at += 2 * HOUR
    assert became == ["postponed"] * 13 + ["failed"]


def test_one_refusal_after_a_weekend_switched_off_is_not_the_end(planned: Store) -> None:
    server = Refusing(DeliveryError("alert:1", "the network is not up yet", permanent=False), "250 ok")
    monday = NOON + 3 * GIVE_UP_AFTER
    assert [send(planned, server, at).became for at in (monday, monday + HOUR)] == ["postponed", "sent"]


def test_refusals_are_spaced_wider_each_time(planned: Store) -> None:
    at, pauses = NOON, []
    for _ in range(4):
        send(planned, Refusing(DeliveryError("x", "451", permanent=False)), at)
        with planned.read() as conn:
            next_at = deliveries.next_due(conn, resend_uncertain=True)
        assert next_at is not None
        pauses.append(next_at - at)
        at = next_at
    assert pauses == sorted(pauses)
    assert pauses[0] < 2 * MINUTE and pauses[-1] > 30 * MINUTE


def test_one_letter_that_cannot_be_made_does_not_stop_the_next(planned: Store, tmp_path: Path) -> None:
    with planned.begin() as conn:
        deliveries.plan(conn, "alert:2", "alert", 1, [], at=NOON)
        deliveries.wake(conn)

    def make(_conn, claimed) -> Letter:
        if claimed.key == "alert:1":
            raise RenderError("the alert", "alert.html", "no such word")
        return a_letter(claimed.key)

    channel = MaildirChannel(tmp_path / "mail")
    results = [send(planned, channel, make=make), send(planned, channel, make=make)]
    assert [each and each.became for each in results] == ["postponed", "sent"]


def test_one_who_unsubscribed_meanwhile_gets_nothing(planned: Store) -> None:
    with planned.begin() as conn:
        subscribers.end(conn, 1, NOON)
    done = send(planned, Refusing())
    assert done is not None and done.became == "ended"
    assert send(planned, Refusing()) is None


class Crash(BaseException):
    """The process dies here."""


class Crashing:
    """Dies while sending: before the receiver has the letter, or after."""

    def __init__(self, inner: MaildirChannel, *, after: bool) -> None:
        self.inner, self.after = inner, after

    def send(self, letter: Letter, *, about_to: Callable[[], None]) -> str:
        if self.after:
            self.inner.send(letter, about_to=about_to)
        raise Crash

    def close(self) -> None:
        pass


@pytest.mark.parametrize("after", [False, True])
def test_a_crash_loses_nothing_and_a_maildir_gets_nothing_twice(planned: Store, tmp_path: Path, after: bool) -> None:
    channel = MaildirChannel(tmp_path / "mail")
    with pytest.raises(Crash):
        send(planned, Crashing(channel, after=after))
    assert send(planned, channel) is None  # the lease of the dead one holds
    done = send(planned, channel, NOON + LEASE + MINUTE)
    assert done is not None and done.became == "sent"
    assert len(list((tmp_path / "mail/new").iterdir())) == 1


def test_where_nobody_knows_the_operator_may_hold_it(planned: Store) -> None:
    lost = DeliveryError("alert:1", "the connection broke after the last word", permanent=False, uncertain=True)
    done = send(planned, Refusing(lost), resend=False)
    assert done is not None and done.became == "uncertain"
    assert send(planned, Refusing(), NOON + 9 * LEASE, resend=False) is None


def test_where_nobody_knows_it_is_sent_again_by_default(planned: Store) -> None:
    lost = DeliveryError("alert:1", "the connection broke after the last word", permanent=False, uncertain=True)
    server = Refusing(lost, "250 ok")
    send(planned, server)
    done = send(planned, server, NOON + 2 * MINUTE)
    assert done is not None and done.became == "sent"
