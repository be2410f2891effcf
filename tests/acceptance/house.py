"""The real daemon as a process, and what its users hold in their hands: a folder, a browser, a mailbox."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import feedparser
import httpx

Found = TypeVar("Found")
PATIENCE_S = 40.0
QUICK = {"FEEDD_WATCH__SETTLE_S": "0.1"}  # for single commands: the files are there before they look


def until(look: Callable[[], Found], what: str, patience_s: float = PATIENCE_S) -> Found:
    """What *look* gives as soon as it is true; a failure naming *what* when that never comes."""
    ends_s = time.monotonic() + patience_s
    while time.monotonic() < ends_s:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {patience_s:g} s")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class House:
    """feedd in a folder of its own. Every command is the real program; settings are environment variables."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.port = folder, free_port()
        self.inbox, self.out, self.mail = folder / "inbox", folder / "out", folder / "state/mail/new"
        self.inbox.mkdir(parents=True, exist_ok=True)
        names = {f"FEEDD_{key.upper()}": value for key, value in settings.items()}
        self.environ = {**os.environ, "FEEDD_SERVE__PORT": str(self.port), "PYTHONWARNINGS": "error", **names}
        self.process: subprocess.Popen[str] | None = None

    def command(self, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "feedd", *words], cwd=self.folder, env={**self.environ, **QUICK, **environ},
            capture_output=True, text=True, timeout=100, check=False,
        )  # fmt: skip

    def json(self, *words: str) -> object:
        done = self.command(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def start(self, *words: str) -> subprocess.Popen[str]:
        self.log = (self.folder / "log").open("a")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "feedd", "run", *words], cwd=self.folder, env=self.environ,
            stdout=subprocess.PIPE, stderr=self.log, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert "running" in line, (line, (self.folder / "log").read_text())
        return self.process

    def stop(self, number: int = signal.SIGTERM) -> int:
        assert self.process is not None
        if number:
            self.process.send_signal(number)
        code = self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.log.close()
        self.process = None
        return code

    @contextmanager
    def running(self, *words: str) -> Iterator[House]:
        try:
            self.start(*words)
            yield self
        finally:
            if self.process is not None:
                self.process.kill()
                self.stop(0)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}/{path}", headers=headers, timeout=10)

    def entries(self, feed: str = "all.atom") -> list[feedparser.FeedParserDict]:
        answer = self.get(f"feeds/{feed}")
        if answer.status_code == 404:  # not published yet
            return []
        parsed = feedparser.parse(answer.content)
        assert parsed.bozo == 0
        return list(parsed.entries)

    def titles(self, feed: str = "all.atom") -> list[str]:
        return [entry.title for entry in self.entries(feed)]

    def letters(self) -> list[Path]:
        return sorted(self.mail.iterdir()) if self.mail.is_dir() else []

    def tree(self) -> dict[str, tuple[bytes, int]]:
        """Bytes and mtime of every output."""
        return {
            path.relative_to(self.out).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in self.out.rglob("*")
            if path.is_file()
        }

    def bytes(self) -> dict[str, bytes]:
        return {path: data for path, (data, _mtime) in self.tree().items()}
