"""Arrows point down: who may import whom, which outside library belongs where, and who may ask the clock."""

from __future__ import annotations

import ast
import graphlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

PACKAGE = Path(__file__).parent.parent / "feedd"

# The rooms of each band, as DESIGN.md explains them. A room is a module, or a folder of the same name.
BANDS = (
    "__init__ errors model",
    "classify digest events identity jumps layout lineage parse readers render slots tokens toml visible",
    "channels clock config files metrics rules sandbox store watch",
    "backfill bounce decide deliver export ingest jobs notify publish reclassify status subscribe timekeeping "
    "understand",
    "schedule serve",
    *("parts", "daemon", "cli", "__main__"),  # the front door, floor by floor
)
BAND_OF = {room: band for band, rooms in enumerate(BANDS) for room in rooms.split()}
# Arrows inside a band, as few as can be.
NEIGHBOURS = {
    ("errors", "model"),  # a refused drop still tells which documents came inside it
    ("digest", "slots"),  # who is due follows from the digest times
    ("backfill", "ingest"),  # a back-fill is many drops taken and judged
    ("jobs", "understand"),  # the same, in another process
    ("ingest", "jobs"),  # and its answers are what is judged
    ("ingest", "understand"),  # a release that is known is read again here
    ("decide", "ingest"),  # a decided release is read again as it was taken in
    ("reclassify", "ingest"),  # and so are all of them
    ("reclassify", "decide"),  # by what the decisions teach under the rules of now
}
FLOWS, FACES = 3, 4  # up to the flows the time is handed in, up to the faces the settings too

# Outside library → rooms that may import it. Kept short: a library has one owner.
OWNERS = {
    "alembic": {"store"},
    "charset_normalizer": {"readers"},
    "apscheduler": {"schedule"},
    "css_inline": {"render"},
    "feedgen": {"render"},
    "itsdangerous": {"tokens"},
    "jinja2": {"render"},
    "lxml": {"readers"},
    "markdown_it": {"readers"},
    "markupsafe": {"render"},  # Jinja2's strings
    "nh3": {"readers"},
    "phonenumbers": {"parse"},
    "pydantic": {"config", "jobs", "store"},  # settings from text; values to and from JSON
    "pypdfium2": {"readers"},
    "rich": {"cli", "render"},  # the terminal, and the report that is shown there
    "selectolax": {"readers"},
    "sqlalchemy": {"store"},
    "starlette": {"serve"},
    "striprtf": {"readers"},
    "structlog": {"cli", "daemon"},  # logging is configured in the front door only
    "typer": {"cli"},
    "uvicorn": {"serve"},
    "watchdog": {"watch"},
}

# Nothing that stands for values in, values out has a use for these.
IMPURE = {"asyncio", "http", "shutil", "smtplib", "socket", "sqlite3", "subprocess", "tempfile", "threading"}

CLOCKS = {
    *("date.today", "datetime.now", "datetime.today", "datetime.utcnow"),
    *("time.gmtime", "time.localtime", "time.time", "time.time_ns"),
}
SURROUNDINGS = {"os.environ", "os.environb", "os.getenv", "os.putenv"}


