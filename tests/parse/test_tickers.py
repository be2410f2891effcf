"""Symbols on exchanges in the ways releases write them."""

from __future__ import annotations

import pytest

from feedd.model import BlockKind, Paragraph, Ticker, Zone
from feedd.parse import tables, tickers


def found(text: str, zone: Zone = Zone.LEAD) -> list[tuple[str | None, str]]:
    return [(ticker.mic, ticker.symbol) for ticker in tickers.find([Paragraph(zone, BlockKind.PARAGRAPH, text, ())])]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("(TSX:TRN)", [("XTSE", "TRN")]),
        ("(NYSE-MKT:TRC, TSX:TRN)", [("XASE", "TRC"), ("XTSE", "TRN")]),
        ("(TSX-V: TRN; OTCQB: TRNCF)", [("XTSX", "TRN"), ("OTCM", "TRNCF")]),
        ("(TSX: TRN | Frankfurt: 7TR)", [("XTSE", "TRN"), ("XFRA", "7TR")]),
        ("(CSE: TRN) (OTC Pink: TRNCF) (FSE: 7TR)", [("XCNQ", "TRN"), ("OTCM", "TRNCF"), ("XFRA", "7TR")]),
        ("(TSX et NYSE : TRN)", [("XTSE", "TRN"), ("XNYS", "TRN")]),
        ("(Nasdaq: TRNC, TRNCW)", [("XNAS", "TRNC"), ("XNAS", "TRNCW")]),
        ("(TRN-TSX.V)", [("XTSX", "TRN")]),
        ("(TRN: TSX)", [("XTSE", "TRN")]),
        ("(TRN.V)", [("XTSX", "TRN")]),
        ("(A-share: 600123.SH; D-share: 7TR.DE)", [("XSHG", "600123"), ("XETR", "7TR")]),
        ("(06123.HK)", [("XHKG", "06123")]),
        ("(TRN-UN.TO)", [("XTSE", "TRN-UN")]),
        ("(Nasdaq Stockholm: TERN B)", [("XSTO", "TERN B")]),
        ("(TERN PREF: First North)", [("FNSE", "TERN PREF")]),
        ("(OTC: $TRNC)", [("OTCM", "TRNC")]),
        ("(CSE: TRN.WT.A)", [("XCNQ", "TRN.WT.A")]),
        ("(Dusseldorf: Ticker: TRN; ISIN: DE0001234567)", [("XDUS", "TRN")]),
    ],
)
def test_a_parenthesis_of_tickers_is_read(group: str, expected: list[tuple[str, str]]) -> None:
    assert found(f"Tern Copper Corp. {group} reports.") == expected


@pytest.mark.parametrize(
    "group",
    [
        "(the “Company”)",
        "(ISIN: DE0001234567)",
        "(Note: MORE)",
        "(Q1: 12)",
        "(8:00 a.m.)",
        "(U.S.)",
        "(P.O.)",
        "(TRN.B)",
    ],
)
def test_other_parentheses_hold_no_tickers(group: str) -> None:
    assert found(f"Tern Copper Corp. {group} reports.") == []


def test_a_bare_pair_in_the_lead_counts() -> None:
    assert found("Tern Copper (“Tern”), OTCQB: TRNCF, reports.") == [("OTCM", "TRNCF")]


def test_a_partner_further_on_is_not_the_issuer() -> None:
    assert found("Tern Copper (TSX: TRN) signed with Gull Smelting (NYSE: GUL) today.") == [("XTSE", "TRN")]


def test_an_unknown_venue_is_kept_as_text() -> None:
    (ticker,) = tickers.find([Paragraph(Zone.LEAD, BlockKind.PARAGRAPH, "Tern (MOONEX: TRN) reports.", ())])

    assert ticker == Ticker("MOONEX", "MOONEX", None, "TRN")
    assert ticker.label == "MOONEX:TRN"


def test_a_vendors_suffix_is_the_venue() -> None:
    (ticker,) = tickers.find([Paragraph(Zone.LEAD, BlockKind.PARAGRAPH, "Tern (TRN.V) reports.", ())])

    assert ticker == Ticker("V", "TSX Venture Exchange", "XTSX", "TRN", "TSXV")


def test_no_suffix_stands_for_two_venues() -> None:
    rows = tables.load("venues.toml")["venue"]
    suffixes = [suffix for row in rows for suffix in row.get("suffixes", ())]

    assert len(suffixes) == len(set(suffixes))


def test_a_class_of_shares_before_other_words_is_none() -> None:
    assert found("Tern Copper, NYSE: TRN A leading miner, reports.") == [("XNYS", "TRN")]


def test_a_former_name_of_a_venue_says_so() -> None:
    then, now = tickers.packaged().named("NYSE AMEX"), tickers.packaged().named("NYSE American")

    assert then is not None and now is not None
    assert (then.mic, then.code) == (now.mic, now.code)
    assert then.name == "NYSE American (then NYSE MKT / NYSE Amex)"


def test_the_headline_helps_when_the_lead_is_silent() -> None:
    assert found("Tern Copper (TSX: TRN) Restarts Mill", Zone.HEADLINE) == [("XTSE", "TRN")]


def test_contacts_of_others_are_not_asked_before_the_lead() -> None:
    lead = Paragraph(Zone.LEAD, BlockKind.PARAGRAPH, "Tern (TSX: TRN) reports.", ())
    profile = Paragraph(Zone.PROFILE, BlockKind.PARAGRAPH, "Gull (NYSE: GUL) smelts.", ())

    assert [ticker.symbol for ticker in tickers.find([profile, lead])] == ["TRN"]


def test_the_profile_of_somebody_else_brings_no_symbol() -> None:
    profile = Paragraph(Zone.PROFILE, BlockKind.PARAGRAPH, "Gull (NYSE: GUL) smelts.", ())

    assert tickers.find([profile], ["Tern Copper Corp."]) == ()
    assert [ticker.symbol for ticker in tickers.find([profile], ["Gull Smelting Inc."])] == ["GUL"]


def test_a_text_without_its_tickers_reads_on() -> None:
    assert tickers.without("Tern Corp. (TSX: TRN), of Halifax, reports.") == "Tern Corp., of Halifax, reports."


def test_another_companys_symbol_is_not_the_issuers() -> None:
    lead = Paragraph(Zone.LEAD, BlockKind.PARAGRAPH, "Tern has merged with Gull Metals Inc. (TSX: GUL).", ())

    assert tickers.find([lead], ["Tern Copper Corp."]) == ()


def test_issuers_of_a_joint_release_bring_all_their_symbols() -> None:
    text = "Tern Copper Corp. (TSX: TRN) and Gull Metals Inc. (TSXV: GUL) announce a merger."
    found = tickers.find(
        [Paragraph(Zone.LEAD, BlockKind.PARAGRAPH, text, ())], ["Tern Copper Corp.", "Gull Metals Inc."]
    )

    assert [one.label for one in found] == ["TSX:TRN", "TSXV:GUL"]
