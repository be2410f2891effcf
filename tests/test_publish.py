"""What is stale is made: in order, once, only when bytes differ, whatever happens on the disk."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest

from factories import NOON, a_reading, a_stored_release, a_wish
from feedd import layout
from feedd.classify.labels import labels
from feedd.model import Class, Entry, Past, Site
from feedd.publish import GIVE_UP_AFTER, Press, check, fit, publish
from feedd.render.pages import Pages
from feedd.store import Store, deliveries, outputs, releases, subscribers

SITE = Site("Harbour News", "https://news.example.com", "Harbour", "", "en", "America/Toronto", "1 Quay")


def now() -> dt.datetime:
    return NOON


@pytest.fixture
def store(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'feedd.db'}")
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def press(tmp_path: Path) -> Press:
    feeds = layout.feeds(labels(), SITE.title)
    return Press(tmp_path / "out", SITE, feeds, labels(), Pages(SITE, feeds, labels()), 50, ["text"], "one")


def add(store: Store, press: Press, title: str = "Harbour Copper Pours", **changes) -> int:
    with store.begin() as conn:
        id = a_stored_release(conn, title, **changes)
        if changes.get("public_at", NOON):
            known = releases.known(conn, id)
            own = layout.release_outputs(known.folder, known.format, press.originals)
            outputs.mark(conn, [outputs.Output(path, layout.RANK_RELEASE, id) for path in own])
            outputs.mark_paths(conn, layout.lists_showing(press.feeds, set(Class)))
    return id


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def times(folder: Path) -> dict[str, int]:
    return {str(p.relative_to(folder)): p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()}


def test_an_empty_store_has_a_whole_site(store: Store, press: Press) -> None:
    fit(store, press, now)
    done = publish(store, press, now)
    assert done.troubles == ()
    for path, _rank in layout.site_outputs(press.feeds):
        assert (press.out / path).stat().st_size > 0, path
    assert feedparser.parse((press.out / "feeds/all.atom").read_bytes()).bozo == 0


def test_a_release_has_page_original_and_entries(store: Store, press: Press) -> None:
    fit(store, press, now)
    add(store, press, class_=Class.CORPORATE_MILESTONE)
    publish(store, press, now)
    [page] = press.out.glob("releases/2026/03/*/index.html")
    assert "Harbour Copper Pours" in page.read_text()
    assert (page.parent / "original.txt").read_bytes() == b"Harbour Copper Pours"
    for feed in ("all.atom", "all.rss", "corporate_milestone.atom", "corporate_milestone.rss"):
        parsed = feedparser.parse((press.out / "feeds" / feed).read_bytes())
        assert [entry.title for entry in parsed.entries] == ["Harbour Copper Pours"], feed
    assert feedparser.parse((press.out / "feeds/earnings_notice.atom").read_bytes()).entries == []
    assert "Harbour Copper Pours" in (press.out / "index.html").read_text()


def test_a_second_pass_touches_nothing(store: Store, press: Press) -> None:
    fit(store, press, now)
    add(store, press)
    publish(store, press, now)
    before = times(press.out)
    fit(store, press, now)
    assert publish(store, press, now).made == 0
    assert times(press.out) == before


def test_making_everything_anew_gives_the_same_bytes_and_leaves_files_alone(store: Store, press: Press) -> None:
    fit(store, press, now)
    add(store, press)
    publish(store, press, now)
    before = times(press.out)
    fit(store, press, now, full=True)
    done = publish(store, press, now)
    assert done.made > 5 and done.changed == 0
    assert times(press.out) == before


def test_an_emptied_folder_is_filled_with_the_same_bytes(store: Store, press: Press) -> None:
    fit(store, press, now)
    add(store, press)
    publish(store, press, now)
    before = tree(press.out)
    for path in sorted(press.out.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    fit(store, press, lambda: NOON + dt.timedelta(days=3))
    publish(store, press, lambda: NOON + dt.timedelta(days=3))
    assert tree(press.out) == before


def test_what_is_committed_but_not_published_is_published_at_the_next_pass(store: Store, press: Press) -> None:
    fit(store, press, now)
    publish(store, press, now)
    add(store, press)
    assert not list(press.out.glob("releases/**/index.html"))
    publish(store, press, now)
    assert list(press.out.glob("releases/**/index.html"))


def test_a_held_release_is_nowhere_in_the_folder(store: Store, press: Press) -> None:
    fit(store, press, now)
    add(store, press, "Secret Merger Words", public_at=None, held=("Embargo.",))
    fit(store, press, now, full=True)
    publish(store, press, now)
    assert not any(b"Secret Merger" in data for data in tree(press.out).values())
    assert not (press.out / "releases").exists()


def test_a_folder_that_cannot_be_written_is_a_sentence_and_is_made_up_for_later(store: Store, press: Press) -> None:
    press.out.parent.mkdir(exist_ok=True)
    press.out.write_text("a file in the way")
    fit(store, press, now)
    done = publish(store, press, now)
    assert done.made == 0 and "could not be written" in done.troubles[0]
    press.out.unlink()
    assert publish(store, press, now).troubles == ()
    assert (press.out / "index.html").is_file()


def test_one_path_in_trouble_does_not_stop_the_others(store: Store, press: Press) -> None:
    fit(store, press, now)
    (press.out / "style.css").mkdir(parents=True)
    done = publish(store, press, now)
    assert len(done.troubles) == 1 and "style.css" in done.troubles[0]
    assert (press.out / "index.html").is_file() and (press.out / "feeds/all.rss").is_file()


def test_a_fault_of_our_own_in_a_few_pages_does_not_stop_the_others(store: Store, press: Press, monkeypatch) -> None:
    for number in range(GIVE_UP_AFTER + 1):
        add(store, press, f"Odd Copper {number}")
    add(store, press, "Plain Copper")
    whole = Pages.release

    def fails_on_odd(pages: Pages, entry: Entry, past: Past) -> bytes:
        return whole(pages, entry if "Plain" in entry.release.title else replace(entry, published=None))  # type: ignore[arg-type]

    monkeypatch.setattr(Pages, "release", fails_on_odd)
    fit(store, press, now)
    done = publish(store, press, now)
    assert len(done.troubles) == GIVE_UP_AFTER + 1
    assert "feedd itself failed" in done.troubles[0]
    assert [p for p in press.out.glob("releases/**/index.html") if "Plain Copper" in p.read_text()]
    assert "Plain Copper" in (press.out / "index.html").read_text()


def test_pages_can_go_public_before_the_feeds_that_show_them(store: Store, press: Press) -> None:
    fit(store, press, now)
    publish(store, press, now)
    add(store, press)
    publish(store, press, now, up_to=layout.RANK_RELEASE)
    assert list(press.out.glob("releases/**/index.html"))
    assert b"Harbour Copper Pours" not in (press.out / "feeds/all.atom").read_bytes()
    publish(store, press, now)
    assert b"Harbour Copper Pours" in (press.out / "feeds/all.atom").read_bytes()


def test_however_many_pages_a_pass_makes_it_makes_each_feed_once(store: Store, press: Press, monkeypatch) -> None:
    monkeypatch.setattr("feedd.publish.BATCH", 20)
    fit(store, press, now)
    publish(store, press, now)
    for number in range(25):
        add(store, press, f"Harbour Copper Pours {number}")
    made: list[str] = []
    real = Pages.index

    def index(pages: Pages, *entries, **born) -> bytes:
        made.append("index")
        return real(pages, *entries, **born)

    monkeypatch.setattr(Pages, "index", index)
    publish(store, press, now)
    assert made == ["index"]
    assert len(list(press.out.glob("releases/**/index.html"))) == 25


def test_a_new_title_makes_everything_anew(store: Store, press: Press) -> None:
    fit(store, press, now)
    add(store, press)
    publish(store, press, now)
    site = replace(SITE, title="Harbour Newsroom")
    other = replace(press, site=site, pages=Pages(site, press.feeds, press.labels), fingerprint="two")
    fit(store, other, now)
    assert publish(store, other, now).changed > 5
    assert "Harbour Newsroom" in (press.out / "index.html").read_text()


def test_originals_that_became_private_go(store: Store, press: Press) -> None:
    fit(store, press, now)
    add(store, press)
    publish(store, press, now)
    private = replace(press, originals=[], fingerprint="two")
    fit(store, private, now)
    publish(store, private, now)
    assert not list(press.out.glob("releases/**/original.txt"))
    assert b"original.txt" not in b"".join(tree(press.out).values())


def test_an_original_goes_when_the_newest_version_has_another_format(store: Store, press: Press) -> None:
    fit(store, press, now)
    id = add(store, press)
    publish(store, press, now)
    with store.begin() as conn:
        known = releases.known(conn, id)
        source = releases.Source(releases.newest_version(conn, id)[1].sha256, "a", NOON, NOON)
        reading = a_reading("Harbour Copper Pours Again", format="markdown")
        releases.add_version(conn, known, reading, source, issuer_key=None, content_key="b")
        outputs.mark_paths(conn, outputs.paths(conn))
    publish(store, press, now)
    assert not list(press.out.glob("releases/**/original.txt"))
    before = tree(press.out)
    fit(store, press, now, full=True)
    publish(store, press, now)
    assert tree(press.out) == before


def test_a_letter_wakes_when_its_page_stands(store: Store, press: Press) -> None:
    fit(store, press, now)
    id = add(store, press)
    with store.begin() as conn:
        subscribers.add(conn, a_wish(), window_start=NOON, at=NOON)
        deliveries.plan(conn, "alert:1", "alert", 1, [(id, 1)], at=NOON)
    publish(store, press, now)
    with store.read() as conn:
        assert deliveries.count_by_state(conn) == {"ready": 1}


def test_check_names_what_differs(store: Store, press: Press) -> None:
    fit(store, press, now)
    add(store, press)
    publish(store, press, now)
    assert check(store, press) == []
    (press.out / "index.html").write_text("tampered")
    (press.out / "feeds/all.rss").unlink()
    assert check(store, press) == ["feeds/all.rss", "index.html"]


def test_feeds_and_pages_have_a_packed_twin_and_originals_have_none(store: Store, press: Press) -> None:
    fit(store, press, now)
    add(store, press)
    publish(store, press, now)
    packed = {path.removesuffix(".gz") for path in tree(press.out) if path.endswith(".gz")}
    assert {"index.html", "feeds/all.atom", "style.css"} <= packed
    assert not any("original" in path for path in packed)
