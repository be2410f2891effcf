"""``feedd review``, ``decide``, ``reclassify`` and rules of one's own, as people type and read them."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from factories import a_text, an_unclear_text
from feedd import cli
from feedd.errors import ConfigError
from feedd.files import Lock

SPONSORED = "\n\nThis article was paid for. Sponsored content."
LANTERNS = '["corporate.community-esg"]\nlanterns = [9, ["paper lanterns"]]\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FEEDD_WATCH__SETTLE_S", "0.1")  # nobody writes slowly here
    (tmp_path / "inbox").mkdir()
    yield tmp_path
    structlog.reset_defaults()  # commands configure logging to a stderr that ends with the test


def run(*words: str) -> str:
    result = CliRunner().invoke(cli.app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def run_json(*words: str) -> object:
    return json.loads(run(*words, "--json"))


def dropped(**texts: bytes) -> dict[str, str]:
    """The short ids of what became of *texts*, by name."""
    for name, data in texts.items():
        (Path("inbox") / f"{name}.txt").write_bytes(data)
    return {Path(drop["path"]).stem: drop["release"] for drop in run_json("once")["drops"]}


# ── Review ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_review_tells_what_it_is_and_why_a_person_should_look() -> None:
    ids = dropped(pier=an_unclear_text(), paid=an_unclear_text("Gull", more=SPONSORED))
    said = run("review")

    assert said.startswith("2 releases to look at, oldest first:\n")
    assert "Lakeside Copper Inc.: Lakeside Copper Lights Paper Lanterns on the Pier" in said
    assert "! The class is unsure:" in said and "words: " in said
    assert [line.endswith("held") for line in said.splitlines() if line[:10] in ids.values()].count(True) == 1
    assert said.splitlines()[-1].startswith("`feedd decide ID CLASS|SUBTOPIC`")


def test_on_a_terminal_it_fits_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    dropped(pier=an_unclear_text(), paid=an_unclear_text("Gull", more=SPONSORED))
    whole = run("review")
    monkeypatch.setattr(cli.console.out, "_force_terminal", True)
    monkeypatch.setattr(cli.console.out, "_width", 80)
    monkeypatch.setattr(cli.console.out, "no_color", True)
    narrow = re.sub(r"\x1b\[[\d;]*m", "", run("review"))

    assert max(map(len, narrow.splitlines())) <= 80 < max(map(len, whole.splitlines()))
    assert " ".join(narrow.split()) == " ".join(whole.split())


def test_programs_are_told_the_same() -> None:
    ids = dropped(pier=an_unclear_text())
    [row] = run_json("review")

    assert row["id"] == ids["pier"] and row["issuer"] == "Lakeside Copper Inc."
    assert row["confidence"] < 0.9 and row["reasons"] and row["state"] == "public" and not row["decided"]


def test_nothing_to_look_at_says_so() -> None:
    assert run("review") == "Nothing waits for a look: every release is clear or decided.\n"
    assert run("review", "--decided").startswith("Nothing was decided yet")
    assert run_json("review") == run_json("review", "--decided") == []


# ── Decide ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_decision_is_told_published_and_listed_with_its_note() -> None:
    id = dropped(pier=an_unclear_text())["pier"]
    said = run("decide", id, "corporate.community-esg", "--note", "a feast of lanterns")

    assert said.startswith(f"{id} is corporate.community-esg by decision, no longer operations.general.\n")
    assert " terms learned: " in said and "Its page: http" in said
    assert "Lanterns" in Path("out/feeds/corporate_milestone.atom").read_text()
    [page] = Path("out/releases").rglob("index.html")
    assert "A person decided that." in page.read_text() and "feast" not in page.read_text()
    assert "note: a feast of lanterns" in run("review", "--decided")
    assert run("review").startswith("Nothing waits")
    assert "What the store would write".lower() in run("publish", "--check").lower()


def test_the_same_decision_again_says_so() -> None:
    id = dropped(pier=an_unclear_text())["pier"]
    told = run_json("decide", id, "corporate_milestone")
    assert told["new"] and told["terms"] and told["before"]["class"] == "operational_update"
    assert "already" in run("decide", id, "corporate_milestone")


def test_a_decision_that_teaches_nothing_says_so() -> None:
    clear = a_text("Harbour Copper Declares Quarterly Dividend", body="The dividend is paid in May.")
    id = dropped(clear=clear)["clear"]
    row = json.loads(run("explain", "--json", "inbox/clear.txt"))
    assert not row["needs_review"]
    assert "Nothing was to be learned" in run("decide", id, row["class"])


def test_a_held_text_of_a_third_party_says_how_it_gets_out() -> None:
    id = dropped(paid=an_unclear_text(more=SPONSORED))["paid"]
    assert f"`feedd release {id}` publishes it" in run("decide", id, "corporate_milestone")
    assert not list(Path("out").rglob("releases/*/*/*/index.html"))


def test_beside_a_running_daemon_only_the_store_is_written() -> None:
    id = dropped(pier=an_unclear_text())["pier"]
    before = Path("out/index.html").read_bytes()
    with Lock(Path("state/feedd.db.lock")).acquire("feedd run"):
        run("decide", id, "earnings_notice")
    assert Path("out/index.html").read_bytes() == before
    with sqlite3.connect("state/feedd.db") as conn:
        assert conn.execute("select count(*) from output where wanted > written").fetchone()[0] > 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("x", "corporate.comunity"), "no such class or subtopic is known, give corporate.community-esg"),
        (("x", "award"), "give corporate.award"),
        (("x", "zzz"), "give one of earnings_notice, operational_update, corporate_milestone"),
        (("x", "not-issuer"), "a third party's text is held"),
        (("x",), "give a class or subtopic"),
        ((), "name a release"),
        (("x", "corporate.ma", "--unpin"), "give --forget with it"),
        (("x", "corporate.ma", "--forget"), "leave it out with --forget"),
        (("x", "--forget", "--all"), "leave it out with --all"),
    ],
)
def test_what_is_typed_wrongly_is_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        run("decide", *words)
    assert sentence in str(refused.value)


def test_one_decision_or_all_can_be_forgotten() -> None:
    id = dropped(pier=an_unclear_text())["pier"]
    run("decide", id, "earnings_notice")
    assert "what was ruled stays" in run("decide", "--forget", id)
    assert "teaches no more" in run("review", "--decided")
    assert "the rules decide again" in run("decide", "--forget", "--all", "--unpin")
    assert "nothing to forget" in run("decide", "--forget", "--all", "--unpin")
    assert "Lanterns" in Path("out/feeds/operational_update.atom").read_text()


# ── Reclassify, and rules of one's own ────────────────────────────────────────────────────────────────────────


@pytest.fixture
def own_rules(monkeypatch: pytest.MonkeyPatch) -> Path:
    Path("rules").mkdir()
    monkeypatch.setenv("FEEDD_CLASSIFY__RULES", "rules")
    return Path("rules")


def test_a_dry_run_shows_what_the_next_run_moves(own_rules: Path) -> None:
    id = dropped(pier=an_unclear_text())["pier"]
    (own_rules / "cues.toml").write_text(LANTERNS)
    would, before = run("reclassify", "--dry-run"), Path("out/index.html").read_bytes()

    assert would.startswith("1 release read again: 1 would move, 0 would change otherwise.\n")
    assert f"{id}  Lakeside Copper Lights Paper Lanterns on the Pier\n  operations.general, " in would
    assert Path("out/index.html").read_bytes() == before
    assert run("reclassify").startswith("1 release read again: 1 moved,")
    assert "Lanterns" in Path("out/feeds/corporate_milestone.atom").read_text()
    told = run_json("reclassify")
    assert (told["read"], told["moves"], told["changed"]) == (1, [], 0)


def test_explain_tries_a_folder_of_rules(own_rules: Path) -> None:
    (own_rules / "cues.toml").write_text(LANTERNS)
    Path("news.txt").write_bytes(an_unclear_text())
    told = json.loads(run("explain", "--json", "--rules", "rules", "news.txt"))

    assert told["subtopic"] == "corporate.community-esg"
    assert told["evidence"][0]["rule"] == "corporate.community-esg/lanterns"


@pytest.mark.parametrize("command", [("config", "check"), ("once",), ("run",), ("explain", "--rules", "rules", "x")])
def test_a_wrong_rule_is_a_sentence_before_anything_happens(own_rules: Path, command: tuple[str, ...]) -> None:
    (own_rules / "cues.toml").write_text('["corporate.comunity-esg"]\n')
    with pytest.raises(ConfigError, match=r"cues\.toml, line 1, is .* perhaps corporate\.community-esg is meant\."):
        run(*command)
