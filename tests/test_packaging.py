"""What is put into a wheel, and that versions and pins agree with what the project says of itself."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import feedd

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The wheel as users get it, opened; built without a network."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return zipfile.Path(built)


def names_in(wheel: zipfile.Path) -> set[str]:
    return {name for name in wheel.root.namelist() if not name.endswith("/")}


def files_below(folder: str, pattern: str = "*") -> set[str]:
    """Paths relative to *folder*, without what Python leaves behind."""
    found = (path for path in (ROOT / folder).rglob(pattern) if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(ROOT / folder).as_posix() for path in found}


def pins_of(lock: str) -> dict[str, str]:
    """Name → version of each pinned package."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pins}


def test_the_wheel_holds_the_package_and_what_lies_beside_it_and_nothing_else(wheel: zipfile.Path) -> None:
    """Modules, migrations, data files, templates, samples; no tests, no outputs, no state of this machine."""
    package = {f"feedd/{name}" for name in files_below("feedd")}
    beside = {f"feedd/{folder}/{name}" for folder in ("templates", "seeds") for name in files_below(folder)}
    about = {name for name in names_in(wheel) if name.startswith(f"feedd-{feedd.__version__}.dist-info/")}

    assert names_in(wheel) - about == package | beside


@pytest.mark.parametrize("kind", ["py.typed", r"store/migrations/versions/\w+\.py", r"\w+/.+\.toml", r"seeds/\w+\.txt"])
def test_each_kind_of_file_is_in_the_wheel(wheel: zipfile.Path, kind: str) -> None:
    assert [name for name in names_in(wheel) if re.fullmatch(f"feedd/{kind}", name)]


def test_the_samples_in_the_wheel_are_byte_for_byte(wheel: zipfile.Path) -> None:
    for name in files_below("seeds"):
        assert (wheel / "feedd" / "seeds" / name).read_bytes() == (ROOT / "seeds" / name).read_bytes()


def test_the_wheel_carries_the_command_and_the_licence(wheel: zipfile.Path) -> None:
    about = wheel / f"feedd-{feedd.__version__}.dist-info"

    assert "feedd = feedd.cli:main" in (about / "entry_points.txt").read_text()
    assert (about / "licenses" / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()


def test_the_changelog_begins_with_this_version() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)

    assert newest is not None
    assert newest[1] == feedd.__version__


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_says_where_packages_come_from(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")

    assert not re.search(r"^\s*(-i|-f|--index|--extra-index|--find-links|--trusted)|://", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes(lock: str) -> None:
    entries = re.split(r"^(?=\S+==)", (ROOT / lock).read_text("utf-8"), flags=re.MULTILINE)

    assert [entry.split()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []


def wishes(lock: str) -> list[Requirement]:
    """What pyproject.toml asks for and the lock must hold."""
    extras = PROJECT["optional-dependencies"] if lock == "requirements-dev.lock" else {}
    return [Requirement(line) for line in (*PROJECT["dependencies"], *chain.from_iterable(extras.values()))]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_pinned_as_pyproject_wishes(lock: str) -> None:
    pins = pins_of(lock)

    for wish in wishes(lock):
        assert wish.specifier.contains(pins.get(canonicalize_name(wish.name), "0")), f"{wish} is not in {lock}"


def test_tests_run_with_what_users_run_with() -> None:
    runtime, development = (pins_of(lock) for lock in LOCKS)

    assert runtime.items() <= development.items()


def test_what_the_tests_ran_with_is_what_is_pinned() -> None:
    """A library that someone installed by hand would make the tests speak of another feedd."""
    for name in (Requirement(line).name for line in PROJECT["dependencies"]):
        assert version(name) == pins_of("requirements.lock")[canonicalize_name(name)]
