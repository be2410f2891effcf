"""Ways out of the house: each channel takes a letter and gives the receiver's answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from feedd.channels.maildir import MaildirChannel
from feedd.channels.smtp import SmtpChannel
from feedd.model import Letter

__all__ = ["CHANNELS", "Channel", "MaildirChannel", "SmtpChannel"]


class Channel(Protocol):
    """One way out. An object serves one thread."""

    def send(self, letter: Letter, *, about_to: Callable[[], None]) -> str:
        """Hands *letter* over and gives the receiver's reply as text.

        *about_to* is called just before the step after which the receiver may have the letter: whoever sends writes
        down there that the outcome is uncertain until a reply comes. What it raises stops the sending in time.
        Raises `DeliveryError`, which says whether trying again can help and whether the outcome is unknown.
        """

    def close(self) -> None:
        """Lets go of what is open. Sending afterwards opens it again."""


# The names of `mail.transport`.
CHANNELS: Mapping[str, Callable[..., Channel]] = {
    "maildir": MaildirChannel,
    "smtp": SmtpChannel,
}
