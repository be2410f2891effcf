from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from newsroom import LABELS, a_change, corrected, withdrawn
from newsroom import SITE as NEWSROOM

import factories
import feedd
from factories import a_subscription
from feedd.errors import ConfigError, RenderError
from feedd.model import Cadence, Class, Entry, Issuer, Labels, Letter, Site, Subscription, Ticker, Window
from feedd.render.letters import MAX_HTML, Letters, wrapped

EARNINGS, OPERATIONS, CORPORATE = Class

SITE = replace(
    NEWSROOM,
    base_url="https://news.harbour.example",
    imprint="Harbour News GmbH\nKai 5, 20457 Hamburg\n",
)
START = dt.datetime(2026, 7, 1, 10, 30, tzinfo=dt.UTC)
ANNA = a_subscription("anna@reader.example", window_start=START)
BEN = replace(ANNA, cadence=Cadence.AT_ONCE)
WINDOW = Window(START, START + dt.timedelta(days=1))
STOP = "https://news.harbour.example/unsubscribe/WyJrN1F6Il0.c2lnbmF0dXJl"
STAMP: dict[str, Any] = {"key": "digest:k7Qz:2026-07-01", "at": WINDOW.end, "unsubscribe_url": STOP}
FERRO = Ticker("Toronto", "Toronto Stock Exchange", "XTSE", "FER", "TSX")
FERROLITH = {
    "issuer": Issuer("Ferrolith Metals Inc."),
    "tickers": (FERRO,),
    "summary": "Ferrolith will publish its results after the close.",
}


def an_entry(
    title: str = "Ferrolith Announces Date of Second Quarter Results",
    class_: Class = EARNINGS,
    *,
    day: str = "2026-07-01",
    slug: str = "ferrolith-results",
    **changes: Any,
) -> Entry:
    entry = factories.an_entry(title, class_=class_, date=day, **{**FERROLITH, **changes})
    return replace(entry, path=f"releases/{day[:4]}/{day[5:7]}/{slug}/")


OUTPUT = an_entry("Ferrolith Lifts Copper Output", OPERATIONS, slug="copper")
AWARD = an_entry("Ferrolith Wins Safety Award", CORPORATE, day="2026-06-30", slug="award")
RESULTS = an_entry()
ALL = [RESULTS, OUTPUT, AWARD]


def some_letters(
    site: Site = SITE, labels: Labels = LABELS, overrides: Path | None = None, **addresses: Any
) -> Letters:
    return Letters(site, labels, overrides, **{"sender": "news@harbour.example", **addresses})


def a_digest(*entries: Entry, subscription: Subscription = ANNA, letters: Letters | None = None) -> Letter:
    return (letters or some_letters()).digest(subscription, WINDOW, entries or ALL, **STAMP)


def an_alert(entry: Entry = RESULTS, subscription: Subscription = BEN) -> Letter:
    return some_letters().alert(subscription, entry, **STAMP)


def a_rest(*entries: Entry) -> Letter:
    return some_letters().rest(BEN, entries or ALL, **STAMP)


def parsed(letter: Letter) -> EmailMessage:
    read = email.message_from_bytes(letter.raw, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    assert not read.defects
    return read


def part(letter: Letter, kind: str) -> str:
    body = parsed(letter).get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content()).replace("\r\n", "\n")


def text(letter: Letter) -> str:
    return part(letter, "plain")


def html(letter: Letter) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(part(letter, "html"))


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def links(letter: Letter) -> list[str]:
    return [str(href) for href in html(letter).xpath("//a/@href")]


EVERY_KIND = pytest.mark.parametrize("letter", [a_digest(), a_rest(), an_alert()], ids=["digest", "rest", "alert"])


# ── Every letter ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["digest", "rest", "alert"])
def test_every_letter_has_its_two_templates(kind: str) -> None:
    folder = feedd.packaged("templates") / "letters"
    assert (folder / f"{kind}.html.j2").is_file()
    assert (folder / f"{kind}.txt.j2").is_file()


@EVERY_KIND
def test_every_header_that_counts_stands_exactly_once(letter: Letter) -> None:
    message = parsed(letter)
    once = (
        "From To Subject Date Message-ID Auto-Submitted List-Id List-Unsubscribe List-Unsubscribe-Post "
        "Content-Language MIME-Version Content-Type"
    )
    for name in once.split():
        assert len(message.get_all(name, [])) == 1, name


