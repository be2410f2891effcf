"""Class, subtopic and the words that decided."""

from __future__ import annotations

import datetime as dt

import pytest

from feedd.classify import classify, cues, labels, learned
from feedd.classify.passages import passage, small_letters
from feedd.model import Class, Classification, Document, Release, Zone
from feedd.parse import parse
from feedd.readers import read

MTIME = dt.datetime(2014, 7, 1, tzinfo=dt.UTC)
PLAIN = "Tern Corp. (TSX:TRN) gives the following word to its owners, who will find it below and on the site."


def release_of(title: str, lead: str = PLAIN, *rest: str) -> tuple[Document, Release]:
    source = "\n\n".join((title, f"Halifax, May 6, 2014 - {lead}", *rest))
    document = read(source.encode(), name="drop.txt")
    return document, parse(document, path="drop.txt", mtime=MTIME, time_zone="UTC")


def classified(title: str, lead: str = PLAIN, *rest: str) -> Classification:
    return classify(*release_of(title, lead, *rest))


@pytest.mark.parametrize(
    ("title", "subtopic"),
    [
        ("Tern to Release Second Quarter Results on August 9", "earnings.date-notice"),
        ("Tern Schedules Conference Call to Discuss Annual Results", "earnings.date-notice"),
        ("Tern Postpones Release of Second Quarter Results", "earnings.date-change"),
        ("Tern Reports Second Quarter Results", "earnings.results"),
        ("Tern Reports Net Income of $3 Million for the Quarter", "earnings.results"),
        ("Tern Announces 2013 Financials", "earnings.results"),
        ("Tern Schedules Virtual Investor Call to Review First Half", "earnings.date-notice"),
        ("Tern Announces Preliminary Second Quarter Revenue", "earnings.preliminary"),
        ("Tern Raises Revenue Guidance for the Year", "earnings.guidance"),
        ("Tern Files Annual Report on Form 40-F", "earnings.filing"),
        ("Tern Reports Record Copper Production for the Quarter", "operations.production"),
        ("Tern Confirms Production Guidance and Cost Outlook", "operations.guidance"),
        ("Tern Drills 40 Metres of 2.1% Copper", "operations.exploration"),
        ("Tern Announces Maiden Mineral Resource Estimate", "operations.resource"),
        ("Tern Completes Commissioning of Second Mill", "operations.project"),
        ("Tern Cuts Workforce and Places Mine on Care and Maintenance", "operations.cost-workforce"),
        ("Tern Reports Fatality at Cold Creek Mine", "operations.incident"),
        ("Tern Receives Water Licence for Cold Creek", "operations.permit"),
        ("Tern Doses First Patient in Phase 2 Trial", "operations.permit"),
        ("Tern Wins Five-Year Supply Contract", "operations.commercial"),
        ("Tern Launches New Software Platform", "operations.commercial"),
        ("Tern Provides Corporate Update", "operations.general"),
        ("Tern Celebrates 25th Anniversary", "corporate.anniversary"),
        ("Tern Receives Safety Award", "corporate.award"),
        ("Tern Donates $50,000 to Local Charity", "corporate.community-esg"),
        ("Tern to Acquire Gull Smelting", "corporate.ma"),
        ("Tern Signs Option Agreement on Gull Property", "corporate.ma"),
        ("Tern Closes $5 Million Private Placement", "corporate.financing"),
        ("Tern Secures up to $70 Million in Strategic Funding", "corporate.financing"),
        ("Tern Declares Quarterly Dividend", "corporate.capital"),
        ("Tern Announces 1-for-10 Reverse Stock Split", "corporate.capital"),
        ("Tern Appoints Ann Ray as Chief Financial Officer", "corporate.people"),
        ("Tern Announces Results of Annual General Meeting", "corporate.meeting"),
        ("Tern Begins Trading on the Nasdaq", "corporate.listing"),
        ("Tern Forms Holding Company in Corporate Reorganization", "corporate.structure"),
        ("Tern Wins Lawsuit in Patent Infringement Case", "corporate.legal"),
        ("Tern to Present at the Sable Investor Conference", "corporate.investor-event"),
    ],
)
def test_a_headline_tells_the_subtopic(title: str, subtopic: str) -> None:
    found = classified(title)

    assert (found.subtopic, found.class_) == (subtopic, labels.class_of(subtopic))


@pytest.mark.parametrize(
    ("title", "not_class"),
    [
        ("Tern Announces Results of Special Meeting", Class.EARNINGS_NOTICE),
        ("Tern Reports Drill Results at Cold Creek", Class.EARNINGS_NOTICE),
        ("Tern Announces Positive Study Results", Class.EARNINGS_NOTICE),
        ("Tern Reports Assay Results", Class.EARNINGS_NOTICE),
        ("Tern Reports One-Month Postoperative Results", Class.EARNINGS_NOTICE),
        ("Tern Secures $3 Million Through Stock Sales in July", Class.EARNINGS_NOTICE),
    ],
)
def test_the_word_results_alone_decides_nothing(title: str, not_class: Class) -> None:
    assert classified(title).class_ is not not_class


def test_layoffs_with_guidance_unchanged_are_about_the_workforce() -> None:
    found = classified("Tern Cuts Workforce by a Fifth", f"{PLAIN} Production guidance for the year remains unchanged.")

    assert found.subtopic == "operations.cost-workforce"
    assert "operations.guidance" in found.secondary


