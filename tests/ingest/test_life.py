"""The life of a release: embargoed, corrected, translated, withdrawn; by itself only where exactly one fits."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from factories import NOON, a_text, a_wish
from feedd import layout
from feedd.classify.labels import labels
from feedd.ingest import Job, Outcome, Terms, Understood, judge, let_out, open_due, take_back, take_in
from feedd.ingest.reading import in_process
from feedd.model import Attachment, Cadence, Entry, Past, Reading, Stated
from feedd.store import Store, deliveries, drops, outputs, releases, subscribers
from feedd.watch import Taken

TERMS = Terms(
    base_url="https://news.example.com", time_zone="UTC", language="en", feeds=layout.feeds(labels(), "News"),
    originals=["text"], alert_max_age=dt.timedelta(days=3), alerts_per_hour=9, version="1.0",
)  # fmt: skip
HOUR = dt.timedelta(hours=1)
EMBARGOED = b"EMBARGOED UNTIL 6:00 a.m. ET, March 3, 2026\n\n"
OPENS = dt.datetime(2026, 3, 3, 11, tzinfo=dt.UTC)
CORRECTED = "CORRECTION: "


def take(store: Store, path: str, data: bytes, at: dt.datetime = NOON, *, stated: Stated | None = None) -> Outcome:
    """Takes a drop in and judges it; `stated` is what a news format would say beside the text."""
    sha256 = hashlib.sha256(data).hexdigest()
    take_in(store, [Taken(path, data, sha256, NOON - HOUR, sha256[:8])], lambda: at)

    def read(jobs: Iterable[Job]) -> Iterator[tuple[Job, Understood]]:
        answers = in_process(TERMS)(jobs)
        return ((job, _stating(each, stated) if stated else each) for job, each in answers)

    outcomes = list(judge(store, read, TERMS, lambda: at))
    return outcomes[0] if outcomes else Outcome(path, "seen", "")


def _stating(answer: Understood, stated: Stated) -> Understood:
    assert isinstance(answer.reading, Reading)
    return replace(answer, reading=replace(answer.reading, stated=stated))


def newest(store: Store) -> list[Entry]:
    with store.read() as conn:
        return releases.newest(conn, None, 50, ["text"])


def past(store: Store, title: str) -> Past:
    with store.read() as conn:
        [id] = [each.id for each in releases.every_out(conn) if each.title == title]
        return releases.past(conn, id)


def known(store: Store, outcome: Outcome) -> releases.Known:
    assert outcome.release is not None
    with store.read() as conn:
        return releases.find(conn, outcome.release)


def open_all(store: Store, at: dt.datetime) -> list[str]:
    return open_due(store, TERMS, lambda: at, lambda instant: False)


# ── Embargo ──


def test_an_embargoed_release_is_understood_and_nothing_of_it_is_public(store: Store) -> None:
    outcome = take(store, "secret.txt", EMBARGOED + a_text("Harbour Copper Buys Its Neighbour"))
    assert outcome.became == "embargoed" and "Neighbour" not in outcome.sentence
    assert newest(store) == [] and known(store, outcome).embargo_until == OPENS
    with store.read() as conn:
        assert outputs.paths(conn) == [] and deliveries.count_by_state(conn) == {}
        assert releases.next_embargo(conn) == OPENS


def test_it_opens_at_its_second_and_not_before(store: Store) -> None:
    take(store, "secret.txt", EMBARGOED + a_text())
    assert open_all(store, OPENS - dt.timedelta(microseconds=1)) == []
    assert len(open_all(store, OPENS)) == 1
    assert open_all(store, OPENS) == []


def test_its_public_time_is_the_embargos_instant_however_late_it_opens(store: Store) -> None:
    take(store, "secret.txt", EMBARGOED + a_text(day="March 3, 2026"))
    open_all(store, OPENS + HOUR)
    [entry] = newest(store)
    assert entry.published == entry.updated == OPENS


def test_an_embargo_that_is_over_holds_nothing(store: Store) -> None:
    assert take(store, "late.txt", EMBARGOED + a_text(), OPENS).became == "release"


def test_an_embargo_where_the_clock_leapt_stays_shut(store: Store) -> None:
    take(store, "secret.txt", EMBARGOED + a_text())
    assert open_due(store, TERMS, lambda: OPENS, lambda instant: instant == OPENS) == []


def test_a_duplicate_lifts_no_embargo_and_a_later_one_holds(store: Store) -> None:
    outcome = take(store, "secret.txt", EMBARGOED + a_text())
    take(store, "plain.txt", a_text())
    take(store, "embargo/2026-03-03T1000Z/a.txt", b"\n" + a_text())
    assert known(store, outcome).embargo_until == OPENS
    take(store, "embargo/2026-03-03T1200Z/a.txt", b"\n\n" + a_text())
    assert known(store, outcome).embargo_until == OPENS + HOUR


def test_no_copy_version_or_withdrawal_of_an_embargoed_release_may_be_named_before_its_time(store: Store) -> None:
    dropped = [
        take(store, "harbour buys.txt", EMBARGOED + a_text(body="12 t.")),
        take(store, "harbour buys (2).txt", b"\n" + a_text(body="12 t.")),
        take(store, "harbour buys.txt", a_text(body="13 t.")),
        take(store, "withdrawn/harbour buys.txt", a_text(body="13 t.")),
    ]
    assert [(each.became, each.is_secret) for each in dropped] == [
        ("embargoed", True), ("duplicate", True), ("version", True), ("withdrawal", True),
    ]  # fmt: skip
    assert not take(store, "gate.txt", a_text("Harbour Copper Opens Its Gate")).is_secret


def test_a_version_shortens_no_embargo(store: Store) -> None:
    outcome = take(store, "secret.txt", EMBARGOED + a_text(body="12 t."))
    take(store, "secret.txt", a_text(body="13 t."))
    assert (known(store, outcome).embargo_until, known(store, outcome).version) == (OPENS, 2)
    open_all(store, OPENS)
    [entry] = newest(store)
    assert entry.corrected_at is None  # nobody saw the first words


def test_a_person_opens_early_or_clears_the_rest_and_keeps_the_embargo(store: Store) -> None:
    text = EMBARGOED + a_text(body="This article was sponsored, and the author holds a position in shares of it.")
    outcome = take(store, "secret.txt", text)
    assert outcome.became == "held" and outcome.release is not None
    assert let_out(store, outcome.release, TERMS, lambda: NOON, keep_embargo=True) == "embargoed"
    assert let_out(store, outcome.release, TERMS, lambda: NOON) == "public"


def test_an_embargoed_change_of_a_public_release_joins_it_at_its_second(store: Store) -> None:
    first = take(store, "gate.txt", a_text(body="12 t."))
    assert take(store, "gate.txt", EMBARGOED + a_text(body="13 t.")).became == "embargoed"
    [entry] = newest(store)
    assert entry.version == 1
    open_all(store, OPENS)
    [entry] = newest(store)
    assert (entry.id, entry.version, entry.corrected_at) == (first.release, 2, OPENS)
    assert take(store, "copy.txt", EMBARGOED + a_text(body="13 t."), OPENS).became == "duplicate"


# ── Corrections ──


def test_a_correction_by_its_words_is_a_version_of_the_one_release_that_fits(store: Store) -> None:
    first = take(store, "gate.txt", a_text(body="12 t."))
    again = take(
        store, "c.txt", a_text(CORRECTED + "Harbour Copper Pours Its First Cathode", body="13 t."), NOON + HOUR
    )
    assert (again.became, again.release) == ("version", first.release)
    [entry] = newest(store)
    assert entry.corrected_at == entry.updated == NOON + HOUR
    [change] = past(store, entry.release.title).changes
    assert change.at == NOON + HOUR and "12 t." in change.before.body[-1].text


def test_a_correction_that_fits_none_is_a_release_for_review(store: Store) -> None:
    outcome = take(store, "c.txt", a_text(CORRECTED + "Something Unheard Of"))
    assert outcome.became == "release"
    [entry] = newest(store)
    assert "none of its company fits" in entry.reading.review_reasons[-1]


def test_a_correction_that_fits_two_changes_neither(store: Store) -> None:
    take(store, "a.txt", a_text("Monthly Report of Harbour Copper", body="One."))
    take(store, "b.txt", a_text("Monthly Report of Harbour Copper", body="Two."))
    take(store, "c.txt", a_text(CORRECTED + "Monthly Report of Harbour Copper", body="Three."))
    assert [entry.version for entry in newest(store)] == [1, 1, 1]


def test_another_company_corrects_nothing(store: Store) -> None:
    take(store, "gate.txt", a_text(body="12 t."))
    own = a_text(CORRECTED + "First Cathode Poured on the Coast").replace(b"Harbour Copper", b"Tern Zinc")
    other = own.replace(b"First Cathode Poured on the Coast", b"Harbour Copper Pours Its First Cathode")
    assert take(store, "c.txt", other).became == "release"


def test_a_moved_date_under_the_same_path_is_the_same_notice(store: Store) -> None:
    def notice(day: str, call: str) -> bytes:
        return a_text(
            "Harbour Copper to Report First Quarter 2026 Results", day=day,
            body=f"Harbour Copper will release its results for the first quarter of 2026 on {call} before the open.",
        )  # fmt: skip

    first = take(store, "q1.txt", notice("April 2, 2026", "May 6, 2026"), NOON)
    again = take(store, "q1.txt", notice("April 9, 2026", "May 7, 2026"), NOON + HOUR)
    assert (again.became, again.release) == ("version", first.release)


def test_a_senders_guid_and_count_tell_versions(store: Store) -> None:
    first = take(store, "1.xml", a_text(body="12 t."), stated=Stated(guid="urn:x", version="1"))
    again = take(store, "2.xml", a_text(body="13 t."), stated=Stated(guid="urn:x", version="2"))
    late = take(store, "3.xml", a_text(body="14 t."), stated=Stated(guid="urn:x", version="1"))
    assert (again.became, again.release, late.became) == ("version", first.release, "duplicate")


# ── Withdrawals ──


def test_a_release_moved_into_the_withdrawn_folder_is_taken_back(store: Store) -> None:
    first = take(store, "gate.txt", a_text())
    assert take(store, "withdrawn/gate.txt", a_text(), NOON + HOUR).became == "withdrawal"
    [entry] = newest(store)
    assert (entry.id, entry.withdrawn_at, entry.original) == (first.release, NOON + HOUR, None)


def test_a_retraction_that_names_the_headline_takes_it_back_and_is_its_notice(store: Store) -> None:
    take(store, "gate.txt", a_text())
    words = a_text("Harbour Copper Retracts News Release", day="March 3, 2026",
                   body='The release "Harbour Copper Pours Its First Cathode" should be disregarded.')  # fmt: skip
    assert take(store, "r.txt", words, NOON + 24 * HOUR).became == "withdrawal"
    [entry] = newest(store)
    notice = past(store, entry.release.title).notice
    assert notice is not None and notice.title == "Harbour Copper Retracts News Release"


def test_a_retraction_that_fits_none_waits_for_a_person(store: Store) -> None:
    assert take(store, "r.txt", a_text("Harbour Copper Retracts News Release")).became == "held"


def test_a_canceled_item_takes_back_its_guid(store: Store) -> None:
    take(store, "1.xml", a_text(body="12 t."), stated=Stated(guid="urn:x"))
    assert take(store, "2.xml", a_text(body="."), stated=Stated(guid="urn:x", status="canceled")).became == "withdrawal"


def test_a_person_takes_back_and_puts_back(store: Store) -> None:
    outcome = take(store, "gate.txt", a_text())
    assert outcome.release is not None
    assert take_back(store, outcome.release, TERMS, lambda: NOON + HOUR) == "withdrawn"
    assert take_back(store, outcome.release, TERMS, lambda: NOON + HOUR) == "withdrawn"
    assert let_out(store, outcome.release, TERMS, lambda: NOON + 2 * HOUR) == "public"
    [entry] = newest(store)
    assert (entry.withdrawn_at, entry.published, entry.updated) == (None, NOON, NOON + 2 * HOUR)


def test_what_is_put_back_still_tells_that_it_was_corrected(store: Store) -> None:
    outcome = take(store, "gate.txt", a_text(body="12 t."))
    assert outcome.release is not None
    take(store, "gate.txt", a_text(body="13 t."), NOON + HOUR)
    take_back(store, outcome.release, TERMS, lambda: NOON + 2 * HOUR)
    let_out(store, outcome.release, TERMS, lambda: NOON + 3 * HOUR)
    [entry] = newest(store)
    assert entry.corrected_at == NOON + HOUR and len(past(store, entry.release.title).changes) == 1


def test_what_is_taken_back_before_its_time_never_opens(store: Store) -> None:
    outcome = take(store, "secret.txt", EMBARGOED + a_text())
    assert outcome.release is not None
    assert take_back(store, outcome.release, TERMS, lambda: NOON) == "retired"
    assert open_all(store, OPENS) == [] and newest(store) == []
    assert let_out(store, outcome.release, TERMS, lambda: OPENS) == "public" and len(newest(store)) == 1


def test_the_same_words_again_do_not_bring_a_withdrawn_release_back(store: Store) -> None:
    outcome = take(store, "gate.txt", a_text())
    assert outcome.release is not None
    take_back(store, outcome.release, TERMS, lambda: NOON)
    assert take(store, "copy.txt", a_text()).became == "duplicate"
    assert take(store, "gate.txt", a_text(body="More.")).became == "held"
    [entry] = newest(store)
    assert entry.withdrawn_at == NOON


def test_an_alert_that_has_not_gone_does_not_go_any_more(store: Store) -> None:
    with store.begin() as conn:
        subscribers.add(conn, a_wish(cadence=Cadence.AT_ONCE), window_start=NOON - HOUR, at=NOON - HOUR)
    outcome = take(store, "gate.txt", a_text())
    assert outcome.release is not None
    take_back(store, outcome.release, TERMS, lambda: NOON)
    with store.read() as conn:
        assert deliveries.count_by_state(conn) == {"ended": 1}


# ── Translations ──

FRENCH = """Communiqué de presse