@EVERY_KIND
def test_the_sender_is_one_address_named_like_the_site(letter: Letter) -> None:
    (sender,) = parsed(letter)["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Harbour News", "news@harbour.example")
    assert letter.sender == "news@harbour.example"


@EVERY_KIND
def test_the_recipient_is_the_subscriber_without_a_name(letter: Letter) -> None:
    assert parsed(letter)["To"] == letter.recipient == "anna@reader.example"


@EVERY_KIND
def test_a_letter_says_that_a_machine_wrote_it_and_when(letter: Letter) -> None:
    message = parsed(letter)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == STAMP["at"]
    assert message["Message-ID"] == letter.message_id
    assert letter.message_id.endswith("@harbour.example>")


@EVERY_KIND
def test_the_way_out_stands_in_both_parts_and_in_the_headers(letter: Letter) -> None:
    message = parsed(letter)
    assert STOP in links(letter)
    assert f"\n{STOP}\n" in text(letter)
    assert message["List-Unsubscribe"].split() == [
        f"<{STOP}>,",
        "<mailto:news@harbour.example?subject=unsubscribe%20WyJrN1F6Il0.c2lnbmF0dXJl>",
    ]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@EVERY_KIND
def test_the_footer_says_why_who_and_where(letter: Letter) -> None:
    for body in (words(html(letter)), " ".join(text(letter).split())):
        assert "You get this letter because anna@reader.example asked Harbour News for all releases" in body
        assert "Harbour News GmbH" in body
        assert "Kai 5, 20457 Hamburg" in body


@EVERY_KIND
def test_the_html_names_its_language_and_keeps_the_dark(letter: Letter) -> None:
    assert html(letter).get("lang") == "en"
    assert "@media (prefers-color-scheme: dark)" in part(letter, "html")


@EVERY_KIND
def test_the_styles_are_in_the_elements(letter: Letter) -> None:
    (title, *_) = html(letter).xpath("//h1")
    assert "font-size: 28px" in title.get("style")


@EVERY_KIND
def test_nothing_is_hidden_and_nothing_is_fetched(letter: Letter) -> None:
    source = part(letter, "html").lower()
    assert not re.search(r"display:\s*none|visibility:\s*hidden|font-size:\s*0|opacity:|max-height:\s*0", source)
    assert not re.search(r"<img|<link|<script|<iframe|url\(|@import|<!--|src=", source)


@EVERY_KIND
def test_every_link_is_absolute(letter: Letter) -> None:
    assert links(letter)
    assert all(link.startswith("https://news.harbour.example/") for link in links(letter))


@EVERY_KIND
def test_text_is_set_in_72_columns_with_links_on_their_own_lines(letter: Letter) -> None:
    for line in text(letter).splitlines():
        assert len(line) <= 72 or line.startswith("https://"), line
        assert "https://" not in line[1:], line
        assert line == line.rstrip()


@EVERY_KIND
def test_the_same_letter_has_the_same_bytes(letter: Letter) -> None:
    again = {"digest": a_digest, "rest": a_rest, "alert": an_alert}
    assert letter.raw in {make().raw for make in again.values()}  # type: ignore[operator]


# ── The digest ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_visible_line_says_what_is_in_it() -> None:
    letter = a_digest()
    assert words(html(letter).body).startswith("3 releases, 30 June – 1 July 2026 Harbour News")
    assert text(letter).startswith("3 releases, 30 June – 1 July 2026\n")
    assert letter.subject == parsed(letter)["Subject"] == "3 releases, 30 June – 1 July 2026"


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        ("2014-05-06", "2014-05-06", "6 May 2014"),
        ("2014-05-05", "2014-05-06", "5–6 May 2014"),
        ("2014-04-30", "2014-05-02", "30 April – 2 May 2014"),
        ("2013-05-31", "2014-05-06", "31 May 2013 – 6 May 2014"),
    ],
)
def test_the_span_of_days_is_said_as_shortly_as_it_can_be(first: str, last: str, span: str) -> None:
    assert a_digest(an_entry(day=last), an_entry(day=first)).subject == f"2 releases, {span}"


