"""What a correction changed: facts and paragraphs, word by word, whatever the length of the texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import a_body, a_change, text_of

from factories import a_release
from feedd.model import BlockKind, DialIn, Event, Paragraph, Release, Replay, Zone
from feedd.render.difference import LONGEST_PIECE, MAX_PASSAGES, Difference, difference, in_brief

P, ITEM, TABLE = BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.TABLE
CALL = Event(
    "earnings-call", "confirmed", "call-2026-q1", start="2026-05-15T10:00:00-04:00", zone="America/Toronto",
    start_utc="2026-05-15T14:00:00+00:00", zone_text="EDT", live_passcode="4471",
)  # fmt: skip


def told(of: Difference) -> dict[str, list[str]]:
    """Each part's passages; ``{was|now}`` for what changed."""
    return {
        part.name: ["".join(f"{{{p.was}|{p.now}}}" if p.is_changed else p.now for p in it) for it in part.passages]
        for part in of.parts
    }


def changed(before: Release, **changes: object) -> dict[str, list[str]]:
    return told(difference(a_change(before, **changes)))


def texts(was: list[str], now: list[str], kind: BlockKind = P) -> list[str]:
    """What is told of a body that had these paragraphs and has those."""
    body = [a_body(*((kind, text) for text in its)) for its in (was, now)]
    return changed(a_release(paragraphs=body[0]), paragraphs=body[1]).get("Text", [])


# ── Facts ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_changed_headline_shows_its_words() -> None:
    assert changed(a_release("Tin Rose to 1,204 Tonnes"), title="Tin Rose to 1,240 Tonnes") == {
        "Headline": ["Tin Rose to {1,204|1,240} Tonnes"]
    }


def test_date_company_and_tickers_are_told() -> None:
    assert changed(a_release(), date="2026-03-03", issuer=None, tickers=()) == {
        "Date": ["{2|3} March 2026"],
        "Company": ["{Harbour Copper Corp.|}"],
        "Tickers": ["{TSX:HBC|}"],
    }


def test_a_moved_call_shows_the_hour_before_and_after() -> None:
    moved = Event("earnings-call", "rescheduled", CALL.uid, start="2026-05-15T11:00:00-04:00", zone_text="EDT")
    assert changed(a_release(events=(CALL,)), events=(moved,)) == {
        "Earnings call": ["Friday, 15 May 2026, {10:00|11:00} EDT"],
        "Earnings call code": ["{4471|}"],
    }


def test_an_event_is_found_again_by_its_kind_when_its_name_held_the_error() -> None:
    before = Event("meeting", "confirmed", "meeting-2026-06-01", date="2026-06-01")
    after = Event("meeting", "tentative", "meeting-2026-06-08", date="2026-06-08")
    assert changed(a_release(events=(before,)), events=(after,)) == {
        "Meeting": ["Monday, {1|8} June 2026 {|(not yet confirmed)}"]
    }


def test_events_that_come_and_go_are_told_by_their_time() -> None:
    results = Event("results-release", "confirmed", "results", date="2026-05-14", session="after-close")
    assert changed(a_release(events=(CALL,)), events=(results,)) == {
        "Results": ["{|Thursday, 14 May 2026, after the market closes}"],
        "Earnings call": ["{Friday, 15 May 2026, 10:00 EDT|}"],
    }


def test_how_to_take_part_is_told() -> None:
    def numbers(digits: str) -> tuple[DialIn, ...]:
        return (DialIn(None, True, f"1 800 555 {digits}", None),)

    before, after = (
        Event("earnings-call", "confirmed", "c", date="2026-05-15", dial_in=numbers(digits),
              replay=Replay("2026-05-22", numbers(digits), "9"))
        for digits in ("0100", "0199")
    )  # fmt: skip
    assert changed(a_release(events=(before,)), events=(after,)) == {
        "Earnings call dial-in": ["1 800 555 {0100|0199}"],
        "Earnings call replay": ["until 22 May 2026, 1 800 555 {0100|0199}, 9"],
    }


# ── Text ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_paragraphs_that_changed_are_told() -> None:
    was, now = (["Tin rose.", f"It rained {days} days.", "All is well."] for days in (12, 21))
    assert texts(was, now) == ["It rained {12|21} days."]


def test_paragraphs_come_and_go() -> None:
    assert texts(["Tin rose.", "Zinc fell."], ["We regret the error.", "Tin rose."]) == [
        "{|We regret the error.}",
        "{Zinc fell.|}",
    ]


def test_a_changed_paragraph_is_found_behind_new_ones() -> None:
    new = ["Nickel is new here.", "So is lead.", "The mine poured 9 tonnes of tin."]
    assert texts(["The mine poured 8 tonnes of tin."], new) == [
        "{|Nickel is new here.}",
        "{|So is lead.}",
        "The mine poured {8|9} tonnes of tin.",
    ]


def test_of_a_table_its_changed_rows_are_told() -> None:
    assert texts(["Mine\tTin\nEsk\t423"], ["Mine\tTin\nEsk\t432"], TABLE) == ["Esk | {423|432}"]