@dataclass(frozen=True)
class File:
    """A source file of the package; `name` is its path below ``feedd/``."""

    name: str
    tree: ast.Module

    @property
    def room(self) -> str:
        return PurePosixPath(self.name).parts[0].removesuffix(".py")

    @property
    def band(self) -> int:
        return BAND_OF.get(self.room, 99)

    @property
    def module(self) -> str:
        return ".".join(("feedd", *PurePosixPath(self.name).with_suffix("").parts)).removesuffix(".__init__")

    @property
    def is_front_door(self) -> bool:
        return PurePosixPath(self.name).name == "__init__.py"

    def imports(self) -> Iterator[str]:
        """Every name that is imported, absolute and dotted; ``from a import b`` gives ``a.b``."""
        parents = self.module.split(".") if self.is_front_door else self.module.split(".")[:-1]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = parents[: len(parents) - node.level + 1] if node.level else []
                start = ".".join([*above, *([node.module] if node.module else [])])
                yield from (f"{start}.{alias.name}" for alias in node.names)

    def mentions(self) -> Iterator[str]:
        """The last two parts of every dotted name: ``datetime.now`` of ``dt.datetime.now``; imported names too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
                owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
                yield f"{owner}.{node.attr}"
        yield from self.imports()


@dataclass(frozen=True)
class House:
    """All files of the package."""

    files: tuple[File, ...]

    @property
    def modules(self) -> set[str]:
        return {file.module for file in self.files}

    def target(self, name: str) -> str:
        """The module in which an imported name of ours lives: ``feedd.store.tables`` of ``feedd.store.tables.drop``."""
        return name if name in self.modules else name.rpartition(".")[0]


def house_of(sources: Mapping[str, str]) -> House:
    return House(tuple(File(name, ast.parse(source)) for name, source in sources.items()))


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def strangers(house: House) -> Iterator[str]:
    """Files that stand in no band, and files that do not say what they are for."""
    for file in house.files:
        if file.room not in BAND_OF:
            yield f"{file.name} stands in no band"
        if not ast.get_docstring(file.tree):
            yield f"{file.name} does not say what it is for"


def wrong_arrows(house: House) -> Iterator[str]:
    """Imports of a room that is not lower, and of a room's front door by its own members."""
    for file in house.files:
        for name in file.imports():
            if name.split(".")[0] != "feedd":
                continue
            target = house.target(name)
            room = room_of(target)
            is_lower = BAND_OF.get(room, 99) < file.band or (file.room, room) in NEIGHBOURS
            if room != file.room and not is_lower:
                yield f"{file.name} imports {name}, which is not lower"
            if target == f"feedd.{file.room}" and file.module != target:
                yield f"{file.name} imports {name} through its own front door"


def wrong_owners(house: House) -> Iterator[str]:
    """Imports of outside libraries by rooms that do not own them."""
    for file in house.files:
        for library in {name.split(".")[0] for name in file.imports()}:
            if library == "feedd" or library in sys.stdlib_module_names:
                continue
            if file.room not in OWNERS.get(library, ()):
                yield f"{file.name} imports {library}, which it does not own"


def impurities(house: House) -> Iterator[str]:
    """Pure stages with a door of their own; clocks and surroundings read where they are handed in."""
    for file in house.files:
        mentions = set(file.mentions())
        if file.band <= 1:
            yield from (f"{file.name} is pure and imports {name}" for name in sorted(IMPURE & set(file.imports())))
        if file.band <= FLOWS:
            yield from (f"{file.name} asks {clock}" for clock in sorted(CLOCKS & mentions))
        if file.band <= FACES and file.room != "config":
            yield from (f"{file.name} reads {name}" for name in sorted(SURROUNDINGS & mentions))


def circles(house: House) -> Iterator[str]:
    """Modules that import each other."""
    graph = {file.module: {house.target(name) for name in file.imports()} - {file.module} for file in house.files}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as circle:
        yield " → ".join(circle.args[1])


Rule = Callable[[House], Iterator[str]]
RULES: tuple[Rule, ...] = (strangers, wrong_arrows, wrong_owners, impurities, circles)


def faults(sources: Mapping[str, str]) -> list[str]:
    house = house_of(sources)
    return [fault for rule in RULES for fault in rule(house)]


