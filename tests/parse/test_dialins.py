"""How to take part in a call: whose number, which code, where the webcast is, until when the replay."""

from __future__ import annotations

import datetime as dt

import pytest

from feedd.model import BlockKind, DialIn, Paragraph, Replay, Span, Zone
from feedd.parse.dialins import Joining, find

HELD = dt.date(2025, 8, 7)


def joining(*texts: str) -> Joining:
    return find([_paragraph(text) for text in texts], HELD, "US")


def _paragraph(text: str) -> Paragraph:
    kind = BlockKind.LINE if len(text) < 90 else BlockKind.PARAGRAPH
    return Paragraph(Zone.BODY, kind, text, (Span(0, len(text)),))


def rows(found: Joining) -> list[tuple[str | None, bool | None, str | None]]:
    return [(row.audience, row.toll_free, row.phone) for row in found.dial_in]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dial toll free from Canada or the US: 1-877-555-0131", ("Canada or the US", True, "+18775550131")),
        ("Dial from outside Canada or the US: 1-201-555-0131", ("outside Canada or the US", False, "+12015550131")),
        ("Toll free dial-in: 888-555-0162", (None, True, "+18885550162")),
        ("International dial-in: 973-555-0111", ("International", False, "+19735550111")),
        ("Please dial +44 20 3936 2999 (UK).", ("UK", False, "+442039362999")),
        ("Please dial 1-412-555-0188 for international callers.", ("international", False, "+14125550188")),
    ],
)
def test_a_number_has_its_audience(text: str, expected: tuple[str | None, bool, str]) -> None:
    assert rows(joining(text)) == [expected]


def test_numbers_that_an_export_glued_to_words_are_read() -> None:
    found = joining("Callers dial:Domestic access: 1 (844) 555-0106International access: 1 (412) 555-0185")

    assert [row.phone for row in found.dial_in] == ["+18445550106", "+14125550185"]
    assert [row.text for row in found.dial_in] == ["1 (844) 555-0106", "1 (412) 555-0185"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Participant Access Code: 309193", "309193"),
        ("then use conference code 10191273.", "10191273"),
        ("Conference ID: TERNCOPPER", "TERNCOPPER"),
        ("Passcode is 0123#", "0123"),
        ("PIN 445 566", "445 566"),
        ("Meeting ID # 8123 4567", "8123 4567"),
    ],
)
def test_a_code_is_no_phone(text: str, code: str) -> None:
    found = joining(text)

    assert (found.passcode, found.dial_in) == (code, ())


def test_what_follows_the_word_replay_belongs_to_the_replay() -> None:
    found = joining(
        "Dial toll free: 1-877-555-0131",
        "Access code: 111222",
        "Through August 21, 2025, a replay of the call will be available by telephone at the following:",
        "Dial toll free: 1-877-555-0153",
        "Conference ID # 333444",
    )

    assert rows(found) == [(None, True, "+18775550131")]
    assert found.passcode == "111222"
    replay_row = DialIn(audience=None, toll_free=True, text="1-877-555-0153", phone="+18775550153")
    assert found.replay == Replay("2025-08-21", (replay_row,), "333444")


def test_the_live_call_may_come_behind_its_replay() -> None:
    found = joining(
        "A replay will be on the site until August 21, 2025.", "To join the live call, dial 1-877-555-0131."
    )

    assert rows(found) == [(None, True, "+18775550131")]


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("A replay can be heard until August 21, 2025.", "2025-08-21"),
        ("A replay can be heard through August 21.", "2025-08-21"),
        ("The archived webcast will remain available for at least 90 days following the event.", "2025-11-05"),
        ("A recording will be available for two weeks.", "2025-08-21"),
        ("A replay will be available for one (1) year.", "2026-08-07"),
    ],
)
def test_a_replay_ends_on_a_day_that_is_stated_or_counted(text: str, until: str) -> None:
    found = joining(text)

    assert found.replay is not None and found.replay.until == until


def test_a_replay_of_which_nothing_is_said_is_none() -> None:
    assert joining("A replay will be available two hours after the call.").replay is None


@pytest.mark.parametrize(
    ("texts", "address"),
    [
        (["Live audio webcast: www.tern.example.com"], "http://www.tern.example.com"),
        (["The webcast is at tern.com/investors."], "http://tern.com/investors"),
        (["Register for the call here:", "https://call.example.com/tern?id=5"], "https://call.example.com/tern?id=5"),
        (
            ["To view the slides, visit https://a.example.com/1", "To view the webcast, visit https://a.example.com/2"],
            "https://a.example.com/2",
        ),
        (["The full press release is at https://a.example.com/news"], None),
        (["An archived webcast will be at https://a.example.com/archive"], None),
        (["Send questions before the call to ir@tern.com"], None),
    ],
)
def test_the_webcast_is_where_the_surest_words_point(texts: list[str], address: str | None) -> None:
    assert joining(*texts).webcast == address


def test_people_to_ask_are_not_dialled_into() -> None:
    found = joining("For questions, contact Ann Ray, Investor Relations, at 604-555-0100 or ann@tern.example.com.")

    assert found == Joining()