def test_contact_and_profile_are_told_under_their_names() -> None:
    def release(phone: str) -> Release:
        return a_release(paragraphs=(Paragraph(Zone.CONTACT, P, f"Phone: {phone}", ()),))

    assert changed(release("555-0100"), paragraphs=release("555-0199").paragraphs) == {
        "Contact": ["Phone: {555-0100|555-0199}"]
    }


def test_changes_with_a_word_between_them_are_one() -> None:
    assert texts(["The call is on 14 May 2026 for all."], ["The call is on 15 June 2026 for all."]) == [
        "The call is on {14 May|15 June} 2026 for all."
    ]
    assert texts(["It is 1 to 2, we hear."], ["It is 3 to 4, we hear."]) == ["It is {1 to 2|3 to 4}, we hear."]


def test_signs_are_not_part_of_words_but_points_inside_are() -> None:
    assert texts(["We paid US$ (1,204.5) in all."], ["We paid US$ (1,204.6) in all."]) == [
        "We paid US$ ({1,204.5|1,204.6}) in all."
    ]


def test_writing_without_blanks_is_compared_by_its_characters() -> None:
    assert texts(["公司将于五月公布业绩"], ["公司将于六月公布业绩"]) == ["公司将于{五|六}月公布业绩"]


def test_texts_that_share_little_are_not_mixed() -> None:
    assert changed(a_release("Tin and zinc"), title="Board of directors and officers elected")["Headline"] == [
        "{Tin and zinc|Board of directors and officers elected}"
    ]


def test_long_unchanged_runs_are_shortened_between_whole_words() -> None:
    words = [f"word{n}" for n in range(100)]
    (shown,) = texts([" ".join(words)], [" ".join([*words[:40], "new", *words[41:]])])
    assert shown.startswith("… word") and shown.endswith(" …")
    assert "word39 {word40|new} word41" in shown
    assert len(shown) < 250


@pytest.mark.parametrize("where", [0, 99])
def test_a_change_at_an_edge_has_its_ellipsis_on_the_other_side(where: int) -> None:
    words = [f"word{n}" for n in range(100)]
    changed_words = [*words[:where], "new", *words[where + 1 :]]
    (shown,) = texts([" ".join(words)], [" ".join(changed_words)])
    assert shown.count("…") == 1 and (shown.startswith("{word0|new}") or shown.endswith("{word99|new}"))


def test_a_release_that_was_exchanged_stays_short() -> None:
    was, now = ([f"{word}{n} " * 400 for n in range(60)] for word in ("old", "new"))
    of = difference(a_change(text_of(*((P, t) for t in was)), paragraphs=a_body(*((P, t) for t in now))))
    pieces = [piece for part in of.parts for passage in part.passages for piece in passage]
    assert (len(pieces), of.left_out) == (MAX_PASSAGES, 120 - MAX_PASSAGES)
    assert max(len(piece.was + piece.now) for piece in pieces) <= LONGEST_PIECE + 3


def test_too_much_to_compare_is_one_change_from_first_to_last_difference() -> None:
    words = [f"w{n}" for n in range(2_000)]
    (shown,) = texts([" ".join(words)], [" ".join(f"x{n}" if n % 3 == 1 else word for n, word in enumerate(words))])
    assert shown.startswith("w0 {w1 w2 w3 ")
    assert shown.count("{") == 1


def test_blanks_alone_are_no_difference() -> None:
    assert texts(["The call (in English) is at 10:00."], ["The call ( in English ) is  at 10:00 ."]) == []


def test_what_no_reader_sees_is_no_difference() -> None:
    again = a_change(a_release(), doc_label="Press release", summary="Other words.", format="pdf")
    assert difference(again) == Difference((), 0)


@given(
    st.lists(st.sampled_from(["tin", "zinc", "(", ".", "10:00", "é"])), st.lists(st.sampled_from(["tin", "lead", "."]))
)
def test_the_pieces_give_both_texts_back(was: list[str], now: list[str]) -> None:
    before, after = " ".join(was), " ".join(now)
    of = difference(a_change(a_release(before), title=after))
    pieces = [piece for part in of.parts for passage in part.passages for piece in passage]
    if before != after:
        assert "".join(p.was for p in pieces).split() == before.split()
        assert "".join(p.now for p in pieces).split() == after.split()


# ── In brief ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_moved_call_is_a_line() -> None:
    moved = Event("earnings-call", "confirmed", CALL.uid, start="2026-05-15T11:00:00-04:00", zone_text="EDT",
                  live_passcode="4471")  # fmt: skip
    assert in_brief(a_change(a_release(events=(CALL,)), events=(moved,))) == (
        "Earnings call: Friday, 15 May 2026, 10:00 → 11:00 EDT",
    )


def test_what_is_more_than_two_lines_is_counted() -> None:
    body = a_body((P, "We regret the error."), (P, "Zinc is new."))
    was = a_release("Tin rose", paragraphs=a_body((P, "Lead fell.")))
    assert in_brief(a_change(was, title="Tin rose again", paragraphs=body)) == (
        "Headline: Tin rose [added: again]",
        "Text: [taken out: Lead fell.]",
        "And 2 more.",
    )


def test_nothing_to_tell_has_no_lines() -> None:
    assert in_brief(a_change(a_release())) == ()
