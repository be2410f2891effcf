"""What people type and read back. The real program, run in this process, in an empty folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
import typer
from typer.testing import CliRunner

from factories import a_text
from feedd import __version__, cli, packaged
from feedd.errors import ConfigError, FeeddError
from feedd.files import Lock
from feedd.visible import visible_name

AT_HOME = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2])}
OLD_WORD = b"\xd0\xcf\x11\xe0" + bytes(99) + "WordDocument".encode("utf-16-le")
EMBARGOED = b"EMBARGOED UNTIL THE MARKET OPENS\n\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FEEDD_WATCH__SETTLE_S", "0.1")  # nobody writes slowly here
    (tmp_path / "inbox").mkdir()
    yield tmp_path
    structlog.reset_defaults()  # commands configure logging to a stderr that ends with the test


def run(*words: str, typed: str = "") -> str:
    """What the command printed; failures are raised as they are."""
    result = CliRunner().invoke(cli.app, words, input=typed, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def run_json(*words: str) -> object:
    return json.loads(run(*words, "--json"))


def commands(app: typer.Typer, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    own = [(*prefix, c.name or c.callback.__name__.replace("_", "-")) for c in app.registered_commands]
    groups = [
        (group.typer_instance, (*prefix, *([group.name] if group.name else []))) for group in app.registered_groups
    ]
    return own + [words for inner, named in groups for words in commands(inner, named)]


@pytest.mark.parametrize("words", commands(cli.app), ids=" ".join)
def test_every_command_has_help(words: tuple[str, ...]) -> None:
    said = run(*words, "--help")
    assert "Usage" in said and len(said.splitlines()) > 5


def test_the_version_is_told() -> None:
    assert run("--version").strip() == f"feedd {__version__}"


def test_once_takes_in_publishes_and_tells() -> None:
    Path("inbox/gate.txt").write_bytes(a_text("Harbour Copper Opens Its Gate"))
    Path("inbox/odd.txt").write_bytes(b"\x00" * 100)
    said = run("once")
    assert said.startswith("2 drops taken in,")
    assert "quarantined: odd.txt:" in said
    assert "Harbour Copper Opens Its Gate" in Path("out/index.html").read_text()


def test_once_tells_programs_too() -> None:
    Path("inbox/gate.txt").write_bytes(a_text())
    told = run_json("once")
    assert told["drops"][0]["became"] == "release"
    assert told["waiting"] == [] and told["troubles"] == []


def test_a_second_once_has_nothing_to_do() -> None:
    Path("inbox/gate.txt").write_bytes(a_text())
    run("once")
    assert run("once").startswith("0 drops taken in, 0 files")


def test_explain_touches_no_state(folder: Path) -> None:
    Path("news.txt").write_bytes(a_text("Harbour Copper Opens Its Gate"))
    assert "Harbour Copper Opens Its Gate" in run("explain", "news.txt")
    assert {path.name for path in folder.iterdir()} == {"inbox", "news.txt"}


def test_explain_walks_a_folder_in_name_order_and_answers_refused_files() -> None:
    for name in ("b.txt", "a.txt"):
        Path("inbox", name).write_bytes(a_text(name))
    Path("inbox/c.txt").write_bytes(b"")
    lines = [json.loads(line) for line in run("explain", "--json", "inbox").splitlines()]
    assert [Path(line["file"]).name for line in lines] == ["a.txt", "b.txt", "c.txt"]
    assert lines[2]["error"] == "empty" and lines[2]["reason"].endswith(".")


def test_explain_prints_the_text_that_spans_count() -> None:
    sample = str(next(packaged("seeds").glob("002*.txt")))
    text = run("explain", "--text", sample)
    told = json.loads(run("explain", "--json", sample))
    assert len(told["evidence"]) > 2
    assert all(text[e["start"] : e["end"]] == e["text"] for e in told["evidence"])


def test_explain_of_a_file_that_is_not_there_is_exit_1() -> None:
    result = CliRunner().invoke(cli.app, ["explain", "nowhere.txt"])
    assert result.exit_code == 1


def test_publish_full_and_check() -> None:
    Path("inbox/gate.txt").write_bytes(a_text())
    run("once")
    assert "is what the store would write" in run("publish", "--check")
    Path("out/index.html").write_text("tampered")
    with pytest.raises(FeeddError, match="1 output"):
        run("publish", "--check")
    assert "1 file" in run("publish", "--full")


def test_subscribers_are_added_and_listed() -> None:
    assert "ana@example.com gets the daily digest from now on" in run("subscribers", "add", "ana@example.com")
    assert "already" in run("subscribers", "add", "Ana@example.com")
    run("subscribers", "add", "ben@example.com", "--cadence", "weekly", "--class", "earnings_notice",
        "--time-zone", "Asia/Tokyo", "--hour", "07:15")  # fmt: skip
    rows = run_json("subscribers", "list")
    assert [row["address"] for row in rows] == ["ana@example.com", "ben@example.com"]
    assert (rows[1]["cadence"], rows[1]["classes"], rows[1]["time_zone"], rows[1]["digest_hour"]) == (
        "weekly", ["earnings_notice"], "Asia/Tokyo", "07:15",
    )  # fmt: skip
    assert "ben@example.com" in run("subscribers", "list")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["not an address"], "ADDRESS"),
        (["a@example.com\nBcc: b@example.com"], "ADDRESS"),
        (["a@example.com", "--time-zone", "Mars/Base"], "--time-zone"),
        (["a@example.com", "--hour", "25:00"], "--hour"),
    ],
)
def test_a_wrong_subscriber_is_a_sentence(words: list[str], name: str) -> None:
    with pytest.raises(ConfigError, match=name):
        run("subscribers", "add", *words)


def test_nobody_is_subscribed_says_what_to_do() -> None:
    assert "feedd subscribers add" in run("subscribers", "list")


def test_a_digest_is_previewed_then_sent_once() -> None:
    run("subscribers", "add", "ana@example.com")
    import time

    today = time.strftime("%B %-d, %Y", time.gmtime())
    Path("inbox/gate.txt").write_bytes(a_text("Harbour Copper Opens Its Gate", day=today))
    run("once")
    shown = run("digest", "preview")
    assert "Harbour Copper Opens Its Gate" in shown and "\\x0d" not in shown and "\r" not in shown
    assert run_json("digest", "preview", "--to", "ana@example.com")[0]["to"] == "ana@example.com"
    assert run("digest", "send").startswith("1 letter sent")
    assert "Nothing to say" in run("digest", "send")
    assert "Nothing to say" in run("digest", "preview")
    assert len(list(Path("state/mail/new").iterdir())) == 1


def test_a_digest_for_nobody_is_a_sentence() -> None:
    with pytest.raises(FeeddError, match="has no subscription"):
        run("digest", "send", "--to", "nobody@example.com")


def test_the_quarantine_is_listed_and_shown() -> None:
    Path("inbox/odd [1].txt").write_bytes(b"March 2, 2026 - All is well here today, says the company. It is.")
    run("once")
    assert "odd [1].txt" in run("quarantine", "list")
    [row] = run_json("quarantine", "list")
    said = run("quarantine", "show", str(row["id"]))
    assert row["reason"] in said and row["wish"] in said and "All is well here" in said
    with pytest.raises(FeeddError, match="No file in quarantine has the number 99"):
        run("quarantine", "show", "99")


def test_an_empty_quarantine_says_so() -> None:
    assert run("quarantine", "list") == "No file is in quarantine.\n"


def many_scans(number: int) -> None:
    for each in range(number):
        Path(f"inbox/{each}.doc").write_bytes(OLD_WORD + bytes([each]))
    Path("inbox/odd.txt").write_bytes(b"\0" * 100)
    run("once")


def test_a_long_quarantine_is_told_by_its_codes() -> None:
    many_scans(21)
    for words in (["quarantine", "list"], ["status"]):
        said = run(*words)
        assert "21" in said and "binary-doc" in said and "Save it as .docx or PDF." in said and "7.doc" not in said
    assert "7.doc" in run("quarantine", "list", "--code", "binary-doc")
    [row] = run_json("quarantine", "list", "--code", "binary")
    assert row["path"] == "odd.txt"
    assert run("quarantine", "list", "--code", "scanned") == "No file is in quarantine as scanned.\n"


def test_files_leave_the_quarantine_by_code_by_number_or_all() -> None:
    many_scans(3)
    assert run("quarantine", "discard", "--code", "binary-doc") == "3 files off the list.\n"
    [row] = run_json("quarantine", "list")
    assert run("quarantine", "retry", str(row["id"])) == "1 file to be read again.\n"
    assert [each["path"] for each in run_json("quarantine", "list")] == ["odd.txt"]  # it is as odd as before
    assert run("quarantine", "discard", "--all") == "1 file off the list.\n"
    assert CliRunner().invoke(cli.app, ["quarantine", "retry"]).exit_code == 2


def test_a_file_too_large_to_be_kept_must_be_dropped_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedd.ingest.judging.LARGEST_ASIDE", 50)
    Path("inbox/odd.txt").write_bytes(b"\0" * 100)
    run("once")
    assert "odd.txt has 100 bytes, which were not kept; drop it again." in run("quarantine", "retry", "--all")
    assert "not kept" in run("quarantine", "show", str(run_json("quarantine", "list")[0]["id"]))
    assert run("verify").startswith("0 originals whole")


def test_a_new_version_of_feedd_reads_again_what_may_have_been_its_own_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("inbox/odd.txt").write_bytes(b"\0" * 100)
    Path("inbox/headless.txt").write_bytes(b"March 2, 2026 - All is well here today, says the company. It is.")
    run("once")
    assert run_json("once")["drops"] == []
    monkeypatch.setattr("feedd.parts.__version__", "99")
    assert [(each["path"], each["became"]) for each in run_json("once")["drops"]] == [("headless.txt", "quarantined")]


def test_release_asks_before_it_publishes() -> None:
    Path("inbox/secret.txt").write_bytes(EMBARGOED + a_text("Harbour Copper Buys Its Neighbour"))
    run("once")
    [held] = run_json("status")["held"]
    result = CliRunner().invoke(cli.app, ["release", held["short_id"]], input="n\n")
    assert result.exit_code == 1 and "Neighbour" in result.stdout
    assert "Neighbour" not in Path("out/index.html").read_text()
    assert "is public" in run("release", held["short_id"], typed="y\n")
    assert "Neighbour" in Path("out/index.html").read_text()
    assert "already" in run("release", held["short_id"])


def test_status_tells_what_stands_and_what_waits() -> None:
    Path("inbox/gate.txt").write_bytes(a_text())
    Path("inbox/odd.txt").write_bytes(b"\x00" * 100)
    Path("inbox/secret.txt").write_bytes(EMBARGOED + a_text("Harbour Copper Buys Its Neighbour"))
    run("once")
    said = run("status")
    assert said.startswith("1 release public, 0 embargoed, 1 held, 1 in quarantine; no daemon is running.")
    assert "odd.txt" in said and "Neighbour" in said and "feedd release ID" in said
    told = run_json("status")
    assert sum(told["releases"][name] for name in ("earnings_notice", "operational_update", "corporate_milestone")) == 1


def test_status_finds_troubles_that_nobody_could_note(folder: Path) -> None:
    run("once")
    shutil.rmtree(folder / "out")
    (folder / "out").write_text("in the way")
    assert "trouble now: " in run("status") and "out could not be written (Not a directory)" in run("status")


def test_nobody_begins_an_empty_database_while_a_daemon_has_lost_its_own(folder: Path) -> None:
    run("once")
    (folder / "state/feedd.db").unlink()
    held = Lock(folder / "state/feedd.db.lock").acquire("feedd run")
    with held, pytest.raises(FeeddError, match="not there any more while `feedd run`"):
        run("status")


def test_config_show_tells_where_values_come_from(folder: Path, monkeypatch) -> None:
    Path("feedd.toml").write_text('[site]\ntitle = "Harbour News"\n')
    monkeypatch.setenv("FEEDD_SERVE__PORT", "9000")
    told = run_json("config", "show")
    assert told["site.title"] == {"value": "Harbour News", "from": "file"}
    assert told["serve.port"]["from"] == "environment"
    assert "Harbour News" in run("config", "show")
    assert "The configuration is right" in run("config", "check")


def test_a_wrong_configuration_is_a_sentence() -> None:
    Path("feedd.toml").write_text("[serve]\nport = 99999\n")
    with pytest.raises(ConfigError, match=r"serve\.port is 99999; give"):
        run("config", "check")


def test_what_needs_the_lock_names_who_has_it() -> None:
    run("once")
    with Lock(Path("state/feedd.db.lock")).acquire("feedd run"), pytest.raises(FeeddError, match="feedd run"):
        run("once")


def test_the_samples_are_the_three_packaged_files() -> None:
    assert len(list(packaged("seeds").glob("*.txt"))) == 3


def test_a_closed_terminal_does_not_stop_what_is_logged(monkeypatch) -> None:
    import io
    import sys

    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", closed)
    cli.log._Stderr().write("a line\n")
    cli.log._Stderr().flush()


def test_a_log_line_on_a_terminal_is_words() -> None:
    event = {
        "drop": "gate.txt", "release": "8bb4586b68", "status": "release", "seconds": 0.0123,
        "event": "drop", "level": "info", "timestamp": "2026-03-02T12:00:00Z", "outputs": 12, "nothing": None,
    }  # fmt: skip
    line = cli.log._log_line(None, "info", event)
    assert line[8:] == "  drop       gate.txt  8bb4586b68  release  12 outputs  (0.01 s)"


# A name that would clear the screen, begin a line of its own, dress as markup, and is no UTF-8.
ODD = b"gate\x1b[2J\n[red]:smile:\xff.txt"
SHOWN = visible_name(os.fsdecode(ODD))


def test_no_command_lets_an_odd_name_steer_the_terminal() -> None:
    (Path("inbox") / os.fsdecode(ODD)).write_bytes(b"\x00" * 100)
    told = [run("once"), run("status"), run("quarantine", "list"), run("explain", "inbox")]
    told.append(run("quarantine", "show", str(run_json("quarantine", "list")[0]["id"])))
    for said in told:
        assert not {"\x1b", "\udcff"} & set(said)
        assert "gate\\x1b[2J\\x0a[red]:smile:" in said.replace("\n", "")


def test_a_table_shows_an_odd_name_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.console.out, "_width", 300)
    (Path("inbox") / os.fsdecode(ODD)).write_bytes(b"\x00" * 100)
    run("once")
    assert SHOWN in run("quarantine", "list")


def test_the_json_of_an_odd_name_reads_back_as_it_is() -> None:
    (Path("inbox") / os.fsdecode(ODD)).write_bytes(a_text("Harbour Copper Opens Its Gate"))
    text = run("explain", "--json", "inbox")
    assert json.loads(text)["file"] == f"inbox/{os.fsdecode(ODD)}"
    assert "\x1b" not in text and text.count("\n") == 1


def test_a_log_line_shows_an_odd_name(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    for on_terminal in (True, False):
        monkeypatch.setattr("sys.stderr.isatty", lambda on_terminal=on_terminal: on_terminal)
        cli.log.log_to_stderr()
        structlog.get_logger().info("drop", drop="gate\x1b[2J\x9b\u202e", exc_info=ValueError("\x1b[2J"))
        line = capfd.readouterr().err
        assert "gate" in line and not {"\x1b", "\x9b", "\u202e"} & set(line)


def test_a_pipe_is_no_file_to_explain(capfd: pytest.CaptureFixture[str]) -> None:
    os.mkfifo("inbox/pipe.txt")
    result = CliRunner().invoke(cli.app, ["explain", "inbox/pipe.txt"])
    assert result.exit_code == cli.FAILED
    assert "inbox/pipe.txt cannot be read (no regular file); give a file." in result.output


def test_what_feedd_keeps_is_its_own_and_what_it_publishes_is_everybodys(folder: Path) -> None:
    Path("inbox/gate.txt").write_bytes(a_text("Harbour Copper Opens Its Gate"))
    subprocess.run([sys.executable, "-m", "feedd", "once"], check=True, umask=0o022, env=AT_HOME)

    modes = {path.relative_to(folder): path.stat().st_mode & 0o077 for path in folder.rglob("*")}
    assert {mode for path, mode in modes.items() if path.parts[0] == "state"} == {0}
    assert {mode for path, mode in modes.items() if path.parts[0] == "out"} == {0o044, 0o055}
