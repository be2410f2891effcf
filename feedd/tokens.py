"""Signed words for links: what feedd mails out and must recognise later, without a table of its own."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from itsdangerous import BadData, URLSafeSerializer

from feedd.errors import TokenError


class Tokens:
    """Signs and reads tokens with *keys*: the first signs, all verify, so a key can be replaced in peace.

    A token is safe in an address, says its value openly and cannot be made without a key. Each *purpose* has
    a salt of its own: a token for one purpose is forged for every other.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys or not all(keys):
            raise ValueError("Tokens need at least one key, and no empty one.")
        self._keys = [*reversed(keys)]  # itsdangerous signs with the last

    def sign(self, purpose: str, value: str, *, at: dt.datetime | None = None) -> str:
        """The token for *value*. With *at* it says when it was made, to the second, and so can expire."""
        return str(self._serializer(purpose).dumps([value] if at is None else [value, int(at.timestamp())]))

    def read(self, purpose: str, token: str, *, since: dt.datetime | None = None) -> str:
        """The value of *token*.

        With *since* the token must have been made then or later: give now minus the age allowed. Without it a
        token never expires, as links to unsubscribe must not. Raises `TokenError` when it is forged, damaged
        or expired.
        """
        try:
            value, *made = self._serializer(purpose).loads(token)
        except (BadData, ValueError, TypeError) as error:
            why = "This link is damaged or was not made here; take it again from the letter."
            raise TokenError(why) from error
        if since is not None and (not made or made[0] < int(since.timestamp())):
            raise TokenError("This link is too old; ask for a new one.")
        return str(value)

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        signing = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
        return URLSafeSerializer(self._keys, salt=f"feedd.{purpose}", signer_kwargs=signing)
