"""Every command that README.md and docs/ show is run for real, in a copy of the checkout.

A command here is what a reader would paste: one line of a fenced ``sh`` block, with its here-document. Commands of a
page run in its order, in one folder. Whatever `KINDS` does not know fails the test, so that none is forgotten.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HERE_DOCUMENT = re.compile(r"<<'?(\w+)'?$")


def blocks(page: str, kind: str) -> list[str]:
    """The fenced blocks of one kind, ``sh`` or ``text``, in the page's order."""
    return [text for fenced, text in _FENCE.findall((ROOT / page).read_text("utf-8")) if fenced == kind]


def commands(block: str) -> Iterator[str]:
    """The commands of a block; a here-document belongs to its command."""
    lines = iter(block.splitlines())
    for line in lines:
        command = [line]
        if opened := _HERE_DOCUMENT.search(line):
            while command[-1] != opened[1]:
                command.append(next(lines))
        if line.strip():
            yield "\n".join(command)


def commands_of(page: str) -> list[str]:
    return [command for block in blocks(page, "sh") for command in commands(block)]


LINES = 5  # in which a daemon says where everything is


class Reader:
    """Somebody who types what a page shows, in a checkout of their own. `read` is all that came back."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.read = folder, ""
        self._daemon: subprocess.Popen[str] | None = None
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self._port = str(listener.getsockname()[1])
        # A reader's make is nobody's child: one that knew of ours would tell of the folders it enters and leaves.
        self._environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))},
            "PATH": f"{folder / '.venv/bin'}:{os.environ['PATH']}",
            "FEEDD_SERVE__PORT": self._port,
            "FEEDD_WATCH__SETTLE_S": "0.2",
            "COLUMNS": "100",
        }

    def type_in(self, command: str) -> None:
        known = [kind for pattern, kind in KINDS.items() if re.match(pattern, command)]
        assert known, f"{command!r} is of no kind that is run; give it one in KINDS"
        self._command = command.replace("8080", self._port)
        known[0](self)

    def close(self) -> None:
        daemon, self._daemon = self._daemon, None
        if daemon is not None:
            daemon.send_signal(signal.SIGTERM)
            said, log = daemon.communicate(timeout=10)
            self.read += said.replace(self._port, "8080")
            assert daemon.returncode == 0, log

    # ── Kinds of commands ──

    def run(self) -> None:
        """Typed as it stands; it must do what it says, and the daemon takes in what it dropped."""
        done = self._run(["sh", "-euc", self._command])
        self.read += done.replace(self._port, "8080")
        if self._daemon and " inbox/" in self._command:
            self._wait(lambda: len(self.pages()) == len(list((self.folder / "inbox").iterdir())))

    def make(self) -> None:
        """A target of the Makefile. What it would do is looked at; fetching and testing everything is not for here."""
        self._plan = self._run([*self._command.split(), "-n", "-o", "debian"])
        assert self._plan.strip()

    def make_run(self) -> None:
        """The last thing that it does is the daemon: that one runs, until the next or to the end of the page."""
        self.close()
        self.make()
        self._start(self._plan.splitlines()[-1])

    def daemon(self) -> None:
        """Runs until it says so, and ends."""
        self._start(self._command)
        self.close()

    def ask_daemon(self) -> None:
        """Typed while a daemon runs."""
        if self._daemon:
            self.run()
            return
        self._start("feedd run")
        self._wait((self.folder / "out/feeds/all.atom").is_file)
        self.run()
        self.close()

    def on_server(self) -> None:
        """Needs root and changes the machine: the unit file and the folder must agree with it."""
        unit = (ROOT / "systemd/feedd.service").read_text("utf-8")
        for word in re.findall(r"/[\w./-]+", self._command):
            assert re.sub(r"/(?:pip|feedd)$", "", word).rstrip("/") in f"{unit} /etc/systemd/system /opt/feedd/bin", (
                word
            )
        for name in re.findall(r"(?<=\s)[\w-]+[./][\w./]+", self._command):
            assert (ROOT / name).is_file(), name
        if self._command.split()[0] in ("useradd", "install", "systemctl"):
            assert f"#   {self._command}\n" in unit

    # ── How ──

    def pages(self) -> list[Path]:
        return list((self.folder / "out").glob("releases/*/*/*/index.html"))

    def _run(self, words: list[str]) -> str:
        done = subprocess.run(
            words, cwd=self.folder, env=self._environ, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    def _start(self, command: str) -> None:
        self._daemon = subprocess.Popen(
            ["sh", "-c", f"exec {command}"], cwd=self.folder, env=self._environ,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._daemon.stdout is not None
        said = [self._daemon.stdout.readline() for _ in range(LINES)]
        self.read += "".join(said).replace(self._port, "8080")
        if "--samples" in command:
            self._wait(lambda: len(self.pages()) >= 3)

    def _wait(self, until: Callable[[], bool]) -> None:
        ends_s = time.monotonic() + 30
        while not until():
            assert time.monotonic() < ends_s, self._command
            time.sleep(0.05)


# The beginning of a command → what is done with it; the first that fits.
KINDS: dict[str, Callable[[Reader], None]] = {
    r"make run$": Reader.make_run,
    r"make \w+$": Reader.make,
    r"feedd run\b": Reader.daemon,
    r"curl ": Reader.ask_daemon,
    r"python3 -m venv /opt|/opt/|useradd |install |systemctl |sudo |cd /var/lib/feedd$": Reader.on_server,
    r"(FEEDD_\w+=\"[^\"]*\" )?(\.venv/bin/)?feedd ": Reader.run,
    r"(cat |cp |mkdir |printf |rm |python3 -c |PATH=)": Reader.run,
}


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    """A reader in a fresh copy of the checkout, whose environment is made already."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("templates", "systemd"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "out").mkdir()
    program = tmp_path / ".venv/bin/feedd"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m feedd "$@"\n', "utf-8")
    program.chmod(0o755)
    reader = Reader(tmp_path)
    yield reader
    reader.close()


