"""Invented releases for the benchmark: 6 to 9 kB each, of 200 companies that do not exist, in all three classes.

The same seed gives the same texts. Every text differs from every other in its headline and in its words, so none is
taken for a duplicate.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, product

from feedd.model import Class

LEAST_BYTES, MOST_BYTES = 6_000, 9_000

_STEMS = (
    "Quillmere Tarnbeck Ostrelund Brindlecote Halverstone Myrefield Corvanna Pellingham Sundrake Wexmoor "
    "Aldercrag Fennihale Grathmoor Ironquay Jessamount Kestlewick Lorrenby Nettlebrook Orsdale Thistlegarth"
).split()
_TRADES = (
    "Metals",
    "Minerals",
    "Energy",
    "Foods",
    "Robotics",
    "Water",
    "Timber",
    "Health",
    "Freight",
    "Optics",
)
_FORMS = ("Corp.", "Inc.", "Ltd.", "Limited", "plc")
_VENUES = ("TSX", "TSXV", "NYSE", "NASDAQ", "OTCQB", "LSE")
_CITIES = (
    "Vancouver, BC",
    "Toronto, ON",
    "Denver, CO",
    "Halifax, NS",
    "Reno, NV",
    "Calgary, AB",
    "Boise, ID",
)
_PEOPLE = (
    "Ines Falkenrath", "Tomas Ardelean", "Ruth Okonjo", "Pavel Sindermann", "Greta Lindqvist", "Amir Vashti",
    "Clara Bonnefoy", "Dmitri Halloran", "Yuki Marchetti", "Noor Vandersloot", "Elias Thornquist", "Maeve Castellano",
)  # fmt: skip
_SITES = (
    "Lantern Ridge", "Coldwater Bend", "Sparrow Creek", "Old Beacon", "Copper Lane", "North Terrace", "Hollow Pine",
    "Grey Heron", "Long Meadow", "Saltmarsh", "Windmill Hill", "Blue Orchard",
)  # fmt: skip
_ORDINALS = ("First", "Second", "Third", "Fourth")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_HEADLINES: dict[Class, tuple[str, ...]] = {
    Class.EARNINGS_NOTICE: (
        "{short} to Release {ordinal} Quarter {year} Results on {later}",
        "{short} Schedules {ordinal} Quarter {year} Results and Conference Call for {later}",
        "{short} Sets Date of {ordinal} Quarter {year} Earnings Call on {later}",
    ),
    Class.OPERATIONAL_UPDATE: (
        "{short} Reports {ordinal} Quarter {year} Production of {big} Tonnes at {site}",
        "{short} Drills {tenths} Metres of {tenths2} Grams per Tonne Gold at {site}",
        "{short} Completes Construction of the {site} Plant {hundreds} Days Early",
        "{short} Receives Environmental Permit No. {big} for {site}",
    ),
    Class.CORPORATE_MILESTONE: (
        "{short} Appoints {person} as Chief Financial Officer from {later}",
        "{short} Closes ${tenths} Million Private Placement of {big} Units",
        "{short} Declares Quarterly Dividend of $0.{hundreds} per Share Payable {later}",
        "{short} Signs Agreement to Acquire {site} for ${tenths} Million",
    ),
}

_LEADS: dict[Class, str] = {
    Class.EARNINGS_NOTICE: (
        "today advises that it will release its {ordinal_low} quarter financial results before markets open on {later} "
        "and that a conference call to review those results will follow at {hour}:00 a.m. Eastern on the same day. To "
        "take part in the live call, please dial one of the numbers below."
    ),
    Class.OPERATIONAL_UPDATE: (
        "today reports on the work of its crews at {site}, where output in the {ordinal_low} quarter reached {big} "
        "tonnes and the plant ran for {hundreds} hours without a stop. Drilling of {hundreds2} holes is complete and "
        "the next phase of the program begins on {later}."
    ),
    Class.CORPORATE_MILESTONE: (
        "today announces a step that its board of directors has prepared for many months and approved yesterday. The "
        "papers were signed by {person}, and the changes take effect on {later}, after the usual filings with the "
        "registrar have been made."
    ),
}

_SENTENCES: dict[Class, tuple[str, ...]] = {
    Class.EARNINGS_NOTICE: (
        "Those who wish to ask a question should dial in {hundreds} seconds early and give the number {big}.",
        "A recording will be kept for {hundreds} days and can be heard by telephone with the passcode {big2}.",
        "The slides that go with the call will stand on the website from the evening before, in {hundreds2} pages.",
        "{person} will open the call and hand over to the head of finance after about ten minutes.",
        "The full statements and the discussion by management will be filed on the same morning as number {big}.",
        "Analysts who follow the group have been sent the same invitation, {hundreds} in all, by mail.",
    ),
    Class.OPERATIONAL_UPDATE: (
        "The mill at {site} treated {big} tonnes in the period, against {big2} tonnes a year before.",
        "Recovery rose to {tenths} per cent after the second flotation line was tuned, as planned in the spring.",
        "Hole {big} cut {tenths} metres of mineralized core from {hundreds} metres down, open to the north.",
        "Guidance for output in {year} stays between {big} and {big2} tonnes, with costs as stated in the spring.",
        "Crews have laid {tenths} kilometres of new pipe to {site}, and the pumping station is under construction.",
        "The water licence was renewed for {hundreds} months, with {hundreds2} conditions that the site meets today.",
    ),
    Class.CORPORATE_MILESTONE: (
        "{person} spent {hundreds} weeks with the group as an adviser before the board asked for a lasting commitment.",
        "Proceeds of ${tenths} million, after fees, will be used for the works at {site} and for general purposes.",
        "The board thanks {person2}, who leaves after {hundreds} board meetings and remains a shareholder.",
        "Each unit has one common share and half a warrant, good for {hundreds} weeks at a price of ${tenths2}.",
        "The dividend goes to holders on the register on {later}, and {big} shares are entitled to it.",
        "Closing needs the consent of the lender and of the exchange, which the parties expect within {hundreds} days.",
    ),
}

_COMMON = (
    "“We told our owners in {year} what we meant to do at {site}, and {hundreds} people have worked on it ever since,” "
    "said {person}.",
    "The company has {hundreds} employees and works with {hundreds2} suppliers, most of them within an hour of {site}.",
    "At the end of the month cash stood at ${tenths} million, and the undrawn bank line at ${tenths2} million.",
    "Since work began at {site}, {big} hours have passed without an injury that cost anybody a day.",
    "The group keeps offices in two cities and moved {hundreds} of its desks to {site} in {year}.",
    "{person2} added: “Little of this is finished, but number {hundreds} on our list is done, and we go on.”",
    "More of the background stands in the yearly report, on page {hundreds}, and in the note that was filed as {big}.",
    "The neighbours of {site} were told in {hundreds2} meetings, and {hundreds} of their wishes are in the plan.",
    "Rail cars now leave {site} every {hundreds} minutes, with about {tenths} tonnes in each of them.",
    "An outside engineer looked at {hundreds} points of the plan and found {hundreds2} that deserve a second look.",
    "The price paid for power at {site} fell to {tenths} cents, and a contract for {hundreds} months was signed.",
    "Of the {big} samples sent to the laboratory, {hundreds} are still out and will be told when they are back.",
)  # fmt: skip

_PROFILE = (
    "{legal} is a company of {hundreds} people that owns {site} and holds an interest in {site2}. It was founded in "
    "{founded} by two engineers and has been listed since {listed}. Its owners are {big} private holders and a few "
    "funds, and its products go to customers in {hundreds2} towns. The company publishes what it spends on land, "
    "water and people once a year, and invites those who live near its works to see them on the first Sunday in June."
)

_LEGAL = (
    "This news release contains forward-looking statements, which are statements about what has not happened yet. "
    "They rest on what management holds to be reasonable on the day of this release, such as steady prices, open "
    "roads, willing lenders and weather of the usual kind. Words such as plan, expect, intend, believe, may and will "
    "mark many of them. Results may differ for reasons that nobody can foresee and for some that anybody can: prices "
    "fall, machines break, permits come late, partners change their minds, and money costs more than it did. Readers "
    "should not lean on such statements more than they would on a forecast of next year's harvest. The company does "
    "not undertake to write them anew when things turn out otherwise, except where the securities laws of the "
    "provinces and states in which it reports ask for it. Further risks stand in the yearly information form and in "
    "the discussion of management, both of which are filed with the regulators and can be read there at no cost. No "
    "exchange and no regulator has looked at this text or says that it is right. Figures are rounded, and sums may "
    "differ from their parts by one in the last place. Amounts are in dollars of the country in which the company has "
    "its seat unless something else is said beside them."
)


@dataclass(frozen=True, slots=True)
class Company:
    short: str
    legal: str
    ticker: str  # as written: "TSX: QUM"
    city: str
    domain: str


COMPANIES = tuple(
    Company(
        short=f"{stem} {trade}",
        legal=f"{stem} {trade} {_FORMS[number % len(_FORMS)]}",
        ticker=f"{_VENUES[number % len(_VENUES)]}: {stem[0]}{stem[2]}{trade[0]}{trade[1]}".upper(),
        city=_CITIES[number % len(_CITIES)],
        domain=f"{stem}{trade}.example".lower(),
    )
    for number, (stem, trade) in enumerate(product(_STEMS, _TRADES))
)


@dataclass(frozen=True, slots=True)
class Text:
    """One invented release: its file's name and bytes."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def archive(number: int, until: dt.date, *, seed: int = 1) -> Iterator[Text]:
    """*number* releases, dated one after the other over the three years that end at *until*."""
    first = until - dt.timedelta(days=3 * 365)
    days = (first + dt.timedelta(days=i * 3 * 365 // max(number - 1, 1)) for i in range(number))
    return (text for _, text in zip(range(number), _texts(days, seed), strict=False))


def fresh(day: dt.date, *, seed: int = 2) -> Iterator[Text]:
    """Without end: releases of *day*, in the three classes by turns."""
    return _texts((day for _ in count()), seed)


def _texts(days: Iterator[dt.date], seed: int) -> Iterator[Text]:
    dice = random.Random(seed)
    classes = tuple(Class)
    titles: set[str] = set()
    for number, day in enumerate(days):
        title, data = _text(dice, classes[number % len(classes)], day, titles)
        titles.add(title)
        yield Text(f"{day:%Y%m%d}-{seed}-{number:06}.txt", data)


def _text(dice: random.Random, class_: Class, day: dt.date, taken: set[str]) -> tuple[str, bytes]:
    company = dice.choice(COMPANIES)
    title = _title(dice, class_, company, day, taken)
    opening = f"{company.city}, {_date(day)} - {company.legal} ({company.ticker})"
    lead = f"{opening} {_filled(dice, _LEADS[class_], company, day)}"
    end = _end(dice, company, day)
    # The last paragraph may run over by some 700 bytes; quotation marks take three bytes each.
    wanted = dice.randrange(LEAST_BYTES, MOST_BYTES - 1_000) - len(lead) - len(end) - len(title)
    body = _body(dice, class_, company, day, wanted)
    return title, "\n\n".join(["News Release", title, lead, *body, end]).encode()


def _title(dice: random.Random, class_: Class, company: Company, day: dt.date, taken: set[str]) -> str:
    """A headline that no text before had."""
    while (title := _filled(dice, dice.choice(_HEADLINES[class_]), company, day)) in taken:
        pass
    return title


def _body(dice: random.Random, class_: Class, company: Company, day: dt.date, wanted: int) -> list[str]:
    """Paragraphs of three to five sentences, *wanted* characters or a little more."""
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < wanted:
        pool = dice.sample(_SENTENCES[class_], dice.randint(1, 2)) + dice.sample(_COMMON, dice.randint(2, 3))
        paragraphs.append(" ".join(_filled(dice, sentence, company, day) for sentence in pool))
    return paragraphs


def _end(dice: random.Random, company: Company, day: dt.date) -> str:
    return "\n\n".join(
        [
            f"About {company.short}",
            _filled(dice, _PROFILE, company, day),
            "Contact",
            f"{dice.choice(_PEOPLE)}, Vice President Investor Relations\n"
            f"Phone: (604) 555-01{dice.randrange(100):02}\nEmail: news@{company.domain}",
            _LEGAL,
        ]
    )


def _filled(dice: random.Random, template: str, company: Company, day: dt.date) -> str:
    """*template* with names and numbers in its places, no two alike."""
    person, person2 = dice.sample(_PEOPLE, 2)
    site, site2 = dice.sample(_SITES, 2)
    quarter = (day.month - 1) // 3
    return template.format(
        short=company.short, legal=company.legal, person=person, person2=person2, site=site, site2=site2,
        ordinal=_ORDINALS[quarter], ordinal_low=_ORDINALS[quarter].lower(), year=day.year,
        later=_date(_later(company, day)), hour=dice.randint(8, 11),
        big=_thousands(dice), big2=_thousands(dice), hundreds=dice.randint(10, 99), hundreds2=dice.randint(10, 99),
        tenths=f"{dice.uniform(1, 99):.1f}", tenths2=f"{dice.uniform(1, 9):.2f}",
        founded=dice.randint(1950, 1989), listed=dice.randint(1990, 2012),
    )  # fmt: skip


def _later(company: Company, day: dt.date) -> dt.date:
    """The day that a company's release of *day* announces: the same in headline and text."""
    return day + dt.timedelta(days=6 + zlib.crc32(f"{company.short} {day}".encode()) % 35)


def _thousands(dice: random.Random) -> str:
    return f"{dice.randint(10_000, 99_999):,}"


def _date(day: dt.date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