def test_one_release_is_not_releases() -> None:
    assert a_digest(RESULTS).subject == "1 release, 1 July 2026"


def test_corrections_are_counted_apart() -> None:
    mended = corrected(OUTPUT)
    assert a_digest(RESULTS, mended).subject == "1 release and 1 correction, 1 July 2026"
    assert a_digest(mended, mended).subject == "2 corrections, 1 July 2026"


def test_a_digest_names_its_window_by_the_subscribers_clock() -> None:
    said = "from Wednesday 1 July 2026, 06:30 to Thursday 2 July 2026, 06:30 (America/Toronto time)"
    assert said in words(html(a_digest()))
    assert said in " ".join(text(a_digest()).split())


@pytest.mark.parametrize("start", [dt.datetime.min, dt.datetime(1970, 1, 1)])  # noqa: DTZ001, DTZ901
def test_a_window_from_the_beginning_of_time_names_only_its_end(start: dt.datetime) -> None:
    window = Window(start.replace(tzinfo=dt.UTC), WINDOW.end)
    letter = some_letters().digest(ANNA, window, ALL, **STAMP)
    assert "what became public up to Thursday 2 July 2026, 06:30" in words(html(letter))


def test_entries_stand_by_class_in_the_order_of_the_house() -> None:
    shuffled = a_digest(AWARD, OUTPUT, RESULTS)
    headings = [words(heading) for heading in html(shuffled).xpath("//h2")]
    assert headings == ["◆ Earnings notice", "▲ Operational update", "● Corporate milestone"]
    places = [text(shuffled).index(entry.release.title) for entry in ALL]
    assert places == sorted(places)


def test_entries_of_a_class_keep_their_order() -> None:
    first, second = an_entry("Newer", slug="newer"), an_entry("Older", slug="older")
    assert [words(heading) for heading in html(a_digest(first, second)).xpath("//h3")] == ["Newer", "Older"]


def test_an_entry_says_subtopic_day_company_ticker_and_one_line() -> None:
    shown = words(html(a_digest(RESULTS)))
    assert (
        "Results date · 1 July 2026 Ferrolith Announces Date of Second Quarter Results "
        "Ferrolith Metals Inc. · TSX:FER Ferrolith will publish its results after the close."
    ) in shown
    assert "https://news.harbour.example/releases/2026/07/ferrolith-results/" in links(a_digest(RESULTS))


def test_the_text_part_reads_like_a_page() -> None:
    assert text(a_digest(RESULTS, AWARD)) == PAGE


def test_the_composed_line_goes_before_the_sentence_of_the_lead() -> None:
    entry = an_entry(summary_short="Q2 2026 results Thu 6 August 2026 after market close.")
    assert "Q2 2026 results Thu 6 August 2026 after market close." in text(a_digest(entry))
    assert "Ferrolith will publish" not in text(a_digest(entry))


def test_what_is_not_known_leaves_no_gap() -> None:
    bare = some_letters(labels=replace(LABELS, subtopics={}))
    letter = a_digest(an_entry(issuer=None, tickers=(), summary=None), letters=bare)
    assert "Results\n1 July 2026\nhttps://" in text(letter)
    assert not html(letter).xpath("//p[not(normalize-space())]")


def test_a_correction_says_so_in_both_parts() -> None:
    letter = a_digest(corrected(RESULTS))
    assert "! Corrected Results date" in words(html(letter))
    assert "\nCORRECTED: Ferrolith Announces" in text(letter)


def test_a_foreign_headline_names_its_language() -> None:
    letter = a_digest(an_entry("Ferrolith augmente sa production", language="fr"), OUTPUT)
    assert html(letter).xpath("//h3/a/@lang") == ["fr"]
    assert html(letter).xpath("//p/@lang") == ["fr"]


def test_markup_in_a_release_stays_text() -> None:
    nasty = '<script>alert("x")</script> & <b>Sons</b>'
    letter = a_digest(an_entry(nasty, summary=nasty, issuer=Issuer(nasty)))
    assert not html(letter).xpath("//script | //b")
    assert [words(heading) for heading in html(letter).xpath("//h3")] == [nasty]
    assert nasty in text(letter)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\x0b", " \x00"])
