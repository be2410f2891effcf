"""All that is known comes out again, and damage is found."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from factories import a_text
from feedd.cli import app
from feedd.errors import FeeddError


@pytest.fixture(autouse=True)
def _two_releases(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("inbox").mkdir()
    Path("inbox/gate.txt").write_bytes(a_text("Harbour Copper Opens Its Gate"))
    Path("inbox/odd.txt").write_bytes(b"\x00" * 100)
    run("once")


def run(*words: str) -> str:
    result = CliRunner().invoke(app, words)
    if result.exception:
        raise result.exception
    return result.output


def test_every_release_is_a_line_with_its_original(tmp_path: Path) -> None:
    run("export", "all")
    [line] = Path("all/releases.jsonl").read_text().splitlines()
    row = json.loads(line)
    assert (row["state"], row["reading"]["title"]) == ("public", "Harbour Copper Opens Its Gate")
    assert Path("all/originals", row["original"]).read_bytes() == Path("inbox/gate.txt").read_bytes()


def test_every_drop_is_a_line_too(tmp_path: Path) -> None:
    run("export", "all")
    rows = [json.loads(line) for line in Path("all/drops.jsonl").read_text().splitlines()]
    assert {row["path"]: row["state"] for row in rows} == {"gate.txt": "release", "odd.txt": "quarantined"}


def test_a_store_as_it_should_be_is_said_to_be_whole() -> None:
    assert "2 originals whole" in run("verify")


def test_a_flipped_byte_in_the_site_is_found() -> None:
    page = next(Path("out/releases").rglob("index.html"))
    page.write_bytes(page.read_bytes().replace(b"Gate", b"Date"))
    with pytest.raises(FeeddError, match="1 output of"):
        run("verify")


def test_a_flipped_byte_in_the_store_is_found() -> None:
    sha256 = hashlib.sha256(Path("inbox/gate.txt").read_bytes()).hexdigest()
    engine = sa.create_engine("sqlite:///state/feedd.db")
    with engine.begin() as conn:
        conn.execute(sa.text("UPDATE original SET data = x'00' WHERE sha256 = :s"), {"s": sha256})
    engine.dispose()
    with pytest.raises(FeeddError, match="1 original of 2 no longer"):
        run("verify")


def test_old_files_are_imported_by_a_command(tmp_path: Path) -> None:
    Path("archive").mkdir()
    Path("archive/a.txt").write_bytes(a_text("Harbour Copper Was Founded", day="May 3, 1999"))
    assert run("import", "archive").splitlines()[-1].startswith("1 release, 0 duplicates, 0 held")
    assert json.loads(run("import", "archive", "--json"))["releases"] == 1


def test_an_archive_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(FeeddError, match="nowhere is no folder"):
        run("import", "nowhere")
