"""Everybody a release names, each once."""

from __future__ import annotations

from feedd.model import BlockKind, Contact, Paragraph, Person, Quote, Zone
from feedd.parse import people


def news(text: str) -> list[Paragraph]:
    return [Paragraph(Zone.BODY, BlockKind.PARAGRAPH, text, ())]


def said(speaker: str, role: str | None = None) -> Quote:
    return Quote(speaker, speaker, role, "said", ("We dug.",))


def test_forms_of_a_name_are_merged_under_the_fullest() -> None:
    found = people.find([], [Contact(("Ann B. Ray",), ("President",))], [said("Annie Ray"), said("Ray")])

    assert found == (Person("Ann B. Ray", ("Annie Ray", "Ray"), "President", speaker=True, contact=True),)


def test_two_people_of_one_surname_stay_apart() -> None:
    found = people.find([], [], [said("Ann Ray"), said("Tom Ray")])

    assert [person.name for person in found] == ["Ann Ray", "Tom Ray"]


def test_a_surname_alone_is_completed_from_the_text() -> None:
    (person,) = people.find(news("Last year Tom Low came to Tern."), [], [said("Low")])

    assert (person.name, person.variants) == ("Tom Low", ("Low",))


def test_speakers_come_before_contacts_before_others() -> None:
    found = people.find(
        news("Eva Holt, Director of Sales, joins."), [Contact(("Tom Low",), ("",))], [said("Ann Ray", "CEO")]
    )

    assert [(p.name, p.role, p.speaker, p.contact) for p in found] == [
        ("Ann Ray", "CEO", True, False),
        ("Tom Low", None, False, True),
        ("Eva Holt", "Director of Sales", False, False),
    ]


def test_a_title_makes_a_person() -> None:
    (person,) = people.find(news("The book is by Dr. Eva Holt of Halifax."), [], [])

    assert person == Person("Eva Holt", ("Dr. Eva Holt",), None, speaker=False, contact=False)


def test_somebody_who_is_appointed_has_the_office() -> None:
    (person,) = people.find(news("Tern has appointed Eva Holt as Chief Financial Officer, effective May 6."), [], [])

    assert (person.name, person.role) == ("Eva Holt", "Chief Financial Officer")


def test_an_office_may_stand_before_the_name() -> None:
    (person,) = people.find(news("The tape was cut by Vice President Eva Holt."), [], [])

    assert (person.name, person.role) == ("Eva Holt", "Vice President")


def test_companies_are_no_people() -> None:
    assert people.find(news("Gull Partners and the Director of Tern Copper Corp. agree."), [], []) == ()


def test_quotations_get_the_fullest_name_and_the_office() -> None:
    known = (Person("Ann B. Ray", ("Ray",), "President", speaker=True, contact=False),)

    (quote,) = people.attributed([said("Ray")], known)

    assert (quote.speaker, quote.speaker_text, quote.role) == ("Ann B. Ray", "Ray", "President")
