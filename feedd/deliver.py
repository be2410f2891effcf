"""Letters leave: claimed with a lease, made once, sent, recorded.

    ready ─► claimed (lease) ─► made ─► MAIL, RCPT, DATA ─► "data": uncertain from here ─► the receiver's yes ─► sent
                 │                                                                 ├─► not now ─► ready, later
                 └─► subscription ended meanwhile ─► ended                         └─► never ─► failed

Mail cannot promise exactly once without the receiver's help. What breaks off in "data" is sent again with the same
Message-ID (`mail.on_uncertain` = resend) or left to the operator (hold); a Maildir knows by itself what it has.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

from feedd.channels import Channel
from feedd.errors import DeliveryError, RenderError
from feedd.model import Letter
from feedd.store import Connection, Store, deliveries
from feedd.store.deliveries import Claimed

LEASE = dt.timedelta(minutes=10)  # longer than any conversation with a mail server
GIVE_UP_AFTER = dt.timedelta(hours=24)  # counted from planning
_BACK_OFF_S = (60, 300, 900, 3600)  # seconds; the last repeats
_LEAST_TRIES = len(_BACK_OFF_S)  # however old: after a weekend switched off, one refusal is not the end

Now = Callable[[], dt.datetime]
Compose = Callable[[Connection, Claimed], Letter | None]
"""Makes the letter of a delivery; None when nothing is left to say."""


@dataclass(frozen=True, slots=True)
class Sender:
    """How letters leave this process. `owner` names it in claims; `compose` makes a letter from the store."""

    channel: Channel
    compose: Compose
    owner: str
    resend_uncertain: bool


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one attempt came to. `became`: ``sent``, ``postponed``, ``failed``, ``ended``, ``uncertain``."""

    key: str
    became: str
    sentence: str


def deliver_one(store: Store, sender: Sender, now: Now) -> Delivered | None:
    """Sends the next letter that is due; None when there is none."""
    with store.begin() as conn:
        claimed = deliveries.claim(conn, sender.owner, now(), LEASE, resend_uncertain=sender.resend_uncertain)
    if claimed is None:
        return None
    try:
        letter = _letter(store, claimed, sender)
        if letter is None:
            return Delivered(claimed.key, "ended", "Nobody wants it any more, or nothing is left to say.")
        reply = sender.channel.send(letter, about_to=lambda: _about_to(store, claimed))
    except (DeliveryError, RenderError) as error:
        return _refused(store, claimed, sender, error, now())
    with store.begin() as conn:
        deliveries.sent(conn, claimed.id, reply, now())
    return Delivered(claimed.key, "sent", letter.subject)


def _letter(store: Store, claimed: Claimed, sender: Sender) -> Letter | None:
    """The letter, kept at the first attempt so that every further one sends the same bytes; None when unwanted."""
    with store.begin() as conn:
        if not deliveries.is_active(conn, claimed.subscription_id):
            deliveries.ended(conn, claimed.id)
            return None
        if claimed.letter is not None:
            return claimed.letter
        letter = sender.compose(conn, claimed)
        if letter is None:
            deliveries.ended(conn, claimed.id)
            return None
        deliveries.made(conn, claimed.id, letter)
        return letter


def _about_to(store: Store, claimed: Claimed) -> None:
    with store.begin() as conn:
        deliveries.about_to(conn, claimed.id)


def _refused(
    store: Store, claimed: Claimed, sender: Sender, error: DeliveryError | RenderError, at: dt.datetime
) -> Delivered:
    hopeless = isinstance(error, DeliveryError) and error.permanent
    if isinstance(error, DeliveryError) and error.uncertain and not sender.resend_uncertain:
        return Delivered(claimed.key, "uncertain", str(error))  # it stays in "data" for a person to judge
    with store.begin() as conn:
        if hopeless or (claimed.attempts > _LEAST_TRIES and at - claimed.created_at > GIVE_UP_AFTER):
            deliveries.failed(conn, claimed.id, str(error))
            return Delivered(claimed.key, "failed", str(error))
        deliveries.postponed(conn, claimed.id, str(error), at + _back_off(claimed.attempts))
        return Delivered(claimed.key, "postponed", str(error))


def _back_off(attempts: int) -> dt.timedelta:
    """Longer each time, and never the same for all: a receiver that comes back is not met by everybody at once."""
    seconds = _BACK_OFF_S[min(attempts, len(_BACK_OFF_S)) - 1]
    return dt.timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - spreads load, hides nothing
