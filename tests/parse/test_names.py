"""Names of people and the offices they hold."""

from __future__ import annotations

import pytest

from feedd.parse import names


@pytest.mark.parametrize(
    "name",
    ["Ann Ray", "Ann B. Ray", "J. B. Low", "Ludwig van Holt", "Zoë Ångström", "Tom Low Jr."],
)
def test_a_first_name_and_a_surname_are_a_person(name: str) -> None:
    assert names.is_person(name)


@pytest.mark.parametrize(
    "words",
    [
        "Tern Copper Corp",
        "Investor Relations",
        "Ray",
        "New York",
        "Chief Officer",
        "The Mill",
        "ANN RAY",
        "RayPresident Low",
    ],
)
def test_companies_places_and_offices_are_none(words: str) -> None:
    assert not names.is_person(words)


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Ann Ray", "Ann Ray", None),
        ("Ann Ray, President and CEO of Tern", "Ann Ray", "President and CEO"),
        ("Ann Ray, Director of Sales at the Company", "Ann Ray", "Director of Sales"),
        (
            "Tern President and Chief Executive Officer Ann B. Ray",
            "Ann B. Ray",
            "President and Chief Executive Officer",
        ),
        ("Tern’s CEO, Ann Ray", "Ann Ray", "CEO"),
        ("Vice President of Sales Ann Ray", "Ann Ray", "Vice President of Sales"),
        ("Ann Ray Chief Executive Officer of Gull", "Ann Ray", "Chief Executive Officer of Gull"),
        ("On the new permit, Ann Ray, CEO", "Ann Ray", "CEO"),
        ("Dr. Ann Ray", "Ann Ray", None),
        ("Ray", "Ray", None),
        ("Ann Ray – Partner, Head of Trading", "Ann Ray", "Partner, Head of Trading"),
    ],
)
def test_an_attribution_gives_name_and_office(text: str, name: str, role: str | None) -> None:
    found = names.read(text, "Tern Copper Corp.")

    assert found is not None
    assert (found.name, found.role) == (name, role)


@pytest.mark.parametrize("text", ["the company", "a spokesperson for Tern", "", "it"])
def test_nobody_is_named(text: str) -> None:
    assert names.read(text) is None


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("the Company’s Chief Operating Officer", "Chief Operating Officer"),
        ("Tern Bank, Vice President, 12 Quay Street", "Vice President"),
        ("President and Director of Tern", "President and Director"),
        ("a quiet place", None),
    ],
)
def test_an_office_is_freed_of_its_company(text: str, role: str | None) -> None:
    assert names.role(text, "Tern Copper Corp.") == role