def test_a_line_end_in_a_headline_blocks_no_letter(end: str) -> None:
    entry = an_entry(f"First half{end}Bcc: all@reader.example")
    assert parsed(an_alert(entry))["Subject"] == "First half Bcc: all@reader.example"
    assert parsed(an_alert(entry))["Bcc"] is None
    assert "\nFirst half Bcc: all@reader.example\n" in text(a_digest(entry))


def test_half_a_character_blocks_no_letter() -> None:
    assert "\na broken emoji\n" in text(a_digest(an_entry(summary="a broken \ud83d emoji")))


# ── Size ────────────────────────────────────────────────────────────────────────────────────────────────────────

HEADLINES = {
    "ascii": "Ferrolith Reports Drill Results from the Northern Zone",
    "umlauts": "Übergröße für Düsseldorf: Größere Öfen, höhere Ausbeute",
    "japanese": "第二四半期決算の発表日に関するお知らせ" * 3,
    "long-url": "See https://data.ferrolith.example/" + "x" * 180 + " for the tables",
}


@pytest.mark.parametrize("count", [1, 10, 100, 500])
@pytest.mark.parametrize("headline", HEADLINES.values(), ids=HEADLINES)
def test_a_letter_of_any_length_in_any_language_keeps_its_shape(headline: str, count: int) -> None:
    letter = a_digest(*(an_entry(headline, slug=f"release-{number}") for number in range(count)))
    body = parsed(letter).get_body(("html",))
    assert body is not None
    assert len(body.get_payload(decode=True)) <= MAX_HTML  # type: ignore[arg-type]
    assert letter.raw.isascii()
    assert max(map(len, letter.raw.split(b"\r\n"))) <= 200
    assert STOP in links(letter)
    shown = len(html(letter).xpath("//h3"))
    left_out = re.search(r"and (\d+) more", words(html(letter)))
    assert shown + (int(left_out[1]) if left_out else 0) == count


def test_a_letter_that_is_cut_says_how_many_more_there_are_and_where() -> None:
    letter = a_digest(*(an_entry(slug=f"release-{number}") for number in range(500)))
    shown = len(html(letter).xpath("//h3"))
    assert shown > 60
    assert f"and {500 - shown} more: all releases of Harbour News" in words(html(letter))
    assert f"\nAnd {500 - shown} more:\nhttps://news.harbour.example/\n" in text(letter)
    assert text(letter).count("/releases/2026/") == shown
    assert letter.subject == "500 releases, 1 July 2026"


def test_a_letter_that_fits_is_not_cut() -> None:
    assert not html(a_digest()).xpath("//td[@class='more']")
    assert "more:" not in text(a_digest())


def test_a_monstrous_release_makes_a_modest_letter() -> None:
    monster = "wörd " * 40_000
    letter = a_digest(an_entry(monster, summary=monster, issuer=Issuer(monster), tickers=(FERRO,) * 3000))
    assert len(html(letter).xpath("//h3")) == 1
    assert len(letter.raw) < 20_000


# ── The alert and the rest ──────────────────────────────────────────────────────────────────────────────────────


def test_the_subject_of_an_alert_is_the_headline() -> None:
    assert an_alert().subject == "Ferrolith Announces Date of Second Quarter Results"


def test_an_alert_first_says_what_kind_of_news_it_is() -> None:
    assert words(html(an_alert()).body).startswith("◆ Earnings notice Results date · 1 July 2026 Ferrolith Announces")
    assert text(an_alert()).startswith("Earnings notice · Results date · 1 July 2026\n\nFerrolith Announces")


def test_an_alert_leads_to_the_page() -> None:
    page = "https://news.harbour.example/releases/2026/07/ferrolith-results/"
    assert links(an_alert()).count(page) == 2  # headline and button
    assert f"\n{page}\n" in text(an_alert())


def test_a_corrected_release_is_a_correction_before_anything_else() -> None:
    letter = an_alert(corrected(RESULTS))
    assert letter.subject.startswith("Corrected: Ferrolith")
    assert words(html(letter).body).startswith("! Corrected: this replaces a release")
    assert text(letter).startswith("CORRECTED: this replaces a release")


