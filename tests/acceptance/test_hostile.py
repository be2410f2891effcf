"""Everything hostile and odd at once into one running daemon: each file gets its verdict, and nothing else happens."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser
import httpx
import lxml.html
import pytest
from acceptance.corpus import CORPUS, EVIL, INSIDE, PASSWD, good, lay_traps
from acceptance.house import House, until

from feedd.ingest.taking import OWN_FAULTS
from feedd.store import Store, drops
from feedd.visible import visible_name

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]

GOOD = "Harbour Copper Reports Calm amid All That"
FOREIGN = {"script", "iframe", "svg", "math", "object", "embed", "applet", "form", "base", "style", "frame"}
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Aftermath:
    """What one daemon made of the whole corpus; it still runs."""

    house: House
    verdicts: dict[str, dict[str, Any]]  # by path
    traps: tuple[str, ...]
    before: dict[str, Any]  # all that stood around it
    answers: tuple[int, ...]  # of /healthz throughout
    pid: int


def around(place: Path, house: House) -> dict[str, Any]:
    """Everything below *place* that is not feedd's own: size, kind and time of each."""
    own = (house.folder / "state", house.out, house.folder / "log")
    paths = [path for path in place.rglob("*") if not any(path.is_relative_to(each) for each in own)]
    marks = {path: path.lstat() for path in paths}
    return {str(path): (mark.st_mode, mark.st_size, mark.st_mtime_ns) for path, mark in marks.items()}