Harbour Copper annonce ses premiers chiffres

2 mars 2026 - Harbour Copper Corp. (TSX:HBC) annonce que son usine a produit 12 345 tonnes de cuivre au coût de
2,17 $ la livre, soit 7,5 % de plus que les 11 484 tonnes de 2025, et que ses 486 employés sont satisfaits.

À propos de Harbour Copper

Harbour Copper Corp. possède une usine de cuivre.
"""
ENGLISH = a_text(
    "Harbour Copper Reports Its First Figures",
    body="The plant made 12,345 tonnes of copper at a cost of $2.17 a pound, 7.5% more than the 11,484 tonnes of 2025. "
    "Its 486 employees are content.",
)


def test_a_translation_is_an_alternate_and_stands_in_no_list(store: Store) -> None:
    take(store, "en.txt", ENGLISH)
    outcome = take(store, "fr.txt", FRENCH.encode())
    assert outcome.became == "release"
    [entry] = newest(store)
    [alternate] = past(store, entry.release.title).alternates
    assert (alternate.language, alternate.title) == ("fr", "Harbour Copper annonce ses premiers chiffres")
    own = past(store, alternate.title).translation_of
    assert own is not None and own.path == entry.path


def test_the_text_in_the_sites_language_is_listed_whichever_came_first(store: Store) -> None:
    take(store, "fr.txt", FRENCH.encode())
    take(store, "en.txt", ENGLISH)
    assert [entry.release.language for entry in newest(store)] == ["en"]


def test_a_text_with_other_numbers_translates_nothing(store: Store) -> None:
    take(store, "en.txt", ENGLISH)
    take(store, "fr.txt", FRENCH.replace("12 345", "54 321").replace("2,17", "9,99").encode())
    assert len(newest(store)) == 2


# ── Mails ──


def test_the_documents_inside_a_mail_are_drops_of_their_own(store: Store) -> None:
    cover = Understood(None, attachments=(Attachment("../gate.txt", a_text()),))
    sha256 = hashlib.sha256(b"mail").hexdigest()
    take_in(store, [Taken("a.eml", b"mail", sha256, NOON, "1")], lambda: NOON)
    [mail] = judge(store, lambda jobs: ((job, cover) for job in jobs), TERMS, lambda: NOON)
    [document] = judge(store, in_process(TERMS), TERMS, lambda: NOON)
    assert (mail.became, document.became, document.path) == ("carrier", "release", "a.eml/.._gate.txt")
    with store.read() as conn:
        assert drops.signatures(conn) == {"a.eml": "1"}


def test_two_documents_of_one_name_inside_a_mail_are_two_releases(store: Store) -> None:
    news = [Attachment("news.txt", a_text(f"Harbour Copper Opens Gate {number}")) for number in (1, 2)]
    take_in(store, [Taken("a.eml", b"mail", "0" * 64, NOON, "1")], lambda: NOON)
    list(judge(store, lambda waiting: ((drop, Understood(None, attachments=tuple(news))) for drop in waiting), TERMS,
               lambda: NOON))  # fmt: skip
    became = {outcome.path: outcome.became for outcome in judge(store, in_process(TERMS), TERMS, lambda: NOON)}
    assert became == {"a.eml/news.txt": "release", "a.eml/2 news.txt": "release"}


@pytest.mark.parametrize("path", ["withdrawn/x.txt", "embargo/x.txt"])
def test_special_folders_that_say_too_little_hold(store: Store, path: str) -> None:
    assert take(store, path, a_text()).became == "held"
