"""Words that ask to keep a release back."""

from __future__ import annotations

import pytest

from feedd.model import BlockKind, Paragraph, Zone
from feedd.parse import embargo


def found(text: str, zone: Zone = Zone.LABEL) -> str | None:
    return embargo.find((Paragraph(zone, BlockKind.LINE, text, ()),))


@pytest.mark.parametrize(
    "words",
    [
        "EMBARGOED UNTIL 7:00 A.M. EASTERN, MAY 6, 2014",
        "Embargoed: 0700 hours, 6 May 2014",
        "Strictly embargoed until 6 May",
        "Under embargo until Tuesday",
        "UNDER EMBARGO",
        "Not for release before 6:00 Eastern time",
        "NOT FOR PUBLICATION UNTIL MAY 6",
        "Hold for release May 6",
        "Sperrfrist: 6. Mai, 7 Uhr",
    ],
)
def test_words_of_an_embargo_are_found(words: str) -> None:
    assert found(words) is not None


@pytest.mark.parametrize(
    "words",
    [
        "FOR IMMEDIATE RELEASE",
        "For Release: May 6, 2014",
        "Not for release, publication or distribution in the United States",
        "News Release",
    ],
)
def test_other_labels_are_no_embargo(words: str) -> None:
    assert found(words) is None


@pytest.mark.parametrize("news", ["The arms embargo for the region hurt sales.", "The trade embargo was lifted."])
def test_embargoes_in_the_news_hold_nothing(news: str) -> None:
    assert found(news, Zone.BODY) is None


def test_an_embargo_is_found_at_the_end_too() -> None:
    assert found("This release is embargoed until 6 May 2014.", Zone.LEGAL) == "embargoed until 6 May 2014."
