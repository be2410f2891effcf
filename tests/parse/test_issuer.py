"""The company that speaks."""

from __future__ import annotations

import pytest

from feedd.model import BlockKind, HeadOffice, Issuer, Paragraph, Zone
from feedd.parse import issuer


def found(news: str, *, title: str = "Mill Runs", about: str = "") -> Issuer | None:
    paragraphs = [Paragraph(Zone.HEADLINE, BlockKind.HEADING, title, ())]
    if about:
        paragraphs.append(Paragraph(Zone.PROFILE, BlockKind.HEADING, about, ()))
    return next(iter(issuer.find(paragraphs, news)), None)


@pytest.mark.parametrize(
    ("news", "name"),
    [
        ("Tern Copper Corp. (TSX:TRN) reports a profit.", "Tern Copper Corp."),
        ("Tern Copper Corp. today reports a profit.", "Tern Copper Corp."),
        ("Tern Copper, Inc. (“Tern” or the “Company”), a miner, reports.", "Tern Copper, Inc."),
        ("Tern & Gull Holdings plc announces a dividend.", "Tern & Gull Holdings plc"),
        ("Tern advanced metals AG has grown.", "Tern advanced metals AG"),
        ("Today, Tern Copper announced a new chair.", "Tern Copper"),
        ("The Tern Company, Inc. (OTC: TRNC) announces.", "The Tern Company, Inc."),
        ("Tern Copper is pleased to report a profit.", "Tern Copper"),
        ("Sable Exchange-listed Tern Copper Ltd. reports.", "Tern Copper Ltd."),
    ],
)
def test_the_name_stands_at_the_head_of_the_lead(news: str, name: str) -> None:
    issuer_found = found(news, title="Tern Copper Mill Runs for a Month")

    assert issuer_found is not None
    assert issuer_found.legal_name == name


def test_the_headline_settles_between_two_names() -> None:
    news = "Gull Smelting, the trading arm of Tern Copper Corp. (TSX:TRN), has signed a contract."

    assert found(news, title="Gull Smelting Signs").legal_name == "Gull Smelting"  # type: ignore[union-attr]


def test_the_lead_defines_the_short_name() -> None:
    defined = found("Tern Copper Corp. (TSX:TRN) (the “Company” or “Tern”) reports.")

    assert defined is not None
    assert defined.short_name == "Tern"


def test_the_profile_gives_the_short_name_else() -> None:
    assert found("Tern Copper Corp. reports.", about="About Tern").short_name == "Tern"  # type: ignore[union-attr]


def test_another_companys_profile_gives_no_short_name() -> None:
    assert found("Tern Copper Corp. reports.", about="About Gull").short_name is None  # type: ignore[union-attr]


def test_a_text_that_names_nobody_has_no_issuer() -> None:
    assert found("In the second quarter, the mill ran.", title="mill runs") is None


def test_the_head_office_is_read_in_any_order() -> None:
    lines = ["Head Office", "T. 902 555 0100", "Tern Copper Corp.", "12 Harbour Road", "Halifax, NS B3J 1A1", "Canada"]
    expected = HeadOffice(
        name="Tern Copper Corp.",
        street="12 Harbour Road",
        city="Halifax",
        region="NS",
        postal_code="B3J 1A1",
        country="Canada",
        phone="+19025550100",
        phone_text="T. 902 555 0100",
    )

    assert issuer.head_office(lines) == issuer.head_office([lines[0], *lines[2:], lines[1]]) == expected


def test_phones_alone_are_no_head_office() -> None:
    assert issuer.head_office(["T. 902 555 0100"]) is None


@pytest.mark.parametrize(
    "news",
    [
        "Tern Copper Corp. (TSX: TRN) and Gull Metals Inc. (TSXV: GUL) jointly announce a merger.",
        "Tern Copper Corp. (“Tern”) and Gull Metals Inc. today announced a merger.",
        "Tern Copper Corp. and Gull Metals Inc. have agreed to merge.",
    ],
)
def test_a_joint_release_has_both_issuers(news: str) -> None:
    both = issuer.find([Paragraph(Zone.HEADLINE, BlockKind.HEADING, "Tern and Gull to Merge", ())], news)

    assert [one.legal_name for one in both] == ["Tern Copper Corp.", "Gull Metals Inc."]


def test_a_partner_is_no_issuer() -> None:
    both = issuer.find([], "Tern Copper Corp. (TSX: TRN) has signed a lease with Gull Metals Inc. and pays it.")

    assert [one.legal_name for one in both] == ["Tern Copper Corp."]


@pytest.mark.parametrize(
    ("news", "name"),
    [
        ("Tern, Inc., now doing business as Gull Networks (OTC: TRN), has grown.", "Tern, Inc."),
        ("Gull Labs, the research house of Tern Copper Corp. (TSX: TRN), has grown.", "Tern Copper Corp."),
        ("Ann Ray is to become Chair of Tern’s board.", "Tern"),
    ],
)
def test_brands_daughters_and_people_are_not_the_issuer(news: str, name: str) -> None:
    one = found(news, title="Changes on Tern’s Board")

    assert one is not None
    assert one.legal_name == name
