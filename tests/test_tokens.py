from __future__ import annotations

import datetime as dt
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.errors import TokenError
from feedd.tokens import Tokens

NOON = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)
SAFE = set(string.ascii_letters + string.digits + "-_.")


def test_a_token_gives_back_its_value() -> None:
    tokens = Tokens(["a key"])
    assert tokens.read("unsubscribe", tokens.sign("unsubscribe", "k7Qz")) == "k7Qz"


def test_the_same_value_has_the_same_token_at_any_time() -> None:
    assert Tokens(["a key"]).sign("unsubscribe", "k7Qz") == Tokens(["a key"]).sign("unsubscribe", "k7Qz")


def test_a_token_for_one_purpose_is_forged_for_another() -> None:
    tokens = Tokens(["a key"])
    with pytest.raises(TokenError, match="damaged or was not made here"):
        tokens.read("confirm", tokens.sign("unsubscribe", "k7Qz"))


def test_a_token_of_a_stranger_is_forged() -> None:
    with pytest.raises(TokenError):
        Tokens(["a key"]).read("unsubscribe", Tokens(["another"]).sign("unsubscribe", "k7Qz"))


def test_an_old_key_still_verifies_when_a_new_one_signs() -> None:
    old = Tokens(["old"]).sign("unsubscribe", "k7Qz")
    both = Tokens(["new", "old"])
    assert both.read("unsubscribe", old) == "k7Qz"
    assert Tokens(["new"]).read("unsubscribe", both.sign("unsubscribe", "k7Qz")) == "k7Qz"


def test_a_key_that_was_taken_away_verifies_nothing_more() -> None:
    old = Tokens(["old"]).sign("unsubscribe", "k7Qz")
    with pytest.raises(TokenError):
        Tokens(["new"]).read("unsubscribe", old)


@pytest.mark.parametrize("damaged", ["", ".", "x", "a.b", "WyJrN1F6Il0", "é.ü", "W10.AAAA", "." * 500])
def test_damaged_tokens_are_a_polite_error(damaged: str) -> None:
    with pytest.raises(TokenError):
        Tokens(["a key"]).read("unsubscribe", damaged)


def test_a_token_cut_by_a_mail_client_is_damaged() -> None:
    tokens = Tokens(["a key"])
    whole = tokens.sign("unsubscribe", "k7Qz")
    for end in range(len(whole)):
        with pytest.raises(TokenError):
            tokens.read("unsubscribe", whole[:end])


def test_a_token_made_before_the_oldest_allowed_time_has_expired() -> None:
    tokens = Tokens(["a key"])
    token = tokens.sign("confirm", "k7Qz", at=NOON)
    assert tokens.read("confirm", token, since=NOON) == "k7Qz"
    with pytest.raises(TokenError, match="too old; ask for a new one"):
        tokens.read("confirm", token, since=NOON + dt.timedelta(seconds=1))


def test_a_token_that_does_not_say_when_it_was_made_never_passes_for_fresh() -> None:
    tokens = Tokens(["a key"])
    with pytest.raises(TokenError, match="too old"):
        tokens.read("confirm", tokens.sign("confirm", "k7Qz"), since=NOON)


def test_a_token_to_unsubscribe_never_expires() -> None:
    tokens = Tokens(["a key"])
    long_ago = dt.datetime(1999, 1, 1, tzinfo=dt.UTC)
    assert tokens.read("unsubscribe", tokens.sign("unsubscribe", "k7Qz", at=long_ago)) == "k7Qz"


@pytest.mark.parametrize("keys", [[], [""], ["good", ""]])
def test_tokens_without_a_key_are_refused(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="at least one key"):
        Tokens(keys)


@given(value=st.text(max_size=60).filter(str.isprintable))
def test_every_value_round_trips_in_letters_that_addresses_allow(value: str) -> None:
    tokens = Tokens(["a key"])
    token = tokens.sign("unsubscribe", value)
    assert set(token) <= SAFE
    assert tokens.read("unsubscribe", token) == value
