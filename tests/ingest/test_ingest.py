"""A drop becomes a release, a version, a duplicate, held, or set aside: in one transaction, once."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

import feedd.ingest.opening
from factories import NOON, a_text, a_wish
from feedd import layout
from feedd.classify.labels import labels
from feedd.errors import UnknownId
from feedd.ingest import Job, Outcome, Read, Terms, Understood, judge, let_out, take_in
from feedd.ingest.reading import in_process, own_fault
from feedd.model import Cadence
from feedd.store import Store, deliveries, drops, outputs, releases, subscribers
from feedd.watch import Taken

TERMS = Terms(
    base_url="https://news.example.com", time_zone="UTC", language="en", feeds=layout.feeds(labels(), "News"),
    originals=["text"], alert_max_age=dt.timedelta(days=3), alerts_per_hour=2, version="1.0",
)  # fmt: skip
READ = in_process(TERMS)
HOUR = dt.timedelta(hours=1)
HELD = b"EMBARGOED UNTIL THE MARKET OPENS\n\n"
EMBARGOED = b"EMBARGOED UNTIL 6:00 a.m. ET, March 3, 2026\n\n"
OPENS = dt.datetime(2026, 3, 3, 11, tzinfo=dt.UTC)


def taken(path: str, data: bytes, signature: str | None = None) -> Taken:
    sha256 = hashlib.sha256(data).hexdigest()
    return Taken(path, data, sha256, NOON - HOUR, signature or sha256[:8])


def take(store: Store, path: str, data: bytes, at: dt.datetime = NOON, read: Read = READ, **changes) -> Outcome:
    """Takes one drop in and judges it."""
    if not take_in(store, [taken(path, data)], lambda: at, **changes):
        return Outcome(path, "seen", "")
    [outcome] = judge(store, read, TERMS, lambda: at)
    return outcome


def from_behind(jobs: Iterable[Job]) -> Iterator[tuple[Job, Understood]]:
    """Reads what waits, and is slowest with what came first."""
    return iter(list(READ(jobs))[::-1])


def titles(store: Store) -> list[str]:
    with store.read() as conn:
        return [entry.release.title for entry in releases.newest(conn, None, 50, [])]


def test_a_drop_that_is_overtaken_keeps_its_own_reading(store: Store) -> None:
    take_in(store, [taken("bad.txt", b"\0"), taken("one.txt", a_text("One")), taken("two.txt", a_text("Two"))],
            lambda: NOON)  # fmt: skip
    became = {outcome.path: outcome.sentence for outcome in judge(store, from_behind, TERMS, lambda: NOON)}
    assert (became["one.txt"], became["two.txt"]) == ("One", "Two")
    with store.read() as conn:
        assert [each.path for each in drops.quarantined(conn)] == ["bad.txt"]


def test_a_file_that_is_overtaken_by_its_own_correction_changes_nothing(store: Store) -> None:
    for words in ("It made 1 t.", "It made 2 t."):
        take_in(store, [taken("gate.txt", a_text("The Gate", body=words))], lambda: NOON)
    became = [outcome.became for outcome in judge(store, from_behind, TERMS, lambda: NOON)]
    assert became == ["release", "duplicate"]
    with store.read() as conn:
        [entry] = releases.newest(conn, None, 50, [])
    assert any("2 t" in each.text for each in entry.release.paragraphs)


def test_a_good_drop_is_a_public_release_with_name_and_times(store: Store) -> None:
    data = a_text("Harbour Copper Opens Its Gate")
    outcome = take(store, "gate.txt", data)
    sha256 = hashlib.sha256(data).hexdigest()
    assert (outcome.became, outcome.release) == ("release", sha256[:10])
    with store.read() as conn:
        [entry] = releases.newest(conn, None, 50, [])
        assert drops.original_bytes(conn, sha256) == data
    assert entry.guid == f"tag:news.example.com,2026-03-02:{sha256[:32]}"
    assert entry.path == "releases/2026/03/harbour-copper-opens-its-gate/"
    assert entry.published == entry.updated == NOON


def test_page_original_feeds_and_index_become_stale(store: Store) -> None:
    with store.begin() as conn:
        outputs.mark(conn, [outputs.Output(path, rank) for path, rank in layout.site_outputs(TERMS.feeds)])
        outputs.written(conn, outputs.stale(conn, 99), NOON)
    take(store, "gate.txt", a_text("Harbour Copper Opens Its Gate"))
    with store.read() as conn:
        stale = [each.path for each in outputs.stale(conn, 99)]
    assert stale[:2] == [
        f"releases/2026/03/harbour-copper-opens-its-gate/{name}" for name in ("index.html", "original.txt")
    ]
    assert "feeds/all.atom" in stale and stale[-1] == "index.html"
    assert len([path for path in stale if path.startswith("feeds/")]) == 4


def test_the_same_drop_again_is_only_seen(store: Store) -> None:
    take(store, "gate.txt", a_text())
    touched = replace(taken("gate.txt", a_text()), signature="touched")
    assert take_in(store, [touched], lambda: NOON + HOUR) == 0
    with store.read() as conn:
        assert drops.signatures(conn) == {"gate.txt": "touched"}
    assert len(titles(store)) == 1


def test_the_same_bytes_under_another_name_are_a_duplicate(store: Store) -> None:
    first = take(store, "gate.txt", a_text())
    again = take(store, "copy of gate.txt", a_text())
    assert (again.became, again.release) == ("duplicate", first.release)
    assert len(titles(store)) == 1


def test_the_same_words_set_otherwise_are_a_duplicate(store: Store) -> None:
    take(store, "gate.txt", a_text(body="It is “ready” — at last."))
    wired = a_text(body='It is "ready" - at last.').replace(b"News Release", b"For Immediate Release")
    assert take(store, "from-the-wire.txt", wired).became == "duplicate"


def test_a_differing_digit_is_a_release_of_its_own(store: Store) -> None:
    take(store, "a.txt", a_text(body="The plant made 12 t."))
    assert take(store, "b.txt", a_text(body="The plant made 13 t.")).became == "release"


def test_a_corrected_file_is_a_new_version_under_the_same_name_and_address(store: Store) -> None:
    first = take(store, "gate.txt", a_text(body="The plant made 12 t."))
    with store.read() as conn:
        [before] = releases.newest(conn, None, 50, [])
    again = take(store, "gate.txt", a_text(body="The plant made 13 t."), NOON + HOUR)
    with store.read() as conn:
        [after] = releases.newest(conn, None, 50, [])
    assert (again.became, again.release) == ("version", first.release)
    assert (after.guid, after.path, after.published) == (before.guid, before.path, before.published)
    assert (after.version, after.updated) == (2, NOON + HOUR)
    assert any("13 t." in paragraph.text for paragraph in after.release.body)


def test_a_file_name_used_again_for_other_news_is_a_new_release(store: Store) -> None:
    take(store, "latest.txt", a_text("First Quarter Is Over"))
    other = take(store, "latest.txt", a_text("Second Quarter Is Over", day="June 2, 2026"), NOON + 92 * 24 * HOUR)
    assert other.became == "release"
    assert titles(store) == ["Second Quarter Is Over", "First Quarter Is Over"]


def test_equal_headlines_in_one_month_get_addresses_of_their_own(store: Store) -> None:
    take(store, "a.txt", a_text("Monthly Report", body="One."))
    take(store, "b.txt", a_text("Monthly Report", body="Two."))
    with store.read() as conn:
        paths = {entry.path for entry in releases.newest(conn, None, 50, [])}
    assert len(paths) == 2 and "releases/2026/03/monthly-report/" in paths


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01\x02" * 999, b"March 2, 2026 - Harbour Copper Corp. says all is well."]
)
def test_what_is_no_release_is_set_aside_with_a_sentence(store: Store, data: bytes) -> None:
    outcome = take(store, "odd.txt", data)
    assert outcome.became == "quarantined" and outcome.sentence.endswith(".")
    with store.read() as conn:
        [found] = drops.quarantined(conn)
        assert drops.original_bytes(conn, found.sha256) == data
    assert found.wish
    assert titles(store) == []


def broken(jobs):
    for job in jobs:
        yield job, Understood(None, own_fault(ZeroDivisionError("oh")))


def test_what_was_set_aside_and_is_understood_now_becomes_a_release(store: Store) -> None:
    assert take(store, "gate.txt", a_text("Harbour Copper Opens Its Gate"), read=broken).became == "quarantined"
    assert take(store, "gate.txt", a_text("Harbour Copper Opens Its Gate")).became == "release"
    with store.read() as conn:
        assert drops.quarantined(conn) == []


def test_a_version_is_known_as_such_behind_a_file_that_was_set_aside(store: Store) -> None:
    take(store, "gate.txt", a_text("Harbour Copper Opens Its Gate"))
    take(store, "gate.txt", b"")
    assert take(store, "gate.txt", a_text("Harbour Copper Opens Its Gates")).became == "version"
    assert titles(store) == ["Harbour Copper Opens Its Gates"]


def test_equal_texts_dropped_at_once_by_many_are_one_release(store: Store) -> None:
    def drop(number: int) -> None:
        data = a_text("Harbour Copper Opens Its Gate").replace(b"today", b"today" + b" " * number)
        take_in(store, [taken(f"{number}.txt", data)], lambda: NOON)
        list(judge(store, READ, TERMS, lambda: NOON))

    writers = [threading.Thread(target=drop, args=[number]) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with store.read() as conn:
        assert drops.count_by_state(conn) == {"release": 1, "duplicate": 7}


def test_a_fault_of_our_own_costs_one_drop_and_says_so(store: Store) -> None:
    outcome = take(store, "gate.txt", a_text("One"), read=broken)
    assert outcome.became == "quarantined"
    assert "feedd itself failed" in outcome.sentence and isinstance(outcome.fault, ZeroDivisionError)
    assert take(store, "next.txt", a_text("Two")).became == "release"


def waiting(store: Store, state: str = "held") -> list[releases.Known]:
    with store.read() as conn:
        return releases.waiting(conn, state)


def test_an_embargo_that_cannot_be_read_holds_it_and_nothing_becomes_stale(store: Store) -> None:
    outcome = take(store, "secret.txt", HELD + a_text("Harbour Copper Buys Its Neighbour"))
    assert outcome.became == "held" and "Neighbour" not in outcome.sentence
    with store.read() as conn:
        assert outputs.stale(conn, 9) == []
        assert deliveries.count_by_state(conn) == {}
    assert [known.title for known in waiting(store)] == ["Harbour Copper Buys Its Neighbour"]


def test_for_immediate_release_is_no_embargo(store: Store) -> None:
    assert take(store, "a.txt", b"FOR IMMEDIATE RELEASE\n\n" + a_text()).became == "release"


def test_a_held_release_is_let_out_once_and_is_public_from_then(store: Store) -> None:
    outcome = take(store, "secret.txt", HELD + a_text())
    assert outcome.release is not None
    assert let_out(store, outcome.release, TERMS, lambda: NOON + HOUR) == "public"
    assert let_out(store, outcome.release, TERMS, lambda: NOON + 2 * HOUR) == "public"
    with store.read() as conn:
        [entry] = releases.newest(conn, None, 50, [])
        assert outputs.stale(conn, 9) != []
    assert entry.published == NOON + HOUR


def test_a_duplicate_of_a_held_release_does_not_let_it_out(store: Store) -> None:
    take(store, "secret.txt", HELD + a_text())
    take(store, "copy.txt", HELD + a_text())
    assert titles(store) == []


def test_the_same_words_without_the_embargo_line_do_not_let_it_out_either(store: Store) -> None:
    take(store, "secret.txt", HELD + a_text())
    assert take(store, "plain.txt", a_text()).became == "duplicate"
    assert titles(store) == []


def test_a_version_of_a_held_release_stays_held(store: Store) -> None:
    take(store, "secret.txt", HELD + a_text(body="12 t."))
    assert take(store, "secret.txt", a_text(body="13 t.")).became == "version"
    assert titles(store) == []
    [known] = waiting(store)
    assert known.version == 2 and known.held


def test_words_of_embargo_in_a_correction_leave_what_is_public_alone(store: Store) -> None:
    take(store, "gate.txt", a_text(body="12 t."))
    assert take(store, "gate.txt", HELD + a_text(body="13 t.")).became == "held"
    with store.read() as conn:
        [entry] = releases.newest(conn, None, 50, [])
    assert entry.version == 1


def test_letting_out_what_is_not_there_is_a_sentence(store: Store) -> None:
    with pytest.raises(UnknownId):
        let_out(store, "nothing", TERMS, lambda: NOON)


def subscribe(store: Store, **changes) -> None:
    with store.begin() as conn:
        subscribers.add(conn, a_wish(cadence=Cadence.AT_ONCE, **changes), window_start=NOON - HOUR, at=NOON - HOUR)


def planned(store: Store) -> dict[str, int]:
    with store.read() as conn:
        return deliveries.count_by_state(conn)


def test_an_alert_is_planned_in_the_same_transaction_and_waits_for_the_page(store: Store) -> None:
    subscribe(store)
    take(store, "gate.txt", a_text())
    assert planned(store) == {"waiting": 1}


def test_a_version_takes_the_place_of_an_alert_that_has_not_gone_yet(store: Store) -> None:
    subscribe(store)
    take(store, "gate.txt", a_text("Harbour Copper Opens Its Gate"))
    take(store, "gate.txt", a_text("Harbour Copper Opens Its Gates"))
    assert planned(store) == {"ended": 1, "waiting": 1}


def test_old_news_and_held_news_cause_no_alert(store: Store) -> None:
    subscribe(store)
    take(store, "old.txt", a_text("Five Years Ago", day="March 2, 2021"))
    take(store, "secret.txt", HELD + a_text())
    assert planned(store) == {}


def test_a_storm_becomes_a_few_alerts_and_one_letter_for_the_rest(store: Store) -> None:
    subscribe(store)
    for number in range(6):
        take(store, f"{number}.txt", a_text(f"Headline Number {number}"), NOON + number * dt.timedelta(seconds=1))
    with store.begin() as conn:
        assert deliveries.planned_since(conn, 1, "alert", NOON - HOUR) == 2
        assert deliveries.planned_since(conn, 1, "rest", NOON - HOUR) == 1
        outputs.written(conn, outputs.stale(conn, 99), NOON)
        deliveries.wake(conn)
        kinds = []
        while claimed := deliveries.claim(conn, "me", NOON + HOUR, HOUR, resend_uncertain=True):
            kinds.append((claimed.kind, len(claimed.releases)))
    assert kinds == [("alert", 1), ("alert", 1), ("rest", 4)]


def test_the_rest_waits_for_the_end_of_the_hour(store: Store) -> None:
    subscribe(store)
    for number in range(3):
        take(store, f"{number}.txt", a_text(f"Headline Number {number}"), NOON)
    with store.begin() as conn:
        outputs.written(conn, outputs.stale(conn, 99), NOON)
        deliveries.wake(conn)
        due = []
        while claimed := deliveries.claim(conn, "me", NOON + HOUR / 2, HOUR, resend_uncertain=True):
            due.append(claimed.kind)
    assert due == ["alert", "alert"]


def test_what_is_unsure_is_held_where_the_operator_wants_that(store: Store) -> None:
    strict = in_process(replace(TERMS, review_below=1.0, publish_unsure=False))
    assert take(store, "gate.txt", a_text(), read=strict).became == "held"


def test_what_is_unsure_is_published_and_marked_by_default(store: Store) -> None:
    take(store, "gate.txt", a_text(), read=in_process(replace(TERMS, review_below=1.0)))
    with store.read() as conn:
        [entry] = releases.newest(conn, None, 50, [])
    assert entry.reading.needs_review and entry.reading.review_reasons


def test_a_failure_in_the_middle_leaves_the_drop_waiting(store: Store, monkeypatch) -> None:
    def broken(*_args, **_kwargs):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(feedd.ingest.judging, "go_public", broken)
        with pytest.raises(RuntimeError):
            take(store, "gate.txt", a_text())
    assert titles(store) == []
    assert [outcome.became for outcome in judge(store, READ, TERMS, lambda: NOON)] == ["release"]


def test_a_drop_that_was_taken_is_judged_though_its_file_is_gone(store: Store) -> None:
    assert take_in(store, [taken("gate.txt", a_text())], lambda: NOON) == 1
    with store.read() as conn:
        assert drops.signatures(conn).keys() == {"gate.txt"}
    assert [outcome.became for outcome in judge(store, READ, TERMS, lambda: NOON)] == ["release"]
    assert list(judge(store, READ, TERMS, lambda: NOON)) == []


def test_a_large_drop_is_read_like_any_other(store: Store) -> None:
    large = a_text("Harbour Copper Says Much", body="It says this. " * (drops.LARGE // 14))
    assert take(store, "much.txt", large).became == "release"


def test_a_file_put_back_to_its_first_bytes_is_a_version_again(store: Store) -> None:
    take(store, "gate.txt", a_text(body="12 t."))
    take(store, "gate.txt", a_text(body="13 t."), NOON + HOUR)
    assert take(store, "gate.txt", a_text(body="12 t."), NOON + 2 * HOUR).became == "version"
    with store.read() as conn:
        [entry] = releases.newest(conn, None, 50, [])
    assert entry.version == 3 and entry.corrected_at == NOON + 2 * HOUR


def test_a_release_of_a_back_fill_has_its_own_times_and_no_letter(store: Store) -> None:
    subscribe(store)
    take(store, "gate.txt", a_text(), imported=True)
    with store.read() as conn:
        [entry] = releases.newest(conn, None, 50, [])
        assert releases.public_between(conn, NOON - 99 * HOUR, NOON + HOUR) == []
    assert entry.published == entry.updated == dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    assert planned(store) == {}