def test_an_alert_tells_what_a_correction_changed() -> None:
    change = a_change(RESULTS.release, date="2026-07-02", title="Ferrolith <Moves> the Date of Second Quarter Results")
    letter = some_letters().alert(BEN, corrected(RESULTS), change, **STAMP)
    lines = ["Headline: Ferrolith Announces → <Moves> the Date of Second Quarter Results", "Date: 1 → 2 July 2026"]
    assert [words(line) for line in html(letter).xpath("//p[starts-with(@class, 'changed')]")] == lines
    assert "\n" + wrapped(lines[0]) + "\n" + lines[1] + "\n\n" in text(letter)


def test_of_a_release_that_was_withdrawn_before_its_letter_was_made_nothing_but_that_is_told() -> None:
    letter = some_letters().alert(BEN, withdrawn(corrected(RESULTS)), a_change(RESULTS.release, title="Zebra"), **STAMP)
    assert letter.subject == f"Withdrawn: {RESULTS.release.title}"
    assert text(letter).startswith("WITHDRAWN: do not rely on this release; its text is gone.\n\n")
    for told in (text(letter), words(html(letter).body)):
        assert "after the close" not in told and "Zebra" not in told


def test_withdrawn_releases_are_counted_apart() -> None:
    letter = a_rest(RESULTS, corrected(OUTPUT), withdrawn(corrected(AWARD)))
    assert letter.subject.startswith("More: 1 release, 1 correction and 1 withdrawal")
    assert f"WITHDRAWN: {AWARD.release.title}" in text(letter)


def test_a_release_that_was_not_corrected_tells_no_change() -> None:
    letter = some_letters().alert(BEN, RESULTS, a_change(RESULTS.release, title="Another"), **STAMP)
    assert "Another" not in text(letter) and letter.subject == RESULTS.release.title


def test_an_endless_headline_is_cut_in_the_subject() -> None:
    assert len(an_alert(an_entry("Very " * 200)).subject) == 200
    assert an_alert(an_entry("Very " * 200)).subject.endswith("…")


def test_the_rest_of_a_busy_hour_says_why_it_is_one_letter() -> None:
    letter = a_rest()
    assert letter.subject == "More: 3 releases, 30 June – 1 July 2026"
    assert "so many became public within the hour" in words(html(letter))
    assert len(html(letter).xpath("//h3")) == 3


# ── Why you get this ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cadence", "said"),
    [
        (Cadence.DAILY, "every day at 06:30 (America/Toronto time)."),
        (Cadence.WEEKLY, "every Monday at 06:30 (America/Toronto time)."),
        (Cadence.AT_ONCE, "as soon as they are public."),
    ],
)
def test_the_footer_says_how_often(cadence: Cadence, said: str) -> None:
    assert f"for all releases, {said}" in words(html(a_digest(subscription=replace(ANNA, cadence=cadence))))


def test_the_footer_says_which_classes_were_chosen() -> None:
    choosy = replace(ANNA, classes=(EARNINGS, CORPORATE))
    said = "releases of the kind Earnings notice, Corporate milestone, every day"
    assert said in words(html(a_digest(subscription=choosy)))