@pytest.fixture(scope="module")
def real_sources() -> dict[str, str]:
    return {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_has_no(rule: Rule, real_sources: dict[str, str]) -> None:
    assert list(rule(house_of(real_sources))) == []


def test_the_walk_sees_the_whole_package(real_sources: dict[str, str]) -> None:
    assert {"__init__.py", "errors.py", "model.py", "serve.py"} <= set(real_sources)


def test_every_library_has_a_use(real_sources: dict[str, str]) -> None:
    used = {name.split(".")[0] for file in house_of(real_sources).files for name in file.imports()}

    assert set(OWNERS) <= used


# ── The rules themselves ──────────────────────────────────────────────────────────────────────────────────────

GOOD = {
    "__init__.py": '"""The package."""',
    "errors.py": '"""Errors."""',
    "model.py": '"""Words."""',
    "store/__init__.py": '"""The front door."""\nfrom feedd.store.tables import drop\n',
    "store/tables.py": '"""Tables."""\nimport sqlalchemy as sa\nfrom feedd.model import Drop\n',
    "store/drops.py": '"""Drops."""\nfrom feedd.store import tables\nfrom . import tables\n',
    "config.py": '"""Settings."""\nimport os\nHOME = os.environ\n',
    "ingest.py": '"""A flow."""\nimport feedd\nfrom feedd.store import drop\nfrom feedd import errors\n',
    "schedule.py": '"""A face."""\nimport datetime as dt\nnow = dt.datetime.now(dt.UTC)\n',
}


def test_a_house_in_order_has_no_faults() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("name", "line", "fault"),
    [
        ("model.py", "import feedd.config", "model.py imports feedd.config, which is not lower"),
        ("ingest.py", "from feedd.schedule import now", "ingest.py imports feedd.schedule.now, which is not lower"),
        ("ingest.py", "from feedd.nowhere import x", "ingest.py imports feedd.nowhere.x, which is not lower"),
        ("ingest.py", "from . import schedule", "ingest.py imports feedd.schedule, which is not lower"),
        ("config.py", "from feedd import store", "config.py imports feedd.store, which is not lower"),
        ("store/drops.py", "from ..ingest import x", "store/drops.py imports feedd.ingest.x, which is not lower"),
        (
            "store/drops.py",
            "from feedd.store import drop",
            "store/drops.py imports feedd.store.drop through its own front door",
        ),
        ("ingest.py", "from sqlalchemy import text", "ingest.py imports sqlalchemy, which it does not own"),
        ("ingest.py", "import requests", "ingest.py imports requests, which it does not own"),
        ("model.py", "import socket", "model.py is pure and imports socket"),
        ("ingest.py", "import datetime\nx = datetime.datetime.now()", "ingest.py asks datetime.now"),
        ("ingest.py", "from datetime import date\nx = date.today()", "ingest.py asks date.today"),
        ("store/drops.py", "from time import time", "store/drops.py asks time.time"),
        ("ingest.py", "import time\nx = time.time", "ingest.py asks time.time"),
        ("schedule.py", "import os\nx = os.environ['HOME']", "schedule.py reads os.environ"),
        ("ingest.py", "from os import getenv", "ingest.py reads os.getenv"),
    ],
)
def test_a_forbidden_line_is_found(name: str, line: str, fault: str) -> None:
    assert faults({**GOOD, name: f"{GOOD[name]}\n{line}\n"}) == [fault]


def test_an_import_inside_a_function_counts() -> None:
    source = f"{GOOD['model.py']}\ndef late():\n    from feedd.config import HOME\n"

    assert faults({**GOOD, "model.py": source}) == ["model.py imports feedd.config.HOME, which is not lower"]


def test_a_file_in_no_band_is_found() -> None:
    assert faults({**GOOD, "utils.py": '"""Odds and ends."""'}) == ["utils.py stands in no band"]


def test_a_file_without_a_purpose_is_found() -> None:
    assert faults({**GOOD, "watch.py": "x = 1"}) == ["watch.py does not say what it is for"]


def test_a_circle_is_found() -> None:
    tables = f"{GOOD['store/tables.py']}\nfrom feedd.store import drops\n"

    assert len(faults({**GOOD, "store/tables.py": tables})) == 1