DRAFT = """Third Quarter Results

Winnipeg, Manitoba, October 29, 2026 - Lakeside Copper Inc. (TSX: LKC) today reported its third quarter results.
"""


def prepare(page: str, reader: Reader) -> None:
    """What a page speaks of as being there before: a draft, one file in quarantine, one release that is held."""
    if page != "docs/dropping-files.md":
        return
    for folder in ("drafts", "inbox"):
        (reader.folder / folder).mkdir()
    (reader.folder / "drafts/results.txt").write_text(DRAFT)
    (reader.folder / "inbox/noise.txt").write_bytes(bytes(range(256)) * 8)
    reader.type_in("feedd once")
    (reader.folder / "inbox/held.txt").write_text(f"EMBARGOED UNTIL 6:00, OCTOBER 30\n\n{DRAFT}")
    reader.type_in("feedd once")
    assert reader.pages() == []


def type_page(page: str, reader: Reader) -> None:
    prepare(page, reader)
    for command in commands_of(page):
        reader.type_in(command)


OTHERS = [page for page in PAGES if page not in ("README.md", "docs/getting-started.md", "docs/operating.md")]


@pytest.mark.parametrize("page", OTHERS)
def test_what_a_page_tells_to_type_can_be_typed(page: str, reader: Reader) -> None:
    type_page(page, reader)


def test_the_readme_shows_what_a_reader_gets_to_see(reader: Reader) -> None:
    type_page("README.md", reader)
    letters = list((reader.folder / "state/mail/new").iterdir())
    reader.close()

    for line in "".join(blocks("README.md", "text")).splitlines():
        assert line in reader.read.splitlines()
    assert len(letters) == 1
    assert len(reader.pages()) == 4


def test_getting_started_ends_with_a_site_and_a_letter_of_ones_own(reader: Reader) -> None:
    type_page("docs/getting-started.md", reader)

    (page,) = reader.pages()
    assert "Lakeside Copper: news" in page.read_text("utf-8")
    assert "\n1 letter sent.\n" in reader.read


def test_operating_makes_the_site_anew_byte_for_byte_and_a_backup(reader: Reader) -> None:
    type_page("docs/operating.md", reader)

    assert " 0 files of" in reader.read
    assert "is what the store would write" in reader.read
    assert (reader.folder / "backup.db").stat().st_size


def test_the_readme_names_the_two_commands_and_what_goes_where() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    table = readme.partition("## What goes where")[2].partition("\n## ")[0]
    places = re.findall(r"`([\w.]+/?)`", table)

    assert {"make run", "make test"} <= set(commands_of("README.md"))
    assert {place for place in places if not (ROOT / place).exists()} <= {"inbox/", "state/", "feedd.toml"}


# ── The test itself ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_command_of_an_unknown_kind_is_noticed(reader: Reader) -> None:
    with pytest.raises(AssertionError, match="of no kind"):
        reader.type_in("wget http://news.lakeside.example/")


def test_a_command_that_fails_is_noticed(reader: Reader) -> None:
    with pytest.raises(AssertionError, match="fly"):
        reader.type_in("feedd fly")


def test_a_here_document_is_one_command_with_its_text() -> None:
    block = "cat > a <<'END'\nfeedd fly\nEND\n\nfeedd status\n"

    assert list(commands(block)) == ["cat > a <<'END'\nfeedd fly\nEND", "feedd status"]


def test_every_fence_says_what_is_in_it() -> None:
    for page in PAGES:
        kinds = {kind for kind, _text in _FENCE.findall((ROOT / page).read_text("utf-8"))}
        assert kinds <= {"sh", "text", "toml", "ini"}, page