def stage(place: Path) -> list[tuple[Path, str]]:
    """Writes the corpus beside the inbox, the good file in its midst: where each lies, and the name it shall have."""
    names = list(CORPUS)
    names.insert(len(names) // 2, "good.txt")
    staged = []
    for number, name in enumerate(names):
        made = place / str(number)
        made.write_bytes(CORPUS[name].make() if name in CORPUS else good("Calm amid All That"))
        staged.append((made, name))
    return staged


@contextmanager
def hammering(house: House) -> Iterator[list[int]]:
    """Asks for /healthz all the time; gives the answers."""
    answers: list[int] = []
    ended = threading.Event()

    def ask() -> None:
        with httpx.Client() as client:
            while not ended.wait(0.1):
                answers.append(client.get(f"http://127.0.0.1:{house.port}/healthz", timeout=5).status_code)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield answers
    finally:
        ended.set()
        thread.join()


def judged(house: House) -> dict[str, dict[str, Any]]:
    """Every drop by its path; empty while one still waits."""
    store = Store(f"sqlite:///{house.folder / 'state/feedd.db'}")
    with store.read() as conn:
        rows = {row["path"]: row for row in drops.every(conn)}
    store.close()
    wanted = {*map(visible_name, CORPUS), "good.txt", *INSIDE}
    return rows if wanted <= rows.keys() and all(row["state"] != "taken" for row in rows.values()) else {}


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    place = tmp_path_factory.mktemp("hostile")
    for name in ("stage", "outside"):
        (place / name).mkdir()
    house = House(place / "house", out__window="200")
    staged = stage(place / "stage")
    traps = tuple(lay_traps(house.inbox, place / "outside"))
    with house.running():
        until(lambda: house.get("index.html").status_code == 200, "the start")
        assert house.process is not None
        pid = house.process.pid
        began_s = time.monotonic()
        with hammering(house) as answers:
            for made, name in staged:
                target = house.inbox / name
                target.parent.mkdir(parents=True, exist_ok=True)
                made.rename(target)
            before = around(place, house)
            until(lambda: GOOD in house.titles(), "the good file")
            good_s = time.monotonic() - began_s
            verdicts = until(lambda: judged(house), "the verdicts", 60)
        print(f"good file after {good_s:.1f} s, all of it after {time.monotonic() - began_s:.1f} s")
        until(lambda: house.json("status")["stale_outputs"] == 0, "the site")
        yield Aftermath(house, verdicts, traps, before, tuple(answers), pid)


@pytest.mark.parametrize("name", CORPUS)
def test_each_file_gets_its_verdict(name: str, aftermath: Aftermath) -> None:
    found, odd = aftermath.verdicts[visible_name(name)], CORPUS[name]
    assert (found["state"], found["code"]) == (odd.state, odd.code), found["reason"]
    if odd.code:
        assert re.fullmatch(r"[A-Z].*[^.]\.", found["reason"], re.DOTALL)


@pytest.mark.parametrize(("name", "state"), INSIDE.items())
def test_what_came_inside_a_mail_is_judged_by_itself(name: str, state: str, aftermath: Aftermath) -> None:
    assert aftermath.verdicts[name]["state"] == state


def test_nothing_but_the_files_of_the_folder_is_taken(aftermath: Aftermath) -> None:
    assert len(aftermath.traps) > 10
    assert aftermath.verdicts.keys() == {*map(visible_name, CORPUS), *INSIDE, "good.txt"}


def test_the_same_daemon_answered_all_the_time(aftermath: Aftermath) -> None:
    assert set(aftermath.answers) == {200} and len(aftermath.answers) > 5
    assert aftermath.house.process is not None and aftermath.house.process.poll() is None
    assert aftermath.house.process.pid == aftermath.pid
    assert "Traceback" not in (aftermath.house.folder / "log").read_text("utf-8")


def test_nothing_around_it_is_changed_or_made(aftermath: Aftermath) -> None:
    place = aftermath.house.folder.parent
    assert around(place, aftermath.house) == aftermath.before


def markup(path: Path) -> list[str]:
    """The HTML of a file below the site: a page, or what the entries of a feed hold."""
    data = path.read_bytes()
    if path.suffix == ".html":
        return [data.decode()]
    parsed = feedparser.parse(data, sanitize_html=False)
    assert parsed.bozo == 0, path
    contents = [part.value for entry in parsed.entries for part in entry.get("content", [])]
    return contents + [entry.get("summary", "") for entry in parsed.entries]


def is_ours(element: Any) -> bool:
    """The facts for search engines, and the bars beside the evidence."""
    if element.tag == "svg":
        return element.getparent().get("class") == "cue" and {each.tag for each in element} == {"rect"}
    return element.tag == "script" and element.get("type") == "application/ld+json"


def foreign(html: str) -> list[str]:
    """What in *html* is no markup of ours: active elements, handlers, addresses that run."""
    found = []
    for element in lxml.html.fromstring(html or "<p></p>").iter():
        if element.tag in FOREIGN and not is_ours(element):
            found.append(f"<{element.tag}>")
        for name, value in element.items():
            scheme = re.sub(r"[\s\x00-\x20]", "", value).lower().split(":")[0]
            if name.startswith("on") or scheme in ("javascript", "vbscript", "data"):
                found.append(f"{name}={value}")
    return found


def test_no_output_holds_a_script_or_foreign_markup(aftermath: Aftermath) -> None:
    pages = [path for path in aftermath.house.out.rglob("*") if path.suffix in (".html", ".atom", ".rss")]
    assert len(pages) > 60
    assert {str(path): found for path in pages for html in markup(path) if (found := foreign(html))} == {}


def test_what_shows_a_script_shows_it_as_words(aftermath: Aftermath) -> None:
    assert any(EVIL in title for title in aftermath.house.titles())


def test_nothing_of_the_machine_is_shown(aftermath: Aftermath) -> None:
    for path, data in aftermath.house.bytes().items():
        assert PASSWD.encode() not in data and b"What Lies Elsewhere" not in data, path


@pytest.mark.parametrize("words", [["status"], ["quarantine", "list"], ["quarantine", "show", "1"]])
def test_no_name_or_word_steers_a_terminal(words: list[str], aftermath: Aftermath) -> None:
    assert STEERING.search(aftermath.house.command(*words).stdout) is None


def test_the_site_is_what_the_store_would_write(aftermath: Aftermath) -> None:
    assert aftermath.house.command("publish", "--check").returncode == 0


def test_the_documents_explain_every_code() -> None:
    told = (Path(__file__).parents[2] / "docs/dropping-files.md").read_text("utf-8")
    codes = {odd.code for odd in CORPUS.values() if odd.code} | set(OWN_FAULTS)
    assert {code for code in codes if not re.search(rf"^\|.*`{code}`.*\|.*\|.*\|$", told, re.MULTILINE)} == set()
