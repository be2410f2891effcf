"""What may stand in front of a text, and what only looks like it."""

from __future__ import annotations

import pytest

from feedd.model import Stated
from feedd.readers import front, read

RELEASE = "Harbour Copper Opens Its Gate\n\nMarch 2, 2026 - Harbour Copper Corp. reports that its gate is open.\n"


def test_keys_and_values_stand_between_two_rules() -> None:
    values, rest = front.taken(f'---\nEmbargo: "2026-07-30T06:00-04:00"\ntags:\n  - copper\n# so\n---\n{RELEASE}')

    assert (values["embargo"], rest) == ("2026-07-30T06:00-04:00", RELEASE)


@pytest.mark.parametrize(
    "text",
    [
        RELEASE,
        f"---\n{RELEASE}",
        f"---\nAn open gate is good news.\n---\n{RELEASE}",
        f"---\n---\n{RELEASE}",
        f"\n---\nembargo: x\n---\n{RELEASE}",
    ],
)
def test_other_rules_are_part_of_the_text(text: str) -> None:
    assert front.taken(text) == ({}, text)


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_text_states_its_embargo_in_front(name: str) -> None:
    document = read(
        f"---\nembargo: 2026-07-30T0600-0400\ntitle: Ours\nlayout: post\n---\n{RELEASE}".encode(), name=name
    )

    assert document.stated == Stated(embargo="2026-07-30T0600-0400")
    assert document.title == "Ours"
    assert "embargo" not in document.text


def test_line_ends_of_another_system_do_not_matter() -> None:
    document = read(f"---\nembargo: 2026-07-30T0600Z\n---\n{RELEASE}".replace("\n", "\r\n").encode(), name="a.txt")

    assert document.stated.embargo == "2026-07-30T0600Z"
