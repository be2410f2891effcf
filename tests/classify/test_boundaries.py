"""The boundary rules of the taxonomy, in their order: what a text is that could be two things."""

from __future__ import annotations

import datetime as dt

import pytest

from feedd.classify import classify
from feedd.model import Classification
from feedd.parse import parse
from feedd.readers import read

MTIME = dt.datetime(2014, 7, 1, tzinfo=dt.UTC)


def classified(title: str, lead: str) -> Classification:
    source = f"{title}\n\nHalifax, May 6, 2014 - Tern Corp. (TSX:TRN) {lead}\n\nAbout Tern\n\nTern is a company."
    document = read(source.encode(), name="drop.txt")
    return classify(document, parse(document, path="drop.txt", mtime=MTIME, time_zone="UTC"))


CASES = [
    # 1 A text that takes an earlier one back is of its own subject.
    ("Correction: Tern Declares Quarterly Dividend", "corrects the dividend declared on May 2.", "corporate.capital"),
    (
        "Tern Retracts Drill Results of April 30",
        "retracts the assays of its drilling program.",
        "operations.exploration",
    ),
    # 3 A date of results to come.
    (
        "Tern to Report First Quarter Results on May 20",
        "will report its first quarter financial results on May 20 and hold a conference call.",
        "earnings.date-notice",
    ),
    ("Tern Announces Date of Annual Results", "will publish its annual results on June 3.", "earnings.date-notice"),
    # 4 The date moves.
    (
        "Tern Reschedules First Quarter Results",
        "has postponed the release of its first quarter results from May 20 to May 27.",
        "earnings.date-change",
    ),
    ("Tern Changes Date of Earnings Call", "has moved its earnings call to May 27.", "earnings.date-change"),
    # 5 Income figures of a period.
    (
        "Tern Reports First Quarter Results",
        "reports net income of $3.1 million, or $0.04 per share, for the quarter ended March 31.",
        "earnings.results",
    ),
    # 6 Results with an outlook.
    (
        "Tern Reports First Quarter Results and Raises Guidance",
        "reports net income of $3.1 million and raises its revenue guidance for the year.",
        "earnings.results",
    ),
    # 7 Output of a period, at most with revenue.
    (
        "Tern Announces First Quarter Copper Production",
        "produced 4,100 tonnes of copper in the first quarter.",
        "operations.production",
    ),
    # 8 Output with the date of results.
    (
        "Tern Reports Record Quarterly Gold Production",
        "produced 40,100 ounces of gold in the quarter. Financial results will be released on May 20.",
        "operations.production",
    ),
    # 9 Results of a meeting, of drilling, of a study.
    ("Tern Announces Results of Annual General Meeting", "announces the voting results.", "corporate.meeting"),
    ("Tern Announces Results of Its Summer Drilling", "announces assays of six drill holes.", "operations.exploration"),
    (
        "Tern Announces Results of Feasibility Study",
        "announces the results of the feasibility study of its deposit.",
        "operations.resource",
    ),
    # 10 A dividend alone.
    ("Tern Declares Dividend of $0.05 Per Share", "declared a dividend, payable June 30.", "corporate.capital"),
    # 11 A financing that pays for a deal: the headline's first verb decides.
    (
        "Tern to Acquire Gull Smelting, Arranges Loan",
        "has agreed to acquire Gull Smelting and will fund the acquisition with a loan facility.",
        "corporate.ma",
    ),
    (
        "Tern Closes $5 Million Private Placement to Fund Purchase of Gull",
        "closed a private placement of 5,000,000 units for gross proceeds of $5 million.",
        "corporate.financing",
    ),
    # 12 An officer comes in a release of results.
    (
        "Tern Reports First Quarter Results and Names New Chief Financial Officer",
        "reports net income of $3.1 million for the quarter. Ann Ray was appointed chief financial officer.",
        "earnings.results",
    ),
    # 13 The word milestone is puffery beside a contract, a permit or a drill.
    (
        "Tern Reaches Milestone With Drilling Permit for Cold Creek",
        "has received the drilling permit for its property, a major milestone.",
        "operations.permit",
    ),
    (
        "Tern Hits Milestone With Five-Year Supply Contract",
        "signed a five-year supply agreement with a smelter, a major milestone.",
        "operations.commercial",
    ),
    # 14 A first is declared, without figures of a period.
    ("Tern Declares Commercial Production", "declared commercial production at its mill.", "corporate.anniversary"),
    ("Tern Pours First Gold", "is pleased to announce the first gold pour at its mine.", "corporate.anniversary"),
    # 15 Layoffs with guidance unchanged.
    (
        "Tern Cuts Workforce by a Fifth",
        "reduces its workforce by a fifth. Production guidance for the year remains unchanged.",
        "operations.cost-workforce",
    ),
    # 16 A conference attended.
    (
        "Tern to Present at the Sable Mining Conference",
        "will present at the conference on May 20.",
        "corporate.investor-event",
    ),
    # 17 Two subjects: earnings before financing and deals, before operations, before the rest.
    (
        "Tern Reports First Quarter Results and Closes Private Placement",
        "reports net income of $3.1 million for the quarter and closed a private placement.",
        "earnings.results",
    ),
    # 18 An option on a property against staking.
    ("Tern Options Gull Property", "signed an option agreement to acquire the Gull property.", "corporate.ma"),
    ("Tern Stakes 40 Claims Beside Gull Property", "has staked 40 mineral claims.", "operations.exploration"),
]


@pytest.mark.parametrize(("title", "lead", "subtopic"), CASES, ids=[title for title, _, _ in CASES])
def test_a_boundary_is_drawn_where_the_taxonomy_draws_it(title: str, lead: str, subtopic: str) -> None:
    assert classified(title, lead).subtopic == subtopic


@pytest.mark.parametrize(
    "lead",  # 2
    [
        "is in the focus of Sable & Low, a law firm, which reminds investors of the lead plaintiff deadline.",
        "is one of four stocks to watch this week, market watchers say. Wall Street reportedly sees it poised to soar.",
    ],
)
def test_a_third_partys_text_is_held(lead: str) -> None:
    assert classified("Why Investors Should Watch Tern", lead).not_issuer


def test_the_second_subject_is_kept_beside() -> None:
    found = classified(
        "Tern Reports First Quarter Results and Raises Revenue Guidance",
        "reports net income of $3.1 million and raises its revenue guidance for the year.",
    )

    assert "earnings.guidance" in found.secondary