def test_results_with_a_new_officer_are_results() -> None:
    found = classified(
        "Tern Reports Second Quarter Results", f"{PLAIN} Net income rose. Ann Ray was appointed director."
    )

    assert found.subtopic == "earnings.results"


def test_evidence_is_the_text_it_points_at() -> None:
    document, release = release_of("Tern Cuts Workforce", f"{PLAIN} Layoffs begin in May, and costs fall.")

    for item in classify(document, release).evidence:
        assert document.text[item.start : item.end] == item.text


def test_taking_any_evidence_out_lowers_the_score() -> None:
    document, release = release_of(
        "Tern Reports Second Quarter Results", f"{PLAIN} Net income and net income per share rose in the quarter."
    )
    whole = classify(document, release)

    for item in whole.evidence:
        cut = Document(
            "text", document.text[: item.start] + "x" * len(item.text) + document.text[item.end :], document.blocks
        )
        assert classify(cut, release).score < whole.score


def test_profile_contacts_and_lawyers_text_say_nothing() -> None:
    tail = (
        "About Tern",
        "Tern pays a dividend and reports drill results.",
        "Contact",
        "Ann Ray, dividend desk: 902 555 0100",
    )

    assert classified("Tern Provides Word", PLAIN, *tail).evidence == classified("Tern Provides Word").evidence


def test_confidence_of_a_text_without_cues_is_that_of_a_guess() -> None:
    found = classified("Tern Speaks", "Tern Corp. (TSX:TRN) says a few words to its owners and to its friends today.")

    assert found.confidence < learned.load().review_below
    assert found.runner_up is None
    assert all(item.rule.startswith("term/") for item in found.evidence)


def test_the_runner_up_is_of_another_class() -> None:
    found = classified("Tern Reports Second Quarter Results", f"{PLAIN} The board declared a quarterly dividend.")

    assert found.runner_up is not None
    assert (found.runner_up.class_, found.runner_up.subtopic) == (Class.CORPORATE_MILESTONE, "corporate.capital")
    assert found.confidence + found.runner_up.confidence <= 1.001


def test_at_most_three_subtopics_are_secondary() -> None:
    lead = f"{PLAIN} It declared a dividend, appointed a director, signed a contract and drilled."

    assert len(classified("Tern Gives News", lead).secondary) == 3


def test_equal_texts_give_equal_classes() -> None:
    assert classified("Tern Declares Quarterly Dividend") == classified("Tern Declares Quarterly Dividend")


@pytest.mark.parametrize(
    "lead",
    [
        "Sable & Low, a law firm, reminds investors who purchased shares of Tern of the lead plaintiff deadline.",
        "Four stocks to watch this week are those of miners, and Tern is among them, market watchers say.",
        "Tern chief Ann Ray joined Bo Low from Gull Media to discuss the mill, and says that it will run in June.",
        "Disseminated on behalf of Tern. The price of copper is up, and the mill will run again in June.",
        "Tern was in the news today. This article was paid for, and the author holds a position in its shares.",
    ],
)
def test_a_third_partys_text_is_known(lead: str) -> None:
    found = classified("Tern in the News", lead)

    assert found.not_issuer
    assert found.not_issuer[0].weight > 0


def test_an_issuers_own_voice_speaks_against_a_third_party() -> None:
    assert (
        classified(
            "Tern Declares Dividend", f"{PLAIN} “We are pleased,” said Ann Ray. Wall Street reportedly is too."
        ).not_issuer
        == ()
    )


def test_the_version_of_the_rules_is_short_and_stable() -> None:
    assert learned.rules_version() == classified("Tern Speaks of Copper").rules_version
    assert len(learned.rules_version()) == 10


def test_every_cue_speaks_for_a_subtopic_that_exists() -> None:
    rows = cues.load("cues.toml").settings
    subjects = {key for key, table in rows.items() if isinstance(table, dict)} - {"zones", "void"}

    assert subjects == set(labels.SUBTOPICS)


def test_every_void_belongs_to_a_subtopic_or_class() -> None:
    heads = {subtopic.partition(".")[0] for subtopic in labels.SUBTOPICS}

    assert set(cues.load("cues.toml").settings["void"]) <= heads | set(labels.SUBTOPICS)


def test_small_letters_keep_their_place() -> None:
    assert small_letters("İZMİR Declares DIVIDEND") == "İzmİr declares dividend"


def test_a_phrase_inside_words_that_take_it_back_does_not_count() -> None:
    assert cues._together([(5, 9), (0, 3), (2, 4), (8, 12)]) == [(0, 4), (5, 12)]
    assert [cues._touches(span, [(0, 4), (5, 12)]) for span in [(4, 5), (3, 5), (11, 20), (12, 20)]] == [
        False, True, True, False,
    ]  # fmt: skip


def test_words_are_shown_with_those_they_silence() -> None:
    text = "tern reports one month postoperative results"
    found = cues.find(cues.load("cues.toml"), text, [passage(text, Zone.HEADLINE, 0, len(text))])

    assert "earnings.results" not in found
    assert [text[find.start : find.end] for find in found["operations.permit"]] == ["postoperative results"]
