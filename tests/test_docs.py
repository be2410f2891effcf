"""What the papers say agrees with the program: commands, settings, addresses, names, links, pictures, versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from test_house import BANDS
from typer.core import TyperGroup, TyperOption

import feedd
from feedd import config, layout, packaged, rules, watch
from feedd.classify.labels import labels
from feedd.cli import app
from feedd.errors import ConfigError
from feedd.model import Cadence

ROOT = Path(__file__).parent.parent
PAPERS = sorted(path for folder in (ROOT, ROOT / "docs") for path in folder.glob("*.md"))
OWN = sorted(path.name for path in (ROOT / "docs").glob("*.md"))


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def everything() -> str:
    return "\n".join(path.read_text("utf-8") for path in PAPERS)


# ── Commands ──────────────────────────────────────────────────────────────────────────────────────────────────


def commands(of: Any, name: str = "feedd") -> Iterator[tuple[str, Any]]:
    """Every command with its full name, ``feedd digest send``, as Typer's own kind of click has it."""
    if not isinstance(of, TyperGroup):
        yield name, of
        return
    for word, each in of.commands.items():
        yield from commands(each, f"{name} {word}")


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_stands_in_the_papers(name: str) -> None:
    helps = [parameter.help for parameter in COMMANDS[name].params if isinstance(parameter, TyperOption)]

    assert COMMANDS[name].help
    assert all(helps)
    assert re.search(rf"{name}\b", everything())


def test_the_papers_speak_of_no_other_commands() -> None:
    known = {name.split()[1] for name in COMMANDS}

    assert set(re.findall(r"`(?:\.venv/bin/)?feedd ([a-z]+)", everything())) <= known


# ── Settings ──────────────────────────────────────────────────────────────────────────────────────────────────

_ROW = re.compile(r"^\| `(\w+\.\w+)` \| (\S.*?) \| (\S.*?) \| (\S.*?) \|$", re.MULTILINE)


@pytest.fixture
def defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Key → default as one would write it, paths as they stand in the program."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(config, "SYSTEM_FILE", tmp_path / "none")
    shown = config.load(None, environ={}, folder=Path()).shown()
    return {key: row["value"] for key, row in shown.items()}


def written(value: object) -> str:
    """A default as `docs/configuration.md` shows it."""
    match value:
        case None | "":
            return "–"
        case bool():
            return f"`{str(value).lower()}`"
        case float():
            return f"`{value:g}`"
        case list():
            return "`[" + ", ".join(f'"{each}"' for each in value) + "]`"
        case _:
            return f"`{value}`"


def wish(key: str) -> str:
    section, name = key.split(".")
    fields = getattr(config.Config(), section).__class__.model_fields
    return next(str(field.description) for own, field in fields.items() if (field.alias or own) == name)


def test_every_setting_stands_with_its_default_and_its_wish(defaults: dict[str, object]) -> None:
    rows = {key: (default, wish) for key, default, _does, wish in _ROW.findall(text_of("docs/configuration.md"))}

    assert rows == {key: (written(value), wish(key)) for key, value in defaults.items()}


def test_no_paper_for_users_names_a_setting_that_is_not_there(defaults: dict[str, object]) -> None:
    sections = "|".join(config.Config.model_fields)
    for path in (ROOT / "README.md", ROOT / "SECURITY.md", *(ROOT / "docs").glob("*.md")):
        named = re.findall(rf"`((?:{sections})\.\w+)(?: = [^`]+)?`", path.read_text("utf-8"))
        assert set(named) <= set(defaults), path


@pytest.mark.parametrize("example", re.findall(r"^```toml\n(.*?)^```$", everything(), re.MULTILINE | re.DOTALL))
def test_every_example_of_a_configuration_is_right(example: str, tmp_path: Path) -> None:
    (tmp_path / "feedd.toml").write_text(example, "utf-8")

    assert config.load(None, environ={}, folder=tmp_path).file == tmp_path / "feedd.toml"


def test_the_sentence_about_a_wrong_value_is_the_real_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        config.load(None, environ={"FEEDD_SERVE__PORT": "99999"}, folder=tmp_path)

    sentence = str(refused.value).replace("FEEDD_SERVE__PORT is '99999'", "serve.port is 99999")
    assert f"feedd: {sentence}\n" in text_of("docs/configuration.md")


def test_the_sentence_about_a_wrong_rule_is_the_real_one(tmp_path: Path) -> None:
    (tmp_path / "cues.toml").write_text('["corporate.comunity-esg"]\n')
    with pytest.raises(ConfigError) as refused:
        rules.load(tmp_path)

    assert f"feedd: {refused.value}\n".replace(str(tmp_path), "rules") in text_of("docs/deciding.md")


# ── Feeds, letters, drops ─────────────────────────────────────────────────────────────────────────────────────


