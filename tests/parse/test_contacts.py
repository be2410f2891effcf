"""People to ask, and nobody else."""

from __future__ import annotations

import pytest

from feedd.model import BlockKind, Contact, Paragraph, Zone
from feedd.parse import contacts


def lines(*groups: str, zone: Zone = Zone.CONTACT) -> list[Paragraph]:
    return [
        Paragraph(zone, BlockKind.LINE, line, (), number)
        for number, group in enumerate(groups)
        for line in group.split("\n")
    ]


def test_a_block_of_lines_is_one_contact() -> None:
    block = "Ann B. Ray, President\nTom Low, Vice President\nPhone: (902) 555-0100\nEmail: ir@tern.example"

    assert contacts.find(lines(block), "CA") == (
        Contact(
            ("Ann B. Ray", "Tom Low"),
            ("President", "Vice President"),
            "(902) 555-0100",
            "+19025550100",
            "ir@tern.example",
        ),
    )


def test_blocks_that_reach_someone_stay_apart() -> None:
    found = contacts.find(lines("Ann Ray, President\n902 555 0100", "Email: ir@tern.example"), "CA")

    assert [(contact.names, contact.email) for contact in found] == [(("Ann Ray",), None), ((), "ir@tern.example")]


def test_a_name_without_a_way_to_reach_it_joins_the_next_block() -> None:
    (contact,) = contacts.find(lines("Investor Contact:", "Ann Ray", "902-555-0100"), "CA")

    assert (contact.names, contact.phone) == (("Ann Ray",), "+19025550100")


def test_dial_ins_of_the_news_are_no_contacts() -> None:
    assert contacts.find(lines("Dial 1-800-555-0100", zone=Zone.BODY), "CA") == ()


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("T. 604 555 0100", "CA", "+16045550100"),
        ("+49 (0)40 555 01 00", "US", "+49405550100"),
        ("020 7946 0100", "GB", "+442079460100"),
        ("12", "US", None),
    ],
)
def test_numbers_are_read_by_the_habits_of_their_region(text: str, region: str, expected: str | None) -> None:
    assert contacts.e164(text, region) == expected


def test_a_fax_is_not_a_phone() -> None:
    paragraphs = lines("Ann Ray\nFax: 902 555 0101\nPhone: 902 555 0100")

    assert contacts.faxes(paragraphs, "CA") == ("+19025550101",)
    assert contacts.phones(contacts.find(paragraphs, "CA")) == ("+19025550100",)


@pytest.mark.parametrize(
    "glued",
    ["Ann Ray902-555-0100ir@tern.example.com", "ir@tern.example.comWebsite: x", "ir@tern.example.comwww.tern.example"],
)
def test_an_address_glued_to_its_neighbours_is_cut_free(glued: str) -> None:
    assert contacts.email(lines(glued)) == "ir@tern.example.com"


def test_the_website_is_absolute() -> None:
    assert contacts.website(lines("Please visit www.tern.example.")) == "http://www.tern.example"


@pytest.mark.parametrize(
    ("country", "code", "region"),
    [("Canada", None, "CA"), (None, "B3J 1A1", "CA"), ("Germany", "20095", "DE"), (None, None, "US")],
)
def test_the_region_follows_the_letterhead(country: str | None, code: str | None, region: str) -> None:
    assert contacts.region(country, code) == region


def reached(*groups: str) -> list[tuple[tuple[str, ...], str | None, str | None]]:
    return [(one.names, one.phone, one.email) for one in contacts.find(lines(*groups), "CA")]


def test_lines_that_an_export_glued_are_taken_apart() -> None:
    glued = "Contact:Ann RayPresident and CEOTelephone: 902-555-0100Email: ann@tern.example.com"

    (contact,) = contacts.find(lines(glued), "CA")

    assert (contact.names, contact.roles) == (("Ann Ray",), ("President and CEO",))
    assert (contact.phone, contact.email) == ("+19025550100", "ann@tern.example.com")


def test_a_word_glued_to_an_address_is_no_part_of_it() -> None:
    assert reached("Media Relationspress@tern.example") == [((), None, "press@tern.example")]


def test_a_label_opens_the_next_contact() -> None:
    found = reached("Investor Contact: Ann Ray 902-555-0100", "Media Contact: Tom Low 902-555-0101")

    assert found == [(("Ann Ray",), "+19025550100", None), (("Tom Low",), "+19025550101", None)]


def test_a_name_behind_a_way_to_reach_somebody_is_the_next_one() -> None:
    found = reached("Ann Ray\n902-555-0100\nTom Low\n902-555-0101")

    assert [names for names, _, _ in found] == [("Ann Ray",), ("Tom Low",)]


def test_several_people_share_a_phone() -> None:
    assert reached("Ann Ray or Tom Low 902-555-0100") == [(("Ann Ray", "Tom Low"), "+19025550100", None)]


def test_an_address_hidden_from_robots_is_left_out() -> None:
    assert reached("Ann Ray\n[email protected]") == [(("Ann Ray",), None, None)]


def test_a_company_a_desk_and_a_place_are_no_people() -> None:
    assert reached("Gull Advisory, Inc.\nInvestor Relations\nSan Diego, CA 92101\n902-555-0100") == [
        ((), "+19025550100", None)
    ]


def test_the_office_may_stand_on_the_line_below() -> None:
    (contact,) = contacts.find(lines("Ann Ray\nVice President Investor Relations\n902-555-0100"), "CA")

    assert contact.roles == ("Vice President Investor Relations",)