# ── Names and addresses ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_has_one_name_for_each_choice_whatever_its_order() -> None:
    both = replace(ANNA, classes=(CORPORATE, EARNINGS)), replace(ANNA, classes=(EARNINGS, CORPORATE))
    first, second = (parsed(a_digest(subscription=choice))["List-Id"] for choice in both)
    assert first == second
    assert "<earnings_notice.corporate_milestone.news.harbour.example>" in first
    assert parsed(a_digest())["List-Id"] == "Harbour News <all.news.harbour.example>"


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("http://127.0.0.1:8080", "localhost"),
        ("http://[::1]:8080", "localhost"),
        ("http://192.0.2.7", "192.0.2.7"),
        ("https://bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_the_list_is_named_after_the_host(base_url: str, host: str) -> None:
    letter = a_digest(letters=some_letters(replace(SITE, base_url=base_url)))
    assert parsed(letter)["List-Id"] == f"Harbour News <all.{host}>"


def test_without_https_only_the_mail_address_can_unsubscribe_with_one_click() -> None:
    letters = some_letters(replace(SITE, base_url="http://127.0.0.1:8080"), sender="feedd@localhost.localdomain")
    stop = "http://127.0.0.1:8080/unsubscribe/WyJrN1F6Il0.c2lnbmF0dXJl"
    letter = letters.digest(ANNA, WINDOW, ALL, **{**STAMP, "unsubscribe_url": stop})
    message = parsed(letter)
    assert "http" not in message["List-Unsubscribe"]
    assert message["List-Unsubscribe"].startswith("<mailto:feedd@localhost.localdomain?subject=unsubscribe%20WyJr")
    assert message["List-Unsubscribe-Post"] is None
    assert stop in links(letter)
    assert letter.message_id.endswith("@localhost.localdomain>")


def test_replies_and_mail_to_unsubscribe_go_where_the_operator_wishes() -> None:
    message = parsed(a_digest(letters=some_letters(reply_to="desk@harbour.example")))
    assert message["Reply-To"] == "desk@harbour.example"
    assert "<mailto:desk@harbour.example?subject=" in message["List-Unsubscribe"]


def test_another_key_is_another_letter_and_the_same_key_the_same() -> None:
    letters = some_letters()
    ids = {letters.digest(ANNA, WINDOW, ALL, **{**STAMP, "key": key}).message_id for key in ("a", "b", "a")}
    assert len(ids) == 2


def test_a_domain_outside_ascii_goes_out_in_its_ascii_form() -> None:
    letter = a_digest(subscription=replace(ANNA, address="anna@bücher.example"))
    assert letter.recipient == parsed(letter)["To"] == "anna@xn--bcher-kva.example"
    assert "anna@bücher.example" in words(html(letter))


@pytest.mark.parametrize("address", ["jürgen@reader.example", "nobody", "a@b.example\nBcc: c@d.example"])
def test_an_address_that_cannot_be_written_is_an_error_that_names_it(address: str) -> None:
    with pytest.raises(RenderError, match=re.escape(repr(address))):
        a_digest(subscription=replace(ANNA, address=address))


@pytest.mark.parametrize("setting", ["sender", "reply_to"])
def test_a_wrong_address_of_our_own_is_an_error_of_the_configuration(setting: str) -> None:
    with pytest.raises(ConfigError, match="'news at harbour'; give one mail address, such as"):
        some_letters(**{setting: "news at harbour"})


def test_an_operators_own_template_goes_before_ours(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "digest.txt.j2").write_text("Moin, {{ subject }}.")
    assert text(a_digest(letters=some_letters(overrides=tmp_path))) == "Moin, 3 releases, 30 June – 1 July 2026.\n"


def test_a_broken_template_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "digest.html.j2").write_text("{{ nobody_gave_this }}")
    with pytest.raises(RenderError, match=r"letters/digest\.html\.j2"):
        a_digest(letters=some_letters(overrides=tmp_path))


# ── Lines of text ───────────────────────────────────────────────────────────────────────────────────────────────


def test_words_are_wrapped_and_never_broken() -> None:
    long_word = "https://data.ferrolith.example/" + "x" * 90
    assert wrapped(f"See {long_word} for more") == f"See\n{long_word}\nfor more"


def test_writing_without_blanks_is_wrapped_by_its_width() -> None:
    lines = wrapped("決算" * 50).splitlines()
    assert [len(line) for line in lines] == [36, 36, 28]  # each takes two columns


PAGE = """\
2 releases, 30 June – 1 July 2026
Harbour News: what became public from Wednesday 1 July 2026, 06:30 to
Thursday 2 July 2026, 06:30 (America/Toronto time).


◆ EARNINGS NOTICE

Ferrolith Announces Date of Second Quarter Results
Ferrolith Metals Inc. · TSX:FER · 1 July 2026
Ferrolith will publish its results after the close.
https://news.harbour.example/releases/2026/07/ferrolith-results/


● CORPORATE MILESTONE

Ferrolith Wins Safety Award
Ferrolith Metals Inc. · TSX:FER · 30 June 2026
Ferrolith will publish its results after the close.
https://news.harbour.example/releases/2026/06/award/


________________________

You get this letter because anna@reader.example asked Harbour News for
all releases, every day at 06:30 (America/Toronto time).

Stop these letters:
https://news.harbour.example/unsubscribe/WyJrN1F6Il0.c2lnbmF0dXJl

Harbour News
Harbour News GmbH
Kai 5, 20457 Hamburg
https://news.harbour.example/
"""
