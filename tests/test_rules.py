"""An operator's own rules: what they change, and the sentence where one is wrong."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from factories import an_unclear_text
from feedd import rules
from feedd.classify import cues
from feedd.classify.lexicon import CUES, MARKS
from feedd.errors import ConfigError
from feedd.identity import issuer_key
from feedd.model import Class, Reading
from feedd.parse import tables
from feedd.rules import Rules
from feedd.understand import understand

MTIME = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
Loaded = Callable[..., Rules]


@pytest.fixture
def load(tmp_path: Path) -> Loaded:
    """The rules of a folder with these files: ``load(cues="…")``."""

    def loaded(**files: str) -> Rules:
        for name, text in files.items():
            (tmp_path / f"{name}.toml").write_text(text, "utf-8")
        return rules.load(tmp_path)

    return loaded


def read(data: bytes | str, by: Rules) -> Reading:
    data = data.encode() if isinstance(data, str) else data
    return understand(data, path="drop.txt", mtime=MTIME, by=by)[1]


def notice(title: str) -> str:
    return f"{title}\n\nHalifax, March 2, 2026 - Tern Corp. (TSX: TRN) says a few words to its owners."


# ── What they change ──────────────────────────────────────────────────────────────────────────────────────────


def test_without_a_folder_the_rules_are_the_packages_own() -> None:
    assert rules.load(None) is rules.packaged()
    assert rules.packaged().version == read(an_unclear_text(), rules.packaged()).classification.rules_version


def test_an_empty_folder_changes_no_reading(load: Loaded) -> None:
    assert read(an_unclear_text(), load()) == read(an_unclear_text(), rules.packaged())


def test_a_new_cue_speaks_for_its_subtopic(load: Loaded) -> None:
    own = load(cues='["corporate.community-esg"]\nlanterns = [6, ["paper lanterns"]]\n')
    found = read(an_unclear_text(), own).classification

    assert (found.class_, found.subtopic) == (Class.CORPORATE_MILESTONE, "corporate.community-esg")
    assert found.evidence[0].rule == "corporate.community-esg/lanterns"


def test_a_cue_of_the_same_id_takes_the_place(load: Loaded) -> None:
    subtopic, _, name = next(iter(cues.weights(CUES))).partition("/")
    own = load(cues=f'["{subtopic}"]\n{name} = [8, ["paper lanterns"]]\n')

    assert read(an_unclear_text(), own).classification.subtopic == subtopic


def test_the_weight_0_switches_a_cue_off(load: Loaded) -> None:
    title = "Tern Declares Quarterly Dividend"
    [first, *_] = read(notice(title), rules.packaged()).classification.evidence
    subtopic, _, name = first.rule.partition("/")
    found = read(notice(title), load(cues=f'["{subtopic}"]\n{name} = [0, []]\n')).classification

    assert first.rule not in {item.rule for item in found.evidence}


def test_words_of_a_void_do_not_count(load: Loaded) -> None:
    own = load(cues='[void]\n"corporate.capital" = ["quarterly dividend"]\n')
    rows = read(notice("Tern Declares Quarterly Dividend"), own).classification.evidence

    assert not any(item.rule.startswith("corporate.capital/") for item in rows)


def test_a_zone_may_count_otherwise(load: Loaded) -> None:
    title = notice("Tern Declares Quarterly Dividend")
    less = read(title, load(cues="[zones]\nheadline = 0.5\n")).classification

    assert less.score < read(title, rules.packaged()).classification.score


def test_words_of_ones_own_show_a_third_party(load: Loaded) -> None:
    text = an_unclear_text(more=" This text was brought by the Pier Gazette.")
    own = load(not_issuer='certain = ["paid/gazette"]\n[paid]\ngazette = [4, ["pier gazette"]]\n')

    assert not read(text, rules.packaged()).classification.not_issuer
    assert read(text, own).classification.not_issuer[0].rule == "paid/gazette"


def test_a_mark_that_nothing_is_known_of_counts_like_the_others(load: Loaded) -> None:
    own = load(not_issuer='[paid]\ngazette = [4, ["pier gazette"]]\n[issuer]\nours = [-2, ["our house"]]\n')
    marks = own.lexicon.learned.marks

    assert marks["paid/gazette@lead"] > 0 > marks["issuer/ours@lead"]


def test_a_venue_is_added_and_another_replaced(load: Loaded) -> None:
    own = load(
        venues='[[venue]]\nmic = "XPIE"\nname = "Pier Exchange"\ncode = "PIER"\ntexts = ["Pier Exchange", "PEX"]\n'
        '[[venue]]\nmic = "XTSE"\nname = "Toronto"\ncode = "TOR"\ntexts = ["TSX"]\n'
        'former = [{ texts = ["Old Toronto"], name = "Toronto (then)" }]\n'
    )
    text = notice("Tern Speaks").replace("TSX: TRN", "PEX: TRN; TSX: TRN")

    assert [ticker.label for ticker in read(text, own).release.tickers] == ["PIER:TRN", "TOR:TRN"]
    assert own.venues.named("Toronto Stock Exchange") is None
    assert own.venues.named("Old Toronto")


def test_a_company_with_two_names_is_one(load: Loaded) -> None:
    own = load(names='[names]\n"Tern Corp." = ["Tern Mines Ltd.", "TRN"]\n')
    new, old = (
        read(notice("Tern Speaks"), own),
        read(notice("Tern Speaks").replace("Tern Corp.", "Tern Mines Ltd."), own),
    )

    assert issuer_key(old.release) == "tern mines"
    assert issuer_key(new.release, own.names) == issuer_key(old.release, own.names) == "tern"


def test_the_version_tells_what_went_in(load: Loaded) -> None:
    versions = [
        rules.packaged().version,
        load(names='[names]\n"A Corp." = ["B Corp."]\n').version,
        load(names='[names]\n"A Corp." = ["C Corp."]\n').version,
    ]

    assert len(set(versions)) == 3
    assert load().version == versions[2]


# ── What is wrong ─────────────────────────────────────────────────────────────────────────────────────────────

VENUE = '[[venue]]\nmic = "XPIE"\nname = "Pier"\ncode = "PIER"\ntexts = ["PEX"]\n'


@pytest.mark.parametrize(
    ("name", "text", "line", "wish"),
    [
        ("cues", "[corporate.ma", 1, "write it as TOML"),
        ("cues", '\n["corporate.mergers"]\nx = [1, ["a deal"]]', 2, "no such subtopic is known"),
        ("cues", '["corporate.comunity-esg"]\n', 1, "perhaps corporate.community-esg is meant"),
        ("cues", "certain = []", 1, "no such subtopic is known"),
        ("cues", '"corporate.ma" = 5', 1, "write it as a section"),
        ("cues", '["corporate.ma"]\nx = 5', 2, "write a cue as a weight and phrases"),
        ("cues", '["corporate.ma"]\nx = ["5", ["a deal"]]', 2, "give a number as the weight from 0 on"),
        ("cues", '["corporate.ma"]\nx = [-5, ["a deal"]]', 2, "give a number as the weight from 0 on"),
        ("cues", '["corporate.ma"]\nx = [true, ["a deal"]]', 2, "give a number as the weight"),
        ("cues", '["corporate.ma"]\nx = [5, "a deal"]', 2, "write a list of texts"),
        ("cues", '["corporate.ma"]\nx = [5, []]', 2, "give at least one phrase"),
        ("cues", '["corporate.ma"]\nx = [5, [\n  "a deal",\n  "..x deal",\n]]', 4, "write words, word|word"),
        ("cues", '["corporate.ma"]\nx = [5, ["dial-in"]]', 2, "write words, word|word"),
        ("cues", '["corporate.ma"]\nx = [5, ["*"]]', 2, "write words, word|word"),
        ("cues", '["corporate.ma"]\nx = [5, [""]]', 2, "write words, word|word"),
        ("cues", '["corporate.ma"]\nx = [5, ["[the] deal"]]', 2, "begin a phrase with a word"),
        ("cues", '["corporate.ma"]\nx = [5, ["deal ..3"]]', 2, "begin a phrase with a word"),
        ("cues", '["corporate.capital"]\ndistribution = [0, []]', 2, "perhaps distributions is meant"),
        ("cues", "[zones]\nhedline = 1", 2, "perhaps headline is meant"),
        ("cues", "[zones]\nheadline = -1", 2, "give a zone a number from 0 on"),
        ("cues", '[void]\ncorporat = ["a deal"]', 2, "perhaps corporate is meant"),
        ("not_issuer", '[digset]\nx = [1, ["a deal"]]', 1, "perhaps digest is meant"),
        ("not_issuer", 'certain = ["paid/nothing"]', 1, "no such cue is known"),
        ("not_issuer", "certain = 1", 1, "write a list of texts"),
        ("venues", "venues = 1", 1, "write each venue as a section of its own"),
        ("venues", "[venue]\nmic = 1", 1, "write each venue as a section of its own"),
        ("venues", VENUE.replace("XPIE", "pier"), 2, "give the venue its mic"),
        ("venues", VENUE + VENUE.replace("PIER", "Pier!"), 9, "give the venue its code"),
        ("venues", VENUE.replace('["PEX"]', '"PEX"'), 5, "write a list of texts"),
        ("venues", VENUE.replace('["PEX"]', "[]"), 5, "give the venue its texts"),
        ("venues", f"{VENUE}colour = 1", 6, "no such key is known"),
        ("venues", f"{VENUE}former = [1]", 6, "write former names as"),
        ("names", '[name]\n"A" = ["B"]', 1, "write names as rows of the section"),
        ("names", '[names]\n"A Corp." = "B"', 2, "write a list of texts"),
        ("names", '[names]\n"A Corp." = ["…"]', 2, "give a name with letters"),
        ("names", '[names]\n"A Corp." = ["C"]\n"B Corp." = ["C"]', 3, "give 'C' to one company"),
    ],
)
def test_what_is_wrong_is_a_sentence_with_file_and_line(
    load: Loaded, name: str, text: str, line: int, wish: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        load(**{name: text})

    assert f"{name}.toml, line {line}, is " in str(refused.value)
    assert wish in str(refused.value)


def test_a_file_of_another_name_is_refused(load: Loaded) -> None:
    with pytest.raises(ConfigError, match=r"cue\.toml is 'no file of rules'; give it one of the names cues\.toml"):
        load(cue="")


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cues.toml").mkdir()

    with pytest.raises(ConfigError, match=r"cues\.toml is .*make it a file that can be read"):
        rules.load(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="give one that can be read"):
        rules.load(tmp_path / os.devnull.strip("/"))


def test_hidden_files_are_no_rules(load: Loaded, tmp_path: Path) -> None:
    (tmp_path / ".cues.toml.swp").write_bytes(b"\0")

    assert load().names == {}


@pytest.mark.parametrize("name", [CUES, MARKS])
def test_the_packages_own_cues_stand_the_check(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes((cues.HERE / name).read_bytes())

    assert rules.load(tmp_path).lexicon.learned.cues == rules.packaged().lexicon.learned.cues


def test_the_packages_own_venues_stand_the_check(tmp_path: Path) -> None:
    (tmp_path / "venues.toml").write_bytes((tables.HERE / "venues.toml").read_bytes())

    assert rules.load(tmp_path).venues.named("TSX") == rules.packaged().venues.named("TSX")