def test_every_feed_stands_with_its_address() -> None:
    listed = re.findall(r"`(feeds/\w+\.\w+)`", text_of("docs/feeds.md"))

    assert set(listed) == {path for path, _rank in layout.site_outputs(layout.feeds(labels(), "")) if "." in path} - {
        layout.STYLE, layout.NOT_FOUND, layout.FEEDS_PAGE, layout.INDEX
    }  # fmt: skip


def test_every_class_and_subtopic_stands_with_its_label() -> None:
    page, words = text_of("docs/feeds.md"), labels()

    assert re.findall(r"^### (.+) \(`(\w+)`\)$", page, re.MULTILINE) == [
        (label, class_.value) for class_, label in words.classes.items()
    ]
    assert dict(re.findall(r"^\| `(\w+\.[\w-]+)` \| (.+) \|$", page, re.MULTILINE)) == words.subtopics


def test_every_letter_has_its_two_templates_and_is_named() -> None:
    folder = packaged("templates") / "letters"
    letters = {path.name.split(".")[0] for path in folder.glob("*.j2")} - {"layout", "sections"}

    assert letters == {"digest", "alert", "rest"}
    for letter in letters:
        assert (folder / f"{letter}.html.j2").is_file() and (folder / f"{letter}.txt.j2").is_file()
        assert f"`{letter}`" in text_of("docs/letters.md")


def test_every_cadence_stands_in_the_paper_about_letters() -> None:
    assert set(re.findall(r"^\| `([\w-]+)`", text_of("docs/letters.md"), re.MULTILINE)) == {
        each.value for each in Cadence
    }


def test_the_names_that_are_never_taken_are_the_real_ones() -> None:
    never = text_of("docs/dropping-files.md").partition("**Never taken:**")[2].partition("\n\n")[0]
    names = set(re.findall(r"`([^`]+)`", never)) - {"feedd status"}

    assert {name.lower() for name in names} == {
        *watch.TEMPORARY_STARTS, *watch.TEMPORARY_ENDINGS, *watch.SYSTEM_NAMES
    }  # fmt: skip


# ── The papers themselves ─────────────────────────────────────────────────────────────────────────────────────


def links(paper: Path) -> list[tuple[str, str]]:
    """File and anchor of every link and picture that leads to a place in the project."""
    found = re.findall(r"\]\(([^)\s]+)\)", paper.read_text("utf-8"))
    return [(name, anchor) for name, _, anchor in (link.partition("#") for link in found if "://" not in link)]


def anchors(paper: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", paper.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_links_lead_somewhere(paper: Path) -> None:
    for name, anchor in links(paper):
        target = paper.parent / name if name else paper
        assert target.is_file(), name
        assert not anchor or anchor in anchors(target), anchor


@pytest.mark.parametrize("start", ["README.md", "docs/index.md"])
def test_every_paper_is_reached_from_the_start(start: str) -> None:
    reached = {Path(name).name for name, _anchor in links(ROOT / start)}

    assert set(OWN) - {"index.md", "performance.md"} <= reached


def test_every_picture_is_shown_light_enough_and_described() -> None:
    shown = dict(re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text_of("README.md")))
    pictures = {f"docs/img/{path.name}": path for path in (ROOT / "docs/img").iterdir()}

    assert set(shown.values()) == set(pictures)
    assert all(len(words) > 20 for words in shown)
    assert all(path.stat().st_size < 250_000 for path in pictures.values())


def test_the_changelog_begins_with_this_version_and_its_day() -> None:
    newest = re.search(r"^## (.+)$", text_of("CHANGELOG.md"), re.MULTILINE)

    assert newest and re.fullmatch(rf"{re.escape(feedd.__version__)} \(\d{{4}}-\d\d-\d\d\)", newest[1])


def test_the_changelog_speaks_in_four_kinds_of_change() -> None:
    kinds = re.findall(r"^### (.+)$", text_of("CHANGELOG.md"), re.MULTILINE)

    assert set(kinds) <= {"Removed", "Added", "Changed", "Fixed"}


def test_the_licence_leaves_the_samples_to_their_owners() -> None:
    licence = text_of("LICENSE")

    assert licence.startswith("MIT License")
    assert "seeds/ are not part of the Software" in licence


def test_the_design_names_every_room_in_its_band() -> None:
    bands = re.findall(r"^\| (\d) [^|]+\| ([^|]+) \|", text_of("DESIGN.md"), re.MULTILINE)
    explained = {room: int(band) for band, rooms in bands for room in re.findall(r"`(\w+)/?`", rooms)}
    rooms = {
        path.stem for path in (ROOT / "feedd").iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    real = {room: min(band, 5) for band, names in enumerate(BANDS) for room in names.split() if room in rooms}

    assert explained == {room: band for room, band in real.items() if room != "__init__"}
