"""An archive goes in once, whatever interrupts it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import feedd.backfill
from factories import a_text
from feedd import daemon, layout
from feedd.backfill import Progress, Report, backfill
from feedd.config import load
from feedd.parts import Parts, assemble
from feedd.publish import publish
from feedd.store import releases


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    (tmp_path / "archive/2011/q1").mkdir(parents=True)
    for number in range(1, 6):
        text = a_text(f"Harbour Copper Reports Number {number}", day=f"March {number}, 2011")
        (tmp_path / f"archive/2011/q1/{number}.txt").write_bytes(text)
    return assemble(load(None, environ={}, folder=tmp_path))


def run(parts: Parts, folder: Path, told=lambda progress: None) -> Report:
    daemon.publish_all(parts)

    def published(up_to: int) -> None:
        publish(parts.store, parts.press, parts.now, up_to=up_to)

    return backfill(parts.store, folder, parts.read, parts.terms, parts.now, publish=published, told=told)


def dated(parts: Parts) -> list[tuple[str, dt.datetime]]:
    with parts.store.read() as conn:
        return [(entry.release.title[-1], entry.published) for entry in releases.newest(conn, None, 9, [])]


def test_old_files_become_releases_of_their_own_days(parts: Parts, tmp_path: Path) -> None:
    report = run(parts, tmp_path / "archive")
    assert (report.releases, report.quarantined, report.unread) == (5, (), ())
    assert dated(parts)[0] == ("5", dt.datetime(2011, 3, 5, tzinfo=dt.UTC))
    assert (parts.press.out / "releases/2011/03/harbour-copper-reports-number-1/index.html").is_file()


def test_the_second_run_reads_no_file_again_and_tells_the_same(parts: Parts, tmp_path: Path) -> None:
    first = run(parts, tmp_path / "archive")
    seen: list[Progress] = []
    assert run(parts, tmp_path / "archive", seen.append) == first
    assert seen == []


def test_files_are_taken_in_handfuls_until_none_is_left(parts: Parts, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(feedd.backfill, "HANDFUL", 2)
    assert run(parts, tmp_path / "archive").releases == 5


def test_pages_follow_each_handful_and_the_feeds_come_at_the_end(parts: Parts, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(feedd.backfill, "MOST_AT_ONCE", 2)
    daemon.publish_all(parts)
    ranks: list[int] = []
    folder = tmp_path / "archive"
    backfill(parts.store, folder, parts.read, parts.terms, parts.now, publish=ranks.append, told=lambda progress: None)
    assert ranks == [layout.RANK_RELEASE, layout.RANK_RELEASE, layout.RANK_LIST]


def test_progress_counts_up_to_all_files(parts: Parts, tmp_path: Path) -> None:
    seen: list[Progress] = []
    run(parts, tmp_path / "archive", seen.append)
    assert seen[-1] == Progress(total=5, before=0, done=5)


def test_killed_in_the_middle_it_goes_on_where_it_was(parts: Parts, tmp_path: Path) -> None:
    class Killed(BaseException):
        pass

    def kill(progress: Progress) -> None:
        raise Killed

    with pytest.raises(Killed):
        run(parts, tmp_path / "archive", kill)
    assert run(parts, tmp_path / "archive").releases == 5
    assert len(dated(parts)) == 5


def test_what_is_no_release_is_reported_with_its_code(parts: Parts, tmp_path: Path) -> None:
    (tmp_path / "archive/old.txt").write_bytes(b"")
    report = run(parts, tmp_path / "archive")
    assert [(aside.path, aside.code) for aside in report.quarantined] == [("old.txt", "empty")]
    assert report.codes == {"empty": 1}


def test_the_same_text_twice_is_a_duplicate(parts: Parts, tmp_path: Path) -> None:
    (tmp_path / "archive/again.txt").write_bytes((tmp_path / "archive/2011/q1/1.txt").read_bytes())
    report = run(parts, tmp_path / "archive")
    assert (report.releases, report.duplicates) == (5, 1)


def test_files_of_equal_names_in_two_archives_never_meet(parts: Parts, tmp_path: Path) -> None:
    (tmp_path / "other/2011/q1").mkdir(parents=True)
    text = a_text("Harbour Copper Reports Something Else", day="March 1, 2011")
    (tmp_path / "other/2011/q1/1.txt").write_bytes(text)
    run(parts, tmp_path / "archive")
    assert run(parts, tmp_path / "other").releases == 1
    assert len(dated(parts)) == 6


def test_folders_of_an_archive_hold_and_withdraw_nothing(parts: Parts, tmp_path: Path) -> None:
    (tmp_path / "archive/embargo").mkdir()
    (tmp_path / "archive/2011/q1/1.txt").rename(tmp_path / "archive/embargo/1.txt")
    assert run(parts, tmp_path / "archive").held == 0
